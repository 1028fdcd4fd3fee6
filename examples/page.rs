//! The files that the pages of all examples use. They are compiled into the program. Copy this file and the folder
//! `page` together with an example.

use axum::{
    Router,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    routing::{MethodRouter, get},
};

/// The content type of a page.
pub const HTML: &str = "text/html; charset=utf-8";
/// The content type of a style sheet.
pub const CSS: &str = "text/css; charset=utf-8";
/// The content type of a script.
pub const JS: &str = "text/javascript; charset=utf-8";

/// Creates the routes of a page: the page itself at `/`, the common style sheet, and the connection to the stream.
pub fn routes<S: Clone + Send + Sync + 'static>(page: &'static str) -> Router<S> {
    Router::new()
        .route("/", file(HTML, page))
        .route("/look.css", file(CSS, include_str!("page/look.css")))
        .route("/connection.js", file(JS, include_str!("page/connection.js")))
}

/// Creates the route of a file.
pub fn file<S: Clone + Send + Sync + 'static>(kind: &'static str, text: &'static str) -> MethodRouter<S> {
    // The next build may have a different file.
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")];
    get(move || async move { (headers, text) })
}
