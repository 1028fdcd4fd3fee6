//! Where clauses: the bounds of each half on the payloads. The compiler checks them only where that half is used.

use std::collections::{HashMap, HashSet};

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Generics, Lifetime, Type, parse_quote, spanned::Spanned as _};

use super::{
    adapter::{Adapter, Family},
    generics_for_reading, payload, tokens,
};
use crate::model::{Catch, Field, FromText, Kind, Model, Payload, Role, SerdeDefault, Variant, option};

/// The bounds of one half.
struct Bounds<'m> {
    model: &'m Model<'m>,
    /// The lifetime of the input, if this is the decoding half.
    input: Option<TokenStream>,
    required: Vec<Required>,
    /// Predicates that cannot be ambiguous with others.
    plain: Vec<TokenStream>,
}

/// A type and the trait it has to implement, with a quantifier such as `for<'__w>` before both.
struct Required {
    quantifier: TokenStream,
    ty: TokenStream,
    bound: TokenStream,
    adapter: Adapter,
    /// Whether the type is a helper struct. Its predicate is not replaced by `bound`.
    is_helper: bool,
}

/// The types that required the same trait and differ at most in lifetimes.
enum Alike {
    /// They are all written like this.
    One(String),
    Several,
}

impl<'m> Bounds<'m> {
    fn new(model: &'m Model<'m>, input: Option<TokenStream>) -> Self {
        Self { model, input, required: Vec::new(), plain: Vec::new() }
    }

    /// Adds `T: TypedEvent` for a nested type that mentions a type parameter.
    fn events(&mut self, ty: &Type) {
        if !tokens::params_in(ty, self.model.generics).is_empty() {
            self.require(TokenStream::new(), ty, Adapter::TypedEvent, &TokenStream::new());
        }
    }

    /// Adds an adapter trait for this half. Because of its lifetime, the compiler checks the bound where the half is
    /// used, and not at the definition.
    fn adapter(&mut self, ty: impl ToTokens, adapter: Adapter) {
        match self.input.clone() {
            Some(input) => self.require(TokenStream::new(), ty, adapter, &input),
            None => self.for_any_lifetime(ty, adapter),
        }
    }

    /// Adds the adapter trait of a payload for this half.
    fn payload(&mut self, ty: &Type) {
        let adapter = if self.input.is_some() { Adapter::decode_payload } else { Adapter::encode_payload };
        self.adapter(ty, adapter(ty));
    }

