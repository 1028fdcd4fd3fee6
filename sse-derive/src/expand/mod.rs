//! Expansion of the model into trait impls.

mod adapter;
mod arms;
mod bounds;
mod decode;
mod dispatch;
mod distinct;
mod encode;
mod lines;
mod payload;
mod set;
mod stages;
mod tagged;
mod text;
mod tokens;
mod value;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{GenericParam, Generics, Lifetime, LifetimeParam, Path, Token};

use crate::model::{Model, Variant};

/// Generates the impls of all traits.
pub(crate) fn expand(model: &Model<'_>) -> TokenStream {
    let set = set::expand(model);
    let encode = encode::expand(model);
    let decode = decode::expand(model);
    let helpers = payload::structs(model);
    let distinct = distinct::at_definition(model);
    let names = names(&model.crate_path);
    quote! {
        #[allow(deprecated, unused_qualifications)]
        const _: () = {
            #names
            #helpers
            #set
            #encode
            #decode
            #distinct
        };
    }
}

/// Returns the generics of the type with the lifetime `'__de` of the input in front.
pub(crate) fn generics_for_reading(generics: &Generics) -> Generics {
    let mut reading = generics.clone();
    let lifetime = LifetimeParam::new(Lifetime::new("'__de", Span::call_site()));
    reading.params.insert(0, GenericParam::Lifetime(lifetime));
    reading.lt_token.get_or_insert_with(<Token![<]>::default);
    reading.gt_token.get_or_insert_with(<Token![>]>::default);
    reading
}

/// Generates `Trait for Type`, the part of an impl between its generics and its where clause.
///
/// It has the span of the type's name, as if the user had written it. For a missing bound, the compiler then does not
/// describe the impl as one with undesired bounds that a manual impl would avoid.
fn header(model: &Model<'_>, name: &TokenStream) -> TokenStream {
    let ident = model.ident;
    let (_, ty_generics, _) = model.generics.split_for_impl();
    let header = quote!(#name for #ident #ty_generics).into_iter().map(|mut token| {
        if !matches!(token, TokenTree::Group(_)) {
            token.set_span(ident.span());
        }
        token
    });
    header.collect()
}

/// Generates the imports that all generated code uses. The crate path appears only here, so that a wrong path is one
/// error.
pub(crate) fn names(crate_path: &Path) -> TokenStream {
    let span = tokens::last_segment(crate_path);
    let sse = quote_spanned!(span=> use #crate_path as __sse;);
    quote!(#sse use __sse::__private::core as __core;)
}

/// Generates `Self::Variant`, or `Self` for a struct.
fn path(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let ident = variant.ident;
    if model.is_enum { quote!(Self::#ident) } else { quote!(Self) }
}

/// Generates `Self::Variant { .. }`.
fn pattern_of_any(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let path = path(model, variant);
    quote!(#path { .. })
}

/// Generates `Self::Variant { field: __0 }`, with all fields.
fn pattern(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    if variant.fields.is_empty() {
        return pattern_of_any(model, variant);
    }
    let path = path(model, variant);
    let (members, bindings) = members_and_bindings(variant);
    quote!(#path { #(#members: #bindings),* })
}

fn members_and_bindings<'v>(variant: &'v Variant<'_>) -> (Vec<&'v syn::Member>, Vec<&'v syn::Ident>) {
    variant.fields.iter().map(|field| (field.member, field.binding)).unzip()
}
