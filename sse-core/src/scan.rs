//! Line ends, a few bytes at a time.

use wide::u8x16;

use crate::wire::{CR, LF};

/// How many bytes are compared at once. Twice as many gain two in a hundred, where the machine has them.
pub(crate) const PART: usize = 16;

/// A bit for each CR and LF.
#[inline]
pub(crate) fn line_ends(part: &[u8; PART]) -> u64 {
    let part = u8x16::new(*part);
    u64::from((part.simd_eq(u8x16::splat(LF)) | part.simd_eq(u8x16::splat(CR))).to_bitmask())
}
