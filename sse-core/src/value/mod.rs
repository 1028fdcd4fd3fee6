//! The values of one line: checked when they are created, so that no event with a bad one can be written.

mod check;
mod comment;
mod id;
mod name;
mod retry;

pub use self::{
    check::InvalidValue,
    comment::Comment,
    id::{EventId, IntoEventId},
    name::EventName,
    retry::Retry,
};
