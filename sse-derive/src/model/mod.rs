//! The model: the meaning of a type as a set of events, which the attributes give it. It has all that the expansion
//! needs.

mod event;
mod field;
mod payload;
mod ty;

use proc_macro2::Span;
use quote::ToTokens as _;
use syn::{Generics, Ident, LitStr, Path};

pub(crate) use self::{
    event::Event,
    field::{Field, Role, is_absent},
    payload::{Codec, Fields, Payload, Terminal},
    ty::{FromText, has_lifetime, is_plain_value, option},
};
use crate::{
    attributes::Bound,
    errors::Errors,
    name::{self, Name, Rules, is_one_line},
    written::{Written, WrittenField, WrittenVariant},
};
pub(crate) use crate::{
    attributes::{SerdeDefault, Tag},
    written::Shape,
};

/// An enum of events, or a struct that is one event.
pub(crate) struct Model<'w> {
    pub(crate) ident: &'w Ident,
    pub(crate) generics: &'w Generics,
    pub(crate) crate_path: Path,
    pub(crate) is_enum: bool,
    /// Names of events that decoding drops.
    pub(crate) ignored: Vec<Name>,
    /// The place of the variants' tags in the data, if there are any.
    pub(crate) tag: &'w Tag,
    pub(crate) bound: Option<&'w Bound>,
    pub(crate) variants: Vec<Variant<'w>>,
}

/// A variant. A struct is one too.
pub(crate) struct Variant<'w> {
    pub(crate) ident: &'w Ident,
    pub(crate) shape: Shape,
    pub(crate) fields: Vec<Field<'w>>,
    pub(crate) kind: Kind<'w>,
    /// Whether the variant can be encoded.
    pub(crate) is_encoded: bool,
    /// Whether events are decoded as this variant.
    pub(crate) is_decoded: bool,
}

/// The events that belong to a variant.
pub(crate) enum Kind<'w> {
    /// One event.
    Event(Box<Event<'w>>),
    /// The events of a nested type.
    Nested(Nested<'w>),
    /// All events that no other variant names.
    CatchAll(Catch<'w>),
    /// None.
    Skipped,
}

/// A nested type, whose events are events of the enum.
pub(crate) struct Nested<'w> {
    pub(crate) field: Field<'w>,
    /// The prefix of its event names, or `None` if there is none.
    pub(crate) prefix: Option<String>,
    /// The span to underline if its events conflict with others.
    pub(crate) span: Span,
}

/// The parts of an event that a catch-all keeps.
pub(crate) enum Catch<'w> {
    Nothing,
    /// The whole event, as a type that accepts any event.
    Whole(Field<'w>),
    /// The event name, and the data as text or JSON.
    Parts {
        event: Field<'w>,
        data: Field<'w>,
        json: bool,
    },
}

impl<'w> Model<'w> {
    /// Gives a type its meaning. `crate_path` is the path to `sse_core` if no attribute sets it. Records an error for
    /// each variant whose fields do not fit its kind.
    pub(crate) fn new(written: &'w Written<'_>, crate_path: Path, errors: &mut Errors) -> Self {
        let attributes = &written.attributes;
        let prefix = attributes.prefix.as_ref().map(LitStr::value).filter(|prefix| is_one_line(prefix));
        let rules = Rules { of_enum: attributes, prefix: prefix.unwrap_or_default(), serde: &written.serde };
        let variants = written.variants.iter().map(|variant| Variant::new(written, variant, &rules, errors));
        Self {
            ident: written.ident,
            generics: written.generics,
            crate_path: attributes.crate_path.clone().unwrap_or(crate_path),
            is_enum: written.is_enum,
            variants: variants.collect(),
            ignored: attributes.ignore.iter().map(|name| Name::literal(name, name::Origin::Ignore)).collect(),
            tag: &written.serde.tag,
            bound: attributes.bound.as_ref(),
        }
    }

    /// Returns the variants that `TypedEvent::EVENTS` describes: all that are not skipped.
    pub(crate) fn described(&self) -> impl Iterator<Item = &Variant<'w>> {
        self.variants.iter().filter(|variant| !matches!(variant.kind, Kind::Skipped))
    }

    /// Returns the variants that are decoded as one event.
    pub(crate) fn decoded_events(&self) -> impl Iterator<Item = (&Variant<'w>, &Event<'w>)> {
        let decoded = self.variants.iter().filter(|variant| variant.is_decoded);
        decoded.filter_map(|variant| Some((variant, variant.event()?)))
    }
}

impl<'w> Variant<'w> {
    fn new(written: &'w Written<'_>, variant: &'w WrittenVariant<'_>, rules: &Rules<'_>, errors: &mut Errors) -> Self {
        let attributes = &variant.attributes;
        let mut fields = Field::all(variant);
        let kind = if attributes.skip.is_some() {
            Kind::Skipped
        } else if let Some((word, prefix)) = &attributes.flatten {
            nested(variant, word, prefix.as_ref(), &fields, errors).map_or(Kind::Skipped, Kind::Nested)
        } else if attributes.other.is_some() {
            catch(variant, &fields, errors).map_or(Kind::Skipped, Kind::CatchAll)
        } else {
            Kind::Event(Box::new(Event::new(written, variant, rules, &mut fields)))
        };
        let is_skipped = matches!(kind, Kind::Skipped);
        Self {
            ident: variant.ident,
            shape: variant.shape,
            fields,
            kind,
            is_encoded: !is_skipped && attributes.skip_encode.is_none(),
            is_decoded: !is_skipped && attributes.skip_decode.is_none(),
        }
    }

