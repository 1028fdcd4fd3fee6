//! This crate provides `#[derive(SseEvent)]`, the derive macro of `sse_core`.
//!
//! Use it through `sse_core`, which re-exports it. The documentation of [`SseEvent`](macro@SseEvent) is the manual of
//! its attributes, and the [cookbook](../sse_core/cookbook/index.html) of `sse_core` has recipes.

// The derive has four steps:
//
// 1. `attributes` reads `#[sse(..)]` and `#[serde(..)]`, with the tables in `keys`.
// 2. `model` gives the attributes and variants their meaning.
// 3. `check` finds the mistakes that depend on several parts of the model.
// 4. `expand` generates the trait implementations. If an earlier step recorded `errors`, `fallback` generates them with
//    placeholder implementations instead, so that code that uses the type does not cause more errors.

mod attributes;
mod case;
mod check;
#[cfg(test)]
mod diagnostics;
mod errors;
mod expand;
mod fallback;
mod keys;
#[cfg(test)]
mod manual;
mod model;
mod name;
#[cfg(test)]
mod snapshot;
mod words;

use proc_macro2::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use crate::{attributes::TypeAttributes, errors::Errors, model::Model};

#[doc = include_str!("manual.md")]
#[proc_macro_derive(SseEvent, attributes(sse, serde))]
pub fn derive(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    sse_event(&parse_macro_input!(input as DeriveInput)).into()
}

fn sse_event(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let attributes = TypeAttributes::read(input, &mut errors);
    let model = Model::read(input, attributes, &mut errors);
    check::check(&model, &mut errors);
    match errors.finish() {
        Ok(()) => expand::expand(&model),
        Err(errors) => fallback::fallback(input, &model.crate_path, &errors),
    }
}
