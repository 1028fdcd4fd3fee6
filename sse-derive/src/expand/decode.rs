//! The impl of `SseDecode`, the decoding half.

use proc_macro2::TokenStream;
use quote::quote;

use super::{
    arms::{Arm, ignored},
    bounds,
    dispatch::{Case, dispatch},
    header, stages, tagged, value,
};
use crate::model::Model;

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let methods = stages::methods(model).unwrap_or_else(|| method(model));
    let generics = bounds::of_reading(model);
    let (impl_generics, ..) = generics.split_for_impl();
    let header = header(model, &quote!(__sse::SseDecode<'__de>));
    let where_clause = &generics.where_clause;
    quote! {
        #[automatically_derived]
        impl #impl_generics #header #where_clause {
            #methods
        }
    }
}

/// Generates `decode` for a type without flattened variants.
fn method(model: &Model<'_>) -> TokenStream {
    let rest = value::rest(model);
    let arms = Arm::all(model).into_iter().map(|arm| Case { body: arm.body(model, &rest), names: arm.names });
    let cases: Vec<_> = ignored(model).into_iter().chain(arms).collect();
    let event = dispatch(&cases, &rest);
    let words = tagged::words(model);
    quote! {
        fn decode(
            __raw: __sse::RawEvent<'__de>,
        ) -> __core::result::Result<__sse::Decoded<Self>, __sse::DecodeError> {
            #words
            #event
        }
    }
}
