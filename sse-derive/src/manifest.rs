//! The path to `sse_core` in the user's crate, from its manifest.
//!
//! The crate may depend on `sse_core` under another name, or only on `sse_axum`, which re-exports it. The manifest is
//! read again for each derive, which takes less time than the expansion, because a process may expand the derives of
//! several crates.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use syn::parse_quote;

/// Returns the path to `sse_core` from the crate that is compiled, or `::sse_core` if the manifest does not contain it.
pub(crate) fn crate_path() -> syn::Path {
    let folder = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let found = folder.and_then(|folder| {
        let manifest = Manifest::read(&folder)?;
        manifest.find(|name| Workspace::above(&folder)?.package(name))
    });
    found.and_then(|found| found.path()).unwrap_or_else(|| parse_quote!(::sse_core))
}

/// How the crate depends on `sse_core`.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// Under this name.
    Directly(String),
    /// Through `sse_axum`, under this name.
    ThroughAxum(String),
}

impl Found {
    fn path(&self) -> Option<syn::Path> {
        let path = match self {
            Self::Directly(name) => format!("::{name}"),
            Self::ThroughAxum(name) => format!("::{name}::sse_core"),
        };
        syn::parse_str(&path).ok()
    }
}

/// The dependencies in a manifest: those of the library first, because they can be used everywhere.
#[derive(Default)]
struct Manifest {
    normal: Dependencies,
    /// The dependencies of tests, examples and build scripts.
    other: Dependencies,
}

/// Dependencies by their names.
type Dependencies = BTreeMap<String, Dependency>;

/// The keys of a dependency that give its package.
#[derive(Default)]
struct Dependency {
    /// The name of the package, if it differs from that of the dependency.
    package: Option<String>,
    /// Whether the package is given by the workspace.
    is_inherited: bool,
}

impl Manifest {
    fn read(folder: &Path) -> Option<Self> {
        Some(Self::parse(&fs::read_to_string(folder.join("Cargo.toml")).ok()?))
    }

    /// Parses the tables of dependencies. Everything else is skipped.
    fn parse(text: &str) -> Self {
        let mut manifest = Self::default();
        for (table, key, value) in entries(text) {
            let segments: Vec<_> = table.iter().map(String::as_str).collect();
            let (kind, rest) = match segments.as_slice() {
                ["target", _, kind, rest @ ..] | [kind, rest @ ..] => (*kind, rest),
                [] => continue,
            };
            let dependencies = match kind {
                "dependencies" => &mut manifest.normal,
                "dev-dependencies" | "build-dependencies" => &mut manifest.other,
                _ => continue,
            };
            insert(dependencies, rest, &key, value);
        }
        manifest
    }

    /// Finds `sse_core`. `inherited` returns the package of a dependency of the workspace.
    fn find(&self, inherited: impl Fn(&str) -> Option<String>) -> Option<Found> {
        let package = |(name, dependency): (&String, &Dependency)| match dependency {
            Dependency { package: Some(package), .. } => package.clone(),
            Dependency { is_inherited: true, .. } => inherited(name).unwrap_or_else(|| name.clone()),
            Dependency { .. } => name.clone(),
        };
        // Under its own name first: a package of the same name may come from elsewhere.
        let named = |dependencies: &Dependencies, wanted: &str| {
            let is_wanted = |dependency: &(&String, &Dependency)| package(*dependency) == wanted;
            let own = dependencies.get_key_value(wanted).filter(is_wanted);
            let (name, _) = own.or_else(|| dependencies.iter().find(is_wanted))?;
            Some(name.replace('-', "_"))
        };
        [&self.normal, &self.other].into_iter().find_map(|dependencies| {
            let directly = named(dependencies, "sse-core").map(Found::Directly);
            directly.or_else(|| named(dependencies, "sse-axum").map(Found::ThroughAxum))
        })
    }
}

