//! Event names that browsers use for their own events.

use crate::wire::MESSAGE;

/// An event name that a browser's `EventSource` also uses for its own events.
///
/// ```
/// use sse_core::{BrowserEventName, SseEvent, WireEvents};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "snake_case")]
/// enum Feed {
///     Tick(u32),
///     Error { code: u32 },
/// }
///
/// let shared: Vec<_> = WireEvents::of::<Feed>().filter_map(|event| event.browser_event_name()).collect();
/// assert_eq!(shared, [BrowserEventName::Error]);
/// ```
///
/// All three names are valid, and existing services send them. A listener in a page has to distinguish the events of
/// the server from those of the browser: an event of the server is a `MessageEvent`, and has `data`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserEventName {
    /// `message`, which is also the name of every unnamed event. `onmessage` receives both.
    Message,
    /// `open`, which the browser fires whenever it has connected or reconnected. `onopen` receives both.
    Open,
    /// `error`, which the browser fires whenever the connection is lost or refused. `onerror` receives both. An event
    /// of the server with this name does not affect the connection.
    Error,
}

impl BrowserEventName {
    /// Returns the variant for an event name, or `None` if browsers do not use the name. The comparison is
    /// case-sensitive.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Message, Self::Open, Self::Error].into_iter().find(|known| known.as_str() == name)
    }

    /// Returns the event name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => MESSAGE,
            Self::Open => "open",
            Self::Error => "error",
        }
    }
}
