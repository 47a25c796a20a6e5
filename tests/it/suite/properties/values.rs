//! Random values of a type, with those at its ends before them.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::random::seed;

/// How many random values of each type there are.
const CASES: usize = 256;

/// The ends of a type, and 256 random values, of which some occur twice. The seed is printed, and read from `SEED`.
pub(super) fn values<S: Strategy>(ends: impl IntoIterator<Item = S::Value>, strategy: S) -> Vec<S::Value>
where
    S::Value: Clone,
{
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed().to_le_bytes());
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let mut values: Vec<S::Value> = ends.into_iter().collect();
    for _ in 0..CASES {
        match strategy.new_tree(&mut runner) {
            Ok(tree) => values.push(tree.current()),
            Err(reason) => panic!("no value: {reason}"),
        }
    }
    let twice: Vec<S::Value> = values.iter().step_by(16).cloned().collect();
    values.extend(twice);
    values
}
