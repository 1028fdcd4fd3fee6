//! Writing lines, and splitting text into lines.

use alloc::vec::Vec;

use crate::wire::{CR, LF};

/// Writes `prefix`, `value` and a line ending. The value must be a single line.
#[inline]
pub(crate) fn write(out: &mut Vec<u8>, prefix: &[u8], value: &[u8]) {
    out.reserve(prefix.len() + value.len() + 1);
    out.extend_from_slice(prefix);
    out.extend_from_slice(value);
    out.push(LF);
}

/// Returns the first line of `text`, its line ending, and the rest, or `None` if `text` contains no line ending.
pub(crate) fn split(text: &[u8]) -> Option<(&[u8], LineEnd, &[u8])> {
    let at = memchr::memchr2(LF, CR, text)?;
    let (line, rest) = text.split_at_checked(at)?;
    match rest {
        [CR] => Some((line, LineEnd::MaybeHalf, &[])),
        [CR, LF, rest @ ..] | [_, rest @ ..] => Some((line, LineEnd::Whole, rest)),
        [] => None,
    }
}

/// The state of a line ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    Whole,
    /// A CR at the end of the text. An LF at the start of the next piece belongs to it.
    MaybeHalf,
}
