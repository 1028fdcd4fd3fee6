//! The clients, each read until the last event of a feed.

use eventsource_client::{Client as _, ClientBuilder, ReconnectOptions, SSE};
use futures_util::{Stream, StreamExt as _};
use launchdarkly_sdk_transport::HyperTransport;
use sse_core::{Decoder, RawEvent, RawEventBuf};
use tokio::runtime;

use super::Feed;
use crate::{Error, sink::Tally};

/// A client.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// The package, or a name for a client of this workspace.
    pub package: &'static str,
    read: fn(&Feed) -> Result<Tally, Error>,
}

/// All clients: chunks decoded by hand, the client of this workspace, and those of other packages.
pub const CLIENTS: [Client; 5] = [
    Client { package: "by hand", read: |feed| block_on(by_hand(feed)) },
    Client { package: "ours", read: |feed| block_on(ours(feed)) },
    Client { package: "eventsource-client", read: |feed| block_on(eventsource_client(feed)) },
    Client { package: "reqwest-eventsource", read: |feed| block_on(reqwest_eventsource(feed)) },
    Client { package: "sseer", read: |feed| block_on(sseer(feed)) },
];

impl Client {
    /// Reads all events of a feed.
    ///
    /// # Errors
    ///
    /// Returns an error if the client fails, or reads other events than the feed has.
    pub fn run(&self, feed: &Feed) -> Result<(), Error> {
        let tally = (self.read)(feed).map_err(|error| format!("{}: {error}", self.package))?;
        if tally == feed.tally {
            return Ok(());
        }
        Err(format!("{}: read {tally:?} of {:?}", self.package, feed.tally).into())
    }
}

fn block_on(read: impl Future<Output = Result<Tally, Error>>) -> Result<Tally, Error> {
    runtime::Builder::new_current_thread().enable_all().build()?.block_on(read)
}

async fn by_hand(feed: &Feed) -> Result<Tally, Error> {
    let mut chunks = reqwest::Client::new().get(&feed.url).send().await?.error_for_status()?.bytes_stream();
    let mut decoder = Decoder::new();
    let mut tally = Tally::default();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk?;
        let mut events = decoder.feed(&chunk);
        while let Some(event) = events.next_event() {
            add(&mut tally, RawEvent::into_owned(event?).data());
        }
    }
    Ok(tally)
}

async fn ours(feed: &Feed) -> Result<Tally, Error> {
    let source = sse_client::EventSource::<RawEventBuf>::new(reqwest::Client::new().get(&feed.url));
    count(feed, source, |event| Ok(Some(event?.data().len()))).await
}

async fn eventsource_client(feed: &Feed) -> Result<Tally, Error> {
    let transport = HyperTransport::builder().disable_proxy().build_http()?;
    let client = ClientBuilder::for_url(&feed.url)?
        .reconnect(ReconnectOptions::reconnect(false).build())
        .build_with_transport(transport);
    count(feed, client.stream(), |part| match part? {
        SSE::Event(event) => Ok(Some(event.data.len())),
        SSE::Connected(_) | SSE::Comment(_) => Ok(None),
    })
    .await
}

async fn reqwest_eventsource(feed: &Feed) -> Result<Tally, Error> {
    use reqwest_eventsource::{Event, EventSource};
    let source = EventSource::new(reqwest_old::Client::new().get(&feed.url))?;
    count(feed, source, |event| match event? {
        Event::Message(event) => Ok(Some(event.data.len())),
        Event::Open => Ok(None),
    })
    .await
}

async fn sseer(feed: &Feed) -> Result<Tally, Error> {
    use sseer::reqwest::{EventSource, StreamEvent};
    let source = EventSource::new(reqwest::Client::new().get(&feed.url))?;
    count(feed, source, |event| match event? {
        StreamEvent::Event(event) => Ok(Some(event.data.len())),
        StreamEvent::Open => Ok(None),
    })
    .await
}

/// Reads a stream up to the last event, before the client connects again. `len` returns the length of the data of an
/// item, or `None` if the item is not an event.
async fn count<S: Stream>(
    feed: &Feed,
    stream: S,
    len: impl Fn(S::Item) -> Result<Option<usize>, Error>,
) -> Result<Tally, Error> {
    let mut stream = std::pin::pin!(stream);
    let mut tally = Tally::default();
    while tally.events < feed.tally.events
        && let Some(item) = stream.next().await
    {
        if let Some(len) = len(item)? {
            tally.events += 1;
            tally.bytes += len;
        }
    }
    Ok(tally)
}

fn add(tally: &mut Tally, data: &str) {
    tally.events += 1;
    tally.bytes += data.len();
}
