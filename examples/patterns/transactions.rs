//! Transactions as closures, and savepoints inside them.

use creole::prelude::*;
use creole::{Error, Isolation};

use crate::models::{User, filled_shop, user};
use crate::report::Report;

pub(crate) async fn run(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    report.group("Transactions");
    filled_shop(engine).await?;
    commits(engine, report).await?;
    rolls_back(engine, report).await?;
    savepoints(engine, report).await?;
    options(engine, report).await
}

async fn commits(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let id = engine
        .transaction(async |tx| {
            let joe = tx.add(user("joe@example.com"));
            tx.flush().await?;
            update::<User>().set(User::nickname, "Joe").filter(User::id.eq(tx[joe].id)).exec(&mut *tx).await?;
            Ok(tx[joe].id)
        })
        .await?;
    let joe = User::find(id, engine).await?;
    report.check("Ok commits", joe.and_then(|joe| joe.nickname).as_deref(), Some("Joe"));
    Ok(())
}

async fn rolls_back(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let before = User::select().count(engine).await?;
    let refused: creole::Result<()> = engine
        .transaction(async |tx| {
            insert(&user("kim@example.com")).exec(&mut *tx).await?;
            Err(Error::new(ErrorKind::Other, "the program thinks better of it"))
        })
        .await;
    report.check("Err comes back", refused.is_err(), true);
    report.check("and rolls back", User::select().count(engine).await?, before);

    let refused: Result<(), Refusal> = engine
        .transaction_or(async |tx| {
            delete::<User>().all_rows().exec(&mut *tx).await?;
            Err(Refusal::NotToday)
        })
        .await;
    report.check("an error type of one's own", refused, Err(Refusal::NotToday));
    report.check("rolls back too", User::select().count(engine).await?, before);
    Ok(())
}

async fn savepoints(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let mut session = engine.session();
    let kept = session.add(user("kept@example.com"));
    let clash: creole::Result<()> = session
        .savepoint(async |inner| {
            insert(&user("undone@example.com")).exec(&mut *inner).await?;
            inner[kept].nickname = Some("changed".into());
            inner.add(user("kept@example.com"));
            inner.flush().await
        })
        .await;
    report.check("a savepoint fails alone", clash.is_err_and(|error| error.is_unique(User::email)), true);
    report.check("what it changed in memory is undone", session[kept].nickname.as_deref(), None);
    let nested = session
        .savepoint(async |outer| {
            outer.add(user("outer@example.com"));
            let inner: creole::Result<()> = outer
                .savepoint(async |inner| {
                    inner.add(user("inner@example.com"));
                    Err(Error::new(ErrorKind::Other, "no"))
                })
                .await;
            Ok(inner.is_err())
        })
        .await?;
    report.check("savepoints nest", nested, true);
    session.commit().await?;
    let emails = ["kept@example.com", "undone@example.com", "outer@example.com", "inner@example.com"];
    let found = User::select().filter(User::email.is_in(emails)).order_by(User::email).all(engine).await?;
    let found: Vec<&str> = found.iter().map(|user| &*user.email).collect();
    report.check("the transaction went on", found, ["kept@example.com", "outer@example.com"]);
    Ok(())
}

async fn options(engine: &Engine, report: &mut Report) -> creole::Result<()> {
    let write = engine
        .transaction_with(TxOptions::new().read_only(), async |tx| insert(&user("x@example.com")).exec(&mut *tx).await)
        .await;
    let refused = write.is_err_and(|error| error.kind() == ErrorKind::ReadOnly);
    report.check("a read-only transaction refuses to write", refused, true);

    for options in [TxOptions::serializable(), TxOptions::default().isolation(Isolation::RepeatableRead)] {
        let users = engine
            .transaction_with(options.clone(), async |tx| {
                let before = User::select().count(&mut *tx).await?;
                Ok(User::select().count(&mut *tx).await? - before)
            })
            .await;
        let pattern = format!("isolation {}", options.isolation.map_or("", Isolation::sql));
        report.check(&pattern, users.ok(), Some(0));
    }
    Ok(())
}

/// What this program says beside what creole says.
#[derive(Debug, PartialEq)]
enum Refusal {
    NotToday,
    Database(ErrorKind),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Refusal {
        Refusal::Database(error.kind())
    }
}
