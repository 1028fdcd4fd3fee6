//! The path to `sse_core` in the user's crate, from its manifest.
//!
//! The crate may depend on `sse_core` under another name, or only on `sse_axum`, which re-exports it. The manifest is
//! read again for each derive, which takes less time than the expansion, because a process may expand the derives of
//! several crates.

use std::{
    cell::OnceCell,
    env, fs,
    path::{Path, PathBuf},
};

use syn::parse_quote;

/// Returns the path to `sse_core` from the crate that is compiled, or `::sse_core` if the manifest does not contain it.
pub(crate) fn crate_path() -> syn::Path {
    let folder = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let found = folder.and_then(|folder| {
        let manifest = Manifest::parse(&read(&folder)?);
        let workspace = OnceCell::new();
        manifest.find(&|name| {
            let read = || Dependencies::of_workspace(&folder, manifest.workspace.as_deref());
            workspace.get_or_init(read).as_ref()?.package(name)
        })
    });
    found.and_then(|found| found.path()).unwrap_or_else(|| parse_quote!(::sse_core))
}

/// Returns the text of the manifest in a folder.
fn read(folder: &Path) -> Option<String> {
    fs::read_to_string(folder.join("Cargo.toml")).ok()
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
    /// The folder of the workspace, if the package names it.
    workspace: Option<String>,
}

impl Manifest {
    /// Parses the tables of dependencies, and the folder of the workspace. Everything else is skipped.
    fn parse(text: &str) -> Self {
        let mut manifest = Self::default();
        for (path, value) in entries(text) {
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            let (kind, rest) = match path.as_slice() {
                ["target", _, kind, rest @ ..] | [kind, rest @ ..] => (*kind, rest),
                [] => continue,
            };
            match (kind, rest) {
                ("dependencies", _) => manifest.normal.store(rest, value),
                ("dev-dependencies" | "build-dependencies", _) => manifest.other.store(rest, value),
                ("package", ["workspace"]) => manifest.workspace = Some(unquoted(value)),
                _ => {}
            }
        }
        manifest
    }

    /// Finds `sse_core`. `inherited` returns the package of a dependency of the workspace, if it differs from its name.
    fn find(&self, inherited: &dyn Fn(&str) -> Option<String>) -> Option<Found> {
        for dependencies in [&self.normal, &self.other] {
            if let Some(name) = dependencies.name_of("sse-core", inherited) {
                return Some(Found::Directly(name));
            }
            if let Some(name) = dependencies.name_of("sse-axum", inherited) {
                return Some(Found::ThroughAxum(name));
            }
        }
        None
    }
}

/// The keys of dependencies, in the order of the manifest.
#[derive(Default)]
struct Dependencies(Vec<Setting>);

/// A key of a dependency with its value as written. The key is empty for the whole value of the dependency.
struct Setting {
    dependency: String,
    key: String,
    value: String,
}

impl Dependencies {
    /// Reads the dependencies of the workspace of a package: the workspace in the folder that the package names, or the
    /// first one with dependencies in a folder above the package.
    fn of_workspace(package: &Path, named: Option<&str>) -> Option<Self> {
        match named {
            Some(named) => Self::parse_workspace(&read(&package.join(named))?),
            None => package.ancestors().filter_map(read).find_map(|text| Self::parse_workspace(&text)),
        }
    }

    /// Parses the dependencies of a workspace, or returns `None` if the manifest does not have any.
    fn parse_workspace(text: &str) -> Option<Self> {
        let mut dependencies = Self::default();
        for (path, value) in entries(text) {
            let path: Vec<_> = path.iter().map(String::as_str).collect();
            if let ["workspace", "dependencies", rest @ ..] = path.as_slice() {
                dependencies.store(rest, value);
            }
        }
        (!dependencies.0.is_empty()).then_some(dependencies)
    }

    /// Stores an entry. Its path begins with the name of the dependency.
    fn store(&mut self, path: &[&str], value: &str) {
        let [dependency, key @ ..] = path else { return };
        let mut set = |key: &str, value: &str| {
            self.0.push(Setting { dependency: (*dependency).into(), key: key.into(), value: value.into() });
        };
        set(&key.join("."), value);
        if key.is_empty() {
            inline(value, &mut set);
        }
    }

    /// Returns the value of a key of a dependency.
    fn value(&self, dependency: &str, key: &str) -> Option<&str> {
        let setting = self.0.iter().find(|setting| setting.dependency == dependency && setting.key == key)?;
        Some(&setting.value)
    }

    /// Returns the package of a dependency, if the key for it is set.
    fn package(&self, dependency: &str) -> Option<String> {
        self.value(dependency, "package").map(unquoted)
    }

    /// Returns the name under which a package is a dependency. The name of the package itself is preferred, because a
    /// package of the same name may come from elsewhere.
    fn name_of(&self, package: &str, inherited: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let is_package = |setting: &&Setting| {
            let name = &setting.dependency;
            let renamed = match self.value(name, "workspace") {
                Some("true") => inherited(name),
                _ => self.package(name),
            };
            renamed.map_or(name == package, |renamed| renamed == package)
        };
        let own = self.0.iter().find(|setting| setting.dependency == package).filter(is_package);
        let setting = own.or_else(|| self.0.iter().find(is_package))?;
        Some(setting.dependency.replace('-', "_"))
    }
}

/// Returns the entries of a manifest that are on one line: the path of the table and the key, and the value as written.
/// A value that spans several lines is cut at the end of its first line, which is enough for the keys that are read.
fn entries(text: &str) -> Vec<(Vec<String>, &str)> {
    let mut entries = Vec::new();
    let mut table = Vec::new();
    for line in text.lines() {
        let line = split(line, '#').map_or(line, |(before_comment, _)| before_comment).trim();
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            table = key(name);
        } else if let Some((name, value)) = split(line, '=') {
            entries.push(([table.clone(), key(name)].concat(), value.trim()));
        }
    }
    entries
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

/// Calls `set` with the keys and values of an inline table, and not at all for another value.
fn inline(value: &str, set: &mut dyn FnMut(&str, &str)) {
    let mut rest = value.strip_prefix('{').map(|value| value.trim_end().trim_end_matches('}'));
    while let Some(entries) = rest {
        let (entry, after) = split(entries, ',').map_or((entries, None), |(entry, after)| (entry, Some(after)));
        if let Some((name, value)) = split(entry, '=') {
            set(&unquoted(name.trim()), value.trim());
        }
        rest = after;
    }
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
    use super::{Dependencies, Found, Manifest};

    fn directly(name: &str) -> Found {
        Found::Directly(name.into())
    }

    fn through(name: &str) -> Found {
        Found::ThroughAxum(name.into())
    }

    fn find(manifest: &str) -> Option<Found> {
        Manifest::parse(manifest).find(&|_| None)
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
            let workspace_of = Dependencies::parse_workspace(workspace).unwrap();
            let found = manifest.find(&|name| workspace_of.package(name));
            assert_eq!(found, Some(directly("events")), "{workspace}");
        }
        assert!(Dependencies::parse_workspace("[workspace]\nmembers = [\"a\"]").is_none());
    }

    #[test]
    fn the_workspace_can_be_named_by_the_package() {
        for manifest in ["[package]\nworkspace = \"../..\"", "package.workspace = '../..' # above"] {
            assert_eq!(Manifest::parse(manifest).workspace.as_deref(), Some("../.."), "{manifest}");
        }
        assert_eq!(Manifest::parse("[package]\nversion.workspace = true").workspace, None);
    }
}
