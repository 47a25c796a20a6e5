//! `#[creole::test]`, with a facade that stands in for creole's and has two backends compiled in.
// Helpers of tests fail as tests do.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::process::Command;

mod facade {
    macro_rules! __if_sqlite {
        ($($tokens:tt)*) => { $($tokens)* };
    }
    macro_rules! __if_postgres {
        ($($tokens:tt)*) => {};
    }
    macro_rules! __if_mysql {
        ($($tokens:tt)*) => { $($tokens)* };
    }
    pub(crate) use {__if_mysql, __if_postgres, __if_sqlite};

    #[derive(Debug)]
    pub(crate) struct Engine(pub(crate) &'static str);

    pub(crate) mod testing {
        use std::pin::pin;
        use std::task::{Context, Poll, Waker};

        use super::Engine;

        pub(crate) trait TestResult {
            fn report(self);
        }

        impl TestResult for () {
            fn report(self) {}
        }

        impl TestResult for Result<(), String> {
            fn report(self) {
                self.unwrap();
            }
        }

        /// Polls once: the tests here wait for nothing.
        pub(crate) fn run<O: TestResult, F: Future<Output = O>>(backend: &'static str, test: fn(Engine) -> F) {
            let future = pin!(test(Engine(backend)));
            match future.poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(outcome) => outcome.report(),
                Poll::Pending => panic!("the test waits"),
            }
        }
    }
}

use facade::Engine;

/// Its documentation stays.
#[creole_derive::test(crate = crate::facade)]
async fn runs(engine: Engine) -> Result<(), String> {
    // The test harness names its threads after the tests, unless it runs them all on its own.
    match std::thread::current().name() {
        Some("main") | None => Ok(()),
        Some(name) if name == format!("runs::{}", engine.0) => Ok(()),
        Some(name) => Err(format!("{name} ran on {}", engine.0)),
    }
}

#[test]
fn there_is_one_test_per_backend_that_is_compiled_in() {
    let this = std::env::current_exe().unwrap();
    let output = Command::new(this).arg("--list").output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let mut expected = vec!["there_is_one_test_per_backend_that_is_compiled_in: test".to_owned()];
    for function in
        ["is_ignored", "is_ignored_on_a_condition", "panics_as_announced", "runs", "takes_patterns_and_returns_nothing"]
    {
        expected.extend(["mariadb", "mysql", "sqlite"].map(|backend| format!("{function}::{backend}: test")));
    }
    let mut found: Vec<&str> = listed.lines().filter(|line| line.ends_with(": test")).collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[creole_derive::test(crate = crate::facade)]
#[should_panic(expected = "no such row")]
async fn panics_as_announced(_engine: Engine) -> Result<(), String> {
    Err("no such row".into())
}

#[creole_derive::test(crate = crate::facade)]
#[ignore = "it would fail"]
async fn is_ignored(_engine: Engine) {
    panic!("an ignored test ran");
}

#[creole_derive::test(crate = crate::facade)]
#[cfg_attr(all(), ignore = "it would fail")]
async fn is_ignored_on_a_condition(_engine: Engine) {
    panic!("an ignored test ran");
}

#[creole_derive::test(crate = crate::facade)]
#[cfg(any())]
async fn is_not_compiled(_engine: NoSuchType) {}

#[creole_derive::test(crate = crate::facade)]
async fn takes_patterns_and_returns_nothing(Engine(name): Engine) {
    assert!(!name.is_empty());
}
