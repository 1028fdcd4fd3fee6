// What `#[derive(SseEvent)]` makes of:
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
#[allow(deprecated)]
const _: () = {
    use ::sse_core::__private::serde as __serde;
    #[derive(::sse_core::__private::Deserialize)]
    #[serde(crate = "__serde", expecting = "the fields of `PriceMoved` as an object")]
    #[allow(dead_code, non_camel_case_types, non_snake_case)]
    struct __ReadPriceMoved<__T1, __T2> {
        #[serde(rename = "s")]
        symbol: __T1,
        price: __T2,
    }
    #[derive(::sse_core::__private::Deserialize)]
    #[serde(crate = "__serde", expecting = "the 2 fields of `Closed` as an array")]
    #[allow(dead_code, non_camel_case_types, non_snake_case)]
    struct __ReadClosed<__T0, __T1>(__T0, __T1);
    #[automatically_derived]
    impl<T> ::sse_core::EventSet for Feed<T> {
        const EVENTS: &'static [::sse_core::EventSpec] = &[
            ::sse_core::EventSpec::Event(
                ::sse_core::EventInfo::new("opened")
                    .with_data(::sse_core::DataKind::Empty),
            ),
            ::sse_core::EventSpec::Event(
                ::sse_core::EventInfo::new("tick").with_aliases(&["price"]),
            ),
            ::sse_core::EventSpec::Event(
                ::sse_core::EventInfo::new("price.moved").with_id(),
            ),
            ::sse_core::EventSpec::Event(::sse_core::EventInfo::unnamed()),
            ::sse_core::EventSpec::Event(
                ::sse_core::EventInfo::new("closed").with_terminal(),
            ),
            ::sse_core::EventSpec::CatchAll,
        ];
        fn is_terminal(&self) -> bool {
            match self {
                Self::Closed { .. } => true,
                Self::Other(__inner) => {
                    <RawEventBuf as ::sse_core::EventSet>::is_terminal(__inner)
                }
                _ => false,
            }
        }
        fn is_error(&self) -> bool {
            match self {
                Self::Other(__inner) => {
                    <RawEventBuf as ::sse_core::EventSet>::is_error(__inner)
                }
                _ => false,
            }
        }
    }
    #[automatically_derived]
    impl<T> ::sse_core::SseEvent for Feed<T>
    where
        for<'__w> Tick: ::sse_core::__private::EncodePayload<'__w>,
        for<'__w> u64: ::sse_core::__private::EncodeId<'__w>,
        for<'__w> String: ::sse_core::__private::EncodePayload<'__w>,
        for<'__w> T: ::sse_core::__private::EncodePayload<'__w>,
        for<'__w> u32: ::sse_core::__private::EncodePayload<'__w>,
        for<'__w> RawEventBuf: ::sse_core::__private::EncodeEvent<'__w>,
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
                        "opened",
                    );
                    let __fields = __writer.event(&__NAME);
                    __fields.empty()
                }
                Self::Tick { 0: __0 } => {
                    static __NAME: ::sse_core::EventName = ::sse_core::EventName::from_static(
                        "tick",
                    );
                    let __fields = __writer.event(&__NAME);
                    __fields.json(__0)
                }
                Self::PriceMoved { at: __0, symbol: __1, price: __2 } => {
                    static __NAME: ::sse_core::EventName = ::sse_core::EventName::from_static(
                        "price.moved",
                    );
                    let __fields = __writer.event(&__NAME);
                    let __fields = ::sse_core::__private::write_optional_id(
                        __fields,
                        ::sse_core::__private::core::option::Option::as_ref(__0),
                    )?;
                    let mut __json = ::sse_core::__private::Json::new(__fields);
                    __json.value("{\"s\":", __1);
                    __json.value(",\"price\":", __2);
                    __json.end("}")
                }
                Self::Note { 0: __0 } => {
                    let __fields = __writer.unnamed();
                    ::sse_core::__private::write_optional(
                        __fields,
                        ::sse_core::__private::core::option::Option::as_ref(__0),
                    )
                }
                Self::Closed { 0: __0, 1: __1 } => {
                    static __NAME: ::sse_core::EventName = ::sse_core::EventName::from_static(
                        "closed",
                    );
                    let __fields = __writer.event(&__NAME);
                    let mut __json = ::sse_core::__private::Json::new(__fields);
                    __json.value("[", __0);
                    __json.value(",", __1);
                    __json.end("]")
                }
                Self::Other { 0: __0 } => ::sse_core::SseEvent::encode(__0, __writer),
            }
        }
    }
    #[automatically_derived]
    impl<'__de, T> ::sse_core::SseDecode<'__de> for Feed<T>
    where
        Tick: ::sse_core::__private::DecodePayload<'__de>,
        u64: ::sse_core::__private::DecodeId<'__de>,
        String: ::sse_core::__private::DecodePayload<'__de>,
        T: ::sse_core::__private::DecodePayload<'__de>,
        u32: ::sse_core::__private::DecodePayload<'__de>,
        RawEventBuf: ::sse_core::SseDecode<'__de>,
    {
        fn decode(
            __raw: ::sse_core::RawEvent<'__de>,
        ) -> ::sse_core::__private::core::result::Result<
            ::sse_core::Decoded<Self>,
            ::sse_core::DecodeError,
        > {
            match __raw.event() {
                "opened" => {
                    ::sse_core::__private::core::result::Result::Ok(
                        ::sse_core::Decoded::Event(Self::Opened),
                    )
                }
                "tick" | "price" => {
                    ::sse_core::__private::core::result::Result::Ok(
                        ::sse_core::Decoded::Event(
                            Self::Tick(::sse_core::__private::json(&__raw)?),
                        ),
                    )
                }
                "price.moved" => {
                    let __data: __ReadPriceMoved<String, T> = ::sse_core::__private::json(
                        &__raw,
                    )?;
                    ::sse_core::__private::core::result::Result::Ok(
                        ::sse_core::Decoded::Event(Self::PriceMoved {
                            at: ::sse_core::__private::optional_id(&__raw)?,
                            symbol: __data.symbol,
                            price: __data.price,
                        }),
                    )
                }
                "message" => {
                    ::sse_core::__private::core::result::Result::Ok(
                        ::sse_core::Decoded::Event(
                            Self::Note(::sse_core::__private::optional_json(&__raw)?),
                        ),
                    )
                }
                "closed" => {
                    let __data: __ReadClosed<u32, String> = ::sse_core::__private::json(
                        &__raw,
                    )?;
                    ::sse_core::__private::core::result::Result::Ok(
                        ::sse_core::Decoded::Event(Self::Closed {
                            0: __data.0,
                            1: __data.1,
                        }),
                    )
                }
                _ => {
                    ::sse_core::__private::core::result::Result::Ok(
                        <RawEventBuf as ::sse_core::SseDecode<'__de>>::decode(__raw)?
                            .map(Self::Other),
                    )
                }
            }
        }
    }
};
