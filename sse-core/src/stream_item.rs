//! The items of a stream that is served.

use core::{convert::Infallible, error::Error, fmt, ops::ControlFlow};

use crate::{EncodeError, Encoded, Encoder, Envelope, SseEvent, TypedEvent};

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

    /// Converts the item into one of the four forms.
    #[doc(hidden)]
    fn into_item(self) -> Item<Self::Event, Self::Error>;
}

/// The forms of an item. `Encoder::item` and `sse_axum` match on it.
#[doc(hidden)]
#[derive(Debug)]
pub enum Item<E, Err> {
    Event(E),
    Envelope(Envelope<E>),
    Encoded(Encoded<E>),
    /// The stream has failed.
    Failed(Err),
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
    /// The stream yielded an item that cannot be encoded.
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

    #[inline]
    fn into_item(self) -> Item<E, Infallible> {
        Item::Event(self)
    }
}

impl<E: SseEvent> StreamItem for Envelope<E> {
    type Event = E;
    type Error = Infallible;

    #[inline]
    fn into_item(self) -> Item<E, Infallible> {
        Item::Envelope(self)
    }
}

impl<E: SseEvent> StreamItem for Encoded<E> {
    type Event = E;
    type Error = Infallible;

    #[inline]
    fn into_item(self) -> Item<E, Infallible> {
        Item::Encoded(self)
    }
}

impl<T: StreamItem<Error = Infallible>, Err> StreamItem for Result<T, Err> {
    type Event = T::Event;
    type Error = Err;

    #[inline]
    fn into_item(self) -> Item<T::Event, Err> {
        match self.map(T::into_item) {
            Ok(Item::Event(event)) => Item::Event(event),
            Ok(Item::Envelope(envelope)) => Item::Envelope(envelope),
            Ok(Item::Encoded(encoded)) => Item::Encoded(encoded),
            Err(error) => Item::Failed(error),
        }
    }
}

impl Encoder {
    /// Encodes an item of a stream. Returns `Break` if its event is terminal.
    ///
    /// # Errors
    ///
    /// Returns an error if the item is the stream's own error, or if it cannot be encoded.
    pub fn item<T: StreamItem>(&mut self, item: T) -> Result<ControlFlow<()>, SendError<T::Error>> {
        let terminal = match item.into_item() {
            Item::Event(event) => {
                self.event(&event)?;
                event.is_terminal()
            }
            Item::Envelope(envelope) => {
                self.envelope(&envelope)?;
                envelope.event.is_some_and(|event| event.is_terminal())
            }
            Item::Encoded(encoded) => {
                self.encoded(&encoded);
                encoded.is_terminal()
            }
            Item::Failed(error) => return Err(SendError::Source(error)),
        };
        Ok(if terminal { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    }
}
