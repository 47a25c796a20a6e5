//! Section O, reflection of tables that other programs made.
//!
//! | Case | Test |
//! | --- | --- |
//! | 292 foreign keys without a name | `foreign_keys_without_a_name` |
//! | 307 checks within a column, behind the columns, named and unnamed | `checks_wherever_they_stand` |
//! | 308 conditions with parentheses and quotes | `conditions_create_the_same_table_again` |
//! | 310 indexes over expressions, long ones too | `indexes_over_expressions` |
//! | 311 columns that an index only carries | `what_an_index_carries_is_not_part_of_it` |
//! | 313 lengths of texts | `lengths_of_texts` |
//! | 316 computed columns, stored and not | `computed_columns` |
//! | 317 kinds of identity | `both_kinds_of_identity` |
//! | 319 a foreign key with a column twice | `a_foreign_key_that_names_a_column_twice` |
//! | 320 defaults as they are written | `defaults_as_they_are_written` |

use creole::prelude::*;
use creole::query::Raw;
use creole::types::ColumnType;

use super::run;

#[creole::test]
async fn foreign_keys_without_a_name(engine: Engine) -> creole::Result<()> {
    run(
        &engine,
        &[
            "CREATE TABLE parents (id int PRIMARY KEY)",
            "CREATE TABLE children (id int PRIMARY KEY, parent int, FOREIGN KEY (parent) REFERENCES parents (id))",
        ],
    )
    .await?;
    assert_eq!(engine.inspect().foreign_keys("parents").await?, []);
    let keys = engine.inspect().foreign_keys("children").await?;
    assert_eq!((keys.len(), keys[0].table.name.as_str()), (1, "parents"));
    assert_eq!((&keys[0].columns, &keys[0].references), (&vec!["parent".to_owned()], &vec!["id".to_owned()]));
    // The servers make one up.
    assert_eq!(keys[0].name.is_some(), engine.dialect().name() != "sqlite");
    Ok(())
}

#[creole::test]
async fn checks_wherever_they_stand(engine: Engine) -> creole::Result<()> {
    run(
        &engine,
        &[
            "CREATE TABLE none (a int)",
            "CREATE TABLE inside (a int CHECK (a > 1 AND a < 5), b int UNIQUE)",
            "CREATE TABLE behind (a int, b int, CONSTRAINT large CHECK (a > 1), CHECK (b <> 7), UNIQUE (a, b))",
            "CREATE TABLE mixed (a int CHECK (a > 1), b int, UNIQUE (b), CONSTRAINT apart CHECK (a <> b))",
        ],
    )
    .await?;
    let checks = async |table: &str| engine.inspect().checks(table).await;
    assert_eq!(checks("none").await?, []);
    for (table, count) in [("inside", 1), ("behind", 2), ("mixed", 2)] {
        let found = checks(table).await?;
        assert_eq!(found.len(), count, "{table}: {found:?}");
        assert!(found.iter().all(|check| check.condition.contains('a') || check.condition.contains('b')), "{found:?}");
    }
    assert!(checks("behind").await?.iter().any(|check| check.name.as_deref() == Some("large")));
    assert!(checks("mixed").await?.iter().any(|check| check.name.as_deref() == Some("apart")));
    Ok(())
}

