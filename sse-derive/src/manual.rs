//! The manual says of every key what the table says, and quotes what the compiler says.

use std::{fs, path::Path};

use crate::{
    diagnostics,
    keys::{Entry, KEYS, Place},
};

const MANUAL: &str = include_str!("manual.md");

/// A key of a field that is one of a variant too has a section of its own.
fn heading(entry: &Entry) -> String {
    let is_variants = |other: &Entry| other.name == entry.name && other.place == Place::Variant;
    let place = if entry.place == Place::Field && KEYS.iter().any(is_variants) { " on a field" } else { "" };
    format!("`{}`{place}", entry.name)
}

#[test]
fn the_table_of_the_manual_is_the_table_of_keys() {
    let rows: Vec<_> = KEYS
        .iter()
        .map(|entry| {
            let anchor = heading(entry).replace('`', "").replace(' ', "-");
            format!("| {} | [`{}`](#{anchor}) | {} |", entry.places(), entry.usage(), entry.effect)
        })
        .collect();
    let table = rows.join("\n");
    assert!(MANUAL.contains(&table), "the manual's table is not\n{table}");
}

#[test]
fn every_key_has_a_section_with_an_example() {
    for entry in KEYS {
        let heading = heading(entry);
        let (_, section) =
            MANUAL.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("no section {heading}"));
        let section = section.split("\n## ").next().unwrap_or_default();
        assert!(section.trim_start().starts_with("Where: "), "`{}` does not begin with its place", entry.name);
        assert!(section.contains("```\n"), "`{}` has no example", entry.name);
        assert!(section.contains(entry.name), "the example of `{}` does not show it", entry.name);
    }
}

#[test]
fn the_quoted_messages_are_the_compilers() {
    let (_, mistakes) = MANUAL.split_once("# Mistakes").unwrap();
    let (ours, rustcs) = mistakes.split_once("Where a payload lacks a trait").unwrap();
    assert!(quotes(ours).len() > 15 && quotes(rustcs).len() > 3, "{mistakes}");
    for quote in quotes(ours) {
        assert!(diagnostics::table().any(|(.., message)| *message == quote), "nothing says: {quote}");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let pinned: String =
        fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    for quote in quotes(rustcs) {
        assert!(pinned.contains(&format!("error[E0277]: {quote}\n")), "nothing says: {quote}");
    }
}

/// The last column of a table, without its head.
fn quotes(table: &str) -> Vec<&str> {
    table.lines().filter_map(|line| line.strip_suffix(" |")?.rsplit(" | ").next()).skip(1).collect()
}
