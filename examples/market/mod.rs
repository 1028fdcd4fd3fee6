//! The market feed that the `ticker` example serves and the `watch` example reads.
//!
//! - [`Market`]: the events, shared by server and client.
//! - [`Day`]: the recorded prices of `data/stocks.csv` as the events of one trading day, each with its ID.
//!
//! ```
//! use sse_examples::market::{Day, Market};
//!
//! let day = Day::recorded()?;
//! let last = day.after(day.last_id() - 1).and_then(|rest| rest.first());
//! assert!(last.is_some_and(|entry| matches!(entry.event, Market::MarketClosed { prices: 560, .. })));
//! # Ok::<(), sse_examples::market::CsvError>(())
//! ```

mod csv;
mod date;
mod day;
mod event;
mod tally;

pub use csv::{CsvCause, CsvError};
pub use date::{Date, DateError};
pub use day::{Day, Entry};
pub use event::{Market, Total};
pub use tally::HALTING_FALL;
