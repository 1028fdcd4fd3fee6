//! `#[derive(SseEvent)]`: one enum, both ends of an event stream. The manual stands at [`SseEvent`](macro@SseEvent), and
//! recipes in the [cookbook](../sse_core/cookbook/index.html) of `sse_core`, which re-exports the derive.
//!
//! The way of an enum through the crate: its attributes are read by the tables of `keys`, ours and serde's; they
//! and the variants make the `model`, which is `check`ed as a whole; the model `expand`s to the traits, or a `fallback`
//! stands in for them beside the `errors`.

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
