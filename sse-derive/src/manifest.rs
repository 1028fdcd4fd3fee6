//! stub
pub(crate) fn crate_path() -> syn::Path {
    syn::parse_quote!(::sse_core)
}
