//! Tests that compare the manual with the table of keys and with the error messages.

use std::{fs, path::Path};

use crate::{
    diagnostics,
    keys::{Entry, KEYS, Place},
    words::{alternatives, listed},
};

const MANUAL: &str = include_str!("manual.md");

/// The recipes, which are part of the documentation of `sse_core`.
const COOKBOOK: &str = include_str!("../../sse-core/src/cookbook.md");

/// The link from the manual to the recipes. It works both on the page of this crate and on that of `sse_core`, which
/// re-exports the derive.
const COOKBOOK_PAGE: &str = "../sse_core/cookbook/index.html";

/// Returns the heading of a key's section. Field keys that share a name with a variant key have a separate section.
fn heading(entry: &Entry) -> String {
    let is_variants = |other: &Entry| other.name == entry.name && other.place == Place::Variant;
    let place = if entry.place == Place::Field && KEYS.iter().any(is_variants) { " on a field" } else { "" };
    format!("`{}`{place}", entry.name)
}

#[test]
fn the_manual_lists_all_keys() {
    let rows: Vec<_> = KEYS
        .iter()
        .map(|entry| {
            let anchor = heading(entry).replace('`', "").replace(' ', "-");
            let places: Vec<_> = entry.places().map(|place| place.to_string()).collect();
            format!("| {} | [`{}`](#{anchor}) | {} |", alternatives(&places), entry.usage(), entry.effect)
        })
        .collect();
    let table = rows.join("\n");
    assert!(MANUAL.contains(&table), "the table in the manual should be\n{table}");
}

/// Editors show the first lines of the documentation, which are not in the manual.
#[test]
fn the_summary_lists_all_keys() {
    let summary = include_str!("lib.rs");
    for place in [Place::Enum, Place::Variant, Place::Field] {
        let keys: Vec<_> = KEYS.iter().filter(|entry| entry.place == place).map(|entry| entry.name).collect();
        let line = format!("/// - on {place}: {}\n", listed(&keys));
        assert!(summary.contains(&line), "the summary should contain {line}");
    }
}

#[test]
fn every_key_has_a_section_with_an_example() {
    for entry in KEYS {
        let heading = heading(entry);
        let (_, section) =
            MANUAL.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("missing section {heading}"));
        let section = section.split("\n## ").next().unwrap_or_default();
        assert!(section.contains("\n- Where: "), "the section of `{}` does not list its places", entry.name);
        assert!(section.contains("```\n"), "the section of `{}` has no example", entry.name);
        assert!(section.contains(entry.name), "the example of `{}` does not use it", entry.name);
    }
}

/// Intra-doc links such as `crate::Item` would resolve in the wrong crate if the derive is re-exported, so the manual
/// links only to headings.
#[test]
fn links_lead_to_existing_headings() {
    let links: Vec<_> = MANUAL.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
    assert!(links.len() > KEYS.len() && links.contains(&COOKBOOK_PAGE), "{links:?}");
    for link in links {
        let (page, anchor) = link.split_once('#').unwrap_or((link, ""));
        let text = match page {
            "" => MANUAL,
            COOKBOOK_PAGE => COOKBOOK,
            _ => panic!("`{link}` leads to an unknown page"),
        };
        assert!(anchor.is_empty() && !page.is_empty() || anchors(text).any(|known| known == anchor), "{link}");
    }
}

#[test]
fn the_cookbook_lists_all_recipes() {
    let (table, _) = COOKBOOK.split_once("\n\n# Chunks").unwrap();
    let listed: Vec<_> = table.split("](#").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0)).collect();
    let recipes: Vec<_> = anchors(COOKBOOK).skip(1).collect();
    assert_eq!(listed, recipes);
}

/// Returns the anchors that rustdoc gives to the headings of `text`, without the `#` lines in examples.
fn anchors(text: &str) -> impl Iterator<Item = String> {
    let lines = text.split("```").step_by(2).flat_map(str::lines).filter(|line| line.starts_with('#'));
    lines.map(|line| {
        let heading = line.trim_start_matches('#').trim_start().chars();
        let kept = heading.filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
        kept.collect::<String>().to_lowercase().replace(' ', "-")
    })
}

#[test]
fn the_quoted_messages_exist() {
    let (_, mistakes) = MANUAL.split_once("# Compile errors").unwrap();
    let (ours, traits) = mistakes.split_once("If a payload lacks a trait").unwrap();
    assert!(quotes(ours).len() > 15 && quotes(traits).len() > 3, "{mistakes}");
    for quote in quotes(ours) {
        assert!(diagnostics::all().any(|(.., message)| *message == quote), "no diagnostic has the message: {quote}");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui");
    let recorded: String =
        fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    for quote in quotes(traits) {
        assert!(recorded.contains(&format!("error[E0277]: {quote}\n")), "no UI test has the message: {quote}");
    }
}

/// Returns the last columns of tables, without their headers.
fn quotes(tables: &str) -> Vec<&str> {
    let last = tables.lines().filter_map(|line| line.strip_suffix(" |")?.rsplit(" | ").next());
    last.filter(|text| *text != "message").collect()
}
