//! Event names: how they are made from variant names, and which are valid.

use proc_macro2::Span;
use syn::{Ident, LitStr, ext::IdentExt};

use crate::{
    attributes::{EnumAttributes, SerdeEnum, SerdeVariant, VariantAttributes},
    case::Rule,
};

/// The name of an unnamed event.
pub(crate) const MESSAGE: &str = "message";

/// An event name, with the span to underline in errors.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
    pub(crate) origin: Origin,
}

/// The origin of an event name. It determines the remedy for a wrong name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `event`, serde's `rename`, or the name of the variant.
    Event,
    /// `alias`, also that of serde.
    Alias,
    /// `unnamed`.
    Unnamed,
    /// `ignore` on the enum.
    Ignore,
}

/// The rules that make an event name from a variant name.
pub(crate) struct Rules<'a> {
    pub(crate) of_enum: &'a EnumAttributes,
    pub(crate) prefix: String,
    pub(crate) serde: &'a SerdeEnum,
}

impl Rules<'_> {
    /// Returns the names for encoding and for decoding.
    pub(crate) fn names(&self, ident: &Ident, attributes: &VariantAttributes, serde: &SerdeVariant) -> [Name; 2] {
        let computed = |rule: Option<Rule>| {
            let name = apply(self.of_enum.rename_all.or(rule), ident);
            Name { text: format!("{}{name}", self.prefix), span: ident.span(), origin: Origin::Event }
        };
        let side = |rename: &Option<LitStr>, rule| {
            attributes
                .event
                .as_ref()
                .or(rename.as_ref())
                .map_or_else(|| computed(rule), |name| Name::literal(name, Origin::Event))
        };
        let rules = self.serde.rename_all;
        [side(&serde.rename.write, rules.write), side(&serde.rename.read, rules.read)]
    }

    /// Returns the name of the variant in serde's representation of the enum.
    pub(crate) fn tag(&self, ident: &Ident, serde: &SerdeVariant) -> String {
        let rename = serde.rename.write.as_ref();
        rename.map_or_else(|| apply(self.serde.rename_all.write, ident), LitStr::value)
    }

    /// Returns the names by which serde reads the variant from its representation of the enum.
    pub(crate) fn read_tags(&self, ident: &Ident, serde: &SerdeVariant) -> Vec<String> {
        let rename = serde.rename.read.as_ref();
        let mut tags = vec![rename.map_or_else(|| apply(self.serde.rename_all.read, ident), LitStr::value)];
        for alias in serde.aliases.iter().map(LitStr::value) {
            if !tags.contains(&alias) {
                tags.push(alias);
            }
        }
        tags
    }
}

/// Applies a case rule to an identifier.
fn apply(rule: Option<Rule>, ident: &Ident) -> String {
    let plain = ident.unraw().to_string();
    rule.map_or_else(|| plain.clone(), |rule| rule.apply(&plain))
}

impl Name {
    /// Returns the name written as a string literal.
    pub(crate) fn literal(literal: &LitStr, origin: Origin) -> Self {
        Self { text: literal.value(), span: literal.span(), origin }
    }
}

/// Returns whether text is a single line, as an `event:` line requires.
pub(crate) fn is_one_line(text: &str) -> bool {
    !text.contains(['\r', '\n'])
}
