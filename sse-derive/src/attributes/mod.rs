//! What the user wrote in attributes: ours, and those of serde's that concern an event.

mod list;
mod serde;
mod sse;
mod value;

pub(crate) use self::{
    list::{KeyValue, read},
    serde::{SerdeEnum, SerdeField, SerdeVariant, rule_for_written},
    sse::{Bound, EnumAttributes, FieldAttributes, TypeAttributes, VariantAttributes, case_rule},
    value::Value,
};
