//! What stands in for the traits of a type with mistakes, so that the code that uses it adds no errors of its own.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Path};

use crate::expand::generics_for_reading;

/// The mistakes, and implementations that compile whatever the type looks like.
pub(crate) fn fallback(input: &DeriveInput, sse: &Path, errors: &syn::Error) -> TokenStream {
    let errors = errors.to_compile_error();
    let ident = &input.ident;
    let reading = generics_for_reading(&input.generics);
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let (read_generics, ..) = reading.split_for_impl();
    let core = quote!(#sse::__private::core);
    quote! {
        #errors

        const _: () = {
            #[automatically_derived]
            impl #impl_generics #sse::EventSet for #ident #ty_generics #where_clause {
                const EVENTS: &'static [#sse::EventSpec] = &[];
            }

            #[automatically_derived]
            impl #impl_generics #sse::SseEvent for #ident #ty_generics #where_clause {
                fn encode(
                    &self,
                    __writer: #sse::EventWriter<'_>,
                ) -> #core::result::Result<#sse::Written, #sse::EncodeError> {
                    __writer.unnamed().empty()
                }
            }

            #[automatically_derived]
            impl #read_generics #sse::SseDecode<'__de> for #ident #ty_generics #where_clause {
                fn decode(
                    __raw: #sse::RawEvent<'__de>,
                ) -> #core::result::Result<#sse::Decoded<Self>, #sse::DecodeError> {
                    #core::result::Result::Ok(#sse::Decoded::Unknown)
                }
            }
        };
    }
}
