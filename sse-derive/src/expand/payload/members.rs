//! Direct writing of fields whose values are not changed by serde attributes. It avoids a helper struct, whose serde
//! derive would cost compile time.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{LitStr, Member, ext::IdentExt};

use crate::{
    case::Rule,
    model::{Field, Fields, Shape, Variant},
};

/// Generates the code that writes the variant's fields, or returns `None` if serde has to write them.
pub(super) fn write(variant: &Variant<'_>, fields: &Fields<'_>) -> Option<TokenStream> {
    let Fields { list, is_single, keys, .. } = fields;
    let has_attributes = !keys.is_empty() || list.iter().any(Field::has_serde_attributes);
    // Serde's derive checks the attributes in the helper struct for reading. If that struct is not generated, the one
    // for writing is needed for the check.
    if *is_single || has_attributes && !variant.is_decoded {
        return None;
    }
    // A tuple of one field is written as that field.
    let (open, close) = match (variant.shape, list.len()) {
        (Shape::Struct, _) => ('{', '}'),
        (Shape::Tuple, 2..) => ('[', ']'),
        _ => return None,
    };
    let rule = keys.rule_for_written()?;
    let mut values = Vec::new();
    for (position, field) in list.iter().enumerate() {
        let before = if position == 0 { open } else { ',' };
        let before = format!("{before}{}", key(field, rule)?);
        let binding = &field.binding;
        values.push(quote!(__json.value(#before, #binding);));
    }
    let end = if list.is_empty() { format!("{open}{close}") } else { close.into() };
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
