//! Futures that are dropped half-way: at every poll of every operation, outside a runtime, with the runtime, by a panic.
//!
//! After each, the pool is whole, no transaction is open, and what was to be written is there as a whole or not at all.

use std::num::NonZeroUsize;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use creole::prelude::*;
use futures_util::{FutureExt as _, StreamExt as _};
use tokio::task::yield_now;

use crate::cancel::{cancel_at, cut_everywhere, poll_once};
use crate::health::{Doctor, eventually, healthy};
use crate::lab::Lab;
use crate::raw::Raw;

/// Rows are written in twos, with the same mark.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "halves", default)]
struct Half {
    #[model(primary_key, auto)]
    id: i64,
    mark: i64,
}

fn half(mark: usize) -> Half {
    Half { mark: mark as i64, ..Default::default() }
}

/// A database, an engine whose calls can be cut off anywhere, its doctor, and a plain engine to look with.
struct Bench {
    engine: Engine,
    doctor: Doctor,
    plain: Engine,
    // Last, so that the engines are gone when the files go.
    _lab: Lab,
}

impl Bench {
    async fn new(given: &Engine) -> creole::Result<Bench> {
        let lab = Lab::of(given);
        let plain = lab.builder().connect().await?;
        plain.create_all(tables![Half]).await?;
        let engine = lab.yielding().await?;
        let doctor = Doctor::of(&engine, lab.url()).await;
        Ok(Bench { engine, doctor, plain, _lab: lab })
    }

    /// How many rows have this mark.
    async fn rows(&self, mark: usize) -> u64 {
        rows(&self.plain, mark).await
    }
}

async fn rows(engine: &Engine, mark: usize) -> u64 {
    Half::select().filter(Half::mark.eq(mark as i64)).count(engine).await.expect("the rows of a mark")
}

/// How many rows there may be after an operation that writes `whole` of them and had this outcome.
#[track_caller]
fn assert_all_or_nothing<T>(found: u64, whole: u64, polls: usize, outcome: Option<&creole::Result<T>>) {
    match outcome {
        Some(Ok(_)) => assert_eq!(found, whole, "it said Ok after {polls} polls"),
        Some(Err(error)) => panic!("after {polls} polls: {error}"),
        None if polls == 0 => assert_eq!(found, 0, "it was not polled"),
        None => assert!(found == 0 || found == whole, "{found} of {whole} rows after {polls} polls"),
    }
}

#[creole::test]
async fn an_insert(engine: Engine) -> creole::Result<()> {
    let Bench { engine, mut doctor, plain, _lab } = Bench::new(&engine).await?;
    cut_everywhere(
        async |polls| insert(&half(polls)).exec(&engine).await,
        async |polls, outcome| {
            doctor.check().await;
            assert_all_or_nothing(rows(&plain, polls).await, 1, polls, outcome);
        },
    )
    .await
    .map(drop)
}

#[creole::test]
async fn an_insert_that_returns_its_row(engine: Engine) -> creole::Result<()> {
    let Bench { engine, mut doctor, plain, _lab } = Bench::new(&engine).await?;
    cut_everywhere(
        async |polls| insert(&half(polls)).returning().one(&engine).await,
        async |polls, outcome| {
            doctor.check().await;
            assert_all_or_nothing(rows(&plain, polls).await, 1, polls, outcome);
        },
    )
    .await
    .map(drop)
}

#[creole::test]
async fn a_select(engine: Engine) -> creole::Result<()> {
    let Bench { engine, mut doctor, plain, _lab } = Bench::new(&engine).await?;
    insert(&half(1)).exec(&plain).await?;
    let found = cut_everywhere(async |_| Half::select().all(&engine).await, async |_, _| doctor.check().await).await?;
    assert_eq!(found.len(), 1);
    Ok(())
}

#[creole::test]
async fn a_transaction(engine: Engine) -> creole::Result<()> {
    let Bench { engine, mut doctor, plain, _lab } = Bench::new(&engine).await?;
    cut_everywhere(
        async |polls| {
            let work = async |tx: &mut Session| {
                insert(&half(polls)).exec(&mut *tx).await?;
                tx.add(half(polls));
                Ok(())
            };
            engine.transaction(work).await
        },
        async |polls, outcome| {
            doctor.check().await;
            assert_all_or_nothing(rows(&plain, polls).await, 2, polls, outcome);
        },
    )
    .await
}

