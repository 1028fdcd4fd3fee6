//! The impl of `SseDecode`, the decoding half.

use std::{collections::HashMap, mem};

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    bounds,
    dispatch::{Case, dispatch},
    lines, path, payload, stages, tagged, text, tokens,
};
use crate::{
    attributes::SerdeDefault,
    model::{Catch, Field, Model, Payload, Shape, Variant},
    name::{MESSAGE, Name},
};

pub(super) fn expand(model: &Model<'_>) -> TokenStream {
    let ident = model.ident;
    let methods = stages::methods(model).unwrap_or_else(|| method(model));
    let generics = bounds::of_reading(model);
    let (impl_generics, ..) = generics.split_for_impl();
    let (_, ty_generics, _) = model.generics.split_for_impl();
    let where_clause = &generics.where_clause;
    quote! {
        #[automatically_derived]
        impl #impl_generics __sse::SseDecode<'__de> for #ident #ty_generics #where_clause {
            #methods
        }
    }
}

/// Generates `decode` for a type without flattened variants.
fn method(model: &Model<'_>) -> TokenStream {
    let rest = rest(model);
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

/// Returns the case of the ignored names, if there are any.
pub(super) fn ignored(model: &Model<'_>) -> Option<Case> {
    let names: Vec<_> = model.ignored.iter().map(|name| name.text.clone()).collect();
    let body = quote!(__core::result::Result::Ok(__sse::Decoded::Ignored));
    (!names.is_empty()).then_some(Case { names, body })
}

/// The variants that share some event names: any number with a literal, and at most one with a payload.
pub(super) struct Arm<'m> {
    pub(super) names: Vec<String>,
    pub(super) literals: Vec<(String, &'m Variant<'m>)>,
    pub(super) payload: Option<Body<'m>>,
}

