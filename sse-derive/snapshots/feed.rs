// The expansion of `#[derive(SseEvent)]` for:
//
// #[sse(rename_all = "dot.case")]
// enum Feed<T> {
//     Opened,
//     #[sse(event = "tick", alias = "price")]
//     Tick(Tick),
//     PriceMoved {
//         #[sse(id)]
//         at: Option<u64>,
//         #[serde(rename = "s")]
//         symbol: String,
//         price: T,
//     },
//     #[sse(unnamed)]
//     Note(Option<String>),
//     #[sse(terminal)]
//     Closed(u32, String),
//     #[sse(other)]
//     Other(RawEventBuf),
// }
#[allow(deprecated, unused_qualifications)]
const _: () = {
    use ::sse_core as __sse;
    use __sse::__private::core as __core;
    use __sse::__private::serde as __serde;
    #[derive(__sse::__private::Deserialize)]
    #[serde(crate = "__serde", expecting = "the fields of `PriceMoved` as an object")]
    #[allow(dead_code, non_camel_case_types, non_snake_case)]
    struct __ReadPriceMoved<__T1, __T2> {
        #[serde(rename = "s")]
        symbol: __T1,
        price: __T2,
    }
    #[derive(__sse::__private::Deserialize)]
    #[serde(crate = "__serde", expecting = "the 2 fields of `Closed` as an array")]
    #[allow(dead_code, non_camel_case_types, non_snake_case)]
    struct __ReadClosed<__T0, __T1>(__T0, __T1);
    #[automatically_derived]
    impl<T> __sse::TypedEvent for Feed<T> {
        const EVENTS: &'static [__sse::EventSpec] = &[
            __sse::EventSpec::Event(
                __sse::EventInfo::new("opened").with_data(__sse::DataKind::Empty),
            ),
            __sse::EventSpec::Event(
                __sse::EventInfo::new("tick").with_aliases(&["price"]),
            ),
            __sse::EventSpec::Event(__sse::EventInfo::new("price.moved").with_id()),
            __sse::EventSpec::Event(__sse::EventInfo::unnamed()),
            __sse::EventSpec::Event(__sse::EventInfo::new("closed").with_terminal()),
            __sse::EventSpec::CatchAll,
        ];
        fn is_terminal(&self) -> bool {
            use __sse::__private::traits::*;
            match self {
                Self::Closed { .. } => true,
                Self::Other(__inner) => {
                    (&&__sse::__private::Nested(__inner)).__is_terminal()
                }
                _ => false,
            }
        }
        fn is_error(&self) -> bool {
            use __sse::__private::traits::*;
            match self {
                Self::Other(__inner) => {
                    (&&__sse::__private::Nested(__inner)).__is_error()
                }
                _ => false,
            }
        }
    }
    #[automatically_derived]
    impl<T> __sse::SseEvent for Feed<T>
    where
        for<'__w> Tick: __sse::__private::EncodePayload<'__w>,
        for<'__w> u64: __sse::__private::EncodeId<'__w>,
        for<'__w> String: __sse::__private::EncodePayload<'__w>,
        for<'__w> T: __sse::__private::EncodePayload<'__w>,
        for<'__w> u32: __sse::__private::EncodePayload<'__w>,
        for<'__w> RawEventBuf: __sse::__private::EncodeEvent<'__w>,
    {
        fn encode(
            &self,
            __writer: __sse::EventWriter<'_>,
        ) -> __core::result::Result<__sse::Written, __sse::EncodeError> {
            match self {
                Self::Opened { .. } => {
                    static __NAME: __sse::EventName = __sse::EventName::from_static(
                        "opened",
                    );
                    let __fields = __writer.name(&__NAME);
                    __fields.empty()
                }
                Self::Tick { 0: __0 } => {
                    static __NAME: __sse::EventName = __sse::EventName::from_static(
                        "tick",
                    );
                    let __fields = __writer.name(&__NAME);
                    __fields.json(__0)
                }
                Self::PriceMoved { at: __0, symbol: __1, price: __2 } => {
                    static __NAME: __sse::EventName = __sse::EventName::from_static(
                        "price.moved",
                    );
                    let __fields = __writer.name(&__NAME);
                    let __fields = __sse::__private::write_optional_id(
                        __fields,
                        __core::option::Option::as_ref(__0),
                    )?;
                    let mut __json = __sse::__private::Json::new(__fields);
                    __json.value("{\"s\":", __1);
                    __json.value(",\"price\":", __2);
                    __json.end("}")
                }
                Self::Note { 0: __0 } => {
                    let __fields = __writer.unnamed();
                    __sse::__private::write_optional(
                        __fields,
                        __core::option::Option::as_ref(__0),
                    )
                }
                Self::Closed { 0: __0, 1: __1 } => {
                    static __NAME: __sse::EventName = __sse::EventName::from_static(
                        "closed",
                    );
                    let __fields = __writer.name(&__NAME);
                    let mut __json = __sse::__private::Json::new(__fields);
                    __json.value("[", __0);
                    __json.value(",", __1);
                    __json.end("]")
                }
                Self::Other { 0: __0 } => __sse::SseEvent::encode(__0, __writer),
            }
        }
    }
    #[automatically_derived]
    impl<'__de, T> __sse::SseDecode<'__de> for Feed<T>
    where
        Tick: __sse::__private::DecodePayload<'__de>,
        u64: __sse::__private::DecodeId<'__de>,
        String: __sse::__private::DecodePayload<'__de>,
        T: __sse::__private::DecodePayload<'__de>,
        u32: __sse::__private::DecodePayload<'__de>,
        RawEventBuf: __sse::__private::DecodeEvent<'__de>,
    {
        fn decode(
            __raw: __sse::RawEvent<'__de>,
        ) -> __core::result::Result<__sse::Decoded<Self>, __sse::DecodeError> {
            match __raw.name() {
                "opened" => {
                    __core::result::Result::Ok(__sse::Decoded::Event(Self::Opened))
                }
                "tick" | "price" => {
                    __core::result::Result::Ok(
                        __sse::Decoded::Event(
                            Self::Tick(__sse::__private::json(&__raw)?),
                        ),
                    )
                }
                "price.moved" => {
                    let __data: __ReadPriceMoved<String, T> = __sse::__private::object(
                        &__raw,
                    )?;
                    __core::result::Result::Ok(
                        __sse::Decoded::Event(Self::PriceMoved {
                            at: __sse::__private::optional_id(&__raw)?,
                            symbol: __data.symbol,
                            price: __data.price,
                        }),
                    )
                }
                "message" => {
                    __core::result::Result::Ok(
                        __sse::Decoded::Event(
                            Self::Note(__sse::__private::optional_json(&__raw)?),
                        ),
                    )
                }
                "closed" => {
                    let __data: __ReadClosed<u32, String> = __sse::__private::array(
                        &__raw,
                    )?;
                    __core::result::Result::Ok(
                        __sse::Decoded::Event(Self::Closed {
                            0: __data.0,
                            1: __data.1,
                        }),
                    )
                }
                _ => {
                    __core::result::Result::Ok(
                        <RawEventBuf as __sse::__private::DecodeEvent<
                            '__de,
                        >>::decode_any(__raw)?
                            .map(Self::Other),
                    )
                }
            }
        }
    }
};
