//! Reading of a tagged enum: the whole enum by serde, as the variant that the event's name or the tag identifies.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::{lines, pattern_of_any};
use crate::{
    model::{Event, Model},
    name::MESSAGE,
};

/// Generates the closure `__words`, which returns the names and tags of a variant, if the enum is read as a whole. The
/// first word is the one that messages contain.
pub(super) fn words(model: &Model<'_>) -> Option<TokenStream> {
    let read_whole: Vec<_> = model.decoded_events().filter(|(_, event)| event.is_tagged()).collect();
    if read_whole.is_empty() {
        return None;
    }
    let arms = read_whole.iter().map(|(variant, event)| {
        let pattern = pattern_of_any(model, variant);
        let words = words_of(event);
        quote!(#pattern => &[#(#words),*],)
    });
    let rest = (read_whole.len() < model.variants.len()).then(|| quote!(_ => &[],));
    Some(quote! {
        let __words = |__event: &Self| -> &'static [&'static str] {
            match __event {
                #(#arms)*
                #rest
            }
        };
    })
}

fn words_of(event: &Event<'_>) -> Vec<String> {
    let mut names: Vec<_> = event.read_names().into_iter().map(|name| name.text).collect();
    let mut tags = event.read_tags.clone();
    // An unnamed event is best described by its tag.
    let (mut words, other) = if event.name.is_some() { (names, &mut tags) } else { (tags, &mut names) };
    words.append(other);
    let mut seen = HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words
}

/// Generates the whole enum, read from the data. A variant that does not have the event's name is an error.
pub(super) fn by_name(model: &Model<'_>) -> TokenStream {
    let decoded = quote! {
        <__sse::__private::Whole as __sse::__private::DecodeTagged<'__de, Self>>::tagged(&__raw, __words)
    };
    lines::set(model, &decoded).unwrap_or(decoded)
}

/// Generates the whole enum, read from data with the tag `__tag`.
pub(super) fn by_tag(model: &Model<'_>) -> TokenStream {
    let decoded = quote! {
        <__sse::__private::Whole as __sse::__private::DecodeTagged<'__de, Self>>::by_tag(&__raw, __tag, __words)
    };
    lines::set(model, &decoded).unwrap_or(decoded)
}

/// Generates the whole enum if the data has one of its tags, or else `rest`.
pub(super) fn by_own_tag(model: &Model<'_>, rest: &TokenStream) -> TokenStream {
    let by_tag = by_tag(model);
    quote! {
        match __sse::__private::own_tag::<Self>(&__raw) {
            __core::option::Option::Some(ref __tag) => #by_tag,
            __core::option::Option::None => #rest,
        }
    }
}

/// Generates the stage of events that are identified by their tags, if the enum has tags.
pub(super) fn stage(model: &Model<'_>) -> Option<TokenStream> {
    let by_tag = by_tag(model);
    has_tags(model).then(|| {
        quote! {
            __sse::__private::Stage::Tagged(__tag) if __tag.is_own::<Self>(&__raw) => return #by_tag,
        }
    })
}

/// Returns whether the data identifies any event by a tag.
fn has_tags(model: &Model<'_>) -> bool {
    model.decoded_events().any(|(_, event)| !event.read_tags.is_empty())
}

/// Returns whether an unnamed event can have the tag of a variant that is not unnamed.
pub(super) fn has_named_tags(model: &Model<'_>) -> bool {
    model.decoded_events().any(|(_, event)| !event.read_tags.is_empty() && !event.is_called(MESSAGE))
}

/// Returns the names of the events that are identified by their tags: that of an unnamed event, and those that unnamed
/// variants have if events are named by their tags. Ignored names are left out.
pub(super) fn names<'m>(model: &'m Model<'_>) -> Vec<&'m str> {
    let mut names = Vec::new();
    if has_tags(model) {
        names.push(MESSAGE);
    }
    for (_, event) in model.decoded_events().filter(|(_, event)| event.unnamed.is_some()) {
        names.extend(event.read_tags.iter().map(String::as_str));
    }
    names.retain(|name| model.ignored.iter().all(|ignored| ignored.text != *name));
    names
}
