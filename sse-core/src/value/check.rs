//! The check of single-line values, and its error.

use core::fmt;

/// The error returned if text is not a valid event name, event ID or comment.
///
/// A line ending inside such a value would start another line, so whoever controls the value could inject fields and
/// events. The value is rejected before anything of it is written.
///
/// ```
/// use sse_core::EventName;
///
/// let error = EventName::new("tick\ndata: forged").unwrap_err();
/// assert_eq!(error.to_string(), "event name contains a line feed at byte 4; it must be a single line");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    what: &'static str,
    problem: Problem,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Problem {
    Empty,
    CarriageReturn(usize),
    LineFeed(usize),
    Null(usize),
    Control { at: usize, byte: u8 },
    Blank(usize),
    TooLong { max: usize },
}

impl InvalidValue {
    pub(crate) const fn empty(what: &'static str) -> Self {
        Self { what, problem: Problem::Empty }
    }

    /// Returns the offset of the first invalid byte in the value, or `None` if the value is empty. For a value that is
    /// too long, it is the maximum length.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        match self.problem {
            Problem::Empty => None,
            Problem::CarriageReturn(at)
            | Problem::LineFeed(at)
            | Problem::Null(at)
            | Problem::Control { at, .. }
            | Problem::Blank(at)
            | Problem::TooLong { max: at } => Some(at),
        }
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = self.what;
        match self.problem {
            Problem::Empty => write!(f, "{what} is empty; it must have at least one character"),
            Problem::CarriageReturn(at) => {
                write!(f, "{what} contains a carriage return at byte {at}; it must be a single line")
            }
            Problem::LineFeed(at) => write!(f, "{what} contains a line feed at byte {at}; it must be a single line"),
            Problem::Null(at) => write!(f, "{what} contains U+0000 at byte {at}; readers ignore such a value"),
            Problem::Control { at, byte } => write!(
                f,
                "{what} contains the control character U+{byte:04X} at byte {at}; servers reject a `Last-Event-ID` header \
                 with it"
            ),
            Problem::Blank(at) => write!(
                f,
                "{what} begins or ends with a space or tab, at byte {at}; a `Last-Event-ID` header is received without it"
            ),
            Problem::TooLong { max } => {
                write!(f, "{what} is longer than {max} bytes; servers limit the size of a `Last-Event-ID` header")
            }
        }
    }
}

impl core::error::Error for InvalidValue {}

/// The characters that a value must not contain.
#[derive(Clone, Copy)]
enum Forbidden {
    LineEndings,
    /// Line endings and U+0000. A reader ignores an ID that contains one (section 9.2.6, "If the field name is `id`").
    Null,
    /// Everything that a header value cannot contain (RFC 9110, section 5.5): control characters other than the tab.
    Controls,
}

/// Checks that `value` is a single line.
pub(crate) const fn one_line(what: &'static str, value: &[u8]) -> Result<(), InvalidValue> {
    scan(what, value, Forbidden::LineEndings)
}

/// Checks that `value` is a single line without U+0000.
pub(crate) const fn one_line_without_null(what: &'static str, value: &[u8]) -> Result<(), InvalidValue> {
    scan(what, value, Forbidden::Null)
}

/// Checks that `value` arrives unchanged if it is sent in a header: at most `max` bytes, no control character but the
/// tab, and no space or tab at either end.
pub(crate) const fn header(what: &'static str, value: &[u8], max: usize) -> Result<(), InvalidValue> {
    if let Err(invalid) = scan(what, value, Forbidden::Controls) {
        return Err(invalid);
    }
    let problem = match value {
        [b' ' | b'\t', ..] => Problem::Blank(0),
        [before @ .., b' ' | b'\t'] => Problem::Blank(before.len()),
        _ if value.len() > max => Problem::TooLong { max },
        _ => return Ok(()),
    };
    Err(InvalidValue { what, problem })
}

/// Loops over slice patterns, because `const` code cannot use iterators.
const fn scan(what: &'static str, value: &[u8], forbidden: Forbidden) -> Result<(), InvalidValue> {
    let mut rest = value;
    let mut at = 0;
    while let [byte, tail @ ..] = rest {
        let problem = match byte {
            b'\r' => Some(Problem::CarriageReturn(at)),
            b'\n' => Some(Problem::LineFeed(at)),
            0 if !matches!(forbidden, Forbidden::LineEndings) => Some(Problem::Null(at)),
            b'\t' => None,
            ..0x20 | 0x7F if matches!(forbidden, Forbidden::Controls) => Some(Problem::Control { at, byte: *byte }),
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(InvalidValue { what, problem });
        }
        rest = tail;
        at += 1;
    }
    Ok(())
}