    /// Adds the bound of a tagged enum, which is the data of its events.
    fn tagged(&mut self, adapter: Adapter) {
        let (quantifier, lifetime) = match self.input.clone() {
            Some(input) => (TokenStream::new(), input),
            None => (quote!(for<'__w>), quote!('__w)),
        };
        let span = self.model.ident.span().resolved_at(Span::call_site());
        let bound = adapter.bound(span, &quote!(#lifetime, Self));
        let bound = quote_spanned!(span=> __sse::__private::Whole: #bound);
        self.plain.push(quote!(#quantifier #bound));
    }

    /// Requires that the input outlives the lifetimes in a type that a module decodes, because the value can borrow
    /// from the input.
    fn can_borrow(&mut self, ty: &Type) {
        let mut lifetimes = tokens::lifetimes_in(&ty.to_token_stream());
        lifetimes.retain(|lifetime| self.model.generics.lifetimes().any(|param| param.lifetime == *lifetime));
        self.plain.extend(self.outlives(&lifetimes));
    }

    /// Returns the predicates that the input outlives lifetimes. There are none for encoding.
    fn outlives(&self, lifetimes: &[Lifetime]) -> Vec<TokenStream> {
        match &self.input {
            Some(input) => lifetimes.iter().map(|lifetime| quote!(#input: #lifetime)).collect(),
            None => Vec::new(),
        }
    }

    /// Like [`adapter`](Self::adapter), but a type that does not parse the text needs no trait. Borrowed text only
    /// requires that the input outlives it.
    fn text(&mut self, ty: &Type, adapter: Adapter) {
        match (&self.input, FromText::of(ty)) {
            (Some(_), FromText::Borrowed) => {
                let lifetimes = tokens::lifetimes_in(&ty.to_token_stream());
                self.plain.extend(self.outlives(&lifetimes));
            }
            (Some(_), FromText::Owned) => {}
            (None, _) | (_, FromText::Parsed) => self.adapter(ty, adapter),
        }
    }

    /// Adds an adapter trait for any lifetime.
    fn for_any_lifetime(&mut self, ty: impl ToTokens, adapter: Adapter) {
        self.require(quote!(for<'__w>), ty, adapter, &quote!('__w));
    }

    /// Adds an adapter trait. The predicate has the span of the type, so that the compiler underlines the type.
    fn require(&mut self, quantifier: TokenStream, ty: impl ToTokens, adapter: Adapter, lifetime: &TokenStream) {
        let span = ty.span().resolved_at(Span::call_site());
        let bound = adapter.bound(span, &tokens::at(span, lifetime));
        let quantifier = tokens::at(span, quantifier);
        self.required.push(Required { quantifier, ty: ty.to_token_stream(), bound, adapter, is_helper: false });
    }

    /// Adds the bound of a struct with serde's `default`.
    fn default(&mut self, span: Span) {
        let span = span.resolved_at(Span::call_site());
        let adapter = Adapter::DefaultStruct.bound(span, &quote_spanned!(span=> '__w, Self));
        self.plain.push(quote_spanned!(span=> for<'__w> __sse::__private::Whole: #adapter));
    }

    /// Applies `bound`: if it is given for this half, its predicates replace all that mention type parameters.
    fn with_custom(mut self) -> Self {
        let model = self.model;
        let own = model.bound.and_then(|bound| match self.input {
            Some(_) => bound.predicates.read.as_ref(),
            None => bound.predicates.write.as_ref(),
        });
        if let Some(own) = own {
            self.required
                .retain(|required| required.is_helper || tokens::params_in(&required.ty, model.generics).is_empty());
            let shadows = model.generics.lifetimes().any(|param| param.lifetime.ident == "de");
            for own in own {
                let own = own.to_token_stream();
                self.plain.push(if shadows { own } else { tokens::with_input_lifetime(own) });
            }
        }
        self
    }

    /// Adds the predicates to the where clause of `generics`, without duplicates.
    fn into_generics(self, mut generics: Generics) -> Generics {
        let alike = self.alike();
        let mut predicates = Vec::new();
        for required in &self.required {
            let is_ambiguous = matches!(alike.get(&required.key()), Some(Alike::Several));
            predicates.extend(self.predicates(required, is_ambiguous));
        }
        predicates.extend(self.plain);
        let mut seen = HashSet::new();
        for predicate in predicates {
            if seen.insert(predicate.to_string()) {
                generics.make_where_clause().predicates.push(parse_quote!(#predicate));
            }
        }
        generics
    }

    /// Groups the types that differ at most in lifetimes.
    fn alike(&self) -> HashMap<(Family, String), Alike> {
        let mut all = HashMap::new();
        for required in &self.required {
            let ty = required.ty.to_string();
            let alike = all.entry(required.key()).or_insert_with(|| Alike::One(ty.clone()));
            if matches!(alike, Alike::One(known) if *known != ty) {
                *alike = Alike::Several;
            }
        }
        all
    }

    /// Returns the predicates for one required trait.
    ///
    /// The compiler finds two predicates ambiguous if they differ only in lifetimes, such as those for `&'a str` and
    /// `&'b str`. In that case, the predicates are on the lifetimes and the type parameters instead, from which the
    /// compiler finds the impl for each type.
    fn predicates(&self, required: &Required, is_ambiguous: bool) -> Vec<TokenStream> {
        let Required { quantifier, ty, bound, .. } = required;
        if !is_ambiguous {
            return vec![quote_spanned!(bound.span()=> #quantifier #ty: #bound)];
        }
        let mut predicates = self.outlives(&tokens::lifetimes_in(ty));
        for param in tokens::params_in(ty, self.model.generics) {
            predicates.push(quote!(#quantifier #param: #bound));
        }
        predicates
    }
}

impl Required {
    /// Returns a key that is equal for types that differ at most in lifetimes.
    fn key(&self) -> (Family, String) {
        (self.adapter.family(), tokens::without_lifetimes(&self.ty))
    }
}

/// Returns the generics of the `TypedEvent` impl.
pub(super) fn of_set(model: &Model<'_>) -> Generics {
    let mut bounds = Bounds::new(model, None);
    for Field { ty, .. } in model.variants.iter().filter_map(Variant::holds_events) {
        bounds.events(ty);
    }
    bounds.into_generics(model.generics.clone())
}

/// Returns the generics of the `SseEvent` impl.
pub(super) fn of_writing(model: &Model<'_>) -> Generics {
    let mut bounds = Bounds::new(model, None);
    for variant in model.variants.iter().filter(|variant| variant.is_encoded) {
        for field in &variant.fields {
            of_line(field, &mut bounds);
        }
        match &variant.kind {
            Kind::Event(event) => of_written_payload(&event.payload, &mut bounds),
            Kind::Nested(nested) => bounds.adapter(nested.field.ty, Adapter::EncodeEvent),
            Kind::CatchAll(Catch::Whole(field)) => bounds.adapter(field.ty, Adapter::EncodeEvent),
            Kind::CatchAll(Catch::Parts { event, data, json }) => {
                bounds.adapter(event.ty, Adapter::EncodeStr);
                if *json {
                    bounds.payload(data.ty);
                } else {
                    bounds.adapter(data.ty, Adapter::EncodeStr);
                }
            }
            Kind::CatchAll(Catch::Nothing) | Kind::Skipped => {}
        }
    }
    bounds.with_custom().into_generics(model.generics.clone())
}

/// Adds the bound of a field on a line.
fn of_line(field: &Field<'_>, bounds: &mut Bounds<'_>) {
    let ty = option(field.ty).unwrap_or(field.ty);
    match (field.role, &bounds.input) {
        (Role::Id { json: true, .. }, _) => bounds.payload(ty),
        (Role::Id { .. }, None) => bounds.adapter(ty, Adapter::EncodeId),
        (Role::Id { .. }, Some(_)) => bounds.text(ty, Adapter::DecodeId),
        (Role::Retry, _) => bounds.adapter(ty, Adapter::RetryField),
        (Role::Data | Role::Unsent, _) => {}
    }
}

/// Adds the bounds for encoding a payload.
fn of_written_payload(payload: &Payload<'_>, bounds: &mut Bounds<'_>) {
    match payload {
        Payload::Empty | Payload::Literal(_) | Payload::With(..) => {}
        Payload::Tagged => bounds.tagged(Adapter::EncodeTagged),
        Payload::Text(field) => bounds.adapter(field.ty, Adapter::EncodeText),
        Payload::OptionalText(_, inner) => bounds.adapter(inner, Adapter::EncodeText),
        Payload::Value(field) => bounds.payload(field.ty),
        Payload::Optional(_, inner) => bounds.payload(inner),
        Payload::Fields(fields) => {
            let by_trait = fields.list.iter().filter(|field| field.serde.by_trait.write && !field.serde.skips_write);
            for field in by_trait {
                if field.concrete().write {
                    for param in tokens::params_in(field.ty, bounds.model.generics) {
                        bounds.adapter(param, Adapter::EncodePayload);
                    }
                } else {
                    bounds.payload(field.ty);
                }
            }
        }
    }
}

/// Returns the generics of the `SseDecode` impl.
pub(super) fn of_reading(model: &Model<'_>) -> Generics {
    let mut bounds = Bounds::new(model, Some(quote!('__de)));
    for variant in model.variants.iter().filter(|variant| variant.is_decoded) {
        for field in variant.fields.iter().filter(|field| field.is_line()) {
            of_line(field, &mut bounds);
        }
        for field in variant.fields.iter().filter(|field| field.role == Role::Unsent && field.serde.default.is_none()) {
            bounds.for_any_lifetime(field.ty, Adapter::DefaultField);
        }
        if let Some(Field { ty, .. }) = variant.holds_events() {
            bounds.events(ty);
            bounds.adapter(ty, Adapter::DecodeEvent);
        }
        match &variant.kind {
            Kind::Event(event) => of_read_payload(variant, &event.payload, &mut bounds),
            Kind::CatchAll(Catch::Parts { event, data, json }) => {
                bounds.text(event.ty, Adapter::DecodeStr);
                if *json {
                    bounds.payload(data.ty);
                } else {
                    bounds.text(data.ty, Adapter::DecodeStr);
                }
            }
            Kind::CatchAll(Catch::Nothing | Catch::Whole(_)) | Kind::Nested(_) | Kind::Skipped => {}
        }
    }
    bounds.with_custom().into_generics(generics_for_reading(model.generics))
}

/// Adds the bounds for decoding a payload.
fn of_read_payload(variant: &Variant<'_>, payload: &Payload<'_>, bounds: &mut Bounds<'_>) {
    match payload {
        Payload::Empty | Payload::Literal(_) => {}
        Payload::Tagged => bounds.tagged(Adapter::DecodeTagged),
        Payload::Text(field) => bounds.text(field.ty, Adapter::DecodeText),
        Payload::OptionalText(_, inner) => bounds.text(inner, Adapter::DecodeText),
        Payload::With(field, _) => bounds.can_borrow(field.ty),
        Payload::Value(field) => bounds.payload(field.ty),
        Payload::Optional(_, inner) => bounds.payload(inner),
        Payload::Fields(fields) => {
            for field in fields.list.iter().filter(|field| !field.concrete().read) {
                if field.serde.by_trait.read && !field.serde.skips_read {
                    bounds.payload(field.ty);
                }
                if field.serde.defaults {
                    bounds.for_any_lifetime(field.ty, Adapter::DefaultField);
                }
            }
            if fields.list.iter().any(|field| field.concrete().read) {
                bounds.adapter(payload::read_type(bounds.model, variant, fields), Adapter::DecodePayload);
                if let Some(required) = bounds.required.last_mut() {
                    required.is_helper = true;
                }
            }
            if let Some((word, SerdeDefault::Trait)) = fields.default {
                bounds.default(word.span());
            }
        }
    }
}
