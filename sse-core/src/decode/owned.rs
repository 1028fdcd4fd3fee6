//! An event that owns its text.

use alloc::string::String;

use super::RawEvent;
use crate::{
    DecodeError, Decoded, EncodeError, EventId, EventName, EventSpec, EventWriter, Retry, SseDecode, SseEvent,
    TypedEvent, Written, wire::MESSAGE,
};

/// An owned event whose data has no type, such as the payload of a catch-all variant.
///
/// Every event decodes into it. As a catch-all, it keeps the events whose names the type does not know:
///
/// ```
/// use sse_core::{Decoded, Decoder, RawEventBuf, SseDecode, SseEvent};
///
/// #[derive(SseEvent)]
/// enum Feed {
///     #[sse(event = "tick")]
///     Tick(u32),
///     #[sse(other)]
///     Other(RawEventBuf),
/// }
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b"event: new\ndata: {}\n\n");
/// let Decoded::Event(Feed::Other(event)) = Feed::decode(events.next_event().unwrap()?)? else { unreachable!() };
/// assert_eq!((event.name(), event.data()), ("new", "{}"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// It is also the item of the iterator [`Events`](crate::Events), and the event type for a stream whose events are not
/// known in advance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawEventBuf {
    name: String,
    data: String,
    id: Option<EventId>,
    retry: Option<Retry>,
}

impl RawEventBuf {
    /// Creates an event with a name and data, without an ID or a reconnection time.
    #[must_use]
    pub fn new(name: EventName, data: impl Into<String>) -> Self {
        Self { name: name.into(), data: data.into(), id: None, retry: None }
    }

    /// Returns the event name, which is `message` if the event is unnamed.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the data.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Returns the event ID, or `None` if the block of the event has none.
    #[must_use]
    pub const fn id(&self) -> Option<&EventId> {
        self.id.as_ref()
    }

    /// Returns the reconnection time, or `None` if the block of the event sets none.
    #[must_use]
    pub const fn retry(&self) -> Option<Retry> {
        self.retry
    }
}

impl RawEvent<'_> {
    /// Converts the event into an owned one.
    ///
    /// An inherited last event ID is not kept. To resume the stream, use
    /// [`Decoder::last_event_id`](crate::Decoder::last_event_id).
    ///
    /// # Examples
    ///
    /// ```
    /// let mut decoder = sse_core::Decoder::new();
    /// let mut events = decoder.feed(b"id: 7\ndata: 1\n\n");
    /// let event = events.next_event().unwrap()?.into_owned();
    /// drop(events);
    /// assert_eq!((event.data(), event.id().map(|id| id.as_str())), ("1", Some("7")));
    /// # Ok::<(), sse_core::LimitError>(())
    /// ```
    #[expect(clippy::inline_always, reason = "out of line, the event is written to memory and waits there to be moved")]
    #[inline(always)]
    #[must_use]
    pub fn into_owned(self) -> RawEventBuf {
        RawEventBuf {
            name: String::from(self.name()),
            data: String::from(self.data),
            id: self.id.map(EventId::read),
            retry: self.retry,
        }
    }
}

impl TypedEvent for RawEventBuf {
    const EVENTS: &'static [EventSpec] = &[EventSpec::CatchAll];
}

/// Encodes the event as it was received. An event named `message` is written without an `event` line, unless a prefix
/// is added to the name.
impl SseEvent for RawEventBuf {
    fn encode(&self, writer: EventWriter<'_>) -> Result<Written, EncodeError> {
        let mut fields = if self.name == MESSAGE && !writer.has_prefix() {
            writer.unnamed()
        } else {
            writer.try_name(&self.name)?
        };
        if let Some(id) = &self.id {
            fields = fields.id(id)?;
        }
        if let Some(retry) = self.retry {
            fields = fields.retry(retry);
        }
        fields.text(&self.data)
    }
}

impl<'de> SseDecode<'de> for RawEventBuf {
    #[inline]
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        Ok(Decoded::Event(raw.into_owned()))
    }
}
