//! Crates of many enums, written by this program: the same ones for this project's derive and for serde's.

use std::{
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
};

/// How many variants an enum has.
pub const VARIANTS: usize = 8;

/// Who writes and reads the enums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `#[derive(SseEvent)]`, an `Encoder` and `SseDecode`.
    Ours,
    /// `#[derive(Serialize, Deserialize)]` with the tag beside the content, `to_writer` and `from_str`.
    Serde,
}

/// Which variants an enum has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// Two units, three newtypes, two structs and a tuple.
    Mixed,
    /// Structs only.
    Structs,
}

impl Side {
    /// Both of them.
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
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Mixed, Self::Structs];

    /// As in the tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mixed => "mixed",
            Self::Structs => "structs",
        }
    }

    /// The variants of one enum, with types that all of them share: no payload's own derive is in the measure.
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

/// A generated package.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The folder with its manifest.
    pub folder: PathBuf,
    /// The derive's package, which it needs.
    pub derive: &'static str,
}

impl Package {
    /// The package of these enums, in a folder of its own below `root`.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn of_enums(root: &Path, side: Side, mix: Mix, enums: usize) -> io::Result<Self> {
        let name = format!("{}-{}", side.name(), mix.name());
        Self::write(root, name, side, side.dependencies(), &source(side, mix, enums))
    }

    /// A package that needs the derive's own package, and nothing else.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn of_macros(root: &Path, side: Side) -> io::Result<Self> {
        Self::write(root, format!("{}-macros", side.name()), side, side.macros(), "")
    }

    fn write(root: &Path, name: String, side: Side, dependencies: &str, source: &str) -> io::Result<Self> {
        let folder = root.join(&name);
        fs::create_dir_all(folder.join("src"))?;
        fs::write(folder.join("Cargo.toml"), manifest(&name, dependencies))?;
        fs::write(folder.join("src/lib.rs"), source)?;
        // The versions are those of this workspace.
        fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Self { name, folder, derive: side.derive() })
    }

    /// Makes cargo compile the package again.
    ///
    /// # Errors
    ///
    /// When its source cannot be written.
    pub fn touch(&self) -> io::Result<()> {
        let file = self.folder.join("src/lib.rs");
        fs::write(&file, fs::read(&file)?)
    }
}

fn manifest(name: &str, dependencies: &str) -> String {
    format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n\n[workspace]\n")
}

/// As many enums as asked for, each with a function that writes it and one that reads it.
fn source(side: Side, mix: Mix, enums: usize) -> String {
    let mut source = String::from(match side {
        Side::Ours => "use sse_core::{DecodeError, Decoded, EncodeError, Encoder, RawEvent, SseDecode, SseEvent};\n",
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
        // Writing into a `String` cannot fail.
        let _ = write!(source, "\n{derive}\npub enum Feed{number} {{\n    {variants},\n}}\n{functions}");
    }
    source
}

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
