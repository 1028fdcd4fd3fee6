//! The search for line endings, 64 bytes at a time.

use wide::{AlignTo, u8x16};

use crate::wire::{CR, LF};

/// A window of 64 bytes of a chunk, with one bit for each CR and LF that has not been taken.
///
/// Small, `Copy` and replaced as a whole, so that it stays in registers while a block is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineEnds {
    /// The offset of the window. It may extend past the end of the chunk, or start before it as a wrapped offset.
    window: usize,
    mask: u64,
}

/// The number of bytes in a window: one for each bit of a mask.
const WINDOW: usize = 64;

/// The number of windows without a line ending after which `memchr` takes over, which is faster in a long line. Without
/// this bound, lines of 1.5 KiB cost about 20 ns more.
const PATIENCE: usize = 4;

/// The length of a line, in bytes, from which it is likely to continue for more than a few windows.
const FAR: usize = 128;

/// The length of a line, in bytes, from which it is likely to fill the next chunk, which is then searched in large
/// steps.
const LONG: usize = 4096;

impl Default for LineEnds {
    fn default() -> Self {
        Self::new()
    }
}

impl LineEnds {
    /// Creates a window before the start of a chunk.
    pub(crate) const fn new() -> Self {
        Self::none(&[])
    }

    /// Takes the next line ending at or after `from`, the start of the present line, and returns its offset.
    #[inline]
    pub(crate) fn next(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let end = self.peek(bytes, from)?;
        self.skip();
        Some(end)
    }

    /// Like [`next`](Self::next), but for the rest of a line of which earlier chunks contained `len` bytes.
    #[inline]
    pub(crate) fn next_far(&mut self, bytes: &[u8], from: usize, len: usize) -> Option<usize> {
        if len >= FAR {
            let end = from + first_line_end(bytes.get(from..)?, len)?;
            *self = Self::search_after(bytes, end);
        }
        self.next(bytes, from)
    }

    /// Returns the offset of the next line ending at or after `from`, without taking it.
    #[inline]
    pub(crate) fn peek(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        if self.mask == 0 {
            // The last window is not searched again: each of its line endings has been taken.
            let next = self.window.wrapping_add(WINDOW);
            *self = if next < from { Self::search_after(bytes, from) } else { Self::search(bytes, next) };
            if self.mask == 0 {
                return None;
            }
        }
        Some(self.window.wrapping_add(self.mask.trailing_zeros() as usize))
    }

    /// Returns whether the last search went to the end of the chunk and each line ending in it has been taken.
    #[inline]
    pub(crate) const fn is_exhausted(&self, bytes: &[u8]) -> bool {
        self.mask == 0 && self.window.wrapping_add(WINDOW) >= bytes.len()
    }

    /// Takes the next line ending, which was peeked or directly follows the one taken last: the LF of a CRLF, or that
    /// of an empty line.
    ///
    /// It is the lowest bit of the mask. If it lies after the window, the mask is 0 and stays 0, and the next search
    /// starts after it.
    #[inline]
    pub(crate) const fn skip(&mut self) {
        self.mask &= self.mask.wrapping_sub(1);
    }

    /// Like [`search`](Self::search), for an offset past the end of the last window.
    ///
    /// Rare, because it takes a CRLF or an empty line that straddles the end of the window, so the branch predicts
    /// well. A conditional move would make each search wait for the previous line.
    #[cold]
    #[inline(never)]
    fn search_after(bytes: &[u8], from: usize) -> Self {
        Self::search(bytes, from)
    }

    /// Returns the first window from `from` on that contains a line ending, or an empty one at the end of the chunk.
    #[inline]
    fn search(bytes: &[u8], from: usize) -> Self {
        if let Some(window) = bytes.get(from..).and_then(<[u8]>::first_chunk) {
            let mask = mask(window);
            if mask != 0 {
                return Self { window: from, mask };
            }
        }
        Self::search_on(bytes, from)
    }

