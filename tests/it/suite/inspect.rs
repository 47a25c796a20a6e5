//! Looking at a database: the same data on every backend.

use creole::Direction;
use creole::inspect::{ColumnInfo, IndexInfo, KeyInfo, TableName};
use creole::prelude::*;
use creole::schema::Action;
use creole::types::ColumnType;

use crate::lab::Lab;
use crate::models::{Account, Everything, MaybeEverything, Node, Order, Product, Shipment, Stock, User};
use crate::raw::Raw;

#[creole::test]
async fn tables_are_listed_by_name(engine: Engine) -> creole::Result<()> {
    assert_eq!(engine.inspect().tables().await?, []);
    engine.create_all(tables![Order, User, Node]).await?;
    let names: Vec<String> = engine.inspect().tables().await?.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["nodes", "orders", "users"]);
    Ok(())
}

#[creole::test]
async fn what_is_not_there_is_an_undefined_table(engine: Engine) -> creole::Result<()> {
    let error = engine.inspect().columns("no \"such` 'table").await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UndefinedTable, Some("no \"such` 'table")));
    assert!(engine.inspect().find(&"users".into()).await?.is_none());
    Ok(())
}

#[creole::test]
async fn columns_in_their_order(engine: Engine) -> creole::Result<()> {
    engine.create_table::<Account>().await?;
    let columns = engine.inspect().columns("accounts").await?;
    let names: Vec<_> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["id", "login", "tenant", "rank", "plan", "balance", "motto"]);
    let column = |name: &str| columns.iter().find(|column| column.name == name).unwrap();
    assert!(column("id").auto && !column("tenant").auto);
    assert_eq!((column("id").default.as_deref(), column("id").ty), (None, Some(ColumnType::I64)));
    assert_eq!(column("login").ty, Some(ColumnType::Text { length: Some(40) }));
    assert_eq!(column("rank").ty, Some(ColumnType::I32));
    assert!(column("rank").default.is_some() && column("tenant").default.is_none());
    assert!(column("plan").default.as_deref().is_some_and(|sql| sql.contains("free")), "{columns:?}");
    let nullable: Vec<_> = columns.iter().filter(|column| column.nullable).map(|column| column.name.as_str()).collect();
    assert_eq!(nullable, ["balance", "motto"]);
    assert!(columns.iter().all(|column| column.computed.is_none()));
    assert_ne!(column("login").collation, column("plan").collation);
    assert_eq!(column("login").collation, column("motto").collation);
    assert_eq!(column("tenant").collation, None);
    let is_kept = engine.dialect().name() != "sqlite";
    let comment = is_kept.then_some("Ada and ada are 'one'");
    assert_eq!(column("login").comment.as_deref(), comment);
    let table = engine.inspect().table("accounts").await?;
    assert_eq!(table.comment.as_deref(), Account::table().comment.filter(|_| is_kept));
    Ok(())
}

/// Types that several of creole's types share on a backend come back as the plainest of them.
#[creole::test]
async fn types_map_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything, MaybeEverything]).await?;
    for table in tables![Everything, MaybeEverything] {
        let columns = engine.inspect().columns(*table).await?;
        for (column, definition) in columns.iter().zip(table.columns) {
            use ColumnType::*;
            let expected = match (engine.dialect().name(), definition.ty) {
                ("sqlite", F32) => F64,
                ("sqlite", Date | Time | DateTime | Instant) => ColumnType::TEXT,
                ("mysql" | "mariadb", F32) => F64,
                ("mysql" | "mariadb", Instant) => DateTime,
                // The labels are a check.
                ("mysql" | "mariadb", Enum(of)) => Text { length: u32::try_from(of.longest_label()).ok() },
                (_, Enum(_)) => ColumnType::TEXT,
                (_, ty) => ty,
            };
            assert_eq!(column.ty, Some(expected), "{}.{} is {}", table, column.name, column.type_name);
            assert_eq!(column.nullable, definition.nullable);
        }
        assert_eq!(columns.len(), table.columns.len());
    }
    Ok(())
}

