//! Compiler messages for streams that cannot be served or read.

/// To accept changed messages, run `TRYBUILD=overwrite cargo test -p sse-axum --all-features --test ui`.
#[test]
fn messages_name_the_missing_trait_and_its_remedy() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
