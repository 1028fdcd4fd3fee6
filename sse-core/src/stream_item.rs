//! The items of a stream that is served.

use core::{convert::Infallible, error::Error, fmt, ops::ControlFlow};

use bytes::Bytes;

use crate::{
    EncodeError, Encoder, Envelope, SseEvent,
    wire::{LF, prefix},
};

/// An item that a stream of events can yield when it is served: an event, an [`Envelope`], an [`Encoded`] event, or a
/// `Result` of one of these. A `Result` lets the stream fail.
///
/// `sse_axum::Sse` serves such streams. Without axum, [`Encoder::item`] writes each item:
///
/// ```
/// use sse_core::{Encoder, SseEvent};
///
/// #[derive(SseEvent)]
/// enum Count {
///     #[sse(event = "tick")]
///     Tick(u32),
/// }
///
/// let mut encoder = Encoder::new();
/// assert!(encoder.item(Count::Tick(1))?.is_continue());
/// assert_eq!(encoder.as_bytes(), b"event: tick\ndata: 1\n\n");
/// # Ok::<(), sse_core::SendError<std::convert::Infallible>>(())
/// ```
///
/// A function can accept all of these items. It ends after a terminal event or an error:
///
/// ```
/// use sse_core::{Encoder, Envelope, SseEvent, StreamItem};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Job {
///     Progress(u8),
///     #[sse(terminal)]
///     Done,
/// }
///
/// fn body(items: impl IntoIterator<Item: StreamItem<Event = Job>>) -> Vec<u8> {
///     let mut encoder = Encoder::new();
///     for item in items {
///         match encoder.item(item) {
///             Ok(flow) if flow.is_continue() => {}
///             _ => break,
///         }
///     }
///     encoder.into_bytes()
/// }
///
/// let bytes = b"event: progress\ndata: 50\n\nevent: done\ndata: \n\n";
/// assert_eq!(body([Job::Progress(50), Job::Done, Job::Done]), bytes);
/// assert_eq!(body([Envelope::new(Job::Progress(50)), Envelope::new(Job::Done)]), bytes);
/// assert_eq!(body([Ok(Job::Progress(50)), Ok(Job::Done), Err("the job is gone")]), bytes);
/// ```
///
/// This trait is sealed: it cannot be implemented outside of `sse_core`.
#[diagnostic::on_unimplemented(
    message = "a stream of `{Self}` cannot be served as events",
    label = "neither an event nor an envelope",
    note = "the items must be `E`, `Envelope<E>`, `Encoded<E>`, or a `Result` of one of these, where `E` has \
            `#[derive(SseEvent)]` and its payloads have `#[derive(serde::Serialize)]`"
)]
pub trait StreamItem: sealed::Sealed {
    /// The type of the events.
    type Event: SseEvent;
    /// The error of the stream itself.
    type Error;

    /// Encodes the item with `encoder`. Returns `Break` if its event is terminal.
    ///
    /// # Errors
    ///
    /// Returns an error if the item is the stream's own error, or if its event cannot be encoded. Nothing is written in
    /// that case.
    fn write(self, encoder: &mut Encoder) -> Result<ControlFlow<()>, SendError<Self::Error>>;

    /// Returns whether the item holds an event. An envelope may hold none, and an error never does.
    fn has_event(&self) -> bool {
        true
    }

    /// Returns the item as an [`Encoded`] event if it is one, so that its bytes can be sent without a copy.
    ///
    /// # Errors
    ///
    /// Returns the item itself if it is not encoded yet.
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

/// The error returned if an item of a stream cannot be sent.
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
            Self::Source(_) => f.write_str("the stream yielded an error"),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

/// An [`EncodeError`] is displayed in place of this error, so `source` returns its source.
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

impl<T: StreamItem<Error = Infallible>, Err> StreamItem for Result<T, Err> {
    type Event = T::Event;
    type Error = Err;

    fn write(self, encoder: &mut Encoder) -> Result<ControlFlow<()>, SendError<Err>> {
        let item = self.map_err(SendError::Source)?;
        item.write(encoder).map_err(|error| match error {
            SendError::Source(never) => match never {},
            SendError::Encode(error) => SendError::Encode(error),
        })
    }

    fn has_event(&self) -> bool {
        self.as_ref().is_ok_and(T::has_event)
    }

    fn into_encoded(self) -> Result<Encoded<T::Event>, Self> {
        self.map_or_else(|error| Err(Err(error)), |item| item.into_encoded().map_err(Ok))
    }
}

/// An event that is encoded once and sent to many clients. Clones share the bytes.
///
/// ```
/// use std::sync::mpsc;
///
/// use sse_core::{Encoded, SseEvent};
///
/// #[derive(SseEvent)]
/// enum Count {
///     #[sse(event = "tick")]
///     Tick(u32),
/// }
///
/// // A channel for each client, whose other end is the stream that the client is served.
/// let (senders, streams): (Vec<_>, Vec<_>) = (0..2).map(|_| mpsc::channel()).unzip();
///
/// let tick = Encoded::new(&Count::Tick(1))?;
/// for sender in &senders {
///     sender.send(tick.clone())?;
/// }
/// # for stream in streams { assert_eq!(stream.recv()?.as_bytes(), b"event: tick\ndata: 1\n\n") }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// With tokio's `broadcast`, one channel serves all clients, because it clones its messages. The guide to production in
/// `sse_axum` has an example.
///
/// An encoded event remembers whether it is terminal. [`Encoded::id`] returns its event ID.
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
    /// Returns an error if the event cannot be encoded.
    pub fn new(event: &E) -> Result<Self, EncodeError> {
        let mut encoder = Encoder::new();
        encoder.event(event)?;
        Ok(Self::written(encoder, Some(event)))
    }

    /// Encodes an envelope.
    ///
    /// # Errors
    ///
    /// Returns an error if its event cannot be encoded.
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
    /// Returns the bytes as they are sent.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Consumes the event and returns its bytes, without a copy.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// Returns whether the event is terminal.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        matches!(self.flow, ControlFlow::Break(()))
    }

    /// Returns the event ID, or `None` if there is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{Encoded, SseEvent};
    ///
    /// #[derive(SseEvent)]
    /// enum Feed {
    ///     Tick { #[sse(id)] number: u64 },
    /// }
    ///
    /// assert_eq!(Encoded::new(&Feed::Tick { number: 7 })?.id(), Some("7"));
    /// # Ok::<(), sse_core::EncodeError>(())
    /// ```
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        // The ID precedes the data, so the search ends at the first line of data.
        let mut fields = self.bytes.split(|&byte| byte == LF).take_while(|line| !line.starts_with(prefix::DATA));
        let id = fields.find_map(|line| line.strip_prefix(prefix::ID))?;
        str::from_utf8(id).ok()
    }
}

impl<E: SseEvent> StreamItem for Encoded<E> {
    type Event = E;
    type Error = Infallible;

    fn write(self, encoder: &mut Encoder) -> Result<ControlFlow<()>, SendError<Infallible>> {
        encoder.append(&self.bytes);
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
