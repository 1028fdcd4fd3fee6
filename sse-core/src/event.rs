//! The traits that describe, encode and decode the events of a type.

use alloc::{boxed::Box, sync::Arc};
use core::convert::Infallible;

use crate::{
    decode::{DecodeError, RawEvent},
    encode::{EncodeError, EventWriter, Written},
    spec::EventSpec,
    stage::Stage,
};

/// Describes the events of a type: their names, their data, and which of them end the stream or report an error.
///
/// `#[derive(SseEvent)]` implements it, even for a type whose payloads can only be encoded or only be decoded:
///
/// ```
/// use sse_core::{SseEvent, TypedEvent, WireEvents};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress(u8),
///     #[sse(terminal)]
///     Done,
/// }
///
/// assert!(Job::Done.is_terminal());
/// let names: Vec<_> = WireEvents::of::<Job>().filter_map(|event| event.name()).collect();
/// assert_eq!(names, ["progress", "done"]);
/// ```
///
/// A manual implementation lists the events. It overrides `is_terminal` and `is_error` if an event ends the stream or
/// reports an error, in agreement with the description:
///
/// ```
/// use sse_core::{EventInfo, EventSpec, TypedEvent};
///
/// struct Done;
///
/// impl TypedEvent for Done {
///     const EVENTS: &'static [EventSpec] = &[EventSpec::Event(EventInfo::new("done").with_terminal())];
///
///     fn is_terminal(&self) -> bool {
///         true
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "not an event",
    note = "add `#[derive(SseEvent)]` to the event enum or struct; plain data, such as a `String`, has to be the \
            payload of a variant"
)]
pub trait TypedEvent {
    /// The events of the type. A nested type is an entry that contains the entries of its own events.
    const EVENTS: &'static [EventSpec];

    /// Returns whether this event is terminal: the server closes the body after it, and the client stops reading.
    fn is_terminal(&self) -> bool {
        false
    }

    /// Returns whether this event reports an error.
    fn is_error(&self) -> bool {
        false
    }

    /// Converts the event into a `Result`, which is `Err` if the event reports an error.
    ///
    /// A client can then return the error with `?`, or handle the two cases separately.
    ///
    /// # Errors
    ///
    /// Returns the event itself if it reports an error.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{EventReader, SseEvent, TypedEvent};
    ///
    /// #[derive(Debug, PartialEq, SseEvent)]
    /// #[sse(rename_all = "kebab-case")]
    /// enum Job {
    ///     Progress(u8),
    ///     #[sse(error)]
    ///     Failed(String),
    /// }
    ///
    /// let source: &[u8] = b"event: progress\ndata: 50\n\nevent: failed\ndata: \"no disk\"\n\n";
    /// let mut seen = Vec::new();
    /// for job in EventReader::<_, Job>::new(source) {
    ///     match job?.into_result() {
    ///         Ok(job) => seen.push(format!("{job:?}")),
    ///         Err(failed) => seen.push(format!("the job reports {failed:?}")),
    ///     }
    /// }
    /// assert_eq!(seen, ["Progress(50)", "the job reports Failed(\"no disk\")"]);
    /// # Ok::<(), sse_core::ReceiveError<std::io::Error>>(())
    /// ```
    fn into_result(self) -> Result<Self, Self>
    where
        Self: Sized,
    {
        if self.is_error() { Err(self) } else { Ok(self) }
    }
}

/// An event that can be encoded. A server sends a stream of such events.
///
/// `#[derive(SseEvent)]` implements it:
///
/// ```
/// use sse_core::{Encoder, SseEvent};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress(u8),
///     Done,
/// }
///
/// let mut encoder = Encoder::new();
/// encoder.event(&Job::Progress(50))?;
/// assert_eq!(encoder.as_bytes(), b"event: progress\ndata: 50\n\n");
/// # Ok::<(), sse_core::EncodeError>(())
/// ```
///
/// A manual implementation names the event, sets its other fields if it has any, and ends with its data. Only the
/// methods that write the data return [`Written`], so the data cannot be forgotten:
///
/// ```
/// use sse_core::{EncodeError, Encoder, EventInfo, EventName, EventSpec, EventWriter, SseEvent, TypedEvent, Written};
///
/// struct Temperature(f32);
///
/// static NAME: EventName = EventName::from_static("temperature");
///
/// impl TypedEvent for Temperature {
///     const EVENTS: &'static [EventSpec] = &[EventSpec::Event(EventInfo::new("temperature"))];
/// }
///
/// impl SseEvent for Temperature {
///     fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
///         writer.name(&NAME).display(&self.0)
///     }
/// }
///
/// let mut encoder = Encoder::new();
/// encoder.event(&Temperature(21.5))?;
/// assert_eq!(encoder.as_bytes(), b"event: temperature\ndata: 21.5\n\n");
/// # Ok::<(), EncodeError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encoded as an event",
    label = "does not implement `SseEvent`",
    note = "add `#[derive(SseEvent)]` to the event enum or struct; plain data, such as a `String`, has to be the \
            payload of a variant",
    note = "an `Envelope<E>` is not an event; pass it to `Encoder::envelope`, or yield it from the stream"
)]
pub trait SseEvent: TypedEvent {
    /// Encodes the event with `writer`.
    ///
    /// # Errors
    ///
    /// Returns an error if the payload cannot be serialized, or if the name or the ID is invalid. The
    /// [`Encoder`](crate::Encoder) then removes what was written of the event.
    fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError>;
}

