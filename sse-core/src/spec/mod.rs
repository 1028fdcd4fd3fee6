//! The static description of a type's events.

mod browser;
mod clash;
mod events;
mod facts;
mod message;
mod name;

pub(crate) use self::facts::{has_catch_all, has_unnamed};
pub use self::{
    browser::BrowserName,
    clash::distinct,
    events::{WireEvent, WireEvents},
};
use crate::Retry;

/// One entry of [`TypedEvent::EVENTS`](crate::TypedEvent::EVENTS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventSpec {
    /// One event.
    Event(EventInfo),
    /// The events of a nested type, each name with the prefix before it.
    Group {
        /// Put before each name of the group; often empty. Events without a name stay without one.
        prefix: &'static str,
        /// The nested type's events.
        events: &'static [EventSpec],
    },
    /// Names that reading drops.
    Ignored(&'static [&'static str]),
    /// Any event that no other entry names.
    CatchAll,
}

/// What is known of one event at compile time.
///
/// ```
/// use sse_core::{DataKind, EventInfo};
///
/// const DONE: EventInfo = EventInfo::new("done").with_aliases(&["end"]).with_data(DataKind::Empty).with_terminal();
/// assert_eq!(DONE.name(), Some("done"));
/// assert!(DONE.is_terminal());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventInfo {
    name: Option<&'static str>,
    aliases: &'static [&'static str],
    data: DataKind,
    retry: Option<Retry>,
    id: bool,
    terminal: bool,
    error: bool,
}

/// What the data of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataKind {
    /// JSON.
    Json,
    /// Text as it is.
    Text,
    /// What a codec of its own writes and reads.
    Custom,
    /// Nothing: an empty line when written, and of no interest when read.
    Empty,
    /// Exactly this text.
    Literal(&'static str),
}

impl EventInfo {
    /// An event with this event type. Its data is JSON, unless something else is said.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name: Some(name), ..Self::unnamed() }
    }

    /// An event without an `event:` line: its type is `message`.
    #[must_use]
    pub const fn unnamed() -> Self {
        Self { name: None, aliases: &[], data: DataKind::Json, retry: None, id: false, terminal: false, error: false }
    }

    /// More event types that mean this event when read.
    #[must_use]
    pub const fn with_aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// The data is of this kind.
    #[must_use]
    pub const fn with_data(self, data: DataKind) -> Self {
        Self { data, ..self }
    }

    /// The event sets the reconnection time.
    #[must_use]
    pub const fn with_retry(self, retry: Retry) -> Self {
        Self { retry: Some(retry), ..self }
    }

    /// A part of the event travels as the event ID.
    #[must_use]
    pub const fn with_id(self) -> Self {
        Self { id: true, ..self }
    }

    /// The stream ends after this event.
    #[must_use]
    pub const fn with_terminal(self) -> Self {
        Self { terminal: true, ..self }
    }

    /// This event reports an error.
    #[must_use]
    pub const fn with_error(self) -> Self {
        Self { error: true, ..self }
    }

    /// The event type on the wire; `None` if the event is written without an `event:` line.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// More event types that mean this event when read.
    #[must_use]
    pub const fn aliases(&self) -> &'static [&'static str] {
        self.aliases
    }

    /// What the data is.
    #[must_use]
    pub const fn data(&self) -> DataKind {
        self.data
    }

    /// The text that the data exactly is, if there is one.
    #[must_use]
    pub const fn literal(&self) -> Option<&'static str> {
        match self.data {
            DataKind::Literal(text) => Some(text),
            DataKind::Json | DataKind::Text | DataKind::Custom | DataKind::Empty => None,
        }
    }

    /// The reconnection time that the event is written with, if it is the same for all.
    #[must_use]
    pub const fn retry(&self) -> Option<Retry> {
        self.retry
    }

    /// Whether a part of the event travels as the event ID.
    #[must_use]
    pub const fn has_id(&self) -> bool {
        self.id
    }

    /// Whether the stream ends after this event.
    #[must_use]
    pub const fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether this event reports an error.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        self.error
    }
}
