//! The session: entities are changed as structs are, and `commit` writes what changed.

use creole::prelude::*;

use crate::models::{Order, Product, User, filled_shop, user};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("Session");
    filled_shop(engine).await?;
    adding(engine, report).await?;
    editing(engine, report).await?;
    undoing(engine, report).await?;
    tracking(engine, report).await
}

async fn adding(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let mut session = engine.session();
    let joe = session.add(user("joe@example.com"));
    report.check("an added entity has no key yet", session[joe].id, 0);
    session.flush().await?;
    let id = session[joe].id;
    report.check("flush writes it, and the key is there", id > 0, true);
    let order = session.add(Order { user_id: id, total: dec!(12.50), ..Default::default() });
    session.commit().await?;
    report.check("commit keeps it", User::find(id, engine).await?.is_some(), true);
    session.refresh(joe).await?;
    report.check("refresh reads it anew", &session[joe].email, "joe@example.com");
    report.check("handles stay readable after a commit", session[order].total, dec!(12.50));
    Ok(())
}

async fn editing(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let id = User::select().filter(User::email.eq("ada@example.com")).one(engine).await?.id;
    let mut session = engine.session();
    let Some(ada) = session.get::<User>(id).await? else {
        report.check("get finds a row", false, true);
        return Ok(());
    };
    report.check("the same row is the same entity", session.get::<User>(id).await?, Some(ada));
    report.check("a row that is not there", session.get::<User>(-1).await?, None);

    session[ada].nickname = Some("Countess".into());
    let countess = User::select().filter(User::nickname.eq("Countess"));
    report.check("a query on the session sees the change", countess.clone().count(&mut session).await?, 1);
    session.commit().await?;
    report.check("after commit everybody does", countess.count(engine).await?, 1);

    update::<User>().set(User::nickname, "Lovelace").filter(User::id.eq(id)).exec(engine).await?;
    session.refresh(ada).await?;
    report.check("refresh brings what others wrote", session[ada].nickname.as_deref(), Some("Lovelace"));

    let owned: User = session.detach(ada);
    report.check("a detached entity is a struct again", owned.id, id);
    report.check("and its handle is spent", session.try_get(ada).is_err(), true);
    Ok(())
}

async fn undoing(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let before = User::select().count(engine).await?;
    let bob = User::select().filter(User::email.eq("bob@example.com")).one(engine).await?;
    let mut session = engine.session();
    let Some(tracked) = session.get::<User>(bob.id).await? else { return Ok(()) };
    session[tracked].nickname = None;
    let added = session.add(user("kim@example.com"));
    session.flush().await?;
    session.rollback().await?;
    report.check("rollback undoes the database", User::select().count(engine).await?, before);
    report.check("and memory", &session[tracked], &bob);
    report.check("what was added is gone", session.try_get(added).is_err(), true);

    session.delete(tracked);
    session.rollback().await?;
    report.check("what was to be deleted is back", &session[tracked], &bob);

    session.add(user("bob@example.com"));
    let clash = session.commit().await;
    report.check("a commit that fails says why", clash.is_err_and(|error| error.is_unique(User::email)), true);
    let refused = User::select().count(&mut session).await;
    let refused = refused.is_err_and(|error| error.kind() == ErrorKind::TransactionAborted);
    report.check("nothing goes on after that", refused, true);
    session.rollback().await?;
    report.check("until it is rolled back", User::select().count(&mut session).await?, before);

    session[tracked].nickname = Some("Robert".into());
    session.flush().await?;
    drop(session);
    report.check("a session that is dropped keeps nothing", User::find(bob.id, engine).await?, Some(bob));
    Ok(())
}

async fn tracking(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let mut session = engine.session();
    let tools = Product::select().filter(Product::category.eq("tools")).order_by(Product::name);
    let tracked: Vec<Tracked<Product>> = tools.track(&mut session).await?;
    report.check("tracked rows", tracked.len(), 3);
    for &tool in &tracked {
        session[tool].price += dec!(0.10);
    }
    if let [anvil, ..] = *tracked {
        session.delete(anvil);
    }
    session.commit().await?;
    let tools = Product::select().filter(Product::category.eq("tools")).order_by(Product::price).all(engine).await?;
    let prices: Vec<Decimal> = tools.into_iter().map(|tool| tool.price).collect();
    report.check("changes and deletes are written by commit", prices, [dec!(100.10), dec!(1250.10)]);
    Ok(())
}
