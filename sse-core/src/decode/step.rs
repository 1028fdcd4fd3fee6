//! The outcome of a step of the decoder.

use super::limit::LimitError;

/// The outcome of a step. A step reads a line or a part of one; the fast path, which reads whole blocks, is not one.
#[derive(Debug)]
#[must_use]
pub(crate) enum Step {
    /// Nothing is to be returned yet. Another step follows.
    Continue,
    /// The chunk is read to its end.
    End,
    /// A block has ended, and its event is to be returned.
    Event,
    /// A comment is to be returned. Only if comments are [`Shown`].
    Comment,
    /// A block without an event is to be returned. Only if blocks are [`Shown`].
    Block,
    /// An event is skipped, because it exceeds a limit.
    Failed(LimitError),
}

/// The parts of a stream that are returned in addition to its events. The standard skips them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) comments: bool,
    /// Blocks without an event that set an ID or a reconnection time.
    pub(crate) blocks: bool,
}

impl Shown {
    pub(crate) const NONE: Self = Self { comments: false, blocks: false };
    pub(crate) const ALL: Self = Self { comments: true, blocks: true };
}
