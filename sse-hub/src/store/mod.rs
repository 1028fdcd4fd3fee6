//! Stores.
use crate::{Publish, PublishError};
use sse_core::Draft;

#[derive(Debug)]
pub(crate) struct Writer;

impl Writer {
    pub(crate) fn pending(&self) -> usize {
        0
    }
    pub(crate) fn close(&self) {}
    pub(crate) fn publish<E>(&self, _: &[&str], _: Draft<E>) -> Result<Publish, PublishError> {
        Err(PublishError::Closed)
    }
    pub(crate) fn end(&self, _: &str) -> Result<Publish, PublishError> {
        Err(PublishError::Closed)
    }
}
