//! Section O, reflection: tables that creole made. Those of other programs are in `foreign_tables.rs`.
//!
//! | Case | Test |
//! | --- | --- |
//! | 284 whether a table is there | `suite::inspect::{what_is_not_there_is_an_undefined_table, tables_in_a_schema}` |
//! | 286 names of tables, in the order of their foreign keys | `three_tables_that_refer_to_each_other` |
//! | 289, 314 columns, their order, types, NULL and defaults | `three_tables_that_refer_to_each_other`, `suite::inspect::{columns_in_their_order, types_map_back}` |
//! | 290 primary keys and their names | `three_tables_that_refer_to_each_other`; without one: `suite::inspect::tables_of_other_programs` |
//! | 292 foreign keys, to itself and others | `three_tables_that_refer_to_each_other`; unnamed: `foreign_tables.rs` |
//! | 293 names in upper, lower and mixed case, with points | `names_keep_their_case_and_points` |
//! | 295 indexes, unique and descending | `suite::inspect::keys_and_indexes` |
//! | 296 unique keys over odd names and in other orders | `unique_keys_over_reserved_names_in_every_order` |
//! | 298 numbered columns | `suite::inspect::columns_in_their_order`, `ddl.rs` |
//! | 299 comments with odd letters | `comments_with_odd_letters` |
//! | 302 everything that is there | `three_tables_that_refer_to_each_other` |
//! | 305 collations | `suite::inspect::columns_in_their_order`, `suite::collation::a_collation_of_the_databases_own` |
//! | 307, 308, 310, 311, 313, 316, 317, 319, 320 | `foreign_tables.rs` |
//!
//! Not applicable: 287 (views), 284 and 304 of temporary tables (they are a connection's, and an engine has many), 301 (there
//! is no question about many tables at once), 320 of attached databases (an engine has one file).

use creole::inspect::KeyInfo;
use creole::prelude::*;
use creole::types::ColumnType;

#[derive(Model)]
#[model(
    table = "users",
    check(positive = User::test2.gt(0.0)),
    check(small = User::test2.le(1000.0)),
    unique_index(test1, test2),
    index(id, test2, test1)
)]
struct User {
    #[model(primary_key, auto, column = "user_id")]
    id: i32,
    #[model(length = 5)]
    test1: String,
    test2: f64,
    #[model(references = User::id)]
    parent_user_id: Option<i32>,
}

#[derive(Model)]
#[model(table = "email_addresses")]
struct Email {
    #[model(primary_key, auto, column = "address_id")]
    id: i32,
    #[model(references = User::id)]
    remote_user_id: Option<i32>,
    #[model(index, length = 20)]
    email_address: Option<String>,
}

#[derive(Model)]
#[model(
    table = "dingalings",
    unique(name = "dingalings_pair", address_id, dingaling_id),
    foreign_key(name = "email_of_dingaling", address_id, references = (Email::id)),
    check(positive = Dingaling::dingaling_id.gt(0))
)]
struct Dingaling {
    #[model(primary_key)]
    dingaling_id: i32,
    address_id: Option<i32>,
    #[model(references = User::id)]
    id_user: Option<i32>,
    #[model(unique, length = 30)]
    data: Option<String>,
}

#[creole::test]
async fn three_tables_that_refer_to_each_other(engine: Engine) -> creole::Result<()> {
    // In whatever order they are given.
    let tables = tables![Dingaling, Email, User];
    engine.create_all(tables).await?;
    let inspect = engine.inspect();
    let names: Vec<String> = inspect.tables().await?.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["dingalings", "email_addresses", "users"]);
    for name in &names {
        let table = inspect.table(name.as_str()).await?;
        assert_eq!(table.columns, inspect.columns(name.as_str()).await?);
        assert_eq!(table.indexes, inspect.indexes(name.as_str()).await?);
    }
    let is_mysql = matches!(engine.dialect().name(), "mysql" | "mariadb");

    let users = inspect.table("users").await?;
    let columns: Vec<_> =
        users.columns.iter().map(|column| (column.name.as_str(), column.nullable, column.ty)).collect();
    let expected = [
        ("user_id", false, ColumnType::I32),
        ("test1", false, ColumnType::Text { length: Some(5) }),
        ("test2", false, ColumnType::F64),
        ("parent_user_id", true, ColumnType::I32),
    ];
    assert_eq!(columns[1..], expected.map(|(name, nullable, ty)| (name, nullable, Some(ty)))[1..]);
    assert_eq!((columns[0].0, columns[0].1), ("user_id", false));
    assert!(users.columns.iter().all(|column| column.default.is_none()), "{users:?}");
    assert_eq!(users.checks.len(), 2, "{users:?}");
    let to_itself = &users.foreign_keys[0];
    assert_eq!((to_itself.table.name.as_str(), to_itself.references[0].as_str()), ("users", "user_id"));
    assert_eq!(to_itself.columns, ["parent_user_id"]);

    let emails = inspect.table("email_addresses").await?;
    let key = emails.primary_key.expect("a primary key");
    assert_eq!(key.columns, ["address_id"]);
    assert_eq!(key.name.as_deref(), Some(if is_mysql { "PRIMARY" } else { "pk_email_addresses" }));
    assert_eq!(
        emails.indexes.iter().map(|index| index.name.as_str()).collect::<Vec<_>>(),
        ["ix_email_addresses_email_address"]
    );

    let dingalings = inspect.table("dingalings").await?;
    let mut keys: Vec<_> = dingalings
        .foreign_keys
        .iter()
        .map(|key| (key.name.as_deref().unwrap_or_default(), key.table.name.as_str(), key.columns[0].as_str()))
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [("email_of_dingaling", "email_addresses", "address_id"), ("fk_dingalings_id_user_users", "users", "id_user")]
    );
    let mut uniques: Vec<_> = dingalings.uniques.iter().map(|key| (key.name.as_deref(), key.columns.clone())).collect();
    uniques.sort_unstable();
    assert_eq!(
        uniques,
        [
            (Some("dingalings_pair"), vec!["address_id".to_owned(), "dingaling_id".to_owned()]),
            (Some("uq_dingalings_data"), vec!["data".to_owned()])
        ]
    );
    let differences = engine.check(tables).await?;
    assert!(differences.is_empty(), "{differences}");

    // And they can be dropped in whatever order they are given.
    engine.drop_all(tables![User, Dingaling, Email]).await?;
    assert_eq!(inspect.tables().await?, []);
    Ok(())
}