    /// Returns the event, if the variant is a single one.
    pub(crate) fn event(&self) -> Option<&Event<'w>> {
        match &self.kind {
            Kind::Event(event) => Some(event),
            Kind::Nested(_) | Kind::CatchAll(_) | Kind::Skipped => None,
        }
    }

    /// Returns the nested type, if the variant is flattened.
    pub(crate) const fn nested(&self) -> Option<&Nested<'w>> {
        match &self.kind {
            Kind::Nested(nested) => Some(nested),
            Kind::Event(_) | Kind::CatchAll(_) | Kind::Skipped => None,
        }
    }

    /// Returns what the catch-all keeps of an event, if the variant is one.
    pub(crate) const fn catch(&self) -> Option<&Catch<'w>> {
        match &self.kind {
            Kind::CatchAll(catch) => Some(catch),
            Kind::Event(_) | Kind::Nested(_) | Kind::Skipped => None,
        }
    }

    /// Returns the field whose type is an event type: that of a flattened variant, or of a catch-all with the whole
    /// event.
    pub(crate) const fn holds_events(&self) -> Option<&Field<'w>> {
        match &self.kind {
            Kind::Nested(Nested { field, .. }) | Kind::CatchAll(Catch::Whole(field)) => Some(field),
            Kind::Event(_) | Kind::CatchAll(_) | Kind::Skipped => None,
        }
    }

    /// Returns the fields that are part of the data.
    pub(crate) fn data_fields(&self) -> impl Iterator<Item = &Field<'w>> {
        self.fields.iter().filter(|field| field.is_data())
    }
}

/// Returns the nested type of a variant with `flatten`. Records an error if the variant does not have one field.
fn nested<'w>(
    variant: &WrittenVariant<'_>,
    word: &Ident,
    prefix: Option<&LitStr>,
    fields: &[Field<'w>],
    errors: &mut Errors,
) -> Option<Nested<'w>> {
    let (Shape::Tuple, [field]) = (variant.shape, fields) else {
        let remedy = format!("write `{}(Inner)`", variant.ident);
        errors.at(word, format!("`flatten` requires a tuple variant with one field; {remedy}"));
        return None;
    };
    let span = prefix.map_or_else(|| word.span(), LitStr::span);
    Some(Nested { field: *field, prefix: prefix.map(LitStr::value), span })
}

/// Returns what a catch-all keeps of an event. Records an error for fields that do not fit.
fn catch<'w>(variant: &WrittenVariant<'_>, fields: &[Field<'w>], errors: &mut Errors) -> Option<Catch<'w>> {
    let name = variant.ident;
    match (variant.shape, fields) {
        (Shape::Unit, _) => return Some(Catch::Nothing),
        (Shape::Tuple, [field]) => return Some(Catch::Whole(*field)),
        (Shape::Tuple | Shape::Struct, _) => {}
    }
    let marks: [fn(&WrittenField<'_>) -> bool; 2] =
        [|field| field.attributes.event.is_some(), |field| field.attributes.data.is_some()];
    // The check of the fields reports a mark that is used twice.
    if marks.iter().any(|is_marked| variant.fields.iter().filter(|field| is_marked(field)).count() > 1) {
        return None;
    }
    let found = |is_marked: fn(&WrittenField<'_>) -> bool, name: &str| {
        let named = || variant.fields.iter().find(|field| field.is_called(name));
        let written = variant.fields.iter().find(|field| is_marked(field)).or_else(named)?;
        Some((written, fields.iter().find(|field| field.position == written.position)?))
    };
    let [is_event, is_data] = marks;
    let (event, written_data, data) = match (found(is_event, "event"), found(is_data, "data")) {
        (Some((_, event)), Some((written, data))) if event.position != data.position => (event, written, data),
        _ => {
            let remedy = format!("write `{name}`, `{name}(RawEventBuf)` or `{name} {{ event: String, data: String }}`");
            errors.at(name, format!("a catch-all cannot have these fields; {remedy}"));
            return None;
        }
    };
    let json = written_data.attributes.data.as_ref().is_some_and(|data| data.json.is_some());
    let is_sent = |field: &&Field<'_>| field.is_on_a_line() || field.role == Role::Unsent;
    for field in
        fields.iter().filter(|field| ![event.position, data.position].contains(&field.position) && !is_sent(field))
    {
        let member = field.member.to_token_stream();
        let remedy = match member.to_string().as_str() {
            "id" | "event_id" | "last_event_id" => format!("write `#[sse(id)]` on `{member}`, or remove it"),
            "retry" => format!("write `#[sse(retry)]` on `{member}`, or remove it"),
            _ => format!("remove `{member}`, or mark it with `id` or `retry`"),
        };
        errors
            .at(&member, format!("`{member}` is not encoded, because a catch-all keeps `event` and `data`; {remedy}"));
    }
    Some(Catch::Parts { event: *event, data: *data, json })
}
