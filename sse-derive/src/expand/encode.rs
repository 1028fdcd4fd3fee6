//! The impl of `SseEvent`, the encoding half.

use proc_macro2::TokenStream;
use quote::quote;

use super::{bounds, distinct, lines, pattern, pattern_of_any, payload, tokens};
use crate::model::{Catch, Field, Flattened, Model, Payload, Variant};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let ident = model.ident;
    let arms = model.variants.iter().map(|variant| arm(model, variant));
    let distinct = distinct::at_instantiation(model);
    let generics = bounds::of_writing(model);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics __sse::SseEvent for #ident #ty_generics #where_clause {
            fn encode(
                &self,
                __writer: __sse::EventWriter<'_>,
            ) -> __core::result::Result<__sse::Written, __sse::EncodeError> {
                #distinct
                match self {
                    #(#arms)*
                }
            }
        }
    }
}

/// Generates the match arm that encodes a variant.
fn arm(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    if !variant.is_written() {
        return never_written(model, variant);
    }
    let has_lines = variant.fields.iter().any(Field::is_on_a_line);
    let pattern =
        if variant.is_tagged && !has_lines { pattern_of_any(model, variant) } else { pattern(model, variant) };
    if let Some(flattened) = variant.flattened() {
        return nested(&pattern, &flattened);
    }
    let lines = lines::write(variant);
    match variant.catch() {
        Some(Catch::Nothing) => return never_written(model, variant),
        Some(Catch::Whole(field)) => {
            let binding = &field.binding;
            return quote!(#pattern => __sse::SseEvent::encode(#binding, __writer),);
        }
        Some(Catch::Text { event, data }) => {
            let event = &event.binding;
            let binding = &data.binding;
            let data = if data.is_json_data() {
                quote!(json(#binding))
            } else {
                quote!(text(__core::convert::AsRef::<str>::as_ref(#binding)))
            };
            return quote! {
                #pattern => {
                    let __fields = __writer.try_name(__core::convert::AsRef::<str>::as_ref(#event))?;
                    #lines
                    __fields.#data
                }
            };
        }
        None => {}
    }
    let fields = name(variant);
    let retry = retry(variant);
    let data = data(variant);
    quote! {
        #pattern => {
            #fields
            #lines
            #retry
            #data
        }
    }
}

/// Generates the match arm that returns an error for a variant that cannot be encoded.
fn never_written(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let pattern = pattern_of_any(model, variant);
    let name = variant.ident.to_string();
    quote!(#pattern => __sse::__private::never_encoded(#name),)
}

/// Generates the match arm that encodes a nested event, with its prefix.
fn nested(pattern: &TokenStream, flattened: &Flattened<'_, '_>) -> TokenStream {
    let binding = &flattened.field.binding;
    match &flattened.prefix {
        None => quote!(#pattern => __sse::SseEvent::encode(#binding, __writer),),
        Some(prefix) => quote! {
            #pattern => {
                static __PREFIX: __sse::EventName = __sse::EventName::from_static(#prefix);
                __writer.nested(&__PREFIX, #binding)
            }
        },
    }
}

/// Generates the statement that writes the `event:` line, or starts an unnamed event.
fn name(variant: &Variant<'_>) -> TokenStream {
    let Some(name) = &variant.name else { return quote!(let __fields = __writer.unnamed();) };
    let name = &name.text;
    quote! {
        static __NAME: __sse::EventName = __sse::EventName::from_static(#name);
        let __fields = __writer.name(&__NAME);
    }
}

/// Generates the statement that writes the variant's own `retry:` line.
fn retry(variant: &Variant<'_>) -> Option<TokenStream> {
    let (_, millis) = variant.attributes.retry.as_ref()?;
    Some(quote!(let __fields = __fields.retry(__sse::Retry::from_millis(#millis));))
}

/// Generates the expression that writes the `data:` lines and finishes the event.
fn data(variant: &Variant<'_>) -> TokenStream {
    match variant.payload() {
        Payload::Empty => quote!(__fields.empty()),
        Payload::Tagged => quote! {
            <__sse::__private::Whole as __sse::__private::EncodeTagged<'_, Self>>::write_tagged(__fields, self)
        },
        Payload::Literal(text) => quote!(__fields.text(#text)),
        Payload::Text(field) => {
            let binding = &field.binding;
            quote!(__fields.display(#binding))
        }
        Payload::OptionalText(field, _) => {
            let binding = &field.binding;
            quote!(__sse::__private::write_optional_text(__fields, __core::option::Option::as_ref(#binding)))
        }
        Payload::With(field, module) => {
            let binding = &field.binding;
            let encoded = tokens::call(module, "encode", &quote!(#binding, __data));
            quote!(__fields.data(|__data| #encoded))
        }
        Payload::Value(field) => {
            let binding = &field.binding;
            quote!(__fields.json(#binding))
        }
        Payload::Optional(field, _) => {
            let binding = &field.binding;
            quote!(__sse::__private::write_optional(__fields, __core::option::Option::as_ref(#binding)))
        }
        Payload::Fields => payload::write(variant),
    }
}
