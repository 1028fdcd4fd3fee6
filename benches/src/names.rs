//! Cost of the lookup from an event name to its variant, in instructions counted by callgrind.

use std::{fmt::Write as _, fs, path::Path};

use serde::Serialize;

use crate::{Error, callgrind, cargo, report::Table};

/// The numbers of variants of the enums.
const SIZES: [usize; 4] = [1, 4, 32, 256];

/// The instructions to decode an event into an enum of unit variants.
#[derive(Debug, Serialize)]
pub struct Outcome {
    variants: usize,
    average: u64,
    slowest: u64,
    /// The instructions for an unknown event.
    unknown: u64,
}

/// Generates a program with an enum of each size, and counts the instructions to decode each of its event names.
///
/// # Errors
///
/// Returns an error if the program does not compile, or if callgrind fails.
pub fn measure(scratch: &Path) -> Result<Vec<Outcome>, Error> {
    let folder = scratch.join("names");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), MANIFEST)?;
    fs::write(folder.join("src/main.rs"), source())?;
    let target = scratch.join("names-target");
    cargo::run(&folder, &target, &["build", "--release"])?;
    let calls = SIZES.iter().map(|size| size + 1).sum();
    let program = target.join("release/names");
    let sizes = SIZES.map(|size| size.to_string());
    let counted = callgrind::calls(&program, &[], "names::measured", &sizes, calls, &scratch.join("names-counts"))?;
    let mut rest = counted.as_slice();
    let mut outcomes = Vec::new();
    for variants in SIZES {
        let (names, others) = rest.split_at_checked(variants).ok_or("callgrind returned too few counts")?;
        let (unknown, others) = others.split_first().ok_or("callgrind returned too few counts")?;
        rest = others;
        let average = names.iter().sum::<u64>() / u64::try_from(variants)?;
        let slowest = names.iter().max().copied().unwrap_or_default();
        outcomes.push(Outcome { variants, average, slowest, unknown: *unknown });
    }
    Ok(outcomes)
}

const MANIFEST: &str = concat!(
    "[package]\nname = \"names\"\nedition = \"2024\"\n\n[dependencies]\nsse-core = { path = \"",
    env!("CARGO_MANIFEST_DIR"),
    "/../sse-core\" }\n\n[profile.release]\nlto = \"fat\"\ncodegen-units = 1\n\n[workspace]\n"
);

const HEAD: &str = "\
use std::hint::black_box;
use sse_core::{Decoded, Decoder, RawEvent, SseDecode, SseEvent};

fn each(names: &[&str], measured: fn(RawEvent<'_>) -> bool) {
    for name in names.iter().copied().chain([UNKNOWN]) {
        let block = format!(\"event: {name}\\ndata: 1\\n\\n\");
        let mut decoder = Decoder::new();
        let mut events = decoder.feed(block.as_bytes());
        let raw = events.next_event().unwrap().unwrap();
        assert_eq!(measured(raw), name != UNKNOWN, \"{name}\");
    }
}
";

fn source() -> String {
    let mut source = format!("{HEAD}\nstatic UNKNOWN: &str = \"response.item.revised\";\n");
    let mut calls = String::new();
    for size in SIZES {
        let (mut variants, mut list) = (String::new(), String::new());
        for (number, name) in names(size).iter().enumerate() {
            // Writing to a `String` cannot fail.
            let _ = writeln!(variants, "    #[sse(event = \"{name}\")]\n    V{number},");
            let _ = write!(list, "\"{name}\", ");
        }
        let _ = write!(
            source,
            "\n#[derive(SseEvent)]\nenum Feed{size} {{\n{variants}}}\n\n\
             #[inline(never)]\nfn measured{size}(raw: RawEvent<'_>) -> bool {{\n    \
             matches!(black_box(Feed{size}::decode(raw)), Ok(Decoded::Event(_)))\n}}\n"
        );
        let _ = writeln!(calls, "    each(&[{list}], measured{size});");
    }
    let _ = write!(source, "\nfn main() {{\n{calls}}}\n");
    source
}

const THINGS: [&str; 17] = [
    "response",
    "item",
    "text",
    "content_part",
    "refusal",
    "annotation",
    "reasoning",
    "summary_part",
    "function_call",
    "file_search",
    "web_search",
    "interpreter",
    "image",
    "audio",
    "transcript",
    "session",
    "conversation",
];

const ACTIONS: [&str; 16] = [
    "created",
    "added",
    "delta",
    "done",
    "queued",
    "in_progress",
    "searching",
    "interpreting",
    "generating",
    "completed",
    "incomplete",
    "failed",
    "updated",
    "deleted",
    "committed",
    "cleared",
];

/// Returns event names like those of a large service: with common prefixes, and many of the same length.
fn names(count: usize) -> Vec<String> {
    let pairs = THINGS.iter().flat_map(|thing| ACTIONS.iter().map(move |action| format!("response.{thing}.{action}")));
    let all: Vec<_> = pairs.collect();
    // The stride is coprime to the number of names, so each name is chosen at most once.
    (0..count).filter_map(|number| all.get(number * 37 % all.len()).cloned()).collect()
}

/// Returns a table with a row per size.
#[must_use]
pub fn table(outcomes: &[Outcome]) -> Table {
    let mut table = Table::new("Instructions to decode an event into a unit variant", "variants");
    table.columns(["average", "slowest name", "unknown name"]);
    for Outcome { variants, average, slowest, unknown } in outcomes {
        table.row(variants.to_string(), [average, slowest, unknown].map(ToString::to_string));
    }
    table
}
