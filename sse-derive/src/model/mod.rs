//! The model: the type as a set of events, independent of how its attributes are written.

mod field;
mod payload;
mod variant;

use syn::{Attribute, Data, DeriveInput, Generics, Ident, LitStr, Path};

use self::variant::Source;
pub(crate) use self::{
    field::{Field, FromText, Shape, has_lifetime, is_plain_value, option},
    payload::{Catch, Flattened, Payload, Terminal},
    variant::{Codec, Variant},
};
pub(crate) use crate::attributes::Tag;
use crate::{
    attributes::{Bound, SerdeEnum, SerdeVariant, TypeAttributes},
    errors::Errors,
    name::{self, Name, Rules, is_one_line},
};

/// An enum of events, or a struct that is one event.
pub(crate) struct Model<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) crate_path: Path,
    pub(crate) is_enum: bool,
    /// All attributes of the type, as written. The check of serde's keys reads them if no serde derive does.
    pub(crate) attributes: &'a [Attribute],
    /// Names of events that decoding drops.
    pub(crate) ignored: Vec<Name>,
    /// The prefix of names that are made from variant names.
    pub(crate) prefix: Option<LitStr>,
    /// The key `tagged`, if the data is the whole enum.
    pub(crate) tagged: Option<Ident>,
    /// The first serde key that changes how the enum is represented, such as `tag`.
    pub(crate) representation: Option<Ident>,
    /// Whether serde's representation omits the variants' tags.
    pub(crate) hides_tags: bool,
    /// The key `text` of the enum.
    pub(crate) text: Option<Ident>,
    /// The key `with` of the enum.
    pub(crate) with: Option<Path>,
    /// The place of the variants' tags in the data, if there are any.
    pub(crate) tag: Tag,
    pub(crate) bound: Option<Bound>,
    pub(crate) variants: Vec<Variant<'a>>,
}

impl<'a> Model<'a> {
    /// Builds the model of an enum, or of a struct, which is one event. Records an error for a union.
    pub(crate) fn read(input: &'a DeriveInput, attributes: TypeAttributes, errors: &mut Errors) -> Self {
        let TypeAttributes { of_enum, of_variant } = attributes;
        let (mut representation, mut hides_tags, mut tag) = (None, false, Tag::Unknown);
        let variants = match &input.data {
            Data::Enum(data) => {
                let serde = SerdeEnum::read(&input.attrs);
                let prefix = of_enum.prefix.as_ref().map(LitStr::value).filter(|prefix| is_one_line(prefix));
                let rules = Rules { of_enum: &of_enum, prefix: prefix.unwrap_or_default(), serde: &serde };
                let variants = data.variants.iter().map(|variant| Variant::read(variant, &rules, errors)).collect();
                (representation, hides_tags, tag) = (serde.representation, serde.hides_tags, serde.tag);
                variants
            }
            Data::Struct(data) => {
                let serde = SerdeVariant::read_struct(&input.attrs, errors);
                let rules = Rules { of_enum: &of_enum, prefix: String::new(), serde: &SerdeEnum::default() };
                let source = Source { ident: &input.ident, fields: &data.fields, attributes: &input.attrs };
                vec![Variant::new(source, of_variant, serde, &rules, errors)]
            }
            Data::Union(data) => {
                errors.at(data.union_token, "`SseEvent` cannot be derived for a union; write an enum or a struct");
                Vec::new()
            }
        };
        Self {
            ident: &input.ident,
            generics: &input.generics,
            crate_path: of_enum.crate_path,
            is_enum: matches!(input.data, Data::Enum(_)),
            attributes: &input.attrs,
            ignored: of_enum.ignore.iter().map(|name| Name::literal(name, name::Origin::Ignore)).collect(),
            prefix: of_enum.prefix,
            representation,
            hides_tags,
            text: of_enum.text,
            with: of_enum.with,
            tag,
            bound: of_enum.bound,
            tagged: of_enum.tagged,
            variants,
        }
    }

    /// Returns the variants that `TypedEvent::EVENTS` describes: all that are not skipped.
    pub(crate) fn described(&self) -> impl Iterator<Item = &Variant<'a>> {
        self.variants.iter().filter(|variant| variant.attributes.skip.is_none())
    }
}
