//! The helper structs for writing, which hold references to the fields.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::{
    Side,
    definition::{self, Definition, Slot, marker_member},
    members,
    parameters::{Parameters, parameter},
};
use crate::{
    expand::tokens,
    model::{Fields, Model, Variant},
};

/// Generates the expression that writes the variant's fields as the data.
pub(in crate::expand) fn write(variant: &Variant<'_>, fields: &Fields<'_>) -> TokenStream {
    members::write(variant, fields).unwrap_or_else(|| {
        let helper = value(variant, fields);
        quote!(__fields.json(&#helper))
    })
}

/// Generates the value of the helper struct.
fn value(variant: &Variant<'_>, fields: &Fields<'_>) -> TokenStream {
    let through_remote = Side::Write.any_concrete(fields);
    let ident = if through_remote { references_ident(variant) } else { ident(variant) };
    let fields = fields.list.iter().map(|field| {
        let (member, binding) = (field.member, field.binding);
        quote!(#member: #binding)
    });
    let marker = through_remote.then(|| {
        let member = marker_member(variant);
        quote!(#member: __core::marker::PhantomData::<&Self>)
    });
    let fields = fields.chain(marker);
    quote!(#ident { #(#fields),* })
}

/// Generates the helper structs of a variant, if there are any.
pub(super) fn structs(model: &Model<'_>, variant: &Variant<'_>, fields: &Fields<'_>) -> TokenStream {
    if members::write(variant, fields).is_some() {
        TokenStream::new()
    } else if Side::Write.any_concrete(fields) {
        through_remote(model, variant, fields)
    } else {
        by_reference(model, variant, fields)
    }
}

/// Generates a struct of references. Serde serializes a reference like the value it points to.
fn by_reference(model: &Model<'_>, variant: &Variant<'_>, fields: &Fields<'_>) -> TokenStream {
    let lifetime = fields.list.first().map(|_| quote!('__w));
    let parameters = Parameters::new(model, fields, Side::Write);
    let definition = Definition {
        variant,
        ident: &ident(variant),
        parameters: parameters.declared(lifetime.as_ref()),
        where_clause: None,
        slots: fields
            .list
            .iter()
            .map(|field| {
                let ty = parameters.ty(field);
                Slot::new(field, &field.serde.for_writing(), quote!(&'__w #ty))
            })
            .collect(),
    };
    definition.with_attributes(&definition::derive(fields, &quote!(Serialize), &TokenStream::new()))
}

/// Generates structs that use serde's remote derive. A function named in an attribute takes a reference to the field's
/// type; in a struct of references, it would get a reference to a reference.
fn through_remote(model: &Model<'_>, variant: &Variant<'_>, fields: &Fields<'_>) -> TokenStream {
    let parameters = Parameters::new(model, fields, Side::Write);
    let serialized = serialized(model, fields);
    let references = struct_of_references(model, variant, fields, &parameters);
    let values = struct_of_values(model, variant, fields, &parameters, &serialized);
    let serialize = serialize(variant, &parameters, &serialized);
    quote!(#references #values #serialize)
}

/// Generates the struct that is constructed and serialized.
fn struct_of_references(
    model: &Model<'_>,
    variant: &Variant<'_>,
    fields: &Fields<'_>,
    parameters: &Parameters<'_>,
) -> TokenStream {
    let slots = fields.list.iter().map(|field| {
        let ty = parameters.ty(field);
        Slot::new(field, &[], quote!(&'__w #ty))
    });
    let definition = Definition {
        variant,
        ident: &references_ident(variant),
        parameters: parameters.declared(Some(&quote!('__w))),
        where_clause: parameters.where_clause(),
        slots: slots.chain([Slot::marker(variant, TokenStream::new(), marker_type(model))]).collect(),
    };
    definition.with_attributes(&TokenStream::new())
}

/// Generates the struct that serde's derive sees. It has the fields' types and attributes, and is never constructed.
fn struct_of_values(
    model: &Model<'_>,
    variant: &Variant<'_>,
    fields: &Fields<'_>,
    parameters: &Parameters<'_>,
    bounds: &[TokenStream],
) -> TokenStream {
    let slots = fields.list.iter().map(|field| Slot::new(field, &field.serde.for_writing(), parameters.ty(field)));
    let definition = Definition {
        variant,
        ident: &ident(variant),
        parameters: parameters.declared(Some(&quote!('__w))),
        where_clause: parameters.where_clause(),
        slots: slots.chain([Slot::marker(variant, quote!(#[serde(skip)]), marker_type(model))]).collect(),
    };
    let bounds = quote!(#(#bounds),*).to_string();
    let remote = references_ident(variant).to_string();
    let remote = quote!(, remote = #remote, bound(serialize = #bounds));
    definition.with_attributes(&definition::derive(fields, &quote!(Serialize), &remote))
}

/// Generates the impl of `Serialize`, which calls the function that the remote derive generates.
fn serialize(variant: &Variant<'_>, parameters: &Parameters<'_>, serialized: &[TokenStream]) -> TokenStream {
    let lifetime = quote!('__w);
    let (references, values) = (references_ident(variant), ident(variant));
    let declared = parameters.declared(Some(&lifetime));
    let arguments = parameters.arguments(Some(&lifetime), |field| parameter(field).to_token_stream());
    let predicates = parameters.where_clause().into_iter().flat_map(|clause| &clause.predicates);
    quote! {
        #[automatically_derived]
        impl #declared __serde::Serialize for #references #arguments
        where
            #(#predicates,)*
            #(#serialized,)*
        {
            fn serialize<__S: __serde::Serializer>(
                &self,
                __serializer: __S,
            ) -> __core::result::Result<__S::Ok, __S::Error> {
                #values::serialize(self, __serializer)
            }
        }
    }
}

/// Generates the type of the marker field.
fn marker_type(model: &Model<'_>) -> TokenStream {
    let (ident, (_, arguments, _)) = (model.ident, model.generics.split_for_impl());
    quote!(__core::marker::PhantomData<&'__w #ident #arguments>)
}

/// Returns the predicates that serde needs for the type parameters. If `bound` is given, its predicates are used for
/// the enum's own parameters.
fn serialized(model: &Model<'_>, fields: &Fields<'_>) -> Vec<TokenStream> {
    let own = model.bound.and_then(|bound| bound.predicates.write.as_ref());
    let mut found: Vec<Ident> = Vec::new();
    for field in fields.list.iter().filter(|field| field.serde.by_trait.write && !field.serde.skips_write) {
        let parameters = match (Side::Write.is_concrete(field), own) {
            (true, Some(_)) => Vec::new(),
            (true, None) => tokens::params_in(field.ty, model.generics),
            (false, _) => vec![parameter(field)],
        };
        for parameter in parameters {
            if !found.contains(&parameter) {
                found.push(parameter);
            }
        }
    }
    let found = found.into_iter().map(|parameter| quote!(#parameter: __serde::Serialize));
    own.into_iter().flatten().map(ToTokens::to_token_stream).chain(found).collect()
}

fn ident(variant: &Variant<'_>) -> Ident {
    format_ident!("__Write{}", variant.ident)
}

fn references_ident(variant: &Variant<'_>) -> Ident {
    format_ident!("__References{}", variant.ident)
}
