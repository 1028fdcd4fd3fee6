//! Tables that read well on a terminal and in Markdown alike.

use std::{fmt, fs, path::Path, time::Duration};

use crate::Error;

/// A table: the first column names its rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    title: String,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with this heading, whose first column has this one.
    #[must_use]
    pub fn new(title: impl Into<String>, corner: &str) -> Self {
        Self { title: title.into(), rows: vec![vec![corner.into()]] }
    }

    /// The headings of the other columns.
    pub fn columns<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        if let Some(head) = self.rows.first_mut() {
            head.extend(names.into_iter().map(String::from));
        }
    }

    /// One row.
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

/// Markdown, padded: the first column to the left, figures to the right.
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

/// Puts a section into a page, in place of the one with this heading, or at the page's end.
///
/// # Errors
///
/// When the page cannot be read or written.
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
    eprintln!("written: {}", page.display());
    Ok(())
}

/// How many million bytes a second, of so many bytes in this time.
#[must_use]
pub fn megabytes_per_second(bytes: usize, time: Duration) -> String {
    format!("{:.0}", gigabytes_per_second(bytes, time) * 1e3)
}

/// How many thousand million bytes a second, of so many bytes in this time.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "sizes here are far below 2^52")]
pub fn gigabytes_per_second(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / time.as_secs_f64() / 1e9
}

/// Nanoseconds for each of `events`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub fn nanoseconds_each(events: usize, time: Duration) -> f64 {
    time.as_secs_f64() * 1e9 / events as f64
}

/// A ratio with two digits.
#[must_use]
pub fn ratio(ratio: f64) -> String {
    format!("{ratio:.2}")
}

/// Whether a target is met, where there is one.
#[must_use]
pub fn verdict(met: Option<bool>) -> String {
    match met {
        Some(true) => "yes".into(),
        Some(false) => "NO".into(),
        None => String::new(),
    }
}
