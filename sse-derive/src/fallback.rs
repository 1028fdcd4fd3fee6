//! Placeholder impls for a type with errors, so that code that uses the type does not cause more errors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Path};

use crate::expand::{generics_for_reading, names};

/// Generates the errors, and impls that compile for any type.
pub(crate) fn fallback(input: &DeriveInput, crate_path: &Path, errors: &syn::Error) -> TokenStream {
    let errors = errors.to_compile_error();
    let ident = &input.ident;
    let reading = generics_for_reading(&input.generics);
    let (impl_generics, ty_generics, where_clause) = input.generics.split_for_impl();
    let (read_generics, ..) = reading.split_for_impl();
    let names = names(crate_path);
    quote! {
        #errors

        const _: () = {
            #names

            #[automatically_derived]
            impl #impl_generics __sse::TypedEvent for #ident #ty_generics #where_clause {
                const EVENTS: &'static [__sse::EventSpec] = &[];
            }

            #[automatically_derived]
            impl #impl_generics __sse::SseEvent for #ident #ty_generics #where_clause {
                fn encode(
                    &self,
                    __writer: __sse::EventWriter<'_>,
                ) -> __core::result::Result<__sse::Written, __sse::EncodeError> {
                    __writer.unnamed().empty()
                }
            }

            #[automatically_derived]
            impl #read_generics __sse::SseDecode<'__de> for #ident #ty_generics #where_clause {
                fn decode(
                    __raw: __sse::RawEvent<'__de>,
                ) -> __core::result::Result<__sse::Decoded<Self>, __sse::DecodeError> {
                    __core::result::Result::Ok(__sse::Decoded::Unknown)
                }
            }
        };
    }
}
