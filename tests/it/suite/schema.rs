//! Creating and dropping tables.

use creole::prelude::*;

use crate::models::{Account, Everything, MaybeEverything, Node, Order, Product, Shipment, Stock, User, product, user};

#[creole::test]
async fn tables_are_created_in_foreign_key_order_and_twice_is_once(engine: Engine) -> creole::Result<()> {
    let tables = tables![Order, Node, User, Product, Stock, Everything, MaybeEverything];
    engine.create_all(tables).await?;
    insert(&user("ada@example.com")).exec(&engine).await?;
    engine.create_all(tables).await?;
    assert_eq!(User::select().count(&engine).await?, 1, "tables that are there are left alone");
    engine.drop_all(tables).await?;
    engine.drop_all(tables).await?;
    let error = User::select().count(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::UndefinedTable, Some("users")));
    engine.create_all(tables).await?;
    assert_eq!(User::select().count(&engine).await?, 0);
    Ok(())
}

/// As several processes of one program do when they start.
#[creole::test]
async fn tables_are_created_by_several_at_once(engine: Engine) -> creole::Result<()> {
    let tables = tables![User, Order, Product, Stock, Node];
    for _ in 0..6 {
        let done = futures_util::future::join_all((0..6).map(|_| engine.create_all(tables))).await;
        for done in done {
            done?;
        }
        let differences = engine.check(tables).await?;
        assert!(differences.is_empty(), "{differences:?}");
        engine.drop_all(tables).await?;
    }
    Ok(())
}

#[creole::test]
async fn a_table_that_is_still_referred_to_is_not_dropped(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    insert(&Order { user_id: ada.id, total: dec!(1), ..Default::default() }).exec(&engine).await?;
    let error = engine.drop_all(tables![User]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error:?}");
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn the_keys_and_checks_are_there(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order, Product, Stock]).await?;
    insert(&user("ada@example.com")).exec(&engine).await?;
    let unique = insert(&user("ada@example.com")).exec(&engine).await.unwrap_err();
    assert_eq!(unique.kind(), ErrorKind::UniqueViolation);
    assert_eq!(unique.table(), Some("users"));
    assert_eq!(unique.columns().collect::<Vec<_>>(), ["email"]);
    assert_eq!(unique.constraint(), Some("uq_users_email"));
    let orphan = insert(&Order { user_id: 999, total: dec!(1), ..Default::default() }).exec(&engine).await.unwrap_err();
    assert_eq!(orphan.kind(), ErrorKind::ForeignKeyViolation);
    assert_eq!(orphan.constraint(), Some("fk_orders_user_id_users"));
    let negative = insert(&product("x", "y", dec!(-1))).exec(&engine).await.unwrap_err();
    assert_eq!(negative.kind(), ErrorKind::CheckViolation);
    assert_eq!(negative.constraint(), Some("ck_products_price_not_negative"));
    let shelf = |item| Stock { warehouse: "north".into(), item, shelf: Some(1), amount: 0 };
    insert(&shelf(1)).exec(&engine).await?;
    let unique = insert(&shelf(2)).exec(&engine).await.unwrap_err();
    assert_eq!(unique.columns().collect::<Vec<_>>(), ["warehouse", "shelf"]);
    // NULL is no value, so it does not clash.
    insert(&Stock { shelf: None, ..shelf(3) }).exec(&engine).await?;
    insert(&Stock { shelf: None, ..shelf(4) }).exec(&engine).await?;
    Ok(())
}

#[creole::test]
async fn foreign_keys_in_a_circle_are_refused_before_anything_is_created(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "hens")]
    struct Hen {
        #[model(primary_key)]
        id: i64,
        #[model(references = Egg::id)]
        egg_id: i64,
    }
    #[derive(Model)]
    #[model(table = "eggs")]
    struct Egg {
        #[model(primary_key)]
        id: i64,
        #[model(references = Hen::id)]
        hen_id: i64,
    }
    let error = engine.create_all(tables![User, Hen, Egg]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.to_string().contains("hens, eggs"), "{error}");
    assert_eq!(User::select().count(&engine).await.unwrap_err().kind(), ErrorKind::UndefinedTable);
    Ok(())
}

