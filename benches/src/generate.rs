//! Generated packages of enums, the same ones for this workspace's derive and for serde's.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// The number of variants of an enum.
pub const VARIANTS: usize = 8;

/// The derive of the enums, and the functions that write and read them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `#[derive(SseEvent)]`, with `Encoder::event` and `SseDecode::decode`.
    Ours,
    /// `#[derive(Serialize, Deserialize)]`, adjacently tagged, with `serde_json::to_writer` and `from_str`.
    Serde,
}

/// The kinds of variants of an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// Two unit variants, three newtype variants, two struct variants and one tuple variant.
    Mixed,
    /// Struct variants only.
    Structs,
}

impl Side {
    /// All sides.
    pub const ALL: [Self; 2] = [Self::Ours, Self::Serde];

    const fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Serde => "serde",
        }
    }

    const fn derive(self) -> &'static str {
        match self {
            Self::Ours => "sse-derive",
            Self::Serde => "serde_derive",
        }
    }

    const fn dependencies(self) -> &'static str {
        match self {
            Self::Ours => OURS,
            Self::Serde => SERDE,
        }
    }

    const fn macros(self) -> &'static str {
        match self {
            Self::Ours => concat!("sse-derive = { path = \"", env!("CARGO_MANIFEST_DIR"), "/../sse-derive\" }"),
            Self::Serde => "serde_derive = \"1\"",
        }
    }
}

const OURS: &str = concat!("sse-core = { path = \"", env!("CARGO_MANIFEST_DIR"), "/../sse-core\" }");

const SERDE: &str = "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"";

impl Mix {
    /// All mixes.
    pub const ALL: [Self; 2] = [Self::Mixed, Self::Structs];

    /// Returns the name used in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mixed => "mixed",
            Self::Structs => "structs",
        }
    }

    /// Returns the variants of an enum. Their fields are of standard types, so that no derive of a payload is measured.
    const fn variants(self) -> [&'static str; VARIANTS] {
        match self {
            Self::Mixed => [
                "Opened",
                "Closed",
                "Note(String)",
                "Count(u64)",
                "Names(Vec<String>)",
                "Moved { symbol: String, price: f64, volume: u32 }",
                "Joined { user: String, room: Option<String>, at: u64 }",
                "Pair(u32, String)",
            ],
            Self::Structs => [
                "Opened { at: u64, by: String }",
                "Closed { at: u64, reason: Option<String> }",
                "Note { text: String, author: String, pinned: bool }",
                "Count { of: String, value: u64 }",
                "Names { names: Vec<String>, more: bool }",
                "Moved { symbol: String, price: f64, volume: u32 }",
                "Joined { user: String, room: Option<String>, at: u64 }",
                "Pair { left: u32, right: String }",
            ],
        }
    }
}

/// How many events a package has, and how they are divided among enums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Events {
    /// The number of enums that are flattened into one.
    pub parts: usize,
    /// The number of events of each.
    pub each: usize,
}

/// The enum that holds all events of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// An enum with a variant for each event.
    Plain,
    /// An enum with a flattened variant for each part.
    Flattened,
    /// A generic enum that is instantiated with the parts.
    Generic,
}

impl Whole {
    const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Flattened => "flattened",
            Self::Generic => "generic",
        }
    }
}

/// A generated package.
#[derive(Debug)]
pub struct Package {
    /// The name of the package.
    pub name: String,
    /// The directory with the manifest.
    pub folder: PathBuf,
    /// The package of the derive macro that it depends on.
    pub derive: &'static str,
}

impl Package {
    /// Writes a package of `enums` enums to a subdirectory of `root`.
    ///
    /// # Errors
    ///
    /// Returns an error if the package cannot be written.
    pub fn of_enums(root: &Path, side: Side, mix: Mix, enums: usize) -> io::Result<Self> {
        let name = format!("{}-{}", side.name(), mix.name());
        Self::write(root, name, side, side.dependencies(), &source(side, mix, enums))
    }

    /// Writes a package in which one enum holds all events, and which writes and reads that enum once. The event names
    /// of all parts end alike.
    ///
    /// # Errors
    ///
    /// Returns an error if the package cannot be written.
    pub fn of_events(root: &Path, whole: Whole, events: Events) -> io::Result<Self> {
        let name = format!("{}-{}-{}", whole.name(), events.parts, events.each);
        Self::write(root, name, Side::Ours, Side::Ours.dependencies(), &source_of_events(whole, events))
    }

    /// Writes an empty package that depends only on the package of the derive macro.
    ///
    /// # Errors
    ///
    /// Returns an error if the package cannot be written.
    pub fn of_macros(root: &Path, side: Side) -> io::Result<Self> {
        Self::write(root, format!("{}-macros", side.name()), side, side.macros(), "")
    }

