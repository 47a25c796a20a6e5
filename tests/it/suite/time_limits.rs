//! `.timeout(limit)`: what takes too long is ended in the database too, and nothing else is.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use creole::prelude::*;
use creole::query::{Cte, Select, func, val};

use crate::cancel::cancel_at;
use crate::health::{Doctor, eventually};
use crate::lab::Lab;
use crate::models::{Node, User, user};
use crate::proxy::{Line, Proxy, Trap};
use crate::raw::Raw;

const LIMIT: Duration = Duration::from_millis(200);

/// How much longer it may take on a machine that has other things to do.
const SLACK: Duration = Duration::from_secs(15);

/// Far more than can be counted within the limit and the slack.
const FAR: i64 = 300_000_000;

/// An engine with one connection to each database, and a look past it at a server.
struct Bench {
    engine: Engine,
    raw: Option<Raw>,
    doctor: Doctor,
    lab: Lab,
}

impl Bench {
    async fn new(given: &Engine) -> creole::Result<Bench> {
        let lab = Lab::of(given);
        let engine = match given.dialect().name() {
            // One that writes and one that reads.
            "sqlite" => lab.builder().max_connections(2).connect().await?,
            _ => lab.builder().max_connections(1).connect().await?,
        };
        engine.create_all(tables![Node, User]).await?;
        insert(&Node { name: "root".into(), ..Default::default() }).exec(&engine).await?;
        insert(&user("ada")).exec(&engine).await?;
        let raw = if engine.dialect().name() == "sqlite" { None } else { Some(Raw::open(lab.url()).await?) };
        let doctor = Doctor::of(&engine, lab.url()).await;
        Ok(Bench { engine, raw, doctor, lab })
    }

    /// Nothing runs on the server any more.
    async fn assert_at_rest(&mut self) {
        let Some(raw) = &mut self.raw else { return };
        eventually("the statement goes on on the server", async || {
            raw.running().await.is_ok_and(|running| running == 0)
        })
        .await;
    }
}

/// The numbers from 1 on.
fn numbers(last: i64) -> Cte<i64> {
    select(val(1_i64)).from(table::<Node>()).recursive("numbers", |numbers| {
        select(numbers.col(val(1_i64)) + 1).from(numbers).filter(numbers.col(val(1_i64)).lt(last))
    })
}

/// Counts for so long.
fn counting(last: i64) -> Select<i64> {
    let numbers = numbers(last);
    select(count_rows()).from(&numbers).with_cte(&numbers)
}

/// A condition that is false, as is found out by counting far.
fn in_the_end() -> impl Condition {
    let numbers = numbers(FAR);
    exists(select(numbers.col(val(1_i64))).from(&numbers).with_cte(&numbers).filter(numbers.col(val(1_i64)).lt(0)))
}

/// Checks that this took the limit and not much longer, and what it says.
fn assert_ended<T: std::fmt::Debug>(begun: Instant, outcome: creole::Result<T>) {
    let (took, error) = (begun.elapsed(), outcome.unwrap_err());
    assert_eq!(error.kind(), ErrorKind::StatementTimeout, "{error} {:?}", error.server_message());
    assert!(error.to_string().contains("200ms"), "{error}");
    assert!(took >= LIMIT && took < LIMIT + SLACK, "{took:?}");
}

