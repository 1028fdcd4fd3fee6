//! The event type, as a checked value.

use alloc::{borrow::Cow, string::String};
use core::fmt;

use crate::value::{self, InvalidValue};

/// The event type on an `event:` line: not empty, and one line.
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
    /// A name made at run time.
    ///
    /// # Errors
    ///
    /// When the name is empty, or holds a CR or an LF.
    pub fn new(name: impl Into<Cow<'static, str>>) -> Result<Self, InvalidValue> {
        let name = name.into();
        Self::check(&name)?;
        Ok(Self(name))
    }

    /// A name known at compile time. In a `const` or `static` a bad name is a compile error.
    ///
    /// # Panics
    ///
    /// When the name is empty, or holds a CR or an LF.
    #[must_use]
    #[expect(clippy::panic, reason = "for literals: evaluated in a constant, the panic is a compile error")]
    pub const fn from_static(name: &'static str) -> Self {
        match Self::check(name) {
            Ok(()) => Self(Cow::Borrowed(name)),
            Err(_) => panic!("an event name is not empty and holds no CR and no LF"),
        }
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) const fn check(name: &str) -> Result<(), InvalidValue> {
        const WHAT: &str = "event name";
        if name.is_empty() {
            return Err(InvalidValue::empty(WHAT));
        }
        value::one_line(WHAT, name.as_bytes())
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
