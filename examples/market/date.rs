//! Calendar dates in the formats of the recorded data and of the feed.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A calendar date between the years 0 and 9999.
///
/// Its text form, on the wire too, is ISO 8601: `2000-01-31`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(into = "String", try_from = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Creates a date from a year, a month and a day, the latter two counted from 1.
    ///
    /// Returns `None` if the calendar does not have the date.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (year <= 9999 && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }

    /// Parses the format of the recorded data, `Jan 31 2000`.
    pub(crate) fn from_recorded(text: &str) -> Result<Self, DateError> {
        let read = || {
            let mut parts = text.split(' ');
            let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
            let month = (1..).zip(MONTHS).find(|(_, name)| *name == month)?.0;
            let date = Self::new(digits(year)?, month, digits(day)?.try_into().ok()?)?;
            parts.next().is_none().then_some(date)
        };
        read().ok_or_else(|| DateError { text: text.to_owned(), form: "Jan 31 2000" })
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let read = || {
            let mut parts = text.split('-').map(|part| digits(part).map(|number| (part.len(), number)));
            let ((4, year), (2, month), (2, day), None) =
                (parts.next()??, parts.next()??, parts.next()??, parts.next())
            else {
                return None;
            };
            Self::new(year, month.try_into().ok()?, day.try_into().ok()?)
        };
        read().ok_or_else(|| DateError { text: text.to_owned(), form: "2000-01-31" })
    }
}

/// Parses a number of ASCII digits. `str::parse` would accept a sign too.
fn digits(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl TryFrom<String> for Date {
    type Error = DateError;

    fn try_from(text: String) -> Result<Self, DateError> {
        text.parse()
    }
}

/// The error for a text that is not a date.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DateError {
    text: String,
    form: &'static str,
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a date; write it like `{}`", self.text.escape_debug(), self.form)
    }
}

impl Error for DateError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recorded_dates_are_displayed_in_iso_8601_and_parsed_again() {
        let date = Date::from_recorded("Sep 1 2004").unwrap();
        assert_eq!(date.to_string(), "2004-09-01");
        assert_eq!("2004-09-01".parse(), Ok(date));
    }

    #[test]
    fn dates_are_ordered_by_time() {
        let later = Date::from_recorded("Jan 1 2001").unwrap();
        let earlier = Date::from_recorded("Dec 1 2000").unwrap();
        assert!(earlier < later);
    }

    #[test]
    fn dates_must_exist_in_the_calendar() {
        assert!(Date::new(2000, 2, 29).is_some());
        for (year, month, day) in
            [(1900, 2, 29), (2001, 2, 29), (2001, 4, 31), (2001, 13, 1), (2001, 0, 1), (2001, 1, 0)]
        {
            assert_eq!(Date::new(year, month, day), None, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn errors_name_the_expected_format() {
        for text in ["", "2000-1-1", "2000-01-01-01", "+200-01-01", "2000-01-32", "Jan 1 2000"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        for text in ["", "Jan 1", "jan 1 2000", "Jan +1 2000", "Jan 1 2000 x", "Feb 30 2000", "2000-01-01"] {
            assert!(Date::from_recorded(text).is_err(), "{text}");
        }
        let error = Date::from_recorded("Foo 1 2000").unwrap_err();
        assert_eq!(error.to_string(), "`Foo 1 2000` is not a date; write it like `Jan 31 2000`");
    }
}
