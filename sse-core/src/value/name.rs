//! The event name, as a checked value.

use alloc::{borrow::Cow, string::String};
use core::fmt;

use super::check::{self, InvalidValue};

/// An event name: the text of the `event:` line. It is not empty, and a single line.
///
/// ```
/// use sse_core::EventName;
///
/// const TICK: EventName = EventName::from_static("tick");
/// assert_eq!(TICK.as_str(), "tick");
/// assert!(EventName::new("two\nlines").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventName(Cow<'static, str>);

impl EventName {
    /// Creates a name.
    ///
    /// # Errors
    ///
    /// Returns an error if the name is empty, or contains a CR or an LF.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Result<Self, InvalidValue> {
        let name = name.into();
        Self::check(&name)?;
        Ok(Self(name))
    }

    /// Creates a name from a literal. In a `const` or `static`, an invalid one is a compile error.
    ///
    /// # Panics
    ///
    /// Panics if the name is empty, or contains a CR or an LF.
    #[must_use]
    #[expect(clippy::panic, reason = "for literals: evaluated in a constant, the panic is a compile error")]
    pub const fn from_static(name: &'static str) -> Self {
        match Self::check(name) {
            Ok(()) => Self(Cow::Borrowed(name)),
            Err(_) => panic!("an event name must not be empty or contain a CR or an LF"),
        }
    }

    /// Returns the name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) const fn check(name: &str) -> Result<(), InvalidValue> {
        const WHAT: &str = "event name";
        if name.is_empty() {
            return Err(InvalidValue::empty(WHAT));
        }
        check::one_line(WHAT, name.as_bytes())
    }
}

impl From<EventName> for String {
    fn from(name: EventName) -> Self {
        name.0.into_owned()
    }
}

impl AsRef<str> for EventName {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
