//! How a body continues.

use std::ops::ControlFlow;

use axum_core::BoxError;
use sse_core::EncodeError;

use crate::close::CloseReason;

/// How the body continues after an item.
#[derive(Debug)]
pub(crate) enum Next {
    Continue,
    End(CloseReason),
    Cut(BoxError),
}

impl From<ControlFlow<()>> for Next {
    fn from(flow: ControlFlow<()>) -> Self {
        match flow {
            ControlFlow::Continue(()) => Self::Continue,
            ControlFlow::Break(()) => Self::End(CloseReason::Terminal),
        }
    }
}

impl From<EncodeError> for Next {
    fn from(error: EncodeError) -> Self {
        Self::Cut(error.into())
    }
}
