//! The traits of `sse_core::__private` that the where clauses require, which have their own error messages.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::Type;

/// A trait that a type in a where clause has to implement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Adapter {
    DecodeEvent,
    DecodeId,
    DecodePayload,
    /// `DecodePayload` for a type that is made of others, such as `Vec<T>`.
    DecodePayloadOf,
    DecodeStr,
    DecodeTagged,
    DecodeText,
    DefaultField,
    DefaultStruct,
    EncodeEvent,
    EncodeId,
    EncodePayload,
    /// `EncodePayload` for a type that is made of others, such as `Vec<T>`.
    EncodePayloadOf,
    EncodeStr,
    EncodeTagged,
    EncodeText,
    RetryField,
    /// The public trait, which has no lifetime.
    TypedEvent,
}

/// The trait in which predicates can be ambiguous: the adapter or its supertrait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Family {
    Deserialize,
    Display,
    Serialize,
    Own(Adapter),
}

impl Adapter {
    /// Returns the adapter of a payload for encoding, whose message fits the syntax of the type.
    pub(super) fn encode_payload(ty: &Type) -> Self {
        if is_compound(ty) { Self::EncodePayloadOf } else { Self::EncodePayload }
    }

    /// Returns the adapter of a payload for decoding, whose message fits the syntax of the type.
    pub(super) fn decode_payload(ty: &Type) -> Self {
        if is_compound(ty) { Self::DecodePayloadOf } else { Self::DecodePayload }
    }

    pub(super) const fn family(self) -> Family {
        match self {
            Self::EncodeId | Self::EncodeText => Family::Display,
            Self::EncodePayload | Self::EncodePayloadOf => Family::Serialize,
            Self::DecodePayload | Self::DecodePayloadOf => Family::Deserialize,
            _ => Family::Own(self),
        }
    }

    /// Generates the trait with its arguments.
    pub(super) fn bound(self, span: Span, arguments: &TokenStream) -> TokenStream {
        let name = Ident::new(&format!("{self:?}"), span);
        if self == Self::TypedEvent {
            quote_spanned!(span=> __sse::#name)
        } else {
            quote_spanned!(span=> __sse::__private::#name<#arguments>)
        }
    }
}

/// Returns whether a type is written with the types that it is made of.
fn is_compound(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_compound(&group.elem),
        Type::Reference(reference) => is_compound(&reference.elem),
        Type::Path(path) => path.path.segments.iter().any(|segment| {
            matches!(&segment.arguments, syn::PathArguments::AngleBracketed(of)
                if of.args.iter().any(|argument| matches!(argument, syn::GenericArgument::Type(_))))
        }),
        Type::Array(_) | Type::Slice(_) | Type::Tuple(_) => true,
        _ => false,
    }
}
