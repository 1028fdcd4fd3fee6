//! The attributes as the user wrote them: `#[sse(..)]`, and the part of `#[serde(..)]` that affects events.

mod list;
mod serde;
mod sse;
mod value;

pub(crate) use self::{
    list::{KeyValue, read},
    serde::{SerdeDefault, SerdeEnum, SerdeField, SerdeVariant, rule_for_written},
    sse::{Bound, EnumAttributes, FieldAttributes, TypeAttributes, VariantAttributes, case_rule},
    value::Value,
};
