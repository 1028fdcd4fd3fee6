//! This crate provides `#[derive(SseEvent)]`, the derive macro of `sse_core`.
//!
//! Use it through `sse_core`, which re-exports it. The documentation of [`SseEvent`](macro@SseEvent) is the manual of
//! its attributes, and the [cookbook](../sse_core/cookbook/index.html) of `sse_core` has recipes.

// The derive has four steps:
//
// 1. `written` reads the type as the user wrote it, with its `attributes` and the tables in `keys`.
// 2. `model` gives the type its meaning.
// 3. `check` compares both, and finds the mistakes that depend on several parts.
// 4. `expand` generates the trait implementations from the model alone. If an earlier step recorded `errors`, `fallback`
//    generates placeholder implementations instead, so that code that uses the type does not cause more errors.

mod attributes;
mod case;
mod check;
#[cfg(test)]
mod diagnostics;
mod errors;
mod expand;
mod fallback;
mod keys;
mod manifest;
#[cfg(test)]
mod manual;
mod model;
mod name;
#[cfg(test)]
mod snapshot;
mod words;
mod written;

use proc_macro2::TokenStream;
use syn::{DeriveInput, Path, parse_macro_input};

use crate::{errors::Errors, model::Model, written::Written};

// Editors show these lines for the derive, but not an included file.
/// Derives `TypedEvent`, `SseEvent` and `SseDecode`, which describe, encode and decode the events of a type.
///
/// The keys of `#[sse(..)]`:
///
/// - on an enum: `rename_all`, `prefix`, `tagged`, `unnamed`, `text`, `with`, `ignore`, `crate` and `bound`
/// - on a variant: `event`, `alias`, `unnamed`, `text`, `json`, `with`, `literal`, `retry`, `error`, `terminal`, `borrow`, `flatten`, `other`, `skip`, `skip_encode` and `skip_decode`
/// - on a field: `id`, `retry`, `data` and `event`
///
#[doc = include_str!("manual.md")]
#[proc_macro_derive(SseEvent, attributes(sse, serde))]
pub fn derive(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    sse_event(&parse_macro_input!(input as DeriveInput), manifest::crate_path()).into()
}

/// Expands the derive. `crate_path` is the path to `sse_core` if no attribute sets it.
fn sse_event(input: &DeriveInput, crate_path: Path) -> TokenStream {
    let mut errors = Errors::default();
    let written = Written::read(input, &mut errors);
    let model = Model::new(&written, crate_path, &mut errors);
    check::check(&written, &model, &mut errors);
    match errors.finish() {
        Ok(()) => expand::expand(&model),
        Err(errors) => fallback::fallback(input, &model.crate_path, &errors),
    }
}
