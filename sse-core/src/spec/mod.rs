//! Static descriptions of events.

mod browser;
mod clash;
mod events;
mod facts;
mod message;
mod name;
mod reason;
mod table;
mod tag;
mod widen;

pub use self::{
    browser::BrowserEventName,
    clash::{Clash, clash, distinct},
    events::{WireEvent, WireEvents},
    tag::EventTag,
};
pub(crate) use self::{
    facts::{CatchAlls, Facts},
    widen::reason_not_to_widen,
};
use crate::Retry;

/// An entry in the description of a type: one event, or the events of a nested type.
/// [`TypedEvent::EVENTS`](crate::TypedEvent::EVENTS) lists the entries.
///
/// ```
/// use sse_core::{EventInfo, EventSpec, RawEventBuf, SseEvent, TypedEvent};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "kebab-case")]
/// enum Feed {
///     Tick(u32),
///     #[sse(other)]
///     Other(RawEventBuf),
/// }
///
/// assert_eq!(Feed::EVENTS, [EventSpec::Event(EventInfo::new("tick")), EventSpec::CatchAll]);
/// ```
///
/// [`WireEvents`] iterates over all events of a type, with the prefixes that their names have on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventSpec {
    /// One event.
    Event(EventInfo),
    /// The events of a nested type.
    Group {
        /// The prefix of each name in the group, which may be empty. Unnamed events have no prefix.
        prefix: &'static str,
        /// The events of the nested type.
        events: &'static [EventSpec],
    },
    /// The names of events that are ignored when they are read.
    Ignored(&'static [&'static str]),
    /// All events that no other entry names.
    CatchAll,
}

/// The static description of one event: its name, its data, and whether it ends the stream or reports an error.
///
/// ```
/// use sse_core::{DataKind, EventInfo, Terminal};
///
/// const DONE: EventInfo = EventInfo::new("done").with_aliases(&["end"]).with_data(DataKind::Empty).with_terminal();
/// assert_eq!(DONE.name(), Some("done"));
/// assert_eq!(DONE.terminal(), Terminal::Always);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventInfo {
    name: Option<&'static str>,
    aliases: &'static [&'static str],
    data: DataKind,
    tag: Option<EventTag>,
    retry: Option<Retry>,
    id: bool,
    terminal: Terminal,
    error: bool,
}

/// The kind of data that an event has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DataKind {
    /// JSON.
    Json,
    /// Plain text.
    Text,
    /// The format of a custom codec.
    Custom,
    /// No data. An empty `data:` line is written, and any data is accepted when reading.
    Empty,
    /// Exactly this text.
    Literal(&'static str),
}

/// Whether an event ends its stream. [`EventInfo::terminal`] returns it for the events of a description, and
/// [`TypedEvent::is_terminal`](crate::TypedEvent::is_terminal) answers for one event.
///
/// ```
/// use sse_core::{SseEvent, Terminal, TypedEvent, WireEvents};
///
/// #[derive(SseEvent)]
/// enum Download {
///     Started,
///     #[sse(terminal = "is_complete")]
///     Progress(u8),
///     #[sse(terminal)]
///     Failed,
/// }
///
/// fn is_complete(percent: &u8) -> bool {
///     *percent == 100
/// }
///
/// let terminal: Vec<_> = WireEvents::of::<Download>().map(|event| event.info().terminal()).collect();
/// assert_eq!(terminal, [Terminal::Never, Terminal::Sometimes, Terminal::Always]);
/// assert!(Download::Progress(100).is_terminal() && !Download::Progress(99).is_terminal());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminal {
    /// The stream continues after the event.
    Never,
    /// The stream ends after the event, whatever its data is.
    Always,
    /// The data determines whether the stream ends after the event.
    Sometimes,
}

