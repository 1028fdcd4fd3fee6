//! A comment, as a checked value.

use alloc::borrow::Cow;
use core::fmt;

use crate::value::{self, InvalidValue};

/// A comment: one line, written as `:` and the text as given. Browsers' `EventSource` shows it to nobody, which is
/// why it serves as a sign of life.
///
/// ```
/// use sse_core::{Comment, Encoder};
///
/// let mut encoder = Encoder::new();
/// encoder.comment(&Comment::from_static(" still here"));
/// assert_eq!(encoder.as_bytes(), b": still here\n\n");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Comment(Cow<'static, str>);

impl Comment {
    /// A comment made at run time. It may be empty.
    ///
    /// # Errors
    ///
    /// When the text holds a CR or an LF.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Result<Self, InvalidValue> {
        let text = text.into();
        Self::check(&text)?;
        Ok(Self(text))
    }

    /// A comment known at compile time. In a `const` or `static` a bad one is a compile error.
    ///
    /// # Panics
    ///
    /// When the text holds a CR or an LF.
    #[must_use]
    #[expect(clippy::panic, reason = "for literals: evaluated in a constant, the panic is a compile error")]
    pub const fn from_static(text: &'static str) -> Self {
        match Self::check(text) {
            Ok(()) => Self(Cow::Borrowed(text)),
            Err(_) => panic!("a comment holds no CR and no LF"),
        }
    }

    /// The comment's text, without the leading `:`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One that was read: a line holds no line end.
    #[cfg(any(feature = "std", feature = "stream"))]
    pub(crate) fn read(text: &str) -> Self {
        Self(Cow::Owned(text.into()))
    }

    const fn check(text: &str) -> Result<(), InvalidValue> {
        value::one_line("comment", text.as_bytes())
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
