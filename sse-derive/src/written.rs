//! The type as the user wrote it: its syntax with its attributes.

use std::iter;

use proc_macro2::Ident;
use quote::format_ident;
use syn::{Data, DeriveInput, Fields, Generics, Member, Type, spanned::Spanned};

use crate::{
    attributes::{
        EnumAttributes, FieldAttributes, SerdeEnum, SerdeField, SerdeVariant, TypeAttributes, VariantAttributes,
    },
    errors::Errors,
};

/// An enum, or a struct, which has one variant.
pub(crate) struct Written<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    pub(crate) is_enum: bool,
    pub(crate) attributes: EnumAttributes,
    /// The serde attributes of an enum. Those of a struct are those of its variant.
    pub(crate) serde: SerdeEnum,
    pub(crate) variants: Vec<WrittenVariant<'a>>,
}

/// A variant, or a struct.
pub(crate) struct WrittenVariant<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) shape: Shape,
    pub(crate) attributes: VariantAttributes,
    pub(crate) serde: SerdeVariant,
    pub(crate) fields: Vec<WrittenField<'a>>,
}

/// A field of a variant.
pub(crate) struct WrittenField<'a> {
    pub(crate) position: u32,
    pub(crate) member: Member,
    /// The variable that generated code binds the field to.
    pub(crate) binding: Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attributes: FieldAttributes,
    pub(crate) serde: SerdeField,
}

/// The Rust syntax of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Unit,
    Tuple,
    Struct,
}

impl<'a> Written<'a> {
    /// Reads a type. Records an error for a union.
    pub(crate) fn read(input: &'a DeriveInput, errors: &mut Errors) -> Self {
        let TypeAttributes { of_enum, of_variant } = TypeAttributes::read(input, errors);
        let mut read = Self {
            ident: &input.ident,
            generics: &input.generics,
            is_enum: matches!(input.data, Data::Enum(_)),
            attributes: of_enum,
            serde: SerdeEnum::default(),
            variants: Vec::new(),
        };
        match &input.data {
            Data::Enum(data) => {
                read.serde = SerdeEnum::read(&input.attrs);
                read.variants = data.variants.iter().map(|variant| WrittenVariant::read(variant, errors)).collect();
            }
            Data::Struct(data) => {
                let serde = SerdeVariant::read_struct(&input.attrs, errors);
                read.variants = vec![WrittenVariant::new(&input.ident, &data.fields, of_variant, serde, errors)];
            }
            Data::Union(data) => {
                errors.at(data.union_token, "`SseEvent` cannot be derived for a union; write an enum or a struct");
            }
        }
        read
    }
}

impl<'a> WrittenVariant<'a> {
    fn read(variant: &'a syn::Variant, errors: &mut Errors) -> Self {
        let attributes = VariantAttributes::read(&variant.attrs, errors);
        let serde = SerdeVariant::read(&variant.attrs);
        Self::new(&variant.ident, &variant.fields, attributes, serde, errors)
    }

    fn new(
        ident: &'a Ident,
        fields: &'a Fields,
        attributes: VariantAttributes,
        serde: SerdeVariant,
        errors: &mut Errors,
    ) -> Self {
        let shape = match fields {
            Fields::Unit => Shape::Unit,
            Fields::Unnamed(_) => Shape::Tuple,
            Fields::Named(_) => Shape::Struct,
        };
        let fields = iter::zip(0.., fields).map(|(position, field)| WrittenField::read(position, field, errors));
        Self { ident, shape, attributes, serde, fields: fields.collect() }
    }
}

impl<'a> WrittenField<'a> {
    fn read(position: u32, field: &'a syn::Field, errors: &mut Errors) -> Self {
        Self {
            position,
            member: field
                .ident
                .clone()
                .map_or_else(|| Member::Unnamed(syn::Index { index: position, span: field.ty.span() }), Member::Named),
            binding: format_ident!("__{position}"),
            ty: &field.ty,
            attributes: FieldAttributes::read(&field.attrs, errors),
            serde: SerdeField::read(&field.attrs),
        }
    }

    /// Returns whether the field has this name.
    pub(crate) fn is_called(&self, name: &str) -> bool {
        matches!(&self.member, Member::Named(ident) if ident == name)
    }

    /// Returns whether the field is on the `id:` or `retry:` line. It can be in the data too.
    pub(crate) fn is_on_a_line(&self) -> bool {
        self.attributes.id.is_some() || self.attributes.retry.is_some()
    }
}