#[creole::test]
async fn names_keep_their_case_and_points(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(
        table = "Named",
        unique(name = "UPPER_KEY", a),
        unique(name = "Key.With.Points", b),
        index(name = "lower_index", a, b),
        index(name = "UPPER_INDEX", b, a),
        index(name = "MixedIndex", c),
        index(name = "index.with.points", c, a),
        foreign_key(name = "MixedKey", b, references = (Named::a)),
        foreign_key(name = "key.of.points", c, references = (Named::b)),
        check(Mixed_Check = Named::a.gt(0))
    )]
    #[allow(non_snake_case, reason = "the case of names is what is tested")]
    #[allow(clippy::duplicated_attributes, reason = "several keys share a column")]
    struct Named {
        #[model(primary_key, column = "ID")]
        id: i32,
        a: i32,
        #[model(column = "B.b")]
        b: i32,
        #[model(column = "camelCase")]
        c: i32,
    }
    engine.create_all(tables![Named]).await?;
    let table = engine.inspect().table("Named").await?;
    let columns: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(columns, ["ID", "a", "B.b", "camelCase"]);
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let uniques = sorted(table.uniques.iter().filter_map(|key| key.name.clone()).collect());
    assert_eq!(uniques, ["Key.With.Points", "UPPER_KEY"]);
    let indexes = sorted(table.indexes.iter().map(|index| index.name.clone()).collect());
    assert_eq!(indexes, ["MixedIndex", "UPPER_INDEX", "index.with.points", "lower_index"]);
    let keys = sorted(table.foreign_keys.iter().filter_map(|key| key.name.clone()).collect());
    assert_eq!(keys, ["MixedKey", "key.of.points"]);
    assert_eq!(table.checks[0].name.as_deref(), Some("ck_Named_Mixed_Check"));
    let differences = engine.check(tables![Named]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}

#[creole::test]
async fn unique_keys_over_reserved_names_in_every_order(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(
        table = "keys",
        unique(name = "unique_a", a),
        unique(name = "unique_a_b_c", a, b, c),
        unique(name = "unique_c_a_b", c, a, b),
        unique(name = "unique_asc_key", asc, key),
        unique(name = "i.have.dots", b),
        unique(name = "i have spaces", c)
    )]
    #[allow(clippy::duplicated_attributes, reason = "several keys share a column")]
    struct Row {
        #[model(primary_key)]
        id: i32,
        a: i32,
        b: i32,
        c: i32,
        #[model(length = 30)]
        asc: String,
        #[model(length = 30, name = key_)]
        key: String,
    }
    engine.create_all(tables![Row]).await?;
    let mut found = engine.inspect().uniques("keys").await?;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    let key = |name: &str, columns: &[&str]| {
        KeyInfo::new(Some(name.into()), columns.iter().map(|&column| column.into()).collect())
    };
    let expected = [
        key("i have spaces", &["c"]),
        key("i.have.dots", &["b"]),
        key("unique_a", &["a"]),
        key("unique_a_b_c", &["a", "b", "c"]),
        key("unique_asc_key", &["asc", "key"]),
        key("unique_c_a_b", &["c", "a", "b"]),
    ];
    assert_eq!(found, expected);
    assert_eq!(engine.inspect().indexes("keys").await?, [], "a key is not listed twice");
    Ok(())
}

#[creole::test]
async fn comments_with_odd_letters(engine: Engine) -> creole::Result<()> {
    const TABLE: &str = "the test % ' \" \\ table comment\nsecond line\r\n\t?1 $1 {} -- /* */ 漢字";
    const COLUMN: &str = "Comment types type speedily ' \" \\ '' Fun! %s % %% \\n 漢字 é";

    #[derive(Model)]
    #[model(
        table = "comment_test",
        comment = "the test % ' \" \\ table comment\nsecond line\r\n\t?1 $1 {} -- /* */ 漢字"
    )]
    struct Row {
        #[model(primary_key, comment = "id comment")]
        id: i32,
        #[model(comment = "Comment types type speedily ' \" \\ '' Fun! %s % %% \\n 漢字 é")]
        data: i32,
        without: i32,
    }
    engine.create_all(tables![Row]).await?;
    let table = engine.inspect().table("comment_test").await?;
    let comments: Vec<_> = table.columns.iter().map(|column| column.comment.as_deref()).collect();
    if engine.dialect().name() == "sqlite" {
        assert_eq!((table.comment.as_deref(), comments), (None, vec![None, None, None]));
    } else {
        assert_eq!((table.comment.as_deref(), comments), (Some(TABLE), vec![Some("id comment"), Some(COLUMN), None]));
    }
    let differences = engine.check(tables![Row]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}
