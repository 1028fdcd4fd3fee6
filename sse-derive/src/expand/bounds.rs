//! Where clauses: the bounds of each half on the payloads. The compiler checks them only where that half is used.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Generics, Type, WherePredicate, parse_quote, spanned::Spanned as _};

use super::{generics_for_reading, payload, tokens};
use crate::{
    attributes::SerdeDefault,
    model::{Catch, Field, FromText, Model, Payload, Variant, option},
};

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
    /// The trait in which predicates can be ambiguous. It is the bound itself, except that `EncodeId` and `EncodeText`
    /// share their supertrait `Display`.
    ambiguous_in: String,
    /// Whether the type is a helper struct. Its predicate is not replaced by `bound`.
    is_helper: bool,
}

impl<'m> Bounds<'m> {
    fn new(model: &'m Model<'m>, input: Option<TokenStream>) -> Self {
        Self { model, input, required: Vec::new(), plain: Vec::new() }
    }

    /// Adds `T: TypedEvent` for a nested type that mentions a type parameter.
    fn events(&mut self, ty: &Type) {
        let bound = quote!(__sse::TypedEvent);
        if !tokens::params_in(ty, self.model.generics).is_empty() {
            let bound = tokens::at(ty.span().resolved_at(Span::call_site()), bound);
            self.required.push(Required {
                quantifier: TokenStream::new(),
                ty: ty.to_token_stream(),
                ambiguous_in: bound.to_string(),
                bound,
                is_helper: false,
            });
        }
    }

    /// Adds an adapter trait of `sse_core::__private` for this half. Because of its lifetime, the compiler checks the
    /// bound where the half is used, and not at the definition.
    fn adapter(&mut self, ty: impl ToTokens, adapter: &str) {
        match self.input.clone() {
            Some(input) => self.require(TokenStream::new(), ty, adapter, &input),
            None => self.for_any_lifetime(ty, adapter),
        }
    }

