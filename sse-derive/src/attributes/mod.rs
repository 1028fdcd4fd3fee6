//! The attributes as the user wrote them: `#[sse(..)]`, and the part of `#[serde(..)]` that affects events.

mod found;
mod list;
mod serde;
mod sse;
mod token;
mod value;

pub(crate) use self::{
    serde::{SerdeDefault, SerdeEnum, SerdeField, SerdeVariant, StructKeys, Tag},
    sse::{Bound, EnumAttributes, FieldAttributes, TypeAttributes, VariantAttributes},
    value::Sides,
};
