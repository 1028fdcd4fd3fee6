//! JSON on one `data:` line: one value, or several with punctuation between them.

use serde::Serialize;

use super::{
    data,
    error::{EncodeError, Kind},
    event::{Fields, Written},
};
use crate::wire::prefix;

/// An event's data while it is written as JSON, value by value. The first value that fails ends it.
#[derive(Debug)]
pub struct Json<'w> {
    fields: Fields<'w>,
    written: Result<(), serde_json::Error>,
}

impl<'w> Json<'w> {
    /// Begins the line.
    #[inline]
    #[must_use]
    pub fn new(mut fields: Fields<'w>) -> Self {
        let out = fields.begin_data();
        out.extend_from_slice(prefix::DATA);
        Self { fields, written: Ok(()) }
    }

    /// Writes what stands before a value, and the value.
    #[inline]
    pub fn value<T: Serialize + ?Sized>(&mut self, before: &'static str, value: &T) {
        if self.written.is_ok() {
            let out = self.fields.out();
            out.extend_from_slice(before.as_bytes());
            self.written = data::json(out, value);
        }
    }

    /// Writes what stands behind the last value, and ends the event.
    ///
    /// # Errors
    ///
    /// When a value could not be serialized.
    #[inline]
    pub fn end(mut self, last: &'static str) -> Result<Written, EncodeError> {
        match self.written {
            Ok(()) => {
                let out = self.fields.out();
                out.extend_from_slice(last.as_bytes());
                Ok(self.fields.finish_line())
            }
            Err(error) => Err(self.fields.error(Kind::Json(error))),
        }
    }
}
