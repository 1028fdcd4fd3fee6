//! From the name of an event to what is done with it.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Up to so many names a plain `match` is as fast, and cheaper to compile: the compiler goes by the length first, and
/// few names share one.
const FEW: usize = 32;

/// Names, and what is done with all of them.
pub(super) struct Case {
    pub(super) names: Vec<String>,
    pub(super) body: TokenStream,
}

/// The body of the event's name, or else `rest`.
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

/// The number of the name's case, out of its length, then of one of its bytes, and then of the few names that are left.
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

#[derive(Clone, Copy)]
struct Candidate<'a> {
    text: &'a str,
    /// The number of its case.
    number: usize,
}

/// Names of one length, by the byte at the position where they differ most, until few are left.
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
    // Each group is smaller, as names of one length differ somewhere.
    let of_byte = of_byte.values().map(|names| by_byte(names, none));
    let position = Literal::usize_unsuffixed(position);
    quote! {
        match __name.as_bytes().get(#position).copied().unwrap_or_default() {
            #(#bytes => #of_byte,)*
            _ => #none,
        }
    }
}

fn by_text(names: &[Candidate<'_>], none: &Literal) -> TokenStream {
    let texts = names.iter().map(|name| name.text);
    let numbers = names.iter().map(|name| Literal::usize_unsuffixed(name.number));
    quote!(match __name { #(#texts => #numbers,)* _ => #none, })
}

fn grouped<'a, K: Ord>(names: &[Candidate<'a>], key: impl Fn(&Candidate<'a>) -> K) -> BTreeMap<K, Vec<Candidate<'a>>> {
    let mut groups: BTreeMap<K, Vec<Candidate<'a>>> = BTreeMap::new();
    for name in names {
        groups.entry(key(name)).or_default().push(*name);
    }
    groups
}
