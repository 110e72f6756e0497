//! Some thousand inputs for every reader; `cargo xtask fuzz` gives them millions.

use fuzz::{Plan, run};

#[test]
fn whatever_is_read_is_taken_or_refused_and_a_refusal_changes_nothing() {
    let told = run(Plan {
        inputs: 200_000,
        seed: 20_261_123,
    });
    let told = told.unwrap();
    for target in &told {
        assert_eq!(target.failure, None, "{}", target.target);
        // What is right is among them.
        assert!(
            target.accepted > 0 && target.accepted < target.inputs,
            "{target:?}"
        );
    }
    assert!(told.iter().map(|it| it.inputs).sum::<u64>() >= 199_000);
}
