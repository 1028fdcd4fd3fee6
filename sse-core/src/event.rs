//! What a type of events can do: describe itself, be written, be read.

use alloc::{boxed::Box, sync::Arc};
use core::convert::Infallible;

use crate::{
    decode::{DecodeError, RawEvent},
    encode::{EncodeError, EventWriter, Written},
    spec::EventSpec,
    stage::{self, Stage},
};

/// A set of events, described: the part of an event type that needs neither its writing nor its reading half.
///
/// `#[derive(SseEvent)]` implements it, whatever its payloads can do.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a type of events",
    label = "not a type of events",
    note = "put `#[derive(SseEvent)]` on the type of the events; one that is data alone, such as a `String`, is the \
            payload of a variant"
)]
pub trait TypedEvent {
    /// Every event of the type, as static data. A tree, so that generic and nested event types compose.
    const EVENTS: &'static [EventSpec];

    /// Whether this event is the last one of its stream: the server closes the body after it, and the reader ends.
    fn is_terminal(&self) -> bool {
        false
    }

    /// Whether this event reports an error.
    fn is_error(&self) -> bool {
        false
    }

    /// The event as an `Err` if it reports an error, for a client that ends there with `?` or handles both apart.
    ///
    /// ```
    /// use sse_core::{EventReader, TypedEvent, SseEvent};
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
    ///
    /// # Errors
    ///
    /// With the event itself, when it reports an error.
    fn into_result(self) -> Result<Self, Self>
    where
        Self: Sized,
    {
        if self.is_error() { Err(self) } else { Ok(self) }
    }
}

/// An event that can be written: what a handler's `Stream<Item = impl SseEvent>` asks for.
///
/// Derived by `#[derive(SseEvent)]`. By hand, an implementation names the event, adds what fields it has, and ends
/// with the data; [`Written`] can be had in no other way, so an event without data cannot be built by mistake.
///
/// ```
/// use sse_core::{EncodeError, Encoder, EventName, TypedEvent, EventSpec, EventInfo, EventWriter, SseEvent, Written};
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
    message = "`{Self}` is not an event that can be written",
    label = "not an event",
    note = "put `#[derive(SseEvent)]` on the type of the events; one that is data alone, such as a `String`, is the \
            payload of a variant, and an envelope with an ID is `Envelope<E>` around an event `E`"
)]
pub trait SseEvent: TypedEvent {
    /// Writes the event.
    ///
    /// # Errors
    ///
    /// When the payload cannot be serialized, or a value does not fit the line it belongs on. The
    /// [`Encoder`](crate::Encoder) then takes back whatever was written of the event.
    fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError>;
}

/// An event that can be read. It may borrow from the raw event for `'de`.
///
/// Derived by `#[derive(SseEvent)]`.
///
/// ```
/// use sse_core::{DecodeError, Decoded, TypedEvent, EventSpec, EventInfo, RawEvent, SseDecode};
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
/// let mut decoder = sse_core::Decoder::new();
/// let mut events = decoder.feed(b"event: word\ndata: borrowed\n\n");
/// let raw = events.next_event().unwrap().unwrap();
/// assert_eq!(Word::decode(raw).unwrap(), Decoded::Event(Word("borrowed")));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event that can be read",
    label = "not an event",
    note = "put `#[derive(SseEvent)]` on the type of the events; one that is data alone, such as a `String`, is the \
            payload of a variant"
)]
pub trait SseDecode<'de>: TypedEvent + Sized {
    /// Reads the event.
    ///
    /// # Errors
    ///
    /// When the event is one of this type's, and its data or its ID is not what the type expects.
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError>;

    /// For derived code that nests this type: reads the event if it belongs to the type at this stage, and not before.
    /// A type whose own stages depend on those of others overrides it.
    #[doc(hidden)]
    fn decode_at(raw: RawEvent<'de>, stage: Stage) -> Result<Decoded<Self>, DecodeError> {
        if stage::of::<Self>(&raw) == stage { Self::decode(raw) } else { Ok(Decoded::Unknown) }
    }
}

/// An event that can be read and borrows nothing: what a stream of events needs. As serde's `DeserializeOwned`.
///
/// An enum with a lifetime, such as `Feed<'a>` with a `&'a str`, is none: the compiler says that its `SseDecode` is not
/// general enough. Where events are to be kept, its fields own their data, as `String` does; a [`Decoder`](crate::Decoder)
/// lends events to those that borrow.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event that can be read and kept",
    label = "not an event that owns its data",
    note = "put `#[derive(SseEvent)]` on the type of the events; one that borrows can only be decoded from a `RawEvent`"
)]
pub trait SseDecodeOwned: for<'de> SseDecode<'de> {}

impl<E: for<'de> SseDecode<'de>> SseDecodeOwned for E {}

/// What a raw event turned out to be.
///
/// An unknown event is an outcome and not an error: a server may begin to send new events at any time, and nested
/// event types need to tell "not one of mine" from "mine, and broken".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Decoded<E> {
    /// One of the type's events.
    Event(E),
    /// A name that the type asks to drop.
    Ignored,
    /// A name that the type does not have.
    Unknown,
}

impl<E> Decoded<E> {
    /// The event, if it is one.
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

    /// The same outcome with another event, as an outer enum wraps an inner one.
    ///
    /// ```
    /// use sse_core::Decoded;
    ///
    /// assert_eq!(Decoded::Event(1).map(Some), Decoded::Event(Some(1)));
    /// ```
    pub fn map<F>(self, wrap: impl FnOnce(E) -> F) -> Decoded<F> {
        match self {
            Self::Event(event) => Decoded::Event(wrap(event)),
            Self::Ignored => Decoded::Ignored,
            Self::Unknown => Decoded::Unknown,
        }
    }
}

/// No event at all: the type of a stream of comments, or of envelopes that only move the cursor.
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

    fn decode_at(raw: RawEvent<'de>, stage: Stage) -> Result<Decoded<Self>, DecodeError> {
        E::decode_at(raw, stage).map(|decoded| decoded.map(Self::new))
    }
}

impl<'de, E: SseDecode<'de>> SseDecode<'de> for Arc<E> {
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        E::decode(raw).map(|decoded| decoded.map(Self::new))
    }

    fn decode_at(raw: RawEvent<'de>, stage: Stage) -> Result<Decoded<Self>, DecodeError> {
        E::decode_at(raw, stage).map(|decoded| decoded.map(Self::new))
    }
}
