//! One field, and what its type looks like.

use std::iter;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{GenericArgument, Member, PathArguments, Type, spanned::Spanned};

use crate::{
    attributes::{FieldAttributes, SerdeField},
    errors::Errors,
};

/// One field of a variant.
pub(crate) struct Field<'a> {
    pub(crate) position: u32,
    pub(crate) member: Member,
    /// What generated code calls it.
    pub(crate) binding: Ident,
    pub(crate) ty: &'a Type,
    pub(crate) attributes: FieldAttributes,
    pub(crate) serde: SerdeField,
}

impl<'a> Field<'a> {
    pub(super) fn all(fields: impl IntoIterator<Item = &'a syn::Field>, errors: &mut Errors) -> Vec<Self> {
        iter::zip(0.., fields)
            .map(|(position, field): (u32, _)| Self {
                position,
                member: field.ident.clone().map_or_else(
                    || Member::Unnamed(syn::Index { index: position, span: field.ty.span() }),
                    Member::Named,
                ),
                binding: format_ident!("__{position}"),
                ty: &field.ty,
                attributes: FieldAttributes::read(&field.attrs, errors),
                serde: SerdeField::read(&field.attrs),
            })
            .collect()
    }
}

impl Field<'_> {
    /// Whether it travels on a line of its own, and only there.
    pub(crate) fn is_line(&self) -> bool {
        self.is_id_alone() || self.attributes.retry.is_some()
    }

    /// Whether it is the data of a catch-all as JSON, and not as text.
    pub(crate) fn is_json_data(&self) -> bool {
        self.attributes.data.as_ref().is_some_and(|data| data.json.is_some())
    }

    /// Whether it is the event ID as text that is lent.
    pub(crate) fn has_lent_id(&self) -> bool {
        self.attributes.id.as_ref().is_some_and(|id| id.json.is_none() && id.keep.is_none())
            && is_lent_text(option(self.ty).unwrap_or(self.ty))
    }

    /// Whether it is on a line of its own, or there too.
    pub(crate) fn is_on_a_line(&self) -> bool {
        self.attributes.id.is_some() || self.attributes.retry.is_some()
    }

    /// Whether it is the event ID and no part of the data.
    pub(crate) fn is_id_alone(&self) -> bool {
        self.attributes.id.as_ref().is_some_and(|id| id.keep.is_none())
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        matches!(&self.member, Member::Named(ident) if ident == name)
    }
}

/// The `T` of a type that is written `Option<T>`, by whatever path.
pub(crate) fn option(ty: &Type) -> Option<&Type> {
    let path = match ty {
        Type::Group(group) => return option(&group.elem),
        Type::Path(path) if path.qself.is_none() => &path.path,
        _ => return None,
    };
    let last = path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) if arguments.args.len() == 1 => Some(inner),
        _ => None,
    }
}

/// Whether a type is written with a lifetime.
pub(crate) fn has_lifetime(ty: &Type) -> bool {
    fn in_tokens(tokens: TokenStream) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Punct(punct) => punct.as_char() == '\'',
            TokenTree::Group(group) => in_tokens(group.stream()),
            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
        })
    }
    in_tokens(ty.to_token_stream())
}

/// Whether a type is written as text that can be lent: `&'a str` or `Cow<'a, str>`.
pub(crate) fn is_lent_text(ty: &Type) -> bool {
    let is_str = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("str"));
    match ty {
        Type::Group(group) => is_lent_text(&group.elem),
        Type::Reference(reference) => is_str(&reference.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| {
            let PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
            last.ident == "Cow"
                && arguments.args.iter().any(|argument| matches!(argument, GenericArgument::Type(ty) if is_str(ty)))
        }),
        _ => false,
    }
}

/// Types of the language and of its prelude that are no events, by how they are written.
const PLAIN: [&str; 19] = [
    "Option", "String", "Vec", "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "u128", "u16",
    "u32", "u64", "u8", "usize",
];

/// Whether a type is written as text, a number or the like, which is a payload and no type of events.
pub(crate) fn is_plain_value(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_plain_value(&group.elem),
        Type::Path(path) if path.qself.is_none() && path.path.segments.len() == 1 => {
            let is_plain = |last: &syn::PathSegment| PLAIN.iter().any(|plain| last.ident == plain);
            is_lent_text(ty) || path.path.segments.last().is_some_and(is_plain)
        }
        Type::Tuple(_) | Type::Slice(_) | Type::Array(_) => true,
        _ => is_lent_text(ty),
    }
}
