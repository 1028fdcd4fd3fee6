//! The exchange: one hub, which serves the events of the trading day to all listeners.

use std::{
    mem,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sse_axum::{LastEventId, Sse, StopReconnecting};
use sse_core::Report;
use sse_examples::market::{Day, Market};
use sse_hub::{Cursor, Hub, Options, PublishError, Start, Window};
use tokio::time;

/// The only topic.
const MARKET: &str = "market";

/// The state that all connections share.
pub(crate) struct Exchange {
    pub(crate) hub: Hub<Market>,
    day: Day,
    month: Duration,
    retry: Duration,
    trading: Mutex<Trading>,
}

#[derive(Clone, Copy)]
struct Trading {
    is_open: bool,
    /// The position before the first event of the current day, or of the previous one while the market is closed.
    opened: Cursor,
}

impl Exchange {
    /// Creates an exchange that is closed. `month` is the duration of a month, and `retry` the reconnection time.
    pub(crate) fn new(day: Day, month: Duration, retry: Duration) -> Arc<Self> {
        // The window holds several days of 579 events, for as long as a slow day takes.
        let hub = Hub::memory(Options::new().window(Window::new().events(10_000).age(Window::MAX_AGE)));
        let trading = Mutex::new(Trading { is_open: false, opened: hub.cursor() });
        Arc::new(Self { hub, day, month, retry, trading })
    }

    /// Opens the market for everybody. Returns whether it was closed.
    pub(crate) fn open(self: Arc<Self>) -> bool {
        let was_open = self.trade(|trading| {
            if !trading.is_open {
                trading.opened = self.hub.cursor();
            }
            mem::replace(&mut trading.is_open, true)
        });
        if !was_open {
            tokio::spawn(async move {
                match self.play().await {
                    // The hub is closed at shutdown.
                    Ok(()) | Err(PublishError::Closed) => {}
                    Err(error) => eprintln!("ticker: {}", Report::new(&error)),
                }
                self.trade(|trading| trading.is_open = false);
            });
        }
        !was_open
    }

    /// Publishes the events of the day, month by month.
    async fn play(&self) -> Result<(), PublishError> {
        let mut month = None;
        for entry in self.day.entries() {
            if month.replace(entry.event.date()).is_some_and(|month| month != entry.event.date()) {
                time::sleep(self.month).await;
            }
            self.hub.topic(MARKET).publish(&entry.event).await?;
        }
        Ok(())
    }

    fn trade<T>(&self, act: impl FnOnce(&mut Trading) -> T) -> T {
        act(&mut self.trading.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Responds to a client according to its last event ID:
/// - none: all events of the current day;
/// - the ID of an event that the hub holds: the events after it;
/// - the ID of the closing event, while the market is closed: 204, after which a browser does not reconnect;
/// - any other ID: `resync`, after which the client starts over without an ID.
pub(crate) async fn events(State(exchange): State<Arc<Exchange>>, LastEventId(last): LastEventId) -> Response {
    let start = match last {
        Some(id) => Start::from(id),
        None => Start::from(exchange.trade(|trading| trading.opened)),
    };
    match exchange.hub.topic(MARKET).subscribe(start) {
        Ok(subscription) if subscription.is_over() => StopReconnecting.into_response(),
        Ok(subscription) => Sse::new(subscription.on_gap(Market::Resync)).retry(exchange.retry).into_response(),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")).into_response(),
    }
}

/// Opens the market again after its close.
pub(crate) async fn open(State(exchange): State<Arc<Exchange>>) -> (StatusCode, &'static str) {
    if exchange.open() {
        (StatusCode::ACCEPTED, "the market opens\n")
    } else {
        (StatusCode::CONFLICT, "the market is open\n")
    }
}