#[creole::test]
async fn keys_and_indexes(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock, Shipment, Account, Node, Product]).await?;
    let inspect = engine.inspect();
    let names = |columns: &[&str]| columns.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let is_mysql = matches!(engine.dialect().name(), "mysql" | "mariadb");

    let key = inspect.primary_key("stock").await?.unwrap();
    assert_eq!(key.columns, ["warehouse", "item"]);
    assert_eq!(key.name.as_deref(), Some(if is_mysql { "PRIMARY" } else { "pk_stock" }));
    let expected = KeyInfo::new(Some("uq_stock_warehouse_shelf".into()), names(&["warehouse", "shelf"]));
    assert_eq!(inspect.uniques("stock").await?, [expected]);
    let indexes = inspect.indexes("stock").await?;
    assert_eq!(described(&indexes), ["stock_by_amount(amount)"]);

    let table = inspect.table("accounts").await?;
    let mut indexes = described(&table.indexes);
    indexes.extend(
        table.uniques.iter().map(|key| format!("{}!({})", key.name.as_deref().unwrap(), key.columns.join(","))),
    );
    indexes.sort();
    assert_eq!(indexes, ["ix_accounts_rank_tenant(rank-,tenant)", "ux_accounts_tenant_login!(tenant,login)"]);

    let keys = inspect.foreign_keys("shipments").await?;
    let [key] = keys.as_slice() else { panic!("one foreign key, not {keys:?}") };
    assert_eq!(key.name.as_deref(), Some("fk_shipments_warehouse_item_stock"));
    assert_eq!((&key.columns, key.table.name.as_str()), (&names(&["warehouse", "item"]), "stock"));
    assert_eq!(key.references, ["warehouse", "item"]);
    assert_eq!((key.on_delete, key.on_update), (Action::SetNull, Action::Cascade));
    // MySQL makes an index for the key, which is part of it.
    assert_eq!(inspect.indexes("shipments").await?, []);
    let keys = inspect.foreign_keys("nodes").await?;
    assert_eq!((keys[0].table.name.as_str(), keys[0].on_update), ("nodes", Action::Restrict));

    let checks = inspect.checks("products").await?;
    let [check] = checks.as_slice() else { panic!("one check, not {checks:?}") };
    assert_eq!(check.name.as_deref(), Some("ck_products_price_not_negative"));
    assert!(check.condition.contains("price") && check.condition.contains('0'), "{}", check.condition);
    Ok(())
}

/// `name!(a,b-)`: `!` is unique, `-` going down.
fn described(indexes: &[IndexInfo]) -> Vec<String> {
    let part = |part: &creole::inspect::IndexPartInfo| {
        let sign = if part.direction == Direction::Descending { "-" } else { "" };
        format!("{}{sign}", part.column.as_deref().unwrap_or("…"))
    };
    let index = |index: &IndexInfo| {
        let parts: Vec<String> = index.parts.iter().map(part).collect();
        format!("{}{}({})", index.name, if index.unique { "!" } else { "" }, parts.join(","))
    };
    indexes.iter().map(index).collect()
}

#[creole::test]
async fn computed_and_partial_indexes(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(
        table = "lots",
        index(a, filter = Self::b.gt(1).and(Self::name.ne("it's, (odd) where"))),
        unique_index(name = "computed", b, expr = Self::a.eq(Self::b).desc(), name.desc(), filter = Self::a.is_in([1, 2]))
    )]
    struct Lot {
        #[model(primary_key)]
        id: i32,
        a: i32,
        b: i32,
        #[model(length = 30)]
        name: String,
    }
    if matches!(engine.dialect().name(), "mysql" | "mariadb") {
        assert_eq!(engine.create_table::<Lot>().await.unwrap_err().kind(), ErrorKind::Unsupported);
        return Ok(());
    }
    engine.create_table::<Lot>().await?;
    let indexes = engine.inspect().indexes("lots").await?;
    assert_eq!(described(&indexes), ["ix_lots_a(a)", "computed!(b,…-,name-)"]);
    assert!(indexes[0].filter.as_deref().is_some_and(|sql| sql.contains("it''s, (odd) where")), "{indexes:?}");
    assert!(indexes[1].parts[1].expr.as_deref().is_some_and(|sql| sql.contains('=')), "{indexes:?}");
    let differences = engine.check(tables![Lot]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}

