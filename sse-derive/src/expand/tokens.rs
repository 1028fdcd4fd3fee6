//! Helpers that inspect and rewrite types and paths as tokens.

use std::collections::HashSet;

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{ExprPath, Generics, Lifetime, Path, Type, ext::IdentExt};

use crate::model::Model;

/// Returns the type parameters that a type mentions.
pub(super) fn params_in(ty: impl ToTokens, generics: &Generics) -> Vec<Ident> {
    let mut words = HashSet::new();
    each_token(ty.to_token_stream(), &mut |token| {
        if let TokenTree::Ident(ident) = token {
            words.insert(ident.to_string());
        }
    });
    generics
        .type_params()
        .map(|param| &param.ident)
        .filter(|param| words.contains(&param.to_string()))
        .cloned()
        .collect()
}

/// Returns the lifetimes that a type mentions.
pub(super) fn lifetimes_in(ty: &TokenStream) -> Vec<Lifetime> {
    let mut lifetimes = Vec::new();
    let mut apostrophe = None;
    each_token(ty.clone(), &mut |token| match (apostrophe.take(), token) {
        (None, TokenTree::Punct(punct)) if punct.as_char() == '\'' => apostrophe = Some(punct.span()),
        (Some(apostrophe), TokenTree::Ident(ident)) => lifetimes.push(Lifetime { apostrophe, ident: ident.clone() }),
        _ => {}
    });
    lifetimes
}

/// Replaces `'de`, serde's name for the lifetime of the input, with `'__de`.
pub(super) fn with_input_lifetime(tokens: TokenStream) -> TokenStream {
    let mut after_apostrophe = false;
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(ident) if after_apostrophe && ident == "de" => {
                after_apostrophe = false;
                Ident::new("__de", Span::call_site()).into()
            }
            TokenTree::Group(group) => {
                let mut changed = Group::new(group.delimiter(), with_input_lifetime(group.stream()));
                changed.set_span(group.span());
                changed.into()
            }
            token => {
                after_apostrophe = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '\'');
                token
            }
        })
        .collect()
}

/// Returns the type as text, without its lifetimes.
pub(super) fn without_lifetimes(ty: &TokenStream) -> String {
    let mut text = String::new();
    let mut after_apostrophe = false;
    each_token(ty.clone(), &mut |token| match token {
        TokenTree::Punct(punct) if punct.as_char() == '\'' => after_apostrophe = true,
        _ if after_apostrophe => after_apostrophe = false,
        TokenTree::Group(group) => text.push_str(match group.delimiter() {
            proc_macro2::Delimiter::Parenthesis => "( ",
            proc_macro2::Delimiter::Bracket => "[ ",
            proc_macro2::Delimiter::Brace => "{ ",
            proc_macro2::Delimiter::None => "",
        }),
        token => {
            text.push_str(&token.to_string());
            text.push(' ');
        }
    });
    text
}

/// Visits each token. A group is visited before the tokens in it.
fn each_token(tokens: TokenStream, visit: &mut impl FnMut(&TokenTree)) {
    for token in tokens {
        visit(&token);
        if let TokenTree::Group(group) = token {
            each_token(group.stream(), visit);
        }
    }
}

/// Generates a call of a function of a module for a value of the type, with the span of the last path segment, so that
/// the compiler underlines the segment.
///
/// For a function that the module does not have, the compiler would suggest to edit the attribute if the path were
/// `module::function`. The function is therefore imported from the module in a scope within one that has `absent`, which
/// has its own message. The scope between them gives the module another name, because its own would be ambiguous if the
/// module contains it too. If the module does not exist, this name is an error as a value too, so that its functions are
/// not reported as absent.
pub(super) fn call_in_module(module: &Path, name: &str, ty: &Type, method: &TokenStream) -> TokenStream {
    let span = last_segment(module);
    let function = Ident::new(name, span);
    if can_be_type(module) {
        return call(&quote_spanned!(span=> #module::#function), ty, method);
    }
    let function_in = |module: &TokenStream| quote_spanned!(span=> { use #module::*; (#function, &__codec) });
    let imported = match module.segments.last() {
        Some(last) if is_keyword(&last.ident) => function_in(&module.to_token_stream()),
        _ => {
            let in_alias = function_in(&quote_spanned!(span=> __codec));
            quote_spanned!(span=> { use #module as __codec; #in_alias })
        }
    };
    let method = at(span, method);
    let call = quote_spanned! {span=>
        (&&&{
            use __sse::__private::absent::#function;
            fn __codec() {}
            #imported
        }.__call::<#ty>()).#method
    };
    quote!({ use __sse::__private::traits::*; #call })
}

/// Returns whether a path is written like that of a type, whose functions cannot be imported.
fn can_be_type(path: &Path) -> bool {
    let is_plain = path.segments.iter().all(|segment| segment.arguments.is_none());
    let last = path.segments.last().map(|segment| segment.ident.unraw().to_string());
    !is_plain || last.is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// Returns whether an identifier is a module by itself, which cannot be imported under another name.
fn is_keyword(ident: &Ident) -> bool {
    ["crate", "self", "super"].iter().any(|keyword| ident == keyword)
}

/// Generates a call of a function for a value of the type, through the traits of `sse_core::__private`. It has the span
/// of the function, so that the compiler underlines it if it has another signature.
pub(super) fn call(function: &TokenStream, ty: &Type, method: &TokenStream) -> TokenStream {
    let span = function.clone().into_iter().last().map_or_else(Span::call_site, |last| last.span());
    let method = at(span, method);
    let call = quote_spanned!(span=> (&&&__sse::__private::Call::<_, #ty>::new(#function)).#method);
    quote!({ use __sse::__private::traits::*; #call })
}

/// Generates a call of a function without arguments, with the span of the last segment of its path.
pub(super) fn call_function(function: &ExprPath) -> TokenStream {
    quote_spanned!(last_segment(&function.path)=> #function())
}

/// Returns the span of the last segment of a path. If generated code had the spans of several tokens, the compiler
/// would only underline the first. The span is resolved at the call site, so that lints treat the code as generated.
pub(super) fn last_segment(path: &Path) -> Span {
    let last = path.segments.last().map_or_else(Span::call_site, |segment| segment.ident.span());
    last.resolved_at(Span::call_site())
}

/// Moves tokens to the location that the compiler should underline. Tokens inside groups are not moved.
pub(super) fn at(span: Span, tokens: impl ToTokens) -> TokenStream {
    let moved = tokens.into_token_stream().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(span));
        token
    });
    moved.collect()
}

/// Returns the type with `Self` replaced by the type's name and generics, for use outside the impl.
pub(super) fn without_self(ty: &Type, model: &Model<'_>) -> TokenStream {
    let ident = model.ident;
    let (_, ty_generics, _) = model.generics.split_for_impl();
    replace_self(ty.to_token_stream(), &quote!(#ident #ty_generics))
}

/// Replaces `Self` in tokens.
fn replace_self(tokens: TokenStream, replacement: &TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Ident(ident) if ident == "Self" => replacement.clone(),
            TokenTree::Group(group) => {
                let mut replaced = Group::new(group.delimiter(), replace_self(group.stream(), replacement));
                replaced.set_span(group.span());
                TokenTree::Group(replaced).into()
            }
            token => token.into(),
        })
        .collect()
}
