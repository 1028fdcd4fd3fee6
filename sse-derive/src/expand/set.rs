//! `EventSet`: the static description, and what it says of a single event.

use proc_macro2::TokenStream;
use quote::quote;

use super::{bounds, path};
use crate::model::{Catch, Model, Variant};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let sse = &model.crate_path;
    let ident = model.ident;
    let events = model.variants.iter().filter(|variant| variant.attributes.skip.is_none());
    let specs = events.map(|variant| spec(model, variant));
    let is_terminal = property(model, &quote!(is_terminal), |variant| variant.attributes.terminal.is_some());
    let is_error = property(model, &quote!(is_error), |variant| variant.attributes.error.is_some());
    let generics = bounds::of_set(model);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #sse::EventSet for #ident #ty_generics #where_clause {
            const EVENTS: &'static [#sse::EventSpec] = &[#(#specs),*];

            #is_terminal
            #is_error
        }
    }
}

fn spec(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let sse = &model.crate_path;
    if variant.attributes.other.is_some() {
        return quote!(#sse::EventSpec::CatchAll);
    }
    let new = variant.name.as_ref().map_or_else(
        || quote!(unnamed()),
        |name| {
            let name = &name.text;
            quote!(new(#name))
        },
    );
    let aliases: Vec<_> = variant.aliases.iter().map(|alias| &alias.text).collect();
    let aliases = (!aliases.is_empty()).then(|| quote!(.with_aliases(&[#(#aliases),*])));
    let terminal = variant.attributes.terminal.as_ref().map(|_| quote!(.with_terminal()));
    let error = variant.attributes.error.as_ref().map(|_| quote!(.with_error()));
    quote!(#sse::EventSpec::Event(#sse::EventInfo::#new #aliases #terminal #error))
}

/// Nothing where the trait's own `false` is right.
fn property(model: &Model<'_>, name: &TokenStream, has: impl Fn(&Variant<'_>) -> bool) -> Option<TokenStream> {
    let sse = &model.crate_path;
    let arms: Vec<_> = model
        .variants
        .iter()
        .filter_map(|variant| {
            let path = path(model, variant);
            match variant.catch() {
                Some(Catch::Whole(_)) => Some(quote!(#path(__other) => #sse::EventSet::#name(__other))),
                _ => has(variant).then(|| quote!(#path { .. } => true)),
            }
        })
        .collect();
    let rest = (arms.len() < model.variants.len()).then(|| quote!(_ => false,));
    (!arms.is_empty()).then(|| {
        quote! {
            fn #name(&self) -> bool {
                match self {
                    #(#arms,)*
                    #rest
                }
            }
        }
    })
}
