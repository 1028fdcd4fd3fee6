//! The values of decoded events.

use proc_macro2::TokenStream;
use quote::quote;

use super::{lines, path, payload, tagged, text, tokens};
use crate::model::{Catch, Event, Field, Fields, Model, Payload, Role, SerdeDefault, Shape, Variant};

/// Generates the event of a variant, read from the data.
pub(super) fn value(model: &Model<'_>, (variant, Event { payload, .. }): (&Variant<'_>, &Event<'_>)) -> TokenStream {
    let data = match payload {
        Payload::Empty | Payload::Literal(_) => TokenStream::new(),
        Payload::Tagged => return tagged::by_name(model),
        Payload::Text(field) => text::conversion(field.ty)
            .map_or_else(|| quote!(__sse::__private::text(&__raw)?), |from| quote!(#from(__raw.data()))),
        Payload::OptionalText(_, inner) => text::conversion(inner).map_or_else(
            || quote!(__sse::__private::optional_text(&__raw)?),
            |from| quote!(__sse::__private::optional_lent_text(&__raw).map(#from)),
        ),
        Payload::With(Field { ty, .. }, module) => {
            let decode = tokens::call_in_module(module, "decode", ty, &quote!(__decode(__data)));
            quote!(__sse::__private::with(&__raw, |__data| #decode)?)
        }
        Payload::Value(_) => quote!(__sse::__private::json(&__raw)?),
        Payload::Optional(..) => quote!(__sse::__private::optional_json(&__raw)?),
        Payload::Fields(data) => return fields(model, variant, data),
    };
    event(&built(model, variant, |_| data.clone()))
}

/// Generates the event of a variant whose data is read as a helper struct. The fields are moved out of the struct.
fn fields(model: &Model<'_>, variant: &Variant<'_>, fields: &Fields<'_>) -> TokenStream {
    let helper = payload::read_type(model, variant, fields);
    let event = event(&built(model, variant, |field| {
        let member = &field.member;
        quote!(__data.#member)
    }));
    let read = match (fields.is_single, variant.shape) {
        (true, _) => quote!(json),
        (false, Shape::Struct) => quote!(object),
        (false, Shape::Tuple | Shape::Unit) => quote!(array),
    };
    let read = quote! {
        {
            let __data: #helper = __sse::__private::#read(&__raw)?;
            #event
        }
    };
    match fields.list.as_slice() {
        [Field { serde, .. }] if fields.is_single && serde.default.is_some() => {
            let value = default(serde.default.as_ref());
            let default = self::event(&built(model, variant, |_| value.clone()));
            quote!(if __raw.data().is_empty() { #default } else #read)
        }
        _ => read,
    }
}

/// Generates the default value of a field.
fn default(default: Option<&SerdeDefault>) -> TokenStream {
    match default {
        Some(SerdeDefault::Function(function)) => tokens::call_function(function),
        Some(SerdeDefault::Trait) | None => quote!(__core::default::Default::default()),
    }
}

/// Generates the variant with its fields, each read from its line, set to its default or returned by `data`.
fn built(model: &Model<'_>, variant: &Variant<'_>, data: impl Fn(&Field<'_>) -> TokenStream) -> TokenStream {
    let path = path(model, variant);
    let is_by_fields = variant.event().is_some_and(|event| event.fields().is_some());
    match (variant.shape, variant.fields.as_slice()) {
        (Shape::Unit, _) => path,
        (Shape::Tuple, [field]) if !is_by_fields => {
            let value = data(field);
            quote!(#path(#value))
        }
        (_, fields) => {
            let fields = fields.iter().map(|field| {
                let member = field.member;
                let value = match field.role {
                    Role::Unsent => default(field.serde.default.as_ref()),
                    _ => lines::read(field).unwrap_or_else(|| data(field)),
                };
                quote!(#member: #value)
            });
            quote!(#path { #(#fields),* })
        }
    }
}

/// Generates the result for names that no variant has: the catch-all, or `Decoded::Unknown`.
pub(super) fn rest(model: &Model<'_>) -> TokenStream {
    let catch_all = model
        .variants
        .iter()
        .filter(|variant| variant.is_decoded)
        .find_map(|variant| Some((variant, variant.catch()?)));
    let Some((variant, catch)) = catch_all else {
        return quote!(__core::result::Result::Ok(__sse::Decoded::Unknown));
    };
    let path = path(model, variant);
    match catch {
        Catch::Nothing => event(&quote!(#path)),
        Catch::Whole(field) => {
            let ty = field.ty;
            quote! {
                __core::result::Result::Ok(<#ty as __sse::__private::DecodeEvent<'__de>>::decode_any(__raw)?.map(#path))
            }
        }
        Catch::Parts { event: name, json, .. } => {
            let value = |field: &Field<'_>| match (field.position == name.position, json) {
                (false, true) => quote!(__sse::__private::json(&__raw)?),
                (is_name, _) => {
                    let from = text::conversion(field.ty).unwrap_or_else(|| quote!(__core::convert::From::from));
                    let text = if is_name { quote!(name) } else { quote!(data) };
                    quote!(#from(__raw.#text()))
                }
            };
            event(&built(model, variant, value))
        }
    }
}

/// Generates a decoded event.
fn event(value: &TokenStream) -> TokenStream {
    quote!(__core::result::Result::Ok(__sse::Decoded::Event(#value)))
}
