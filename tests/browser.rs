//! The pages of the examples in a real browser, with connections that are lost and restored.

pub(crate) mod chromium;
mod pages;
mod proxy;
mod scores;
mod social;
mod ticker;
