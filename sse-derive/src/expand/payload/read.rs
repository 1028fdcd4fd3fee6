//! The helper struct for reading, which holds the fields by value.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::{
    Side,
    definition::{self, Definition, Slot, marker_member},
    parameters::{Parameters, parameter},
};
use crate::{
    expand::tokens,
    model::{Fields, Model, SerdeDefault, Shape, Variant},
};

/// Generates the type to read, for use inside the impl.
pub(in crate::expand) fn read_type(model: &Model<'_>, variant: &Variant<'_>, fields: &Fields<'_>) -> TokenStream {
    let ident = ident(variant);
    let arguments = Parameters::new(model, fields, Side::Read).arguments(None, |field| field.ty.to_token_stream());
    quote!(#ident #arguments)
}

/// Generates the helper struct of a variant.
pub(super) fn structs(model: &Model<'_>, variant: &Variant<'_>, fields: &Fields<'_>) -> TokenStream {
    let parameters = Parameters::new(model, fields, Side::Read);
    let slots = fields
        .list
        .iter()
        .map(|field| Slot::new(field, &field.attributes_for_reading(fields.is_single), parameters.ty(field)));
    let marker = Side::Read.any_concrete(fields).then(|| {
        let (ident, (_, arguments, _)) = (model.ident, model.generics.split_for_impl());
        let ty = quote!(__core::marker::PhantomData<#ident #arguments>);
        Slot::marker(variant, quote!(#[serde(skip)]), ty)
    });
    let definition = Definition {
        variant,
        ident: &ident(variant),
        parameters: parameters.declared(None),
        where_clause: parameters.where_clause(),
        slots: slots.chain(marker).collect(),
    };
    let expecting = expecting(variant, fields);
    let bound = bound(model, variant, fields).map(|bound| quote!(, bound(deserialize = #bound)));
    let default = fields.default.map(|(word, value)| (quote!(, #word), default(model, variant, fields, value)));
    let (default, default_impl) = default.unzip();
    let more = quote!(, expecting = #expecting #bound #default);
    let definition = definition.with_attributes(&definition::derive(fields, &quote!(Deserialize), &more));
    quote!(#definition #default_impl)
}

/// Generates the impl of `Default` for the helper of a struct with serde's `default`: the fields of the struct's
/// default value.
fn default(model: &Model<'_>, variant: &Variant<'_>, fields: &Fields<'_>, value: &SerdeDefault) -> TokenStream {
    let (ident, helper) = (model.ident, ident(variant));
    let (impl_generics, ty_generics, _) = model.generics.split_for_impl();
    let predicates = model.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let (bound, value) = match value {
        SerdeDefault::Trait => (
            Some(quote!(for<'__w> __sse::__private::Whole: __sse::__private::DefaultStruct<'__w, #ident #ty_generics>)),
            quote!(<__sse::__private::Whole as __sse::__private::DefaultStruct<'_, _>>::default_struct()),
        ),
        SerdeDefault::Function(function) => (None, tokens::call_function(function)),
    };
    let (members, bindings): (Vec<_>, Vec<_>) = fields.list.iter().map(|field| (field.member, field.binding)).unzip();
    let ty = read_type(model, variant, fields);
    let marker = Side::Read.any_concrete(fields).then(|| {
        let member = marker_member(variant);
        quote!(#member: __core::marker::PhantomData)
    });
    quote! {
        #[automatically_derived]
        impl #impl_generics __core::default::Default for #ty
        where
            #(#predicates,)*
            #bound
        {
            fn default() -> Self {
                let __whole: #ident #ty_generics = #value;
                let #ident { #(#members: #bindings,)* .. } = __whole;
                #helper { #(#members: #bindings,)* #marker }
            }
        }
    }
}

/// Returns serde's `bound` for a struct with the enum's generics: the predicates of `bound` on the enum, and those that
/// serde needs for the other fields.
fn bound(model: &Model<'_>, variant: &Variant<'_>, fields: &Fields<'_>) -> Option<String> {
    let own = model.bound?.predicates.read.as_ref()?;
    if !Side::Read.any_concrete(fields) {
        return None;
    }
    let generic = fields.list.iter().filter(|field| !Side::Read.is_concrete(field));
    let others = generic.flat_map(|field| {
        let parameter = parameter(field);
        let is_read = field.serde.by_trait.read && !field.serde.skips_read;
        let read = is_read.then(|| quote!(#parameter: __serde::Deserialize<'de>));
        let default = field.serde.defaults.then(|| quote!(#parameter: __core::default::Default));
        read.into_iter().chain(default)
    });
    let default = fields.default.map(|_| {
        let (helper, parameters) = (ident(variant), Parameters::new(model, fields, Side::Read));
        let arguments = parameters.arguments(None, |field| parameter(field).to_token_stream());
        quote!(#helper #arguments: __core::default::Default)
    });
    let predicates = own.iter().map(ToTokens::to_token_stream).chain(others).chain(default);
    Some(quote!(#(#predicates),*).to_string())
}

/// Returns serde's `expecting` text, which its error messages contain.
fn expecting(variant: &Variant<'_>, fields: &Fields<'_>) -> String {
    let ident = variant.ident;
    match (variant.shape, variant.fields.len()) {
        _ if fields.is_single => format!("the value of `{ident}`"),
        (Shape::Struct, _) => format!("the fields of `{ident}` as an object"),
        (_, count) => format!("the {count} fields of `{ident}` as an array"),
    }
}

fn ident(variant: &Variant<'_>) -> Ident {
    format_ident!("__Read{}", variant.ident)
}
