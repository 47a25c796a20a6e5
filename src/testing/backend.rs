//! Which backends a test runs on, and where their servers are.

use std::env;

/// The backends that are compiled in, by the names their dialects have.
const COMPILED_IN: &[&str] = &[
    #[cfg(feature = "sqlite")]
    "sqlite",
    #[cfg(feature = "postgres")]
    "postgres",
    #[cfg(feature = "mysql")]
    "mysql",
    #[cfg(feature = "mysql")]
    "mariadb",
];

/// Where a backend's tests run.
pub(super) enum Place {
    /// On a database of each test's own, with nothing to set up.
    Memory,
    /// On each of the servers at these URLs.
    Servers(Vec<String>),
    /// Nowhere: the variable of this name is not set.
    Nowhere { variable: &'static str },
}

/// Where the tests of a backend run.
///
/// # Panics
/// Where `CREOLE_TEST_REQUIRE` asks for a backend that is not there: a test that was required must not pass unseen.
pub(super) fn place(backend: &str) -> Place {
    let required = env::var("CREOLE_TEST_REQUIRE").unwrap_or_default();
    for name in required.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        assert!(
            COMPILED_IN.contains(&name),
            "CREOLE_TEST_REQUIRE asks for `{name}`, which is not compiled in; the features give {COMPILED_IN:?}"
        );
    }
    let variable = match backend {
        "sqlite" => return Place::Memory,
        "postgres" => "CREOLE_TEST_POSTGRES",
        "mysql" => "CREOLE_TEST_MYSQL",
        "mariadb" => "CREOLE_TEST_MARIADB",
        other => panic!("creole has no backend `{other}`"),
    };
    match env::var(variable) {
        Ok(urls) if urls.split_whitespace().next().is_some() => {
            Place::Servers(urls.split_whitespace().map(str::to_owned).collect())
        }
        _ => {
            let is_required = required.split(',').any(|name| name.trim() == backend);
            assert!(!is_required, "CREOLE_TEST_REQUIRE asks for `{backend}`, but {variable} is not set");
            Place::Nowhere { variable }
        }
    }
}
