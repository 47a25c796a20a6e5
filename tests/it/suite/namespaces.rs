//! Tables in several namespaces: where foreign keys lead, and what there is to see of them.

use std::sync::LazyLock;

use creole::inspect::{Aspect, Change, Object, TableName};
use creole::prelude::*;
use creole::query::Raw;
use creole::schema::{ColumnDef, ForeignKey, Table};
use creole::types::ColumnType;

/// Another namespace. On MySQL and MariaDB it is a database of the whole server's, so that its name must be this process's.
static OTHER: LazyLock<&'static str> =
    LazyLock::new(|| Box::leak(format!("creole_other_{}", std::process::id()).into_boxed_str()));

static ID: [ColumnDef; 2] = [ColumnDef::new("id", ColumnType::I32), ColumnDef::new("here_id", ColumnType::I32)];

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "here")]
struct Here {
    #[model(primary_key)]
    id: i32,
}

/// A table in another namespace that refers to one where the connection is.
static THERE: LazyLock<Table> =
    LazyLock::new(|| Table::new("there", &ID).schema(*OTHER).primary_key(&[0]).foreign_keys(&TO_HERE));

/// A table of the same name as the one that is referred to, in the other namespace.
static SAME_NAME: LazyLock<Table> = LazyLock::new(|| Table::new("here", &ID).schema(*OTHER).primary_key(&[0]));

/// A table where the connection is that refers to the other namespace.
static BACK: LazyLock<Table> = LazyLock::new(|| Table::new("back", &ID).primary_key(&[0]).foreign_keys(&TO_SAME_NAME));

static TO_HERE: [ForeignKey; 1] = [key(Here::table)];
static TO_SAME_NAME: [ForeignKey; 1] = [key(same_name)];

const fn key(table: fn() -> &'static Table) -> ForeignKey {
    ForeignKey::new(&[1], table, &[0]).named("fk_across")
}

fn same_name() -> &'static Table {
    &SAME_NAME
}

async fn run(engine: &Engine, sql: String) -> creole::Result<u64> {
    let sql: &'static str = Box::leak(sql.into_boxed_str());
    Raw::new().text(sql).exec(engine).await
}

/// The databases of a server that are other namespaces have one name in this process.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What `body` does in a database with another namespace, which is gone afterwards.
async fn beside_another<F: Future<Output = creole::Result<()>>>(engine: &Engine, body: F) -> creole::Result<()> {
    let name = *OTHER;
    if engine.dialect().name() == "postgres" {
        run(engine, format!("CREATE SCHEMA {name}")).await?;
        return body.await;
    }
    let _turn = ONE_AT_A_TIME.lock().await;
    run(engine, format!("DROP DATABASE IF EXISTS {name}")).await?;
    run(engine, format!("CREATE DATABASE {name}")).await?;
    let result = body.await;
    run(engine, format!("DROP TABLE IF EXISTS {name}.there, back")).await?;
    run(engine, format!("DROP DATABASE {name}")).await?;
    result
}

