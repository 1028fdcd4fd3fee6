//! Fields on the `id:` and `retry:` lines.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote};

use super::{path, text};
use crate::model::{Field, Model, Role, Variant, option};

/// Generates the statements that write the lines. They precede the variant's own `retry`, because the first
/// reconnection time takes precedence.
pub(super) fn write(variant: &Variant<'_>) -> TokenStream {
    variant.fields.iter().filter_map(|field| write_line(field)).collect()
}

/// Generates the statement that writes the line of one field.
fn write_line(field: &Field<'_>) -> Option<TokenStream> {
    let binding = &field.binding;
    let question = matches!(field.role, Role::Id { .. }).then(|| quote!(?));
    let value = option(field.ty).map(|_| quote!(__core::option::Option::as_ref(#binding)));
    let value = value.unwrap_or_else(|| binding.to_token_stream());
    let function = format_ident!("write_{}", function(field)?);
    Some(quote!(let __fields = __sse::__private::#function(__fields, #value) #question;))
}

/// Generates the value of a field that is read from its line.
pub(super) fn read(field: &Field<'_>) -> Option<TokenStream> {
    let of_option = option(field.ty);
    if let (Role::Id { json: false, keep: false }, Some(from)) =
        (field.role, text::conversion(of_option.unwrap_or(field.ty)))
    {
        let maybe = of_option.map(|_| quote!(__sse::__private::optional_lent_id(&__raw).map(#from)));
        return Some(maybe.unwrap_or_else(|| quote!(#from(__raw.last_event_id()))));
    }
    let function = function(field).filter(|_| field.is_line())?;
    let question = (field.role != Role::Retry || of_option.is_none()).then(|| quote!(?));
    Some(quote!(__sse::__private::#function(&__raw) #question))
}

/// Generates `decoded` followed by statements that set the fields read from lines, which serde skips in a tagged enum.
pub(super) fn set(model: &Model<'_>, decoded: &TokenStream) -> Option<TokenStream> {
    let statements: Vec<_> = model
        .decoded_events()
        .filter(|(_, event)| event.is_tagged())
        .filter_map(|(variant, _)| {
            let path = path(model, variant);
            let (patterns, values): (Vec<_>, Vec<_>) = variant
                .fields
                .iter()
                .filter_map(|field| {
                    let (member, binding, value) = (field.member, field.binding, read(field)?);
                    Some((quote!(#member: #binding), quote!(*#binding = #value;)))
                })
                .unzip();
            (!values.is_empty()).then(|| {
                quote! {
                    if let __sse::Decoded::Event(#path { #(#patterns,)* .. }) = &mut __decoded {
                        #(#values)*
                    }
                }
            })
        })
        .collect();
    (!statements.is_empty()).then(|| {
        quote! {
            {
                let mut __decoded = #decoded?;
                #(#statements)*
                __core::result::Result::Ok(__decoded)
            }
        }
    })
}

/// Returns the name of the function in `sse_core::__private` that handles the field's line.
fn function(field: &Field<'_>) -> Option<Ident> {
    let optional = if option(field.ty).is_some() { "optional_" } else { "" };
    let line = match field.role {
        Role::Id { json: true, .. } => "json_id",
        Role::Id { .. } => "id",
        Role::Retry => "retry",
        Role::Data | Role::Unsent => return None,
    };
    Some(format_ident!("{optional}{line}"))
}
