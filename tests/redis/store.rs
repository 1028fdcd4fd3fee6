//! The store against its contract.

use sse_hub::{Redis, test::store_contract};

use super::server::Server;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "requires redis-server"]
async fn redis_meets_the_contract_of_stores() {
    let server = Server::start();
    let mut hubs = 0;
    let contract = store_contract(|| {
        hubs += 1;
        Redis::at(&server.url()).unwrap().name(format!("hub {hubs}"))
    });
    Box::pin(contract).await;
}
