//! Line ends, found many at a time.

use wide::{AlignTo, u8x16};

use crate::wire::{CR, LF};

/// Where the next line ends are: a window of 64 bytes, with a bit for each line end that is not taken yet.
///
/// Small, and changed only by value: it lives in registers while a block is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineEnds {
    /// Where the window begins. It may hang over either end of the chunk, the first one by wrapping.
    window: usize,
    mask: u64,
}

/// How many bytes one mask covers.
const WINDOW: usize = 64;

/// So many windows without a line end, and the line is long: from there on `memchr` is faster. With no bound at all,
/// lines of 1.5 KiB cost about 20 ns more.
const PATIENCE: usize = 4;

/// From so many bytes on, a line is likely to go on for more than a few windows.
const FAR: usize = 128;

/// From so many bytes on, a line is likely to go on for a whole chunk, and is asked in large steps.
const LONG: usize = 4096;

impl LineEnds {
    /// Nothing is looked up yet.
    pub(crate) const fn new() -> Self {
        Self::none(&[])
    }

    /// Takes the next line end at or behind `from`, where the present line begins.
    #[inline]
    pub(crate) fn next(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        let end = self.peek(bytes, from)?;
        self.skip();
        Some(end)
    }

    /// The same, in a line that is so long already.
    #[inline]
    pub(crate) fn next_far(&mut self, bytes: &[u8], from: usize, len: usize) -> Option<usize> {
        if len >= FAR {
            let end = from + first_line_end(bytes.get(from..)?, len)?;
            *self = Self::search_behind(bytes, end);
        }
        self.next(bytes, from)
    }

    /// As [`next`](Self::next), not taken.
    #[inline]
    pub(crate) fn peek(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        if self.mask == 0 {
            // What the window before covers is not looked at again.
            let next = self.window.wrapping_add(WINDOW);
            *self = if next < from { Self::search_behind(bytes, from) } else { Self::search(bytes, next) };
            if self.mask == 0 {
                return None;
            }
        }
        Some(self.window.wrapping_add(self.mask.trailing_zeros() as usize))
    }

    /// Takes the line end right behind the one taken last: the LF of a CR LF, or the line end of an empty line. It is
    /// the next one, unless it stands behind the window, which then has none left.
    #[inline]
    pub(crate) const fn skip(&mut self) {
        self.mask &= self.mask.wrapping_sub(1);
    }

    /// Where more was taken than the window before covers. It is seldom, and a branch to it is foretold, where a choice of
    /// the window to look at would wait for the line before.
    #[cold]
    #[inline(never)]
    fn search_behind(bytes: &[u8], from: usize) -> Self {
        Self::search(bytes, from)
    }

    /// Moves the window on to the next line end, or behind the last one.
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

    /// In a longer line, or near the end of the chunk.
    #[inline(never)]
    fn search_on(bytes: &[u8], from: usize) -> Self {
        let Some(unread @ [_, ..]) = bytes.get(from..) else { return Self::none(bytes) };
        let (windows, tail) = unread.as_chunks::<WINDOW>();
        for (count, window) in windows.iter().enumerate().skip(1).take(PATIENCE) {
            let mask = mask(window);
            if mask != 0 {
                return Self { window: from + count * WINDOW, mask };
            }
        }
        if windows.len() > PATIENCE {
            return Self::search_far(bytes, from + PATIENCE * WINDOW);
        }
        Self::search_tail(bytes, bytes.len() - tail.len())
    }

    /// In a line that is known to be long.
    fn search_far(bytes: &[u8], from: usize) -> Self {
        match bytes.get(from..).and_then(|unread| memchr::memchr2(LF, CR, unread)) {
            Some(found) => Self::search(bytes, from + found),
            None => Self::none(bytes),
        }
    }

    /// In less than a window before the end of the chunk. Its last part reaches back; where it cannot, a look at each
    /// byte is all that is left.
    fn search_tail(bytes: &[u8], from: usize) -> Self {
        let tail = bytes.get(from..).unwrap_or_default();
        let Some(last) = bytes.last_chunk() else { return Self { window: from, mask: few_line_ends(tail) } };
        let (parts, rest) = tail.as_chunks();
        let rest = line_ends(last) >> (PART - rest.len());
        match parts.iter().rev().fold(rest, |mask, part| mask << PART | line_ends(part)) {
            0 => Self::none(bytes),
            mask => Self { window: from, mask },
        }
    }

    /// There is none up to the end of the chunk.
    const fn none(bytes: &[u8]) -> Self {
        Self { window: bytes.len().wrapping_sub(WINDOW), mask: 0 }
    }
}

