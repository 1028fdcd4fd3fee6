//! The tokens of an item, and errors at them.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Token, parse::ParseStream};

pub(super) fn wrong(tokens: impl ToTokens, message: String) -> syn::Error {
    syn::Error::new_spanned(tokens, message)
}

/// Takes the tokens up to the next comma or the end.
pub(super) fn rest_of_item(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut rest = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        rest.extend([input.parse::<TokenTree>()?]);
    }
    Ok(rest)
}
