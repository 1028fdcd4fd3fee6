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
}

impl InvalidValue {
    pub(crate) const fn empty(what: &'static str) -> Self {
        Self { what, problem: Problem::Empty }
    }

    /// Returns the offset of the invalid byte in the value, or `None` if the value is invalid because it is empty.
    #[must_use]
    pub const fn position(&self) -> Option<usize> {
        match self.problem {
            Problem::Empty => None,
            Problem::CarriageReturn(at) | Problem::LineFeed(at) | Problem::Null(at) => Some(at),
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
        }
    }
}

impl core::error::Error for InvalidValue {}

/// Checks that `value` is a single line.
pub(crate) const fn one_line(what: &'static str, value: &[u8]) -> Result<(), InvalidValue> {
    scan(what, value, false)
}

/// Checks that `value` is a single line without U+0000. A reader ignores an ID that contains one (section 9.2.6, "If
/// the field name is `id`").
pub(crate) const fn one_line_without_null(what: &'static str, value: &[u8]) -> Result<(), InvalidValue> {
    scan(what, value, true)
}

/// Loops over slice patterns, because `const` code cannot use iterators.
const fn scan(what: &'static str, value: &[u8], refuse_null: bool) -> Result<(), InvalidValue> {
    let mut rest = value;
    let mut at = 0;
    while let [byte, tail @ ..] = rest {
        let problem = match byte {
            b'\r' => Some(Problem::CarriageReturn(at)),
            b'\n' => Some(Problem::LineFeed(at)),
            0 if refuse_null => Some(Problem::Null(at)),
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
