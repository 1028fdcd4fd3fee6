//! Where a stream of bytes is between two blocks of events.

/// Follows the bytes of an event stream, and knows whether it can end without losing a part of an event.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    /// Whether the present block has a line that a cut would lose.
    is_open: bool,
    /// Whether the bytes end within a line.
    in_line: bool,
    /// Whether the last byte is a CR, so that an LF belongs to the same line ending.
    after_cr: bool,
}

impl Blocks {
    /// Returns whether the bytes end after a block. A comment or `retry` line after it loses nothing.
    pub(super) const fn is_between(&self) -> bool {
        !self.is_open && !self.in_line
    }

    pub(super) fn advance(&mut self, bytes: &[u8]) {
        // Nearly every frame ends with an empty line, which is found at the first look. The bytes before it are irrelevant.
        let last = bytes.windows(2).rposition(|pair| pair == b"\n\n").map_or(0, |at| at + 2);
        if last > 0 {
            *self = Self::default();
        }
        for &byte in bytes.get(last..).unwrap_or_default() {
            self.step(byte);
        }
    }

    fn step(&mut self, byte: u8) {
        match byte {
            b'\n' if self.after_cr => self.after_cr = false,
            b'\n' | b'\r' => {
                // A line ending at the start of a line is an empty line, which ends the block.
                self.is_open &= self.in_line;
                self.in_line = false;
                self.after_cr = byte == b'\r';
            }
            _ => {
                // Only `data`, `event` and `id` wait for the end of their block; 0xEF begins a byte order mark. Readers
                // ignore other fields and comments, and `retry` takes effect at once.
                self.is_open |= !self.in_line && matches!(byte, b'd' | b'e' | b'i' | 0xEF);
                self.in_line = true;
                self.after_cr = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_between_two_blocks_after_an_empty_line_a_comment_and_a_retry_line() {
        for (bytes, is_between) in [
            ("", true),
            ("data: 1\n\n", true),
            ("data: 1\r\n\r\n", true),
            ("data: 1\r\r", true),
            ("data: 1\n\r", true),
            ("data: 1\r\n\r", true),
            ("\n", true),
            (":\n", true),
            (": a comment\r\n", true),
            ("retry: 1000\n", true),
            ("data: 1\n\n:\n", true),
            ("data: 1\n\ndata: 2\n\nretry: 5\n: x\n", true),
            ("d", false),
            ("data: 1", false),
            ("data: 1\n", false),
            ("data: 1\r", false),
            ("data: 1\r\n", false),
            ("event: a\n", false),
            ("id: 1\n:\n", false),
            (":", false),
            ("retry: 10", false),
            ("data: 1\n\ndata", false),
            ("data: 1\n\n: comment", false),
            ("\u{feff}data: 1\n", false),
            ("\u{feff}data: 1\n\n", true),
        ] {
            // The same in one piece, byte by byte, and cut at every place.
            for cut in 0..=bytes.len() {
                let mut blocks = Blocks::default();
                let (left, right) = bytes.as_bytes().split_at(cut);
                blocks.advance(left);
                blocks.advance(right);
                assert_eq!(blocks.is_between(), is_between, "{bytes:?} cut at {cut}");
            }
            let mut blocks = Blocks::default();
            bytes.bytes().for_each(|byte| blocks.advance(&[byte]));
            assert_eq!(blocks.is_between(), is_between, "{bytes:?} byte by byte");
        }
    }
}
