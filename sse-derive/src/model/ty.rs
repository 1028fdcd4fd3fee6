//! Predicates on the syntax of types.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, PathArguments, Type};

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

/// Returns whether a type is written as `PhantomData`, with any path before it.
pub(super) fn is_phantom(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_phantom(&group.elem),
        Type::Path(path) => path.path.segments.last().is_some_and(|last| last.ident == "PhantomData"),
        _ => false,
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
