//! Constraints that say no: the kind of error, and the table, the columns and the constraint by name, on every backend.

use creole::prelude::*;

use crate::health::healthy;
use crate::models::{Order, Product, Stock, User, product, user};

/// A row that keeps the row it refers to from being deleted, unlike an [`Order`].
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "invoices", default)]
struct Invoice {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = User::id)]
    user_id: i64,
    #[model(references = Order::id)]
    order_id: Option<i64>,
}

/// The table as it is.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "members")]
struct Member {
    #[model(primary_key)]
    id: i64,
    name: String,
}

/// The same table, as a struct has it that allows too much.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "members")]
struct LaxMember {
    #[model(primary_key)]
    id: i64,
    name: Option<String>,
}

/// What an error names: the table, the columns, the constraint.
#[track_caller]
fn names(error: &creole::Error) -> (Option<&str>, Vec<&str>, Option<&str>) {
    (error.table(), error.columns().collect(), error.constraint())
}

#[creole::test]
async fn a_unique_key_of_one_column(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada@example.com")).exec(&engine).await?;
    let bob = insert(&user("bob@example.com")).returning().one(&engine).await?;

    let again = user("ada@example.com");
    let inserted = insert(&again).exec(&engine).await.unwrap_err();
    let returned = insert(&again).returning().one(&engine).await.unwrap_err();
    let rename = update::<User>().set(User::email, "ada@example.com").filter(User::id.eq(bob.id));
    let updated = rename.exec(&engine).await.unwrap_err();
    let mut session = engine.session();
    session.add(again);
    let flushed = session.flush().await.unwrap_err();
    drop(session);
    for error in [inserted, returned, updated, flushed] {
        assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
        assert_eq!(names(&error), (Some("users"), vec!["email"], Some("uq_users_email")));
        assert!(error.is_unique(User::email));
        assert!(!error.is_unique(User::id) && !error.is_unique(Product::name));
        assert_eq!(error.backend(), Some(engine.dialect().name()));
        assert!(error.code().is_some() && error.server_message().is_some());
    }
    healthy(&engine).await;
    assert_eq!(User::select().count(&engine).await?, 2);
    Ok(())
}

#[creole::test]
async fn a_unique_key_of_several_columns(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    let stock = |item, shelf| Stock { warehouse: "north".into(), item, shelf, amount: 1 };
    insert(&stock(1, Some(7))).exec(&engine).await?;
    let error = insert(&stock(2, Some(7))).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
    assert_eq!(names(&error), (Some("stock"), vec!["warehouse", "shelf"], Some("uq_stock_warehouse_shelf")));
    assert!(error.is_unique(Stock::shelf) && error.is_unique(Stock::warehouse) && !error.is_unique(Stock::item));
    // NULL is equal to nothing.
    insert(&stock(3, None)).exec(&engine).await?;
    insert(&stock(4, None)).exec(&engine).await?;
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_primary_key(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product, User, Stock]).await?;
    let widget = product("Widget", "tools", dec!(1));
    insert(&widget).exec(&engine).await?;
    let error = insert(&widget).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
    assert_eq!(names(&error), (Some("products"), vec!["id"], Some("pk_products")));
    assert!(error.is_unique(Product::id));

    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let error = insert(&User { id: ada.id, ..user("other") }).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
    assert_eq!(names(&error), (Some("users"), vec!["id"], Some("pk_users")));

    let stock = |shelf| Stock { warehouse: "north".into(), item: 1, shelf: Some(shelf), amount: 1 };
    insert(&stock(1)).exec(&engine).await?;
    let error = insert(&stock(2)).exec(&engine).await.unwrap_err();
    assert_eq!(names(&error), (Some("stock"), vec!["warehouse", "item"], Some("pk_stock")), "{error}");
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_foreign_key_that_refers_to_nothing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order, Invoice]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let order = Order { user_id: ada.id + 1_000, total: dec!(1), ..Default::default() };
    let error = insert(&order).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
    assert_eq!(names(&error), (Some("orders"), vec!["user_id"], Some("fk_orders_user_id_users")));

    let order = insert(&Order { user_id: ada.id, ..order }).returning().one(&engine).await?;
    let moved = update::<Order>().set(Order::user_id, ada.id + 1_000).filter(Order::id.eq(order.id));
    let error = moved.exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::ForeignKeyViolation, Some("orders")), "{error}");

    // With several foreign keys in a table, SQLite does not say which one it was, and nothing is made up.
    let invoice = Invoice { user_id: ada.id, order_id: Some(order.id + 1_000), ..Default::default() };
    let error = insert(&invoice).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::ForeignKeyViolation, Some("invoices")), "{error}");
    match error.constraint() {
        None => assert_eq!(engine.dialect().name(), "sqlite"),
        Some(constraint) => {
            assert_eq!(constraint, "fk_invoices_order_id_orders");
            assert_eq!(error.columns().collect::<Vec<_>>(), ["order_id"]);
        }
    }
    healthy(&engine).await;
    Ok(())
}

