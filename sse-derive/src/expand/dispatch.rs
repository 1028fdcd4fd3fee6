//! Dispatch on the event name.

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
    let of_length = grouped(&names, &|name| name.text.len());
    let lengths = of_length.iter().map(|(length, _)| Literal::usize_unsuffixed(*length));
    let of_length = of_length.iter().map(|(_, names)| by_byte(names, &none));
    quote!(match __name.len() { #(#lengths => #of_length,)* _ => #none, })
}

/// A name that the event can have.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    text: &'a str,
    /// The number of its case.
    number: usize,
}

impl Candidate<'_> {
    fn byte_at(&self, position: usize) -> u8 {
        self.text.as_bytes().get(position).copied().unwrap_or_default()
    }
}

/// Distinguishes names of one length by the byte at the position where they differ most, until at most two remain.
fn by_byte(names: &[Candidate<'_>], none: &Literal) -> TokenStream {
    if names.len() <= 2 {
        return by_text(names, none);
    }
    let by = |position| grouped(names, &|name| usize::from(name.byte_at(position)));
    let length = names.first().map_or(0, |name| name.text.len());
    let position = (0..length).max_by_key(|position| by(*position).len()).unwrap_or_default();
    let of_byte = by(position);
    let bytes = of_byte.iter().filter_map(|(_, names)| Some(Literal::byte_character(names.first()?.byte_at(position))));
    // The recursion ends: names of one length differ at some position, so each group is smaller.
    let of_byte = of_byte.iter().map(|(_, names)| by_byte(names, none));
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

/// Groups names by a key. The groups are sorted by their keys.
fn grouped<'a>(names: &[Candidate<'a>], key: &dyn Fn(&Candidate<'a>) -> usize) -> Vec<(usize, Vec<Candidate<'a>>)> {
    let mut groups: Vec<(usize, Vec<Candidate<'a>>)> = Vec::new();
    for name in names {
        let key = key(name);
        let position = groups.partition_point(|(known, _)| *known < key);
        match groups.get_mut(position) {
            Some((known, group)) if *known == key => group.push(*name),
            _ => groups.insert(position, (key, vec![*name])),
        }
    }
    groups
}
