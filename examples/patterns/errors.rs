//! Errors as data: the kind, the table, the columns and the constraint, the same on every database.

use creole::Error;
use creole::prelude::*;

use crate::models::{Order, Product, User, filled_shop, product, user};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("Errors");
    filled_shop(engine).await?;

    let clash = insert(&user("ada@example.com")).exec(engine).await;
    check(report, "unique", clash, ErrorKind::UniqueViolation, Some("uq_patterns_users_email"));
    match insert(&user("ada@example.com")).exec(engine).await {
        Err(error) => {
            report.check("it is told by the column", error.is_unique(User::email), true);
            report.check("and by no other column", error.is_unique(Product::id), false);
            report.check("the columns", error.columns().collect::<Vec<_>>(), ["email"]);
            report.check("trying again would not help", error.is_retryable(), false);
            report.check("the value stays out of the text", error.to_string().contains("ada@"), false);
        }
        Ok(rows) => report.check("a second Ada is refused", rows, 0),
    }

    let ball = Product::select().filter(Product::name.eq("Ball")).one(engine).await?;
    let clash = insert(&Product { id: ball.id, ..product("Ball 2", "toys", dec!(1)) }).exec(engine).await;
    check(report, "primary key", clash, ErrorKind::UniqueViolation, Some("pk_patterns_products"));

    let cheap = update::<Product>().set(Product::price, dec!(-1)).all_rows().exec(engine).await;
    let name = "ck_patterns_products_price_not_negative";
    check(report, "check", cheap, ErrorKind::CheckViolation, Some(name));

    let orphan = insert(&Order { user_id: -1, total: dec!(1), ..Default::default() }).exec(engine).await;
    let name = "fk_patterns_orders_user_id_patterns_users";
    check(report, "foreign key", orphan, ErrorKind::ForeignKeyViolation, Some(name));

    let large = insert(&product("Moon", "tools", dec!(99999999999))).exec(engine).await;
    check(report, "a number too large", large, ErrorKind::InvalidValue, None);

    let elsewhere = User::select().filter(Order::total.gt(1)).all(engine).await;
    check(report, "a column of another table", elsewhere, ErrorKind::UndefinedColumn, None);

    let scheme = Engine::connect("oracle://scott:tiger@localhost/db").await;
    check(report, "a URL of no backend", scheme, ErrorKind::Config, None);
    Ok(())
}

/// Compares an error's kind and the constraint that it names.
fn check<T>(report: &mut Report, pattern: &str, result: creole::Result<T>, kind: ErrorKind, constraint: Option<&str>) {
    let error = result.err();
    report.check(pattern, error.as_ref().map(Error::kind), Some(kind));
    if let Some(constraint) = constraint {
        let named = error.as_ref().and_then(Error::constraint);
        report.check(&format!("{pattern}: the constraint"), named, Some(constraint));
    }
}
