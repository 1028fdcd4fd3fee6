//! Direct writing of fields whose values are not changed by serde attributes. It avoids a helper struct, whose serde
//! derive would cost compile time.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, Member, ext::IdentExt};

use crate::{
    attributes::rule_for_written,
    case::Rule,
    model::{Field, Shape, Variant},
};

/// Generates the code that writes the variant's fields, or returns `None` if serde has to write them.
pub(super) fn write(variant: &Variant<'_>) -> Option<TokenStream> {
    let fields: Vec<_> = variant.data_fields().collect();
    let has_attributes = !variant.serde.is_empty() || fields.iter().any(|field| !field.serde.attributes.is_empty());
    // Serde's derive checks the attributes in the helper struct for reading. If that struct is not generated, the one
    // for writing is needed for the check.
    if variant.single().is_some() || has_attributes && !variant.is_read() {
        return None;
    }
    // A tuple of one field is written as that field.
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

/// Returns the text before the field's value: its object key, or nothing in a tuple. Returns `None` if serde has to
/// write the field.
fn key(field: &Field<'_>, rule: Rule) -> Option<String> {
    let computed = match &field.member {
        Member::Named(name) => rule.apply_to_field(&name.unraw().to_string()),
        Member::Unnamed(_) => return field.serde.writes_plainly().then(String::new),
    };
    let name = field.serde.written_name.as_ref().map_or(computed, LitStr::value);
    let is_escaped = name.chars().any(|letter| matches!(letter, '"' | '\\') || letter.is_control());
    (field.serde.writes_plainly() && !is_escaped).then(|| format!("\"{name}\":"))
}
