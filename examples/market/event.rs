//! The events of the feed.

use serde::{Deserialize, Serialize};
use sse_core::SseEvent;

use crate::Date;

/// What happens on the market.
///
/// Prices are in US dollars. A change is in percent, rounded to two decimals.
#[derive(Clone, Debug, PartialEq, SseEvent)]
#[sse(rename_all = "kebab-case")]
pub enum Market {
    /// A symbol has a new price.
    PriceMoved {
        /// The ticker symbol, such as `MSFT`.
        symbol: String,
        /// The month of the price, as its first day.
        date: Date,
        /// The new price.
        price: f64,
        /// The change against the month before; none with a symbol's first price.
        #[serde(skip_serializing_if = "Option::is_none")]
        change: Option<f64>,
    },

    /// A symbol fell by [`HALTING_FALL`](crate::HALTING_FALL) percent or more within one month: its trading is halted.
    ///
    /// While a symbol is halted its prices are still published. Another such fall does not halt it twice.
    TradingHalted {
        /// The ticker symbol.
        symbol: String,
        /// The month of the fall.
        date: Date,
        /// The price it fell to.
        price: f64,
        /// The fall, a negative number.
        change: f64,
    },

    /// A halted symbol had a month without a fall: its trading goes on.
    TradingResumed {
        /// The ticker symbol.
        symbol: String,
        /// The month in which it stopped falling.
        date: Date,
        /// The price it resumes at.
        price: f64,
        /// The month in which it was halted.
        halted: Date,
    },

    /// The day is over; nothing follows.
    #[sse(terminal)]
    MarketClosed {
        /// The last month with a price.
        date: Date,
        /// How many prices there were, of all symbols.
        prices: u32,
        /// The sums per symbol, in the order in which the symbols first appeared.
        totals: Vec<Total>,
    },
}

/// One symbol's day, as told when the market closes.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Total {
    /// The ticker symbol.
    pub symbol: String,
    /// How many prices it had.
    pub prices: u32,
    /// The first of them.
    pub first: f64,
    /// The last of them.
    pub last: f64,
    /// The change from the first to the last.
    pub change: f64,
    /// How often its trading was halted.
    pub halts: u32,
    /// Whether its trading is still halted.
    pub halted: bool,
}

#[cfg(test)]
mod tests {
    use sse_core::{Decoder, Encoder, SseDecode, TypedEvent};

    use super::*;
    use crate::Day;

    fn wire(event: &Market) -> String {
        let mut encoder = Encoder::new();
        encoder.event(event).unwrap();
        String::from_utf8(encoder.into_bytes()).unwrap()
    }

    #[test]
    fn the_feed_has_these_names_and_fields() {
        let day = Day::recorded().unwrap();
        let wire = |id: u64| wire(&day.entries().iter().find(|entry| entry.id == id).unwrap().event);
        let first = r#"data: {"symbol":"MSFT","date":"2000-01-01","price":39.81}"#;
        assert_eq!(wire(1), format!("event: price-moved\n{first}\n\n"));
        let second = r#"data: {"symbol":"MSFT","date":"2000-02-01","price":36.35,"change":-8.69}"#;
        assert_eq!(wire(5), format!("event: price-moved\n{second}\n\n"));
        let halted = r#"data: {"symbol":"MSFT","date":"2000-04-01","price":28.37,"change":-34.36}"#;
        assert_eq!(wire(14), format!("event: trading-halted\n{halted}\n\n"));
        let resumed = r#"data: {"symbol":"MSFT","date":"2000-06-01","price":32.54,"halted":"2000-04-01"}"#;
        assert_eq!(wire(24), format!("event: trading-resumed\n{resumed}\n\n"));
        let closed = r#"data: {"date":"2010-03-01","prices":560,"totals":[{"symbol":"MSFT","prices":123,"#;
        assert!(wire(579).starts_with(&format!("event: market-closed\n{closed}")), "{}", wire(579));
    }

    #[test]
    fn every_event_of_the_day_is_read_as_it_was_written() {
        let day = Day::recorded().unwrap();
        for entry in day.entries() {
            let wire = wire(&entry.event);
            let mut decoder = Decoder::new();
            let mut events = decoder.feed(wire.as_bytes());
            let raw = events.next_event().unwrap().unwrap();
            assert_eq!(Market::decode(raw).unwrap().into_event().as_ref(), Some(&entry.event));
        }
    }

    #[test]
    fn only_the_close_ends_the_feed() {
        let day = Day::recorded().unwrap();
        let ends: Vec<u64> =
            day.entries().iter().filter(|entry| entry.event.is_terminal()).map(|entry| entry.id).collect();
        assert_eq!(ends, [day.last_id()]);
    }
}
