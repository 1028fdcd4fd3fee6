//! The events of the feed.

use serde::{Deserialize, Serialize};

use crate::Date;

/// What happens on the market.
///
/// Prices are in US dollars. A change is in percent, rounded to two decimals.
#[derive(Clone, Debug, PartialEq)]
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