#[creole::test]
async fn a_name_with_quotes_is_only_a_name(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, PartialEq, Default)]
    #[model(table = "odd \"name`; drop table x;--", unique(value), index(value, other))]
    struct Odd {
        #[model(primary_key, column = "the \"key`")]
        id: i32,
        #[model(column = "select", length = 10)]
        value: String,
        #[model(column = "größe")]
        other: i32,
    }
    engine.create_all(tables![Odd]).await?;
    let row = Odd { id: 1, value: "x".into(), other: 3 };
    assert_eq!(insert(&row).returning().one(&engine).await?, row);
    let found = Odd::select().filter(Odd::value.eq("x").and(Odd::other.gt(2))).order_by(Odd::id).one(&engine).await?;
    assert_eq!(found, row);
    assert_eq!(insert(&Odd { id: 2, ..row }).exec(&engine).await.unwrap_err().kind(), ErrorKind::UniqueViolation);
    engine.drop_all(tables![Odd]).await
}

#[creole::test]
async fn long_names_are_cut_alike_and_stay_apart(engine: Engine) -> creole::Result<()> {
    #[allow(clippy::duplicated_attributes, reason = "two keys may well share a column")]
    #[derive(Model, Default)]
    #[model(
        table = "a_table_with_a_rather_long_name_for_a_table",
        unique(a_column_with_a_long_name, another_column_with_a_long_name),
        unique(a_column_with_a_long_name, yet_another_column_with_a_long_name),
        index(a_column_with_a_long_name, another_column_with_a_long_name)
    )]
    struct Long {
        #[model(primary_key)]
        id: i32,
        a_column_with_a_long_name: i32,
        another_column_with_a_long_name: i32,
        yet_another_column_with_a_long_name: i32,
    }
    engine.create_all(tables![Long]).await?;
    engine.create_all(tables![Long]).await?;
    insert(&Long::default()).exec(&engine).await?;
    let error = insert(&Long { id: 1, another_column_with_a_long_name: 5, ..Default::default() }).exec(&engine).await;
    let error = error.unwrap_err();
    assert_eq!(error.columns().nth(1), Some("yet_another_column_with_a_long_name"), "{error}");
    Ok(())
}

#[creole::test]
async fn a_foreign_key_of_two_columns(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Shipment, Stock]).await?;
    let stock = Stock { warehouse: "north".into(), item: 7, shelf: None, amount: 1 };
    insert(&stock).exec(&engine).await?;
    let shipment = |item| Shipment { warehouse: Some("north".into()), item, ..Default::default() };
    insert(&shipment(Some(7))).exec(&engine).await?;
    // One column without a value is enough to refer to nothing.
    insert(&shipment(None)).exec(&engine).await?;
    let error = insert(&shipment(Some(8))).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation);
    assert_eq!(error.constraint(), Some("fk_shipments_warehouse_item_stock"));
    assert_eq!(error.columns().collect::<Vec<_>>(), ["warehouse", "item"]);
    update::<Stock>().set(Stock::item, 9).filter(Stock::item.eq(7)).exec(&engine).await?;
    assert_eq!(Shipment::select().filter(Shipment::item.eq(9)).count(&engine).await?, 1);
    delete::<Stock>().all_rows().exec(&engine).await?;
    let left = Shipment::select().filter(Shipment::warehouse.is_null().and(Shipment::item.is_null())).count(&engine);
    assert_eq!(left.await?, 1);
    Ok(())
}

#[creole::test]
async fn set_default_is_had_or_refused(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Default)]
    #[model(table = "tickets")]
    struct Ticket {
        #[model(primary_key, auto)]
        id: i64,
        #[model(references = User::id, on_delete = set_default, server_default = "1")]
        owner: i64,
    }
    let created = engine.create_all(tables![User, Ticket]).await;
    if matches!(engine.dialect().name(), "mysql" | "mariadb") {
        let error = created.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::Unsupported, Some("tickets")));
        assert!(error.to_string().contains("fk_tickets_owner_users"), "{error}");
        assert_eq!(User::select().count(&engine).await.unwrap_err().kind(), ErrorKind::UndefinedTable);
        return Ok(());
    }
    created?;
    for name in ["root", "ada"] {
        insert(&user(name)).exec(&engine).await?;
    }
    insert(&Ticket { owner: 2, ..Default::default() }).exec(&engine).await?;
    delete::<User>().filter(User::id.eq(2)).exec(&engine).await?;
    assert_eq!(Ticket::select().one(&engine).await?.owner, 1);
    Ok(())
}