#[creole::test]
async fn an_index_over_an_expression_is_as_the_model_says(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "sums", index(name = "great", expr = Self::a.gt(10).and(Self::name.ne("it's \\")), a))]
    struct Sum {
        #[model(primary_key)]
        id: i32,
        a: i32,
        #[model(length = 30)]
        name: String,
    }
    if engine.dialect().name() == "mariadb" {
        assert_eq!(engine.create_table::<Sum>().await.unwrap_err().kind(), ErrorKind::Unsupported);
        return Ok(());
    }
    engine.create_table::<Sum>().await?;
    assert_eq!(described(&engine.inspect().indexes("sums").await?), ["great(…,a)"]);
    let differences = engine.check(tables![Sum]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}

#[creole::test]
async fn odd_names_are_only_names(engine: Engine) -> creole::Result<()> {
    #[allow(clippy::duplicated_attributes, reason = "several keys share a column")]
    #[derive(Model)]
    #[model(
        table = "Odd \"table`; -- (x), 'y' %",
        unique(key, name = "Unique 'key\", (of) table"),
        index(select.desc(), name = "Index; \"with` %s"),
        unique_index(select, key),
        check(odd = Self::select_.gt(1).and(Self::key_.ne("a")))
    )]
    struct Odd {
        #[model(primary_key, column = "The ID")]
        id: i32,
        #[model(column = "select", name = select_)]
        select: i32,
        #[model(column = "KEY (a, b) \"`'", name = key_, length = 20)]
        key: String,
        #[model(column = "größe %", references = Odd::id, on_delete = cascade)]
        size: Option<i32>,
    }
    engine.create_table::<Odd>().await?;
    let table = engine.inspect().table(Odd::table()).await?;
    let names: Vec<_> = table.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["The ID", "select", "KEY (a, b) \"`'", "größe %"]);
    assert_eq!(table.foreign_keys[0].columns, ["größe %"]);
    assert_eq!(table.foreign_keys[0].references, ["The ID"]);
    assert_eq!(table.foreign_keys[0].table.name, Odd::table().name);
    let differences = engine.check(tables![Odd]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}

#[creole::test]
async fn long_names_are_found_again(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(
        table = "a_table_with_a_name_that_is_nearly_as_long_as_names_may_be_63_b",
        unique(a_column_with_a_name_that_is_nearly_as_long_as_names_may_be_63),
        index(another_column_with_a_long_name_and_more_of_it_and_more_62_byte),
        check(a_rule_with_a_long_name = Self::another_column_with_a_long_name_and_more_of_it_and_more_62_byte.gt(1))
    )]
    struct Long {
        #[model(primary_key)]
        id: i32,
        a_column_with_a_name_that_is_nearly_as_long_as_names_may_be_63: u16,
        #[model(references = Long::id)]
        another_column_with_a_long_name_and_more_of_it_and_more_62_byte: i32,
    }
    engine.create_table::<Long>().await?;
    let differences = engine.check(tables![Long]).await?;
    assert!(differences.is_empty(), "{differences}");
    let table = engine.inspect().table(Long::table()).await?;
    let names = table.uniques.iter().map(|key| key.name.clone().unwrap());
    let names: Vec<String> = names.chain(table.indexes.iter().map(|index| index.name.clone())).collect();
    assert!(names.iter().all(|name| name.len() <= 60), "{names:?}");
    Ok(())
}

