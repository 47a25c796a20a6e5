//! Writing without a session: inserts, updates and deletes that say how many rows they met.

use creole::prelude::*;

use crate::models::{Order, Product, User, empty_shop, filled_shop, product, user};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("Writing");
    inserts(engine, report).await?;
    many_rows(engine, report).await?;
    upserts(engine, report).await?;
    updates(engine, report).await?;
    deletes(engine, report).await
}

async fn inserts(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    empty_shop(engine).await?;
    let widget = product("Widget", "tools", dec!(9.99));
    report.check("insert counts", insert(&widget).exec(engine).await?, 1);
    report.check("the key that the program made", Product::find(widget.id, engine).await?, Some(widget));

    let ada = insert(&user("ada@example.com")).returning().one(engine).await?;
    report.check("the key that the database made comes back", ada.id > 0, true);
    report.check("and it is the row's", User::find(ada.id, engine).await?, Some(ada));
    let given = insert(&User { id: 4_711, ..user("bob@example.com") }).returning().one(engine).await?;
    report.check("a key that is given is kept", given.id, 4_711);
    Ok(())
}

async fn many_rows(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    empty_shop(engine).await?;
    let users: Vec<User> = (1..=250).map(|number| user(&format!("user{number}@example.com"))).collect();
    let saved = insert_all(&users).returning().all(engine).await?;
    let is_in_order = users.iter().zip(&saved).all(|(given, saved)| given.email == saved.email && saved.id > 0);
    report.check("many rows come back in the order given", is_in_order, true);
    let some: Vec<User> = users.into_iter().take(2).collect();
    let twice = insert_all(&some).exec(engine).await;
    report.check("an error says which row", twice.err().and_then(|error| error.row()), Some(0));

    let products = (1..=300).map(|number| product(&format!("Thing {number}"), "things", Decimal::from(number)));
    report.check("rows that are made while they are inserted", insert_each(products).exec(engine).await?, 300);
    let cheap = select(Product::name).filter(Product::price.le(3));
    report.check("rows of a SELECT", insert_from(User::email, cheap).exec(engine).await?, 3);
    Ok(())
}

async fn upserts(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    empty_shop(engine).await?;
    let widget = product("Widget", "tools", dec!(9.99));
    let put = async |row: &Product| {
        insert(row).on_conflict(Product::id).update((Product::name, Product::price)).exec(engine).await
    };
    report.check("an upsert inserts", put(&widget).await?, 1);
    let renamed = Product { name: "Gadget".into(), price: dec!(5), category: "other".into(), ..widget.clone() };
    report.check("or updates", put(&renamed).await?, 1);
    let expected = Product { category: "tools".into(), ..renamed.clone() };
    report.check("what it names", Product::find(widget.id, engine).await?, Some(expected));

    let dearer = insert(&widget)
        .on_conflict(Product::id)
        .set(Product::price, Product::price + excluded(Product::price))
        .filter(Product::price.lt(excluded(Product::price)))
        .upserted(engine)
        .await?;
    report.check("it computes with both rows", (dearer.row.price, dearer.outcome), (dec!(14.99), Outcome::Updated));
    let again = insert(&widget).on_conflict(Product::id).do_nothing().upserted(engine).await?;
    report.check("or leaves the row alone", again.outcome, Outcome::Unchanged);

    let ada = insert(&user("ada@example.com")).returning().one(engine).await?;
    let other = User { email: "ada@example.com".into(), id: ada.id + 1, nickname: None };
    let clash = insert(&other).on_conflict(User::id).update_all().exec(engine).await;
    report.check("another key is a violation", clash.is_err_and(|error| error.is_unique(User::email)), true);
    let mut session = engine.session();
    let by_email = insert(&User { nickname: Some("Countess".into()), ..user("ada@example.com") })
        .on_conflict(User::email)
        .update(User::nickname)
        .track(&mut session)
        .await?;
    report.check("a session tracks it", session[by_email.row].id, ada.id);
    session.commit().await
}

async fn updates(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    filled_shop(engine).await?;
    let toys = || update::<Product>().filter(Product::category.eq("toys"));
    let done = toys().set(Product::price, dec!(5.00)).set(Product::in_stock, false).exec(engine).await?;
    report.check("update counts the rows that match", done, 2);
    report.check("changed or not", toys().set(Product::price, dec!(5.00)).exec(engine).await?, 2);
    let changed = Product::select().filter(Product::price.eq(5).and(not(Product::in_stock)));
    report.check("and changes them", changed.count(engine).await?, 2);

    let dear = toys().set(Product::price, Product::price * dec!(2)).returning_of(Product::price).all(engine).await?;
    report.check("what it wrote comes back", dear, vec![dec!(10.00), dec!(10.00)]);
    let orders = || update::<Order>().join(table::<User>()).filter(User::email.eq("ada@example.com"));
    let done = orders().set(Order::total, Order::total + User::id.cast::<Decimal>()).exec(engine).await?;
    report.check("values come from the row that each belongs to", done, 2);
    let mut products = Product::select().filter(Product::category.eq("tools")).all(engine).await?;
    products.iter_mut().for_each(|product| product.name.push('!'));
    report.check("many rows at once", update_all(&products).columns(Product::name).exec(engine).await?, 3);

    let nickname = update::<User>().set(User::nickname, User::email).filter(User::nickname.is_null());
    report.check("a column takes another one's value", nickname.exec(engine).await?, 2);
    let cleared = update::<User>().set(User::nickname, None).all_rows().exec(engine).await?;
    report.check("every row, when that is meant", cleared, 3);
    let forgot = update::<User>().set(User::nickname, None).exec(engine).await;
    report.check("every row by mistake is refused", forgot.is_err(), true);
    Ok(())
}

async fn deletes(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let toys = || delete::<Product>().filter(Product::category.eq("toys"));
    report.check("delete counts", toys().exec(engine).await?, 2);
    report.check("nothing is left to delete", toys().exec(engine).await?, 0);
    let rich = delete::<User>().join(table::<Order>()).filter(Order::total.gt(200)).returning_of(User::email);
    report.check("rows with what belongs to them", rich.all(engine).await?, vec!["ada@example.com".to_owned()]);
    let tools = Product::select().filter(Product::name.eq("Drill!")).all(engine).await?;
    report.check("many rows by their keys", delete_all(&tools).exec(engine).await?, 1);
    report.check("every row by mistake is refused", delete::<Product>().exec(engine).await.is_err(), true);
    report.check("every row, when that is meant", delete::<Product>().all_rows().exec(engine).await?, 2);
    Ok(())
}
