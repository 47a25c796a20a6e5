//! Running one test on one backend.

use std::fmt::Debug;
use std::future::Future;
use std::io::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use creole_core::Engine;
use tokio::runtime::{Builder, Runtime};

use super::backend::{Place, place};
use super::database::Database;
use crate::Connect;
use crate::sealed::Sealed;

/// How many times a test reads by one text without a warning: more than the few rows that most tests have, and fewer than those of
/// one that measures.
const MOST_READS: u32 = 100;

/// What a test returns: nothing, or a `Result` whose error can be shown.
pub trait TestResult: Sealed {
    /// Fails the test where it failed.
    fn check(self);
}

impl Sealed for () {}

impl TestResult for () {
    fn check(self) {}
}

impl<E: Debug> Sealed for Result<(), E> {}

impl<E: Debug> TestResult for Result<(), E> {
    #[track_caller]
    fn check(self) {
        if let Err(error) = self {
            panic!("the test returned an error: {error:?}");
        }
    }
}

/// Runs a test on a backend, in a database of its own. `#[creole::test]` writes calls to it.
///
/// # Panics
/// Where the test fails, where its server can't be reached, and where `CREOLE_TEST_REQUIRE` asks for a backend that is not
/// there.
pub fn run<O: TestResult, F: Future<Output = O>>(backend: &str, test: impl Fn(Engine) -> F) {
    match place(backend) {
        Place::Memory => run_on(backend, None, &test),
        Place::Servers(urls) if urls.len() > 1 => run_on_each(backend, &urls, &test),
        Place::Servers(urls) => run_on(backend, urls.first().map(String::as_str), &test),
        Place::Nowhere { variable } => {
            // Written past the test harness's capture, so that it is seen for a test that passes.
            let _ = writeln!(std::io::stderr(), "ignored: {backend} (set {variable} to run it)");
        }
    }
}

/// Runs a test on every server, also after one on which it failed.
fn run_on_each<O: TestResult, F: Future<Output = O>>(backend: &str, urls: &[String], test: &impl Fn(Engine) -> F) {
    let mut failed = Vec::new();
    for url in urls {
        let server = format!("{backend}@{}", address(url));
        report_start(&server);
        if catch_unwind(AssertUnwindSafe(|| run_on(backend, Some(url), test))).is_err() {
            failed.push(server);
        }
    }
    assert!(failed.is_empty(), "the test failed on {}", failed.join(", "));
}

/// Captured by the test harness, and shown where the test fails: by the macro alone, for a writer would go past the capture.
#[allow(clippy::print_stdout, reason = "the test harness captures nothing else")]
fn report_start(server: &str) {
    println!("on {server}:");
}

/// Where a URL's server is, without the user and the password.
fn address(url: &str) -> &str {
    let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = authority.split(['/', '?']).next().unwrap_or(authority);
    authority.rsplit_once('@').map_or(authority, |(_, address)| address)
}

fn run_on<O: TestResult, F: Future<Output = O>>(backend: &str, server: Option<&str>, test: &impl Fn(Engine) -> F) {
    let runtime = runtime();
    let database = runtime.block_on(async {
        match server {
            None => Database::in_memory(),
            Some(url) => Database::create(url).await.unwrap_or_else(|error| {
                panic!("no database for a test could be created on {backend}: {error:?}");
            }),
        }
    });
    database.announce();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            let engine = open(backend, &database.url).await;
            test(engine.clone()).await.check();
            engine.close().await;
        });
    }));
    let dropped = runtime.block_on(database.drop());
    runtime.shutdown_background();
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
    if let Err(error) = dropped {
        panic!("the test's database could not be dropped: {error:?}");
    }
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a tokio runtime for a test")
}

async fn open(backend: &str, url: &str) -> Engine {
    let builder = Engine::builder(url);
    let builder = if cfg!(debug_assertions) { builder.warn_repeated(MOST_READS) } else { builder };
    let engine = match builder.connect().await {
        Ok(engine) => engine,
        Err(error) => panic!("{backend} can't be reached: {error:?}"),
    };
    let name = engine.dialect().name();
    assert_eq!(name, backend, "the server named for {backend} is {name}");
    engine
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn a_server_is_named_without_its_password() {
        assert_eq!(address("postgres://u:p@h:1/db?sslmode=disable"), "h:1");
        assert_eq!(address("mysql://u:p%40@127.0.0.1:3306"), "127.0.0.1:3306");
        assert_eq!(address("mariadb://h?x=a@b"), "h");
    }
}
