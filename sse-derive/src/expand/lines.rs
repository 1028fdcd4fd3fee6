//! Fields on the `id:` and `retry:` lines.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote};

use super::{path, text};
use crate::model::{Field, Model, Variant, option};

/// Generates the statements that write the lines. They precede the variant's own `retry`, because the first
/// reconnection time takes precedence.
pub(super) fn write(variant: &Variant<'_>) -> TokenStream {
    variant.fields.iter().filter_map(|field| write_line(field)).collect()
}

/// Generates the statement that writes the line of one field.
fn write_line(field: &Field<'_>) -> Option<TokenStream> {
    let binding = &field.binding;
    let question = field.attributes.id.as_ref().map(|_| quote!(?));
    let value = option(field.ty).map(|_| quote!(__core::option::Option::as_ref(#binding)));
    let value = value.unwrap_or_else(|| binding.to_token_stream());
    let function = format_ident!("write_{}", function(field)?);
    Some(quote!(let __fields = __sse::__private::#function(__fields, #value) #question;))
}

/// Generates the value of a field that is read from its line.
pub(super) fn read(field: &Field<'_>) -> Option<TokenStream> {
    let of_option = option(field.ty);
    if let (true, Some(from)) = (field.is_text_id(), text::conversion(of_option.unwrap_or(field.ty))) {
        let maybe = of_option.map(|_| quote!(__sse::__private::optional_lent_id(&__raw).map(#from)));
        return Some(maybe.unwrap_or_else(|| quote!(#from(__raw.last_event_id()))));
    }
    let function = function(field).filter(|_| field.is_line())?;
    let question = (field.is_id_alone() || of_option.is_none()).then(|| quote!(?));
    Some(quote!(__sse::__private::#function(&__raw) #question))
}

/// Generates `decoded` followed by statements that set the fields read from lines, which serde skips in a tagged enum.
pub(super) fn set(model: &Model<'_>, decoded: &TokenStream) -> Option<TokenStream> {
    let variants = model.variants.iter().filter(|variant| variant.is_tagged && variant.is_read());
    let statements: Vec<_> = variants
        .filter_map(|variant| {
            let path = path(model, variant);
            let (patterns, values): (Vec<_>, Vec<_>) = variant
                .fields
                .iter()
                .filter_map(|field| {
                    let (member, binding, value) = (&field.member, &field.binding, read(field)?);
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
    let line = match (&field.attributes.id, &field.attributes.retry) {
        (Some(id), _) if id.json.is_some() => "json_id",
        (Some(_), _) => "id",
        (None, Some(_)) => "retry",
        (None, None) => return None,
    };
    Some(format_ident!("{optional}{line}"))
}
