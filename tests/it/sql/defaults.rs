//! DEFAULT clauses.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use creole::prelude::*;
use creole::sql::create_table;

use super::check::dialects;

#[derive(Model)]
#[model(table = "given")]
struct Given {
    #[model(primary_key)]
    id: i32,
    #[model(server_default = now)]
    at: DateTime<Utc>,
    #[model(server_default = now)]
    local: NaiveDateTime,
    #[model(server_default = now)]
    day: NaiveDate,
    #[model(server_default = now)]
    clock: NaiveTime,
    #[model(server_default = true)]
    yes: bool,
    #[model(precision = 8, scale = 2, server_default = -1.5)]
    price: Decimal,
    #[model(precision = 8, scale = 2, sqlite = scaled_integer, server_default = -1.5)]
    scaled: Decimal,
    #[model(server_default = text(r"it's a\"))]
    text: String,
    #[model(server_default(sqlite = "1 + 1", postgres = "1 + 2", mysql = "1 + 3", mariadb = "1 + 4"))]
    own: i32,
}

#[test]
fn a_value_is_in_the_form_of_its_column() {
    for dialect in dialects() {
        let sql = create_table(dialect, Given::table()).unwrap().join(";");
        let defaults: Vec<&str> = sql
            .lines()
            .filter_map(|line| line.split_once(" DEFAULT (")?.1.split_once(") NOT NULL").map(|(default, _)| default))
            .collect();
        let expected = match dialect.name() {
            "sqlite" => [
                "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')",
                "strftime('%Y-%m-%dT%H:%M:%f000', 'now')",
                "strftime('%Y-%m-%d', 'now')",
                "strftime('%H:%M:%f000', 'now')",
                "1",
                "'-1.50'",
                "-150",
                r"'it''s a\'",
                "1 + 1",
            ],
            "postgres" => [
                "CURRENT_TIMESTAMP",
                "timezone('UTC', CURRENT_TIMESTAMP)",
                "timezone('UTC', CURRENT_TIMESTAMP)::date",
                "timezone('UTC', CURRENT_TIMESTAMP)::time",
                "TRUE",
                "-1.5",
                "-1.5",
                r"'it''s a\'",
                "1 + 2",
            ],
            name => [
                "utc_timestamp(6)",
                "utc_timestamp(6)",
                "utc_date()",
                "utc_time(6)",
                "TRUE",
                "-1.5",
                "-1.5",
                r"'it''s a\\'",
                if name == "mysql" { "1 + 3" } else { "1 + 4" },
            ],
        };
        assert_eq!(defaults, expected, "on {}", dialect.name());
    }
}