/// An event that can be decoded from a [`RawEvent`], and may borrow from it for `'de`.
///
/// `#[derive(SseEvent)]` implements it:
///
/// ```
/// use sse_core::{Decoded, Decoder, SseDecode, SseEvent};
///
/// #[derive(Debug, PartialEq, SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress(u8),
///     Done,
/// }
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b"event: progress\ndata: 50\n\n");
/// while let Some(raw) = events.next_event() {
///     assert_eq!(Job::decode(raw?)?, Decoded::Event(Job::Progress(50)));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A type that borrows avoids a copy of its data. Its events can be used until the next one is read:
///
/// ```
/// use sse_core::{Decoded, Decoder, SseDecode, SseEvent};
///
/// #[derive(Debug, PartialEq, SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Feed<'a> {
///     Word(&'a str),
/// }
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b"event: word\ndata: \"borrowed\"\n\n");
/// while let Some(raw) = events.next_event() {
///     assert_eq!(Feed::decode(raw?)?, Decoded::Event(Feed::Word("borrowed")));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A manual implementation compares the name, which is `message` for an unnamed event, and reads the data. If it reads
/// events by a tag in their data too, it describes the tag with [`EventInfo::with_tag`](crate::EventInfo::with_tag).
///
/// ```
/// use sse_core::{DecodeError, Decoded, Decoder, EventInfo, EventSpec, RawEvent, SseDecode, TypedEvent};
///
/// #[derive(Debug, PartialEq)]
/// struct Word<'a>(&'a str);
///
/// impl TypedEvent for Word<'_> {
///     const EVENTS: &'static [EventSpec] = &[EventSpec::Event(EventInfo::new("word"))];
/// }
///
/// impl<'de> SseDecode<'de> for Word<'de> {
///     fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
///         match raw.name() {
///             "word" => Ok(Decoded::Event(Word(raw.data()))),
///             _ => Ok(Decoded::Unknown),
///         }
///     }
/// }
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b"event: word\ndata: borrowed\n\n");
/// let raw = events.next_event().unwrap()?;
/// assert_eq!(Word::decode(raw)?, Decoded::Event(Word("borrowed")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded as an event",
    label = "does not implement `SseDecode`",
    note = "add `#[derive(SseEvent)]` to the event enum or struct; plain data, such as a `String`, has to be the \
            payload of a variant"
)]
pub trait SseDecode<'de>: TypedEvent + Sized {
    /// Decodes the event `raw`.
    ///
    /// # Errors
    ///
    /// Returns an error if the event belongs to this type, but its data, ID or reconnection time is not what the type
    /// expects.
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError>;

    /// Decodes the event if it belongs to the type at this stage, and not at another one. For derived code that nests
    /// the type. A type with nested types overrides it, because its stages depend on theirs.
    #[doc(hidden)]
    fn decode_at(raw: RawEvent<'de>, stage: Stage<'_>) -> Result<Decoded<Self>, DecodeError> {
        if stage.is_of::<Self>(&raw) { Self::decode(raw) } else { Ok(Decoded::Unknown) }
    }
}

/// An event that can be decoded and owns its data. `EventStream` and `EventReader` yield such events.
///
/// It corresponds to serde's `DeserializeOwned`: a bound for code that keeps the events that it decodes.
///
/// ```
/// use std::io::Read;
///
/// use sse_core::{EventReader, SseDecodeOwned, SseEvent};
///
/// fn first<E: SseDecodeOwned>(source: impl Read) -> Option<E> {
///     EventReader::<_, E>::new(source).next()?.ok()
/// }
///
/// #[derive(Debug, PartialEq, SseEvent)]
/// enum Count {
///     #[sse(event = "tick")]
///     Tick(u32),
/// }
///
/// assert_eq!(first(&b"event: tick\ndata: 1\n\n"[..]), Some(Count::Tick(1)));
/// ```
///
/// An enum that borrows, such as `Feed<'a>` with a `&'a str`, does not implement it: the compiler reports that its
/// implementation of `SseDecode` is not general enough. Use fields that own their data, such as `String`, or decode the
/// events of a [`Decoder`](crate::Decoder), which lends them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded as an event",
    label = "does not implement `SseDecode`",
    note = "add `#[derive(SseEvent)]` to the event enum or struct; plain data, such as a `String`, has to be the \
            payload of a variant"
)]
pub trait SseDecodeOwned: for<'de> SseDecode<'de> {}