#[creole::test]
async fn the_text_of_ddl_is_what_is_run(engine: Engine) -> creole::Result<()> {
    let dialect = engine.dialect();
    let text = tables![Order, User, Order].ddl(dialect)?;
    let (users, orders) = (User::table().ddl(dialect)?, Order::table().ddl(dialect)?);
    assert_eq!(text, format!("{users}{orders}"), "what is referred to comes first, and each once");
    assert!(users.ends_with(";\n") && users.contains("CREATE TABLE IF NOT EXISTS"), "{users}");
    let error = tables![Order].ddl(dialect).and_then(|_| tables![Account, Shipment].ddl(dialect));
    assert!(error.is_ok(), "{error:?}");
    Ok(())
}

#[creole::test]
async fn one_table_is_created_by_its_type(engine: Engine) -> creole::Result<()> {
    engine.create_table::<User>().await?;
    engine.create_table::<User>().await?;
    engine.create_table::<Order>().await?;
    assert_eq!(Order::select().count(&engine).await?, 0);
    Ok(())
}

/// What a table was when it was made; and what its model has become.
mod grown {
    use creole::prelude::*;

    #[derive(Model)]
    #[model(table = "growing")]
    pub(super) struct Small {
        #[model(primary_key)]
        id: i32,
        size: i32,
    }

    #[derive(Model)]
    #[model(table = "growing", comment = "Large", index(size), unique_index(added))]
    pub(super) struct Large {
        #[model(primary_key)]
        id: i32,
        size: i32,
        #[model(comment = "New", length = 9, case_insensitive)]
        added: String,
    }
}

#[creole::test]
async fn a_table_that_is_there_is_left_alone(engine: Engine) -> creole::Result<()> {
    engine.create_table::<grown::Small>().await?;
    let before = engine.inspect().table("growing").await?;
    // Neither its indexes nor its comments are added to it, but what is missing beside it is created.
    engine.create_all(tables![grown::Large, User]).await?;
    assert_eq!(engine.inspect().table("growing").await?, before);
    assert_eq!(User::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn a_comment_with_a_character_that_would_be_lost_is_refused(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "commented", comment = "🔑 of keys")]
    struct Commented {
        #[model(primary_key, comment = "\u{10348}")]
        id: i32,
    }
    let created = engine.create_table::<Commented>().await;
    if matches!(engine.dialect().name(), "mysql" | "mariadb") {
        let error = created.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert!(error.to_string().contains("in a comment"), "{error}");
        return Ok(());
    }
    let differences = engine.check(tables![Commented]).await?;
    assert!(created.is_ok() && differences.is_empty(), "{differences}");
    Ok(())
}

#[creole::test]
async fn two_tables_can_not_have_one_name_for_their_indexes(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "a_b", index(c))]
    struct First {
        #[model(primary_key)]
        id: i32,
        c: i32,
    }
    #[derive(Model)]
    #[model(table = "a", index(b_c))]
    struct Second {
        #[model(primary_key)]
        id: i32,
        b_c: i32,
    }
    let error = engine.create_all(tables![User, First, Second]).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.table(), error.constraint()),
        (ErrorKind::Unsupported, Some("a"), Some("ix_a_b_c"))
    );
    assert!(error.to_string().starts_with("a_b and a both have something called ix_a_b_c"), "{error}");
    assert_eq!(engine.inspect().tables().await?, []);
    // One table twice is one table.
    engine.create_all(tables![First, First]).await?;

    let second = engine.create_table::<Second>().await;
    let table = engine.inspect().find(&"a".into()).await?;
    if matches!(engine.dialect().name(), "mysql" | "mariadb") {
        second?;
        assert_eq!(table.map(|table| table.indexes.len()), Some(1), "names of indexes are each table's own");
        return Ok(());
    }
    let error = second.unwrap_err();
    assert_eq!(
        (error.kind(), error.table(), error.constraint()),
        (ErrorKind::Unsupported, Some("a"), Some("ix_a_b_c"))
    );
    assert_eq!(table, None);
    Ok(())
}
