//! INSERT: columns left to the database, expressions as values, rows from a SELECT.

use creole::prelude::*;
use creole::query::database_now;

use crate::models::{Account, Node, Order, Product, Stock, User, product, user};

#[creole::test]
async fn columns_are_left_to_the_database(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Account]).await?;
    let given = Account { login: "ada".into(), tenant: 1, rank: 2, plan: "paid".into(), ..Default::default() };
    insert(&given).omit(Account::rank).omit(Account::plan).omit(Account::balance).exec(&engine).await?;
    let ada = Account::select().one(&engine).await?;
    assert_eq!((ada.rank, ada.plan.as_str(), ada.balance), (0, "free", Some(dec!(-1.50))));
    // What has no default and allows NULL is NULL; what does not is an error that names it.
    insert(&Account { motto: Some("!".into()), tenant: 2, ..given.clone() }).omit(Account::motto).exec(&engine).await?;
    assert_eq!(Account::select().filter(Account::tenant.eq(2)).one(&engine).await?.motto, None);
    let error = insert(&Account { tenant: 3, ..given }).omit(Account::login).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotNullViolation, "{error}");
    assert_eq!(error.columns().collect::<Vec<_>>(), ["login"]);
    Ok(())
}

#[creole::test]
async fn values_are_computed_by_the_database(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product, User]).await?;
    let widget = Product { created_at: DateTime::UNIX_EPOCH, ..product("Widget", "tools", dec!(9.99)) };
    let before = creole::now();
    let saved = insert(&widget)
        .set(Product::created_at, database_now())
        .set(Product::name, creole::query::val("no".to_owned()).upper())
        .set(Product::price, coalesce(creole::query::val(dec!(1)) / dec!(3), dec!(0)))
        .returning()
        .one(&engine)
        .await?;
    assert_eq!((saved.name.as_str(), saved.price), ("NO", dec!(0.33)));
    assert!((saved.created_at - before).num_minutes().abs() < 5, "{saved:?}");
    // A subquery sees other tables, and the last of two values for a column counts.
    let most = select(max(Product::name)).from(table::<Product>()).value();
    insert(&user("x@example.com")).set(User::nickname, "first").set(User::nickname, most).exec(&engine).await?;
    assert_eq!(User::select().one(&engine).await?.nickname.as_deref(), Some("NO"));
    // There is no row yet whose columns could be read.
    let error = insert(&widget).set(Product::name, Product::category).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UndefinedColumn, "{error}");
    Ok(())
}

#[creole::test]
async fn a_server_default_comes_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let node =
        insert(&Node { name: "x".into(), ..Default::default() }).omit(Node::name).returning().one(&engine).await?;
    assert_eq!(node.name, "unnamed");
    // The number that the struct has is not used.
    let other = insert(&Node { id: 1_000, ..node.clone() }).omit(Node::id).returning().one(&engine).await?;
    assert_eq!(other, Node { id: node.id + 1, ..node });
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "archive", default)]
struct Archived {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 255)]
    email: String,
    #[model(precision = 8, scale = 2)]
    total: Option<Decimal>,
    #[model(length = 10, server_default = "'new'")]
    state: String,
}

#[creole::test]
async fn rows_come_from_a_select(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Order, Archived]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    insert(&user("bob@example.com")).exec(&engine).await?;
    for total in [dec!(10), dec!(0.005), dec!(0.01)] {
        insert(&Order { user_id: ada.id, total, ..Default::default() }).exec(&engine).await?;
    }
    let totals = select((User::email, sum(Order::total)))
        .left_join(User::orders)
        .group_by((User::id, User::email))
        .order_by(User::email);
    assert_eq!(insert_from((Archived::email, Archived::total), totals).exec(&engine).await?, 2);
    let rows = Archived::select().order_by(Archived::email).all(&engine).await?;
    // A computed decimal is rounded half away from zero to its column's digits.
    let expected = [("ada@example.com", Some(dec!(10.02))), ("bob@example.com", None)];
    assert_eq!(rows.iter().map(|row| (row.email.as_str(), row.total)).collect::<Vec<_>>(), expected);
    assert!(rows.iter().all(|row| row.state == "new" && row.id > 0));
    // From the table itself, and from a common table expression.
    let doubled = select(Archived::email).filter(Archived::total.is_not_null());
    assert_eq!(insert_from(Archived::email, doubled).exec(&engine).await?, 1);
    let cte = select((User::email, User::id)).filter(User::email.like("b%")).cte("some");
    let from_cte = select(cte.col(User::email)).from(&cte).with_cte(&cte);
    assert_eq!(insert_from(Archived::email, from_cte).exec(&engine).await?, 1);
    let mut emails = select(Archived::email).order_by(Archived::id).all(&engine).await?;
    emails.drain(..2);
    assert_eq!(emails, ["ada@example.com", "bob@example.com"]);
    // Whole models, none of which match.
    let none = Archived::select().filter(Archived::id.lt(0));
    assert_eq!(insert_from(Archived::ALL, none).exec(&engine).await?, 0);
    // What a row breaks is said as for any other.
    let same = select((User::id, User::email)).filter(User::id.eq(ada.id));
    let error = insert_from((User::id, User::email), same).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
    Ok(())
}

#[creole::test]
async fn hostile_values_are_values(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock, User]).await?;
    let hostile = ["'; DROP TABLE users; --", "\\' OR 1=1 -- ", "$1 ?1 :x @y", "`\"[", "%s {} {{}}", "\u{202e}\u{0}"];
    for (place, text) in hostile.iter().enumerate().take(5) {
        let row = User { nickname: Some((*text).into()), ..user(&format!("{place}{text}")) };
        let saved = insert(&row).returning().one(&engine).await?;
        assert_eq!(saved, User { id: saved.id, ..row.clone() });
        let computed = insert(&user(text)).set(User::nickname, *text).returning().one(&engine).await?;
        assert_eq!((computed.email.as_str(), computed.nickname.as_deref()), (*text, Some(*text)));
    }
    let error = insert(&user(hostile[5])).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, None), "{error}");
    assert_eq!(User::select().count(&engine).await?, 10);
    Ok(())
}