/// Inserts a key of a table of dependencies, or of the table of one dependency, into `dependencies`.
fn insert(dependencies: &mut Dependencies, table: &[&str], key: &[String], value: &str) {
    let path: Vec<_> = table.iter().copied().chain(key.iter().map(String::as_str)).collect();
    match path.as_slice() {
        [name] => {
            let dependency = dependencies.entry((*name).to_owned()).or_default();
            for (key, value) in inline(value) {
                dependency.set(&key, &value);
            }
        }
        [name, key] => dependencies.entry((*name).to_owned()).or_default().set(key, value),
        _ => {}
    }
}

impl Dependency {
    fn set(&mut self, key: &str, value: &str) {
        match key {
            "package" => self.package = Some(unquoted(value)),
            "workspace" => self.is_inherited = value == "true",
            _ => {}
        }
    }
}

/// The dependencies of the workspace.
struct Workspace(Dependencies);

impl Workspace {
    /// Reads the workspace that contains a package.
    fn above(folder: &Path) -> Option<Self> {
        let manifests = folder.ancestors().filter_map(|folder| fs::read_to_string(folder.join("Cargo.toml")).ok());
        manifests.into_iter().find_map(|text| Self::parse(&text))
    }

    /// Parses the dependencies of a workspace, or returns `None` if the manifest does not have any.
    fn parse(text: &str) -> Option<Self> {
        let mut dependencies = Dependencies::new();
        for (table, key, value) in entries(text) {
            let path: Vec<_> = table.iter().chain(&key).map(String::as_str).collect();
            if let ["workspace", "dependencies", rest @ ..] = path.as_slice() {
                insert(&mut dependencies, rest, &[], value);
            }
        }
        (!dependencies.is_empty()).then_some(Self(dependencies))
    }

    /// Returns the package of a dependency, if it differs from its name.
    fn package(&self, name: &str) -> Option<String> {
        self.0.get(name)?.package.clone()
    }
}

/// Returns the entries of a manifest that are on one line: the table, the key, and the value as written. A value that
/// spans several lines is cut at the end of its first line, which is enough for the keys that are read.
fn entries(text: &str) -> impl Iterator<Item = (Vec<String>, Vec<String>, &str)> {
    let mut table = Vec::new();
    text.lines().filter_map(move |line| {
        let line = without_comment(line).trim();
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            table = key(name);
            return None;
        }
        let (name, value) = split(line, '=')?;
        Some((table.clone(), key(name), value.trim()))
    })
}

/// Splits a dotted key into its parts, such as `target.'cfg(unix)'.dependencies`.
fn key(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((part, after)) = split(rest, '.') {
        parts.push(unquoted(part.trim()));
        rest = after;
    }
    parts.push(unquoted(rest.trim()));
    parts
}

/// Returns the entries of an inline table, or nothing for another value.
fn inline(value: &str) -> Vec<(String, String)> {
    let Some(mut rest) = value.strip_prefix('{').map(|value| value.trim_end().trim_end_matches('}')) else {
        return Vec::new();
    };
    let mut entries = Vec::new();
    loop {
        let (entry, after) = split(rest, ',').map_or((rest, None), |(entry, after)| (entry, Some(after)));
        if let Some((name, value)) = split(entry, '=') {
            entries.push((unquoted(name.trim()), value.trim().to_owned()));
        }
        let Some(after) = after else { return entries };
        rest = after;
    }
}

/// Returns the line up to a comment.
fn without_comment(line: &str) -> &str {
    split(line, '#').map_or(line, |(before, _)| before)
}

/// Splits text at the first `separator` that is neither in quotes nor in brackets.
fn split(text: &str, separator: char) -> Option<(&str, &str)> {
    let (mut quote, mut depth, mut is_escaped) = (None, 0_usize, false);
    let position = text.char_indices().find(|(_, letter)| {
        match (quote, letter) {
            _ if is_escaped => is_escaped = false,
            (Some('"'), '\\') => is_escaped = true,
            (Some(open), _) if open == *letter => quote = None,
            (None, '"' | '\'') => quote = Some(*letter),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, _) => return *letter == separator && depth == 0,
            (Some(_), _) => {}
        }
        false
    });
    let (position, _) = position?;
    Some((text.get(..position)?, text.get(position + separator.len_utf8()..)?))
}

