//! `SseEvent`: the writing half.

use proc_macro2::TokenStream;
use quote::quote;

use super::{bounds, core, distinct, lines, pattern, pattern_of_any, payload};
use crate::model::{Catch, Field, Flattened, Model, Payload, Variant};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let sse = &model.crate_path;
    let core = core(sse);
    let ident = model.ident;
    let arms = model.variants.iter().map(|variant| arm(model, variant));
    let distinct = distinct::at_instantiation(model);
    let generics = bounds::of_writing(model);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #sse::SseEvent for #ident #ty_generics #where_clause {
            fn encode(
                &self,
                __writer: #sse::EventWriter<'_>,
            ) -> #core::result::Result<#sse::Written, #sse::EncodeError> {
                #distinct
                match self {
                    #(#arms)*
                }
            }
        }
    }
}

fn arm(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let sse = &model.crate_path;
    if !variant.is_written() {
        return never_written(model, variant);
    }
    let has_lines = variant.fields.iter().any(Field::is_on_a_line);
    let pattern =
        if variant.is_tagged && !has_lines { pattern_of_any(model, variant) } else { pattern(model, variant) };
    if let Some(flattened) = variant.flattened() {
        return nested(model, &pattern, &flattened);
    }
    let lines = lines::write(model, variant);
    match variant.catch() {
        Some(Catch::Nothing) => return never_written(model, variant),
        Some(Catch::Whole(field)) => {
            let binding = &field.binding;
            return quote!(#pattern => #sse::SseEvent::encode(#binding, __writer),);
        }
        Some(Catch::Text { event, data }) => {
            let core = core(sse);
            let event = &event.binding;
            let binding = &data.binding;
            let data = if data.is_json_data() {
                quote!(json(#binding))
            } else {
                quote!(text(#core::convert::AsRef::<str>::as_ref(#binding)))
            };
            return quote! {
                #pattern => {
                    let __fields = __writer.dynamic_event(#core::convert::AsRef::<str>::as_ref(#event))?;
                    #lines
                    __fields.#data
                }
            };
        }
        None => {}
    }
    let fields = name(model, variant);
    let retry = retry(model, variant);
    let data = data(model, variant);
    quote! {
        #pattern => {
            #fields
            #lines
            #retry
            #data
        }
    }
}

fn never_written(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let sse = &model.crate_path;
    let pattern = pattern_of_any(model, variant);
    let name = variant.ident.to_string();
    quote!(#pattern => #sse::__private::never_written(#name),)
}

/// The nested event writes itself, behind the prefix.
fn nested(model: &Model<'_>, pattern: &TokenStream, flattened: &Flattened<'_, '_>) -> TokenStream {
    let sse = &model.crate_path;
    let binding = &flattened.field.binding;
    match &flattened.prefix {
        None => quote!(#pattern => #sse::SseEvent::encode(#binding, __writer),),
        Some(prefix) => quote! {
            #pattern => {
                static __PREFIX: #sse::EventName = #sse::EventName::from_static(#prefix);
                __writer.nested(&__PREFIX, #binding)
            }
        },
    }
}

/// The `event:` line.
fn name(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let sse = &model.crate_path;
    let Some(name) = &variant.name else { return quote!(let __fields = __writer.unnamed();) };
    let name = &name.text;
    quote! {
        static __NAME: #sse::EventName = #sse::EventName::from_static(#name);
        let __fields = __writer.event(&__NAME);
    }
}

/// The `retry:` line of every event of the variant.
fn retry(model: &Model<'_>, variant: &Variant<'_>) -> Option<TokenStream> {
    let sse = &model.crate_path;
    let (_, millis) = variant.attributes.retry.as_ref()?;
    Some(quote!(let __fields = __fields.retry(#sse::Retry::from_millis(#millis));))
}

/// The `data:` lines, with which the event ends.
fn data(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let sse = &model.crate_path;
    match variant.payload() {
        Payload::Empty => quote!(__fields.empty()),
        Payload::Tagged => quote!(__fields.json(self)),
        Payload::Literal(text) => quote!(__fields.text(#text)),
        Payload::Text(field) => {
            let binding = &field.binding;
            quote!(__fields.display(#binding))
        }
        Payload::With(field, module) => {
            let binding = &field.binding;
            quote!(__fields.data(|__data| #module::encode(#binding, __data)))
        }
        Payload::Value(field) => {
            let binding = &field.binding;
            quote!(__fields.json(#binding))
        }
        Payload::Optional(field, _) => {
            let core = core(sse);
            let binding = &field.binding;
            quote!(#sse::__private::write_optional(__fields, #core::option::Option::as_ref(#binding)))
        }
        Payload::Fields => payload::write(model, variant),
    }
}
