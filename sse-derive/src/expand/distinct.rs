//! The check that the events of flattened types can be told from all others: the compiler runs it, because only the
//! compiler knows the names.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericParam, Lifetime};

use super::set;
use crate::model::Model;

/// For a type without type parameters: also `cargo check` evaluates it.
pub(super) fn at_definition(model: &Model<'_>) -> Option<TokenStream> {
    if is_generic(model) {
        return None;
    }
    let ident = model.ident;
    let lifetimes = model.generics.lifetimes().map(|_| Lifetime::new("'static", Span::call_site()));
    let calls = calls(model, &quote!(#ident<#(#lifetimes),*>))?;
    Some(quote!(const _: () = { #calls };))
}

/// For a generic type: wherever it is written or read with certain types.
pub(super) fn at_instantiation(model: &Model<'_>) -> Option<TokenStream> {
    if !is_generic(model) {
        return None;
    }
    let calls = calls(model, &quote!(Self))?;
    Some(quote!(const { #calls };))
}

fn is_generic(model: &Model<'_>) -> bool {
    model.generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)))
}

/// One call for each flattened variant, at the word to edit.
fn calls(model: &Model<'_>, ty: &TokenStream) -> Option<TokenStream> {
    let flattened: Vec<_> = model
        .described()
        .enumerate()
        .filter_map(|(position, variant)| Some((position, variant.flattened()?.span)))
        .collect();
    if flattened.is_empty() {
        return None;
    }
    let variants = set::specs(model).into_iter().map(|(_, ident)| ident.to_string());
    let calls = flattened.into_iter().map(|(position, span)| {
        let span = span.resolved_at(Span::call_site());
        quote_spanned!(span=> __sse::__private::distinct(__events, __VARIANTS, #position))
    });
    Some(quote! {
        const __VARIANTS: &[&str] = &[#(#variants),*];
        let __events = <#ty as __sse::TypedEvent>::EVENTS;
        #(#calls;)*
    })
}
