//! The attributes as the user wrote them: `#[sse(..)]`, and the part of `#[serde(..)]` that affects events.

mod list;
mod serde;
mod serde_keys;
mod sse;
mod value;

pub(crate) use self::{
    list::{KeyValue, read},
    serde::{SerdeEnum, SerdeField, SerdeVariant, Tag, rule_for_written},
    serde_keys::SerdeDefault,
    sse::{Bound, EnumAttributes, FieldAttributes, TypeAttributes, VariantAttributes, case_rule},
    value::Value,
};
