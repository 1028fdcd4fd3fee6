//! Markdown tables, padded to be readable in a terminal.

use std::{fmt, fs, path::Path, time::Duration};

use crate::Error;

/// A table with a title, a row of column headings, and rows whose first cell is a label.
#[derive(Clone, Debug, Default)]
pub struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Creates a table. `corner` is the heading of the first column, which holds the row labels.
    #[must_use]
    pub fn new(title: impl Into<String>, corner: &str) -> Self {
        Self { title: title.into(), rows: vec![vec![corner.into()]] }
    }

    /// Adds the headings of the columns after the first.
    pub fn columns<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        if let Some(head) = self.rows.first_mut() {
            head.extend(names.into_iter().map(String::from));
        }
    }

    /// Adds a row. `name` is its label.
    pub fn row(&mut self, name: impl Into<String>, cells: impl IntoIterator<Item = String>) {
        self.rows.push(std::iter::once(name.into()).chain(cells).collect());
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).map(|cell: &String| cell.chars().count()).max()
        };
        (0..columns).map(|column| width(column).unwrap_or(0)).collect()
    }
}

/// Writes the table as Markdown. The first column is aligned to the left, the others to the right.
impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "### {}\n", self.title)?;
        let widths = self.widths();
        for (number, row) in self.rows.iter().enumerate() {
            for (column, width) in widths.iter().enumerate() {
                let cell = row.get(column).map_or("", String::as_str);
                if column == 0 { write!(f, "| {cell:<width$} |")? } else { write!(f, " {cell:>width$} |")? }
            }
            writeln!(f)?;
            if number == 0 {
                for (column, width) in widths.iter().enumerate() {
                    let rule = "-".repeat(*width);
                    if column == 0 { write!(f, "|-{rule}-|")? } else { write!(f, "-{rule}:|")? }
                }
                writeln!(f)?;
            }
        }
        writeln!(f)
    }
}

/// Writes a section to a Markdown page. It replaces the section with the same heading, or is appended if the page does
/// not have one.
///
/// # Errors
///
/// Returns an error if the page cannot be read or written.
pub fn put_section(page: &Path, heading: &str, text: &str, tables: &[Table]) -> Result<(), Error> {
    let failed = |error| format!("{}: {error}", page.display());
    let old = fs::read_to_string(page).map_err(failed)?;
    let heading = format!("## {heading}\n");
    let start =
        if old.starts_with(&heading) { 0 } else { old.find(&format!("\n{heading}")).map_or(old.len(), |at| at + 1) };
    let (before, rest) = old.split_at(start);
    let after = rest.strip_prefix(&heading).and_then(|rest| Some(rest.split_at(rest.find("\n## ")? + 1).1));
    let mut section = format!("{}\n\n{heading}\n{text}\n\n", before.trim_end());
    for table in tables {
        section.push_str(&table.to_string());
    }
    section.push_str(after.unwrap_or_default());
    section.truncate(section.trim_end().len());
    section.push('\n');
    fs::write(page, section).map_err(failed)?;
    eprintln!("wrote {}", page.display());
    Ok(())
}

/// Formats a throughput in MB/s (10^6 bytes per second), without decimals.
#[must_use]
pub fn megabytes_per_second(bytes: usize, time: Duration) -> String {
    format!("{:.0}", gigabytes_per_second(bytes, time) * 1e3)
}

/// Returns a throughput in GB/s (10^9 bytes per second).
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "sizes here are far below 2^52")]
pub fn gigabytes_per_second(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e9
}

/// Returns the average time per event in nanoseconds.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub fn nanoseconds_each(events: usize, time: Duration) -> f64 {
    time.as_secs_f64() * 1e9 / events as f64
}

/// Formats a ratio with two decimals.
#[must_use]
pub fn ratio(ratio: f64) -> String {
    format!("{ratio:.2}")
}

/// Formats whether a target is met. `None`, for no target, is an empty cell.
#[must_use]
pub fn verdict(met: Option<bool>) -> String {
    match met {
        Some(true) => "yes".into(),
        Some(false) => "NO".into(),
        None => String::new(),
    }
}
