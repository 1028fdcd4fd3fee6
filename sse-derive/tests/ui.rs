//! Tests of error messages that the compiler prints, such as those for missing trait bounds.

/// To accept a change, run `TRYBUILD=overwrite cargo test -p sse-derive --test ui`.
#[test]
fn compile_errors_match_the_recorded_messages() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
