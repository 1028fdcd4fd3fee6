//! How much a decoder takes from its peer.

use core::fmt;

/// How many bytes a decoder accepts before it gives an event up.
///
/// The defaults bound what a hostile or broken peer can make a client hold, far above what event streams carry.
///
/// ```
/// use sse_core::{Decoder, LimitError, Limits};
///
/// let mut decoder = Decoder::new().with_limits(Limits::new().with_event(10));
/// let mut events = decoder.feed(b"data: far too long\n\ndata: short\n\n");
/// assert_eq!(events.next_event().unwrap(), Err(LimitError::Event { limit: 10 }));
/// assert_eq!(events.next_event().unwrap().unwrap().data(), "short");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub(crate) line: usize,
    pub(crate) event: usize,
    pub(crate) buffered: usize,
}

impl Limits {
    /// The default limit on a line: 8 MiB, since an event of one line is the common form of a large one.
    pub const LINE: usize = 8 << 20;

    /// The default limit on an event's data: 8 MiB, several times a large base64 picture.
    pub const EVENT: usize = 8 << 20;

    /// The default limit on what is held between two chunks: 16 MiB, room for an event and a line at their limits.
    pub const BUFFERED: usize = 16 << 20;

    /// The defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self { line: Self::LINE, event: Self::EVENT, buffered: Self::BUFFERED }
    }

    /// With at most so many bytes in a line, its end not counted. Comments and unknown fields are skipped without
    /// being held, and may be longer.
    #[must_use]
    pub const fn with_line(self, bytes: usize) -> Self {
        Self { line: bytes, ..self }
    }

    /// With at most so many bytes in an event's data.
    #[must_use]
    pub const fn with_event(self, bytes: usize) -> Self {
        Self { event: bytes, ..self }
    }

    /// With at most so many bytes held between two chunks: unfinished lines and events, and the unread rest of a
    /// chunk.
    #[must_use]
    pub const fn with_buffered(self, bytes: usize) -> Self {
        Self { buffered: bytes, ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

/// An event that is larger than a limit allows. It is skipped; the decoder goes on with the next one, and an ID in
/// the skipped event's block still counts, or a client would resume into that event for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitError {
    /// A line is too long.
    Line {
        /// [`Limits::with_line`], in bytes.
        limit: usize,
    },
    /// An event's data is too long.
    Event {
        /// [`Limits::with_event`], in bytes.
        limit: usize,
    },
    /// Too much is left between two chunks.
    Buffered {
        /// [`Limits::with_buffered`], in bytes.
        limit: usize,
    },
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, limit, setter) = match self {
            Self::Line { limit } => ("a line is longer than", limit, "with_line"),
            Self::Event { limit } => ("the data of an event is longer than", limit, "with_event"),
            Self::Buffered { limit } => ("what is left between two chunks is more than", limit, "with_buffered"),
        };
        write!(f, "{what} the limit of {limit} bytes, the event is skipped; `Limits::{setter}` sets the limit")
    }
}

impl core::error::Error for LimitError {}
