// What `#[derive(SseEvent)]` makes of:
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
#[allow(deprecated)]
const _: () = {
    #[automatically_derived]
    impl<'a> ::sse_core::EventSet for Shop<'a> {
        const EVENTS: &'static [::sse_core::EventSpec] = &[
            ::sse_core::EventSpec::Event(
                ::sse_core::EventInfo::new("Opened")
                    .with_data(::sse_core::DataKind::Empty),
            ),
            ::sse_core::EventSpec::Event(
                ::sse_core::EventInfo::unnamed()
                    .with_data(::sse_core::DataKind::Literal("[DONE]"))
                    .with_terminal(),
            ),
            ::sse_core::EventSpec::Group {
                prefix: "order.",
                events: <Order<'a> as ::sse_core::EventSet>::EVENTS,
            },
            ::sse_core::EventSpec::Group {
                prefix: "",
                events: <Stock as ::sse_core::EventSet>::EVENTS,
            },
            ::sse_core::EventSpec::CatchAll,
        ];
        fn is_terminal(&self) -> bool {
            match self {
                Self::Done { .. } => true,
                Self::Order(__inner) => {
                    <Order<'a> as ::sse_core::EventSet>::is_terminal(__inner)
                }
                Self::Stock(__inner) => {
                    <Stock as ::sse_core::EventSet>::is_terminal(__inner)
                }
                _ => false,
            }
        }
        fn is_error(&self) -> bool {
            match self {
                Self::Order(__inner) => {
                    <Order<'a> as ::sse_core::EventSet>::is_error(__inner)
                }
                Self::Stock(__inner) => {
                    <Stock as ::sse_core::EventSet>::is_error(__inner)
                }
                _ => false,
            }
        }
    }
    #[automatically_derived]
    impl<'a> ::sse_core::SseEvent for Shop<'a>
    where
        for<'__w> Order<'a>: ::sse_core::__private::EncodeEvent<'__w>,
        for<'__w> Stock: ::sse_core::__private::EncodeEvent<'__w>,
    {
        fn encode(
            &self,
            __writer: ::sse_core::EventWriter<'_>,
        ) -> ::sse_core::__private::core::result::Result<
            ::sse_core::Written,
            ::sse_core::EncodeError,
        > {
            match self {
                Self::Opened { .. } => {
                    static __NAME: ::sse_core::EventName = ::sse_core::EventName::from_static(
                        "Opened",
                    );
                    let __fields = __writer.event(&__NAME);
                    __fields.empty()
                }
                Self::Done { .. } => {
                    let __fields = __writer.unnamed();
                    __fields.text("[DONE]")
                }
                Self::Order { 0: __0 } => {
                    static __PREFIX: ::sse_core::EventName = ::sse_core::EventName::from_static(
                        "order.",
                    );
                    __writer.nested(&__PREFIX, __0)
                }
                Self::Stock { 0: __0 } => ::sse_core::SseEvent::encode(__0, __writer),
                Self::Other { .. } => ::sse_core::__private::never_written("Other"),
            }
        }
    }
    #[automatically_derived]
    impl<'__de, 'a> ::sse_core::SseDecode<'__de> for Shop<'a>
    where
        Order<'a>: ::sse_core::SseDecode<'__de>,
        Stock: ::sse_core::SseDecode<'__de>,
    {
        fn decode(
            __raw: ::sse_core::RawEvent<'__de>,
        ) -> ::sse_core::__private::core::result::Result<
            ::sse_core::Decoded<Self>,
            ::sse_core::DecodeError,
        > {
            ::sse_core::__private::by_stages(__raw)
        }
        fn decode_at(
            __raw: ::sse_core::RawEvent<'__de>,
            __stage: ::sse_core::__private::Stage,
        ) -> ::sse_core::__private::core::result::Result<
            ::sse_core::Decoded<Self>,
            ::sse_core::DecodeError,
        > {
            match __stage {
                ::sse_core::__private::Stage::Named => {
                    match __raw.event() {
                        "Opened" => {
                            return ::sse_core::__private::core::result::Result::Ok(
                                ::sse_core::Decoded::Event(Self::Opened),
                            );
                        }
                        _ => {}
                    }
                }
                ::sse_core::__private::Stage::Literal => {
                    match __raw.data() {
                        "[DONE]" => {
                            return ::sse_core::__private::core::result::Result::Ok(
                                ::sse_core::Decoded::Event(Self::Done),
                            );
                        }
                        _ => {}
                    }
                }
                ::sse_core::__private::Stage::Rest => {
                    return ::sse_core::__private::core::result::Result::Ok(
                        ::sse_core::Decoded::Event(Self::Other),
                    );
                }
                #[allow(unreachable_patterns)]
                _ => {}
            }
            match ::sse_core::__private::behind_prefix::<
                Order<'a>,
            >(__raw, "order.", __stage)? {
                ::sse_core::Decoded::Unknown => {}
                __decoded => {
                    return ::sse_core::__private::core::result::Result::Ok(
                        __decoded.map(Self::Order),
                    );
                }
            }
            ::sse_core::__private::core::result::Result::Ok(
                <Stock as ::sse_core::SseDecode<'__de>>::decode_at(__raw, __stage)?
                    .map(Self::Stock),
            )
        }
    }
    const _: () = {
        const __VARIANTS: &[&str] = &["Opened", "Done", "Order", "Stock", "Other"];
        let __events = <Shop<'static> as ::sse_core::EventSet>::EVENTS;
        ::sse_core::__private::distinct(__events, __VARIANTS, 2usize);
        ::sse_core::__private::distinct(__events, __VARIANTS, 3usize);
    };
};
