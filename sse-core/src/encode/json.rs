//! JSON data: a single value, or several values with punctuation between them.

use serde::Serialize;

use super::{
    data,
    error::{EncodeError, Kind},
    event::{Fields, Written},
};
use crate::wire::prefix;

/// A writer for the data of an event as JSON, value by value. After an error, it ignores further values.
#[derive(Debug)]
pub struct Json<'w> {
    fields: Fields<'w>,
    written: Result<(), serde_json::Error>,
}

impl<'w> Json<'w> {
    /// Begins the `data:` line.
    #[inline]
    #[must_use]
    pub fn new(mut fields: Fields<'w>) -> Self {
        let out = fields.begin_data();
        out.extend_from_slice(prefix::DATA);
        Self { fields, written: Ok(()) }
    }

    /// Writes `before`, then a value.
    #[inline]
    pub fn value<T: Serialize + ?Sized>(&mut self, before: &'static str, value: &T) {
        if self.written.is_ok() {
            let out = self.fields.out();
            out.extend_from_slice(before.as_bytes());
            self.written = data::json(out, value);
        }
    }

    /// Writes `last` after the last value, and ends the event.
    ///
    /// # Errors
    ///
    /// Returns an error if a value could not be serialized.
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

/// Here and not in `event.rs`, which does not depend on this file.
impl Fields<'_> {
    /// Writes `value` as JSON, and ends the event.
    ///
    /// # Errors
    ///
    /// Returns an error if the value cannot be serialized.
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Result<Written, EncodeError> {
        let mut json = Json::new(self);
        json.value("", value);
        json.end("")
    }
}
