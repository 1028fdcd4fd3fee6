//! Event types that a browser has uses of its own for.

use crate::wire::MESSAGE;

/// An event type that a browser's `EventSource` has a use of its own for.
///
/// All three are legal, and real services send them. A listener in a page has to tell what the server sent from what the
/// browser itself reports: an event of the server's is a `MessageEvent`, and has `data`.
///
/// ```
/// use sse_core::{BrowserName, SseEvent, WireEvents};
///
/// #[derive(SseEvent)]
/// #[sse(rename_all = "snake_case")]
/// enum Feed {
///     Tick(u32),
///     Error { code: u32 },
/// }
///
/// let shared: Vec<_> = WireEvents::of::<Feed>().filter_map(|event| event.browser_name()).collect();
/// assert_eq!(shared, [BrowserName::Error]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrowserName {
    /// `message`, which is also the type of every event without a name: `onmessage` gets both alike.
    Message,
    /// `open`: the browser fires one itself whenever it has connected, first or again; `onopen` gets both alike.
    Open,
    /// `error`: the browser fires one itself whenever the connection is lost or refused; `onerror` gets both alike, and
    /// one that the server sends changes nothing about the connection.
    Error,
}

impl BrowserName {
    /// The one of this event type, if there is one. Case counts.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Message, Self::Open, Self::Error].into_iter().find(|known| known.as_str() == name)
    }

    /// Its event type.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => MESSAGE,
            Self::Open => "open",
            Self::Error => "error",
        }
    }
}
