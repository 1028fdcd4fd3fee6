//! Positions in the log.

use std::{error::Error, fmt, str::FromStr};

/// A position in the log of a hub, which is the event ID of the record there. Its text is `epoch-offset`.
///
/// Offsets are consecutive over the life of a log. Each incarnation of a log has its own epoch, so the cursor of a lost
/// record never identifies another event. Cursors are ordered by epoch, then by offset.
///
/// ```
/// use sse_hub::Cursor;
///
/// let cursor: Cursor = "1732620000000000-17".parse()?;
/// assert_eq!((cursor.epoch(), cursor.offset()), (1_732_620_000_000_000, 17));
/// assert_eq!(cursor.to_string(), "1732620000000000-17");
/// assert!(Cursor::new(2, 5) > Cursor::new(1, 90));
/// # Ok::<(), sse_hub::InvalidCursor>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    // The derived order compares the epochs first.
    epoch: u64,
    offset: u64,
}

impl Cursor {
    /// Creates a cursor.
    #[must_use]
    pub const fn new(epoch: u64, offset: u64) -> Self {
        Self { epoch, offset }
    }

    /// Returns the epoch.
    #[must_use]
    pub const fn epoch(self) -> u64 {
        self.epoch
    }

    /// Returns the offset.
    #[must_use]
    pub const fn offset(self) -> u64 {
        self.offset
    }
}

/// The maximum length of the text of a cursor: two 64-bit numbers and a hyphen.
const MAX_LEN: usize = 41;

impl fmt::Display for Cursor {
    /// Writes the text in one call. Formatting two numbers with `write!` was measured to take longer than the rest of
    /// the work for an event ID.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'-'; MAX_LEN];
        let hyphen = digits_before(MAX_LEN, self.offset, &mut text).saturating_sub(1);
        let start = digits_before(hyphen, self.epoch, &mut text);
        f.write_str(text.get(start..).and_then(|digits| str::from_utf8(digits).ok()).unwrap_or_default())
    }
}

/// Writes the digits of `number` so that they end at `end`, and returns the position of the first digit.
fn digits_before(end: usize, mut number: u64, text: &mut [u8; MAX_LEN]) -> usize {
    let mut start = end;
    loop {
        start = start.saturating_sub(1);
        if let Some(digit) = text.get_mut(start) {
            // The remainder of a division by ten fits in a byte.
            *digit = b'0' + u8::try_from(number % 10).unwrap_or_default();
        }
        number /= 10;
        if number == 0 {
            return start;
        }
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    /// Parses exactly the text that `Display` writes, without signs, whitespace or leading zeros.
    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (epoch, offset) = text.split_once('-').ok_or(InvalidCursor(()))?;
        Ok(Self { epoch: number(epoch)?, offset: number(offset)? })
    }
}

fn number(digits: &str) -> Result<u64, InvalidCursor> {
    let canonical = digits == "0" || digits.starts_with(|digit: char| digit.is_ascii_digit() && digit != '0');
    if !canonical {
        return Err(InvalidCursor(()));
    }
    digits.parse().map_err(|_| InvalidCursor(()))
}

/// The error returned if a [`Cursor`] cannot be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidCursor(());

impl fmt::Display for InvalidCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("invalid cursor; write it as two decimal numbers joined by `-`")
    }
}

impl Error for InvalidCursor {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_is_written() {
        for (epoch, offset) in [(0, 0), (1, 10), (u64::MAX, u64::MAX), (1_732_620_000_000_000, 9)] {
            let cursor = Cursor::new(epoch, offset);
            assert_eq!(cursor.to_string(), format!("{epoch}-{offset}"));
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn only_the_written_form_is_read() {
        for text in [
            "",
            "-",
            "1",
            "1-",
            "-1",
            "1-+2",
            "+1-2",
            "01-2",
            "1-02",
            "1-2-3",
            " 1-2",
            "1-2 ",
            "1_0-2",
            "١-٢",
            "1-18446744073709551616",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor(())), "{text:?}");
        }
    }
}
