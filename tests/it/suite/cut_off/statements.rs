//! Statements, transactions and streams, dropped at every poll.

use std::num::NonZeroUsize;

use creole::prelude::*;
use futures_util::StreamExt as _;

use super::{Bench, Half, assert_all_or_nothing, half, rows};
use crate::cancel::{cancel_at, cut_everywhere};

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
