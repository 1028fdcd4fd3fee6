//! The seeds of the fuzz targets in `fuzz/corpus`, which are generated from the vectors.

use std::{collections::BTreeMap, env, fs, path::Path};

use super::{case::Case, streams};
use crate::vectors::Parts;

/// The contents of the seed files, by file name.
type Seeds = BTreeMap<String, Vec<u8>>;

/// Rewrites the files if `SSE_BLESS` is set in the environment.
#[test]
fn the_seeds_of_the_fuzz_targets_match_the_vectors() {
    let (mut in_streams, mut in_envelopes) = (Seeds::new(), Seeds::new());
    for (case, _) in streams() {
        assert!(
            in_streams.insert(file_name(&case.name), stream(&case)).is_none(),
            "two vectors have the same file name: {}",
            case.name
        );
        if let Some(parts) = &case.envelope {
            in_envelopes.insert(file_name(&case.name), envelope(parts));
        }
    }
    for (folder, seeds) in [("streams", in_streams), ("envelopes", in_envelopes)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(folder);
        if env::var_os("SSE_BLESS").is_some() {
            write(&folder, &seeds);
        }
        assert!(
            read(&folder) == seeds,
            "{} is out of date; run `SSE_BLESS=1 cargo test -p sse-tests seeds`",
            folder.display()
        );
    }
}

fn file_name(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

/// Returns the bytes of a stream, followed by FF and the sizes of its chunks if it has several.
fn stream(case: &Case) -> Vec<u8> {
    let chunks = case.chunks.as_deref().unwrap_or_default();
    let mut seed = chunks.concat();
    if chunks.len() > 1 {
        seed.push(0xFF);
        seed.extend(chunks.iter().map(|chunk| u8::try_from(chunk.len()).expect("a short chunk")));
    }
    seed
}

/// Returns the parts of an envelope, each preceded by its letter, separated by FF.
fn envelope(parts: &Parts) -> Vec<u8> {
    let retry = parts.retry.map(|retry| retry.to_string());
    let texts = [('c', &parts.comment), ('e', &parts.event), ('i', &parts.id), ('r', &retry), ('d', &parts.data)];
    let parts = texts.into_iter().filter_map(|(letter, text)| Some(format!("{letter}{}", text.as_ref()?).into_bytes()));
    parts.collect::<Vec<_>>().join(&0xFF)
}

fn write(folder: &Path, seeds: &Seeds) {
    if folder.exists() {
        fs::remove_dir_all(folder).expect("the old seeds can be removed");
    }
    fs::create_dir_all(folder).expect("the folder can be created");
    for (name, seed) in seeds {
        fs::write(folder.join(name), seed).expect("a seed can be written");
    }
}

fn read(folder: &Path) -> Seeds {
    let files = fs::read_dir(folder).expect("the folder can be read").map(|file| file.expect("an entry"));
    files
        .map(|file| {
            (file.file_name().into_string().expect("ASCII"), fs::read(file.path()).expect("a seed can be read"))
        })
        .collect()
}
