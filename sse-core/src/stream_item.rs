//! What a stream of events may yield.

use core::{convert::Infallible, error::Error, fmt, ops::ControlFlow};

use bytes::Bytes;

use crate::{EncodeError, Encoder, Envelope, SseEvent};

/// What a stream may yield to be served: an event, a [`Envelope`] around one, an [`Encoded`] event, or a `Result` of any
/// of these.
#[diagnostic::on_unimplemented(
    message = "a stream of `{Self}` cannot be served as events",
    label = "neither an event nor an envelope",
    note = "a stream yields `E`, `Envelope<E>`, `Encoded<E>` or a `Result` of these, where `E` has `#[derive(SseEvent)]` and \
            its payloads have `#[derive(serde::Serialize)]`"
)]
pub trait StreamItem: sealed::Sealed {
    /// The type of the events.
    type Event: SseEvent;
    /// What the stream itself can fail with.
    type Error;

    /// Writes the item. `Break` says that its event was the last of the stream.
    ///
    /// # Errors
    ///
    /// When the item is the stream's own error, or its event cannot be encoded; nothing is written then.
    fn write(self, encoder: &mut Encoder) -> Result<ControlFlow<()>, SendError<Self::Error>>;

    /// Whether there is an event in the item: an envelope may hold none, and an error is none.
    fn has_event(&self) -> bool {
        true
    }

    /// The item as an [`Encoded`] event if it is one, to be sent without a copy; else the item again.
    ///
    /// # Errors
    ///
    /// With the item itself, when it is still to be written.
    fn into_encoded(self) -> Result<Encoded<Self::Event>, Self>
    where
        Self: Sized,
    {
        Err(self)
    }
}

mod sealed {
    pub trait Sealed {}
}

impl<E: SseEvent> sealed::Sealed for E {}
impl<E: SseEvent> sealed::Sealed for Envelope<E> {}
impl<E: SseEvent> sealed::Sealed for Encoded<E> {}
impl<T: StreamItem<Error = Infallible>, Err> sealed::Sealed for Result<T, Err> {}

/// Why an item of a stream was not sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum SendError<Err> {
    /// The stream yielded its own error.
    Source(Err),
    /// The stream yielded an event that cannot be encoded.
    Encode(EncodeError),
}

impl<Err> From<EncodeError> for SendError<Err> {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl<Err> fmt::Display for SendError<Err> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(_) => f.write_str("the stream of events failed"),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

/// An [`EncodeError`] speaks for itself; only a failed source is a cause of its own.
impl<Err: Error + 'static> Error for SendError<Err> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Source(error) => Some(error),
            Self::Encode(error) => error.source(),
        }
    }
}

impl<E: SseEvent> StreamItem for E {
    type Event = E;
    type Error = Infallible;

    fn write(self, encoder: &mut Encoder) -> Result<ControlFlow<()>, SendError<Infallible>> {
        encoder.event(&self)?;
        Ok(flow(self.is_terminal()))
    }
}

impl<E: SseEvent> StreamItem for Envelope<E> {
    type Event = E;
    type Error = Infallible;

    fn write(self, encoder: &mut Encoder) -> Result<ControlFlow<()>, SendError<Infallible>> {
        encoder.envelope(&self)?;
        Ok(flow(self.event.is_some_and(|event| event.is_terminal())))
    }

    fn has_event(&self) -> bool {
        self.event.is_some()
    }
}

impl<O: StreamItem<Error = Infallible>, Err> StreamItem for Result<O, Err> {
    type Event = O::Event;
    type Error = Err;

    fn write(self, encoder: &mut Encoder) -> Result<ControlFlow<()>, SendError<Err>> {
        let item = self.map_err(SendError::Source)?;
        item.write(encoder).map_err(|error| match error {
            SendError::Source(never) => match never {},
            SendError::Encode(error) => SendError::Encode(error),
        })
    }

    fn has_event(&self) -> bool {
        self.as_ref().is_ok_and(O::has_event)
    }

    fn into_encoded(self) -> Result<Encoded<O::Event>, Self> {
        self.map_or_else(|error| Err(Err(error)), |item| item.into_encoded().map_err(Ok))
    }
}

/// An event encoded once, to be sent to many: cloning shares the bytes. It remembers whether its event was terminal;
/// its ID is in the bytes alone, so a log to resume from keeps the ID beside it. It fits a channel that clones what it
/// sends, such as tokio's `broadcast`.
///
/// ```
/// use sse_core::{Encoded, EventName, RawEventBuf};
///
/// let event = RawEventBuf::new(EventName::from_static("tick"), "1");
/// let shared = Encoded::new(&event)?;
/// assert_eq!(shared.clone().as_bytes(), b"event: tick\ndata: 1\n\n");
/// # Ok::<(), sse_core::EncodeError>(())
/// ```
pub struct Encoded<E> {
    bytes: Bytes,
    flow: ControlFlow<()>,
    has_event: bool,
    event: core::marker::PhantomData<fn(E)>,
}

impl<E: SseEvent> Encoded<E> {
    /// Encodes an event.
    ///
    /// # Errors
    ///
    /// When the event cannot be encoded.
    pub fn new(event: &E) -> Result<Self, EncodeError> {
        let mut encoder = Encoder::new();
        encoder.event(event)?;
        Ok(Self::written(encoder, Some(event)))
    }

    /// Encodes an envelope.
    ///
    /// # Errors
    ///
    /// When its event cannot be encoded.
    pub fn envelope(envelope: &Envelope<E>) -> Result<Self, EncodeError> {
        let mut encoder = Encoder::new();
        encoder.envelope(envelope)?;
        Ok(Self::written(encoder, envelope.event.as_ref()))
    }

    fn written(encoder: Encoder, event: Option<&E>) -> Self {
        Self {
            bytes: encoder.into_bytes().into(),
            flow: flow(event.is_some_and(E::is_terminal)),
            has_event: event.is_some(),
            event: core::marker::PhantomData,
        }
    }
}

impl<E> Encoded<E> {
    /// The bytes, as they travel.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The shared bytes themselves.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// Whether the event is the last one of its stream.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        matches!(self.flow, ControlFlow::Break(()))
    }
}

impl<E: SseEvent> StreamItem for Encoded<E> {
    type Event = E;
    type Error = Infallible;

    fn write(self, encoder: &mut Encoder) -> Result<ControlFlow<()>, SendError<Infallible>> {
        encoder.blocks(&self.bytes);
        Ok(self.flow)
    }

    fn has_event(&self) -> bool {
        self.has_event
    }

    fn into_encoded(self) -> Result<Self, Self> {
        Ok(self)
    }
}

impl<E> Clone for Encoded<E> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), flow: self.flow, has_event: self.has_event, event: core::marker::PhantomData }
    }
}

impl<E> fmt::Debug for Encoded<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoded")
            .field("bytes", &self.bytes)
            .field("flow", &self.flow)
            .field("has_event", &self.has_event)
            .finish_non_exhaustive()
    }
}

const fn flow(terminal: bool) -> ControlFlow<()> {
    if terminal { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}
