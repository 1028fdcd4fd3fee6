//! Fields whose values serde's attributes do not change, written one by one: a stand-in would cost a derive of serde's
//! to compile.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, Member, ext::IdentExt};

use crate::{
    attributes::rule_for_written,
    case::Rule,
    model::{Field, Shape, Variant},
};

/// Writes the bindings of the variant's fields, unless serde has to.
pub(super) fn write(variant: &Variant<'_>) -> Option<TokenStream> {
    let fields: Vec<_> = variant.data_fields().collect();
    let has_attributes = !variant.serde.is_empty() || fields.iter().any(|field| !field.serde.attributes.is_empty());
    // Mistakes in attributes are for serde to see, in the stand-in that is read.
    if variant.single().is_some() || has_attributes && !variant.is_read() {
        return None;
    }
    // A tuple of one is written as that one.
    let (open, close) = match (variant.shape, fields.len()) {
        (Shape::Struct, _) => ('{', '}'),
        (Shape::Tuple, 2..) => ('[', ']'),
        _ => return None,
    };
    let rule = rule_for_written(&variant.serde)?;
    let mut values = Vec::new();
    for (position, field) in fields.iter().enumerate() {
        let before = if position == 0 { open } else { ',' };
        let before = format!("{before}{}", key(field, rule)?);
        let binding = &field.binding;
        values.push(quote!(__json.value(#before, #binding);));
    }
    let end = if fields.is_empty() { format!("{open}{close}") } else { close.into() };
    Some(quote! {
        let mut __json = __sse::__private::Json::new(__fields);
        #(#values)*
        __json.end(#end)
    })
}

/// What stands before the field's value: of a tuple's nothing. `None` if serde has to write the field.
fn key(field: &Field<'_>, rule: Rule) -> Option<String> {
    let computed = match &field.member {
        Member::Named(name) => rule.apply_to_field(&name.unraw().to_string()),
        Member::Unnamed(_) => return field.serde.writes_plainly().then(String::new),
    };
    let name = field.serde.written_name.as_ref().map_or(computed, LitStr::value);
    let is_escaped = name.chars().any(|letter| matches!(letter, '"' | '\\') || letter.is_control());
    (field.serde.writes_plainly() && !is_escaped).then(|| format!("\"{name}\":"))
}
