//! Variants, including a struct as its only variant.

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Fields, Ident, Path};

use super::field::{Field, Shape, option, single};
use crate::{
    attributes::{EnumAttributes, SerdeDefault, SerdeVariant, Tag, VariantAttributes},
    errors::Errors,
    name::{MESSAGE, Name, Origin, Rules},
};

/// A variant: an event, the events of a nested type, or a catch-all. A struct is one variant.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) attributes: VariantAttributes,
    /// The event name. `None` if the variant is unnamed, flattened or a catch-all.
    pub(crate) name: Option<Name>,
    /// Whether a name for encoding or decoding is made from the variant's name.
    pub(crate) has_computed_name: bool,
    /// The span of the `unnamed` that applies: the variant's key, or the variant's name if the enum has the key.
    pub(crate) unnamed: Option<Span>,
    /// Whether its data would not be part of serde's representation of the enum.
    pub(crate) is_outside_tag: bool,
    /// Whether its data is the whole enum.
    pub(crate) is_tagged: bool,
    /// The codec of the data, if a key sets it.
    pub(crate) codec: Option<Codec>,
    /// The variant's name in serde's representation of the enum.
    pub(crate) tag: String,
    /// The tags in the data that are read as the variant. Empty if the data has no tag, or if the variant is not read.
    pub(crate) read_tags: Vec<String>,
    pub(crate) aliases: Vec<Name>,
    pub(crate) shape: Shape,
    pub(crate) fields: Vec<Field<'a>>,
    /// Serde keys for the helper struct that holds the fields.
    pub(crate) serde: Vec<TokenStream>,
    /// Serde keys that only affect serde's impls for the enum.
    pub(crate) other_serde_keys: Vec<Ident>,
    /// Serde's `default` on a struct that is an event.
    pub(crate) default: Option<(Ident, SerdeDefault)>,
    /// All attributes of the variant, as written. The check of serde's keys reads them if no serde derive does.
    pub(crate) written: &'a [Attribute],
}

/// The codec of the payload, without serde's representation of the enum around it.
#[derive(Clone)]
pub(crate) enum Codec {
    Json,
    Text,
    /// The functions of a module.
    With(Path),
}

impl Codec {
    /// Returns the codec that the keys of a variant set.
    fn of_variant(attributes: &VariantAttributes) -> Option<Self> {
        let VariantAttributes { with, text, json, .. } = attributes;
        Self::first(with.as_ref(), text.as_ref()).or_else(|| json.as_ref().map(|_| Self::Json))
    }

    /// Returns the codec that the keys of an enum set for a variant with a single value and no codec of its own.
    fn of_enum(of_enum: &EnumAttributes, attributes: &VariantAttributes) -> Option<Self> {
        Self::first(of_enum.with.as_ref(), of_enum.text.as_ref()).filter(|_| !attributes.is_outside_tag())
    }

    fn first(with: Option<&Path>, text: Option<&Ident>) -> Option<Self> {
        with.cloned().map(Self::With).or_else(|| text.map(|_| Self::Text))
    }
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
        mut serde: SerdeVariant,
        rules: &Rules<'_>,
        errors: &mut Errors,
    ) -> Self {
        let [written, read] = rules.names(ident, &attributes, &serde);
        let is_event = attributes.is_event();
        let all_unnamed = rules.of_enum.unnamed.as_ref().map(|_| ident.span());
        let unnamed = attributes.unnamed.as_ref().map(Ident::span).or(all_unnamed).filter(|_| is_event);
        let named = unnamed.is_none() && is_event;
        let read_too = (read.text != written.text).then_some(read).filter(|_| named);
        let is_renamed = serde.rename.write.is_some() && serde.rename.read.is_some();
        let has_computed_name = named && attributes.event.is_none() && !is_renamed;
        let (shape, mut fields) = Field::all(fields, errors);
        let codec = Codec::of_variant(&attributes)
            .or_else(|| single(shape, &fields).and_then(|_| Codec::of_enum(rules.of_enum, &attributes)));
        let borrows = (attributes.borrow.is_some() || serde.borrow) && is_event;
        if let (true, None | Some(Codec::Json), Shape::Tuple, [field]) = (borrows, &codec, shape, &mut fields[..])
            && option(field.ty).is_none()
        {
            field.serde.add_borrow();
        }
        let is_outside_tag = codec.is_some() || attributes.is_outside_tag();
        let is_tagged = rules.of_enum.tagged.is_some() && !is_outside_tag;
        let is_read_by_tag = is_tagged
            && rules.serde.tag != Tag::Unknown
            && serde.others.iter().all(|word| word != "untagged")
            && attributes.skip_decode.is_none();
        let aliases = serde.aliases.iter().filter(|_| is_event).chain(&attributes.aliases);
        Self {
            ident,
            name: named.then_some(written),
            has_computed_name,
            unnamed,
            is_outside_tag,
            is_tagged,
            codec,
            tag: rules.tag(ident, &serde),
            read_tags: if is_read_by_tag { rules.read_tags(ident, &serde) } else { Vec::new() },
            aliases: read_too.into_iter().chain(aliases.map(|name| Name::literal(name, Origin::Alias))).collect(),
            attributes,
            shape,
            fields,
            other_serde_keys: serde.others.clone(),
            default: serde.default.take(),
            serde: serde.with_defaults(rules.serde).for_struct,
            written: written_attributes,
        }
    }

    /// Returns whether the codec is set by a key of the enum.
    pub(crate) fn inherits_codec(&self) -> bool {
        self.codec.is_some() && Codec::of_variant(&self.attributes).is_none()
    }

    /// Returns all names that are decoded as this event. An unnamed event has the name `message`.
    pub(crate) fn read_names(&self) -> impl Iterator<Item = Name> {
        let unnamed = self.unnamed.map(|span| Name { text: MESSAGE.into(), span, origin: Origin::Unnamed });
        self.name.iter().cloned().chain(unnamed).chain(self.aliases.iter().cloned())
    }

    /// Returns whether the variant can be encoded.
    pub(crate) fn is_written(&self) -> bool {
        self.attributes.skip.is_none() && self.attributes.skip_encode.is_none()
    }

    /// Returns whether events are decoded as this variant.
    pub(crate) fn is_read(&self) -> bool {
        self.attributes.skip.is_none() && self.attributes.skip_decode.is_none()
    }

    /// Returns the fields that are part of the data.
    pub(crate) fn data_fields(&self) -> impl Iterator<Item = &Field<'a>> {
        let alone = self.fields.iter().any(|field| field.attributes.data.is_some());
        self.fields.iter().filter(move |field| !field.is_line() && (!alone || field.attributes.data.is_some()))
    }
}
