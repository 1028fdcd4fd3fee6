//! The notifications, which the server sends and the client reads.

use sse_core::{Gap, SseEvent};

/// A notification to a person. `from` is the name of the person who caused it, `at` the time in milliseconds since 1970.
#[derive(Clone, Debug, SseEvent)]
#[sse(rename_all = "kebab-case")]
pub(crate) enum Notice {
    Message {
        from: String,
        at: u64,
        text: String,
    },
    Comment {
        from: String,
        at: u64,
        text: String,
    },
    Like {
        from: String,
        at: u64,
    },
    Follow {
        from: String,
        at: u64,
    },
    /// Carries only an ID, from which a client that has not received a notification can resume.
    Here,
    /// The person has signed out, and the stream ends.
    #[sse(terminal)]
    SignedOut,
    /// Notifications may be missing, and those that the server still holds do not all follow. The client starts over
    /// without an ID, receives all that are held, and skips those that it has.
    Resync(Gap),
}
