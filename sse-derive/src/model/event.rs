//! An event: its names, its data and its properties.

use proc_macro2::{Ident, Span};

use super::{
    field::Field,
    payload::{Codec, Fields, Payload, Terminal, single},
    ty::option,
};
use crate::{
    attributes::Tag,
    name::{MESSAGE, Name, Origin, Rules},
    written::{Shape, Written, WrittenVariant},
};

/// A variant that is one event. A struct is one too.
pub(crate) struct Event<'w> {
    /// The event name. `None` if the event is unnamed.
    pub(crate) name: Option<Name>,
    /// Whether a name for encoding or decoding is made from the variant's name.
    pub(crate) has_computed_name: bool,
    /// The span of the `unnamed` that applies: the variant's key, or the variant's name if the enum has the key.
    pub(crate) unnamed: Option<Span>,
    pub(crate) aliases: Vec<Name>,
    /// The codec of the data, if a key sets it.
    pub(crate) codec: Option<Codec<'w>>,
    /// The field that is the whole data.
    pub(crate) single: Option<Field<'w>>,
    pub(crate) payload: Payload<'w>,
    /// The variant's name in serde's representation of the enum.
    pub(crate) tag: String,
    /// The tags in the data that are read as the variant. Empty if the data has no tag, or if the variant is not read.
    pub(crate) read_tags: Vec<String>,
    pub(crate) terminal: Terminal<'w>,
    /// The reconnection time of the variant, in milliseconds.
    pub(crate) retry: Option<u64>,
    pub(crate) is_error: bool,
}

impl<'w> Event<'w> {
    /// Gives a variant with these fields its meaning. A key of the variant may make the value of a field borrow.
    pub(super) fn new(
        written: &'w Written<'_>,
        variant: &'w WrittenVariant<'_>,
        rules: &Rules<'_>,
        fields: &mut [Field<'w>],
    ) -> Self {
        let WrittenVariant { ident, attributes, serde, .. } = variant;
        let codec = Codec::of_variant(attributes)
            .or_else(|| single(variant, fields).and_then(|_| Codec::of_enum(&written.attributes, attributes)));
        if let (true, None | Some(Codec::Json), Shape::Tuple, [field]) =
            (attributes.borrow.is_some() || serde.borrow, codec, variant.shape, &mut *fields)
        {
            field.borrows = option(field.ty).is_none();
        }
        let single = single(variant, fields);
        let payload = Payload::new(written, variant, codec, single, fields);
        let [name, read_name] = rules.names(ident, attributes, serde);
        let all_unnamed = written.attributes.unnamed.as_ref().map(|_| ident.span());
        let unnamed = attributes.unnamed.as_ref().map(Ident::span).or(all_unnamed);
        let is_named = unnamed.is_none();
        let is_renamed = serde.rename.write.is_some() && serde.rename.read.is_some();
        let read_too = (is_named && read_name.text != name.text).then_some(read_name);
        let aliases = serde.aliases.iter().chain(&attributes.aliases).map(|name| Name::literal(name, Origin::Alias));
        let is_read_by_tag = matches!(payload, Payload::Tagged)
            && written.serde.tag != Tag::Unknown
            && !serde.has("untagged")
            && attributes.skip_decode.is_none();
        Self {
            name: is_named.then_some(name),
            has_computed_name: is_named && attributes.event.is_none() && !is_renamed,
            unnamed,
            aliases: read_too.into_iter().chain(aliases).collect(),
            codec,
            single,
            payload,
            tag: rules.tag(ident, serde),
            read_tags: if is_read_by_tag { rules.read_tags(ident, serde) } else { Vec::new() },
            terminal: Terminal::new(attributes, single),
            retry: attributes.retry.as_ref().map(|(_, millis)| *millis),
            is_error: attributes.error.is_some(),
        }
    }

    /// Returns all names that are decoded as this event. An unnamed event has the name `message`.
    pub(crate) fn read_names(&self) -> Vec<Name> {
        let unnamed = self.unnamed.map(|span| Name { text: MESSAGE.into(), span, origin: Origin::Unnamed });
        let mut names: Vec<_> = self.name.clone().or(unnamed).into_iter().collect();
        names.extend_from_slice(&self.aliases);
        names
    }

    /// Returns whether an event with this name is decoded as this event.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        self.read_names().iter().any(|known| known.text == name)
    }

    /// Returns the fields that serde's derives write and read, if the data consists of them.
    pub(crate) const fn fields(&self) -> Option<&Fields<'w>> {
        match &self.payload {
            Payload::Fields(fields) => Some(fields),
            _ => None,
        }
    }

    /// Returns whether the data is the whole enum.
    pub(crate) fn is_tagged(&self) -> bool {
        matches!(self.payload, Payload::Tagged)
    }
}
