//! The impl of `SseEvent`, the encoding half.

use proc_macro2::TokenStream;
use quote::quote;

use super::{bounds, distinct, header, lines, pattern, pattern_of_any, payload, tokens};
use crate::model::{Catch, Event, Field, Kind, Model, Nested, Payload, Variant};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let arms = model.variants.iter().map(|variant| arm(model, variant));
    let distinct = distinct::at_instantiation(model);
    let generics = bounds::of_writing(model);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let header = header(model, &quote!(__sse::SseEvent));
    quote! {
        #[automatically_derived]
        impl #impl_generics #header #where_clause {
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
    match &variant.kind {
        _ if !variant.is_encoded => never_encoded(model, variant),
        Kind::Skipped | Kind::CatchAll(Catch::Nothing) => never_encoded(model, variant),
        Kind::Event(event) => single(model, variant, event),
        Kind::Nested(nested) => self::nested(&pattern(model, variant), nested),
        Kind::CatchAll(Catch::Whole(Field { binding, .. })) => {
            let pattern = pattern(model, variant);
            quote!(#pattern => __sse::SseEvent::encode(#binding, __writer),)
        }
        Kind::CatchAll(Catch::Parts { event, data, json }) => {
            let pattern = pattern(model, variant);
            let lines = lines::write(variant);
            let (event, data) = (event.binding, data.binding);
            let data =
                if *json { quote!(json(#data)) } else { quote!(text(__core::convert::AsRef::<str>::as_ref(#data))) };
            quote! {
                #pattern => {
                    let __fields = __writer.try_name(__core::convert::AsRef::<str>::as_ref(#event))?;
                    #lines
                    __fields.#data
                }
            }
        }
    }
}

/// Generates the match arm that encodes one event.
fn single(model: &Model<'_>, variant: &Variant<'_>, event: &Event<'_>) -> TokenStream {
    let has_lines = variant.fields.iter().any(Field::is_on_a_line);
    let pattern =
        if event.is_tagged() && !has_lines { pattern_of_any(model, variant) } else { pattern(model, variant) };
    let name = name(event);
    let lines = lines::write(variant);
    let retry = event.retry.map(|millis| quote!(let __fields = __fields.retry(__sse::Retry::from_millis(#millis));));
    let data = data(variant, &event.payload);
    quote! {
        #pattern => {
            #name
            #lines
            #retry
            #data
        }
    }
}

/// Generates the match arm that returns an error for a variant that cannot be encoded.
fn never_encoded(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let pattern = pattern_of_any(model, variant);
    let name = variant.ident.to_string();
    quote!(#pattern => __sse::__private::never_encoded(#name),)
}

/// Generates the match arm that encodes a nested event, with its prefix.
fn nested(pattern: &TokenStream, Nested { field: Field { binding, .. }, prefix, .. }: &Nested<'_>) -> TokenStream {
    match prefix {
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
fn name(event: &Event<'_>) -> TokenStream {
    let Some(name) = &event.name else { return quote!(let __fields = __writer.unnamed();) };
    let name = &name.text;
    quote! {
        static __NAME: __sse::EventName = __sse::EventName::from_static(#name);
        let __fields = __writer.name(&__NAME);
    }
}

/// Generates the expression that writes the `data:` lines and finishes the event.
fn data(variant: &Variant<'_>, payload: &Payload<'_>) -> TokenStream {
    match payload {
        Payload::Empty => quote!(__fields.empty()),
        Payload::Tagged => quote! {
            <__sse::__private::Whole as __sse::__private::EncodeTagged<'_, Self>>::write_tagged(__fields, self)
        },
        Payload::Literal(text) => quote!(__fields.text(#text)),
        Payload::Text(Field { binding, .. }) => quote!(__fields.display(#binding)),
        Payload::OptionalText(Field { binding, .. }, _) => {
            quote!(__sse::__private::write_optional_text(__fields, __core::option::Option::as_ref(#binding)))
        }
        Payload::With(Field { binding, ty, .. }, module) => {
            let encode = tokens::call_in_module(module, "encode", ty, &quote!(__encode(#binding, __data)));
            quote!(__fields.data(|__data| #encode))
        }
        Payload::Value(Field { binding, .. }) => quote!(__fields.json(#binding)),
        Payload::Optional(Field { binding, .. }, _) => {
            quote!(__sse::__private::write_optional(__fields, __core::option::Option::as_ref(#binding)))
        }
        Payload::Fields(fields) => payload::write(variant, fields),
    }
}
