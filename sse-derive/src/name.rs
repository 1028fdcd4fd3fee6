//! Event names: where they come from, and what they may be.

use proc_macro2::Span;
use syn::{Ident, LitStr, ext::IdentExt};

use crate::{
    attributes::{EnumAttributes, SerdeEnum, SerdeVariant, VariantAttributes},
    case::Rule,
};

/// What an event without a name is called.
pub(crate) const MESSAGE: &str = "message";

/// An event name, and what to underline when it is wrong.
#[derive(Clone)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// What makes a name of an identifier.
pub(crate) struct Rules<'a> {
    pub(crate) of_enum: &'a EnumAttributes,
    pub(crate) prefix: String,
    pub(crate) serde: &'a SerdeEnum,
}

impl Rules<'_> {
    /// The name when writing, and when reading.
    pub(crate) fn names(&self, ident: &Ident, attributes: &VariantAttributes, serde: &SerdeVariant) -> [Name; 2] {
        let computed = |rule: Option<Rule>| {
            let name = apply(self.of_enum.rename_all.or(rule), ident);
            Name { text: format!("{}{name}", self.prefix), span: ident.span() }
        };
        let side = |rename: &Option<LitStr>, rule| {
            attributes.event.as_ref().or(rename.as_ref()).map_or_else(|| computed(rule), Name::literal)
        };
        let rules = self.serde.rename_all;
        [side(&serde.rename.write, rules.write), side(&serde.rename.read, rules.read)]
    }

    /// What serde writes for the variant.
    pub(crate) fn tag(&self, ident: &Ident, serde: &SerdeVariant) -> String {
        let rename = serde.rename.write.as_ref();
        rename.map_or_else(|| apply(self.serde.rename_all.write, ident), LitStr::value)
    }
}

fn apply(rule: Option<Rule>, ident: &Ident) -> String {
    let plain = ident.unraw().to_string();
    rule.map_or_else(|| plain.clone(), |rule| rule.apply(&plain))
}

impl Name {
    pub(crate) fn literal(literal: &LitStr) -> Self {
        Self { text: literal.value(), span: literal.span() }
    }
}

/// Whether text can stand on an `event:` line.
pub(crate) fn is_one_line(text: &str) -> bool {
    !text.contains(['\r', '\n'])
}
