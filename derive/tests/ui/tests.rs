//! Functions that `#[creole::test]` can't run.
use creole_derive::test;

#[test]
fn not_async(engine: u8) {}

#[test]
async fn without_engine() {}

#[test]
async fn with_more(engine: u8, user: u8) {}

#[test]
async fn generic<E>(engine: E) {}

#[test(backend = "sqlite")]
async fn with_arguments(engine: u8) {}

#[test(crate = self::facade)]
async fn relative_path(engine: u8) {}

#[test]
#[core::prelude::v1::test]
async fn test_of_a_test(engine: u8) {}

#[test]
struct NoFunction;

fn main() {}
