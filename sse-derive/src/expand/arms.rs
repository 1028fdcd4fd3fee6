//! The variants that share an event name, and how an event with the name is read.

use std::{
    collections::{HashMap, HashSet},
    mem,
};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{dispatch::Case, tagged, value::value};
use crate::{
    model::{Event, Model, Payload, Variant},
    name::{MESSAGE, Name},
};

/// Returns the case of the ignored names, if there are any.
pub(super) fn ignored(model: &Model<'_>) -> Option<Case> {
    let names: Vec<_> = model.ignored.iter().map(|name| name.text.clone()).collect();
    let body = quote!(__core::result::Result::Ok(__sse::Decoded::Ignored));
    (!names.is_empty()).then_some(Case { names, body })
}

/// The variants that share some event names: any number with a literal, and at most one with a payload.
pub(super) struct Arm<'m> {
    pub(super) names: Vec<String>,
    pub(super) literals: Vec<(&'m str, Read<'m>)>,
    pub(super) payload: Option<Body<'m>>,
}

/// A variant that is read as one event.
pub(super) type Read<'m> = (&'m Variant<'m>, &'m Event<'m>);

/// The type that the data is read as.
#[derive(Clone, Copy)]
pub(super) enum Body<'m> {
    /// The payload of this variant.
    Of(Read<'m>),
    /// The whole enum, which serde reads. Its variant has to have the event's name.
    Tagged,
    /// The whole enum, as the variant that the tag identifies if it has one.
    TagFirst,
    /// The whole enum if the data has one of its tags.
    ByTag,
}

/// A key that is equal for equal bodies.
type BodyKey<'m> = (mem::Discriminant<Body<'m>>, Option<&'m Ident>);

impl<'m> Arm<'m> {
    /// Returns the arms of a type without nested types. Names with the same variants share an arm.
    pub(super) fn all(model: &'m Model<'m>) -> Vec<Self> {
        let mut arms = Self::each(model);
        let mut known: HashSet<String> = arms.iter().flat_map(|arm| arm.names.iter().cloned()).collect();
        for name in tagged::names(model) {
            if known.insert(name.to_owned()) {
                let names = vec![name.to_owned()];
                arms.push(Self { names, literals: Vec::new(), payload: Some(Body::ByTag) });
            } else if let Some(message) = arms.iter_mut().find(|arm| name == MESSAGE && arm.is_message()) {
                message.payload = message.payload.or(Some(Body::ByTag));
            }
        }
        Self::merged(arms)
    }

    /// Returns the arm of the name `message`, which unnamed events have, and the arms of all other names.
    pub(super) fn of_message_and_rest(model: &'m Model<'m>) -> (Option<Self>, Vec<Self>) {
        let (message, named) = Self::each(model).into_iter().partition(Self::is_message);
        let message: Vec<Self> = message;
        (message.into_iter().next(), Self::merged(named))
    }

    /// Returns one arm for each name, in the order in which the names first appear.
    fn each(model: &'m Model<'m>) -> Vec<Self> {
        let has_named_tags = tagged::has_named_tags(model);
        let mut arms: Vec<Self> = Vec::new();
        let mut of_name: HashMap<String, usize> = HashMap::new();
        for read @ (_, event) in model.decoded_events() {
            for Name { text: name, .. } in event.read_names() {
                let known = *of_name.entry(name.clone()).or_insert(arms.len());
                if known == arms.len() {
                    arms.push(Self { names: vec![name], literals: Vec::new(), payload: None });
                }
                let Some(arm) = arms.get_mut(known) else { continue };
                match &event.payload {
                    Payload::Literal(text) => arm.literals.push((text, read)),
                    Payload::Tagged if has_named_tags && arm.is_message() => arm.payload = Some(Body::TagFirst),
                    Payload::Tagged => arm.payload = Some(Body::Tagged),
                    _ => arm.payload = Some(Body::Of(read)),
                }
            }
        }
        arms
    }

    /// Merges the arms with the same variants.
    fn merged(arms: Vec<Self>) -> Vec<Self> {
        let mut merged: Vec<Self> = Vec::new();
        let mut of_meaning = HashMap::new();
        for arm in arms {
            let known = *of_meaning.entry(arm.meaning()).or_insert(merged.len());
            match merged.get_mut(known) {
                Some(earlier) => earlier.names.extend(arm.names),
                None => merged.push(arm),
            }
        }
        merged
    }

    /// Returns a key that is equal for arms with the same variants.
    fn meaning(&self) -> (Vec<&'m Ident>, Option<BodyKey<'m>>, bool) {
        let literals: Vec<_> = self.literals.iter().map(|(_, (variant, _))| variant.ident).collect();
        let payload =
            self.payload.map(|body| (mem::discriminant(&body), body.read().map(|(variant, _)| variant.ident)));
        let must_match = !literals.is_empty() && self.is_message();
        (literals, payload, must_match)
    }

    fn is_message(&self) -> bool {
        self.names.iter().any(|name| name == MESSAGE)
    }

    /// Generates the value of an event with one of these names.
    pub(super) fn body(&self, model: &Model<'_>, rest: &TokenStream) -> TokenStream {
        let payload = match self.payload {
            None => rest.clone(),
            Some(body) => body.expand(model, rest),
        };
        match self.literals.as_slice() {
            [] => payload,
            [(_, read)] if self.payload.is_none() && !self.is_message() => value(model, *read),
            literals => {
                let literals = literals.iter().map(|(text, read)| {
                    let value = value(model, *read);
                    quote!(#text => #value,)
                });
                quote!(match __raw.data() { #(#literals)* _ => #payload, })
            }
        }
    }
}

impl<'m> Body<'m> {
    /// Returns the variant, or `None` for the whole enum.
    pub(super) fn read(self) -> Option<Read<'m>> {
        match self {
            Self::Of(read) => Some(read),
            Self::Tagged | Self::TagFirst | Self::ByTag => None,
        }
    }

    /// Generates the event, read from the data, or `rest` if the data is not that of an event.
    pub(super) fn expand(self, model: &Model<'_>, rest: &TokenStream) -> TokenStream {
        match self {
            Self::Of(read) => value(model, read),
            Self::Tagged => tagged::by_name(model),
            Self::TagFirst => tagged::by_own_tag(model, &tagged::by_name(model)),
            Self::ByTag => tagged::by_own_tag(model, rest),
        }
    }
}