#[creole::test]
async fn a_transaction_that_rolls_back(engine: Engine) -> creole::Result<()> {
    let Bench { engine, mut doctor, plain, _lab } = Bench::new(&engine).await?;
    let outcome = cut_everywhere(
        async |polls| {
            let work = async |tx: &mut Session| {
                insert(&half(polls)).exec(&mut *tx).await?;
                Err(Problem::Own)
            };
            engine.transaction_or::<(), _, _>(work).await
        },
        async |polls, _| {
            doctor.check().await;
            assert_eq!(rows(&plain, polls).await, 0, "after {polls} polls");
        },
    )
    .await;
    match outcome {
        Err(Problem::Own) => Ok(()),
        Err(Problem::Creole(error)) => Err(error),
        Ok(()) => panic!("it was to roll back"),
    }
}

#[derive(Debug)]
enum Problem {
    Own,
    Creole(creole::Error),
}

impl From<creole::Error> for Problem {
    fn from(error: creole::Error) -> Problem {
        Problem::Creole(error)
    }
}

#[creole::test]
async fn a_commit(engine: Engine) -> creole::Result<()> {
    let bench = Bench::new(&engine).await?;
    let mut doctor = Doctor::of(&bench.engine, bench._lab.url()).await;
    for polls in 0..500 {
        let mut session = bench.engine.session();
        session.add(half(polls));
        session.flush().await?;
        session.add(half(polls));
        let outcome = cancel_at(session.commit(), polls).await;
        let again = session.commit().await;
        let rows_then = bench.rows(polls).await;
        match (&outcome, &again) {
            (Some(Ok(())), Ok(())) => assert_eq!(rows_then, 2),
            (None, Ok(())) => assert_eq!(rows_then, 2, "the second commit said Ok after {polls} polls of the first"),
            (None, Err(error)) if error.kind() == ErrorKind::CommitUnknown => {
                assert!(rows_then == 0 || rows_then == 2, "{rows_then} rows after {polls} polls");
            }
            (None, Err(error)) => assert_eq!(rows_then, 0, "after {polls} polls: {error}"),
            other => panic!("after {polls} polls: {other:?}"),
        }
        // The session goes on after a rollback, whatever happened to it.
        session.rollback().await?;
        session.add(half(polls + 1_000));
        session.commit().await?;
        assert_eq!(bench.rows(polls + 1_000).await, 1);
        assert!([0, 2].contains(&bench.rows(polls).await));
        drop(session);
        doctor.check().await;
        if outcome.is_some() {
            return Ok(());
        }
    }
    panic!("the commit did not come to its end");
}

#[creole::test]
async fn a_flush(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    for polls in 0..500 {
        let mut session = bench.engine.session();
        session.add(half(polls));
        let outcome = cancel_at(session.flush(), polls).await;
        session.add(half(polls));
        match session.commit().await {
            Ok(()) => assert_eq!(bench.rows(polls).await, 2, "after {polls} polls"),
            Err(error) => {
                assert!(outcome.is_none(), "{error}");
                assert_eq!(bench.rows(polls).await, 0, "after {polls} polls: {error}");
            }
        }
        drop(session);
        bench.doctor.check().await;
        if outcome.is_some() {
            return Ok(());
        }
    }
    panic!("the flush did not come to its end");
}

#[creole::test]
async fn a_flush_of_several_statements(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    for polls in 0..500 {
        let old = [half(polls), half(polls), half(polls)];
        let mut session = bench.engine.session();
        let [kept, changed, deleted] = old.map(|row| session.add(row));
        session.commit().await?;
        let before = session[changed].clone();
        session[changed].mark = polls as i64 + 1_000;
        session.delete(deleted);
        let added = session.add(half(polls + 1_000));
        let outcome = cancel_at(session.flush(), polls).await;
        let committed = session.commit().await;
        let marks = (bench.rows(polls).await, bench.rows(polls + 1_000).await);
        match committed {
            Ok(()) => assert_eq!(marks, (1, 2), "after {polls} polls"),
            Err(error) => {
                assert!(outcome.is_none(), "{error}");
                assert_eq!(marks, (3, 0), "after {polls} polls: {error}");
                // Memory is what the database is.
                session.rollback().await?;
                assert_eq!(session[changed], before);
                assert_eq!(session.try_get(deleted)?.mark, polls as i64);
                assert_eq!(session.try_get(added).unwrap_err().kind(), ErrorKind::Detached);
            }
        }
        assert_eq!(session[kept].mark, polls as i64);
        drop(session);
        bench.doctor.check().await;
        if outcome.is_some() {
            return Ok(());
        }
    }
    panic!("the flush did not come to its end");
}

