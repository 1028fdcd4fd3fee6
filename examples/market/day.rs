//! The recorded prices as one trading day.

use crate::market::csv::{self, CsvCause, CsvError, Row};
use crate::market::tally::{self, Tally};
use crate::market::{Date, Market};

/// An event and its ID.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The event ID. The events of a day are numbered from 1.
    pub id: u64,
    /// The event.
    pub event: Market,
}

/// A trading day: all events from the first price to the close. The same prices give the same events and IDs.
///
/// The events are in the order of their dates, and within a date in the order of the recorded lines. An event of the
/// halting rule directly follows the price that caused it.
#[derive(Clone, Debug, PartialEq)]
pub struct Day {
    entries: Vec<Entry>,
}

impl Day {
    /// Creates the day of `data/stocks.csv`: 560 monthly prices of five companies from 2000 to 2010.
    ///
    /// # Errors
    ///
    /// Returns the same errors as [`from_csv`](Self::from_csv).
    pub fn recorded() -> Result<Self, CsvError> {
        Self::from_csv(include_str!("../data/stocks.csv"))
    }

    /// Creates the day of the prices in `text`: a header line, then lines of `symbol,date,price`.
    ///
    /// # Errors
    ///
    /// Returns an error with the line and the column if a line is not such a row, or if the dates of a symbol are not
    /// in ascending order.
    ///
    /// # Examples
    ///
    /// ```
    /// let error = sse_examples::market::Day::from_csv("symbol,date,price\nMSFT,Jan 1 2000,free").unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "line 2, column 3 (`price`): not a price; write a positive decimal number"
    /// );
    /// ```
    pub fn from_csv(text: &str) -> Result<Self, CsvError> {
        let mut rows = csv::rows(text)?;
        check_order(&rows)?;
        rows.sort_by_key(|row| row.date);
        let entries = (1..).zip(events(&rows)).map(|(id, event)| Entry { id, event }).collect();
        Ok(Self { entries })
    }

    /// Returns all events of the day.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the ID of the closing event.
    #[must_use]
    pub fn last_id(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.id)
    }

    /// Returns the events after the one with this ID, or `None` if the day does not have the ID.
    #[must_use]
    pub fn after(&self, id: u64) -> Option<&[Entry]> {
        let seen = usize::try_from(id).ok().filter(|seen| *seen > 0)?;
        self.entries.get(seen..)
    }
}

impl Market {
    /// Returns the month of the event, as its first day, or `None` if the event is not of the market itself.
    #[must_use]
    pub fn date(&self) -> Option<Date> {
        match self {
            Self::PriceMoved { date, .. }
            | Self::TradingHalted { date, .. }
            | Self::TradingResumed { date, .. }
            | Self::MarketClosed { date, .. } => Some(*date),
            Self::Resync(_) => None,
        }
    }
}

