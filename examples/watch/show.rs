//! The text that is printed for an event.

use std::{
    env,
    fmt::Write,
    io::{self, IsTerminal},
};

use sse_examples::market::{Market, Total};

// Styles of a terminal, as parameters of its escape sequences.
const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";

/// Formats events in columns, with or without color.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Show {
    color: bool,
}

impl Show {
    /// Uses color if standard output is a terminal and `NO_COLOR` is not set.
    pub(crate) fn for_stdout() -> Self {
        let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { color: io::stdout().is_terminal() && !no_color }
    }

    /// Formats an event. The text may have several lines; the last one has no line ending.
    pub(crate) fn event(self, id: &str, event: &Market) -> String {
        // Of an ID of the hub, only the number after the hyphen changes from event to event.
        let number = id.rsplit('-').next().unwrap_or_default();
        let date = event.date().map_or_else(|| " ".repeat(10), |date| date.to_string());
        let head = self.paint(DIM, &format!("{number:>5}  {date}"));
        let text = match event {
            Market::PriceMoved { symbol, price, change, .. } => {
                let change = change.map_or_else(String::new, |change| self.change(change));
                format!("{symbol:<6}{price:>9.2}{change}")
            }
            Market::TradingHalted { symbol, price, change, .. } => {
                let halted = self.paint(RED, "halted");
                format!("{symbol:<6}{price:>9.2}{}  {halted}", self.change(*change))
            }
            Market::TradingResumed { symbol, price, halted, .. } => {
                let resumed = self.paint(GREEN, "resumed");
                format!("{symbol:<6}{price:>9.2}{:11}  {resumed}, halted since {halted}", "")
            }
            Market::MarketClosed { prices, totals, .. } => {
                let closed = self.paint(BOLD, "the market is closed");
                format!("{closed}: {prices} prices{}", self.totals(totals))
            }
            Market::Resync(gap) => {
                format!("{}: {}", self.paint(BOLD, "events are missing, the day starts over"), gap.reason)
            }
        };
        format!("{head}  {text}")
    }

    fn totals(self, totals: &[Total]) -> String {
        totals.iter().fold(String::new(), |mut text, total| {
            let Total { symbol, prices, first, last, halts, halted, .. } = total;
            let noun = if *halts == 1 { "halt" } else { "halts" };
            let still = if *halted { ", still halted" } else { "" };
            let change = self.change(total.change);
            // Writing to a string cannot fail.
            let _ = write!(
                text,
                "\n{:19}{symbol:<6}{last:>9.2}{change}  from {first:.2}; {prices} prices, {halts} {noun}{still}",
                ""
            );
            text
        })
    }

    fn change(self, change: f64) -> String {
        let color = if change < 0.0 { RED } else { GREEN };
        self.paint(color, &format!("{:>11}", format!("{change:+.2}%")))
    }

    fn paint(self, color: &str, text: &str) -> String {
        if self.color { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use sse_examples::market::Day;

    use super::*;

    fn lines(color: bool) -> Vec<String> {
        let day = Day::recorded().unwrap();
        day.entries().iter().map(|entry| Show { color }.event(&entry.id.to_string(), &entry.event)).collect()
    }

    #[test]
    fn columns_are_aligned() {
        let lines = lines(false);
        assert_eq!(lines[0], "    1  2000-01-01  MSFT      39.81");
        assert_eq!(lines[12], "   13  2000-04-01  MSFT      28.37    -34.36%");
        assert_eq!(lines[13], "   14  2000-04-01  MSFT      28.37    -34.36%  halted");
        assert!(
            lines.contains(
                &"   24  2000-06-01  MSFT      32.54             resumed, halted since 2000-04-01".to_owned()
            )
        );
    }

    #[test]
    fn the_close_has_a_line_for_every_symbol() {
        let lines = lines(false);
        let close: Vec<_> = lines.last().unwrap().lines().collect();
        assert_eq!(close.len(), 6);
        assert_eq!(close[0], "  579  2010-03-01  the market is closed: 560 prices");
        assert_eq!(close[5], "                   GOOG     560.19   +447.22%  from 102.37; 68 prices, 0 halts");
    }

    #[test]
    fn color_adds_escape_sequences_and_leaves_the_text_the_same() {
        for (plain, colored) in lines(false).into_iter().zip(lines(true)) {
            assert!(!plain.contains('\x1b'));
            let parts: Vec<&str> = colored.split("\x1b[").collect();
            assert!(parts.len() > 1);
            let text: String = parts.iter().map(|part| part.split_once('m').map_or(*part, |(_, text)| text)).collect();
            assert_eq!(text, plain);
        }
    }
}
