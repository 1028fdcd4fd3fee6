//! What the compiler says, in our words, where a bound is missing.

/// To take over a change: `TRYBUILD=overwrite cargo test -p sse-derive --test ui`.
#[test]
fn missing_bounds_are_named_with_their_remedy() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
