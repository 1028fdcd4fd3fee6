//! Events as they are received, before their data has a type.

use crate::{Retry, wire::MESSAGE};

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
/// [`SseDecode::decode`](crate::SseDecode::decode).
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
    /// This is how a nested type with a prefix receives its events. A [`DecodeError`](crate::DecodeError) still contains the
    /// whole name.
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
