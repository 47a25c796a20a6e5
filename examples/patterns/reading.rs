//! Reading: filters, order, pages, one row or many, streams.

use creole::prelude::*;

use crate::models::{Product, User, filled_shop, names};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("Reading");
    filled_shop(engine).await?;
    filters(engine, report).await?;
    dynamic_filters(engine, report).await?;
    pages(engine, report).await?;
    one_row(engine, report).await?;
    numbers(engine, report).await?;
    streams(engine, report).await?;
    texts(report)
}

async fn filters(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let all = Product::select().all(engine).await?;
    report.check("every row", all.len(), 5);

    let pricey = Product::select().filter(Product::price.gt(100)).order_by(Product::name).all(engine).await?;
    report.check("dearer than 100", names(&pricey), ["Anvil", "Crane"]);

    let in_stock = Product::select().filter(Product::in_stock).order_by(Product::name).all(engine).await?;
    report.check("a bool column is a condition", names(&in_stock), ["Anvil", "Ball", "Doll", "Drill"]);

    let condition = Product::category.eq("toys").and(Product::price.lt(10)).or(not(Product::in_stock));
    let combined = Product::select().filter(condition).order_by(Product::name).all(engine).await?;
    report.check("and, or, not", names(&combined), ["Ball", "Crane"]);

    let between = Product::price.between(dec!(19.50), 100);
    let between = Product::select().filter(between).order_by(Product::name).all(engine).await?;
    report.check("between, both ends included", names(&between), ["Doll", "Drill"]);

    let listed = Product::select().filter(Product::name.is_in(["Ball", "Drill", "Kite"])).order_by(Product::name);
    report.check("in a list", names(&listed.all(engine).await?), ["Ball", "Drill"]);
    let nothing = Product::select().filter(Product::name.is_in(Vec::<String>::new()));
    report.check("in an empty list", nothing.count(engine).await?, 0);

    let like = Product::select().filter(Product::name.like("D%")).order_by(Product::name).all(engine).await?;
    report.check("like", names(&like), ["Doll", "Drill"]);
    report.check("like is case-sensitive", Product::select().filter(Product::name.like("d%")).count(engine).await?, 0);

    let nameless = User::select().filter(User::nickname.is_null());
    report.check("NULL", nameless.count(engine).await?, 2);
    let not_bobby = User::select().filter(User::nickname.ne("Bobby"));
    report.check("unequal to a value keeps NULL", not_bobby.count(engine).await?, 2);
    Ok(())
}

async fn dynamic_filters(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let search = async |category: Option<&str>, at_most: Option<Decimal>| -> creole::Result<u64> {
        let mut query = Product::select();
        if let Some(category) = category {
            query = query.filter(Product::category.eq(category));
        }
        query.filter_some(at_most, |price| Product::price.le(price)).count(engine).await
    };
    report.check("no filter given", search(None, None).await?, 5);
    report.check("one given", search(Some("tools"), None).await?, 3);
    report.check("two given", search(Some("tools"), Some(dec!(150))).await?, 2);
    Ok(())
}

async fn pages(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let sorted = Product::select().order_by((Product::category, Product::price.desc()));
    let first = sorted.clone().limit(2).all(engine).await?;
    report.check("the first page", names(&first), ["Crane", "Anvil"]);
    let second = sorted.clone().offset(2).limit(2).all(engine).await?;
    report.check("the second page", names(&second), ["Drill", "Doll"]);
    let last = sorted.offset(4).all(engine).await?;
    report.check("what is left", names(&last), ["Ball"]);

    let users = User::select().order_by((User::nickname, User::email)).all(engine).await?;
    let emails: Vec<&str> = users.iter().map(|user| &*user.email).collect();
    report.check("NULLs stand last", emails, ["bob@example.com", "ada@example.com", "eve@example.org"]);
    Ok(())
}

async fn one_row(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let ball = Product::select().filter(Product::name.eq("Ball")).one(engine).await?;
    report.check("exactly one", &*ball.name, "Ball");
    let nobody = User::select().filter(User::email.eq("nobody@example.com"));
    report.check("one that is not there", kind(nobody.clone().one(engine).await), Some(ErrorKind::NotFound));
    report.check("one of several", kind(User::select().one(engine).await), Some(ErrorKind::MultipleFound));
    report.check("one or none", nobody.optional(engine).await?, None);

    let last = User::select().order_by(User::email.desc()).first(engine).await?;
    report.check("the first in an order", last.map(|user| user.email).as_deref(), Some("eve@example.org"));

    report.check("by primary key", Product::find(ball.id, engine).await?, Some(ball));
    report.check("by a primary key that no row has", User::find(-1, engine).await?, None);
    Ok(())
}

async fn numbers(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let toys = Product::select().filter(Product::category.eq("toys"));
    report.check("count", toys.clone().count(engine).await?, 2);
    report.check("count within a limit", toys.limit(1).count(engine).await?, 1);
    let at = |domain: &str| User::select().filter(User::email.like(format!("%@{domain}")));
    report.check("exists", at("example.org").exists(engine).await?, true);
    report.check("does not exist", at("example.net").exists(engine).await?, false);
    Ok(())
}

async fn streams(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let mut rows = Product::select().order_by(Product::price).stream(engine);
    let mut cheapest = Vec::new();
    while let Some(product) = rows.try_next().await? {
        if product.price > dec!(100) {
            break;
        }
        cheapest.push(product);
    }
    drop(rows);
    report.check("row by row, and no further than wanted", names(&cheapest), ["Ball", "Doll", "Drill"]);
    report.check("the engine goes on after that", Product::select().count(engine).await?, 5);
    Ok(())
}

/// The SQL of a statement can be had without a connection, in any dialect that is compiled in.
fn texts(report: &mut Report) -> creole::Result<()> {
    let _query = User::select().filter(User::id.eq(1)).limit(1);
    #[cfg(feature = "sqlite")]
    report.check("SQL for SQLite", _query.sql(&Sqlite)?.contains(r#"FROM "patterns_users""#), true);
    #[cfg(feature = "postgres")]
    report.check("SQL for PostgreSQL", _query.sql(&Postgres)?.contains(r#""id" = $1"#), true);
    #[cfg(feature = "mysql")]
    report.check("SQL for MySQL", _query.sql(&MySql)?.contains("FROM `patterns_users`"), true);
    Ok(())
}

fn kind<T>(result: creole::Result<T>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind())
}
