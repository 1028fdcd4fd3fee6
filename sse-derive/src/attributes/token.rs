//! The tokens of an item.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Token, parse::ParseStream};

/// Takes the tokens up to the next comma or the end.
pub(super) fn rest_of_item(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut rest = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        rest.extend([input.parse::<TokenTree>()?]);
    }
    Ok(rest)
}
