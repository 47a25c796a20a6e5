//! Cut off by what is around: in a queue, while connecting, among many tasks, outside a runtime, with it, by a panic.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use creole::prelude::*;
use futures_util::FutureExt as _;
use tokio::task::yield_now;

use super::{Bench, Half, assert_all_or_nothing, half, rows};
use crate::cancel::{cancel_at, cut_everywhere, poll_once};
use crate::health::{Doctor, eventually, healthy};
use crate::lab::Lab;
use crate::random::{Random, seed};
use crate::raw::Raw;

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
    let seed = seed();
    let lab = Lab::of(&engine);
    let engine = lab.yielding().await?;
    engine.create_all(tables![Entry]).await?;
    let saved = Arc::new(AtomicU64::new(0));
    let tasks: Vec<_> = (0..8_u64)
        .map(|task| {
            let (engine, saved) = (engine.clone(), saved.clone());
            tokio::spawn(async move {
                let mut random = Random(seed.wrapping_add(task));
                for _ in 0..20 {
                    let amount = random.below(1_000) as i64 + 1;
                    let work = async |tx: &mut Session| {
                        insert(&Entry { amount, ..Default::default() }).exec(&mut *tx).await?;
                        if amount % 3 == 0 {
                            Entry::select().count(&mut *tx).await?;
                        }
                        tx.add(Entry { amount: -amount, ..Default::default() });
                        Ok(())
                    };
                    let polls = random.below(80);
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