impl EventInfo {
    /// Creates the description of an event with this name, and with JSON data.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name: Some(name), ..Self::unnamed() }
    }

    /// Creates the description of an unnamed event, which has no `event:` line, and with JSON data.
    ///
    /// When the event is read, [`RawEvent::name`](crate::RawEvent::name) returns `message`.
    #[must_use]
    pub const fn unnamed() -> Self {
        let (data, terminal) = (DataKind::Json, Terminal::Never);
        Self { name: None, aliases: &[], data, tag: None, retry: None, id: false, terminal, error: false }
    }

    /// Sets the aliases: further names that mean this event when it is read.
    #[must_use]
    pub const fn with_aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    /// Sets the kind of data. The default is JSON.
    #[must_use]
    pub const fn with_data(self, data: DataKind) -> Self {
        Self { data, ..self }
    }

    /// Sets the tag by which the data identifies the event if its name does not.
    ///
    /// An event without a name is then read by its tag, and if the event is described as unnamed, so is one whose name
    /// is a value of the tag. Names, literals and unnamed payloads take precedence, and so do those of other types in an
    /// enum that nests the type.
    ///
    /// A type that is implemented by hand and reads events by a tag has to describe the tag, because an enum that nests
    /// the type asks it only for events that it describes.
    #[must_use]
    pub const fn with_tag(self, tag: EventTag) -> Self {
        Self { tag: Some(tag), ..self }
    }

    /// Sets the reconnection time that the event is written with.
    #[must_use]
    pub const fn with_retry(self, retry: Retry) -> Self {
        Self { retry: Some(retry), ..self }
    }

    /// Marks the event as one with a field that is written as the event ID.
    #[must_use]
    pub const fn with_id(self) -> Self {
        Self { id: true, ..self }
    }

    /// Marks the event as terminal: the stream ends after it.
    #[must_use]
    pub const fn with_terminal(self) -> Self {
        Self { terminal: Terminal::Always, ..self }
    }

    /// Marks the event as one whose data determines whether the stream ends after it.
    #[must_use]
    pub const fn with_terminal_sometimes(self) -> Self {
        Self { terminal: Terminal::Sometimes, ..self }
    }

    /// Marks the event as one that reports an error.
    #[must_use]
    pub const fn with_error(self) -> Self {
        Self { error: true, ..self }
    }

    /// Returns the event name, or `None` if the event is unnamed.
    ///
    /// When an unnamed event is read, [`RawEvent::name`](crate::RawEvent::name) returns `message`.
    #[must_use]
    pub const fn name(&self) -> Option<&'static str> {
        self.name
    }

    /// Returns the further names that mean this event when it is read.
    #[must_use]
    pub const fn aliases(&self) -> &'static [&'static str] {
        self.aliases
    }

    /// Returns the kind of data.
    #[must_use]
    pub const fn data(&self) -> DataKind {
        self.data
    }

    /// Returns the text that the data must be equal to, or `None` if the data is not a literal.
    #[must_use]
    pub const fn literal(&self) -> Option<&'static str> {
        match self.data {
            DataKind::Literal(text) => Some(text),
            DataKind::Json | DataKind::Text | DataKind::Custom | DataKind::Empty => None,
        }
    }

    /// Returns the tag by which the data identifies the event if its name does not, or `None` if it has none.
    #[must_use]
    pub const fn tag(&self) -> Option<EventTag> {
        self.tag
    }

    /// Returns the reconnection time that the event is always written with, or `None` if it has none or takes it from a
    /// field.
    #[must_use]
    pub const fn retry(&self) -> Option<Retry> {
        self.retry
    }

    /// Returns whether a field of the event is written as the event ID.
    #[must_use]
    pub const fn has_id(&self) -> bool {
        self.id
    }

    /// Returns whether the event is terminal: whether the stream ends after it never, always, or depending on its data.
    #[must_use]
    pub const fn terminal(&self) -> Terminal {
        self.terminal
    }

    /// Returns whether the event reports an error.
    #[must_use]
    pub const fn is_error(&self) -> bool {
        self.error
    }
}
