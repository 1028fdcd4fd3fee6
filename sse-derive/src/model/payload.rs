//! The payload of a variant, its nested type, or what it keeps as a catch-all.

use proc_macro2::Span;
use syn::{ExprPath, LitStr, Path, Type};

use super::{
    field::{Field, Shape, option, single},
    variant::{Codec, Variant},
};
use crate::attributes::FieldAttributes;

/// The source of an event's data.
pub(crate) enum Payload<'m, 'a> {
    /// Empty data: one `data:` line without a value.
    Empty,
    /// The whole enum, in serde's representation.
    Tagged,
    /// One value, as JSON.
    Value(&'m Field<'a>),
    /// A fixed text.
    Literal(String),
    /// One value, as text.
    Text(&'m Field<'a>),
    /// An optional value, as text, or empty data for `None`. The type is that of the value.
    OptionalText(&'m Field<'a>, &'a Type),
    /// One value, converted by the functions of a module.
    With(&'m Field<'a>, &'m Path),
    /// An optional value, as JSON, or empty data for `None`. The type is that of the value.
    Optional(&'m Field<'a>, &'a Type),
    /// The fields as a JSON object or array.
    Fields,
}

/// Whether an event ends its stream.
pub(crate) enum Terminal<'m, 'a> {
    Never,
    Always,
    /// If the function returns `true` for the value.
    If(&'m ExprPath, &'m Field<'a>),
}

/// A nested type, whose events are events of the enum.
pub(crate) struct Flattened<'m, 'a> {
    pub(crate) field: &'m Field<'a>,
    /// The prefix of its event names, or `None` if there is none.
    pub(crate) prefix: Option<String>,
    /// The span to underline if its events conflict with others.
    pub(crate) span: Span,
}

/// The parts of an event that a catch-all keeps.
pub(crate) enum Catch<'m, 'a> {
    Nothing,
    /// The whole event, as a type that accepts any event.
    Whole(&'m Field<'a>),
    /// The event name and the data.
    Text {
        event: &'m Field<'a>,
        data: &'m Field<'a>,
    },
}

impl<'a> Variant<'a> {
    /// Returns the field that is the whole data.
    pub(crate) fn single(&self) -> Option<&Field<'a>> {
        single(self.shape, &self.fields)
    }

    /// Returns the source of the data.
    pub(crate) fn payload(&self) -> Payload<'_, 'a> {
        let single = self.single();
        match (&self.attributes.literal, &self.codec, single) {
            (Some(literal), ..) => return Payload::Literal(literal.value()),
            (None, Some(Codec::Text), Some(field)) => {
                return match option(field.ty) {
                    Some(inner) => Payload::OptionalText(field, inner),
                    None => Payload::Text(field),
                };
            }
            (None, Some(Codec::With(module)), Some(field)) => return Payload::With(field, module),
            (None, _, _) => {}
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

    /// Returns whether the event ends its stream.
    pub(crate) fn terminal(&self) -> Terminal<'_, 'a> {
        match (&self.attributes.terminal, self.single()) {
            (None, _) => Terminal::Never,
            (Some((_, Some(function))), Some(field)) => Terminal::If(function, field),
            (Some(_), _) => Terminal::Always,
        }
    }

    /// Returns the nested type, or `None` if the variant is not flattened.
    pub(crate) fn flattened(&self) -> Option<Flattened<'_, 'a>> {
        let (word, prefix) = self.attributes.flatten.as_ref()?;
        let (Shape::Tuple, [field]) = (self.shape, self.fields.as_slice()) else { return None };
        let span = prefix.as_ref().map_or_else(|| word.span(), LitStr::span);
        Some(Flattened { field, prefix: prefix.as_ref().map(LitStr::value), span })
    }

    /// Returns the field whose type is an event type: that of a flattened variant, or of a catch-all with the whole
    /// event.
    pub(crate) fn nested(&self) -> Option<&Field<'a>> {
        match (self.flattened(), self.catch()) {
            (Some(flattened), _) => Some(flattened.field),
            (None, Some(Catch::Whole(field))) => Some(field),
            (None, _) => None,
        }
    }

    /// Returns whether the variant is a single event, and neither flattened nor a catch-all.
    pub(crate) const fn is_event(&self) -> bool {
        self.attributes.is_event()
    }

    /// Returns what the catch-all keeps of an event, or `None` if the variant is not a catch-all or its fields are not
    /// valid for one.
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
