//! Where-clauses: what each half asks of the payloads, only where that half is used.

use std::collections::HashSet;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Generics, Type, WherePredicate, parse_quote, spanned::Spanned as _};

use super::{generics_for_reading, payload, tokens};
use crate::model::{Catch, Field, Model, Payload, Variant, is_lent_text, option};

/// What one half asks for.
struct Bounds<'m> {
    model: &'m Model<'m>,
    /// The lifetime of what is read, if this is the reading half.
    lent: Option<TokenStream>,
    wanted: Vec<Wanted>,
    /// Predicates that are no rivals of others.
    plain: Vec<TokenStream>,
}

/// One type, and the trait it needs, with what stands before both.
struct Wanted {
    quantifier: TokenStream,
    ty: TokenStream,
    bound: TokenStream,
    /// The trait that the compiler takes the bound for, where it has to choose.
    means: String,
    /// Whether the type is one of ours, which `bound` has nothing to say of.
    is_stand_in: bool,
}

impl<'m> Bounds<'m> {
    fn new(model: &'m Model<'m>, lent: Option<TokenStream>) -> Self {
        Self { model, lent, wanted: Vec::new(), plain: Vec::new() }
    }

    /// `T: TypedEvent`, as far as type parameters have a say in it.
    fn events(&mut self, ty: &Type) {
        let bound = quote!(__sse::TypedEvent);
        if !tokens::params_in(ty, self.model.generics).is_empty() {
            let bound = tokens::at(ty.span().resolved_at(Span::call_site()), bound);
            self.wanted.push(Wanted {
                quantifier: TokenStream::new(),
                ty: ty.to_token_stream(),
                means: bound.to_string(),
                bound,
                is_stand_in: false,
            });
        }
    }

    /// An adapter trait of ours for this half. Its lifetime puts off the check to where the half is used.
    fn adapter(&mut self, ty: impl ToTokens, adapter: &str) {
        match self.lent.clone() {
            Some(lent) => self.want(TokenStream::new(), ty, adapter, &lent),
            None => self.for_any_lifetime(ty, adapter),
        }
    }

