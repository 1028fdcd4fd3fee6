//! The errors of publishing and subscribing.

use std::{error::Error, fmt};

use sse_core::EncodeError;

/// The error returned if an event cannot be published.
#[derive(Debug)]
#[non_exhaustive]
pub enum PublishError {
    /// Too many bytes are waiting to be appended to the store.
    Busy {
        /// The limit: [`Options::max_pending`](crate::Options::max_pending).
        max: usize,
    },
    /// The hub is closed.
    Closed,
    /// The event is larger than the limit.
    TooLarge {
        /// The size of the event in bytes.
        len: usize,
        /// The limit: [`Options::max_event`](crate::Options::max_event).
        max: usize,
    },
    /// The event cannot be encoded.
    Encode(EncodeError),
    /// A terminal event was not published to exactly one topic, which it would end.
    Terminal {
        /// The number of topics.
        topics: usize,
    },
    /// A topic name is invalid, or there are too many names.
    Name(NameError),
    /// The store did not accept the event, or did not answer.
    Unavailable {
        /// Whether the event may be in the log.
        sent: Sent,
    },
}

/// Whether an event whose publication failed may be in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The event is not in the log and will not be appended later.
    NotSent,
    /// The event may be in the log, or readers may have received it before the log lost it.
    Unknown,
}

/// The error returned if topic names are invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameError {
    /// A topic name is empty.
    Empty,
    /// A topic name is longer than the limit.
    TooLong {
        /// The length of the name in bytes.
        len: usize,
        /// The limit: [`Options::max_name`](crate::Options::max_name).
        max: usize,
    },
    /// A topic name contains a control character.
    Control {
        /// The byte offset of the character.
        position: usize,
    },
    /// There are more topic names than the limit allows.
    TooMany {
        /// The number of names.
        topics: usize,
        /// The limit: [`Options::max_topics`](crate::Options::max_topics).
        max: usize,
    },
}

/// The error returned by `subscribe`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SubscribeError {
    /// A topic name is invalid, or there are too many names.
    Name(NameError),
    /// The maximum number of subscriptions is reached.
    TooManySubscriptions {
        /// The limit: [`Options::max_subscriptions`](crate::Options::max_subscriptions).
        max: usize,
    },
    /// The maximum number of live topics is reached.
    TooManyTopics {
        /// The limit: [`Options::max_live_topics`](crate::Options::max_live_topics).
        max: usize,
    },
    /// The hub is closed or draining.
    Closed,
}

impl SubscribeError {
    /// Returns the HTTP status for this error: 400 if the request is invalid, or 503 if another node or a later attempt
    /// may succeed.
    ///
    /// ```
    /// use sse_hub::SubscribeError;
    ///
    /// assert_eq!(SubscribeError::Closed.status(), 503);
    /// ```
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Name(_) => 400,
            Self::TooManySubscriptions { .. } | Self::TooManyTopics { .. } | Self::Closed => 503,
        }
    }
}

/// The error that ends the stream of a subscription. The client reconnects with its last event ID.
#[derive(Debug)]
#[non_exhaustive]
pub enum Cut {
    /// The reader lagged by more than [`cut_when_behind`](crate::Subscribe::cut_when_behind) allows.
    Behind,
    /// An event of `on_gap` or `on_bookmark` cannot be encoded.
    Encode(EncodeError),
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy { max } => {
                write!(f, "more than {max} bytes are pending; wait with `Hub::room` or raise `Options::max_pending`")
            }
            Self::Closed => f.write_str("the hub is closed"),
            Self::TooLarge { len, max } => {
                write!(f, "event has {len} bytes, and the limit is {max}; raise `Options::max_event`")
            }
            // Displays the source in place of this error.
            Self::Encode(error) => error.fmt(f),
            Self::Terminal { topics } => {
                write!(f, "terminal event was published to {topics} topics; publish it to exactly one topic")
            }
            Self::Name(error) => error.fmt(f),
            Self::Unavailable { sent: Sent::NotSent } => {
                f.write_str("the store did not accept the event; publish it again")
            }
            Self::Unavailable { sent: Sent::Unknown } => {
                f.write_str("the store did not answer; the event may have been published")
            }
        }
    }
}

impl Error for PublishError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Encode(error) => error.source(),
            _ => None,
        }
    }
}

impl From<EncodeError> for PublishError {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl From<NameError> for PublishError {
    fn from(error: NameError) -> Self {
        Self::Name(error)
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("topic name is empty; it must have at least one character"),
            Self::TooLong { len, max } => {
                write!(f, "topic name has {len} bytes, and the limit is {max}; raise `Options::max_name`")
            }
            Self::Control { position } => {
                write!(f, "topic name contains a control character at byte {position}; remove it")
            }
            Self::TooMany { topics, max } => {
                write!(f, "{topics} topics are given, and the limit is {max}; raise `Options::max_topics`")
            }
        }
    }
}

impl Error for NameError {}

impl fmt::Display for SubscribeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(error) => error.fmt(f),
            Self::TooManySubscriptions { max } => {
                write!(f, "there are already {max} subscriptions; raise `Options::max_subscriptions`")
            }
            Self::TooManyTopics { max } => {
                write!(f, "there are already {max} live topics; raise `Options::max_live_topics`")
            }
            Self::Closed => f.write_str("the hub is closed or draining"),
        }
    }
}

impl Error for SubscribeError {}

impl From<NameError> for SubscribeError {
    fn from(error: NameError) -> Self {
        Self::Name(error)
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Behind => f.write_str("the reader is too far behind"),
            Self::Encode(error) => error.fmt(f),
        }
    }
}

impl Error for Cut {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Behind => None,
            Self::Encode(error) => error.source(),
        }
    }
}