/// What is reflected can be written into the definition of another table, and is reflected the same there.
#[creole::test]
async fn conditions_create_the_same_table_again(engine: Engine) -> creole::Result<()> {
    const CONDITIONS: [&str; 6] = [
        "(a > 1 AND a < 5) OR (b = 7)",
        "a > 1 AND (a < 5 OR (b = 7 AND (a <> b)))",
        "t <> '(' AND t <> ')' AND t <> '))(('",
        "t <> 'it''s (a) \"call\"' OR (((a))) = 1",
        "((((a > 1))))",
        "t NOT IN ('a', 'b, c', ''',''') AND NOT (a = 1 AND b = 2)",
    ];
    for (place, condition) in CONDITIONS.iter().enumerate() {
        let create = |table: &str, condition: &str| -> &'static str {
            let sql =
                format!("CREATE TABLE {table} (a int, b int, t varchar(20), CONSTRAINT k{table} CHECK ({condition}))");
            Box::leak(sql.into_boxed_str())
        };
        let (first, second) = (format!("first{place}"), format!("second{place}"));
        run(&engine, &[create(&first, condition)]).await?;
        let found = engine.inspect().checks(first.as_str()).await?;
        assert_eq!(found.len(), 1, "{condition}");
        run(&engine, &[create(&second, &found[0].condition)]).await?;
        let again = engine.inspect().checks(second.as_str()).await?;
        let form = |sql: &str| engine.dialect().catalog().map(|catalog| catalog.normal_form(sql));
        assert_eq!(form(&again[0].condition), form(&found[0].condition), "{condition}");
        // And it is the same condition.
        for row in ["(2, 3, 'x')", "(1, 7, '(')", "(1, 2, 'a')", "(3, 3, ''',''')", "(NULL, NULL, NULL)"] {
            let insert = |table: &str| -> &'static str {
                Box::leak(format!("INSERT INTO {table} VALUES {row}").into_boxed_str())
            };
            let outcomes = [&first, &second].map(|table| Raw::new().text(insert(table)));
            let [one, other] = outcomes;
            let (one, other) = (one.exec(&engine).await, other.exec(&engine).await);
            assert_eq!(one.map_err(|error| error.kind()), other.map_err(|error| error.kind()), "{condition}: {row}");
        }
    }
    Ok(())
}

#[creole::test]
async fn indexes_over_expressions(engine: Engine) -> creole::Result<()> {
    let name = engine.dialect().name();
    if name == "mariadb" {
        // It has none.
        return Ok(());
    }
    // MySQL's may yield no text that is longer than a column can be.
    let long = "x".repeat(if name == "mysql" { 30 } else { 1_200 });
    let sql = format!("CREATE INDEX long_one ON texts ((coalesce(z, '{long}')))");
    run(
        &engine,
        &[
            "CREATE TABLE texts (x varchar(30), y varchar(30), z varchar(30))",
            "CREATE INDEX three ON texts ((lower(x)), z, (lower(y)))",
            Box::leak(sql.into_boxed_str()),
        ],
    )
    .await?;
    let indexes = engine.inspect().indexes("texts").await?;
    let index = |name: &str| indexes.iter().find(|index| index.name == name).unwrap_or_else(|| panic!("{indexes:?}"));
    let three = &index("three").parts;
    assert_eq!(three[1].column.as_deref(), Some("z"));
    for (part, column) in [(&three[0], 'x'), (&three[2], 'y')] {
        let sql = part.expr.as_deref().unwrap_or_default();
        assert!(part.column.is_none() && sql.contains("lower") && sql.contains(column), "{three:?}");
    }
    let sql = index("long_one").parts[0].expr.as_deref().unwrap_or_default();
    assert!(sql.to_lowercase().contains("coalesce") && sql.contains(&long), "{sql}");
    Ok(())
}

#[creole::test]
async fn what_an_index_carries_is_not_part_of_it(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "postgres" {
        return Ok(());
    }
    run(&engine, &["CREATE TABLE t (x int, y int)", "CREATE UNIQUE INDEX carrying ON t (x) INCLUDE (y)"]).await?;
    let indexes = engine.inspect().indexes("t").await?;
    let columns: Vec<_> = indexes[0].parts.iter().map(|part| part.column.as_deref()).collect();
    assert_eq!((indexes.len(), columns, indexes[0].unique), (1, vec![Some("x")], true));
    Ok(())
}

#[creole::test]
async fn lengths_of_texts(engine: Engine) -> creole::Result<()> {
    run(&engine, &["CREATE TABLE t (a varchar(52) NOT NULL, b char(52), c text, d varchar(1))"]).await?;
    let columns = engine.inspect().columns("t").await?;
    let names: Vec<_> = columns.iter().map(|column| column.type_name.to_ascii_lowercase()).collect();
    let nulls: Vec<_> = columns.iter().map(|column| column.nullable).collect();
    assert_eq!(nulls, [false, true, true, true]);
    if engine.dialect().name() == "postgres" {
        assert_eq!(names, ["character varying(52)", "character(52)", "text", "character varying(1)"]);
    } else {
        assert_eq!(names, ["varchar(52)", "char(52)", "text", "varchar(1)"]);
    }
    if engine.dialect().name() != "sqlite" {
        assert_eq!(columns[0].ty, Some(ColumnType::Text { length: Some(52) }));
        assert_eq!(columns[3].ty, Some(ColumnType::Text { length: Some(1) }));
    }
    // A blank at its end is nothing to it: no type of creole's.
    assert_eq!(columns[1].ty, None, "{columns:?}");
    Ok(())
}

