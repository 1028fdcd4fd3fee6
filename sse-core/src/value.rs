//! What a value of one line may hold, and the error for one that holds something else.

use core::fmt;

/// A value that cannot stand on one line of an event stream.
///
/// A line break inside a name, an ID or a comment would begin a new field of the sender's choosing: such a value is
/// refused where it is made, and nothing of it reaches the wire.
///
/// ```
/// use sse_core::EventName;
///
/// let error = EventName::new("tick\ndata: forged").unwrap_err();
/// assert_eq!(error.to_string(), "event name holds a line feed at byte 4; it must be one line");
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

    /// Where the offending byte stands in the value, or `None` for a value that is empty and must not be.
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
            Problem::Empty => write!(f, "{what} is empty; give it at least one character"),
            Problem::CarriageReturn(at) => {
                write!(f, "{what} holds a carriage return at byte {at}; it must be one line")
            }
            Problem::LineFeed(at) => write!(f, "{what} holds a line feed at byte {at}; it must be one line"),
            Problem::Null(at) => write!(f, "{what} holds U+0000 at byte {at}; readers ignore such a value"),
        }
    }
}

impl core::error::Error for InvalidValue {}

/// Checks that `value` stands on one line.
pub(crate) const fn one_line(what: &'static str, value: &[u8]) -> Result<(), InvalidValue> {
    scan(what, value, false)
}

/// Checks that `value` stands on one line and holds no U+0000, which a reader would answer by ignoring the field
/// (section 9.2.6, "If the field name is `id`").
pub(crate) const fn one_line_without_null(what: &'static str, value: &[u8]) -> Result<(), InvalidValue> {
    scan(what, value, true)
}

/// A loop and slice patterns, because `const` code can use no iterators.
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
