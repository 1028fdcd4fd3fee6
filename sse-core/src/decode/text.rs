//! Bytes to text by the standard's "UTF-8 decode": an invalid sequence becomes U+FFFD and is not an error.

use alloc::string::String;

/// Appends `bytes` as text, each maximal invalid sequence as one U+FFFD.
pub(crate) fn push_lossy(out: &mut String, bytes: &[u8]) {
    push_lossy_within(out, bytes, usize::MAX);
}

/// Appends `bytes` as text until `out` exceeds `limit`. Returns whether all of it is within the limit.
pub(crate) fn push_lossy_within(out: &mut String, bytes: &[u8], limit: usize) -> bool {
    bytes.utf8_chunks().all(|part| {
        out.push_str(part.valid());
        if !part.invalid().is_empty() {
            out.push(char::REPLACEMENT_CHARACTER);
        }
        out.len() <= limit
    })
}

/// Appends the longest prefix of a chunk that is valid UTF-8, with the offsets of the chunk.
///
/// The rest of a character at the start becomes spaces. It belongs to a line that began in an earlier chunk, and no
/// value of this chunk contains it.
#[cfg(any(feature = "std", feature = "stream"))]
pub(crate) fn push_prefix(out: &mut String, bytes: &[u8]) {
    let rest = bytes.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80).count();
    (0..rest).for_each(|_| out.push(' '));
    push_pieces(out, longest_prefix(bytes.get(rest..).unwrap_or_default()));
}

/// Appends a long text in pieces of at most 2 KiB, for the reason given at [`Data::push`](super::data::Data::push).
#[cfg(any(feature = "std", feature = "stream"))]
fn push_pieces(out: &mut String, mut text: &str) {
    const PIECE: usize = 2048;
    out.reserve(text.len());
    while text.len() > PIECE {
        // A character has at most four bytes, so that one of the offsets is a boundary.
        let end = (PIECE - 3..=PIECE).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(PIECE);
        let Some((piece, rest)) = text.split_at_checked(end) else { break };
        out.push_str(piece);
        text = rest;
    }
    out.push_str(text);
}

/// Returns the longest prefix of `bytes` that is valid UTF-8.
pub(crate) fn longest_prefix(bytes: &[u8]) -> &str {
    // A character that is cut by the end of the chunk is not invalid. No value that is complete here contains it.
    let bytes = bytes.get(..bytes.len() - incomplete_suffix(bytes)).unwrap_or_default();
    if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
        return text;
    }
    // `simdutf8::basic` does not report the position of the error.
    let valid = str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    bytes.get(..valid).and_then(|text| str::from_utf8(text).ok()).unwrap_or_default()
}

/// Returns the number of bytes at the end of `bytes` that are the start of an incomplete character.
fn incomplete_suffix(bytes: &[u8]) -> usize {
    if bytes.last().is_none_or(u8::is_ascii) {
        return 0;
    }
    // A character has at most four bytes, so an incomplete one has at most three.
    (1..=3)
        .filter_map(|len| bytes.get(bytes.len().checked_sub(len)?..))
        .find(|suffix| matches!(str::from_utf8(suffix), Err(error) if error.valid_up_to() == 0 && error.error_len().is_none()))
        .map_or(0, <[u8]>::len)
}

#[cfg(test)]
mod tests {
    use alloc::{borrow::ToOwned as _, string::String, vec::Vec};

    use crate::Decoder;

    /// Starts and ends of characters of each length, ASCII, and invalid bytes.
    const PIECES: [&[u8]; 9] =
        [b"a", b"\xC3", b"\xA9", b"\xE2\x82", b"\xAC", b"\xF0\x9F", b"\x98\x80", b"\xFF", b"\xED\xA0"];

    #[cfg(any(feature = "std", feature = "stream"))]
    #[test]
    fn long_text_is_copied_whole() {
        for width in ["a", "é", "€", "🦀"] {
            for offset in 0..4 {
                let text = "a".repeat(offset) + &width.repeat(5000 / width.len());
                let mut copy = String::from("b");
                super::push_prefix(&mut copy, text.as_bytes());
                assert_eq!(copy, "b".to_owned() + &text);
            }
        }
    }

    #[test]
    fn values_are_decoded_alike_however_they_are_cut() {
        for code in 0..PIECES.len().pow(4) {
            let bytes = (0..4).flat_map(|at| PIECES[code / PIECES.len().pow(at) % PIECES.len()]).copied();
            let bytes: Vec<u8> = bytes.collect();
            let stream = [b"event: ", &bytes[..], b"\ndata: ", &bytes, b"\n\n"].concat();
            let text = String::from_utf8_lossy(&bytes);
            for size in 1..=stream.len() {
                let mut decoder = Decoder::new();
                let mut seen = 0;
                for chunk in stream.chunks(size) {
                    for event in decoder.feed(chunk) {
                        let event = event.unwrap();
                        assert_eq!((event.name(), event.data()), (&*text, &*text), "{bytes:x?} in chunks of {size}");
                        seen += 1;
                    }
                }
                assert_eq!(seen, 1, "{bytes:x?} in chunks of {size}");
            }
        }
    }
}
