//! How the expected text of a statement is compared, dialect by dialect.

use creole::dialect::Dialect;

/// The text that each dialect should render.
pub(super) struct Expected<'a> {
    pub(super) sqlite: &'a str,
    pub(super) postgres: &'a str,
    pub(super) mysql: &'a str,
    pub(super) mariadb: &'a str,
}

impl Expected<'_> {
    fn of(&self, dialect: &str) -> &str {
        match dialect {
            "sqlite" => self.sqlite,
            "postgres" => self.postgres,
            "mysql" => self.mysql,
            "mariadb" => self.mariadb,
            other => panic!("no expectation for {other}"),
        }
    }
}

/// The dialects that are compiled in.
pub(super) fn dialects() -> Vec<&'static dyn Dialect> {
    vec![
        #[cfg(feature = "sqlite")]
        &creole::Sqlite,
        #[cfg(feature = "postgres")]
        &creole::Postgres,
        #[cfg(feature = "mysql")]
        &creole::MySql,
        #[cfg(feature = "mysql")]
        &creole::MariaDb,
    ]
}

/// Renders with every dialect and compares.
#[track_caller]
pub(super) fn check(render: impl Fn(&dyn Dialect) -> creole::Result<String>, expected: Expected<'_>) {
    for dialect in dialects() {
        let name = dialect.name();
        match render(dialect) {
            Ok(sql) => assert_eq!(sql, expected.of(name), "on {name}"),
            Err(error) => panic!("{name} refused: {error:?}"),
        }
    }
}

/// Renders with every dialect and compares; where one can't say it, its error is what is compared.
#[track_caller]
pub(super) fn check_or_refuse(render: impl Fn(&dyn Dialect) -> creole::Result<String>, expected: Expected<'_>) {
    for dialect in dialects() {
        let text = render(dialect).unwrap_or_else(|error| {
            assert_eq!(error.kind(), creole::ErrorKind::Unsupported, "{error}");
            error.to_string()
        });
        assert_eq!(text, expected.of(dialect.name()), "on {}", dialect.name());
    }
}
