//! Random tests name the seed they ran with.

use std::hash::{BuildHasher, RandomState};

/// A generator, whose seed is printed: the one that the variable `SEED` names, or else any.
pub(crate) fn random() -> fastrand::Rng {
    let given = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| RandomState::new().hash_one(0));
    println!("SEED={seed}");
    fastrand::Rng::with_seed(seed)
}
