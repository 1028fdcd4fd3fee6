//! The manual says of every key what the table says, and quotes what the compiler says.

use std::{fs, path::Path};

use crate::{
    diagnostics,
    keys::{Entry, KEYS, Place},
};

const MANUAL: &str = include_str!("manual.md");

/// The recipes, which stand in `sse_core`.
const COOKBOOK: &str = include_str!("../../sse-core/src/cookbook.md");

/// Where the manual finds them: the same from the page of this crate and from that of `sse_core`, which re-exports the derive.
const COOKBOOK_PAGE: &str = "../sse_core/cookbook/index.html";

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

/// A path such as `crate` would mean another crate where the derive is re-exported, and lead nowhere.
#[test]
fn links_lead_to_headings_wherever_the_manual_is_shown() {
    let links: Vec<_> = MANUAL.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
    assert!(links.len() > KEYS.len() && links.contains(&COOKBOOK_PAGE), "{links:?}");
    for link in links {
        let (page, anchor) = link.split_once('#').unwrap_or((link, ""));
        let text = match page {
            "" => MANUAL,
            COOKBOOK_PAGE => COOKBOOK,
            _ => panic!("`{link}` is another page"),
        };
        assert!(anchor.is_empty() && !page.is_empty() || anchors(text).any(|known| known == anchor), "{link}");
    }
}

#[test]
fn the_cookbook_lists_each_of_its_recipes() {
    let (table, _) = COOKBOOK.split_once("\n\n# Chunks").unwrap();
    let listed: Vec<_> = table.split("](#").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
    let recipes: Vec<_> = anchors(COOKBOOK).skip(1).collect();
    assert_eq!(listed, recipes);
}

/// What rustdoc calls the headings, which stand outside the examples.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let lines = text.split("```").step_by(2).flat_map(str::lines).filter(|line| line.starts_with('#'));
    lines.map(|line| {
        let heading = line.trim_start_matches('#').trim_start().chars();
        let kept = heading.filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    })
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
