//! What a session does, dropped at every poll; the session goes on afterwards.

use creole::prelude::*;

use super::{Bench, Half, half};
use crate::cancel::cancel_at;

#[creole::test]
async fn a_commit(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
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
        bench.doctor.check().await;
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

/// A server may answer COMMIT before it is polled again, and then no poll cuts it: so the walk is made until one does.
#[creole::test]
async fn a_commit_that_is_rolled_back(engine: Engine) -> creole::Result<()> {
    let mut bench = Bench::new(&engine).await?;
    for walk in 0..50 {
        if cut_commits(&mut bench, walk * 10_000).await? {
            return Ok(());
        }
    }
    panic!("no poll cut COMMIT itself");
}

/// Cuts a commit at each of its polls, and rolls back. Returns whether it was ever unknown what became of it.
async fn cut_commits(bench: &mut Bench, first_id: usize) -> creole::Result<bool> {
    let mut was_unknown = false;
    for polls in 0..500 {
        let id = first_id + polls;
        let mut session = bench.engine.session();
        let first = session.add(half(id));
        session.flush().await?;
        let second = session.add(half(id));
        let outcome = cancel_at(session.commit(), polls).await;
        let pending = session.add(half(id));
        let rolled_back = session.rollback().await;
        assert_eq!(session.try_get(pending).unwrap_err().kind(), ErrorKind::Detached);
        match (&outcome, &rolled_back) {
            (Some(Ok(())), Ok(())) => assert_eq!(bench.rows(id).await, 2),
            (None, Ok(())) => {
                assert_eq!(bench.rows(id).await, 0, "after {polls} polls");
                for handle in [first, second] {
                    assert_eq!(session.try_get(handle).unwrap_err().kind(), ErrorKind::Detached);
                }
            }
            (None, Err(error)) if error.kind() == ErrorKind::CommitUnknown => {
                was_unknown = true;
                // It is said once, and what the database has is to be read. The server may still be at work on it.
                session.rollback().await?;
                let key = session[first].id;
                if session.get::<Half>(key).await?.is_none() {
                    assert_eq!(session.try_get(first).unwrap_err().kind(), ErrorKind::Detached);
                }
            }
            other => panic!("after {polls} polls: {other:?}"),
        }
        session.rollback().await?;
        session.add(half(id + 1_000));
        session.commit().await?;
        assert_eq!(bench.rows(id + 1_000).await, 1);
        assert!([0, 2].contains(&bench.rows(id).await));
        drop(session);
        bench.doctor.check().await;
        if outcome.is_some() {
            return Ok(was_unknown);
        }
    }
    panic!("the commit did not come to its end");
}
