//! Indexes: unique, descending, over expressions and over some of the rows.

use creole::prelude::*;
use creole::sql::create_table;

use super::check::dialects;

#[derive(Model)]
#[model(table = "t", unique_index(a, b.desc(), name = "by_both"), index(b.desc()), unique_index(b, a.asc()))]
struct Plain {
    #[model(primary_key)]
    id: i64,
    a: i32,
    b: i32,
}

#[derive(Model)]
#[model(table = "t", index(a, filter = Self::b.gt(1).and(Self::a.ne(3))))]
struct Partial {
    #[model(primary_key)]
    id: i64,
    a: i32,
    b: i32,
}

#[derive(Model)]
#[model(table = "t", unique_index(name = "is_great", a, expr = Self::b.gt(1)), index(name = "down", expr = Self::a.eq(Self::b).desc()))]
struct Computed {
    #[model(primary_key)]
    id: i64,
    a: i32,
    b: i32,
}

/// The lines about indexes, from each dialect; or what it says instead.
fn index_lines(table: &'static creole::schema::Table) -> Vec<(&'static str, Result<Vec<String>, String>)> {
    let of = |dialect: &'static dyn creole::Dialect| {
        let statements = create_table(dialect, table).map_err(|error| {
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert_eq!(error.table(), Some("t"));
            error.to_string()
        })?;
        let text = statements.join("\n");
        let lines = text.lines().map(|line| line.trim().trim_end_matches(','));
        Ok(lines
            .filter(|line| line.contains("INDEX") || line.contains("KEY `") && !line.contains("pk_t"))
            .map(Into::into)
            .collect())
    };
    dialects().into_iter().map(|dialect| (dialect.name(), of(dialect))).collect()
}

#[test]
fn unique_and_descending() {
    for (name, lines) in index_lines(Plain::table()) {
        let expected = match name {
            "sqlite" | "postgres" => [
                r#"CREATE UNIQUE INDEX IF NOT EXISTS "by_both" ON "t" ("a", "b" DESC)"#,
                r#"CREATE INDEX IF NOT EXISTS "ix_t_b" ON "t" ("b" DESC)"#,
                r#"CREATE UNIQUE INDEX IF NOT EXISTS "ux_t_b_a" ON "t" ("b", "a")"#,
            ],
            _ => {
                ["UNIQUE KEY `by_both` (`a`, `b` DESC)", "KEY `ix_t_b` (`b` DESC)", "UNIQUE KEY `ux_t_b_a` (`b`, `a`)"]
            }
        };
        assert_eq!(lines.unwrap(), expected, "{name}");
    }
}

#[test]
fn over_some_of_the_rows() {
    for (name, lines) in index_lines(Partial::table()) {
        match name {
            "sqlite" | "postgres" => {
                let expected = r#"CREATE INDEX IF NOT EXISTS "ix_t_a" ON "t" ("a") WHERE "b" > 1 AND "a" <> 3"#;
                assert_eq!(lines.unwrap(), [expected], "{name}");
            }
            _ => {
                let error = lines.unwrap_err();
                assert!(
                    error.starts_with("the index ix_t_a of t, which holds only some of the rows, is not supported"),
                    "{error}"
                );
                assert!(error.contains(name) && error.contains("index all rows"), "{error}");
            }
        }
    }
}

#[test]
fn over_expressions() {
    for (name, lines) in index_lines(Computed::table()) {
        match name {
            "sqlite" | "postgres" => {
                let expected = [
                    r#"CREATE UNIQUE INDEX IF NOT EXISTS "is_great" ON "t" ("a", ("b" > 1))"#,
                    r#"CREATE INDEX IF NOT EXISTS "down" ON "t" (("a" = "b") DESC)"#,
                ];
                assert_eq!(lines.unwrap(), expected, "{name}");
            }
            "mysql" => {
                let expected = ["UNIQUE KEY `is_great` (`a`, (`b` > 1))", "KEY `down` ((`a` = `b`) DESC)"];
                assert_eq!(lines.unwrap(), expected, "{name}");
            }
            _ => {
                let error = lines.unwrap_err();
                assert!(
                    error.starts_with("the index is_great of t, which is over an expression, is not supported"),
                    "{error}"
                );
                assert!(error.contains("GENERATED ALWAYS AS"), "{error}");
            }
        }
    }
}
