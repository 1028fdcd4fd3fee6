//! The impl of `TypedEvent`: the static description, and the properties of a single event.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{bounds, header, path, tokens};
use crate::model::{Event, Field, Kind, Model, Nested, Payload, Role, Tag, Terminal, Variant};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let specs = specs(model).into_iter().map(|(spec, _)| spec);
    let is_terminal = property(model, "is_terminal", &|variant, event| is_terminal(model, variant, event));
    let is_error = property(model, "is_error", &|variant, event| is_error(model, variant, event));
    let generics = bounds::of_set(model);
    let (impl_generics, _, where_clause) = generics.split_for_impl();
    let header = header(model, &quote!(__sse::TypedEvent));
    quote! {
        #[automatically_derived]
        impl #impl_generics #header #where_clause {
            const EVENTS: &'static [__sse::EventSpec] = &[#(#specs),*];

            #is_terminal
            #is_error
        }
    }
}

/// Generates the entries of the description, each with the name of the variant or type it comes from.
pub(super) fn specs<'m>(model: &'m Model<'_>) -> Vec<(TokenStream, &'m Ident)> {
    let names = model.ignored.iter().map(|name| &name.text);
    let ignored = (!model.ignored.is_empty()).then(|| (quote!(__sse::EventSpec::Ignored(&[#(#names),*])), model.ident));
    let described = model.described().filter_map(|variant| Some((spec(model, variant)?, variant.ident)));
    described.chain(ignored).collect()
}

/// Generates the entry of a variant, unless it is skipped.
fn spec(model: &Model<'_>, variant: &Variant<'_>) -> Option<TokenStream> {
    match &variant.kind {
        Kind::Event(event) => Some(info(model, variant, event)),
        Kind::Nested(Nested { field: Field { ty, .. }, prefix, .. }) => {
            let prefix = prefix.as_deref().unwrap_or_default();
            let events = quote!(<#ty as __sse::TypedEvent>::EVENTS);
            Some(quote!(__sse::EventSpec::Group { prefix: #prefix, events: #events }))
        }
        Kind::CatchAll(_) => Some(quote!(__sse::EventSpec::CatchAll)),
        Kind::Skipped => None,
    }
}

/// Generates the entry of one event.
fn info(model: &Model<'_>, variant: &Variant<'_>, event: &Event<'_>) -> TokenStream {
    let new = event.name.as_ref().map_or_else(
        || quote!(unnamed()),
        |name| {
            let name = &name.text;
            quote!(new(#name))
        },
    );
    let aliases: Vec<_> = event.aliases.iter().map(|alias| &alias.text).collect();
    let aliases = (!aliases.is_empty()).then(|| quote!(.with_aliases(&[#(#aliases),*])));
    let data = match &event.payload {
        Payload::Empty => Some(quote!(Empty)),
        Payload::Literal(text) => Some(quote!(Literal(#text))),
        Payload::Text(_) | Payload::OptionalText(..) => Some(quote!(Text)),
        Payload::With(..) => Some(quote!(Custom)),
        Payload::Tagged | Payload::Value(_) | Payload::Optional(..) | Payload::Fields(_) => None,
    };
    let data = data.map(|kind| quote!(.with_data(__sse::DataKind::#kind)));
    let tag = tag(model, event);
    let retry = event.retry.map(|millis| quote!(.with_retry(__sse::Retry::from_millis(#millis))));
    let has_id = variant.fields.iter().any(|field| matches!(field.role, Role::Id { .. }));
    let id = has_id.then(|| quote!(.with_id()));
    let terminal = match event.terminal {
        Terminal::Never => None,
        Terminal::Always => Some(quote!(.with_terminal())),
        Terminal::If(..) => Some(quote!(.with_terminal_sometimes())),
    };
    let error = event.is_error.then(|| quote!(.with_error()));
    quote!(__sse::EventSpec::Event(__sse::EventInfo::#new #aliases #data #tag #retry #id #terminal #error))
}

/// Generates the call that adds the tags by which the event is read.
fn tag(model: &Model<'_>, event: &Event<'_>) -> Option<TokenStream> {
    let tags = &event.read_tags;
    let tag = match model.tag {
        Tag::Internal(key) | Tag::Adjacent(key) => quote!(new(#key, &[#(#tags),*])),
        Tag::External => quote!(external(&[#(#tags),*])),
        Tag::Unknown => return None,
    };
    (!tags.is_empty()).then(|| quote!(.with_tag(__sse::EventTag::#tag)))
}

/// Generates the match arm of `is_terminal` for a variant, or returns `None` if it is never terminal.
fn is_terminal(model: &Model<'_>, variant: &Variant<'_>, event: &Event<'_>) -> Option<TokenStream> {
    let path = path(model, variant);
    match &event.terminal {
        Terminal::Never => None,
        Terminal::Always => Some(quote!(#path { .. } => true)),
        Terminal::If(function, Field { member, binding, ty, .. }) => {
            let is_terminal = tokens::call(&quote!(#function), ty, &quote!(__is_terminal(#binding)));
            Some(quote!(#path { #member: #binding, .. } => #is_terminal))
        }
    }
}

/// Generates the match arm of `is_error` for a variant, or returns `None` if it is not an error.
fn is_error(model: &Model<'_>, variant: &Variant<'_>, event: &Event<'_>) -> Option<TokenStream> {
    let path = path(model, variant);
    event.is_error.then(|| quote!(#path { .. } => true))
}

/// Generates the method `name` from the match arms of the variants, unless the trait's default of `false` is right for
/// all of them.
fn property(
    model: &Model<'_>,
    name: &str,
    arm: &dyn Fn(&Variant<'_>, &Event<'_>) -> Option<TokenStream>,
) -> Option<TokenStream> {
    let arms: Vec<_> = model
        .variants
        .iter()
        .filter_map(|variant| {
            if variant.holds_events().is_some() {
                let path = path(model, variant);
                let method = format_ident!("__{name}");
                return Some(quote!(#path(__inner) => (&&__sse::__private::Nested(__inner)).#method()));
            }
            arm(variant, variant.event()?)
        })
        .collect();
    let rest = (arms.len() < model.variants.len()).then(|| quote!(_ => false,));
    let has_nested = model.variants.iter().any(|variant| variant.holds_events().is_some());
    let traits = has_nested.then(|| {
        quote!(
            use __sse::__private::traits::*;
        )
    });
    let method = format_ident!("{name}");
    (!arms.is_empty()).then(|| {
        quote! {
            fn #method(&self) -> bool {
                #traits
                match self {
                    #(#arms,)*
                    #rest
                }
            }
        }
    })
}
