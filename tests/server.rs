//! The server, over real sockets, seen by a typed client and byte by byte.

mod body;
mod close;
mod fault;
mod feed;
mod http2;
mod layer;
mod lockstep;
mod nginx;
mod raw;
mod reader;
mod reason;
mod resume;
mod trace;
mod wire;

use std::{
    future::Future,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{Router, response::IntoResponse, routing::any};
use tokio::{net::TcpListener, task::JoinHandle};

/// What no test takes, unless it hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// Runs a test's future, and fails where it hangs.
async fn bounded<T>(test: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, test).await.expect("the test hangs")
}

/// A server on loopback, gone when it is dropped.
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

    /// A server that answers everything with what `response` makes.
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
