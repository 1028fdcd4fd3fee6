//! What the compiler says of streams that cannot be served or read, in our words.

/// To take over a change: `TRYBUILD=overwrite cargo test -p sse-axum --test ui`.
#[test]
fn what_a_stream_lacks_is_named_with_its_remedy() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
