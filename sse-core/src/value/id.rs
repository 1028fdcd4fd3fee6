//! The event ID, as a checked value.

use alloc::{borrow::Cow, boxed::Box, string::ToString};
use core::{
    cmp::Ordering,
    fmt::{self, Write as _},
    hash::{Hash, Hasher},
};

use super::check::{self, InvalidValue};

/// An event ID. Clients keep it as their last event ID, and send it in the header `Last-Event-ID` when they reconnect.
///
/// ```
/// use sse_core::EventId;
///
/// assert_eq!(EventId::from(42).as_str(), "42");
/// assert_eq!(EventId::new("orders:42").unwrap().as_str(), "orders:42");
/// assert!(EventId::new("4\n2").is_err());
/// ```
///
/// An empty ID resets the last event ID.
///
/// # Valid IDs
///
/// An ID that is written must survive the way back in a `Last-Event-ID` header. It contains no control character other
/// than the tab, does not begin or end with a space or tab, and is at most [`EventId::MAX_LEN`] bytes long.
/// [`EventId::new`] checks this, and so does an [`Encoder`](crate::Encoder) for every ID that it writes. Otherwise, a
/// server would answer a control character in the header with the status 400 (Bad Request), after which a browser stops
/// reconnecting, and spaces and tabs at either end would be lost.
///
/// The standard allows readers to receive more: any single line without U+0000. [`EventId::from_received`] creates such
/// an ID, and [`EventId::fits_header`] returns whether it can be sent back.
///
/// Most IDs are numbers, which are stored inline without an allocation. IDs are compared as text, even if they are
/// numbers.
#[derive(Clone)]
pub struct EventId(Repr);

#[derive(Clone)]
enum Repr {
    Static(&'static str),
    Digits(Digits),
    Heap(Box<str>),
}

impl EventId {
    /// The ID that resets the reader's last event ID.
    pub const RESET: Self = Self(Repr::Static(""));

    /// The maximum length of an ID that is written, in bytes. It is half of 8 KiB, a common limit of servers on the
    /// headers of a request.
    pub const MAX_LEN: usize = 4096;

    /// Creates an ID from text.
    ///
    /// # Errors
    ///
    /// Returns an error if the text contains a control character other than the tab, begins or ends with a space or
    /// tab, or is longer than [`MAX_LEN`](Self::MAX_LEN) bytes.
    pub fn new(id: impl Into<Cow<'static, str>>) -> Result<Self, InvalidValue> {
        let id = id.into();
        Self::check(id.as_bytes())?;
        Ok(Self::unchecked(id))
    }

    /// Creates an ID from text that was received from a server, for example to resume from an ID that was stored. It
    /// accepts everything that the standard does.
    ///
    /// Pass the ID to [`Decoder::with_last_event_id`](crate::Decoder::with_last_event_id).
    ///
    /// # Errors
    ///
    /// Returns an error if the text contains a CR, an LF or U+0000.
    ///
    /// # Examples
    ///
    /// ```
    /// use sse_core::EventId;
    ///
    /// let id = EventId::from_received("\u{7}")?;
    /// assert!(!id.fits_header());
    /// # Ok::<(), sse_core::InvalidValue>(())
    /// ```
    pub fn from_received(id: impl Into<Cow<'static, str>>) -> Result<Self, InvalidValue> {
        let id = id.into();
        check::one_line_without_null(NAME, id.as_bytes())?;
        Ok(Self::unchecked(id))
    }

    fn unchecked(id: Cow<'static, str>) -> Self {
        Self(match id {
            Cow::Borrowed(id) => Repr::Static(id),
            Cow::Owned(id) => Repr::Heap(id.into_boxed_str()),
        })
    }

    /// Creates an ID from a literal. In a `const` or `static`, an invalid one is a compile error.
    ///
    /// # Panics
    ///
    /// Panics if [`EventId::new`] would return an error.
    #[must_use]
    #[expect(clippy::panic, reason = "for literals: evaluated in a constant, the panic is a compile error")]
    pub const fn from_static(id: &'static str) -> Self {
        match Self::check(id.as_bytes()) {
            Ok(()) => Self(Repr::Static(id)),
            Err(_) => panic!(
                "an event ID must be at most 4096 bytes long, contain no control character other than the tab, and not \
                 begin or end with a space or tab"
            ),
        }
    }

