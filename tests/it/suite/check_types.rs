//! Comparing columns of a program's own types with the database: enums, newtypes, arrays, numbered `u64`.

use creole::inspect::{Aspect, Change, Object};
use creole::prelude::*;
use creole::schema::Table;

#[derive(DbEnum, Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[db_enum(rename_all = "snake_case")]
enum Status {
    InReview,
    #[db_enum(rename = "it's \"odd\", \\ `ünï` 😀 %_;--")]
    Odd,
}

/// An enum whose check could be taken for a comparison with its one label.
#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
enum Only {
    One,
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
#[db_enum(native, rename_all = "lowercase", name = "mood of \"day\"")]
enum Mood {
    Sad,
    #[db_enum(rename = "it's \"odd\", \\ ü😀")]
    Odd,
}

#[derive(DbType, Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct PageId(u64);

#[derive(DbType, Debug, Clone, PartialEq)]
struct Title(String);

#[derive(Model)]
#[model(table = "pages", unique(status, only), check(not_odd = Page::status.ne(Status::Odd)))]
struct Page {
    #[model(primary_key, auto)]
    id: PageId,
    #[model(references = Page::id)]
    previous: Option<PageId>,
    views: u64,
    #[model(length = 40, case_insensitive)]
    title: Title,
    #[model(server_default = "'in_review'")]
    status: Status,
    only: Option<Only>,
    settings: Json<Vec<i32>>,
    #[model(exact_time)]
    at: NaiveDateTime,
}

/// A second table with a column of the same name.
#[derive(Model)]
#[model(table = "reviews")]
struct Review {
    #[model(primary_key, references = Page::id)]
    page: PageId,
    status: Status,
}

#[derive(Model)]
#[model(table = "days", index(mood))]
struct Day {
    #[model(primary_key)]
    id: i32,
    mood: Mood,
    second: Option<Mood>,
}

#[derive(Model)]
#[model(table = "lists")]
struct Lists {
    #[model(primary_key)]
    id: i32,
    flags: Vec<bool>,
    small: Vec<u16>,
    uints: Vec<u32>,
    singles: Vec<f32>,
    texts: Vec<String>,
    decimals: Vec<Decimal>,
    instants: Vec<DateTime<Utc>>,
    statuses: Vec<Status>,
    titles: Vec<Title>,
    holes: Option<Vec<Option<i64>>>,
}

/// The tables that a backend can have.
fn tables(engine: &Engine) -> Vec<&'static Table> {
    match engine.dialect().name() {
        "sqlite" => tables![Page, Review].to_vec(),
        "postgres" => tables![Page, Review, Day, Lists].to_vec(),
        _ => tables![Page, Review, Day].to_vec(),
    }
}

#[creole::test]
async fn after_creating_a_programs_own_types_are_as_the_models_say(engine: Engine) -> creole::Result<()> {
    let tables = tables(&engine);
    engine.create_all(&tables).await?;
    let differences = engine.check(&tables).await?;
    assert!(differences.is_empty(), "{differences}");
    // What belongs to a type is not listed as a rule of the table.
    let checks = engine.inspect().checks("pages").await?;
    let names: Vec<_> = checks.iter().filter_map(|check| check.name.as_deref()).collect();
    assert_eq!(names, ["ck_pages_not_odd"]);
    assert_eq!(engine.inspect().checks("reviews").await?, []);
    Ok(())
}

/// The same tables as an older program had them.
mod older {
    use creole::prelude::*;

    #[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
    #[db_enum(rename_all = "snake_case")]
    pub(super) enum Status {
        InReview,
    }

    #[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
    #[db_enum(native, rename_all = "lowercase", name = "mood of \"day\"")]
    pub(super) enum Mood {
        Sad,
    }

    #[derive(Model)]
    #[model(table = "reviews")]
    pub(super) struct Review {
        #[model(primary_key)]
        page: i64,
        status: Status,
    }

    #[derive(Model)]
    #[model(table = "days", index(mood))]
    pub(super) struct Day {
        #[model(primary_key)]
        id: i32,
        mood: Mood,
        second: Option<i32>,
    }

    #[derive(Model)]
    #[model(table = "lists")]
    pub(super) struct Lists {
        #[model(primary_key)]
        id: i32,
        texts: Vec<String>,
        numbers: Vec<i64>,
    }
}

mod newer {
    use creole::prelude::*;

    pub(super) use super::older::Lists as Older;

    #[derive(Model)]
    #[model(table = "reviews")]
    pub(super) struct Review {
        #[model(primary_key)]
        page: i64,
        status: super::Status,
    }

    #[derive(Model)]
    #[model(table = "lists")]
    pub(super) struct Lists {
        #[model(primary_key)]
        id: i32,
        texts: String,
        numbers: Vec<i32>,
    }
}

/// The columns whose type differs; everything else must be the same.
async fn columns_of_other_types(engine: &Engine, tables: &[&'static Table]) -> creole::Result<Vec<String>> {
    let mut columns = Vec::new();
    for difference in engine.check(tables).await?.iter() {
        match (&difference.object, &difference.change) {
            (Object::Column(name), Change::Differs { aspect: Aspect::Type, .. }) => columns.push(name.clone()),
            (Object::Column(_), Change::Differs { aspect: Aspect::Collation, .. }) => {}
            _ => panic!("{difference}"),
        }
    }
    Ok(columns)
}

#[creole::test]
async fn another_list_of_labels_is_another_type(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![older::Review]).await?;
    assert_eq!(columns_of_other_types(&engine, tables![newer::Review]).await?, ["status"]);
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    engine.create_all(tables![older::Day]).await?;
    assert_eq!(columns_of_other_types(&engine, tables![older::Review, older::Day]).await?, Vec::<String>::new());
    let mut columns = columns_of_other_types(&engine, tables![older::Review, Day]).await?;
    columns.sort();
    assert_eq!(columns, ["mood", "second"]);
    Ok(())
}

#[creole::test]
async fn arrays_of_something_else_are_another_type(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "postgres" {
        return Ok(());
    }
    engine.create_all(tables![newer::Older]).await?;
    assert_eq!(columns_of_other_types(&engine, tables![newer::Lists]).await?, ["texts", "numbers"]);
    engine.drop_all(tables![newer::Older]).await?;
    engine.create_all(tables![Lists]).await?;
    let columns = engine.inspect().columns("lists").await?;
    let element = |name: &str| match columns.iter().find(|column| column.name == name)?.ty? {
        creole::types::ColumnType::Array(element) => Some(element.to_string()),
        _ => None,
    };
    // What shares a type of PostgreSQL's comes back as the plainest.
    for (name, expected) in [
        ("flags", "bool"),
        ("small", "i32"),
        ("uints", "i64"),
        ("singles", "f32"),
        ("texts", "text"),
        ("statuses", "text"),
        ("decimals", "decimal(28, 10)"),
        ("instants", "instant"),
        ("holes", "i64"),
    ] {
        assert_eq!(element(name).as_deref(), Some(expected), "{name}");
    }
    Ok(())
}
