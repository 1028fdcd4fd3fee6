//! Events that are encoded once for many clients.

use core::{fmt, marker::PhantomData, ops::ControlFlow, str};

use bytes::Bytes;

use crate::{
    EncodeError, Encoder, Envelope, SseEvent, TypedEvent,
    spec::reason_not_to_widen,
    wire::{LF, prefix},
};

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
    is_terminal: bool,
    has_event: bool,
    event: PhantomData<fn(E)>,
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
    /// Returns an error if its event cannot be encoded, or if its ID does not [fit a
    /// header](crate::EventId::fits_header).
    pub fn envelope(envelope: &Envelope<E>) -> Result<Self, EncodeError> {
        let mut encoder = Encoder::new();
        encoder.envelope(envelope)?;
        Ok(Self::written(encoder, envelope.event.as_ref()))
    }

    fn written(encoder: Encoder, event: Option<&E>) -> Self {
        Self {
            bytes: encoder.into_bytes().into(),
            is_terminal: event.is_some_and(E::is_terminal),
            has_event: event.is_some(),
            event: PhantomData,
        }
    }
}

impl<E> Encoded<E> {
    /// Creates an encoded event from the bytes of another one, which [`into_bytes`](Self::into_bytes) returned, for
    /// example in another process. `flow` is `Break` if the stream ends after it.
    ///
    /// The bytes are sent as they are. They must be one event of the type `E`.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use sse_core::{Encoded, SseEvent};
    ///
    /// #[derive(SseEvent)]
    /// enum Count {
    ///     #[sse(event = "tick")]
    ///     Tick(u32),
    /// }
    ///
    /// let bytes = Encoded::new(&Count::Tick(1))?.into_bytes();
    /// let encoded = Encoded::<Count>::from_bytes(bytes, ControlFlow::Continue(()));
    /// assert_eq!(encoded.as_bytes(), b"event: tick\ndata: 1\n\n");
    /// # Ok::<(), sse_core::EncodeError>(())
    /// ```
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Bytes>, flow: ControlFlow<()>) -> Self {
        Self { bytes: bytes.into(), is_terminal: flow.is_break(), has_event: true, event: PhantomData }
    }

    /// Sets whether the stream ends after this item. A stream of several topics can send the terminal event of one of
    /// them, and continue.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    ///
    /// use sse_core::{Encoded, SseEvent};
    ///
    /// #[derive(SseEvent)]
    /// enum Job {
    ///     #[sse(event = "done", terminal)]
    ///     Done,
    /// }
    ///
    /// let done = Encoded::new(&Job::Done)?;
    /// assert!(done.is_terminal() && !done.with_flow(ControlFlow::Continue(())).is_terminal());
    /// # Ok::<(), sse_core::EncodeError>(())
    /// ```
    #[must_use]
    pub fn with_flow(self, flow: ControlFlow<()>) -> Self {
        Self { is_terminal: flow.is_break(), ..self }
    }

    /// Returns whether there is an event. An envelope without one may only set an ID.
    #[must_use]
    pub const fn has_event(&self) -> bool {
        self.has_event
    }

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

    /// Returns whether the stream ends after this item: whether its event is terminal, unless
    /// [`with_flow`](Self::with_flow) has changed that.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Converts the event into one of a type that includes the events of `E`, without a copy.
    ///
    /// `W` has to contain `E` in a variant with `#[sse(flatten)]`, or contain a type that does. A prefix is not possible,
    /// because the event name is already encoded. So the events of one source can be encoded once and sent to streams
    /// of several types:
    ///
    /// ```
    /// use sse_core::{Encoded, SseEvent};
    ///
    /// #[derive(SseEvent)]
    /// enum Order {
    ///     Placed(u32),
    /// }
    ///
    /// #[derive(SseEvent)]
    /// enum Shop {
    ///     Opened,
    ///     #[sse(flatten)]
    ///     Order(Order),
    /// }
    ///
    /// let order = Encoded::new(&Order::Placed(1))?;
    /// let for_a_shop: Encoded<Shop> = order.clone().widen();
    /// assert_eq!(for_a_shop.as_bytes(), b"event: Placed\ndata: 1\n\n");
    /// # Ok::<(), sse_core::EncodeError>(())
    /// ```
    ///
    /// Any other type is a compile error:
    ///
    /// ```compile_fail,E0080
    /// use sse_core::{Encoded, SseEvent};
    ///
    /// #[derive(SseEvent)]
    /// enum Order {
    ///     Placed(u32),
    /// }
    ///
    /// #[derive(SseEvent)]
    /// enum Shop {
    ///     #[sse(flatten(prefix = "order."))]
    ///     Order(Order),
    /// }
    ///
    /// // `W` contains the events of `E` only with a prefix, which the bytes do not have; encode the event as `W`
    /// let _: Encoded<Shop> = Encoded::new(&Order::Placed(1)).unwrap().widen();
    /// ```
    ///
    /// The descriptions of the two types are compared, [`TypedEvent::EVENTS`], when the call is compiled for concrete
    /// types; `cargo check` does not report the error.
    #[must_use]
    pub fn widen<W: TypedEvent>(self) -> Encoded<W>
    where
        E: TypedEvent,
    {
        const {
            if let Some(reason) = reason_not_to_widen(W::EVENTS, E::EVENTS) {
                panic!("{}", reason);
            }
        }
        let Self { bytes, is_terminal, has_event, event: _ } = self;
        Encoded { bytes, is_terminal, has_event, event: PhantomData }
    }

    /// Returns the event ID, of the envelope or of the event itself, or `None` if the bytes set none.
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

impl Encoder {
    /// Appends an event that is already encoded.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::{Encoded, Encoder, SseEvent};
    ///
    /// #[derive(SseEvent)]
    /// enum Count {
    ///     #[sse(event = "tick")]
    ///     Tick(u32),
    /// }
    ///
    /// let tick = Encoded::new(&Count::Tick(1))?;
    /// let mut encoder = Encoder::new();
    /// encoder.encoded(&tick);
    /// encoder.event(&Count::Tick(2))?;
    /// assert_eq!(encoder.as_bytes(), b"event: tick\ndata: 1\n\nevent: tick\ndata: 2\n\n");
    /// # Ok::<(), sse_core::EncodeError>(())
    /// ```
    pub fn encoded<E>(&mut self, encoded: &Encoded<E>) {
        self.append(&encoded.bytes);
    }
}

impl<E> Clone for Encoded<E> {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), is_terminal: self.is_terminal, has_event: self.has_event, event: PhantomData }
    }
}

impl<E> fmt::Debug for Encoded<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoded")
            .field("bytes", &self.bytes)
            .field("is_terminal", &self.is_terminal)
            .field("has_event", &self.has_event)
            .finish_non_exhaustive()
    }
}