#[creole::test]
async fn a_foreign_key_leads_out_of_a_namespace(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    beside_another(&engine, async {
        // What the key would lead to if its name were looked for beside the table that refers to it.
        run(&engine, format!("CREATE TABLE {}.here (id int PRIMARY KEY)", *OTHER)).await?;
        let tables: &[&'static Table] = &[&THERE, Here::table()];
        engine.create_all(tables).await?;
        engine.create_all(tables).await?;
        insert(&Here { id: 1 }).exec(&engine).await?;
        run(&engine, format!("INSERT INTO {}.there VALUES (1, 1)", *OTHER)).await?;
        let orphan = run(&engine, format!("INSERT INTO {}.there VALUES (2, 2)", *OTHER)).await.unwrap_err();
        assert_eq!(orphan.kind(), ErrorKind::ForeignKeyViolation);
        let keys = engine.inspect().foreign_keys((*OTHER, "there")).await?;
        assert_eq!(keys[0].table, TableName::from("here"));
        let differences = engine.check(tables).await?;
        let others: Vec<_> = differences.iter().filter(|one| one.table != (*OTHER, "here").into()).collect();
        assert!(others.is_empty(), "{differences}");
        engine.drop_all(tables).await?;
        assert!(engine.inspect().find(&(*OTHER, "there").into()).await?.is_none());
        Ok(())
    })
    .await
}

#[creole::test]
async fn a_foreign_key_leads_into_a_namespace(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    beside_another(&engine, async {
        run(&engine, "CREATE TABLE here (id int PRIMARY KEY)".into()).await?;
        let tables: &[&'static Table] = &[&BACK, &SAME_NAME];
        engine.create_all(tables).await?;
        let keys = engine.inspect().foreign_keys("back").await?;
        assert_eq!(keys[0].table, TableName::from((*OTHER, "here")));
        let differences = engine.check(tables).await?;
        let others: Vec<_> = differences.iter().filter(|one| one.table != "here".into()).collect();
        assert!(others.is_empty(), "{differences}");
        Ok(())
    })
    .await
}

/// The same names, created by another program, with the keys exchanged.
#[creole::test]
async fn a_key_that_leads_to_a_table_of_the_same_name_elsewhere_is_a_difference(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    beside_another(&engine, async {
        let other = *OTHER;
        for sql in [
            "CREATE TABLE here (id int NOT NULL PRIMARY KEY)".to_owned(),
            format!("CREATE TABLE {other}.here (id int NOT NULL PRIMARY KEY, here_id int NOT NULL)"),
            format!(
                "CREATE TABLE {other}.there (id int NOT NULL PRIMARY KEY, here_id int NOT NULL, \
                 CONSTRAINT fk_across FOREIGN KEY (here_id) REFERENCES {other}.here (id))"
            ),
            "CREATE TABLE back (id int NOT NULL PRIMARY KEY, here_id int NOT NULL)".to_owned(),
        ] {
            run(&engine, sql).await?;
        }
        let home = match engine.dialect().name() {
            "postgres" => "public".to_owned(),
            _ => sql!("SELECT DATABASE()").scalars::<String>().one(&engine).await?,
        };
        let add = format!(
            "ALTER TABLE back ADD CONSTRAINT fk_across FOREIGN KEY (here_id) REFERENCES {}.here (id)",
            if home == "public" { home.clone() } else { format!("`{home}`") }
        );
        run(&engine, add).await?;
        let differences = engine.check(&[&THERE, &BACK, &SAME_NAME, Here::table()]).await?;
        let mut found: Vec<String> = differences
            .iter()
            .filter_map(|one| match (&one.object, &one.change) {
                (Object::ForeignKey(_), Change::Differs { aspect: Aspect::References, expected, found }) => {
                    Some(format!("{}: {found}, not {expected}", one.table))
                }
                _ => None,
            })
            .collect();
        found.sort();
        assert_eq!(
            found,
            [
                format!("back: here (id), not {other}.here (id)"),
                format!("{other}.there: {other}.here (id), not here (id)")
            ],
            "{differences}"
        );
        Ok(())
    })
    .await
}

/// A model may name the namespace in which the connection is.
#[creole::test]
async fn the_connections_own_namespace_may_be_named(engine: Engine) -> creole::Result<()> {
    let home: &'static str = match engine.dialect().name() {
        "sqlite" => return Ok(()),
        "postgres" => "public",
        _ => Box::leak(sql!("SELECT DATABASE()").scalars::<String>().one(&engine).await?.into_boxed_str()),
    };
    static HOMES: std::sync::Mutex<Vec<(std::thread::ThreadId, &'static Table)>> = std::sync::Mutex::new(Vec::new());
    fn named() -> &'static Table {
        let homes = HOMES.lock().unwrap();
        // The last one: where there are several servers, a thread has a table on each.
        homes.iter().rev().find(|(thread, _)| *thread == std::thread::current().id()).map(|(_, table)| *table).unwrap()
    }
    let parent: &'static Table = Box::leak(Box::new(Table::new("parents", &ID).schema(home).primary_key(&[0])));
    HOMES.lock().unwrap().push((std::thread::current().id(), parent));
    let child: &'static Table = Box::leak(Box::new(
        Table::new("children", &ID).primary_key(&[0]).foreign_keys(Box::leak(Box::new([key(named)]))),
    ));
    engine.create_all(&[child, parent]).await?;
    let differences = engine.check(&[child, parent]).await?;
    let of_keys: Vec<_> = differences.iter().filter(|one| matches!(one.object, Object::ForeignKey(_))).collect();
    assert!(of_keys.is_empty(), "{differences}");
    Ok(())
}