    /// Returns the ID as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Static(id) => id,
            Repr::Digits(digits) => digits.as_str(),
            Repr::Heap(id) => id,
        }
    }

    /// Returns whether the ID arrives unchanged in a `Last-Event-ID` header.
    ///
    /// Always true, except for an ID from [`EventId::from_received`] or from a received event. Clients do not send an
    /// empty ID.
    #[must_use]
    pub fn fits_header(&self) -> bool {
        self.check_sendable().is_ok()
    }

    /// Checks that the ID can be written, which may not be the case for one that was received.
    pub(crate) fn check_sendable(&self) -> Result<(), InvalidValue> {
        match &self.0 {
            Repr::Digits(_) => Ok(()),
            Repr::Static(id) => Self::check_written(id.as_bytes()),
            Repr::Heap(id) => Self::check_written(id.as_bytes()),
        }
    }

    /// Creates an ID from the value of a field, which is a single line without U+0000.
    pub(crate) fn read(id: &str) -> Self {
        Self(Repr::Heap(id.into()))
    }

    /// Like [`check`](Self::check), but faster for a short ID of visible ASCII characters, as nearly all are: the test
    /// of all bytes at once is vectorized.
    #[inline]
    pub(crate) fn check_written(id: &[u8]) -> Result<(), InvalidValue> {
        let is_visible = id.iter().fold(true, |visible, byte| visible & byte.is_ascii_graphic());
        if is_visible && id.len() <= Self::MAX_LEN { Ok(()) } else { Self::check(id) }
    }

    const fn check(id: &[u8]) -> Result<(), InvalidValue> {
        check::header(NAME, id, Self::MAX_LEN)
    }
}

/// The name of the value in error messages.
const NAME: &str = "event ID";

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        /// Converts the number into its decimal digits.
        impl From<$integer> for EventId {
            fn from(number: $integer) -> Self {
                Self(match Digits::new(number) {
                    Some(digits) => Repr::Digits(digits),
                    None => Repr::Heap(number.to_string().into()),
                })
            }
        }
    )*};
}

from_integers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

/// A value that can be converted into an event ID: an integer, an [`EventId`], or any other type that implements
/// `Into<EventId>`.
///
/// It is the argument of [`Envelope::with_id`](crate::Envelope::with_id). Text does not implement it, because not every
/// text is a valid ID. Use [`EventId::new`], which checks it.
///
/// This trait is sealed. To make a type an event ID, implement `From` for [`EventId`]:
///
/// ```
/// use sse_core::{Envelope, EventId};
///
/// struct OrderId(u64);
///
/// impl From<OrderId> for EventId {
///     fn from(order: OrderId) -> Self {
///         order.0.into()
///     }
/// }
///
/// # use sse_core::SseEvent;
/// # #[derive(SseEvent)]
/// # enum Count { Tick(u32) }
/// let envelope = Envelope::new(Count::Tick(1)).with_id(OrderId(42));
/// assert_eq!(envelope.id, Some(EventId::from(42)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used as an event ID",
    label = "neither an integer nor an `EventId`",
    note = "for text, use `EventId::new(text)?`, or `EventId::from_static(\"..\")` for a literal"
)]
pub trait IntoEventId: sealed::Sealed {
    /// Converts the value into an event ID.
    fn into_event_id(self) -> EventId;
}

mod sealed {
    pub trait Sealed {}
}

impl<T: Into<EventId>> sealed::Sealed for T {}

#[diagnostic::do_not_recommend]
impl<T: Into<EventId>> IntoEventId for T {
    fn into_event_id(self) -> EventId {
        self.into()
    }
}

impl TryFrom<&str> for EventId {
    type Error = InvalidValue;

    fn try_from(id: &str) -> Result<Self, InvalidValue> {
        Self::check(id.as_bytes())?;
        Ok(Self(Repr::Heap(id.into())))
    }
}

