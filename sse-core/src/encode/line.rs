//! Lines: a value written behind its prefix, a text cut into lines.

use alloc::vec::Vec;

use crate::wire::{CR, LF};

/// Writes `prefix`, `value` and a line end. The value is one line.
#[inline]
pub(crate) fn write(out: &mut Vec<u8>, prefix: &[u8], value: &[u8]) {
    out.reserve(prefix.len() + value.len() + 1);
    out.extend_from_slice(prefix);
    out.extend_from_slice(value);
    out.push(LF);
}

/// The first line of `text`, and what stands behind its line end; `None` where no line ends.
pub(crate) fn split(text: &[u8]) -> Option<(&[u8], LineEnd, &[u8])> {
    let at = memchr::memchr2(LF, CR, text)?;
    let (line, rest) = text.split_at_checked(at)?;
    match rest {
        [CR] => Some((line, LineEnd::MaybeHalf, &[])),
        [CR, LF, rest @ ..] | [_, rest @ ..] => Some((line, LineEnd::Whole, rest)),
        [] => None,
    }
}

/// How a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    Whole,
    /// A CR, and the text ends there: an LF at the start of the next piece belongs to it.
    MaybeHalf,
}
