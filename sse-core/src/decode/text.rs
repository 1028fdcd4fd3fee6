//! Bytes to text: the standard's "UTF-8 decode", under which an invalid sequence becomes U+FFFD and ends nothing.

use alloc::{string::String, vec::Vec};

/// Appends `bytes`, each maximal invalid part as one U+FFFD.
pub(crate) fn push_lossy(out: &mut String, bytes: &[u8]) {
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        out.push_str(text);
        return;
    }
    for part in bytes.utf8_chunks() {
        out.push_str(part.valid());
        if !part.invalid().is_empty() {
            out.push(char::REPLACEMENT_CHARACTER);
        }
    }
}

/// Appends a fragment of a value that goes on in the next chunk. A character cut at the end waits in `tail`.
pub(crate) fn push_fragment(out: &mut String, tail: &mut Vec<u8>, fragment: &[u8]) {
    let fragment = complete(out, tail, fragment);
    let cut = fragment.len() - incomplete_suffix(fragment);
    let (whole, rest) = fragment.split_at_checked(cut).unwrap_or((fragment, &[]));
    push_lossy(out, whole);
    tail.extend_from_slice(rest);
}

/// Ends a value that came in fragments: a character that never became whole is one invalid part.
pub(crate) fn finish_fragments(out: &mut String, tail: &mut Vec<u8>) {
    if !tail.is_empty() {
        out.push(char::REPLACEMENT_CHARACTER);
        tail.clear();
    }
}

/// Gives the character in `tail` its missing bytes, and returns what stands behind them.
fn complete<'a>(out: &mut String, tail: &mut Vec<u8>, fragment: &'a [u8]) -> &'a [u8] {
    let mut rest = fragment;
    while let (false, [byte, after @ ..]) = (tail.is_empty(), rest) {
        tail.push(*byte);
        match str::from_utf8(tail) {
            Ok(text) => {
                out.push_str(text);
                tail.clear();
                rest = after;
            }
            // Still the beginning of a character.
            Err(error) if error.error_len().is_none() => rest = after,
            // The byte does not belong to it: what came before is one invalid part, and the byte is read again.
            Err(_) => {
                out.push(char::REPLACEMENT_CHARACTER);
                tail.clear();
            }
        }
    }
    rest
}

/// Whether the byte can only stand within a character.
pub(crate) const fn is_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// How many bytes at the end of `bytes` are the beginning of a character.
pub(crate) fn incomplete_suffix(bytes: &[u8]) -> usize {
    if bytes.last().is_none_or(u8::is_ascii) {
        return 0;
    }
    // A character has at most four bytes, so its beginning at most three.
    (1..=3)
        .filter_map(|len| bytes.get(bytes.len().checked_sub(len)?..))
        .find(|suffix| matches!(str::from_utf8(suffix), Err(error) if error.valid_up_to() == 0 && error.error_len().is_none()))
        .map_or(0, <[u8]>::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Beginnings, ends, whole characters of each length, and bytes that belong nowhere.
    const PIECES: [&[u8]; 9] =
        [b"a", b"\xC3", b"\xA9", b"\xE2\x82", b"\xAC", b"\xF0\x9F", b"\x98\x80", b"\xFF", b"\xED\xA0"];

    #[test]
    fn fragments_read_as_the_whole_does_however_they_are_cut() {
        for code in 0..PIECES.len().pow(4) {
            let bytes = (0..4).flat_map(|at| PIECES[code / PIECES.len().pow(at) % PIECES.len()]).copied();
            let bytes: Vec<u8> = bytes.collect();
            for size in 1..=bytes.len() {
                let (mut out, mut tail) = (String::new(), Vec::new());
                for fragment in bytes.chunks(size) {
                    push_fragment(&mut out, &mut tail, fragment);
                    assert!(tail.len() <= 3);
                }
                finish_fragments(&mut out, &mut tail);
                assert_eq!(out, String::from_utf8_lossy(&bytes), "{bytes:x?} in fragments of {size}");
            }
        }
    }
}