#[creole::test]
async fn a_row_that_is_still_referred_to(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order, Invoice]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let order = Order { user_id: ada.id, total: dec!(1), ..Default::default() };
    let order = insert(&order).returning().one(&engine).await?;
    let invoice = Invoice { user_id: ada.id, order_id: Some(order.id), ..Default::default() };
    insert(&invoice).exec(&engine).await?;

    // The orders have one foreign key of their own, and it is not the one that says no.
    let error = delete::<Order>().filter(Order::id.eq(order.id)).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
    assert_ne!(error.constraint(), Some("fk_orders_user_id_users"), "{error}");
    match engine.dialect().name() {
        // SQLite says that some foreign key was violated, and no more: it is not the table of the deleted row that has it.
        "sqlite" => assert_eq!(names(&error), (None, vec![], None)),
        _ => {
            assert_eq!((error.table(), error.constraint()), (Some("invoices"), Some("fk_invoices_order_id_orders")));
        }
    }

    let renumber = update::<Order>().set(Order::id, order.id + 1_000).filter(Order::id.eq(order.id));
    let error = renumber.exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
    assert_ne!(error.constraint(), Some("fk_orders_user_id_users"), "{error}");

    let mut session = engine.session();
    let handle = session.get::<User>(ada.id).await?.expect("Ada");
    session.delete(handle);
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::ForeignKeyViolation);
    session.rollback().await?;
    assert_eq!(session[handle], ada);
    drop(session);
    healthy(&engine).await;
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn null_in_a_column_that_does_not_allow_it(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Member]).await?;
    insert(&Member { id: 1, name: "Ada".into() }).exec(&engine).await?;
    let inserted = insert(&LaxMember { id: 2, name: None }).exec(&engine).await.unwrap_err();
    let updated = update::<LaxMember>().set(LaxMember::name, None).all_rows().exec(&engine).await.unwrap_err();
    let mut session = engine.session();
    let handle = session.get::<LaxMember>(1).await?.expect("Ada");
    session[handle].name = None;
    let committed = session.commit().await.unwrap_err();
    drop(session);
    for error in [inserted, updated, committed] {
        assert_eq!(error.kind(), ErrorKind::NotNullViolation, "{error}");
        assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("members"), vec!["name"]));
    }
    healthy(&engine).await;
    assert_eq!(Member::select().all(&engine).await?, [Member { id: 1, name: "Ada".into() }]);
    Ok(())
}

#[creole::test]
async fn a_check(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    insert(&product("Widget", "tools", dec!(1))).exec(&engine).await?;
    let inserted = insert(&product("Gadget", "tools", dec!(-0.01))).exec(&engine).await.unwrap_err();
    let updated = update::<Product>().set(Product::price, dec!(-1)).all_rows().exec(&engine).await.unwrap_err();
    for error in [inserted, updated] {
        assert_eq!(error.kind(), ErrorKind::CheckViolation, "{error}");
        assert_eq!((error.table(), error.constraint()), (Some("products"), Some("ck_products_price_not_negative")));
    }
    healthy(&engine).await;
    assert_eq!(Product::select().one(&engine).await?.price, dec!(1));
    Ok(())
}

#[creole::test]
async fn a_violation_inside_a_transaction_undoes_the_transaction(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada@example.com")).exec(&engine).await?;
    let result = engine
        .transaction(async |tx| {
            insert(&user("bob@example.com")).exec(&mut *tx).await?;
            insert(&user("ada@example.com")).exec(&mut *tx).await
        })
        .await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::UniqueViolation);
    healthy(&engine).await;
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}
