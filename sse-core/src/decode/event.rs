//! An event as it was read, before its data has a type.

use alloc::string::String;

use crate::{
    DecodeError, Decoded, EncodeError, EventId, EventName, EventSpec, EventWriter, Retry, SseDecode, SseEvent,
    TypedEvent, Written, wire::MESSAGE,
};

/// An event as the decoder lends it: text that still stands in the chunk, or in the decoder's own buffer.
///
/// ```
/// let mut decoder = sse_core::Decoder::new();
/// let mut events = decoder.feed(b"id: 7\ndata: first\ndata: second\n\n");
/// let event = events.next_event().unwrap()?;
/// assert_eq!((event.name(), event.data(), event.id()), ("message", "first\nsecond", Some("7")));
/// # Ok::<(), sse_core::LimitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawEvent<'a> {
    pub(crate) name: &'a str,
    pub(crate) data: &'a str,
    pub(crate) id: Option<&'a str>,
    pub(crate) last_event_id: &'a str,
    pub(crate) retry: Option<Retry>,
    /// How much of the event type belongs to the types that nest the one that sees it.
    pub(crate) prefix: usize,
}

impl<'a> RawEvent<'a> {
    /// The event type: `message` where the event names none.
    #[inline]
    #[must_use]
    pub const fn name(&self) -> &'a str {
        match self.name.split_at_checked(self.prefix) {
            Some((_, name)) => name,
            None => self.name,
        }
    }

    /// The event as a type sees it that is nested behind a prefix: its event type is what follows. `None` if the event type
    /// does not begin so, or nothing follows. A [`DecodeError`] still tells the whole event type.
    ///
    /// ```
    /// let mut decoder = sse_core::Decoder::new();
    /// let mut events = decoder.feed(b"event: order.placed\ndata: 1\n\n");
    /// let event = events.next_event().unwrap()?;
    /// assert_eq!(event.strip_prefix("order.").unwrap().name(), "placed");
    /// assert_eq!(event.strip_prefix("user."), None);
    /// # Ok::<(), sse_core::LimitError>(())
    /// ```
    #[must_use]
    pub fn strip_prefix(self, prefix: &str) -> Option<Self> {
        let rest = self.name().strip_prefix(prefix).filter(|rest| !rest.is_empty())?;
        Some(Self { prefix: self.name.len() - rest.len(), ..self })
    }

    /// The event type as it is on the wire, prefixes and all.
    pub(crate) const fn whole_name(&self) -> &'a str {
        self.name
    }

    /// Whether the event has no name, or `message`, which is the same.
    pub(crate) fn is_unnamed(&self) -> bool {
        self.prefix == 0 && self.name == MESSAGE
    }

    /// The data, its lines joined by LF.
    #[must_use]
    pub const fn data(&self) -> &'a str {
        self.data
    }

    /// The event ID that this event's own block sets, if it does.
    #[must_use]
    pub const fn id(&self) -> Option<&'a str> {
        self.id
    }

    /// The last event ID as of this event: its own, or the one it inherits from the events before it.
    #[must_use]
    pub const fn last_event_id(&self) -> &'a str {
        self.last_event_id
    }

    /// The reconnection time that this event's own block sets, if it does.
    #[must_use]
    pub const fn retry(&self) -> Option<Retry> {
        self.retry
    }

    /// The same event, kept. The last event ID that it inherits is not: what the next connection resumes from is
    /// [`Decoder::last_event_id`](crate::Decoder::last_event_id).
    ///
    /// ```
    /// let mut decoder = sse_core::Decoder::new();
    /// let mut events = decoder.feed(b"id: 7\ndata: 1\n\n");
    /// let event = events.next_event().unwrap()?.into_owned();
    /// drop(events);
    /// assert_eq!((event.data(), event.id().map(|id| id.as_str())), ("1", Some("7")));
    /// # Ok::<(), sse_core::LimitError>(())
    /// ```
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

/// An event, or what else a stream shows to those who ask. Made by [`Events::next_part`](crate::Events::next_part).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawPart<'a> {
    /// An event.
    Event(RawEvent<'a>),
    /// A comment: what stands behind the colon, as it is.
    Comment(&'a str),
}

/// An event whose data has no type: any event there is. What a catch-all variant holds.
///
/// ```
/// use sse_core::{Decoded, Decoder, RawEventBuf, SseDecode};
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b"event: new\ndata: {}\n\n");
/// let Decoded::Event(event) = RawEventBuf::decode(events.next_event().unwrap()?)? else { unreachable!() };
/// assert_eq!((event.name(), event.data()), ("new", "{}"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawEventBuf {
    name: String,
    data: String,
    id: Option<EventId>,
    retry: Option<Retry>,
}

impl RawEventBuf {
    /// An event of this type with this text as its data.
    #[must_use]
    pub fn new(name: EventName, data: impl Into<String>) -> Self {
        Self { name: name.into(), data: data.into(), id: None, retry: None }
    }

    /// The event type.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The data, as read or as given.
    #[must_use]
    pub fn data(&self) -> &str {
        &self.data
    }

    /// The event ID that the event's own block sets, if it does.
    #[must_use]
    pub const fn id(&self) -> Option<&EventId> {
        self.id.as_ref()
    }

    /// The reconnection time that the event's own block sets, if it does.
    #[must_use]
    pub const fn retry(&self) -> Option<Retry> {
        self.retry
    }
}

impl TypedEvent for RawEventBuf {
    const EVENTS: &'static [EventSpec] = &[EventSpec::CatchAll];
}

/// Writes the event back as it was read; `message` needs no `event:` line, unless a prefix makes another name of it.
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
    fn decode(raw: RawEvent<'de>) -> Result<Decoded<Self>, DecodeError> {
        Ok(Decoded::Event(raw.into_owned()))
    }
}
