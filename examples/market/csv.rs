//! Recorded prices: a header line, then lines of `symbol,date,price`.

use std::error::Error;
use std::fmt;

use crate::market::date::{Date, DateError};

const COLUMNS: [&str; 3] = ["symbol", "date", "price"];

/// A recorded price.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Row<'a> {
    pub(crate) symbol: &'a str,
    pub(crate) date: Date,
    pub(crate) price: f64,
}

/// Parses the rows of a text. Every line must have the three cells, so an empty line is an error.
pub(crate) fn rows(text: &str) -> Result<Vec<Row<'_>>, CsvError> {
    let mut lines = (1..).zip(text.lines());
    let header = lines.next().map_or("", |(_, line)| line);
    if !header.split(',').eq(COLUMNS) {
        return Err(CsvError { line: 1, column: 1, cause: CsvCause::Header });
    }
    let rows = lines.map(|(line, text)| row(line, text)).collect::<Result<Vec<_>, _>>()?;
    if rows.is_empty() {
        return Err(CsvError { line: 2, column: 1, cause: CsvCause::Missing });
    }
    Ok(rows)
}

fn row(line: usize, text: &str) -> Result<Row<'_>, CsvError> {
    let mut cells = text.split(',');
    let mut cell = |column| match cells.next() {
        None | Some("") => Err(CsvError { line, column, cause: CsvCause::Missing }),
        Some(cell) if cell.contains('"') => Err(CsvError { line, column, cause: CsvCause::Quoted }),
        Some(cell) => Ok(cell),
    };
    let (symbol, date, price) = (cell(1)?, cell(2)?, cell(3)?);
    if cells.next().is_some() {
        return Err(CsvError { line, column: 4, cause: CsvCause::Surplus });
    }
    let date = Date::from_recorded(date).map_err(|error| CsvError { line, column: 2, cause: CsvCause::Date(error) })?;
    let price = price.parse().ok().filter(|price: &f64| price.is_normal() && price.is_sign_positive());
    let price = price.ok_or(CsvError { line, column: 3, cause: CsvCause::Price })?;
    Ok(Row { symbol, date, price })
}

/// An error in recorded prices, with its position.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct CsvError {
    /// The line, counted from 1.
    pub line: usize,
    /// The column, counted from 1.
    pub column: usize,
    /// The cause of the error.
    pub cause: CsvCause,
}

/// The cause of a [`CsvError`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CsvCause {
    /// The first line does not name the columns.
    Header,
    /// The cell is empty or missing.
    Missing,
    /// There are more cells than columns.
    Surplus,
    /// The cell contains a quotation mark.
    Quoted,
    /// The date is invalid.
    Date(DateError),
    /// The price is not a positive number.
    Price,
    /// The dates of a symbol are not in ascending order.
    Order,
}

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if let Some(name) = self.column.checked_sub(1).and_then(|index| COLUMNS.get(index)) {
            write!(f, " (`{name}`)")?;
        }
        f.write_str(match self.cause {
            CsvCause::Header => ": not the expected header; write `symbol,date,price`",
            CsvCause::Missing => ": missing value; write one in each of the 3 columns",
            CsvCause::Surplus => ": too many cells; write 3",
            CsvCause::Quoted => ": contains a quotation mark; write the value without quotes",
            CsvCause::Date(_) => ": not a date",
            CsvCause::Price => ": not a price; write a positive decimal number",
            CsvCause::Order => ": not later than the previous date of the symbol; sort the lines of a symbol by date",
        })
    }
}

impl Error for CsvError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            CsvCause::Date(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_three_cells_with_either_line_ending() {
        let date = Date::new(2000, 1, 1).unwrap();
        let expected = [Row { symbol: "MSFT", date, price: 39.81 }, Row { symbol: "IBM", date, price: 100.52 }];
        for ending in ["\n", "\r\n"] {
            let text = ["symbol,date,price", "MSFT,Jan 1 2000,39.81", "IBM,Jan 1 2000,100.52"].join(ending);
            assert_eq!(rows(&text).unwrap(), expected);
        }
    }

    #[test]
    fn errors_name_the_line_and_the_column() {
        let cases = [
            ("", "line 1, column 1 (`symbol`): not the expected header; write `symbol,date,price`"),
            ("symbol,date,price\n", "line 2, column 1 (`symbol`): missing value; write one in each of the 3 columns"),
            ("symbol,date,price\n\n", "line 2, column 1 (`symbol`): missing value; write one in each of the 3 columns"),
            (
                "symbol,date,price\nA,Jan 1 2000",
                "line 2, column 3 (`price`): missing value; write one in each of the 3 columns",
            ),
            ("symbol,date,price\nA,Jan 1 2000,1,2", "line 2, column 4: too many cells; write 3"),
            (
                "symbol,date,price\n\"A\",Jan 1 2000,1",
                "line 2, column 1 (`symbol`): contains a quotation mark; write the value without quotes",
            ),
            ("symbol,date,price\nA,1.1.2000,1", "line 2, column 2 (`date`): not a date"),
        ];
        for (text, expected) in cases {
            assert_eq!(rows(text).unwrap_err().to_string(), expected, "{text:?}");
        }
    }

    #[test]
    fn prices_are_positive_and_finite() {
        for price in ["x", "-1", "0", "NaN", "inf", "1e999"] {
            let text = format!("symbol,date,price\nA,Jan 1 2000,1\nA,Feb 1 2000,{price}");
            let error = rows(&text).unwrap_err();
            assert_eq!((error.line, error.column, error.cause), (3, 3, CsvCause::Price), "{price}");
        }
    }

    #[test]
    fn the_source_of_a_date_error_is_kept() {
        let error = rows("symbol,date,price\nA,1.1.2000,1").unwrap_err();
        assert_eq!(error.source().unwrap().to_string(), "`1.1.2000` is not a date; write it like `Jan 31 2000`");
    }
}