#[creole::test]
async fn a_rollback(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    for polls in 0..500 {
        let mut session = bench.engine.session();
        session.add(half(polls));
        session.flush().await?;
        let outcome = cancel_at(session.rollback(), polls).await;
        if outcome.is_none() {
            session.rollback().await?;
        }
        session.add(half(polls + 1_000));
        session.commit().await?;
        drop(session);
        assert_eq!((bench.rows(polls).await, bench.rows(polls + 1_000).await), (0, 1), "after {polls} polls");
        bench.doctor.check().await;
        if outcome.is_some() {
            return Ok(());
        }
    }
    panic!("the rollback did not come to its end");
}

#[creole::test]
async fn a_savepoint(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    for polls in 0..500 {
        let mut session = bench.engine.session();
        session.add(half(polls));
        session.flush().await?;
        let work = async |inner: &mut Session| {
            insert(&half(polls)).exec(&mut *inner).await?;
            inner.add(half(polls));
            inner.flush().await
        };
        let outcome = cancel_at(session.savepoint(work), polls).await;
        match session.commit().await {
            // What was not begun did not happen; what came to its end did.
            Ok(()) if outcome.is_some() => assert_eq!(bench.rows(polls).await, 3),
            Ok(()) => assert_eq!(bench.rows(polls).await, 1, "half a savepoint was committed after {polls} polls"),
            Err(error) => {
                assert!(outcome.is_none(), "{error}");
                let kinds = [ErrorKind::ConnectionLost, ErrorKind::TransactionAborted];
                assert!(kinds.contains(&error.kind()), "{error}");
                assert_eq!(bench.rows(polls).await, 0, "after {polls} polls");
            }
        }
        session.rollback().await?;
        session.add(half(polls + 1_000));
        session.commit().await?;
        assert_eq!(bench.rows(polls + 1_000).await, 1);
        drop(session);
        bench.doctor.check().await;
        if outcome.is_some() {
            return Ok(());
        }
    }
    panic!("the savepoint did not come to its end");
}

#[creole::test]
async fn a_savepoint_that_is_undone(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    for polls in 0..500 {
        let mut session = bench.engine.session();
        session.add(half(polls));
        session.flush().await?;
        let work = async |inner: &mut Session| {
            insert(&half(polls)).exec(&mut *inner).await?;
            Half::select().filter(Half::id.eq(-1)).one(&mut *inner).await
        };
        let outcome = cancel_at(session.savepoint(work), polls).await;
        match session.commit().await {
            Ok(()) => assert_eq!(bench.rows(polls).await, 1, "after {polls} polls"),
            Err(error) => {
                assert!(outcome.is_none(), "{error}");
                assert_eq!(bench.rows(polls).await, 0, "after {polls} polls");
            }
        }
        drop(session);
        bench.doctor.check().await;
        if let Some(outcome) = outcome {
            assert_eq!(outcome.unwrap_err().kind(), ErrorKind::NotFound);
            return Ok(());
        }
    }
    panic!("the savepoint did not come to its end");
}

#[creole::test]
async fn a_stream(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    bench
        .plain
        .transaction(async |tx| {
            for mark in 0..200 {
                tx.add(half(mark));
            }
            Ok(())
        })
        .await?;
    let batch = NonZeroUsize::new(16).unwrap();
    for polls in 0..500 {
        let rows = cancel_at(Half::select().stream_batches(&bench.engine, batch).collect::<Vec<_>>(), polls).await;
        bench.doctor.check().await;
        if let Some(rows) = rows {
            assert_eq!(rows.into_iter().collect::<creole::Result<Vec<_>>>()?.len(), 200);
            break;
        }
    }
    // In a session, a stream that was cut off takes the transaction with it, and no more.
    for taken in [0, 1, 16, 17, 199, 200] {
        let mut session = bench.engine.session();
        session.add(half(1_000 + taken));
        {
            let mut stream = Half::select().stream_batches(&mut session, batch);
            for _ in 0..taken {
                stream.next().await.expect("a row")?;
            }
        }
        let committed = session.commit().await;
        assert_eq!(bench.rows(1_000 + taken).await, u64::from(committed.is_ok()), "{committed:?}");
        session.rollback().await?;
        assert!(Half::select().count(&mut session).await? >= 200);
        drop(session);
        bench.doctor.check().await;
    }
    Ok(())
}

