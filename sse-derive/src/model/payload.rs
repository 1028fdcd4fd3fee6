//! What the data of a variant is made of, and whose events it stands for.

use proc_macro2::Span;
use syn::{LitStr, Path, Type};

use super::{
    field::{Field, option},
    variant::{Shape, Variant},
};
use crate::attributes::{FieldAttributes, VariantAttributes};

/// What the data of an event is made of.
pub(crate) enum Payload<'m, 'a> {
    Empty,
    /// The whole enum.
    Tagged,
    /// One value, as it is.
    Value(&'m Field<'a>),
    /// This text.
    Literal(String),
    /// One value, as text.
    Text(&'m Field<'a>),
    /// One value, by the functions of a module.
    With(&'m Field<'a>, &'m Path),
    /// One value, or no data.
    Optional(&'m Field<'a>, &'a Type),
    /// The fields as a JSON object or array.
    Fields,
}

/// A type whose events are among the enum's.
pub(crate) struct Flattened<'m, 'a> {
    pub(crate) field: &'m Field<'a>,
    /// Not there if there is none.
    pub(crate) prefix: Option<String>,
    /// What to underline when its events cannot be told from others.
    pub(crate) span: Span,
}

/// What a catch-all keeps of an event.
pub(crate) enum Catch<'m, 'a> {
    Nothing,
    /// The event, in a type that takes any.
    Whole(&'m Field<'a>),
    /// Its name and its data.
    Text {
        event: &'m Field<'a>,
        data: &'m Field<'a>,
    },
}

impl<'a> Variant<'a> {
    /// The field that is alone the data.
    pub(crate) fn single(&self) -> Option<&Field<'a>> {
        match (self.shape, self.fields.as_slice()) {
            (Shape::Tuple, [field]) => Some(field),
            _ => self.fields.iter().find(|field| field.attributes.data.is_some()),
        }
    }

    pub(crate) fn payload(&self) -> Payload<'_, 'a> {
        let VariantAttributes { literal, text, with, .. } = &self.attributes;
        let single = self.single();
        match (literal, text, with, single) {
            (Some(literal), ..) => return Payload::Literal(literal.value()),
            (_, Some(_), _, Some(field)) => return Payload::Text(field),
            (_, _, Some(module), Some(field)) => return Payload::With(field, module),
            _ => {}
        }
        if self.is_tagged {
            return Payload::Tagged;
        }
        match (self.shape, single) {
            (Shape::Unit, _) => Payload::Empty,
            (_, Some(field)) if field.serde.attributes.is_empty() => match option(field.ty) {
                Some(inner) => Payload::Optional(field, inner),
                None => Payload::Value(field),
            },
            (Shape::Tuple | Shape::Struct, _) => Payload::Fields,
        }
    }

    /// The object or array of fields none of which is looked for in it.
    pub(crate) fn empty_fields(&self) -> Option<&'static str> {
        let looks_for_any = self.single().is_some() || self.data_fields().any(|field| !field.serde.skips_read);
        (!looks_for_any).then_some(if self.shape == Shape::Struct { "{}" } else { "[]" })
    }

    /// The type whose events the variant stands for, if it does.
    pub(crate) fn flattened(&self) -> Option<Flattened<'_, 'a>> {
        let (word, prefix) = self.attributes.flatten.as_ref()?;
        let (Shape::Tuple, [field]) = (self.shape, self.fields.as_slice()) else { return None };
        let span = prefix.as_ref().map_or_else(|| word.span(), LitStr::span);
        Some(Flattened { field, prefix: prefix.as_ref().map(LitStr::value), span })
    }

    /// The field that is an event itself.
    pub(crate) fn nested(&self) -> Option<&Field<'a>> {
        match (self.flattened(), self.catch()) {
            (Some(flattened), _) => Some(flattened.field),
            (None, Some(Catch::Whole(field))) => Some(field),
            (None, _) => None,
        }
    }

    /// Whether it is one event, and not all of a type or all others.
    pub(crate) const fn is_event(&self) -> bool {
        self.attributes.flatten.is_none() && self.attributes.other.is_none()
    }

    /// What the catch-all keeps of an event; `None` for a variant that is none, or has none of the shapes.
    pub(crate) fn catch(&self) -> Option<Catch<'_, 'a>> {
        self.attributes.other.as_ref()?;
        match (self.shape, self.fields.as_slice()) {
            (Shape::Unit, _) => Some(Catch::Nothing),
            (Shape::Tuple, [field]) => Some(Catch::Whole(field)),
            (Shape::Tuple, _) => None,
            (Shape::Struct, _) => {
                let named = |name: &str| self.fields.iter().find(|field| field.is_called(name));
                let marked = |is_marked: fn(&FieldAttributes) -> bool| {
                    self.fields.iter().find(|field| is_marked(&field.attributes))
                };
                let event = marked(|marks| marks.event.is_some()).or_else(|| named("event"))?;
                let data = marked(|marks| marks.data.is_some()).or_else(|| named("data"))?;
                let texts = self.fields.iter().filter(|field| !field.is_on_a_line()).count();
                (texts == 2 && event.position != data.position).then_some(Catch::Text { event, data })
            }
        }
    }
}