    /// Adds the bound of a tagged enum, which is the data of its events.
    fn tagged(&mut self, adapter: &str) {
        let (quantifier, lifetime) = match self.input.clone() {
            Some(input) => (TokenStream::new(), input),
            None => (quote!(for<'__w>), quote!('__w)),
        };
        let span = self.model.ident.span().resolved_at(Span::call_site());
        let adapter = Ident::new(adapter, span);
        let bound = quote_spanned!(span=> __sse::__private::Whole: __sse::__private::#adapter<#lifetime, Self>);
        self.plain.push(quote!(#quantifier #bound));
    }

    /// Requires that the input outlives the lifetimes in a type that a module decodes, because the value can borrow
    /// from the input.
    fn can_borrow(&mut self, ty: &Type) {
        let of_enum: Vec<_> = self.model.generics.lifetimes().map(|param| &param.lifetime).collect();
        let lifetimes = tokens::lifetimes_in(&ty.to_token_stream()).into_iter();
        let lifetimes = lifetimes.filter(|lifetime| of_enum.contains(&lifetime));
        if let Some(input) = &self.input {
            self.plain.extend(lifetimes.map(|lifetime| quote!(#input: #lifetime)));
        }
    }

    /// Like [`adapter`](Self::adapter), but a type that does not parse the text needs no trait. Borrowed text only
    /// requires that the input outlives it.
    fn text(&mut self, ty: &Type, adapter: &str) {
        match (&self.input, FromText::of(ty)) {
            (Some(input), FromText::Borrowed) => {
                let lifetimes = tokens::lifetimes_in(&ty.to_token_stream()).into_iter();
                self.plain.extend(lifetimes.map(|lifetime| quote!(#input: #lifetime)));
            }
            (Some(_), FromText::Owned) => {}
            (None, _) | (_, FromText::Parsed) => self.adapter(ty, adapter),
        }
    }

    /// Adds an adapter trait for any lifetime.
    fn for_any_lifetime(&mut self, ty: impl ToTokens, adapter: &str) {
        self.require(quote!(for<'__w>), ty, adapter, &quote!('__w));
    }

    /// Adds an adapter trait. The predicate has the span of the type, so that the compiler underlines the type.
    fn require(&mut self, quantifier: TokenStream, ty: impl ToTokens, adapter: &str, lifetime: &TokenStream) {
        let span = ty.span().resolved_at(Span::call_site());
        let lifetime = tokens::at(span, lifetime);
        let quantifier = tokens::at(span, quantifier);
        let ambiguous_in = if matches!(adapter, "EncodeId" | "EncodeText") { "Display" } else { adapter }.to_owned();
        let adapter = Ident::new(adapter, span);
        let bound = quote_spanned!(span=> __sse::__private::#adapter<#lifetime>);
        self.required.push(Required { quantifier, ty: ty.to_token_stream(), bound, ambiguous_in, is_helper: false });
    }

    /// Adds the bound of a struct with serde's `default`.
    fn default(&mut self, span: Span) {
        let span = span.resolved_at(Span::call_site());
        let adapter = quote_spanned!(span=> __sse::__private::DefaultStruct<'__w, Self>);
        self.plain.push(quote_spanned!(span=> for<'__w> __sse::__private::Whole: #adapter));
    }

    /// Applies `bound`: if it is given for this half, its predicates replace all that mention type parameters.
    fn with_custom(mut self) -> Self {
        let model = self.model;
        let own = model.bound.as_ref().and_then(|bound| match self.input {
            Some(_) => bound.predicates.read.as_ref(),
            None => bound.predicates.write.as_ref(),
        });
        if let Some(own) = own {
            self.required
                .retain(|required| required.is_helper || tokens::params_in(&required.ty, model.generics).is_empty());
            let shadows = model.generics.lifetimes().any(|param| param.lifetime.ident == "de");
            let own = own.iter().map(ToTokens::to_token_stream);
            self.plain.extend(own.map(|own| if shadows { own } else { tokens::with_input_lifetime(own) }));
        }
        self
    }

    /// Adds the predicates to the where clause of `generics`, without duplicates.
    fn into_generics(self, mut generics: Generics) -> Generics {
        let mut seen = HashSet::new();
        let predicates =
            self.required.iter().flat_map(|required| self.predicates(required)).chain(self.plain.iter().cloned());
        let predicates: Vec<_> = predicates.filter(|predicate| seen.insert(predicate.to_string())).collect();
        if !predicates.is_empty() {
            let predicates = predicates.into_iter().map(|predicate| -> WherePredicate { parse_quote!(#predicate) });
            generics.make_where_clause().predicates.extend(predicates);
        }
        generics
    }

    /// Returns the predicates for one required trait.
    ///
    /// The compiler finds two predicates ambiguous if they differ only in lifetimes, such as those for `&'a str` and
    /// `&'b str`. In that case, the predicates are on the lifetimes and the type parameters instead, from which the
    /// compiler finds the impl for each type.
    fn predicates(&self, Required { quantifier, ty, bound, ambiguous_in, .. }: &Required) -> Vec<TokenStream> {
        let is_ambiguous = |other: &Required| {
            other.ambiguous_in == *ambiguous_in
                && other.ty.to_string() != ty.to_string()
                && tokens::without_lifetimes(&other.ty) == tokens::without_lifetimes(ty)
        };
        if !self.required.iter().any(is_ambiguous) {
            return vec![quote_spanned!(bound.span()=> #quantifier #ty: #bound)];
        }
        let params =
            tokens::params_in(ty, self.model.generics).into_iter().map(|param| quote!(#quantifier #param: #bound));
        let lifetimes = tokens::lifetimes_in(ty);
        let outlived =
            self.input.iter().flat_map(|input| lifetimes.iter().map(move |lifetime| quote!(#input: #lifetime)));
        outlived.chain(params).collect()
    }
}

/// Returns the generics of the `TypedEvent` impl.
pub(super) fn of_set(model: &Model<'_>) -> Generics {
    let mut bounds = Bounds::new(model, None);
    for variant in &model.variants {
        if let Some(Field { ty, .. }) = variant.nested() {
            bounds.events(ty);
        }
    }
    bounds.into_generics(model.generics.clone())
}

/// Returns the generics of the `SseEvent` impl.
pub(super) fn of_writing(model: &Model<'_>) -> Generics {
    let mut bounds = Bounds::new(model, None);
    for variant in model.variants.iter().filter(|variant| variant.is_written()) {
        for field in &variant.fields {
            of_line(field, ["EncodeId", "EncodePayload"], &mut bounds);
        }
        if let Some(field) = variant.nested() {
            bounds.adapter(field.ty, "EncodeEvent");
            continue;
        }
        match variant.catch() {
            Some(Catch::Nothing | Catch::Whole(_)) => {}
            Some(Catch::Text { event, data }) => {
                bounds.adapter(event.ty, "EncodeStr");
                bounds.adapter(data.ty, if data.is_json_data() { "EncodePayload" } else { "EncodeStr" });
            }
            None => of_written_payload(variant, &mut bounds),
        }
    }
    bounds.with_custom().into_generics(model.generics.clone())
}

/// Adds the bound of a field on a line: `id` or `json_id` for an ID, or the trait of a reconnection time.
fn of_line(field: &Field<'_>, [id, json_id]: [&str; 2], bounds: &mut Bounds<'_>) {
    let adapter = match (&field.attributes.id, &field.attributes.retry) {
        (Some(attribute), _) if attribute.json.is_some() => json_id,
        (Some(_), _) => id,
        (None, Some(_)) => "RetryField",
        (None, None) => return,
    };
    let ty = option(field.ty).unwrap_or(field.ty);
    if adapter == "DecodeId" { bounds.text(ty, adapter) } else { bounds.adapter(ty, adapter) }
}

/// Adds the bounds for encoding a payload.
fn of_written_payload(variant: &Variant<'_>, bounds: &mut Bounds<'_>) {
    let payload = "EncodePayload";
    match variant.payload() {
        Payload::Empty | Payload::Literal(_) | Payload::With(..) => {}
        Payload::Tagged => bounds.tagged("EncodeTagged"),
        Payload::Text(field) => bounds.adapter(field.ty, "EncodeText"),
        Payload::OptionalText(_, inner) => bounds.adapter(inner, "EncodeText"),
        Payload::Value(field) => bounds.adapter(field.ty, payload),
        Payload::Optional(_, inner) => bounds.adapter(inner, payload),
        Payload::Fields => {
            let fields = variant.data_fields();
            for field in fields.filter(|field| field.serde.by_trait.write && !field.serde.skips_write) {
                if field.serde.concrete.write {
                    for param in tokens::params_in(field.ty, bounds.model.generics) {
                        bounds.adapter(param, payload);
                    }
                } else {
                    bounds.adapter(field.ty, payload);
                }
            }
        }
    }
}

/// Returns the generics of the `SseDecode` impl.
pub(super) fn of_reading(model: &Model<'_>) -> Generics {
    let mut bounds = Bounds::new(model, Some(quote!('__de)));
    for variant in model.variants.iter().filter(|variant| variant.is_read()) {
        for field in variant.fields.iter().filter(|field| field.is_line()) {
            of_line(field, ["DecodeId", "DecodePayload"], &mut bounds);
        }
        if let Some(Field { ty, .. }) = variant.nested() {
            bounds.events(ty);
            bounds.adapter(ty, "DecodeEvent");
            continue;
        }
        match variant.catch() {
            Some(Catch::Nothing | Catch::Whole(_)) => {}
            Some(Catch::Text { event, data }) => {
                bounds.text(event.ty, "DecodeStr");
                if data.is_json_data() {
                    bounds.adapter(data.ty, "DecodePayload");
                } else {
                    bounds.text(data.ty, "DecodeStr");
                }
            }
            None => of_read_payload(variant, &mut bounds),
        }
    }
    bounds.with_custom().into_generics(generics_for_reading(model.generics))
}

/// Adds the bounds for decoding a payload.
fn of_read_payload(variant: &Variant<'_>, bounds: &mut Bounds<'_>) {
    let payload = "DecodePayload";
    match variant.payload() {
        Payload::Empty | Payload::Literal(_) => {}
        Payload::Tagged => bounds.tagged("DecodeTagged"),
        Payload::Text(field) => bounds.text(field.ty, "DecodeText"),
        Payload::OptionalText(_, inner) => bounds.text(inner, "DecodeText"),
        Payload::With(field, _) => bounds.can_borrow(field.ty),
        Payload::Value(field) => bounds.adapter(field.ty, payload),
        Payload::Optional(_, inner) => bounds.adapter(inner, payload),
        Payload::Fields => {
            for field in variant.data_fields().filter(|field| !field.serde.concrete.read) {
                if field.serde.by_trait.read && !field.serde.skips_read {
                    bounds.adapter(field.ty, payload);
                }
                if field.serde.defaults {
                    bounds.for_any_lifetime(field.ty, "DefaultField");
                }
            }
            if variant.data_fields().any(|field| field.serde.concrete.read) {
                bounds.adapter(payload::read_type(bounds.model, variant), payload);
                if let Some(required) = bounds.required.last_mut() {
                    required.is_helper = true;
                }
            }
            if let Some((word, SerdeDefault::Trait)) = &variant.default {
                bounds.default(word.span());
            }
        }
    }
}
