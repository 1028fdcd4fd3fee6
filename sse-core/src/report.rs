//! An error with its causes on one line.

use core::{error::Error, fmt};

/// Displays an error and its causes on one line, for logs and for the messages of programs.
///
/// Most errors display only what failed, and return the reason from [`Error::source`]:
///
/// ```
/// use sse_core::{DecodeError, Report};
///
/// let error = DecodeError::data("a line has no `=`");
/// assert_eq!(error.to_string(), "event cannot be decoded: invalid data");
/// assert_eq!(Report::new(&error).to_string(), "event cannot be decoded: invalid data: a line has no `=`");
/// ```
///
/// It takes any error, not only those of this crate.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a>(&'a (dyn Error + 'a));

impl<'a> Report<'a> {
    /// Creates a report of an error.
    #[must_use]
    pub const fn new(error: &'a (dyn Error + 'a)) -> Self {
        Self(error)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[derive(Debug)]
    struct Fault(&'static str, Option<&'static Fault>);

    impl fmt::Display for Fault {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
    }

    impl Error for Fault {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.map(|cause| cause as _)
        }
    }

    #[test]
    fn all_causes_follow_the_error_in_their_order() {
        static ROOT: Fault = Fault("no such file", None);
        static MIDDLE: Fault = Fault("cannot read", Some(&ROOT));
        assert_eq!(
            Report::new(&Fault("invalid prices", Some(&MIDDLE))).to_string(),
            "invalid prices: cannot read: no such file"
        );
        assert_eq!(Report::new(&ROOT).to_string(), "no such file");
    }
}
