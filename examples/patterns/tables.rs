//! Tables from models: keys, defaults, indexes and constraints.

use creole::inspect::Differences;
use creole::prelude::*;

use crate::models::{Order, Product, Stock, TABLES, User, empty_shop, product, user};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("Tables");
    engine.drop_all(TABLES).await?;
    let missing = User::select().all(engine).await;
    report.check("a table that is not there", kind(missing), Err(ErrorKind::UndefinedTable));
    engine.create_all(TABLES).await?;
    report.check("after create_all", User::select().count(engine).await?, 0);

    insert(&user("ada@example.com")).exec(engine).await?;
    engine.create_all(TABLES).await?;
    report.check("create_all leaves alone what is there", User::select().count(engine).await?, 1);

    let differences = engine.check(TABLES).await?;
    // Other tables may be in the same database.
    let own = differences.into_iter().filter(|difference| difference.table.name.starts_with("patterns_"));
    report.check(
        "the database is as the models say",
        own.collect::<Differences>().to_string(),
        Differences::default().to_string(),
    );
    let columns = engine.inspect().columns("patterns_users").await?;
    let names: Vec<String> = columns.into_iter().map(|column| column.name).collect();
    report.check("what is in the database, as data", names.join(" "), "id email nickname".to_owned());

    defaults(engine, report).await?;
    constraints(engine, report).await
}

async fn defaults(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let widget = product("Widget", "tools", dec!(9.99));
    insert(&widget).exec(engine).await?;
    let read = Product::find(widget.id, engine).await?;
    report.check("defaults are filled in when the struct is made", widget.in_stock, true);
    report.check("what is read equals what was written, to the microsecond", read, Some(widget));

    let shelf = Stock { warehouse: "north".into(), item: 7, shelf: 1, amount: 12 };
    insert(&shelf).exec(engine).await?;
    report.check("a key of two columns", Stock::find(("north", 7), engine).await?, Some(shelf));
    Ok(())
}

async fn constraints(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    empty_shop(engine).await?;
    let ada = insert(&user("ada@example.com")).returning().one(engine).await?;

    let twice = insert(&user("ada@example.com")).exec(engine).await;
    report.check("a unique column", kind(twice), Err(ErrorKind::UniqueViolation));

    let shelf = Stock { warehouse: "north".into(), item: 7, shelf: 1, amount: 12 };
    insert(&shelf).exec(engine).await?;
    let taken = insert(&Stock { item: 8, ..shelf }).exec(engine).await;
    report.check("a unique key of two columns", kind(taken), Err(ErrorKind::UniqueViolation));

    let cheap = insert(&product("Gift", "toys", dec!(-0.01))).exec(engine).await;
    report.check("a check", kind(cheap), Err(ErrorKind::CheckViolation));

    let nobodys = Order { user_id: ada.id + 1, total: dec!(1), ..Default::default() };
    let nobodys = insert(&nobodys).exec(engine).await;
    report.check("a foreign key", kind(nobodys), Err(ErrorKind::ForeignKeyViolation));

    let long = insert(&product(&"n".repeat(101), "toys", dec!(1))).exec(engine).await;
    report.check("a text that is too long", kind(long), Err(ErrorKind::InvalidValue));
    let precise = insert(&product("Gum", "toys", dec!(0.005))).exec(engine).await;
    report.check("a price with too many digits", kind(precise), Err(ErrorKind::InvalidValue));

    insert(&Order { user_id: ada.id, total: dec!(1), ..Default::default() }).exec(engine).await?;
    delete::<User>().filter(User::id.eq(ada.id)).exec(engine).await?;
    report.check("orders go with their user", Order::select().count(engine).await?, 0);
    Ok(())
}

/// A result with nothing but the kind of its error.
fn kind<T>(result: creole::Result<T>) -> Result<(), ErrorKind> {
    result.map(|_| ()).map_err(|error| error.kind())
}
