//! What an observer is told: each statement, transaction, connection and flush, whatever becomes of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use async_trait::async_trait;
use creole::dialect::Dialect;
use creole::driver::{Connection, Driver, Role};
use creole::observe::{Event, EventKind};
use creole::prelude::*;

use crate::health::eventually;
use crate::lab::Lab;
use crate::models::{User, user};

/// What was told, in order; without times.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn observe(&self) -> impl Fn(&Event<'_>) + Send + Sync + 'static {
        let told = Arc::clone(&self.0);
        move |event: &Event<'_>| {
            let line = match &event.kind {
                EventKind::StatementEnded(statement, outcome) => {
                    let table = statement.table.unwrap_or("-");
                    let verb = statement.verb;
                    let end = match (outcome.error, outcome.is_cut_off) {
                        (Some(kind), _) => format!("{kind:?}"),
                        (None, true) => "cut off".to_owned(),
                        (None, false) => format!("{} rows", outcome.rows),
                    };
                    let caller = if statement.caller.is_some_and(|at| at.file().ends_with("observing.rs")) {
                        "here"
                    } else {
                        "-"
                    };
                    format!("{verb:?} {table} {end} {caller}")
                }
                EventKind::StatementBegun(statement) => format!("begun {:?}", statement.verb),
                EventKind::TransactionBegun { reads_only } => format!("BEGIN {reads_only}"),
                EventKind::TransactionEnded(end, _) => format!("{end:?}"),
                EventKind::Flushed { inserted, updated, deleted } => format!("flushed {inserted} {updated} {deleted}"),
                EventKind::ConnectionMade(_) => "made".to_owned(),
                EventKind::ConnectionFailed(kind, _) => format!("failed {kind:?}"),
                EventKind::ConnectionLent(_) => "lent".to_owned(),
                EventKind::ConnectionDenied(kind, _) => format!("denied {kind:?}"),
                EventKind::ConnectionClosed(why) => format!("closed {why:?}"),
                other => format!("{other:?}"),
            };
            told.lock().unwrap().push(line);
        }
    }

    /// What was told since this was last asked, of these kinds.
    fn take(&self, of: impl Fn(&str) -> bool) -> Vec<String> {
        let told = std::mem::take(&mut *self.0.lock().unwrap());
        told.into_iter().filter(|line| of(line)).collect()
    }

    fn has(&self, line: &str) -> bool {
        self.0.lock().unwrap().iter().any(|told| told == line)
    }
}

/// Not of a connection, nor the beginning of a statement.
fn work(line: &str) -> bool {
    !["lent", "made", "begun", "closed"].iter().any(|word| line.starts_with(word))
}

async fn observed(lab: &Lab) -> creole::Result<(Engine, Told)> {
    let told = Told::default();
    let engine = lab.builder().observe(told.observe()).connect().await?;
    engine.create_all(tables![User]).await?;
    assert!(told.has("made"), "{told:?}");
    told.take(|_| true);
    Ok((engine, told))
}

impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

#[creole::test]
async fn statements_with_what_became_of_them(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, told) = observed(&lab).await?;
    let people = ["a", "b", "c"].map(user);
    insert_all(&people).exec(&engine).await?;
    User::select().all(&engine).await?;
    User::select().count(&engine).await?;
    User::find(1, &engine).await?;
    update::<User>().set(User::nickname, Some("x".to_owned())).filter(User::id.le(2)).exec(&engine).await?;
    delete::<User>().filter(User::id.eq(3)).exec(&engine).await?;
    sql!("select id from users where id < {3}").scalars::<i64>().all(&engine).await?;
    let expected = [
        "Insert users 3 rows here",
        "Select users 3 rows here",
        "Select users 1 rows here",
        "Select users 1 rows here",
        "Update users 2 rows here",
        "Delete users 1 rows here",
        "Select - 2 rows here",
    ];
    assert_eq!(told.take(work), expected);
    // One that fails, and one that is never sent.
    assert!(insert(&people[0]).exec(&engine).await.is_err());
    assert_eq!(told.take(work), ["Insert users UniqueViolation here"]);
    assert!(User::select().having(User::id.gt(1)).all(&engine).await.is_err());
    assert_eq!(told.take(|_| true), Vec::<String>::new());
    // A stream, read to its end and left.
    let mut rows = User::select().stream(&engine);
    while rows.try_next().await?.is_some() {}
    drop(rows);
    assert_eq!(told.take(work), ["Select users 2 rows here"]);
    let mut rows = User::select().stream_batches(&engine, std::num::NonZeroUsize::MIN);
    assert!(rows.try_next().await?.is_some());
    drop(rows);
    eventually("the stream's end is told", async || told.has("Select users cut off here")).await;
    Ok(())
}

