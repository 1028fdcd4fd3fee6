//! Where-clauses: what each half asks of the payloads, only where that half is used.

use std::collections::HashSet;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Generics, Ident, Type, WherePredicate, parse_quote};

use super::{generics_for_reading, payload};
use crate::model::{Catch, Field, Model, Payload, Variant, option};

/// Predicates, each once.
struct Bounds {
    generics: Generics,
    seen: HashSet<String>,
}

impl Bounds {
    fn new(generics: Generics) -> Self {
        Self { generics, seen: HashSet::new() }
    }

    fn add(&mut self, predicate: WherePredicate) {
        if self.seen.insert(predicate.to_token_stream().to_string()) {
            self.generics.make_where_clause().predicates.push(predicate);
        }
    }
}

pub(super) fn of_set(model: &Model<'_>) -> Generics {
    let sse = &model.crate_path;
    let mut bounds = Bounds::new(model.generics.clone());
    for variant in &model.variants {
        if let Some(Catch::Whole(Field { ty, .. })) = variant.catch()
            && !params_in(ty, model.generics).is_empty()
        {
            bounds.add(parse_quote!(#ty: #sse::EventSet));
        }
    }
    bounds.generics
}

pub(super) fn of_writing(model: &Model<'_>) -> Generics {
    let sse = &model.crate_path;
    let mut bounds = Bounds::new(model.generics.clone());
    let payload = |ty: &dyn ToTokens| parse_quote!(for<'__w> #ty: #sse::__private::EncodePayload<'__w>);
    for variant in &model.variants {
        if let Some(field) = variant.id() {
            let ty = option(field.ty).unwrap_or(field.ty);
            bounds.add(parse_quote!(for<'__w> #ty: #sse::__private::EncodeId<'__w>));
        }
        match variant.catch() {
            Some(Catch::Nothing) => continue,
            Some(Catch::Whole(field)) => {
                if !params_in(field.ty, model.generics).is_empty() {
                    let ty = field.ty;
                    bounds.add(parse_quote!(#ty: #sse::SseEvent));
                }
                continue;
            }
            Some(Catch::Text { event, data }) => {
                for Field { ty, .. } in [event, data] {
                    bounds.add(parse_quote!(for<'__w> #ty: #sse::__private::EncodeText<'__w>));
                }
                continue;
            }
            None => {}
        }
        match variant.payload() {
            Payload::Empty => {}
            Payload::Value(field) => bounds.add(payload(field.ty)),
            Payload::Optional(_, inner) => bounds.add(payload(inner)),
            Payload::Fields => {
                for field in variant.data_fields() {
                    written_by_trait(field, model.generics, |ty| bounds.add(payload(ty)));
                }
            }
        }
    }
    bounds.generics
}

/// The types that serde writes for a field through their `Serialize`.
fn written_by_trait(field: &Field<'_>, generics: &Generics, mut add: impl FnMut(&dyn ToTokens)) {
    if field.serde.skips_write || !field.serde.by_trait.write {
        return;
    }
    if field.serde.concrete.write {
        for param in params_in(field.ty, generics) {
            add(&param);
        }
    } else {
        add(field.ty);
    }
}

pub(super) fn of_reading(model: &Model<'_>) -> Generics {
    let sse = &model.crate_path;
    let mut bounds = Bounds::new(generics_for_reading(model.generics));
    for variant in &model.variants {
        if let Some(field) = variant.id() {
            let ty = option(field.ty).unwrap_or(field.ty);
            bounds.add(parse_quote!(#ty: #sse::__private::DecodeId<'__de>));
        }
        match variant.catch() {
            Some(Catch::Nothing) => {}
            Some(Catch::Whole(Field { ty, .. })) => bounds.add(parse_quote!(#ty: #sse::SseDecode<'__de>)),
            Some(Catch::Text { event, data }) => {
                for Field { ty, .. } in [event, data] {
                    bounds.add(parse_quote!(#ty: #sse::__private::DecodeText<'__de>));
                }
            }
            None => of_reading_payload(model, variant, &mut bounds),
        }
    }
    bounds.generics
}

fn of_reading_payload(model: &Model<'_>, variant: &Variant<'_>, bounds: &mut Bounds) {
    let sse = &model.crate_path;
    let payload = |ty: &dyn ToTokens| parse_quote!(#ty: #sse::__private::DecodePayload<'__de>);
    match variant.payload() {
        Payload::Empty => {}
        Payload::Value(field) => bounds.add(payload(field.ty)),
        Payload::Optional(_, inner) => bounds.add(payload(inner)),
        Payload::Fields => {
            for field in variant.data_fields().filter(|field| !field.serde.concrete.read) {
                let ty = field.ty;
                if field.serde.by_trait.read && !field.serde.skips_read {
                    bounds.add(payload(ty));
                }
                if field.serde.defaults {
                    bounds.add(parse_quote!(#ty: #sse::__private::DefaultField<'__de>));
                }
            }
            if variant.data_fields().any(|field| field.serde.concrete.read) {
                bounds.add(payload(&payload::read_type(model, variant)));
            }
        }
    }
}

/// The type parameters that a type mentions.
pub(super) fn params_in(ty: &Type, generics: &Generics) -> Vec<Ident> {
    let words = words(ty.to_token_stream());
    generics
        .type_params()
        .map(|param| &param.ident)
        .filter(|param| words.contains(&param.to_string()))
        .cloned()
        .collect()
}

fn words(tokens: TokenStream) -> HashSet<String> {
    let mut found = HashSet::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(found.insert(ident.to_string())),
            TokenTree::Group(group) => found.extend(words(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    found
}

/// The type with its `Self` spelled out, for use outside the implementation.
pub(super) fn without_self(ty: &Type, model: &Model<'_>) -> TokenStream {
    let ident = model.ident;
    let (_, ty_generics, _) = model.generics.split_for_impl();
    replace_self(ty.to_token_stream(), &quote!(#ident #ty_generics))
}

fn replace_self(tokens: TokenStream, replacement: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => replacement.clone(),
            TokenTree::Group(group) => {
                let mut replaced =
                    proc_macro2::Group::new(group.delimiter(), replace_self(group.stream(), replacement));
                replaced.set_span(group.span());
                TokenTree::Group(replaced).into()
            }
            token => token.into(),
        })
        .collect()
}
