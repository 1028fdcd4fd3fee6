//! The single-line fields and comments. Data is in `data.rs`.

use alloc::vec::Vec;
use core::fmt::Write as _;

use serde::Serialize;

use super::{
    data::{self, VecWriter},
    line,
};
use crate::{
    Comment, EventId, EventName, Retry,
    value::InvalidValue,
    wire::{LF, prefix},
};

pub(crate) fn comment(out: &mut Vec<u8>, comment: &Comment) {
    line::write(out, prefix::COMMENT, comment.as_str().as_bytes());
}

#[inline]
pub(crate) fn name(out: &mut Vec<u8>, name: &EventName) {
    line::write(out, prefix::EVENT, name.as_str().as_bytes());
}

/// The prefixes that nesting types put before the name of an event: a linked list on the stack, innermost first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NamePrefix<'w> {
    pub(crate) text: &'w str,
    pub(crate) outer: Option<&'w Self>,
}

impl NamePrefix<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        if let Some(outer) = self.outer {
            outer.write(out);
        }
        out.extend_from_slice(self.text.as_bytes());
    }
}

/// Out of line, because few types have a prefix, and `name` is inlined into every derived implementation.
#[inline(never)]
pub(crate) fn prefixed_name(out: &mut Vec<u8>, prefix: &NamePrefix<'_>, name: &str) {
    out.extend_from_slice(prefix::EVENT);
    prefix.write(out);
    line::write(out, name.as_bytes(), &[]);
}

/// Checks a name, and writes it.
pub(crate) fn try_name(out: &mut Vec<u8>, prefix: Option<&NamePrefix<'_>>, name: &str) -> Result<(), InvalidValue> {
    EventName::check(name)?;
    match prefix {
        None => line::write(out, prefix::EVENT, name.as_bytes()),
        Some(prefix) => prefixed_name(out, prefix, name),
    }
    Ok(())
}

#[inline]
pub(crate) fn id(out: &mut Vec<u8>, id: &EventId) {
    line::write(out, prefix::ID, id.as_str().as_bytes());
}

/// Writes an ID with its `Display` implementation, and checks the written bytes.
pub(crate) fn dynamic_id(out: &mut Vec<u8>, id: &(impl core::fmt::Display + ?Sized)) -> Result<(), IdError> {
    checked_id(out, |out| write!(VecWriter(out), "{id}").map_err(|_| IdError::Display))
}

/// Writes an ID as JSON, and checks the written bytes, because a `RawValue` may contain line endings.
pub(crate) fn json_id<T: Serialize + ?Sized>(out: &mut Vec<u8>, id: &T) -> Result<(), IdError> {
    checked_id(out, |out| data::raw_json(out, id).map_err(IdError::Json))
}

/// Writes an ID, then checks the written bytes. On an error, they stay in `out` until the `Encoder` rolls the event
/// back.
fn checked_id(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>) -> Result<(), IdError>) -> Result<(), IdError> {
    out.extend_from_slice(prefix::ID);
    let start = out.len();
    write(out)?;
    let written = out.get(start..).unwrap_or_default();
    EventId::check_written(written).map_err(IdError::Invalid)?;
    out.push(LF);
    Ok(())
}

/// The reason why an ID cannot be written.
pub(crate) enum IdError {
    Display,
    Json(serde_json::Error),
    Invalid(InvalidValue),
}

#[cold]
pub(crate) fn retry(out: &mut Vec<u8>, retry: Retry) {
    out.extend_from_slice(prefix::RETRY);
    // Writing a number to a vector cannot fail.
    let _ = write!(VecWriter(out), "{retry}");
    out.push(LF);
}