impl<E: for<'de> SseDecode<'de>> SseDecodeOwned for E {}

/// The outcome of [`SseDecode::decode`]: an event of the type, or one that the type ignores or does not know.
///
/// An unknown event is not an error, because a server may begin to send new events at any time, and because a type that
/// nests others must distinguish an event of another type from a malformed event of its own.
///
/// ```
/// use sse_core::{Decoded, Decoder, SseDecode, SseEvent};
///
/// #[derive(Debug, SseEvent)]
/// #[sse(rename_all = "kebab-case", ignore("ping"))]
/// enum Count {
///     Tick(u32),
/// }
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b"event: ping\ndata\n\nevent: tick\ndata: 1\n\nevent: new\ndata\n\n");
/// let mut seen = Vec::new();
/// while let Some(raw) = events.next_event() {
///     seen.push(match Count::decode(raw?)? {
///         Decoded::Event(Count::Tick(n)) => format!("tick {n}"),
///         Decoded::Ignored => "ignored".into(),
///         Decoded::Unknown => "unknown".into(),
///     });
/// }
/// assert_eq!(seen, ["ignored", "tick 1", "unknown"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Decoded<E> {
    /// An event of the type.
    Event(E),
    /// An event whose name the type ignores.
    Ignored,
    /// An event that the type does not know.
    Unknown,
}

impl<E> Decoded<E> {
    /// Returns the event, or `None` if it is ignored or unknown.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::Decoded;
    ///
    /// assert_eq!(Decoded::Event(1).into_event(), Some(1));
    /// assert_eq!(Decoded::<u8>::Unknown.into_event(), None);
    /// ```
    pub fn into_event(self) -> Option<E> {
        match self {
            Self::Event(event) => Some(event),
            Self::Ignored | Self::Unknown => None,
        }
    }

    /// Maps the event with `f`, for example to put it into a variant of an outer enum.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::Decoded;
    ///
    /// assert_eq!(Decoded::Event(1).map(Some), Decoded::Event(Some(1)));
    /// ```
    pub fn map<F>(self, f: impl FnOnce(E) -> F) -> Decoded<F> {
        match self {
            Self::Event(event) => Decoded::Event(f(event)),
            Self::Ignored => Decoded::Ignored,
            Self::Unknown => Decoded::Unknown,
        }
    }
}

/// A type without events, for a stream that sends only comments, or envelopes without an event.
impl TypedEvent for Infallible {
    const EVENTS: &'static [EventSpec] = &[];
}

impl SseEvent for Infallible {
    fn encode(&self, _: EventWriter<'_>) -> Result<Written, EncodeError> {
        match *self {}
    }
}

impl<'de> SseDecode<'de> for Infallible {
    fn decode(_: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        Ok(Decoded::Unknown)
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<E: TypedEvent + ?Sized> TypedEvent for $pointer {
            const EVENTS: &'static [EventSpec] = E::EVENTS;

            fn is_terminal(&self) -> bool {
                (**self).is_terminal()
            }

            fn is_error(&self) -> bool {
                (**self).is_error()
            }
        }

        impl<E: SseEvent + ?Sized> SseEvent for $pointer {
            fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
                (**self).encode(writer)
            }
        }
    )*};
}

forward!(&E, Box<E>, Arc<E>);

impl<'de, E: SseDecode<'de>> SseDecode<'de> for Box<E> {
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        E::decode(raw).map(|decoded| decoded.map(Self::new))
    }

    fn decode_at(raw: RawEvent<'de>, stage: Stage<'_>) -> Result<Decoded<Self>, DecodeError> {
        E::decode_at(raw, stage).map(|decoded| decoded.map(Self::new))
    }
}

impl<'de, E: SseDecode<'de>> SseDecode<'de> for Arc<E> {
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        E::decode(raw).map(|decoded| decoded.map(Self::new))
    }

    fn decode_at(raw: RawEvent<'de>, stage: Stage<'_>) -> Result<Decoded<Self>, DecodeError> {
        E::decode_at(raw, stage).map(|decoded| decoded.map(Self::new))
    }
}
