// The expansion of `#[derive(SseEvent)]` for:
//
// enum Shop<'a> {
//     Opened,
//     #[sse(unnamed, literal = "[DONE]", terminal)]
//     Done,
//     #[sse(flatten(prefix = "order."))]
//     Order(Order<'a>),
//     #[sse(flatten)]
//     Stock(Stock),
//     #[sse(other)]
//     Other,
// }
#[allow(deprecated, unused_qualifications)]
const _: () = {
    use ::sse_core as __sse;
    use __sse::__private::core as __core;
    #[automatically_derived]
    impl<'a> __sse::TypedEvent for Shop<'a> {
        const EVENTS: &'static [__sse::EventSpec] = &[
            __sse::EventSpec::Event(
                __sse::EventInfo::new("Opened").with_data(__sse::DataKind::Empty),
            ),
            __sse::EventSpec::Event(
                __sse::EventInfo::unnamed()
                    .with_data(__sse::DataKind::Literal("[DONE]"))
                    .with_terminal(),
            ),
            __sse::EventSpec::Group {
                prefix: "order.",
                events: <Order<'a> as __sse::TypedEvent>::EVENTS,
            },
            __sse::EventSpec::Group {
                prefix: "",
                events: <Stock as __sse::TypedEvent>::EVENTS,
            },
            __sse::EventSpec::CatchAll,
        ];
        fn is_terminal(&self) -> bool {
            use __sse::__private::traits::*;
            match self {
                Self::Done { .. } => true,
                Self::Order(__inner) => {
                    (&&__sse::__private::Nested(__inner)).__is_terminal()
                }
                Self::Stock(__inner) => {
                    (&&__sse::__private::Nested(__inner)).__is_terminal()
                }
                _ => false,
            }
        }
        fn is_error(&self) -> bool {
            use __sse::__private::traits::*;
            match self {
                Self::Order(__inner) => {
                    (&&__sse::__private::Nested(__inner)).__is_error()
                }
                Self::Stock(__inner) => {
                    (&&__sse::__private::Nested(__inner)).__is_error()
                }
                _ => false,
            }
        }
    }
    #[automatically_derived]
    impl<'a> __sse::SseEvent for Shop<'a>
    where
        for<'__w> Order<'a>: __sse::__private::EncodeEvent<'__w>,
        for<'__w> Stock: __sse::__private::EncodeEvent<'__w>,
    {
        fn encode(
            &self,
            __writer: __sse::EventWriter<'_>,
        ) -> __core::result::Result<__sse::Written, __sse::EncodeError> {
            match self {
                Self::Opened { .. } => {
                    static __NAME: __sse::EventName = __sse::EventName::from_static(
                        "Opened",
                    );
                    let __fields = __writer.name(&__NAME);
                    __fields.empty()
                }
                Self::Done { .. } => {
                    let __fields = __writer.unnamed();
                    __fields.text("[DONE]")
                }
                Self::Order { 0: __0 } => {
                    static __PREFIX: __sse::EventName = __sse::EventName::from_static(
                        "order.",
                    );
                    __writer.nested(&__PREFIX, __0)
                }
                Self::Stock { 0: __0 } => __sse::SseEvent::encode(__0, __writer),
                Self::Other { .. } => __sse::__private::never_encoded("Other"),
            }
        }
    }
    #[automatically_derived]
    impl<'__de, 'a> __sse::SseDecode<'__de> for Shop<'a>
    where
        Order<'a>: __sse::__private::DecodeEvent<'__de>,
        Stock: __sse::__private::DecodeEvent<'__de>,
    {
        fn decode(
            __raw: __sse::RawEvent<'__de>,
        ) -> __core::result::Result<__sse::Decoded<Self>, __sse::DecodeError> {
            __sse::__private::by_stages(__raw)
        }
        fn decode_at(
            __raw: __sse::RawEvent<'__de>,
            __stage: __sse::__private::Stage<'_>,
        ) -> __core::result::Result<__sse::Decoded<Self>, __sse::DecodeError> {
            match __stage {
                __sse::__private::Stage::Named => {
                    match __raw.name() {
                        "Opened" => {
                            return __core::result::Result::Ok(
                                __sse::Decoded::Event(Self::Opened),
                            );
                        }
                        _ => {}
                    }
                }
                __sse::__private::Stage::Literal => {
                    match __raw.data() {
                        "[DONE]" => {
                            return __core::result::Result::Ok(
                                __sse::Decoded::Event(Self::Done),
                            );
                        }
                        _ => {}
                    }
                }
                __sse::__private::Stage::Rest { .. } if __stage.is_own_rest(&__raw) => {
                    return __core::result::Result::Ok(__sse::Decoded::Event(Self::Other));
                }
                #[allow(unreachable_patterns)]
                _ => {}
            }
            match <Order<
                'a,
            > as __sse::__private::DecodeEvent<
                '__de,
            >>::decode_prefixed(__raw, "order.", __stage)? {
                __sse::Decoded::Unknown => {}
                __decoded => {
                    return __core::result::Result::Ok(__decoded.map(Self::Order));
                }
            }
            __core::result::Result::Ok(
                <Stock as __sse::__private::DecodeEvent<
                    '__de,
                >>::decode_plain(__raw, __stage)?
                    .map(Self::Stock),
            )
        }
    }
    const _: () = {
        const __VARIANTS: &[&str] = &["Opened", "Done", "Order", "Stock", "Other"];
        let __clash = __sse::__private::clash(
            <Shop<'static> as __sse::TypedEvent>::EVENTS,
            __VARIANTS,
        );
        __sse::__private::distinct(&__clash, 2usize);
        __sse::__private::distinct(&__clash, 3usize);
    };
};
