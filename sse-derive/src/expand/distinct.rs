//! The check that the events of nested types do not conflict with other events. It runs in const evaluation, because
//! the derive does not know the names in nested types.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{GenericParam, Lifetime};

use super::set;
use crate::model::Model;

/// Generates the check for a type without type or const parameters. It is a constant item, so `cargo check` evaluates
/// it too.
pub(super) fn at_definition(model: &Model<'_>) -> Option<TokenStream> {
    if is_generic(model) {
        return None;
    }
    let ident = model.ident;
    let lifetimes = model.generics.lifetimes().map(|_| Lifetime::new("'static", Span::call_site()));
    let calls = calls(model, &quote!(#ident<#(#lifetimes),*>))?;
    Some(quote!(const _: () = { #calls };))
}

/// Generates the check for a generic type. It is evaluated when an instantiation is written or read.
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

/// Generates one call for each flattened variant, with the span of its prefix or its `flatten`.
fn calls(model: &Model<'_>, ty: &TokenStream) -> Option<TokenStream> {
    let flattened: Vec<_> = model
        .described()
        .enumerate()
        .filter_map(|(position, variant)| Some((position, variant.nested()?.span)))
        .collect();
    if flattened.is_empty() {
        return None;
    }
    let variants = set::specs(model).into_iter().map(|(_, ident)| ident.to_string());
    let calls = flattened.into_iter().map(|(position, span)| {
        let span = span.resolved_at(Span::call_site());
        quote_spanned!(span=> __sse::__private::distinct(&__clash, #position))
    });
    Some(quote! {
        const __VARIANTS: &[&str] = &[#(#variants),*];
        let __clash = __sse::__private::clash(<#ty as __sse::TypedEvent>::EVENTS, __VARIANTS);
        #(#calls;)*
    })
}