#[creole::test]
async fn computed_columns(engine: Engine) -> creole::Result<()> {
    let create = match engine.dialect().name() {
        // It stores them all.
        "postgres" => {
            "CREATE TABLE t (id int PRIMARY KEY, normal int DEFAULT 42, computed int GENERATED ALWAYS AS (normal + 2) STORED, \
             other int GENERATED ALWAYS AS (normal * 3) STORED)"
        }
        _ => {
            "CREATE TABLE t (id int PRIMARY KEY, normal int DEFAULT 42, computed int GENERATED ALWAYS AS (normal + 2) VIRTUAL, \
             other int GENERATED ALWAYS AS (normal * 3) STORED)"
        }
    };
    run(&engine, &[create]).await?;
    let columns = engine.inspect().columns("t").await?;
    assert_eq!(columns.len(), 4);
    assert!(columns[1].computed.is_none() && columns[1].default.as_deref().is_some_and(|sql| sql.contains("42")));
    for (column, sign) in [(&columns[2], '+'), (&columns[3], '*')] {
        let sql = column.computed.as_deref().unwrap_or_default();
        assert!(sql.contains("normal") && sql.contains(sign) && column.default.is_none(), "{column:?}");
    }
    Ok(())
}

#[creole::test]
async fn both_kinds_of_identity(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "postgres" {
        return Ok(());
    }
    run(&engine, &[
        "CREATE TABLE always (id int GENERATED ALWAYS AS IDENTITY (START 2 INCREMENT 3 MINVALUE -2 MAXVALUE 42 CYCLE) PRIMARY KEY)",
        "CREATE TABLE perhaps (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)",
        "CREATE TABLE older (id serial PRIMARY KEY)",
        "CREATE TABLE never (id int PRIMARY KEY)",
    ])
    .await?;
    for (table, is_auto) in [("always", true), ("perhaps", true), ("older", true), ("never", false)] {
        let column = engine.inspect().columns(table).await?.remove(0);
        assert_eq!((column.auto, column.default), (is_auto, None), "{table}");
    }
    Ok(())
}

#[creole::test]
async fn a_foreign_key_that_names_a_column_twice(engine: Engine) -> creole::Result<()> {
    if !matches!(engine.dialect().name(), "sqlite" | "postgres") {
        // Refused there.
        return Ok(());
    }
    run(&engine, &[
        "CREATE TABLE parents (id int, cid int, PRIMARY KEY (id, cid))",
        "CREATE TABLE children (cid int PRIMARY KEY, CONSTRAINT twice FOREIGN KEY (cid, cid) REFERENCES parents (id, cid))",
    ])
    .await?;
    let keys = engine.inspect().foreign_keys("children").await?;
    assert_eq!((keys.len(), keys[0].name.as_deref()), (1, Some("twice")));
    assert_eq!(keys[0].columns, ["cid", "cid"]);
    assert_eq!(keys[0].references, ["id", "cid"]);
    Ok(())
}

#[creole::test]
async fn defaults_as_they_are_written(engine: Engine) -> creole::Result<()> {
    run(&engine, &[
        "CREATE TABLE t (a int DEFAULT 7, b varchar(30) DEFAULT 'my default', c varchar(30) DEFAULT 'it''s \"odd\" (yes), no', \
         d int, e int DEFAULT NULL, f varchar(30) DEFAULT '', g int DEFAULT -1)",
    ])
    .await?;
    let columns = engine.inspect().columns("t").await?;
    let default = |name: &str| {
        let column = columns.iter().find(|column| column.name == name);
        column.and_then(|column| column.default.as_deref()).unwrap_or("none").to_owned()
    };
    assert!(default("a").contains('7') && default("b").contains("my default"), "{columns:?}");
    assert!(
        default("c").contains("\"odd\" (yes), no") || default("c").contains("\\\"odd\\\" (yes), no"),
        "{columns:?}"
    );
    assert_eq!(default("d"), "none");
    // A default of NULL is none, but SQLite and PostgreSQL know that it was written.
    assert!(["none", "NULL", "NULL::integer"].contains(&default("e").as_str()), "{columns:?}");
    assert!(default("f").contains("''"), "{columns:?}");
    assert!(default("g").contains("-1") || default("g").contains("- 1"), "{columns:?}");
    Ok(())
}
