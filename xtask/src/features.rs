//! Feature checks: every combination of the features of `sse-core`, and each feature of `sse-axum`, `sse-client` and
//! `sse-hub` alone.

use std::fs;

use crate::step::{self, cargo};

/// Lints the libraries with each set of features, to find code that is dead without a feature.
pub(crate) fn check() -> Result<(), String> {
    subsets(&of("sse-core")?).iter().try_for_each(|features| lint("sse-core", features))?;
    ["sse-axum", "sse-client", "sse-hub"].into_iter().try_for_each(|package| {
        lint(package, "")?;
        of(package)?.iter().try_for_each(|feature| lint(package, feature))
    })
}

fn lint(package: &str, features: &str) -> Result<(), String> {
    let only = ["clippy", "--quiet", "--package", package, "--lib", "--no-default-features", "--features", features];
    step::run(&format!("{package} with only `{features}`"), cargo(&only).args(["--", "-D", "warnings"]))
}

/// Returns the features of a package except `default`. Its manifest must list one feature per line.
fn of(package: &str) -> Result<Vec<String>, String> {
    let path = format!("{package}/Cargo.toml");
    let manifest = fs::read_to_string(&path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
    let table = manifest.lines().skip_while(|line| *line != "[features]").skip(1);
    let keys = table.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once(" ="));
    Ok(keys.map(|(key, _)| key.to_owned()).filter(|key| key != "default" && !key.starts_with('#')).collect())
}

/// Returns all subsets, each as a comma-separated list.
fn subsets(features: &[String]) -> Vec<String> {
    let mut subsets = vec![String::new()];
    for feature in features {
        let with: Vec<String> = subsets.iter().map(|before| format!("{before},{feature}")).collect();
        subsets.extend(with);
    }
    subsets.iter().map(|subset| subset.trim_start_matches(',').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_features_have_four_subsets() {
        assert_eq!(subsets(&["a".to_owned(), "b".to_owned()]), ["", "a", "b", "a,b"]);
    }
}
