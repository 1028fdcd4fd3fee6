//! The generics of a helper struct.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{GenericParam, Generics, WhereClause};

use super::Side;
use crate::{
    expand::tokens,
    model::{Field, Fields, Model},
};

/// The generics of the enum, if the struct needs the real type of a field, and a type parameter for each other field.
pub(super) struct Parameters<'m> {
    model: &'m Model<'m>,
    side: Side,
    of_enum: Option<&'m Generics>,
    fields: Vec<Field<'m>>,
}

impl<'m> Parameters<'m> {
    pub(super) fn new(model: &'m Model<'m>, fields: &'m Fields<'m>, side: Side) -> Self {
        let of_enum = side.any_concrete(fields).then_some(model.generics);
        let fields = fields.list.iter().copied().filter(|field| !side.is_concrete(field)).collect();
        Self { model, side, of_enum, fields }
    }

    /// Returns the field's type in the struct.
    pub(super) fn ty(&self, field: &Field<'_>) -> TokenStream {
        if self.side.is_concrete(field) {
            tokens::without_self(field.ty, self.model)
        } else {
            parameter(field).to_token_stream()
        }
    }

    /// Generates the declaration `<'a, T: Bound, __T0>`, with the struct's own lifetime in front.
    pub(super) fn declared(&self, lifetime: Option<&TokenStream>) -> TokenStream {
        let of_enum = self.enum_params().cloned().map(|mut param| {
            match &mut param {
                GenericParam::Type(param) => param.default = None,
                GenericParam::Const(param) => param.default = None,
                GenericParam::Lifetime(_) => {}
            }
            param.to_token_stream()
        });
        let lifetime = lifetime.map(|lifetime| quote!(#lifetime,));
        let fields = self.fields.iter().map(parameter);
        quote!(<#lifetime #(#of_enum,)* #(#fields,)*>)
    }

    /// Generates the arguments `<'a, T, ..>` for [`declared`](Self::declared), with an argument for the type parameter
    /// of each field.
    pub(super) fn arguments(
        &self,
        lifetime: Option<&TokenStream>,
        argument: impl Fn(&Field<'_>) -> TokenStream,
    ) -> TokenStream {
        let of_enum = self.enum_params().map(|param| match param {
            GenericParam::Type(param) => param.ident.to_token_stream(),
            GenericParam::Const(param) => param.ident.to_token_stream(),
            GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
        });
        let lifetime = lifetime.map(|lifetime| quote!(#lifetime,));
        let fields = self.fields.iter().map(argument);
        quote!(<#lifetime #(#of_enum,)* #(#fields,)*>)
    }

    /// Returns the where clause of the enum, if the struct has the enum's generics.
    pub(super) fn where_clause(&self) -> Option<&'m WhereClause> {
        self.of_enum.and_then(|generics| generics.where_clause.as_ref())
    }

    fn enum_params(&self) -> impl Iterator<Item = &'m GenericParam> {
        self.of_enum.into_iter().flat_map(|generics| generics.params.iter())
    }
}

/// Returns the type parameter for a field's type.
pub(super) fn parameter(field: &Field<'_>) -> Ident {
    format_ident!("__T{}", field.position)
}