#[creole::test]
async fn transactions_however_they_end(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, told) = observed(&lab).await?;
    engine.transaction(async |tx| insert(&user("a")).exec(&mut *tx).await.map(|_| ())).await?;
    assert_eq!(told.take(work), ["BEGIN false", "Insert users 1 rows here", "Committed"]);

    let mut session = engine.session();
    let first = session.add(user("b"));
    session.add(user("c"));
    session.flush().await?;
    session[first].nickname = Some("changed".into());
    session.commit().await?;
    let expected = [
        "BEGIN false",
        "Insert users 2 rows -",
        "flushed 2 0 0",
        "Update users 1 rows -",
        "flushed 0 1 0",
        "Committed",
    ];
    assert_eq!(told.take(work), expected);

    session.delete(first);
    session.flush().await?;
    session.rollback().await?;
    assert_eq!(told.take(work), ["BEGIN false", "Delete users 1 rows -", "flushed 0 0 1", "RolledBack"]);
    // A session that is dropped with its work.
    session.add(user("d"));
    session.flush().await?;
    drop(session);
    eventually("the rollback is told", async || told.has("RolledBack")).await;
    told.take(|_| true);
    // One after an error, which is told once.
    let failed: creole::Result<()> = engine
        .transaction(async |tx| {
            insert(&user("e")).exec(&mut *tx).await?;
            insert(&user("a")).exec(&mut *tx).await.map(|_| ())
        })
        .await;
    assert!(failed.is_err());
    let ends = told.take(|line| line == "RolledBack" || line == "Committed" || line.starts_with("BEGIN"));
    assert_eq!(ends, ["BEGIN false", "RolledBack"]);
    let reading = TxOptions::new().read_only();
    engine.transaction_with(reading, async |tx| User::select().count(&mut *tx).await).await?;
    assert_eq!(told.take(work), ["BEGIN true", "Select users 1 rows here", "Committed"]);
    Ok(())
}

#[creole::test]
async fn a_statement_that_is_cut_off(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, told) = observed(&lab).await?;
    // As far as it goes without being woken: sent, and not answered.
    let mut sent = User::select().all(&engine);
    let mut context = Context::from_waker(Waker::noop());
    while !told.has("begun Select") {
        match sent.as_mut().poll(&mut context) {
            Poll::Ready(rows) => {
                rows?;
                return Ok(());
            }
            Poll::Pending => tokio::time::sleep(Duration::from_millis(1)).await,
        }
    }
    drop(sent);
    assert!(told.has("Select users cut off here"), "{told:?}");
    // Its connection is not lent out again.
    eventually("the connection is closed", async || told.has("closed CutOff")).await;
    Ok(())
}

#[creole::test]
async fn connections_from_their_making_to_their_end(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let told = Told::default();
    let (first, second) = (told.observe(), Told::default());
    let builder = lab.builder().max_connections(1).acquire_timeout(Duration::from_millis(200));
    let engine = builder.observe(first).observe(second.observe()).connect().await?;
    assert_eq!(told.take(|_| true), ["made", "lent"]);
    let mut session = engine.session();
    sql!("select 1").scalars::<i64>().all(&mut session).await?;
    assert!(sql!("select 1").scalars::<i64>().all(&engine).await.is_err());
    assert!(told.has("denied PoolTimeout"), "{told:?}");
    session.rollback().await?;
    drop(session);
    engine.close().await;
    eventually("the end is told", async || told.has("closed Idle")).await;
    assert!(second.has("closed Idle"), "each of several is told");
    Ok(())
}

/// A driver whose server goes away once it is told to.
#[derive(Debug)]
struct Leaving {
    driver: Arc<dyn Driver>,
    is_gone: Arc<AtomicBool>,
}

#[async_trait]
impl Driver for Leaving {
    fn dialect(&self) -> &'static dyn Dialect {
        self.driver.dialect()
    }

    async fn connect(&self, role: Role) -> creole::Result<Box<dyn Connection>> {
        match self.is_gone.load(Ordering::SeqCst) {
            true => Err(creole::Error::new(ErrorKind::ConnectionLost, "it is gone")),
            false => self.driver.connect(role).await,
        }
    }
}

#[creole::test]
async fn connections_that_are_not_made(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (told, is_gone) = (Told::default(), Arc::new(AtomicBool::new(false)));
    let driver = Leaving { driver: crate::raw::driver(lab.url()).await?, is_gone: Arc::clone(&is_gone) };
    let engine = Engine::open(Arc::new(driver), lab.options().max_connections(2).observe(told.observe())).await?;
    let mut session = engine.session();
    sql!("select 1").scalars::<i64>().all(&mut session).await?;
    is_gone.store(true, Ordering::SeqCst);
    told.take(|_| true);
    assert!(sql!("select 1").scalars::<i64>().all(&engine).await.is_err());
    assert_eq!(told.take(|_| true), ["failed ConnectionLost", "denied ConnectionLost"]);
    session.rollback().await
}

/// Texts have placeholders, and nothing else that is told has a value.
#[creole::test]
async fn no_value_is_told(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let told = Arc::new(Mutex::new(String::new()));
    let writer = Arc::clone(&told);
    let all = move |event: &Event<'_>| writer.lock().unwrap().push_str(&format!("{event:?}\n"));
    let engine = lab.builder().observe(all).connect().await?;
    engine.create_all(tables![User]).await?;
    insert(&user("canary")).exec(&engine).await?;
    assert!(insert(&user("canary")).exec(&engine).await.is_err());
    User::select().filter(User::email.eq("canary")).all(&engine).await?;
    let mut session = engine.session();
    session.add(user("canary"));
    assert!(session.commit().await.is_err());
    session.rollback().await?;
    let told = told.lock().unwrap();
    assert!(told.contains("StatementEnded") && told.contains("users"), "{told}");
    assert!(!told.contains("canary"), "{told}");
    Ok(())
}
