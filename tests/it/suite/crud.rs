//! Inserting, finding, updating and deleting rows.

use creole::prelude::*;

use crate::models::{Node, Order, Product, Stock, User, product, user};

#[creole::test]
async fn what_is_inserted_is_found(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    let widget = product("Widget", "tools", dec!(9.99));
    assert_eq!(insert(&widget).exec(&engine).await?, 1);
    assert_eq!(Product::find(widget.id, &engine).await?, Some(widget.clone()));
    assert_eq!(Product::find(Uuid::nil(), &engine).await?, None);
    assert_eq!(Product::select().all(&engine).await?, [widget]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "far_numbers")]
struct FarNumber {
    #[model(primary_key)]
    id: u64,
    name: String,
}

/// Keys beyond what `int8` holds are sent as another type on PostgreSQL, with a text of their own.
#[creole::test]
async fn what_is_found_again_and_again_may_have_keys_of_any_size(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![FarNumber]).await?;
    let mut ids = vec![7, i64::MAX as u64];
    if engine.dialect().name() != "sqlite" {
        ids.extend([u64::MAX, (1 << 63) + 5]);
    }
    for &id in &ids {
        insert(&FarNumber { id, name: format!("{id}") }).exec(&engine).await?;
    }
    let mut session = engine.session();
    for id in ids.iter().chain(ids.iter().rev()).copied() {
        assert_eq!(FarNumber::find(id, &engine).await?.expect("there").name, format!("{id}"));
        assert_eq!(FarNumber::find(id, &mut session).await?.expect("there").name, format!("{id}"));
        assert_eq!(FarNumber::find(id - 1, &engine).await?, None);
    }
    Ok(())
}

#[creole::test]
async fn a_key_that_no_backend_could_take_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stock]).await?;
    for _ in 0..2 {
        let error = Stock::find(("nor\0th", 7), &engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
        assert_eq!(Stock::find(("north", 7), &engine).await?, None);
    }
    Ok(())
}

#[creole::test]
async fn insert_returns_the_row_with_the_key_that_the_database_made(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let bob = insert(&user("bob@example.com")).returning().one(&engine).await?;
    assert!(ada.id > 0 && bob.id > ada.id, "{ada:?} {bob:?}");
    assert_eq!(ada.email, "ada@example.com");
    let given = insert(&User { id: 1_000, ..user("eve@example.com") }).returning().one(&engine).await?;
    assert_eq!(given.id, 1_000);
    assert_eq!(User::select().order_by(User::id).all(&engine).await?, [ada, bob, given]);
    Ok(())
}

#[creole::test]
async fn insert_returns_rows_with_client_made_and_composite_keys(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product, Stock]).await?;
    let widget = product("Widget", "tools", dec!(9.99));
    assert_eq!(insert(&widget).returning().one(&engine).await?, widget);
    let stock = Stock { warehouse: "north".into(), item: 7, shelf: None, amount: 12 };
    assert_eq!(insert(&stock).returning().one(&engine).await?, stock);
    assert_eq!(Stock::find(("north", 7), &engine).await?, Some(stock));
    assert_eq!(Stock::find(("north", 8), &engine).await?, None);
    Ok(())
}

#[creole::test]
async fn an_inserted_row_of_nothing_but_its_key_gets_one(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "tickets", default)]
    struct Ticket {
        #[model(primary_key, auto)]
        id: i64,
    }
    engine.create_all(tables![Ticket]).await?;
    let first = insert(&Ticket::default()).returning().one(&engine).await?;
    let second = insert(&Ticket::default()).returning().one(&engine).await?;
    assert!(second.id > first.id && first.id > 0);
    Ok(())
}

#[creole::test]
async fn numbers_given_out_once_are_not_given_out_again(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let first = insert(&user("a@example.com")).returning().one(&engine).await?;
    delete::<User>().filter(User::id.eq(first.id)).exec(&engine).await?;
    let second = insert(&user("b@example.com")).returning().one(&engine).await?;
    assert!(second.id > first.id);
    Ok(())
}

#[creole::test]
async fn update_changes_the_rows_that_match_and_counts_them(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    for (name, category, price) in [("A", "toys", dec!(1)), ("B", "toys", dec!(2)), ("C", "tools", dec!(3))] {
        insert(&product(name, category, price)).exec(&engine).await?;
    }
    let toys = || update::<Product>().filter(Product::category.eq("toys"));
    assert_eq!(toys().set(Product::price, dec!(5.50)).set(Product::in_stock, false).exec(&engine).await?, 2);
    // The same once more: rows are counted where they match, changed or not.
    assert_eq!(toys().set(Product::price, dec!(5.50)).exec(&engine).await?, 2);
    let prices: Vec<Decimal> =
        Product::select().order_by(Product::name).all(&engine).await?.into_iter().map(|row| row.price).collect();
    assert_eq!(prices, [dec!(5.50), dec!(5.50), dec!(3)]);
    assert_eq!(update::<Product>().set(Product::in_stock, true).all_rows().exec(&engine).await?, 3);
    assert_eq!(Product::select().filter(Product::in_stock).count(&engine).await?, 3);
    Ok(())
}

