//! The events of the feed.

use serde::{Deserialize, Serialize};
use sse_core::{Gap, SseEvent};

use crate::market::Date;

/// An event of the market feed.
///
/// Prices are in US dollars, changes in percent, rounded to two decimals.
#[derive(Clone, Debug, PartialEq, SseEvent)]
#[sse(rename_all = "kebab-case")]
pub enum Market {
    /// A new price of a symbol.
    PriceMoved {
        /// The ticker symbol, such as `MSFT`.
        symbol: String,
        /// The month of the price, as its first day.
        date: Date,
        /// The new price.
        price: f64,
        /// The change since the previous month, or `None` for the symbol's first price.
        #[serde(skip_serializing_if = "Option::is_none")]
        change: Option<f64>,
    },

    /// A halt of a symbol's trading after a fall of [`HALTING_FALL`](crate::market::HALTING_FALL) percent or more in a month.
    ///
    /// The prices of a halted symbol are still published. Another such fall does not halt it again.
    TradingHalted {
        /// The ticker symbol.
        symbol: String,
        /// The month of the fall.
        date: Date,
        /// The price after the fall.
        price: f64,
        /// The fall, as a negative number.
        change: f64,
    },

    /// The end of a halt, after a month in which the price did not fall.
    TradingResumed {
        /// The ticker symbol.
        symbol: String,
        /// The month without a fall.
        date: Date,
        /// The price at which trading resumes.
        price: f64,
        /// The month of the halt.
        halted: Date,
    },

    /// The end of the day, and of the feed.
    #[sse(terminal)]
    MarketClosed {
        /// The last month with a price.
        date: Date,
        /// The number of prices of all symbols.
        prices: u32,
        /// The totals of each symbol, in the order of the first prices.
        totals: Vec<Total>,
    },

    /// Events are missing: the client starts over, without an ID.
    Resync(Gap),
}

/// The totals of a symbol at the close.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Total {
    /// The ticker symbol.
    pub symbol: String,
    /// The number of prices.
    pub prices: u32,
    /// The first price.
    pub first: f64,
    /// The last price.
    pub last: f64,
    /// The change from the first price to the last.
    pub change: f64,
    /// The number of halts.
    pub halts: u32,
    /// Whether trading is still halted.
    pub halted: bool,
}

#[cfg(test)]
mod tests {
    use sse_core::{Decoder, Encoder, SseDecode, TypedEvent};

    use super::*;
    use crate::market::Day;

    fn wire(event: &Market) -> String {
        let mut encoder = Encoder::new();
        encoder.event(event).unwrap();
        String::from_utf8(encoder.into_bytes()).unwrap()
    }

    #[test]
    fn events_have_these_names_and_fields() {
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
    fn every_event_of_the_day_round_trips() {
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
    fn only_the_close_is_terminal() {
        let day = Day::recorded().unwrap();
        let ends: Vec<u64> =
            day.entries().iter().filter(|entry| entry.event.is_terminal()).map(|entry| entry.id).collect();
        assert_eq!(ends, [day.last_id()]);
    }
}
