//! A comment, as a checked value.

use alloc::borrow::Cow;
use core::fmt;

use super::check::{self, InvalidValue};

/// A comment: a line that does not belong to an event, often sent to keep a connection alive.
///
/// It is written as `:` and the text, without a space between the two. A browser's `EventSource` ignores it.
///
/// ```
/// use sse_core::{Comment, Encoder};
///
/// let mut encoder = Encoder::new();
/// encoder.comment(&Comment::from_static(" still here"));
/// assert_eq!(encoder.as_bytes(), b": still here\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Comment(Cow<'static, str>);

impl Comment {
    /// Creates a comment. The text may be empty.
    ///
    /// # Errors
    ///
    /// Returns an error if the text contains a CR or an LF.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Result<Self, InvalidValue> {
        let text = text.into();
        Self::check(&text)?;
        Ok(Self(text))
    }

    /// Creates a comment from a literal. In a `const` or `static`, an invalid one is a compile error.
    ///
    /// # Panics
    ///
    /// Panics if the text contains a CR or an LF.
    #[must_use]
    #[expect(clippy::panic, reason = "for literals: evaluated in a constant, the panic is a compile error")]
    pub const fn from_static(text: &'static str) -> Self {
        match Self::check(text) {
            Ok(()) => Self(Cow::Borrowed(text)),
            Err(_) => panic!("a comment must not contain a CR or an LF"),
        }
    }

    /// Returns the text, without the leading `:`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Creates a comment from a line that was read, which contains no line ending and needs no check.
    #[cfg(any(feature = "std", feature = "stream"))]
    pub(crate) fn read(text: &str) -> Self {
        Self(Cow::Owned(text.into()))
    }

    const fn check(text: &str) -> Result<(), InvalidValue> {
        check::one_line("comment", text.as_bytes())
    }
}

impl AsRef<str> for Comment {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
