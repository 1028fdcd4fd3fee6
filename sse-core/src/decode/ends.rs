//! Line ends, found many at a time.

use wide::u8x16;

use crate::wire::{CR, LF};

/// Where the next line ends are: a window of 64 bytes, with a bit for each line end that is not taken yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineEnds {
    window: usize,
    mask: u64,
    /// From here on the chunk is known to hold no line end.
    none_from: usize,
}

/// How many bytes one mask covers.
const WINDOW: usize = 64;

/// So many windows without a line end, and the line is long: from there on `memchr` is faster. With no bound at all,
/// lines of 1.5 KiB cost about 20 ns more.
const PATIENCE: usize = 5;

impl LineEnds {
    pub(crate) const fn new() -> Self {
        Self { window: 0, mask: 0, none_from: usize::MAX }
    }

    /// For an earlier place in the chunk: the window is to be looked up again, which costs less than to have kept it.
    pub(crate) const fn go_back(&mut self) {
        self.mask = 0;
    }

    /// Takes the next line end at or behind `from`, where the present line begins.
    #[inline]
    pub(crate) fn next(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        if self.mask == 0 {
            self.search(bytes, from)?;
        }
        let end = self.window + self.first();
        self.mask &= self.mask - 1;
        Some(end)
    }

    /// Takes the line end at `position`, which is at or right behind the one taken last: the LF of a CR LF, or the line
    /// end of an empty line.
    #[inline]
    pub(crate) fn skip(&mut self, position: usize) {
        let bit = u32::try_from(position - self.window).ok().and_then(|bit| 1_u64.checked_shl(bit));
        self.mask &= !bit.unwrap_or(0);
    }

    fn first(self) -> usize {
        self.mask.trailing_zeros() as usize
    }

    /// Moves the window on to the next line end. It begins at the line's start and not where the window before ended:
    /// short lines then stand whole in one window.
    #[inline]
    fn search(&mut self, bytes: &[u8], from: usize) -> Option<()> {
        if from >= self.none_from {
            return None;
        }
        let unread = bytes.get(from..)?;
        let (windows, _) = unread.as_chunks::<WINDOW>();
        for (count, window) in windows.iter().take(PATIENCE).enumerate() {
            let mask = mask(window);
            if mask != 0 {
                self.window = from + count * WINDOW;
                self.mask = mask;
                return Some(());
            }
        }
        self.search_on(bytes, from + windows.len().min(PATIENCE) * WINDOW)
    }

    /// In a long line, or near the end of the chunk.
    #[inline(never)]
    fn search_on(&mut self, bytes: &[u8], from: usize) -> Option<()> {
        let Some(found) = memchr::memchr2(LF, CR, bytes.get(from..)?) else {
            self.none_from = from;
            return None;
        };
        self.window = from + found;
        self.mask = 1;
        Some(())
    }
}

/// A bit for each CR and LF.
#[inline]
fn mask(window: &[u8; WINDOW]) -> u64 {
    let (parts, _) = window.as_chunks::<16>();
    let (lf, cr) = (u8x16::splat(LF), u8x16::splat(CR));
    parts.iter().rev().fold(0, |mask, part| {
        let part = u8x16::new(*part);
        mask << 16 | u64::from((part.simd_eq(lf) | part.simd_eq(cr)).to_bitmask())
    })
}