#[creole::test]
async fn waiting_for_a_connection(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let engine = lab.builder().max_connections(1).connect().await?;
    engine.create_all(tables![Half]).await?;
    let mut doctor = Doctor::of(&engine, lab.url()).await;
    for polls in 0..3 {
        for is_freed_first in [false, true] {
            let mut holder = engine.session();
            holder.add(half(1));
            holder.flush().await?;
            let row = half(2);
            let mut waiter = insert(&row).exec(&engine);
            for _ in 0..polls {
                assert!(poll_once(&mut waiter).await.is_pending());
            }
            assert_eq!(engine.status().waiting, usize::from(polls > 0));
            if is_freed_first {
                // The connection is the waiter's now, and it goes without having looked.
                holder.commit().await?;
                drop(waiter);
            } else {
                drop(waiter);
                holder.commit().await?;
            }
            drop(holder);
            doctor.check().await;
        }
    }
    assert_eq!((rows(&engine, 1).await, rows(&engine, 2).await), (6, 0));
    Ok(())
}

#[creole::test]
async fn connecting(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let plain = lab.builder().connect().await?;
    plain.create_all(tables![Half]).await?;
    let mut raw = match engine.dialect().name() {
        "sqlite" => None,
        _ => Some(Raw::open(lab.url()).await?),
    };
    // Every connection is too old when it comes back, so that each statement opens one.
    let engine = lab.yielding_with(lab.options().max_lifetime(Duration::ZERO)).await?;
    let mut doctor = Doctor::of(&engine, lab.url()).await;
    let others = match &mut raw {
        Some(raw) => raw.connections().await?.len(),
        None => 0,
    };
    cut_everywhere(
        async |polls| insert(&half(polls)).exec(&engine).await,
        async |polls, outcome| {
            doctor.check().await;
            assert_all_or_nothing(rows(&plain, polls).await, 1, polls, outcome);
        },
    )
    .await?;
    if let Some(raw) = &mut raw {
        let is_bounded = async || raw.connections().await.is_ok_and(|all| all.len() <= others + 3);
        eventually("connections that were cut off are open", is_bounded).await;
    }
    Ok(())
}

/// Two entries of a ledger are written in one transaction, and their amounts cancel out.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "entries", default)]
struct Entry {
    #[model(primary_key, auto)]
    id: i64,
    amount: i64,
}

#[creole::test]
async fn at_random_among_many(engine: Engine) -> creole::Result<()> {
    let seed = Uuid::now_v7().as_u128() as u64;
    eprintln!("seed {seed}");
    let lab = Lab::of(&engine);
    let engine = lab.yielding().await?;
    engine.create_all(tables![Entry]).await?;
    let saved = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> = (0..8_u64)
        .map(|task| {
            let (engine, saved) = (engine.clone(), saved.clone());
            tokio::spawn(async move {
                let mut random = seed ^ (task + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                for _ in 0..20 {
                    // xorshift64
                    random ^= random << 13;
                    random ^= random >> 7;
                    random ^= random << 17;
                    let amount = (random % 1_000) as i64 + 1;
                    let work = async |tx: &mut Session| {
                        insert(&Entry { amount, ..Default::default() }).exec(&mut *tx).await?;
                        if amount % 3 == 0 {
                            Entry::select().count(&mut *tx).await?;
                        }
                        tx.add(Entry { amount: -amount, ..Default::default() });
                        Ok(())
                    };
                    let polls = (random >> 32) as usize % 80;
                    if let Some(outcome) = cancel_at(engine.transaction(work), polls).await {
                        outcome.expect("a transaction that was not cut off");
                        saved.fetch_add(1, Ordering::SeqCst);
                    }
                    let sum: i64 =
                        Entry::select().all(&engine).await.expect("the ledger").iter().map(|row| row.amount).sum();
                    assert_eq!(sum, 0, "half a transaction is seen");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("a task");
    }
    Doctor::of(&engine, lab.url()).await.check().await;
    let rows = Entry::select().count(&engine).await?;
    let saved = saved.load(Ordering::SeqCst);
    assert!(rows % 2 == 0 && rows >= 2 * saved, "{rows} rows of {saved} transactions that were saved");
    Ok(())
}

#[creole::test]
async fn on_a_runtime_of_one_thread(engine: Engine) -> creole::Result<()> {
    let bench = Bench::new(&engine).await?;
    let Bench { plain, _lab: lab, .. } = bench;
    let url = lab.url().to_owned();
    let lab = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let engine = lab.yielding().await.unwrap();
            let looking = lab.builder().connect().await.unwrap();
            let mut doctor = Doctor::of(&engine, &url).await;
            cut_everywhere(
                async |polls| {
                    let work = async |tx: &mut Session| {
                        tx.add(half(polls));
                        tx.flush().await?;
                        insert(&half(polls)).exec(&mut *tx).await
                    };
                    engine.transaction(work).await
                },
                async |polls, outcome| {
                    doctor.check().await;
                    assert_all_or_nothing(rows(&looking, polls).await, 2, polls, outcome);
                },
            )
            .await
            .unwrap();
        });
        lab
    });
    let lab = lab.join().expect("the runtime of one thread");
    assert!(Half::select().count(&plain).await? >= 2);
    drop(plain);
    drop(lab);
    Ok(())
}

#[creole::test]
async fn outside_a_runtime(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Half]).await?;
    let mut idle = engine.session();
    idle.add(half(1));
    idle.flush().await?;
    std::thread::spawn(move || drop(idle)).join().expect("a session is dropped outside a runtime");
    healthy(&engine).await;

    let mut cut_off = Box::pin({
        let engine = engine.clone();
        async move {
            let mut session = engine.session();
            session.add(half(2));
            session.flush().await?;
            yield_now().await;
            session.commit().await
        }
    });
    while poll_once(&mut cut_off).await.is_pending() {
        if engine.status().in_use > 0 {
            break;
        }
        yield_now().await;
    }
    std::thread::spawn(move || drop(cut_off)).join().expect("a future is dropped outside a runtime");
    healthy(&engine).await;
    assert_eq!((rows(&engine, 1).await, rows(&engine, 2).await), (0, 0));
    Ok(())
}

