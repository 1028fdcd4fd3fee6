//! Tests of the server over real sockets, with typed clients and at the level of bytes.

mod body;
mod close;
mod fault;
mod feed;
mod http2;
mod layer;
mod lockstep;
pub(crate) mod proxies;

mod raw;
mod reader;
mod reason;
mod resume;
mod serve;
mod trace;
mod wire;

use std::{
    future::Future,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{Router, response::IntoResponse, routing::any};
use tokio::{net::TcpListener, task::JoinHandle};

/// The time limit of a test. No test comes near it unless it hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs a test's future, and panics if it exceeds [`LIMIT`].
async fn bounded<T>(test: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, test).await.expect("the test finishes within its time limit")
}

/// A server on a loopback address. Dropping it stops the server.
struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    async fn new(router: Router) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move { axum::serve(listener, router.into_make_service()).await.unwrap() });
        Self { address, task }
    }

    /// Starts a server that answers every request with what `response` returns.
    async fn answering<R: IntoResponse + Send + 'static>(
        response: impl Fn() -> R + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::new(Router::new().fallback(any(move || {
            let response = response();
            async move { response }
        })))
        .await
    }

    fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