fn check_order(rows: &[Row<'_>]) -> Result<(), CsvError> {
    let mut last: Vec<Row<'_>> = Vec::new();
    // Line 1 is the header.
    for (line, row) in (2..).zip(rows) {
        match last.iter_mut().find(|other| other.symbol == row.symbol) {
            Some(other) if row.date <= other.date => {
                return Err(CsvError { line, column: 2, cause: CsvCause::Order });
            }
            Some(other) => *other = *row,
            None => last.push(*row),
        }
    }
    Ok(())
}

/// Returns the events of rows that are sorted by date.
fn events(rows: &[Row<'_>]) -> Vec<Market> {
    let mut events = Vec::new();
    let mut tallies: Vec<Tally<'_>> = Vec::new();
    for row in rows {
        if let Some(tally) = tallies.iter_mut().find(|tally| tally.first.symbol == row.symbol) {
            let (moved, halted_or_resumed) = tally.next(*row);
            events.push(moved);
            events.extend(halted_or_resumed);
        } else {
            tallies.push(Tally::new(*row));
            events.push(tally::moved(*row, None));
        }
    }
    events.extend(rows.last().map(|last| Market::MarketClosed {
        date: last.date,
        prices: tallies.iter().map(|tally| tally.total().prices).sum(),
        totals: tallies.iter().map(Tally::total).collect(),
    }));
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn recorded() -> Vec<Market> {
        Day::recorded().unwrap().entries.into_iter().map(|entry| entry.event).collect()
    }

    #[test]
    fn ids_count_from_one_without_gaps() {
        let day = Day::recorded().unwrap();
        let ids: Vec<u64> = day.entries().iter().map(|entry| entry.id).collect();
        assert_eq!(ids, (1..=day.last_id()).collect::<Vec<_>>());
        assert_eq!(day.last_id(), 579);
    }

    #[test]
    fn every_recorded_price_is_one_event_in_the_order_of_dates() {
        let events = recorded();
        let prices = events.iter().filter(|event| matches!(event, Market::PriceMoved { .. })).count();
        assert_eq!(prices, 560);
        assert!(events.is_sorted_by_key(Market::date));
    }

    #[test]
    fn the_day_begins_with_the_first_recorded_price() {
        let first = Market::PriceMoved { symbol: "MSFT".into(), date: date("2000-01-01"), price: 39.81, change: None };
        assert_eq!(recorded().first(), Some(&first));
    }

    #[test]
    fn the_second_price_has_a_change_in_percent() {
        let second =
            Market::PriceMoved { symbol: "MSFT".into(), date: date("2000-02-01"), price: 36.35, change: Some(-8.69) };
        assert!(recorded().contains(&second));
    }

    #[test]
    fn trading_is_halted_by_a_fall_of_thirty_percent_until_a_month_without_a_fall() {
        let mut halts = Vec::new();
        for event in recorded() {
            match event {
                Market::TradingHalted { symbol, date, change, .. } => {
                    halts.push((symbol, date.to_string(), change, String::new()));
                }
                Market::TradingResumed { symbol, date, halted, .. } => {
                    let halt = halts.iter_mut().rfind(|halt| halt.0 == symbol).unwrap();
                    assert_eq!(halt.1, halted.to_string());
                    halt.3 = date.to_string();
                }
                _ => {}
            }
        }
        let halts: Vec<_> =
            halts.iter().map(|(s, from, change, to)| (s.as_str(), from.as_str(), *change, to.as_str())).collect();
        let expected = [
            ("MSFT", "2000-04-01", -34.36, "2000-06-01"),
            ("AAPL", "2000-05-01", -32.28, "2000-06-01"),
            ("AAPL", "2000-09-01", -57.73, "2001-01-01"),
            ("AMZN", "2000-11-01", -32.58, "2001-01-01"),
            ("AMZN", "2001-02-01", -41.13, "2001-03-01"),
            ("AMZN", "2001-09-01", -33.22, "2001-10-01"),
            ("AMZN", "2006-07-01", -30.48, "2006-08-01"),
            ("AAPL", "2008-01-01", -31.66, "2008-03-01"),
            ("AAPL", "2008-09-01", -32.96, "2009-01-01"),
        ];
        assert_eq!(halts, expected);
    }

    #[test]
    fn the_close_has_the_totals_of_every_symbol() {
        let events = recorded();
        let Some(Market::MarketClosed { date: last, prices, totals }) = events.last() else {
            panic!("the last event is {:?}", events.last());
        };
        assert_eq!((last.to_string().as_str(), *prices), ("2010-03-01", 560));
        let totals: Vec<_> = totals
            .iter()
            .map(|total| (total.symbol.as_str(), total.prices, total.last, total.change, total.halts))
            .collect();
        let expected = [
            ("MSFT", 123, 28.8, -27.66, 1),
            ("AMZN", 123, 128.82, 99.54, 4),
            ("IBM", 123, 125.55, 24.9, 0),
            ("AAPL", 123, 223.02, 759.75, 4),
            ("GOOG", 68, 560.19, 447.22, 0),
        ];
        assert_eq!(totals, expected);
    }

    #[test]
    fn the_events_after_an_id_begin_with_the_next_id() {
        let day = Day::recorded().unwrap();
        assert_eq!(day.after(1).unwrap().first().unwrap().id, 2);
        assert_eq!(day.after(day.last_id()), Some(&[][..]));
        assert_eq!(day.after(0), None);
        assert_eq!(day.after(day.last_id() + 1), None);
    }

    #[test]
    fn the_close_reports_symbols_that_are_still_halted() {
        let day = Day::from_csv("symbol,date,price\nA,Jan 1 2000,100\nA,Feb 1 2000,70\nA,Mar 1 2000,69").unwrap();
        let Market::MarketClosed { totals, .. } = &day.entries().last().unwrap().event else {
            panic!("{day:?} does not end with the close");
        };
        assert_eq!((totals[0].halts, totals[0].halted), (1, true));
        assert_eq!(day.last_id(), 5);
    }

    #[test]
    fn a_second_price_in_the_same_month_is_an_error() {
        let error = Day::from_csv("symbol,date,price\nA,Jan 1 2000,1\nB,Jan 1 2000,1\nA,Jan 1 2000,2").unwrap_err();
        assert_eq!((error.line, error.column, error.cause), (4, 2, CsvCause::Order));
    }
}
