//! Fields that serde has no say in, written one by one: no stand-in, which would cost a derive of serde's to compile.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Member, ext::IdentExt};

use crate::model::{Model, Shape, Variant};

/// Writes the bindings of the variant's fields, unless an attribute of serde's changes what is written.
pub(super) fn write(model: &Model<'_>, variant: &Variant<'_>) -> Option<TokenStream> {
    let sse = &model.crate_path;
    let fields: Vec<_> = variant.data_fields().collect();
    if variant.single().is_some() {
        return None;
    }
    let plain = variant.serde.is_empty() && fields.iter().all(|field| field.serde.attributes.is_empty());
    // A tuple of one is written as that one.
    let (open, close) = match (variant.shape, fields.len()) {
        (Shape::Struct, _) => ('{', '}'),
        (Shape::Tuple, 2..) => ('[', ']'),
        _ => return None,
    };
    let values = fields.iter().enumerate().map(|(position, field)| {
        let before = if position == 0 { open } else { ',' };
        let before = match &field.member {
            Member::Named(name) => format!("{before}\"{}\":", name.unraw()),
            Member::Unnamed(_) => before.into(),
        };
        let binding = &field.binding;
        quote!(__json.value(#before, #binding);)
    });
    let end = if fields.is_empty() { format!("{open}{close}") } else { close.into() };
    plain.then(|| {
        quote! {
            let mut __json = #sse::__private::Json::new(__fields);
            #(#values)*
            __json.end(#end)
        }
    })
}