    /// Continues [`search`](Self::search) after the first window, or near the end of the chunk.
    #[inline(never)]
    fn search_on(bytes: &[u8], from: usize) -> Self {
        let Some(unread @ [_, ..]) = bytes.get(from..) else { return Self::none(bytes) };
        let (windows, tail) = unread.as_chunks::<WINDOW>();
        // `search` has looked at the first window.
        for (count, window) in windows.iter().enumerate().skip(1).take(PATIENCE) {
            // Most windows of a line have no line ending, and this test takes half as long as making the mask.
            if may_end_line_in(window) {
                let mask = mask(window);
                if mask != 0 {
                    return Self { window: from + count * WINDOW, mask };
                }
            }
        }
        if windows.len() > PATIENCE {
            return Self::search_far(bytes, from + PATIENCE * WINDOW);
        }
        Self::search_tail(bytes, bytes.len() - tail.len())
    }

    /// Searches a line that is known to be long.
    fn search_far(bytes: &[u8], from: usize) -> Self {
        match bytes.get(from..).and_then(|unread| memchr::memchr2(LF, CR, unread)) {
            Some(found) => Self::search(bytes, from + found),
            None => Self::none(bytes),
        }
    }

    /// Searches the tail of a chunk, which is shorter than a window.
    fn search_tail(bytes: &[u8], from: usize) -> Self {
        let tail = bytes.get(from..).unwrap_or_default();
        let Some(last) = bytes.last_chunk() else { return Self { window: from, mask: few_line_ends(tail) } };
        let (parts, rest) = tail.as_chunks();
        // `last` covers the rest, and bytes before it, whose bits the shift removes.
        let rest = line_ends(last) >> (PART - rest.len());
        match parts.iter().rev().fold(rest, |mask, part| mask << PART | line_ends(part)) {
            0 => Self::none(bytes),
            mask => Self { window: from, mask },
        }
    }

    /// Creates an empty window that ends with the chunk, which has no line ending left.
    const fn none(bytes: &[u8]) -> Self {
        Self { window: bytes.len().wrapping_sub(WINDOW), mask: 0 }
    }
}

/// Returns a mask with a bit for each CR and LF of a window.
#[inline]
fn mask(window: &[u8; WINDOW]) -> u64 {
    let (parts, _) = window.as_chunks();
    parts.iter().rev().fold(0, |mask, part| mask << PART | line_ends(part))
}

/// The number of bytes compared at once. 32 bytes would gain 2 % on machines with AVX2.
const PART: usize = 16;

/// Returns a mask with a bit for each CR and LF of a part.
#[inline]
fn line_ends(part: &[u8; PART]) -> u64 {
    let part = u8x16::new(*part);
    u64::from((part.simd_eq(u8x16::splat(LF)) | part.simd_eq(u8x16::splat(CR))).to_bitmask())
}

/// Returns a mask with a bit for each CR and LF of fewer bytes than a part.
fn few_line_ends(bytes: &[u8]) -> u64 {
    let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) else {
        let ends = bytes.iter().rev().map(|&byte| u64::from(byte == LF || byte == CR));
        return ends.fold(0, |mask, end| mask << 1 | end);
    };
    // The first and the last eight bytes cover all of them. In the overlap, their bits are equal.
    let shift = 8 * (bytes.len() - 8);
    let part = u128::from(u64::from_le_bytes(*first)) | u128::from(u64::from_le_bytes(*last)) << shift;
    line_ends(&part.to_le_bytes())
}

/// Returns the offset of the first line ending in the rest of a line of which earlier chunks contained `len` bytes.
#[inline(never)]
fn first_line_end(bytes: &[u8], len: usize) -> Option<usize> {
    let from = if len < LONG { 0 } else { prefix_without_line_end(bytes) };
    match bytes.get(from..) {
        Some(unread @ [_, ..]) => memchr::memchr2(LF, CR, unread).map(|found| from + found),
        _ => None,
    }
}

