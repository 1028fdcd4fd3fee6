//! The definition of a helper struct.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Member, WhereClause};

use crate::model::{Field, Fields, Shape, Variant};

/// A field of a helper struct.
pub(super) struct Slot {
    attributes: TokenStream,
    member: Member,
    ty: TokenStream,
}

impl Slot {
    pub(super) fn new(field: &Field<'_>, attributes: &[syn::Attribute], ty: TokenStream) -> Self {
        Self { attributes: quote!(#(#attributes)*), member: field.member.clone(), ty }
    }

    /// Returns the marker field, which is last and uses all type parameters and lifetimes.
    pub(super) fn marker(variant: &Variant<'_>, attributes: TokenStream, ty: TokenStream) -> Self {
        Self { attributes, member: marker_member(variant), ty }
    }
}

/// Returns the name or index of the marker field.
pub(super) fn marker_member(variant: &Variant<'_>) -> Member {
    match variant.shape {
        Shape::Struct => Member::Named(format_ident!("__marker")),
        Shape::Tuple | Shape::Unit => Member::from(variant.fields.len()),
    }
}

/// A struct with the same syntax as the variant: named or unnamed fields.
pub(super) struct Definition<'m> {
    pub(super) variant: &'m Variant<'m>,
    pub(super) ident: &'m Ident,
    pub(super) parameters: TokenStream,
    pub(super) where_clause: Option<&'m WhereClause>,
    pub(super) slots: Vec<Slot>,
}

impl Definition<'_> {
    /// Generates the struct with these attributes.
    pub(super) fn with_attributes(&self, attributes: &TokenStream) -> TokenStream {
        let Self { variant, ident, parameters, where_clause, slots } = self;
        let slots = slots.iter().map(|Slot { attributes, member, ty }| {
            let name = (variant.shape == Shape::Struct).then(|| quote!(#member:));
            quote!(#attributes #name #ty)
        });
        let body = match variant.shape {
            Shape::Struct => quote!(#where_clause { #(#slots),* }),
            Shape::Tuple | Shape::Unit => quote!((#(#slots),*) #where_clause;),
        };
        quote! {
            #attributes
            #[allow(dead_code, non_camel_case_types, non_snake_case)]
            struct #ident #parameters #body
        }
    }
}

/// Generates the serde derive of a helper struct, with the serde keys of the variant.
pub(super) fn derive(fields: &Fields<'_>, half: &TokenStream, more: &TokenStream) -> TokenStream {
    let keys = fields.keys.tokens();
    // A single value is not wrapped in a tuple or an object, even with a marker field next to it.
    let transparent = fields.is_single.then(|| quote!(, transparent));
    quote! {
        #[derive(__sse::__private::#half)]
        #[serde(crate = "__serde" #transparent #more #(, #keys)*)]
    }
}
