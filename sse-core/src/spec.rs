//! The static description of a type's events.

/// One entry of [`EventSet::EVENTS`](crate::EventSet::EVENTS).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventSpec {
    /// One event.
    Event(EventInfo),
    /// The events of a nested type, each name with the prefix before it.
    Group {
        /// Put before each name of the group; often empty.
        prefix: &'static str,
        /// The nested type's events.
        events: &'static [EventSpec],
    },
    /// Any event that no other entry names.
    CatchAll,
}

/// What is known of one event at compile time.
///
/// ```
/// use sse_core::EventInfo;
///
/// const DONE: EventInfo = EventInfo::new("done").with_aliases(&["end"]).with_terminal();
/// assert_eq!(DONE.name(), Some("done"));
/// assert!(DONE.is_terminal());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventInfo {
    name: Option<&'static str>,
    aliases: &'static [&'static str],
    terminal: bool,
    error: bool,
}

impl EventInfo {
    /// An event with this event type.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name: Some(name), aliases: &[], terminal: false, error: false }
    }

    /// An event without an `event:` line: its type is `message`.
    #[must_use]
    pub const fn unnamed() -> Self {
        Self { name: None, aliases: &[], terminal: false, error: false }
    }

    /// More event types that mean this event when read.
    #[must_use]
    pub const fn with_aliases(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
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
