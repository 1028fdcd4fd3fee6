//! Dispatch on the event name.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The maximum number of names for a plain `match`. Up to here it is as fast and cheaper to compile: the compiler
/// compares the length first, and few names have the same length.
const FEW: usize = 32;

/// Names that share a body.
pub(super) struct Case {
    pub(super) names: Vec<String>,
    pub(super) body: TokenStream,
}

/// Generates an expression that evaluates the body of the case with the event's name, or `rest` if no case has it.
pub(super) fn dispatch(cases: &[Case], rest: &TokenStream) -> TokenStream {
    let bodies = cases.iter().map(|case| &case.body);
    if cases.iter().map(|case| case.names.len()).sum::<usize>() <= FEW {
        let names = cases.iter().map(|Case { names, .. }| quote!(#(#names)|*));
        return quote!(match __raw.name() { #(#names => #bodies,)* _ => #rest, });
    }
    let numbers = (0..cases.len()).map(Literal::usize_unsuffixed);
    let number = number(cases);
    quote! {
        {
            let __name = __raw.name();
            match #number {
                #(#numbers => #bodies,)*
                _ => #rest,
            }
        }
    }
}

/// Generates an expression for the number of the name's case. It compares the length, then single bytes, and then the
/// few names that remain.
fn number(cases: &[Case]) -> TokenStream {
    let none = Literal::usize_unsuffixed(cases.len());
    let names: Vec<Candidate<'_>> = cases
        .iter()
        .enumerate()
        .flat_map(|(number, case)| case.names.iter().map(move |text| Candidate { text, number }))
        .collect();
    let of_length = grouped(&names, |name| name.text.len());
    let lengths = of_length.keys().map(|length| Literal::usize_unsuffixed(*length));
    let of_length = of_length.values().map(|names| by_byte(names, &none));
    quote!(match __name.len() { #(#lengths => #of_length,)* _ => #none, })
}

/// A name that the event can have.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    text: &'a str,
    /// The number of its case.
    number: usize,
}

/// Distinguishes names of one length by the byte at the position where they differ most, until at most two remain.
fn by_byte(names: &[Candidate<'_>], none: &Literal) -> TokenStream {
    if names.len() <= 2 {
        return by_text(names, none);
    }
    let byte_at =
        |position| move |name: &Candidate<'_>| name.text.as_bytes().get(position).copied().unwrap_or_default();
    let length = names.first().map_or(0, |name| name.text.len());
    let differing = |position: &usize| names.iter().map(byte_at(*position)).collect::<HashSet<_>>().len();
    let position = (0..length).max_by_key(differing).unwrap_or_default();
    let of_byte = grouped(names, byte_at(position));
    let bytes = of_byte.keys().map(|byte| Literal::byte_character(*byte));
    // The recursion ends: names of one length differ at some position, so each group is smaller.
    let of_byte = of_byte.values().map(|names| by_byte(names, none));
    let position = Literal::usize_unsuffixed(position);
    quote! {
        match __name.as_bytes().get(#position).copied().unwrap_or_default() {
            #(#bytes => #of_byte,)*
            _ => #none,
        }
    }
}

/// Distinguishes names by comparing them.
fn by_text(names: &[Candidate<'_>], none: &Literal) -> TokenStream {
    let texts = names.iter().map(|name| name.text);
    let numbers = names.iter().map(|name| Literal::usize_unsuffixed(name.number));
    quote!(match __name { #(#texts => #numbers,)* _ => #none, })
}

/// Groups names by a key.
fn grouped<'a, K: Ord>(names: &[Candidate<'a>], key: impl Fn(&Candidate<'a>) -> K) -> BTreeMap<K, Vec<Candidate<'a>>> {
    let mut groups: BTreeMap<K, Vec<Candidate<'a>>> = BTreeMap::new();
    for name in names {
        groups.entry(key(name)).or_default().push(*name);
    }
    groups
}