    /// The enum is the data of its events.
    fn tagged(&mut self, adapter: &str) {
        let (quantifier, lifetime) = match self.lent.clone() {
            Some(lent) => (TokenStream::new(), lent),
            None => (quote!(for<'__w>), quote!('__w)),
        };
        let span = self.model.ident.span().resolved_at(Span::call_site());
        let adapter = Ident::new(adapter, span);
        let bound = quote_spanned!(span=> __sse::__private::Whole: __sse::__private::#adapter<#lifetime, Self>);
        self.plain.push(quote!(#quantifier #bound));
    }

    /// What a module reads may be lent: no lifetime of the enum's is longer than that of what is read.
    fn lent(&mut self, ty: &Type) {
        let of_enum: Vec<_> = self.model.generics.lifetimes().map(|param| &param.lifetime).collect();
        let lifetimes = tokens::lifetimes_in(&ty.to_token_stream()).into_iter();
        let lifetimes = lifetimes.filter(|lifetime| of_enum.contains(&lifetime));
        if let Some(lent) = &self.lent {
            self.plain.extend(lifetimes.map(|lifetime| quote!(#lent: #lifetime)));
        }
    }

    /// As `adapter`, but text that is lent needs no trait: it lives as long as what is read.
    fn text(&mut self, ty: &Type, adapter: &str) {
        match &self.lent {
            Some(lent) if is_lent_text(ty) => {
                let lifetimes = tokens::lifetimes_in(&ty.to_token_stream()).into_iter();
                self.plain.extend(lifetimes.map(|lifetime| quote!(#lent: #lifetime)));
            }
            _ => self.adapter(ty, adapter),
        }
    }

    /// An adapter trait whose lifetime is that of nothing.
    fn for_any_lifetime(&mut self, ty: impl ToTokens, adapter: &str) {
        self.want(quote!(for<'__w>), ty, adapter, &quote!('__w));
    }

    /// The predicate stands where the type stands, so that the compiler points there.
    fn want(&mut self, quantifier: TokenStream, ty: impl ToTokens, adapter: &str, lifetime: &TokenStream) {
        let span = ty.span().resolved_at(Span::call_site());
        let lifetime = tokens::at(span, lifetime);
        let quantifier = tokens::at(span, quantifier);
        let means = if matches!(adapter, "EncodeId" | "EncodeText") { "Display" } else { adapter }.to_owned();
        let adapter = Ident::new(adapter, span);
        let bound = quote_spanned!(span=> __sse::__private::#adapter<#lifetime>);
        self.wanted.push(Wanted { quantifier, ty: ty.to_token_stream(), bound, means, is_stand_in: false });
    }

    /// With `bound` for this half, what it says takes the place of all that concerns type parameters.
    fn with_own(mut self) -> Self {
        let model = self.model;
        let own = model.bound.as_ref().and_then(|bound| match self.lent {
            Some(_) => bound.predicates.read.as_ref(),
            None => bound.predicates.write.as_ref(),
        });
        if let Some(own) = own {
            self.wanted.retain(|wanted| wanted.is_stand_in || tokens::params_in(&wanted.ty, model.generics).is_empty());
            let shadows = model.generics.lifetimes().any(|param| param.lifetime.ident == "de");
            let own = own.iter().map(ToTokens::to_token_stream);
            self.plain.extend(own.map(|own| if shadows { own } else { tokens::with_our_lifetime(own) }));
        }
        self
    }

    fn into_generics(self, mut generics: Generics) -> Generics {
        let mut seen = HashSet::new();
        let predicates =
            self.wanted.iter().flat_map(|wanted| self.predicates(wanted)).chain(self.plain.iter().cloned());
        let predicates: Vec<_> = predicates.filter(|predicate| seen.insert(predicate.to_string())).collect();
        if !predicates.is_empty() {
            let predicates = predicates.into_iter().map(|predicate| -> WherePredicate { parse_quote!(#predicate) });
            generics.make_where_clause().predicates.extend(predicates);
        }
        generics
    }

    /// The compiler cannot choose between two predicates that differ only in lifetimes, such as those of `&'a str` and
    /// `&'b str`. There it finds the implementation itself, if it is told of the lifetimes and the type parameters.
    fn predicates(&self, Wanted { quantifier, ty, bound, means, .. }: &Wanted) -> Vec<TokenStream> {
        let is_rival = |other: &Wanted| {
            other.means == *means
                && other.ty.to_string() != ty.to_string()
                && tokens::without_lifetimes(&other.ty) == tokens::without_lifetimes(ty)
        };
        if !self.wanted.iter().any(is_rival) {
            return vec![quote_spanned!(bound.span()=> #quantifier #ty: #bound)];
        }
        let params =
            tokens::params_in(ty, self.model.generics).into_iter().map(|param| quote!(#quantifier #param: #bound));
        let lifetimes = tokens::lifetimes_in(ty);
        let outlived = self.lent.iter().flat_map(|lent| lifetimes.iter().map(move |lifetime| quote!(#lent: #lifetime)));
        outlived.chain(params).collect()
    }
}

pub(super) fn of_set(model: &Model<'_>) -> Generics {
    let mut bounds = Bounds::new(model, None);
    for variant in &model.variants {
        if let Some(Field { ty, .. }) = variant.nested() {
            bounds.events(ty);
        }
    }
    bounds.into_generics(model.generics.clone())
}

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
    bounds.with_own().into_generics(model.generics.clone())
}

/// What a field on a line of its own needs: one of these two, or to be a reconnection time.
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

fn of_written_payload(variant: &Variant<'_>, bounds: &mut Bounds<'_>) {
    let payload = "EncodePayload";
    match variant.payload() {
        Payload::Empty | Payload::Literal(_) | Payload::With(..) => {}
        Payload::Tagged => bounds.tagged("EncodeTagged"),
        Payload::Text(field) => bounds.adapter(field.ty, "EncodeText"),
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
    bounds.with_own().into_generics(generics_for_reading(model.generics))
}

fn of_read_payload(variant: &Variant<'_>, bounds: &mut Bounds<'_>) {
    let payload = "DecodePayload";
    match variant.payload() {
        Payload::Empty | Payload::Literal(_) => {}
        Payload::Tagged => bounds.tagged("DecodeTagged"),
        Payload::Text(field) => bounds.text(field.ty, "DecodeText"),
        Payload::With(field, _) => bounds.lent(field.ty),
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
                if let Some(wanted) = bounds.wanted.last_mut() {
                    wanted.is_stand_in = true;
                }
            }
        }
    }
}
