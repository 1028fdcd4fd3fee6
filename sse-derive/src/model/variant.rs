//! Variants, including a struct as its only variant.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Fields, Ident};

use super::field::{Field, option};
use crate::{
    attributes::{SerdeVariant, VariantAttributes},
    errors::Errors,
    name::{MESSAGE, Name, Rules},
};

/// A variant: an event, the events of a nested type, or a catch-all. A struct is one variant.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) attributes: VariantAttributes,
    /// The event name. `None` if the variant is unnamed, flattened or a catch-all.
    pub(crate) name: Option<Name>,
    /// The span of the `unnamed` that applies: the variant's key, or the variant's name if the enum has the key.
    pub(crate) unnamed: Option<Span>,
    /// Whether its data is the whole enum.
    pub(crate) is_tagged: bool,
    /// The variant's name in serde's representation of the enum.
    pub(crate) tag: String,
    pub(crate) aliases: Vec<Name>,
    pub(crate) shape: Shape,
    pub(crate) fields: Vec<Field<'a>>,
    /// Serde keys for the helper struct that holds the fields.
    pub(crate) serde: Vec<TokenStream>,
    /// Serde keys that only affect serde's impls for the enum.
    pub(crate) other_serde_keys: Vec<Ident>,
    /// All attributes of the variant, as written.
    pub(crate) written: &'a [Attribute],
}

/// The Rust syntax of the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Unit,
    Tuple,
    Struct,
}

/// The syntax of a variant of an enum, or of a struct.
pub(super) struct Source<'a> {
    pub(super) ident: &'a Ident,
    pub(super) fields: &'a Fields,
    pub(super) attributes: &'a [Attribute],
}

impl<'a> Variant<'a> {
    pub(super) fn read(variant: &'a syn::Variant, rules: &Rules<'_>, errors: &mut Errors) -> Self {
        let attributes = VariantAttributes::read(&variant.attrs, errors);
        let serde = SerdeVariant::read(&variant.attrs);
        let source = Source { ident: &variant.ident, fields: &variant.fields, attributes: &variant.attrs };
        Self::new(source, attributes, serde, rules, errors)
    }

    pub(super) fn new(
        Source { ident, fields, attributes: written_attributes }: Source<'a>,
        attributes: VariantAttributes,
        serde: SerdeVariant,
        rules: &Rules<'_>,
        errors: &mut Errors,
    ) -> Self {
        let [written, read] = rules.names(ident, &attributes, &serde);
        let is_event = attributes.other.is_none() && attributes.flatten.is_none();
        let all_unnamed = rules.of_enum.unnamed.as_ref().map(|_| ident.span());
        let unnamed = attributes.unnamed.as_ref().map(Ident::span).or(all_unnamed).filter(|_| is_event);
        let named = unnamed.is_none() && is_event;
        let outside_tag = attributes.is_outside_tag();
        let read_too = (read.text != written.text).then_some(read).filter(|_| named);
        let (shape, mut fields) = match fields {
            Fields::Unit => (Shape::Unit, Vec::new()),
            Fields::Unnamed(fields) => (Shape::Tuple, Field::all(&fields.unnamed, errors)),
            Fields::Named(fields) => (Shape::Struct, Field::all(&fields.named, errors)),
        };
        let borrows = (attributes.borrow.is_some() || serde.borrow) && is_event;
        let borrows = borrows && attributes.text.is_none() && attributes.with.is_none();
        if let (true, Shape::Tuple, [field]) = (borrows, shape, fields.as_mut_slice())
            && option(field.ty).is_none()
        {
            field.serde.add_borrow();
        }
        let aliases = serde.aliases.iter().filter(|_| is_event).chain(&attributes.aliases);
        Self {
            ident,
            name: named.then_some(written),
            unnamed,
            is_tagged: rules.of_enum.tagged.is_some() && !outside_tag,
            tag: rules.tag(ident, &serde),
            aliases: aliases.map(Name::literal).chain(read_too).collect(),
            attributes,
            shape,
            fields,
            other_serde_keys: serde.others.clone(),
            serde: serde.with_defaults(rules.serde).for_struct,
            written: written_attributes,
        }
    }

    /// Returns all names that are read as this event. An unnamed event has the name `message`.
    pub(crate) fn read_names(&self) -> impl Iterator<Item = Name> {
        let unnamed = self.unnamed.map(|span| Name { text: MESSAGE.into(), span });
        self.name.iter().cloned().chain(unnamed).chain(self.aliases.iter().cloned())
    }

    /// Returns whether the variant can be written.
    pub(crate) fn is_written(&self) -> bool {
        self.attributes.skip.is_none() && self.attributes.skip_encode.is_none()
    }

    /// Returns whether events are read as this variant.
    pub(crate) fn is_read(&self) -> bool {
        self.attributes.skip.is_none() && self.attributes.skip_decode.is_none()
    }

    /// Returns the fields that are part of the data.
    pub(crate) fn data_fields(&self) -> impl Iterator<Item = &Field<'a>> {
        let alone = self.fields.iter().any(|field| field.attributes.data.is_some());
        self.fields.iter().filter(move |field| !field.is_line() && (!alone || field.attributes.data.is_some()))
    }
}
