//! The running totals of a symbol, and the rule that halts its trading.

use crate::market::csv::Row;
use crate::market::{Date, Market, Total};

/// The fall in one month, in percent, that halts the trading of a symbol. Trading resumes in the first month without a
/// fall.
pub const HALTING_FALL: f64 = 30.0;

/// The running totals of a symbol.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    pub(crate) first: Row<'a>,
    pub(crate) last: Row<'a>,
    prices: u32,
    halts: u32,
    halted: Option<Date>,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(first: Row<'a>) -> Self {
        Self { first, last: first, prices: 1, halts: 0, halted: None }
    }

    /// Adds the next price. Returns its event, and the event of the halting rule if there is one.
    pub(crate) fn next(&mut self, row: Row<'a>) -> (Market, Option<Market>) {
        let change = change(self.last.price, row.price);
        self.last = row;
        self.prices += 1;
        (moved(row, Some(change)), self.halt_or_resume(row, change))
    }

    fn halt_or_resume(&mut self, row: Row<'a>, change: f64) -> Option<Market> {
        let (symbol, date, price) = (row.symbol.to_owned(), row.date, row.price);
        match self.halted {
            None if change <= -HALTING_FALL => {
                self.halted = Some(date);
                self.halts += 1;
                Some(Market::TradingHalted { symbol, date, price, change })
            }
            Some(halted) if change >= 0.0 => {
                self.halted = None;
                Some(Market::TradingResumed { symbol, date, price, halted })
            }
            _ => None,
        }
    }

    pub(crate) fn total(&self) -> Total {
        Total {
            symbol: self.first.symbol.to_owned(),
            prices: self.prices,
            first: self.first.price,
            last: self.last.price,
            change: change(self.first.price, self.last.price),
            halts: self.halts,
            halted: self.halted.is_some(),
        }
    }
}

pub(crate) fn moved(row: Row<'_>, change: Option<f64>) -> Market {
    Market::PriceMoved { symbol: row.symbol.to_owned(), date: row.date, price: row.price, change }
}

/// Returns the change in percent. It is rounded to two decimals before the halting rule applies, so that the rule and
/// the clients see the same number.
fn change(from: f64, to: f64) -> f64 {
    ((to / from - 1.0) * 10_000.0).round() / 100.0
}