impl AsRef<str> for EventId {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EventId").field(&self.as_str()).finish()
    }
}

impl PartialEq for EventId {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for EventId {}

impl PartialOrd for EventId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for EventId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for EventId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

/// The decimal digits of a number of up to 64 bits, stored inline.
#[derive(Clone, Copy)]
struct Digits {
    bytes: [u8; Self::MAX],
    len: usize,
}

impl Digits {
    /// The length of `u64::MAX`, and of `i64::MIN` with its sign, in bytes.
    const MAX: usize = 20;

    /// Formats the number, or returns `None` if it is too long, as a number of 128 bits may be.
    fn new(number: impl fmt::Display) -> Option<Self> {
        let mut digits = Self { bytes: [0; Self::MAX], len: 0 };
        write!(digits, "{number}").ok()?;
        Some(digits)
    }

    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|digits| str::from_utf8(digits).ok()).unwrap_or_default()
    }
}

impl fmt::Write for Digits {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::{borrow::ToOwned, string::String};

    use super::*;

    #[test]
    fn a_number_of_any_type_becomes_its_digits() {
        for number in [0, 9, 10, u64::MAX] {
            assert_eq!(EventId::from(number).as_str(), number.to_string());
        }
        for number in [i64::MIN, -1, 0, i64::MAX] {
            assert_eq!(EventId::from(number).as_str(), number.to_string());
        }
        for number in [i128::MIN, -1, 0, i128::MAX] {
            assert_eq!(EventId::from(number).as_str(), number.to_string());
        }
        assert_eq!(EventId::from(u128::MAX).as_str(), u128::MAX.to_string());
        assert_eq!((EventId::from(42).as_str(), EventId::from(7_u8).as_str()), ("42", "7"));
    }

    #[test]
    fn ids_with_the_same_text_are_equal_however_they_are_stored() {
        let ids = [EventId::from(7), EventId::from_static("7"), EventId::new(String::from("7")).unwrap()];
        assert!(ids.iter().all(|id| *id == ids[0] && id.cmp(&ids[1]) == Ordering::Equal));
    }

    /// An ID of `len` bytes.
    fn long(len: usize) -> String {
        "x".repeat(len)
    }

    #[test]
    fn an_id_that_cannot_come_back_in_a_header_is_rejected_with_the_position() {
        for (id, at) in [
            ("a\n", 1),
            ("\rb", 0),
            ("ab\0", 2),
            ("a\u{1}", 1),
            ("a\u{1f}b", 1),
            ("\u{7f}", 0),
            (" a", 0),
            ("a ", 1),
            ("a\t", 1),
            (" ", 0),
            ("\ta", 0),
        ] {
            assert_eq!(EventId::new(id).unwrap_err().position(), Some(at), "{id:?}");
            assert!(EventId::try_from(id).is_err(), "{id:?}");
            assert!(EventId::check_written(id.as_bytes()).is_err(), "{id:?}");
        }
        assert_eq!(EventId::new(long(EventId::MAX_LEN + 1)).unwrap_err().position(), Some(EventId::MAX_LEN));
        assert!(EventId::check_written(long(EventId::MAX_LEN + 1).as_bytes()).is_err());
    }

    #[test]
    fn an_id_of_any_other_text_is_accepted() {
        for id in ["", "a b", "a\tb", "ü \u{1f980}", "[{\"a\":1}]", "\u{80}", &long(EventId::MAX_LEN)] {
            assert!(EventId::new(id.to_owned()).unwrap().fits_header(), "{id:?}");
        }
        assert_eq!(EventId::new("").unwrap(), EventId::RESET);
    }

    #[test]
    fn a_received_id_may_be_any_line_without_a_null() {
        for id in [" a", "\u{7f}", "a\u{1}", &long(EventId::MAX_LEN + 1)] {
            let received = EventId::from_received(id.to_owned()).unwrap();
            assert!(received.as_str() == id && !received.fits_header(), "{id:?}");
        }
        for (id, at) in [("a\n", 1), ("\rb", 0), ("ab\0", 2)] {
            assert_eq!(EventId::from_received(id).unwrap_err().position(), Some(at));
        }
    }
}