/// The type that the data is read as.
#[derive(Clone, Copy)]
pub(super) enum Body<'m> {
    /// The payload of this variant.
    Of(&'m Variant<'m>),
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
    fn all(model: &'m Model<'m>) -> Vec<Self> {
        let mut arms = Self::each(model);
        for name in tagged::names(model) {
            match arms.iter_mut().find(|arm| arm.names.iter().any(|known| known == name)) {
                Some(message) if name == MESSAGE => message.payload = message.payload.or(Some(Body::ByTag)),
                Some(_) => {}
                None => {
                    let names = vec![name.to_owned()];
                    arms.push(Self { names, literals: Vec::new(), payload: Some(Body::ByTag) });
                }
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
        for variant in model.variants.iter().filter(|variant| variant.is_event() && variant.is_read()) {
            for Name { text: name, .. } in variant.read_names() {
                let known = *of_name.entry(name.clone()).or_insert(arms.len());
                if known == arms.len() {
                    arms.push(Self { names: vec![name], literals: Vec::new(), payload: None });
                }
                let Some(arm) = arms.get_mut(known) else { continue };
                match variant.payload() {
                    Payload::Literal(text) => arm.literals.push((text, variant)),
                    Payload::Tagged if has_named_tags && arm.is_message() => arm.payload = Some(Body::TagFirst),
                    Payload::Tagged => arm.payload = Some(Body::Tagged),
                    _ => arm.payload = Some(Body::Of(variant)),
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
        let literals: Vec<_> = self.literals.iter().map(|(_, variant)| variant.ident).collect();
        let payload = self.payload.map(|body| (mem::discriminant(&body), body.variant().map(|variant| variant.ident)));
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
            [(_, variant)] if self.payload.is_none() && !self.is_message() => value(model, variant),
            literals => {
                let literals = literals.iter().map(|(text, variant)| {
                    let value = value(model, variant);
                    quote!(#text => #value,)
                });
                quote!(match __raw.data() { #(#literals)* _ => #payload, })
            }
        }
    }
}

impl<'m> Body<'m> {
    /// Returns the variant, or `None` for the whole enum.
    pub(super) fn variant(self) -> Option<&'m Variant<'m>> {
        match self {
            Self::Of(variant) => Some(variant),
            Self::Tagged | Self::TagFirst | Self::ByTag => None,
        }
    }

    /// Generates the event, read from the data, or `rest` if the data is not that of an event.
    pub(super) fn expand(self, model: &Model<'_>, rest: &TokenStream) -> TokenStream {
        match self {
            Self::Of(variant) => value(model, variant),
            Self::Tagged => tagged::by_name(model),
            Self::TagFirst => tagged::by_own_tag(model, &tagged::by_name(model)),
            Self::ByTag => tagged::by_own_tag(model, rest),
        }
    }
}

/// Generates the event of a variant, read from the data.
pub(super) fn value(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let data = match variant.payload() {
        Payload::Empty | Payload::Literal(_) => TokenStream::new(),
        Payload::Tagged => return tagged::by_name(model),
        Payload::Text(field) => text::conversion(field.ty)
            .map_or_else(|| quote!(__sse::__private::text(&__raw)?), |from| quote!(#from(__raw.data()))),
        Payload::OptionalText(_, inner) => text::conversion(inner).map_or_else(
            || quote!(__sse::__private::optional_text(&__raw)?),
            |from| quote!(__sse::__private::optional_lent_text(&__raw).map(#from)),
        ),
        Payload::With(_, module) => {
            let decode = tokens::function_of(module, "decode");
            quote!(__sse::__private::with(&__raw, #decode)?)
        }
        Payload::Value(_) => quote!(__sse::__private::json(&__raw)?),
        Payload::Optional(..) => quote!(__sse::__private::optional_json(&__raw)?),
        Payload::Fields => return fields(model, variant),
    };
    event(&built(model, variant, |_| data.clone()))
}

/// Generates the event of a variant whose data is read as a helper struct. The fields are moved out of the struct.
fn fields(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let helper = payload::read_type(model, variant);
    let event = event(&built(model, variant, |field| {
        let member = &field.member;
        quote!(__data.#member)
    }));
    let read = match (variant.single(), variant.shape) {
        (Some(_), _) => quote!(json),
        (None, Shape::Struct) => quote!(object),
        (None, Shape::Tuple | Shape::Unit) => quote!(array),
    };
    let read = quote! {
        {
            let __data: #helper = __sse::__private::#read(&__raw)?;
            #event
        }
    };
    match default(model, variant) {
        Some(default) => quote!(if __raw.data().is_empty() { #default } else #read),
        None => read,
    }
}

/// Generates the event for empty data, if its single value has a default.
fn default(model: &Model<'_>, variant: &Variant<'_>) -> Option<TokenStream> {
    let value = match variant.single()?.serde.default.as_ref()? {
        SerdeDefault::Trait => quote!(__core::default::Default::default()),
        SerdeDefault::Function(function) => tokens::call_function(function, TokenStream::new()),
    };
    Some(event(&built(model, variant, |_| value.clone())))
}

/// Generates the variant with its fields, each read from its line or returned by `data`.
fn built(model: &Model<'_>, variant: &Variant<'_>, data: impl Fn(&Field<'_>) -> TokenStream) -> TokenStream {
    let path = path(model, variant);
    match (variant.shape, variant.fields.as_slice()) {
        (Shape::Unit, _) => path,
        (Shape::Tuple, [field]) if !matches!(variant.payload(), Payload::Fields) => {
            let value = data(field);
            quote!(#path(#value))
        }
        (_, fields) => {
            let fields = fields.iter().map(|field| {
                let member = &field.member;
                let value = lines::read(field).unwrap_or_else(|| data(field));
                quote!(#member: #value)
            });
            quote!(#path { #(#fields),* })
        }
    }
}

/// Generates the result for names that no variant has: the catch-all, or `Decoded::Unknown`.
pub(super) fn rest(model: &Model<'_>) -> TokenStream {
    let catch_all = model.variants.iter().find_map(|variant| Some((variant, variant.catch()?)));
    let Some((variant, catch)) = catch_all else {
        return quote!(__core::result::Result::Ok(__sse::Decoded::Unknown));
    };
    let path = path(model, variant);
    match catch {
        Catch::Nothing => event(&quote!(#path)),
        Catch::Whole(field) => {
            let ty = field.ty;
            quote! {
                __core::result::Result::Ok(<#ty as __sse::__private::DecodeEvent<'__de>>::decode_any(__raw)?.map(#path))
            }
        }
        Catch::Text { event: name, .. } => {
            let value = |field: &Field<'_>| match (field.position == name.position, field.is_json_data()) {
                (false, true) => quote!(__sse::__private::json(&__raw)?),
                (is_name, _) => {
                    let from = text::conversion(field.ty).unwrap_or_else(|| quote!(__core::convert::From::from));
                    let text = if is_name { quote!(name) } else { quote!(data) };
                    quote!(#from(__raw.#text()))
                }
            };
            event(&built(model, variant, value))
        }
    }
}

/// Generates a decoded event.
fn event(value: &TokenStream) -> TokenStream {
    quote!(__core::result::Result::Ok(__sse::Decoded::Event(#value)))
}