    fn write(root: &Path, name: String, side: Side, dependencies: &str, source: &str) -> io::Result<Self> {
        let folder = root.join(&name);
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest(&name, dependencies))?;
        fs::write(folder.join("src/lib.rs"), source)?;
        // The copied lock file selects the same versions as in this workspace.
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { name, folder, derive: side.derive() })
    }

    /// Rewrites the source file, so that cargo compiles the package again.
    ///
    /// # Errors
    ///
    /// Returns an error if the source file cannot be read or written.
    pub fn touch(&self) -> io::Result<()> {
        let file = self.folder.join("src/lib.rs");
        fs::write(&file, fs::read(&file)?)
    }
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\n[workspace]\n")
}

/// Returns the source of `enums` enums, each with a function that writes it and one that reads it.
fn source(side: Side, mix: Mix, enums: usize) -> String {
    let mut source = String::from(match side {
        Side::Ours => OUR_IMPORTS,
        Side::Serde => "use serde::{Deserialize, Serialize};\n",
    });
    let variants = mix.variants().join(",\n    ");
    for number in 0..enums {
        let (derive, functions) = match side {
            Side::Ours => ("#[derive(SseEvent)]", OUR_FUNCTIONS),
            Side::Serde => {
                ("#[derive(Serialize, Deserialize)]\n#[serde(tag = \"event\", content = \"data\")]", SERDE_FUNCTIONS)
            }
        };
        let functions = functions.replace('#', &number.to_string());
        // Writing to a `String` cannot fail.
        let _ = write!(source, "\n{derive}\npub enum Feed{number} {{\n    {variants},\n}}\n{functions}");
    }
    source
}

/// Returns the source of an enum `Feed0` with all events, and of its parts.
fn source_of_events(whole: Whole, Events { parts, each }: Events) -> String {
    let mut source = String::from(OUR_IMPORTS);
    if whole == Whole::Plain {
        source.push_str(&enum_of_events("Feed0", "", parts * each));
    } else {
        for part in 0..parts {
            source.push_str(&enum_of_events(&format!("Part{part}"), &format!("part{part}."), each));
        }
        source.push_str(&enum_of_parts(whole, parts));
    }
    source.push_str(&OUR_FUNCTIONS.replace('#', "0"));
    source
}

/// Returns the source of an enum with a variant for each event.
fn enum_of_events(name: &str, prefix: &str, events: usize) -> String {
    let variant = |event| format!("    #[sse(event = \"{prefix}{event:04}.has.happened\")]\n    Event{event}(u32),\n");
    let variants: Vec<_> = (0..events).map(variant).collect();
    format!("\n#[derive(SseEvent)]\npub enum {name} {{\n{}}}\n", variants.concat())
}

/// Returns the source of an enum that flattens the parts.
fn enum_of_parts(whole: Whole, parts: usize) -> String {
    let listed = |letter: &str| (0..parts).map(|part| format!("{letter}{part}")).collect::<Vec<_>>().join(", ");
    let variants = |letter: &str| {
        let variant = |part| format!("    #[sse(flatten)]\n    Part{part}({letter}{part}),\n");
        (0..parts).map(variant).collect::<Vec<_>>().concat()
    };
    if whole == Whole::Generic {
        let (parameters, variants, arguments) = (listed("T"), variants("T"), listed("Part"));
        format!(
            "\n#[derive(SseEvent)]\npub enum Of<{parameters}> {{\n{variants}}}\n\npub type Feed0 = Of<{arguments}>;\n"
        )
    } else {
        format!("\n#[derive(SseEvent)]\npub enum Feed0 {{\n{}}}\n", variants("Part"))
    }
}

const OUR_IMPORTS: &str =
    "use sse_core::{DecodeError, Decoded, EncodeError, Encoder, RawEvent, SseDecode, SseEvent};\n";

const OUR_FUNCTIONS: &str = "
pub fn write#(feed: &Feed#, encoder: &mut Encoder) -> Result<(), EncodeError> {
    encoder.event(feed)
}

pub fn read#(raw: RawEvent<'_>) -> Result<Decoded<Feed#>, DecodeError> {
    Feed#::decode(raw)
}
";

const SERDE_FUNCTIONS: &str = "
pub fn write#(feed: &Feed#, out: &mut Vec<u8>) -> serde_json::Result<()> {
    serde_json::to_writer(out, feed)
}

pub fn read#(text: &str) -> serde_json::Result<Feed#> {
    serde_json::from_str(text)
}
";