#[creole::test]
async fn what_takes_too_long_is_ended_in_the_database_too(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    let before = match &mut bench.raw {
        Some(raw) => raw.connections().await?,
        None => Vec::new(),
    };
    let engine = bench.engine.clone();
    let ends = ["all", "one", "first", "count", "exists", "update", "delete", "text", "text for its effect", "stream"];
    for end in ends {
        let begun = Instant::now();
        let slow = counting(FAR).timeout(LIMIT);
        let filtered = User::select().filter(in_the_end()).timeout(LIMIT);
        match end {
            "all" => assert_ended(begun, slow.all(&engine).await),
            "one" => assert_ended(begun, slow.one(&engine).await),
            "first" => assert_ended(begun, slow.first(&engine).await),
            "count" => assert_ended(begun, filtered.count(&engine).await),
            "exists" => assert_ended(begun, filtered.exists(&engine).await),
            "update" => {
                let update = update::<User>().set(User::nickname, "x").filter(in_the_end());
                assert_ended(begun, update.timeout(LIMIT).exec(&engine).await);
            }
            "text" => {
                let slow = counting(FAR);
                let text = sql!("{slow}").scalars::<i64>();
                assert_ended(begun, text.clone().timeout(LIMIT).clone().all(&engine).await);
            }
            "text for its effect" => {
                let condition = in_the_end().and(User::id.gt(0));
                let text = sql!("update users set nickname = 'x' where {condition}");
                assert_ended(begun, text.timeout(LIMIT).exec(&engine).await);
            }
            "delete" => assert_ended(begun, delete::<User>().timeout(LIMIT).filter(in_the_end()).exec(&engine).await),
            _ => assert_ended(begun, slow.stream(&engine).try_next().await),
        }
        bench.assert_at_rest().await;
        // The next statement has its own answer.
        assert_eq!(select(Node::id + 41).one(&engine).await?, 42, "after {end}");
    }
    if let Some(raw) = &mut bench.raw {
        assert_eq!(raw.connections().await?, before, "the connection is not the one it was, or another is left");
    }
    assert_eq!(User::select().one(&engine).await?.nickname, None);
    bench.doctor.check().await;
    Ok(())
}

#[creole::test]
async fn a_function_that_sleeps_is_ended_too(engine: Engine) -> creole::Result<()> {
    // SQLite has no such function.
    if engine.dialect().name() == "sqlite" {
        return Ok(());
    }
    let mut bench = Bench::new(&engine).await?;
    if let Some(raw) = &mut bench.raw
        && engine.dialect().name() == "postgres"
    {
        raw.run("CREATE FUNCTION sleep(int8) RETURNS int8 LANGUAGE sql AS 'SELECT pg_sleep($1); SELECT 0::int8'")
            .await?;
    }
    let engine = bench.engine.clone();
    let sleep = || func::<i64>("sleep", (val(30_i64),));
    let begun = Instant::now();
    assert_ended(begun, select(sleep()).from(table::<Node>()).timeout(LIMIT).all(&engine).await);
    bench.assert_at_rest().await;
    let begun = Instant::now();
    let update = update::<User>().set(User::nickname, "x").filter(sleep().ge(0));
    let outcome = update.timeout(LIMIT).exec(&engine).await;
    if outcome.is_err() {
        assert_ended(begun, outcome);
        assert_eq!(User::select().one(&engine).await?.nickname, None);
    } else {
        panic!("an UPDATE that was ended says that it was done: {outcome:?}");
    }
    bench.assert_at_rest().await;
    bench.doctor.check().await;
    Ok(())
}

#[creole::test]
async fn in_a_transaction_it_ends_the_transaction(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    let engine = bench.engine.clone();
    let mut session = engine.session();
    session.add(user("bob"));
    session.flush().await?;
    let begun = Instant::now();
    assert_ended(begun, counting(FAR).timeout(LIMIT).one(&mut session).await);
    for _ in 0..2 {
        let error = User::select().count(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionAborted);
        assert!(error.to_string().contains("200ms"), "it does not name the first cause: {error}");
    }
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::TransactionAborted);
    session.rollback().await?;
    assert_eq!(User::select().count(&mut session).await?, 1);

    // Undone to a savepoint, the transaction goes on, with a statement that only read and on every backend.
    session.add(user("eve"));
    session.flush().await?;
    let inner: creole::Result<i64> =
        session.savepoint(async |tx| counting(FAR).timeout(LIMIT).one(&mut *tx).await).await;
    assert_eq!(inner.unwrap_err().kind(), ErrorKind::StatementTimeout);
    assert_eq!(User::select().count(&mut session).await?, 2);
    session.commit().await?;
    drop(session);
    bench.assert_at_rest().await;
    assert_eq!(User::select().count(&engine).await?, 2);
    bench.doctor.check().await;
    Ok(())
}

