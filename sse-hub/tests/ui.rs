//! Compiler messages.

#[test]
fn mistakes_are_reported_in_the_words_of_the_hub() {
    let cases = trybuild::TestCases::new();
    // A passing case, so that all cases are built and not only checked: the check of IDs runs in the build.
    cases.pass("tests/ui/pass.rs");
    cases.compile_fail("tests/ui/without_on_gap.rs");
    cases.compile_fail("tests/ui/own_id.rs");
}