/// Tables in a namespace, where there are namespaces that a test can make.
#[creole::test]
async fn tables_in_a_schema(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "parents", schema = "the Shop")]
    struct Parent {
        #[model(primary_key)]
        id: i32,
    }
    #[derive(Model)]
    #[model(table = "children", schema = "the Shop", index(parent_id), comment = "Small")]
    struct Child {
        #[model(primary_key, auto)]
        id: i32,
        #[model(references = Parent::id, on_delete = cascade)]
        parent_id: i32,
        #[model(case_insensitive, comment = "Called")]
        name: String,
    }
    let inspect = engine.inspect();
    match engine.dialect().name() {
        "sqlite" => {
            let error = engine.create_table::<Parent>().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert_eq!(inspect.tables_in("the Shop").await.unwrap_err().kind(), ErrorKind::Unsupported);
            assert_eq!(inspect.columns(("the Shop", "parents")).await.unwrap_err().kind(), ErrorKind::Unsupported);
            return Ok(());
        }
        // Another database is the whole server's, not the test's.
        "mysql" | "mariadb" => {
            assert_eq!(inspect.tables_in("no such schema").await?, []);
            assert!(inspect.find(&("no such schema", "t").into()).await?.is_none());
            return Ok(());
        }
        _ => {
            let mut raw = Raw::open(&creole::testing::url()).await?;
            raw.run("CREATE SCHEMA \"the Shop\"").await?;
            raw.run("CREATE TABLE children (id int)").await?;
        }
    }
    let tables = tables![Child, Parent];
    engine.create_all(tables).await?;
    engine.create_all(tables).await?;
    let names: Vec<String> = inspect.tables_in("the Shop").await?.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["the Shop.children", "the Shop.parents"]);
    assert_eq!(inspect.tables().await?, [TableName::from("children")]);
    assert_eq!(inspect.columns("children").await?.len(), 1);
    let child = inspect.table(Child::table()).await?;
    assert_eq!(child.name, ("the Shop", "children").into());
    assert_eq!(child.foreign_keys[0].table, ("the Shop", "parents").into());
    let differences = engine.check(tables).await?;
    assert!(differences.is_empty(), "{differences}");
    insert(&Parent { id: 1 }).exec(&engine).await?;
    insert(&Child { id: 7, parent_id: 1, name: "Bo".into() }).exec(&engine).await?;
    engine.sync_sequences(tables).await?;
    insert(&Child { id: 0, parent_id: 1, name: "Bo".into() }).exec(&engine).await?;
    assert_eq!(Child::select().filter(Child::id.eq(8).and(Child::name.eq("BO"))).count(&engine).await?, 1);
    Ok(())
}

/// What creole would not have written is read all the same.
#[creole::test]
async fn tables_of_other_programs(engine: Engine) -> creole::Result<()> {
    let name = engine.dialect().name();
    let text = if name == "postgres" { "varchar(52)" } else { "VARCHAR(52)" };
    let computed = match name {
        "postgres" => "GENERATED ALWAYS AS (a + 1) STORED",
        _ => "AS (a + 1)",
    };
    let sql = [
        format!(
            "CREATE TABLE others (a int NOT NULL, b {text} DEFAULT 'it''s', c int {computed}, d decimal(8,2) DEFAULT -1.5, \
             UNIQUE (b), CHECK (a > 0))"
        ),
        "CREATE TABLE keyless (a int)".into(),
        "CREATE VIEW seen AS SELECT a FROM keyless".into(),
    ];
    let lab = Lab::of(&engine);
    let engine = lab.builder().connect().await?;
    let mut raw = Raw::open(lab.url()).await?;
    for sql in sql {
        raw.run(&sql).await?;
    }
    let names: Vec<String> = engine.inspect().tables().await?.iter().map(ToString::to_string).collect();
    assert_eq!(names, ["keyless", "others"], "a view is no table");
    assert_eq!(engine.inspect().primary_key("keyless").await?, None);
    assert!(engine.inspect().find(&"seen".into()).await?.is_none());
    let table = engine.inspect().table("others").await?;
    let column = |name: &str| table.column(name).unwrap();
    let ColumnInfo { default, nullable, .. } = column("b");
    assert!(
        *nullable && default.as_deref().is_some_and(|sql| sql.contains("it''s") || sql.contains("it\\'s")),
        "{table:?}"
    );
    assert!(column("c").computed.as_deref().is_some_and(|sql| sql.contains('a')), "{table:?}");
    assert!(!column("a").nullable && column("a").default.is_none());
    assert!(column("d").default.as_deref().is_some_and(|sql| sql.contains("1.5")), "{table:?}");
    assert_eq!(table.uniques.len(), 1);
    assert_eq!(table.uniques[0].columns, ["b"]);
    assert_eq!(table.checks.len(), 1, "{table:?}");
    Ok(())
}