/// A bit for each CR and LF of a window.
#[inline]
fn mask(window: &[u8; WINDOW]) -> u64 {
    let (parts, _) = window.as_chunks();
    parts.iter().rev().fold(0, |mask, part| mask << PART | line_ends(part))
}

/// How many bytes are compared at once. Twice as many gain two in a hundred, where the machine has them.
const PART: usize = 16;

#[inline]
fn line_ends(part: &[u8; PART]) -> u64 {
    let part = u8x16::new(*part);
    u64::from((part.simd_eq(u8x16::splat(LF)) | part.simd_eq(u8x16::splat(CR))).to_bitmask())
}

/// A bit for each CR and LF of less than a part: of its first eight bytes and its last eight, if it has so many.
fn few_line_ends(bytes: &[u8]) -> u64 {
    let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) else {
        let ends = bytes.iter().rev().map(|&byte| u64::from(byte == LF || byte == CR));
        return ends.fold(0, |mask, end| mask << 1 | end);
    };
    let behind = 8 * (bytes.len() - 8);
    let part = u128::from(u64::from_le_bytes(*first)) | u128::from(u64::from_le_bytes(*last)) << behind;
    line_ends(&part.to_le_bytes())
}

/// The first line end in the rest of a line that is `len` bytes long already.
#[inline(never)]
fn first_line_end(bytes: &[u8], len: usize) -> Option<usize> {
    let from = if len < LONG { 0 } else { passed_at_a_glance(bytes) };
    match bytes.get(from..) {
        Some(unread @ [_, ..]) => memchr::memchr2(LF, CR, unread).map(|found| from + found),
        _ => None,
    }
}

/// How many bytes at the beginning end no line, as far as a glance tells. Parts that stand aligned cost half of others.
fn passed_at_a_glance(bytes: &[u8]) -> usize {
    const STRIDE: usize = 32;
    let (Some(first), Some(last)) = (bytes.first_chunk(), bytes.last_chunk()) else { return 0 };
    let (head, parts, _) = u8x16::simd_align_to(bytes);
    let (strides, _) = parts.as_chunks::<STRIDE>();
    let Some(rest) = parts.last_chunk::<STRIDE>() else { return 0 };
    if may_end_line(u8x16::new(*first), &[]) {
        return 0;
    }
    let passed = strides.iter().take_while(|stride| !may_end_line(u8x16::splat(u8::MAX), *stride)).count();
    if passed == strides.len() && !may_end_line(u8x16::new(*last), rest) {
        return bytes.len();
    }
    head.len() + passed * STRIDE * PART
}

/// Whether a line may end in these parts: CR and LF are among the least bytes, and rarely is anything else of JSON or of
/// text.
#[inline]
fn may_end_line(first: u8x16, others: &[u8x16]) -> bool {
    let least = others.iter().fold(first, |least, part| least.min(*part));
    least.min(u8x16::splat(CR)).simd_eq(least).any()
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use super::*;

    /// Lines that are short and long already, and rests of a line with a line end anywhere, alone or behind a byte that is
    /// nearly one.
    #[test]
    fn a_line_ends_at_its_first_line_end_wherever_that_stands() {
        const SIZES: &[usize] = if cfg!(miri) { &[65] } else { &[1, 15, 17, 63, 64, 65, 400, 511, 512, 513, 1460] };
        for (len, &size) in [0, FAR, LONG].iter().flat_map(|len| SIZES.iter().map(move |size| (*len, size))) {
            for end in 0..=size {
                for (before, last) in [(b'x', LF), (b'\t', CR), (0xC3, LF)] {
                    let mut bytes = vec![b'x'; size];
                    if let Some(byte) = bytes.get_mut(end) {
                        *byte = last;
                        bytes[end.saturating_sub(1)..end].fill(before);
                    }
                    // What is looked at stands aligned or not.
                    for from in [0, 1, 9] {
                        let expected = (end < size && end >= from).then_some(end);
                        let found = LineEnds::new().next_far(&bytes, from, len);
                        assert_eq!(found, expected, "of {size} bytes behind {len}, from {from}");
                    }
                }
            }
        }
    }

    #[test]
    fn each_line_end_is_taken_once_however_far_the_next_one_is() {
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
                    assert_eq!(ends.next(&bytes, from), Some(at), "in gaps of {first} and {second}");
                    from = at + 1;
                }
                assert_eq!(ends.next(&bytes, from), None);
            }
        }
    }
}