#[creole::test]
async fn a_stream_is_ended_half_way(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    let engine = bench.engine.clone();
    let batch = NonZeroUsize::new(10).unwrap();
    let rows = numbers(FAR);
    let query = select(rows.col(val(1_i64))).from(&rows).with_cte(&rows);
    {
        let begun = Instant::now();
        let mut stream = query.clone().timeout(LIMIT).stream_batches(&engine, batch);
        let mut last = 0;
        let outcome = loop {
            match stream.try_next().await {
                Ok(Some(number)) => {
                    assert_eq!(number, last + 1, "a row was lost");
                    last = number;
                    // The server may have computed every row before it sends the first; else the reader is slow, too.
                    if last == 5 {
                        tokio::time::sleep(LIMIT).await;
                    }
                }
                Ok(None) => panic!("all of {last} rows came"),
                Err(error) => break Err::<(), _>(error),
            }
        };
        assert_ended(begun, outcome);
        assert!(stream.try_next().await?.is_none());
    }
    bench.assert_at_rest().await;
    assert_eq!(User::select().count(&engine).await?, 1);
    bench.doctor.check().await;
    Ok(())
}

#[creole::test]
async fn a_limit_that_is_kept_changes_nothing(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    let engine = bench.engine.clone();
    for limit in [Duration::from_secs(60), Duration::MAX, Duration::from_secs(u64::MAX / 2)] {
        let eve = insert(&user("eve")).timeout(limit).returning().one(&engine).await?;
        assert_eq!(User::select().filter(User::id.eq(eve.id)).timeout(limit).one(&engine).await?, eve);
        let same = User::select().order_by(User::id).timeout(limit);
        let mut stream = same.clone().stream(&engine);
        for row in same.all(&engine).await? {
            assert_eq!(stream.try_next().await?, Some(row));
        }
        assert_eq!(stream.try_next().await?, None);
        drop(stream);
        assert_eq!(update::<User>().set(User::nickname, "x").all_rows().timeout(limit).exec(&engine).await?, 2);
        assert_eq!(delete::<User>().filter(User::id.eq(eve.id)).timeout(limit).exec(&engine).await?, 1);
    }
    let bob = user("bob");
    insert(&bob).timeout(LIMIT).exec(&engine).await?;
    // Another error is the error it is.
    let error = insert(&bob).returning().timeout(Duration::from_secs(60)).one(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    bench.doctor.check().await;
    Ok(())
}

#[creole::test]
async fn what_has_no_time_is_not_sent(engine: Engine) -> creole::Result<()> {
    let bench = Bench::new(&engine).await?;
    let engine = bench.engine.clone();
    let mut session = engine.session();
    session.add(user("bob"));
    session.flush().await?;
    let error = delete::<User>().all_rows().timeout(Duration::ZERO).exec(&mut session).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StatementTimeout, "{error}");
    assert!(error.to_string().contains("not sent"), "{error}");
    let error = User::select().timeout(Duration::ZERO).stream(&mut session).try_next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StatementTimeout, "{error}");
    // Nothing happened, so the transaction goes on.
    session.commit().await?;
    assert_eq!(User::select().count(&engine).await?, 2);
    // The shortest one is over when it begins, or not: either way the next statement has its own answer.
    for round in 0..20_i64 {
        let _ = User::select().timeout(Duration::from_nanos(1)).all(&engine).await;
        assert_eq!(select(Node::id + round).one(&engine).await?, round + 1);
    }
    Ok(())
}

