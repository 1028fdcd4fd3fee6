//! Events as they are received, before their data has a type.

use alloc::string::String;

use crate::{
    DecodeError, Decoded, EncodeError, EventId, EventName, EventSpec, EventWriter, Retry, SseDecode, SseEvent,
    TypedEvent, Written, wire::MESSAGE,
};

/// An event as it is received, before its data is decoded into a type.
///
/// Its text borrows from the chunk or, if it had to be copied, from the decoder. Data of several lines, for example, is
/// copied.
///
/// ```
/// use sse_core::Decoder;
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b"id: 7\ndata: first\ndata: second\n\n");
/// while let Some(event) = events.next_event() {
///     let event = event?;
///     assert_eq!(event.name(), "message");
///     assert_eq!(event.data(), "first\nsecond");
///     assert_eq!(event.id(), Some("7"));
/// }
/// # Ok::<(), sse_core::LimitError>(())
/// ```
///
/// To keep an event, convert it with [`into_owned`](Self::into_owned). To decode it into a type, call
/// [`SseDecode::decode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawEvent<'a> {
    pub(crate) name: &'a str,
    pub(crate) data: &'a str,
    pub(crate) id: Option<&'a str>,
    pub(crate) last_event_id: &'a str,
    pub(crate) retry: Option<Retry>,
    /// The number of bytes at the start of the name that were removed as prefixes of nested types.
    pub(crate) prefix: usize,
}

impl<'a> RawEvent<'a> {
    /// Returns the event name, which is `message` if the event is unnamed.
    #[inline]
    #[must_use]
    pub const fn name(&self) -> &'a str {
        match self.name.split_at_checked(self.prefix) {
            Some((_, name)) => name,
            None => self.name,
        }
    }

    /// Returns the event with `prefix` removed from its name, or `None` if the name does not start with it or has
    /// nothing after it.
    ///
    /// This is how a nested type with a prefix receives its events. A [`DecodeError`] still contains the whole name.
    ///
    /// # Examples
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

    /// Returns the event name as it is on the wire, including prefixes.
    pub(crate) const fn whole_name(&self) -> &'a str {
        self.name
    }

    /// Returns whether the event is unnamed, or named `message`, which readers cannot distinguish.
    pub(crate) fn is_unnamed(&self) -> bool {
        self.prefix == 0 && self.name == MESSAGE
    }

    /// Returns the data, its lines joined by LF.
    #[must_use]
    pub const fn data(&self) -> &'a str {
        self.data
    }

    /// Returns the event ID, or `None` if the block of the event has none.
    #[must_use]
    pub const fn id(&self) -> Option<&'a str> {
        self.id
    }

    /// Returns the last event ID as of this event: its own ID, or else the one inherited from earlier events. It is
    /// empty if there is none.
    #[must_use]
    pub const fn last_event_id(&self) -> &'a str {
        self.last_event_id
    }

    /// Returns the reconnection time, or `None` if the block of the event sets none.
    #[must_use]
    pub const fn retry(&self) -> Option<Retry> {
        self.retry
    }

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

/// A part of a stream: an event, a comment, or a block without an event. Returned by
/// [`Events::next_part`](crate::Events::next_part).
///
/// ```
/// use sse_core::{Decoder, RawPart};
///
/// let mut decoder = Decoder::new();
/// let mut events = decoder.feed(b": keep-alive\ndata: 1\n\nid: 2\n\n");
/// while let Some(part) = events.next_part() {
///     match part? {
///         RawPart::Event(event) => println!("{}: {}", event.name(), event.data()),
///         RawPart::Comment(text) => println!("comment:{text}"),
///         RawPart::Block { id, retry } => println!("ID {id:?}, reconnection time {retry:?}"),
///         _ => {}
///     }
/// }
/// # Ok::<(), sse_core::LimitError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RawPart<'a> {
    /// An event.
    Event(RawEvent<'a>),
    /// The text of a comment: everything after the colon, including a space directly after it. It is returned at the
    /// end of its line, before the block that the line is in.
    Comment(&'a str),
    /// A block without an event that sets an ID or a reconnection time. It is returned at its empty line.
    ///
    /// If an event exceeds a limit, its block is returned as well, because its fields still count. Blocks that set
    /// neither field are not returned.
    Block {
        /// The ID, or `None` if the block sets none. An empty one resets the last event ID.
        id: Option<&'a str>,
        /// The reconnection time, or `None` if the block sets none.
        retry: Option<Retry>,
    },
}

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
