// The expansion of `#[derive(SseEvent)]` for:
//
// #[serde(tag = "type", rename_all = "snake_case")]
// #[sse(tagged)]
// enum Message {
//     #[serde(alias = "start")]
//     Started {
//         id: u32,
//     },
//     #[sse(unnamed)]
//     Delta {
//         text: String,
//     },
//     #[sse(terminal)]
//     Stopped,
//     #[serde(skip)]
//     #[sse(other)]
//     Other,
// }
#[allow(deprecated, unused_qualifications)]
const _: () = {
    use ::sse_core as __sse;
    use __sse::__private::core as __core;
    #[automatically_derived]
    impl __sse::TypedEvent for Message {
        const EVENTS: &'static [__sse::EventSpec] = &[
            __sse::EventSpec::Event(
                __sse::EventInfo::new("started")
                    .with_aliases(&["start"])
                    .with_tag(__sse::EventTag::new("type", &["started", "start"])),
            ),
            __sse::EventSpec::Event(
                __sse::EventInfo::unnamed()
                    .with_tag(__sse::EventTag::new("type", &["delta"])),
            ),
            __sse::EventSpec::Event(
                __sse::EventInfo::new("stopped")
                    .with_tag(__sse::EventTag::new("type", &["stopped"]))
                    .with_terminal(),
            ),
            __sse::EventSpec::CatchAll,
        ];
        fn is_terminal(&self) -> bool {
            match self {
                Self::Stopped { .. } => true,
                _ => false,
            }
        }
    }
    #[automatically_derived]
    impl __sse::SseEvent for Message
    where
        for<'__w> __sse::__private::Whole: __sse::__private::EncodeTagged<'__w, Self>,
    {
        fn encode(
            &self,
            __writer: __sse::EventWriter<'_>,
        ) -> __core::result::Result<__sse::Written, __sse::EncodeError> {
            match self {
                Self::Started { .. } => {
                    static __NAME: __sse::EventName = __sse::EventName::from_static(
                        "started",
                    );
                    let __fields = __writer.name(&__NAME);
                    <__sse::__private::Whole as __sse::__private::EncodeTagged<
                        '_,
                        Self,
                    >>::write_tagged(__fields, self)
                }
                Self::Delta { .. } => {
                    let __fields = __writer.unnamed();
                    <__sse::__private::Whole as __sse::__private::EncodeTagged<
                        '_,
                        Self,
                    >>::write_tagged(__fields, self)
                }
                Self::Stopped { .. } => {
                    static __NAME: __sse::EventName = __sse::EventName::from_static(
                        "stopped",
                    );
                    let __fields = __writer.name(&__NAME);
                    <__sse::__private::Whole as __sse::__private::EncodeTagged<
                        '_,
                        Self,
                    >>::write_tagged(__fields, self)
                }
                Self::Other { .. } => __sse::__private::never_encoded("Other"),
            }
        }
    }
    #[automatically_derived]
    impl<'__de> __sse::SseDecode<'__de> for Message
    where
        __sse::__private::Whole: __sse::__private::DecodeTagged<'__de, Self>,
    {
        fn decode(
            __raw: __sse::RawEvent<'__de>,
        ) -> __core::result::Result<__sse::Decoded<Self>, __sse::DecodeError> {
            let __words = |__event: &Self| -> &'static [&'static str] {
                match __event {
                    Self::Started { .. } => &["started", "start"],
                    Self::Delta { .. } => &["delta", "message"],
                    Self::Stopped { .. } => &["stopped"],
                    _ => &[],
                }
            };
            match __raw.name() {
                "started" | "start" | "stopped" => {
                    <__sse::__private::Whole as __sse::__private::DecodeTagged<
                        '__de,
                        Self,
                    >>::tagged(&__raw, __words)
                }
                "message" => {
                    match __sse::__private::own_tag::<Self>(&__raw) {
                        __core::option::Option::Some(ref __tag) => {
                            <__sse::__private::Whole as __sse::__private::DecodeTagged<
                                '__de,
                                Self,
                            >>::by_tag(&__raw, __tag, __words)
                        }
                        __core::option::Option::None => {
                            <__sse::__private::Whole as __sse::__private::DecodeTagged<
                                '__de,
                                Self,
                            >>::tagged(&__raw, __words)
                        }
                    }
                }
                "delta" => {
                    match __sse::__private::own_tag::<Self>(&__raw) {
                        __core::option::Option::Some(ref __tag) => {
                            <__sse::__private::Whole as __sse::__private::DecodeTagged<
                                '__de,
                                Self,
                            >>::by_tag(&__raw, __tag, __words)
                        }
                        __core::option::Option::None => {
                            __core::result::Result::Ok(
                                __sse::Decoded::Event(Self::Other),
                            )
                        }
                    }
                }
                _ => __core::result::Result::Ok(__sse::Decoded::Event(Self::Other)),
            }
        }
    }
};
