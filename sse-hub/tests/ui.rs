//! Messages that rustc writes.

#[test]
fn mistakes_are_reported_in_the_words_of_the_hub() {
    let cases = trybuild::TestCases::new();
    // A case that passes, so that all cases are built and not only checked: the check of IDs happens in the build.
    cases.pass("tests/ui/pass.rs");
    cases.compile_fail("tests/ui/without_on_gap.rs");
    cases.compile_fail("tests/ui/own_id.rs");
}
