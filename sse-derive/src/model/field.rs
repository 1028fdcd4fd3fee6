//! Fields, and predicates on the syntax of their types.

use std::iter;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{Fields, GenericArgument, Member, PathArguments, Type, spanned::Spanned};

use crate::{
    attributes::{FieldAttributes, SerdeField},
    errors::Errors,
};

/// A field of a variant.
pub(crate) struct Field<'a> {
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

impl<'a> Field<'a> {
    /// Reads the shape and all fields of a variant.
    pub(super) fn all(fields: &'a Fields, errors: &mut Errors) -> (Shape, Vec<Self>) {
        let shape = match fields {
            Fields::Unit => Shape::Unit,
            Fields::Unnamed(_) => Shape::Tuple,
            Fields::Named(_) => Shape::Struct,
        };
        let fields = iter::zip(0.., fields)
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
            .collect();
        (shape, fields)
    }
}

impl Field<'_> {
    /// Returns whether the field is on the `id:` or `retry:` line and not in the data.
    pub(crate) fn is_line(&self) -> bool {
        self.is_id_alone() || self.attributes.retry.is_some()
    }

    /// Returns whether the field has `data(json)`: the data of a catch-all as JSON instead of text.
    pub(crate) fn is_json_data(&self) -> bool {
        self.attributes.data.as_ref().is_some_and(|data| data.json.is_some())
    }

    /// Returns whether the field is the event ID as text, and neither JSON nor part of the data.
    pub(crate) fn is_text_id(&self) -> bool {
        self.attributes.id.as_ref().is_some_and(|id| id.json.is_none() && id.keep.is_none())
    }

    /// Returns whether the field is on the `id:` or `retry:` line. It can be in the data too.
    pub(crate) fn is_on_a_line(&self) -> bool {
        self.attributes.id.is_some() || self.attributes.retry.is_some()
    }

    /// Returns whether the field is the event ID and not part of the data.
    pub(crate) fn is_id_alone(&self) -> bool {
        self.attributes.id.as_ref().is_some_and(|id| id.keep.is_none())
    }

    /// Returns whether the field has this name.
    pub(super) fn is_called(&self, name: &str) -> bool {
        matches!(&self.member, Member::Named(ident) if ident == name)
    }
}

/// Returns the field that is the whole data, of a variant with this shape and these fields.
pub(super) fn single<'f, 'a>(shape: Shape, fields: &'f [Field<'a>]) -> Option<&'f Field<'a>> {
    match (shape, fields) {
        (Shape::Tuple, [field]) => Some(field),
        _ => fields.iter().find(|field| field.attributes.data.is_some()),
    }
}

/// Returns the `T` of a type written as `Option<T>`, with any path before `Option`.
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

/// Returns whether a type is written with a lifetime.
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

/// How a type is decoded from text, recognized by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FromText {
    /// `&'a str` or `Cow<'a, str>`, which borrow the text.
    Borrowed,
    /// `Cow<'static, str>`, which owns the text: received text is never `'static`.
    Owned,
    /// Any other type.
    Parsed,
}

impl FromText {
    pub(crate) fn of(ty: &Type) -> Self {
        let is_str = |ty: &Type| matches!(ty, Type::Path(path) if path.path.is_ident("str"));
        match ty {
            Type::Group(group) => Self::of(&group.elem),
            Type::Reference(reference) if is_str(&reference.elem) => Self::Borrowed,
            Type::Path(path) => {
                let last = path.path.segments.last().filter(|last| last.ident == "Cow");
                let Some(PathArguments::AngleBracketed(cow)) = last.map(|last| &last.arguments) else {
                    return Self::Parsed;
                };
                let has = |wanted: &dyn Fn(&GenericArgument) -> bool| cow.args.iter().any(wanted);
                if !has(&|argument| matches!(argument, GenericArgument::Type(ty) if is_str(ty))) {
                    Self::Parsed
                } else if has(&|argument| matches!(argument, GenericArgument::Lifetime(of) if of.ident == "static")) {
                    Self::Owned
                } else {
                    Self::Borrowed
                }
            }
            _ => Self::Parsed,
        }
    }
}

/// Primitive and prelude types, which are not event types.
const PLAIN: [&str; 19] = [
    "Option", "String", "Vec", "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "u128", "u16",
    "u32", "u64", "u8", "usize",
];

/// Returns whether the name of a type shows that it is text, a number or another plain value, and not an event type.
pub(crate) fn is_plain_value(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_plain_value(&group.elem),
        Type::Path(path) if path.qself.is_none() && path.path.segments.len() == 1 => {
            let is_plain = |last: &syn::PathSegment| PLAIN.iter().any(|plain| last.ident == plain);
            FromText::of(ty) != FromText::Parsed || path.path.segments.last().is_some_and(is_plain)
        }
        Type::Tuple(_) | Type::Slice(_) | Type::Array(_) => true,
        _ => FromText::of(ty) != FromText::Parsed,
    }
}
