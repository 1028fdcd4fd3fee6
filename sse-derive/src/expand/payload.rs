//! The structs that stand in for the fields of a variant, so that serde's own derive writes and reads them.
//!
//! A field's type is a parameter of the struct wherever serde lets it be one: the struct then compiles whatever the
//! type implements, and what it has to implement is said once, in the where-clauses of the halves.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::Generics;

use super::{bounds, core};
use crate::model::{Field, Model, Payload, Shape, Variant};

/// The stand-ins of all variants that need them.
pub(super) fn structs(model: &Model<'_>) -> Option<TokenStream> {
    let sse = &model.crate_path;
    let structs: Vec<_> = model
        .variants
        .iter()
        .filter(|variant| variant.catch().is_none() && matches!(variant.payload(), Payload::Fields))
        .map(|variant| {
            let written = if is_concrete(variant, Side::Write) {
                write_through_references(model, variant)
            } else {
                write_struct(model, variant)
            };
            let read = read_struct(model, variant);
            quote!(#written #read)
        })
        .collect();
    // A name for the strings of serde's attributes, in which a path such as `$crate` has no meaning.
    (!structs.is_empty()).then(|| quote!(use #sse::__private::serde as __serde; #(#structs)*))
}

/// The value that is written.
pub(super) fn write_value(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let core = core(&model.crate_path);
    let concrete = is_concrete(variant, Side::Write);
    let ident = if concrete { references_ident(variant) } else { write_ident(variant) };
    let fields = variant.data_fields().map(|field| {
        let (member, binding) = (&field.member, &field.binding);
        quote!(#member: #binding)
    });
    let marker = concrete.then(|| {
        let member = marker_member(variant);
        quote!(#member: #core::marker::PhantomData::<&Self>)
    });
    let fields = fields.chain(marker);
    quote!(#ident { #(#fields),* })
}

/// The type that is read.
pub(super) fn read_type(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let ident = read_ident(variant);
    let arguments = Parameters::new(model, variant, Side::Read).arguments(|field| field.ty.to_token_stream());
    quote!(#ident #arguments)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Write,
    Read,
}

impl Side {
    /// Whether the field's own type has to stand in the struct.
    fn is_concrete(self, field: &Field<'_>) -> bool {
        match self {
            Self::Write => field.serde.concrete.write,
            Self::Read => field.serde.concrete.read,
        }
    }
}

fn is_concrete(variant: &Variant<'_>, side: Side) -> bool {
    variant.data_fields().any(|field| side.is_concrete(field))
}

/// The generics of a stand-in: those of the enum if a field's own type stands in it, and a parameter for each other.
struct Parameters<'m> {
    of_enum: Option<&'m Generics>,
    fields: Vec<&'m Field<'m>>,
}

impl<'m> Parameters<'m> {
    fn new(model: &'m Model<'m>, variant: &'m Variant<'m>, side: Side) -> Self {
        Self {
            of_enum: is_concrete(variant, side).then_some(model.generics),
            fields: variant.data_fields().filter(|field| !side.is_concrete(field)).collect(),
        }
    }

    /// Enum generics come apart into lifetimes and others, because the fields' parameters stand between no lifetimes.
    fn declared(&self, lifetime: Option<&TokenStream>) -> TokenStream {
        let of_enum = self.of_enum.iter().flat_map(|generics| generics.params.iter()).cloned().map(|mut param| {
            match &mut param {
                syn::GenericParam::Type(param) => param.default = None,
                syn::GenericParam::Const(param) => param.default = None,
                syn::GenericParam::Lifetime(_) => {}
            }
            param.to_token_stream()
        });
        let fields = self.fields.iter().map(|field| parameter(field).to_token_stream());
        angle_brackets(lifetime.cloned().into_iter().chain(of_enum).chain(fields))
    }

    fn arguments(&self, argument: impl Fn(&Field<'_>) -> TokenStream) -> TokenStream {
        let of_enum = self.of_enum.iter().flat_map(|generics| generics.params.iter()).map(|param| match param {
            syn::GenericParam::Type(param) => param.ident.to_token_stream(),
            syn::GenericParam::Const(param) => param.ident.to_token_stream(),
            syn::GenericParam::Lifetime(param) => param.lifetime.to_token_stream(),
        });
        let fields = self.fields.iter().map(|field| argument(field));
        angle_brackets(of_enum.chain(fields))
    }

    fn where_clause(&self) -> Option<&'m syn::WhereClause> {
        self.of_enum.and_then(|generics| generics.where_clause.as_ref())
    }
}

fn angle_brackets(items: impl Iterator<Item = TokenStream>) -> TokenStream {
    let items: Vec<_> = items.collect();
    if items.is_empty() { TokenStream::new() } else { quote!(<#(#items),*>) }
}

/// By reference: what serde writes of a reference is what it writes of the value.
fn write_struct(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let lifetime = variant.data_fields().next().map(|_| quote!('__w));
    let parameters = Parameters::new(model, variant, Side::Write).declared(lifetime.as_ref());
    let fields = variant.data_fields().map(|field| {
        let attributes = field.serde.for_writing();
        let ty = parameter(field);
        Slot { attributes: quote!(#(#attributes)*), member: field.member.clone(), ty: quote!(&'__w #ty) }
    });
    let derive = derive(model, variant, &quote!(Serialize), None);
    let body = body(variant, fields);
    let ident = write_ident(variant);
    definition(variant, &derive, &ident, &parameters, None, &body)
}

/// By serde's remote derive: a function that an attribute names takes a reference to the field's own type, and not to
/// a reference to it.
fn write_through_references(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let core = core(&model.crate_path);
    let (references, ident) = (references_ident(variant), write_ident(variant));
    let parameters = Parameters::new(model, variant, Side::Write);
    let where_clause = parameters.where_clause();
    let declared = parameters.declared(Some(&quote!('__w)));
    let arguments = parameters.arguments(|field| parameter(field).to_token_stream());
    let (enum_ident, (_, enum_arguments, _)) = (model.ident, model.generics.split_for_impl());
    let marker = quote!(#core::marker::PhantomData<&'__w #enum_ident #enum_arguments>);
    let ty = |field: &Field<'_>| {
        if Side::Write.is_concrete(field) {
            bounds::without_self(field.ty, model)
        } else {
            parameter(field).to_token_stream()
        }
    };

    let fields = variant.data_fields().map(|field| {
        let ty = ty(field);
        Slot { attributes: TokenStream::new(), member: field.member.clone(), ty: quote!(&'__w #ty) }
    });
    let marker = |attributes| Slot { attributes, member: marker_member(variant), ty: marker.clone() };
    let refs = body(variant, fields.chain([marker(TokenStream::new())]));
    let refs = definition(variant, &quote!(), &references, &declared, where_clause, &refs);

    let serialized = serialized_parameters(model, variant);
    let bound = serialized.iter().map(|param| format!("{param}: __serde::Serialize")).collect::<Vec<_>>().join(", ");
    let remote = references.to_string();
    let derive = derive(model, variant, &quote!(Serialize), Some(&quote!(remote = #remote, bound(serialize = #bound))));
    let fields = variant.data_fields().map(|field| {
        let attributes = field.serde.for_writing();
        Slot { attributes: quote!(#(#attributes)*), member: field.member.clone(), ty: ty(field) }
    });
    let values = body(variant, fields.chain([marker(quote!(#[serde(skip)]))]));
    let values = definition(variant, &derive, &ident, &declared, where_clause, &values);

    let predicates = where_clause.iter().flat_map(|clause| &clause.predicates);
    let lifetime_and_arguments = with_lifetime(&arguments);
    quote! {
        #refs
        #values

        #[automatically_derived]
        impl #declared __serde::Serialize for #references #lifetime_and_arguments
        where
            #(#predicates,)*
            #(#serialized: __serde::Serialize,)*
        {
            fn serialize<__S: __serde::Serializer>(
                &self,
                __serializer: __S,
            ) -> #core::result::Result<__S::Ok, __S::Error> {
                #ident::serialize(self, __serializer)
            }
        }
    }
}

fn with_lifetime(arguments: &TokenStream) -> TokenStream {
    let inner: TokenStream = arguments.clone().into_iter().skip(1).collect();
    if inner.is_empty() { quote!(<'__w>) } else { quote!(<'__w, #inner) }
}

/// The parameters that serde writes through their `Serialize`.
fn serialized_parameters(model: &Model<'_>, variant: &Variant<'_>) -> Vec<Ident> {
    let mut found: Vec<Ident> = Vec::new();
    for field in variant.data_fields().filter(|field| field.serde.by_trait.write && !field.serde.skips_write) {
        if !Side::Write.is_concrete(field) {
            found.push(parameter(field));
            continue;
        }
        for param in bounds::params_in(field.ty, model.generics) {
            if !found.contains(&param) {
                found.push(param);
            }
        }
    }
    found
}

fn read_struct(model: &Model<'_>, variant: &Variant<'_>) -> TokenStream {
    let core = core(&model.crate_path);
    let parameters = Parameters::new(model, variant, Side::Read);
    let fields = variant.data_fields().map(|field| {
        let attributes = &field.serde.attributes;
        let ty = if Side::Read.is_concrete(field) {
            bounds::without_self(field.ty, model)
        } else {
            parameter(field).to_token_stream()
        };
        Slot { attributes: quote!(#(#attributes)*), member: field.member.clone(), ty }
    });
    let marker = is_concrete(variant, Side::Read).then(|| {
        let (enum_ident, (_, enum_arguments, _)) = (model.ident, model.generics.split_for_impl());
        let ty = quote!(#core::marker::PhantomData<#enum_ident #enum_arguments>);
        Slot { attributes: quote!(#[serde(skip)]), member: marker_member(variant), ty }
    });
    let derive = derive(model, variant, &quote!(Deserialize), None);
    let body = body(variant, fields.chain(marker));
    let ident = read_ident(variant);
    definition(variant, &derive, &ident, &parameters.declared(None), parameters.where_clause(), &body)
}

/// The derive of serde's, which calls the struct by the name of the variant in its messages.
fn derive(model: &Model<'_>, variant: &Variant<'_>, half: &TokenStream, more: Option<&TokenStream>) -> TokenStream {
    let sse = &model.crate_path;
    let name = variant.ident.to_string();
    let keys = &variant.serde;
    let more = more.map(|more| quote!(, #more));
    quote! {
        #[derive(#sse::__private::#half)]
        #[serde(crate = "__serde", rename = #name #more #(, #keys)*)]
    }
}

/// One field of a stand-in.
struct Slot {
    attributes: TokenStream,
    member: syn::Member,
    ty: TokenStream,
}

fn body(variant: &Variant<'_>, slots: impl IntoIterator<Item = Slot>) -> TokenStream {
    let slots = slots.into_iter().map(|Slot { attributes, member, ty }| {
        let name = (variant.shape == Shape::Struct).then(|| quote!(#member:));
        quote!(#attributes #name #ty)
    });
    quote!(#(#slots),*)
}

fn definition(
    variant: &Variant<'_>,
    derive: &TokenStream,
    ident: &Ident,
    parameters: &TokenStream,
    where_clause: Option<&syn::WhereClause>,
    body: &TokenStream,
) -> TokenStream {
    let body = match variant.shape {
        Shape::Struct => quote!(#where_clause { #body }),
        Shape::Tuple | Shape::Unit => quote!((#body) #where_clause;),
    };
    quote! {
        #derive
        #[allow(dead_code, non_camel_case_types, non_snake_case)]
        struct #ident #parameters #body
    }
}

/// Behind all fields.
fn marker_member(variant: &Variant<'_>) -> syn::Member {
    match variant.shape {
        Shape::Struct => syn::Member::Named(format_ident!("__marker")),
        Shape::Tuple | Shape::Unit => syn::Member::from(variant.fields.len()),
    }
}

fn parameter(field: &Field<'_>) -> Ident {
    format_ident!("__T{}", field.position)
}

fn write_ident(variant: &Variant<'_>) -> Ident {
    format_ident!("__Write{}", variant.ident)
}

fn read_ident(variant: &Variant<'_>) -> Ident {
    format_ident!("__Read{}", variant.ident)
}

fn references_ident(variant: &Variant<'_>) -> Ident {
    format_ident!("__References{}", variant.ident)
}