#[creole::test]
async fn with_the_runtime(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let looking = lab.builder().connect().await?;
    looking.create_all(tables![Half]).await?;
    let url = lab.url().to_owned();
    let kept = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let engine = runtime.block_on(async {
            let engine = Engine::connect(&url).await.unwrap();
            let (is_open, opened) = tokio::sync::oneshot::channel();
            let of_the_task = engine.clone();
            tokio::spawn(async move {
                let mut session = of_the_task.session();
                session.add(half(1));
                session.flush().await.unwrap();
                is_open.send(()).unwrap();
                std::future::pending::<()>().await;
            });
            opened.await.unwrap();
            engine
        });
        // The task is dropped with its open session, in a runtime that takes no new tasks.
        drop(runtime);
        let in_use = engine.status().in_use;
        drop(engine);
        in_use
    });
    assert_eq!(kept.join().expect("the runtime is shut down"), 0);
    if looking.dialect().name() != "sqlite" {
        let mut raw = Raw::open(lab.url()).await?;
        eventually("the transaction is still open", async || raw.open_transactions().await.unwrap() == 0).await;
    }
    // On SQLite the file would be locked still.
    insert(&half(2)).exec(&looking).await?;
    assert_eq!((rows(&looking, 1).await, rows(&looking, 2).await), (0, 1));
    Ok(())
}

#[creole::test]
async fn by_a_panic(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Half]).await?;
    let work = async |tx: &mut Session| -> creole::Result<()> {
        insert(&half(1)).exec(&mut *tx).await?;
        tx.add(half(1));
        tx.flush().await?;
        panic!("as it was asked to");
    };
    AssertUnwindSafe(engine.transaction(work)).catch_unwind().await.expect_err("a panic");
    healthy(&engine).await;

    let work = async |tx: &mut Session| -> creole::Result<()> {
        tx.add(half(2));
        tx.savepoint(async |inner: &mut Session| -> creole::Result<()> {
            insert(&half(2)).exec(&mut *inner).await?;
            panic!("as it was asked to");
        })
        .await
    };
    AssertUnwindSafe(engine.transaction(work)).catch_unwind().await.expect_err("a panic");
    healthy(&engine).await;

    let mut session = engine.session();
    session.add(half(3));
    let caught = AssertUnwindSafe(session.savepoint(async |inner: &mut Session| -> creole::Result<()> {
        insert(&half(3)).exec(&mut *inner).await?;
        panic!("as it was asked to");
    }))
    .catch_unwind()
    .await;
    caught.expect_err("a panic");
    let error = session.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{error}");
    drop(session);
    healthy(&engine).await;
    assert_eq!(Half::select().count(&engine).await?, 0);
    Ok(())
}