#[creole::test]
async fn the_right_hand_sides_of_an_update_see_the_row_as_it_was(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    insert(&product("name", "category", dec!(1))).exec(&engine).await?;
    let moved = update::<Product>().set(Product::name, "new").set(Product::category, Product::name).all_rows();
    assert_eq!(moved.exec(&engine).await?, 1);
    let row = Product::select().one(&engine).await?;
    assert_eq!((&*row.name, &*row.category), ("new", "name"));

    let swapped = update::<Product>().set(Product::name, Product::category).set(Product::category, Product::name);
    match swapped.all_rows().exec(&engine).await {
        Ok(rows) => {
            assert_eq!(rows, 1);
            let row = Product::select().one(&engine).await?;
            assert_eq!((&*row.name, &*row.category), ("name", "new"));
        }
        // The MySQL family evaluates from left to right, so a circle has no order: refused, and nothing is changed.
        Err(error) => assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}"),
    }
    Ok(())
}

#[creole::test]
async fn a_nullable_column_is_set_to_null_and_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&User { nickname: Some("Countess".into()), ..user("ada@example.com") }).exec(&engine).await?;
    update::<User>().set(User::nickname, None).all_rows().exec(&engine).await?;
    assert_eq!(User::select().one(&engine).await?.nickname, None);
    update::<User>().set(User::nickname, User::email).all_rows().exec(&engine).await?;
    assert_eq!(User::select().one(&engine).await?.nickname.as_deref(), Some("ada@example.com"));
    Ok(())
}

#[creole::test]
async fn delete_takes_the_rows_that_match_and_those_that_hang_on_them(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Order, User]).await?;
    let ada = insert(&user("ada@example.com")).returning().one(&engine).await?;
    let bob = insert(&user("bob@example.com")).returning().one(&engine).await?;
    for user in [&ada, &ada, &bob] {
        insert(&Order { user_id: user.id, total: dec!(10), ..Default::default() }).exec(&engine).await?;
    }
    assert_eq!(delete::<User>().filter(User::email.eq("ada@example.com")).exec(&engine).await?, 1);
    assert_eq!(delete::<User>().filter(User::email.eq("ada@example.com")).exec(&engine).await?, 0);
    let orders = Order::select().all(&engine).await?;
    assert_eq!(orders.iter().map(|order| order.user_id).collect::<Vec<_>>(), [bob.id]);
    assert_eq!(delete::<Order>().all_rows().exec(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn one_optional_and_first_say_what_they_found(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let none = || User::select().filter(User::email.like("%nobody%"));
    assert_eq!(none().one(&engine).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(none().optional(&engine).await?, None);
    assert_eq!(none().first(&engine).await?, None);
    for name in ["a", "b", "c"] {
        insert(&user(name)).exec(&engine).await?;
    }
    let error = User::select().one(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::MultipleFound, Some("users")));
    assert_eq!(User::select().optional(&engine).await.unwrap_err().kind(), ErrorKind::MultipleFound);
    assert_eq!(User::select().order_by(User::email.desc()).first(&engine).await?.unwrap().email, "c");
    assert_eq!(User::select().filter(User::email.eq("b")).one(&engine).await?.email, "b");
    // A limit of the user's own is kept: one row is one row.
    assert_eq!(User::select().order_by(User::email).limit(1).one(&engine).await?.email, "a");
    Ok(())
}

#[creole::test]
async fn a_self_reference_and_a_field_that_is_no_column(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let root =
        insert(&Node { name: "root".into(), visited: true, ..Default::default() }).returning().one(&engine).await?;
    assert!(!root.visited, "a skipped field comes back as its default");
    let leaf = Node { parent_id: Some(root.id), name: "leaf".into(), ..Default::default() };
    insert(&leaf).exec(&engine).await?;
    delete::<Node>().filter(Node::id.eq(root.id)).exec(&engine).await?;
    assert_eq!(Node::select().one(&engine).await?.parent_id, None);
    Ok(())
}

#[creole::test]
async fn a_statement_without_a_filter_must_say_so(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada@example.com")).exec(&engine).await?;
    let forgot = delete::<User>().exec(&engine).await.unwrap_err();
    assert_eq!(forgot.kind(), ErrorKind::Syntax);
    assert!(forgot.to_string().contains(".all_rows()"), "{forgot}");
    let forgot = update::<User>().set(User::nickname, None).exec(&engine).await.unwrap_err();
    assert_eq!(forgot.kind(), ErrorKind::Syntax);
    let sets_nothing = update::<User>().all_rows().exec(&engine).await.unwrap_err();
    assert_eq!(sets_nothing.kind(), ErrorKind::Syntax);
    assert_eq!(User::select().count(&engine).await?, 1);
    Ok(())
}
