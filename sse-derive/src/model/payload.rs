//! The data of an event.

use syn::{ExprPath, Ident, LitStr, Path, Type};

use super::{field::Field, ty::option};
use crate::{
    attributes::{EnumAttributes, SerdeDefault, StructKeys, VariantAttributes},
    written::{Shape, Written, WrittenVariant},
};

/// The source of an event's data.
pub(crate) enum Payload<'w> {
    /// Empty data: one `data:` line without a value.
    Empty,
    /// The whole enum, in serde's representation.
    Tagged,
    /// A fixed text.
    Literal(String),
    /// One value, as JSON.
    Value(Field<'w>),
    /// An optional value, as JSON, or empty data for `None`. The type is that of the value.
    Optional(Field<'w>, &'w Type),
    /// One value, as text.
    Text(Field<'w>),
    /// An optional value, as text, or empty data for `None`. The type is that of the value.
    OptionalText(Field<'w>, &'w Type),
    /// One value, converted by the functions of a module.
    With(Field<'w>, &'w Path),
    /// Fields that serde's derives write and read.
    Fields(Fields<'w>),
}

/// The fields of a JSON object or array, or a single value with serde attributes.
pub(crate) struct Fields<'w> {
    pub(crate) list: Vec<Field<'w>>,
    /// Whether the data is the value of the only field.
    pub(crate) is_single: bool,
    /// Serde keys for the helper structs that hold the fields.
    pub(crate) keys: StructKeys,
    /// Serde's `default` on a struct that is an event.
    pub(crate) default: Option<(&'w Ident, &'w SerdeDefault)>,
}

/// Whether an event ends its stream.
pub(crate) enum Terminal<'w> {
    Never,
    Always,
    /// If the function returns `true` for the value.
    If(&'w ExprPath, Field<'w>),
}

/// The codec of the payload, without serde's representation of the enum around it.
#[derive(Clone, Copy)]
pub(crate) enum Codec<'w> {
    Json,
    Text,
    /// The functions of a module.
    With(&'w Path),
}

impl<'w> Codec<'w> {
    /// Returns the codec that the keys of a variant set.
    pub(crate) fn of_variant(attributes: &'w VariantAttributes) -> Option<Self> {
        let VariantAttributes { with, text, json, .. } = attributes;
        Self::first(with.as_ref(), text.as_ref()).or_else(|| json.as_ref().map(|_| Self::Json))
    }

    /// Returns the codec that the keys of an enum set for a variant with a single value and no codec of its own.
    pub(super) fn of_enum(of_enum: &'w EnumAttributes, attributes: &VariantAttributes) -> Option<Self> {
        Self::first(of_enum.with.as_ref(), of_enum.text.as_ref()).filter(|_| !attributes.is_outside_tag())
    }

    fn first(with: Option<&'w Path>, text: Option<&Ident>) -> Option<Self> {
        with.map(Self::With).or_else(|| text.map(|_| Self::Text))
    }
}

/// Returns the field that is the whole data.
pub(super) fn single<'w>(variant: &WrittenVariant<'_>, fields: &[Field<'w>]) -> Option<Field<'w>> {
    if let (Shape::Tuple, [field]) = (variant.shape, fields) {
        return Some(*field);
    }
    let data = variant.fields.iter().find(|field| field.attributes.data.is_some())?;
    fields.iter().find(|field| field.position == data.position).copied()
}

impl<'w> Payload<'w> {
    /// Returns the source of the data of a variant with this codec, single value and fields.
    pub(super) fn new(
        written: &'w Written<'_>,
        variant: &'w WrittenVariant<'_>,
        codec: Option<Codec<'w>>,
        single: Option<Field<'w>>,
        fields: &[Field<'w>],
    ) -> Self {
        let is_outside_tag = codec.is_some() || variant.attributes.is_outside_tag();
        match (&variant.attributes.literal, codec, single) {
            (Some(literal), ..) => Self::Literal(LitStr::value(literal)),
            (None, Some(Codec::Text), Some(field)) => match option(field.ty) {
                Some(inner) => Self::OptionalText(field, inner),
                None => Self::Text(field),
            },
            (None, Some(Codec::With(module)), Some(field)) => Self::With(field, module),
            (None, ..) if written.attributes.tagged.is_some() && !is_outside_tag => Self::Tagged,
            (None, ..) if variant.shape == Shape::Unit => Self::Empty,
            (None, _, Some(field)) if !field.has_serde_attributes() => match option(field.ty) {
                Some(inner) => Self::Optional(field, inner),
                None => Self::Value(field),
            },
            (None, ..) => Self::Fields(Fields {
                list: fields.iter().copied().filter(Field::is_data).collect(),
                is_single: single.is_some(),
                keys: variant.serde.for_struct.or(&written.serde.for_structs),
                default: variant.serde.default.as_ref().map(|(word, default)| (word, default)),
            }),
        }
    }
}

impl<'w> Terminal<'w> {
    /// Returns whether an event with this single value ends its stream.
    pub(super) fn new(attributes: &'w VariantAttributes, single: Option<Field<'w>>) -> Self {
        match (&attributes.terminal, single) {
            (None, _) => Self::Never,
            (Some((_, Some(function))), Some(field)) => Self::If(function, field),
            (Some(_), _) => Self::Always,
        }
    }
}
