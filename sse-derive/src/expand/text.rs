//! Conversion of text to types that do not parse it.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Type;

use crate::model::FromText;

/// Generates the path of the function that converts a `&'__de str` into the type, or returns `None` if the type is
/// parsed.
pub(super) fn conversion(ty: &Type) -> Option<TokenStream> {
    match FromText::of(ty) {
        FromText::Borrowed => Some(quote!(__core::convert::From::from)),
        FromText::Owned => Some(quote!(__sse::__private::owned)),
        FromText::Parsed => None,
    }
}