#[creole::test]
async fn a_limit_that_just_passes_never_ends_the_next_statement(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    let engine = bench.engine.clone();
    let mut ended = 0;
    // Each counts a little further, so that what it is told to end by arrives long after its end, at it, and long before. To tell it
    // takes a connection, which may be made in some and in a hundred milliseconds.
    for round in 1..=200_i64 {
        let last = round * 10_000;
        match counting(last).timeout(Duration::from_millis(1)).one(&engine).await {
            Ok(rows) => assert_eq!(rows, last),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::StatementTimeout, "{error} {:?}", error.server_message());
                ended += 1;
            }
        }
        assert_eq!(select(Node::id + round).one(&engine).await?, round + 1);
    }
    assert!(ended > 0, "none was ended");
    bench.doctor.check().await;
    Ok(())
}

#[creole::test]
async fn a_statement_with_a_limit_can_be_dropped(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    let engine = bench.engine.clone();
    // A server goes on with what was dropped before its limit, so it is nothing that takes long.
    let slow = || counting(200_000).timeout(Duration::from_millis(15)).one(&engine);
    let asked = async |round: i64| {
        assert_eq!(select(Node::id + round).one(&engine).await.unwrap(), round + 1);
    };
    for polls in 0..60 {
        let outcome = cancel_at(slow(), polls).await;
        asked(100).await;
        match outcome {
            None => {}
            // It may have come to its end before it was told to.
            Some(Ok(rows)) => {
                assert_eq!(rows, 200_000);
                break;
            }
            Some(Err(error)) => {
                assert_eq!(error.kind(), ErrorKind::StatementTimeout, "{error}");
                break;
            }
        }
    }
    // Before the limit, beside its passing, and while the statement is being ended.
    for wait in [0, 5, 14, 15, 16, 17, 18, 20, 25, 40] {
        let _ = tokio::time::timeout(Duration::from_millis(wait), slow()).await;
        asked(i64::try_from(wait).unwrap()).await;
    }
    bench.doctor.check().await;
    Ok(())
}

#[creole::test]
async fn waiting_for_a_lock_counts(engine: Engine) -> creole::Result<()> {
    let bench = Bench::new(&engine).await?;
    let patient = bench.lab.url().replace("busy_timeout=200", "busy_timeout=20000");
    let patient = Engine::connect(&patient).await?;
    let mut holder = bench.engine.session();
    update::<User>().set(User::nickname, "held").all_rows().exec(&mut holder).await?;
    let begun = Instant::now();
    let update = update::<User>().set(User::nickname, "x").all_rows();
    assert_ended(begun, update.timeout(LIMIT).exec(&patient).await);
    holder.commit().await?;
    assert_eq!(User::select().one(&patient).await?.nickname.as_deref(), Some("held"));
    patient.close().await;
    Ok(())
}

#[creole::test]
async fn what_can_not_be_ended_costs_the_connection(engine: Engine) -> creole::Result<()> {
    let word: &[u8] = match engine.dialect().name() {
        // There is no way to the database that could be cut.
        "sqlite" => return Ok(()),
        "postgres" => b"pg_cancel_backend",
        _ => b"KILL QUERY",
    };
    let bench = Bench::new(&engine).await?;
    for trap in [Trap::CutBefore, Trap::SilentAfter] {
        let (proxy, url) = Proxy::at(bench.lab.url()).await;
        let engine = Engine::builder(&url).max_connections(1).connect().await?;
        let mut session = engine.session();
        // The server may go on with what was given up, and hold its rows.
        session.add(user(&format!("{trap:?}")));
        session.flush().await?;
        proxy.on(word, trap);
        let error = counting(3_000_000).timeout(LIMIT).one(&mut session).await.unwrap_err();
        assert!(!proxy.is_armed(), "the server was not to be told");
        assert_eq!(error.kind(), ErrorKind::StatementTimeout, "{error}");
        assert!(error.to_string().contains("given up"), "{error}");
        proxy.set(Line::Open);
        assert!(session.commit().await.is_err());
        drop(session);
        // Another connection takes its place.
        assert_eq!(select(Node::id + 1).one(&engine).await?, 2);
        assert_eq!(User::select().count(&engine).await?, 1);
        engine.close().await;
    }
    Ok(())
}