/// Returns a string without its quotes.
fn unquoted(text: &str) -> String {
    text.trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Found, Manifest, Workspace};

    fn directly(name: &str) -> Found {
        Found::Directly(name.into())
    }

    fn through(name: &str) -> Found {
        Found::ThroughAxum(name.into())
    }

    fn find(manifest: &str) -> Option<Found> {
        Manifest::parse(manifest).find(|_| None)
    }

    #[test]
    fn a_direct_dependency_is_found_under_its_name() {
        for (manifest, found) in [
            ("[dependencies]\nsse-core = \"1\"", directly("sse_core")),
            ("[dependencies]\nsse-core.workspace = true", directly("sse_core")),
            ("[dependencies]\nsse-core = { path = \"../sse-core\" }\nsse-axum = \"1\"", directly("sse_core")),
            (
                "[dependencies]\na = { package = \"sse-core\", version = \"9\" }\nsse-core = { path = \".\" }",
                directly("sse_core"),
            ),
            ("[dependencies.sse-core]\nversion = \"1\"", directly("sse_core")),
            ("[dependencies]\nevents = { version = \"1\", package = \"sse-core\" }", directly("events")),
            ("[dependencies]\nevents={package='sse-core',version='1'} # sse", directly("events")),
            ("[dependencies.my-events]\npackage = \"sse-core\"\nversion = \"1\"", directly("my_events")),
            ("[dependencies]\nevents.package = \"sse-core\"\nevents.version = \"1\"", directly("events")),
            ("[target.'cfg(unix)'.dependencies]\nsse-core = \"1\"", directly("sse_core")),
            ("[dev-dependencies]\nsse-core = \"1\"", directly("sse_core")),
            ("[ dependencies ]\r\n\"sse-core\" = \"1\"\r\n", directly("sse_core")),
        ] {
            assert_eq!(find(manifest), Some(found), "{manifest}");
        }
    }

    #[test]
    fn a_dependency_through_sse_axum_is_found() {
        for (manifest, found) in [
            ("[dependencies]\nsse-axum = \"1\"", through("sse_axum")),
            ("[dependencies]\nweb = { package = \"sse-axum\", features = [\n  \"test\",\n] }", through("web")),
            // A library cannot use the dependencies of its tests.
            ("[dependencies]\nsse-axum = \"1\"\n[dev-dependencies]\nsse-core = \"1\"", through("sse_axum")),
            ("[dev-dependencies]\nsse-axum = \"1\"", through("sse_axum")),
        ] {
            assert_eq!(find(manifest), Some(found), "{manifest}");
        }
    }

    #[test]
    fn other_manifests_contain_nothing() {
        for manifest in [
            "",
            "[package]\nname = \"sse-core\"",
            "[dependencies]\n# sse-core = \"1\"\nserde = \"1\"",
            "[dependencies]\nserde = { version = \"1\", description = \"{ package = 'sse-core' }\" }",
            "[features]\nsse-core = [\"dep:serde\"]",
            "[workspace.dependencies]\nsse-core = \"1\"",
            "[[bin]]\nname = \"sse-core\"",
            "[dependencies\nsse-core",
        ] {
            assert_eq!(find(manifest), None, "{manifest}");
        }
    }

    #[test]
    fn a_renamed_dependency_of_the_workspace_is_found() {
        let manifest = Manifest::parse("[dependencies]\nevents.workspace = true\nserde = { workspace = true }");
        for workspace in [
            "[workspace.dependencies]\nevents = { package = \"sse-core\", version = \"1\" }",
            "[workspace.dependencies.events]\npackage = \"sse-core\"",
            "[workspace]\nmembers = [\"a\"]\n[workspace.dependencies]\nevents.package = \"sse-core\"",
        ] {
            let workspace_of = Workspace::parse(workspace).unwrap();
            assert_eq!(manifest.find(|name| workspace_of.package(name)), Some(directly("events")), "{workspace}");
        }
        assert!(Workspace::parse("[workspace]\nmembers = [\"a\"]").is_none());
    }
}