/// Returns the length of a prefix without a line ending, in large steps. It may be shorter than the longest such
/// prefix.
///
/// A stride of 32 parts, 512 bytes, takes one minimum for each part and one comparison in all. The parts are aligned,
/// which costs half as much as unaligned ones.
fn prefix_without_line_end(bytes: &[u8]) -> usize {
    const STRIDE: usize = 32;
    let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) else { return 0 };
    let (head, parts, _) = u8x16::simd_align_to(bytes);
    let (strides, _) = parts.as_chunks::<STRIDE>();
    let Some(rest) = parts.last_chunk::<STRIDE>() else { return 0 };
    // The first and the last 16 bytes cover the unaligned ends. `rest` covers the parts after the last whole stride.
    if may_end_line(u8x16::new(*first), &[]) {
        return 0;
    }
    let passed = strides.iter().take_while(|stride| !may_end_line(u8x16::splat(u8::MAX), *stride)).count();
    if passed == strides.len() && !may_end_line(u8x16::new(*last), rest) {
        return bytes.len();
    }
    head.len() + passed * STRIDE * PART
}

/// Returns whether a window may contain a line ending.
#[inline]
fn may_end_line_in(window: &[u8; WINDOW]) -> bool {
    let (parts, _) = window.as_chunks::<PART>();
    let least = parts.iter().fold(u8x16::splat(u8::MAX), |least, part| least.min(u8x16::new(*part)));
    may_end_line(least, &[])
}

/// Returns whether these parts may contain a line ending, which they do not if all bytes are larger than CR. In JSON
/// and in text, few other bytes are as small.
#[inline]
fn may_end_line(first: u8x16, others: &[u8x16]) -> bool {
    let least = others.iter().fold(first, |least, part| least.min(*part));
    // `min(least, CR) == least` is `least <= CR`.
    least.min(u8x16::splat(CR)).simd_eq(least).any()
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    /// Tries each offset with a plain byte, a tab or a non-ASCII byte before the line ending, and with lines that are
    /// short or long so far.
    #[test]
    fn the_first_line_ending_is_found_at_every_offset() {
        const SIZES: &[usize] = if cfg!(miri) { &[65] } else { &[1, 15, 17, 63, 64, 65, 400, 511, 512, 513, 1460] };
        for (len, &size) in [0, FAR, LONG].iter().flat_map(|len| SIZES.iter().map(move |size| (*len, size))) {
            for end in 0..=size {
                for (before, last) in [(b'x', LF), (b'\t', CR), (0xC3, LF)] {
                    let mut bytes = vec![b'x'; size];
                    if let Some(byte) = bytes.get_mut(end) {
                        *byte = last;
                        bytes[end.saturating_sub(1)..end].fill(before);
                    }
                    // Aligned and unaligned starts.
                    for from in [0, 1, 9] {
                        let expected = (end < size && end >= from).then_some(end);
                        let found = LineEnds::new().next_far(&bytes, from, len);
                        assert_eq!(found, expected, "in {size} bytes after {len}, from {from}");
                    }
                }
            }
        }
    }

    #[test]
    fn each_line_ending_is_taken_once_at_every_distance() {
        const GAPS: [usize; 12] = [0, 1, 2, 15, 16, 62, 63, 64, 65, 300, 400, 700];
        for first in GAPS {
            for second in GAPS {
                let mut bytes = vec![b'x'; first];
                for gap in [second, 1, second, first, 0, second] {
                    bytes.push(if gap % 2 == 0 { LF } else { CR });
                    bytes.resize(bytes.len() + gap, b'x');
                }
                let expected = bytes.iter().enumerate().filter(|(_, byte)| matches!(**byte, LF | CR));
                let (mut ends, mut from) = (LineEnds::new(), 0);
                for (at, _) in expected {
                    assert_eq!(ends.next(&bytes, from), Some(at), "with gaps of {first} and {second}");
                    from = at + 1;
                }
                assert_eq!(ends.next(&bytes, from), None);
            }
        }
    }
}
