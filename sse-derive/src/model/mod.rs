//! The enum as a set of events: what the user means, whatever the way it was written.

mod field;

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Data, DeriveInput, Fields, Generics, Ident, LitStr, Path, Type};

pub(crate) use self::field::{Field, has_lifetime, is_lent_text, option};
use crate::{
    attributes::{Bound, FieldAttributes, SerdeEnum, SerdeVariant, TypeAttributes, VariantAttributes},
    errors::Errors,
    name::{MESSAGE, Name, Rules, is_one_line},
};

/// The enum.
pub(crate) struct Model<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) crate_path: Path,
    pub(crate) is_enum: bool,
    /// As written on the type.
    pub(crate) attributes: &'a [Attribute],
    /// Names that reading drops.
    pub(crate) ignored: Vec<Name>,
    /// What stands before computed names.
    pub(crate) prefix: Option<Name>,
    /// `tagged`, if the data is the whole enum.
    pub(crate) tagged: Option<Ident>,
    /// How serde tells the variants apart.
    pub(crate) representation: Option<Ident>,
    /// Whether that is not by their tags.
    pub(crate) hides_tags: bool,
    pub(crate) bound: Option<Bound>,
    pub(crate) variants: Vec<Variant<'a>>,
}

/// A variant: one event, or all that have no variant of their own.
pub(crate) struct Variant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) attributes: VariantAttributes,
    /// No name: without an `event:` line.
    pub(crate) name: Option<Name>,
    /// Why there is no name: the variant's or the enum's `unnamed`.
    pub(crate) unnamed: Option<Span>,
    /// Whether its data is the whole enum.
    pub(crate) is_tagged: bool,
    /// What serde calls the variant.
    pub(crate) tag: String,
    pub(crate) aliases: Vec<Name>,
    pub(crate) shape: Shape,
    pub(crate) fields: Vec<Field<'a>>,
    /// Keys of serde's for the struct that stands in for the fields.
    pub(crate) serde: Vec<TokenStream>,
    /// Keys of serde's that are for the enum's own serde impl alone.
    pub(crate) serdes_words: Vec<Ident>,
    /// As written on the variant.
    pub(crate) written: &'a [Attribute],
}

/// How the variant is written in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Unit,
    Tuple,
    Struct,
}

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

impl<'a> Model<'a> {
    /// Reads a type. A struct is a type of one event, and a union of none.
    pub(crate) fn read(input: &'a DeriveInput, attributes: TypeAttributes, errors: &mut Errors) -> Self {
        let TypeAttributes { of_enum, of_variant } = attributes;
        let (mut representation, mut hides_tags) = (None, false);
        let variants = match &input.data {
            Data::Enum(data) => {
                let serde = SerdeEnum::read(&input.attrs);
                let prefix = of_enum.prefix.as_ref().map(LitStr::value).filter(|prefix| is_one_line(prefix));
                let rules = Rules { of_enum: &of_enum, prefix: prefix.unwrap_or_default(), serde: &serde };
                let variants = data.variants.iter().map(|variant| Variant::read(variant, &rules, errors)).collect();
                (representation, hides_tags) = (serde.representation, serde.hides_tags);
                variants
            }
            Data::Struct(data) => {
                let serde = SerdeVariant::read_struct(&input.attrs, errors);
                let rules = Rules { of_enum: &of_enum, prefix: String::new(), serde: &SerdeEnum::default() };
                let source = Source { ident: &input.ident, fields: &data.fields, attributes: &input.attrs };
                vec![Variant::new(source, of_variant, serde, &rules, errors)]
            }
            Data::Union(data) => {
                errors.at(data.union_token, "events are derived for enums and structs, not for unions");
                Vec::new()
            }
        };
        Self {
            ident: &input.ident,
            generics: &input.generics,
            crate_path: of_enum.crate_path,
            is_enum: matches!(input.data, Data::Enum(_)),
            attributes: &input.attrs,
            ignored: of_enum.ignore.iter().map(Name::literal).collect(),
            prefix: of_enum.prefix.as_ref().map(Name::literal),
            representation,
            hides_tags,
            bound: of_enum.bound,
            tagged: of_enum.tagged,
            variants,
        }
    }
}

impl<'a> Model<'a> {
    /// The variants that are events, and so are described.
    pub(crate) fn described(&self) -> impl Iterator<Item = &Variant<'a>> {
        self.variants.iter().filter(|variant| variant.attributes.skip.is_none())
    }
}

/// What a variant is made of: one of an enum's, or a struct.
struct Source<'a> {
    ident: &'a Ident,
    fields: &'a Fields,
    attributes: &'a [Attribute],
}

impl<'a> Variant<'a> {
    fn read(variant: &'a syn::Variant, rules: &Rules<'_>, errors: &mut Errors) -> Self {
        let attributes = VariantAttributes::read(&variant.attrs, errors);
        let serde = SerdeVariant::read(&variant.attrs);
        let source = Source { ident: &variant.ident, fields: &variant.fields, attributes: &variant.attrs };
        Self::new(source, attributes, serde, rules, errors)
    }

    fn new(
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
        let lends = (attributes.borrow.is_some() || serde.borrow) && is_event;
        let lends = lends && attributes.text.is_none() && attributes.with.is_none();
        if let (true, Shape::Tuple, [field]) = (lends, shape, fields.as_mut_slice())
            && option(field.ty).is_none()
        {
            field.serde.lend();
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
            serdes_words: serde.others.clone(),
            serde: serde.with_defaults(rules.serde).for_struct,
            written: written_attributes,
        }
    }

    /// Everything that means this event when reading.
    pub(crate) fn read_names(&self) -> impl Iterator<Item = Name> {
        let unnamed = self.unnamed.map(|span| Name { text: MESSAGE.into(), span });
        self.name.iter().cloned().chain(unnamed).chain(self.aliases.iter().cloned())
    }

    /// Whether it has a written form.
    pub(crate) fn is_written(&self) -> bool {
        self.attributes.skip.is_none() && self.attributes.skip_encode.is_none()
    }

    /// Whether anything is read as it.
    pub(crate) fn is_read(&self) -> bool {
        self.attributes.skip.is_none() && self.attributes.skip_decode.is_none()
    }

    /// The fields that make up the data.
    pub(crate) fn data_fields(&self) -> impl Iterator<Item = &Field<'a>> {
        let alone = self.fields.iter().any(|field| field.attributes.data.is_some());
        self.fields.iter().filter(move |field| !field.is_line() && (!alone || field.attributes.data.is_some()))
    }

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
}

impl<'a> Variant<'a> {
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
