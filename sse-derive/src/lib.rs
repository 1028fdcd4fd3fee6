//! `#[derive(SseEvent)]`.

mod attributes;
mod case;
mod check;
#[cfg(test)]
mod diagnostics;
mod errors;
mod expand;
mod fallback;
mod keys;
mod model;
#[cfg(test)]
mod snapshot;

use proc_macro2::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use crate::{attributes::EnumAttributes, errors::Errors, model::Model};

/// Derives the traits of an event type.
#[proc_macro_derive(SseEvent, attributes(sse, serde))]
pub fn derive(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    sse_event(&parse_macro_input!(input as DeriveInput)).into()
}

fn sse_event(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let attributes = EnumAttributes::read(&input.attrs, &mut errors);
    let model = Model::read(input, attributes, &mut errors);
    check::check(&model, &mut errors);
    match errors.finish() {
        Ok(()) => expand::expand(&model),
        Err(errors) => fallback::fallback(input, &model.crate_path, &errors),
    }
}
