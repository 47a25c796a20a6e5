//! Writing without a session: inserts, updates and deletes that say how many rows they met.

use creole::prelude::*;

use crate::models::{Product, User, empty_shop, filled_shop, product, user};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("Writing");
    inserts(engine, report).await?;
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

async fn updates(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    filled_shop(engine).await?;
    let toys = || update::<Product>().filter(Product::category.eq("toys"));
    let done = toys().set(Product::price, dec!(5.00)).set(Product::in_stock, false).exec(engine).await?;
    report.check("update counts the rows that match", done, 2);
    report.check("changed or not", toys().set(Product::price, dec!(5.00)).exec(engine).await?, 2);
    let changed = Product::select().filter(Product::price.eq(5).and(not(Product::in_stock)));
    report.check("and changes them", changed.count(engine).await?, 2);

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
    report.check("every row by mistake is refused", delete::<Product>().exec(engine).await.is_err(), true);
    report.check("every row, when that is meant", delete::<Product>().all_rows().exec(engine).await?, 3);
    Ok(())
}
