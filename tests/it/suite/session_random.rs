//! Random work on a session, beside the same in memory: what it reads is what the database has, one row is one entity, and after
//! a rollback memory is what it was.

use std::collections::BTreeMap;

use creole::prelude::*;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use crate::random::{Random, seed};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "cells")]
struct Cell {
    #[model(primary_key)]
    id: i64,
    left: i64,
    right: i64,
}

/// The rows that there should be, with what is pending.
type Rows = BTreeMap<i64, Cell>;

const KEYS: i64 = 5;

struct Run {
    random: Random,
    rows: Rows,
    handles: Vec<Tracked<Cell>>,
    log: Vec<String>,
}

impl Run {
    fn key(&mut self) -> i64 {
        self.random.below(KEYS as usize) as i64
    }

    fn free_key(&mut self) -> Option<i64> {
        let free: Vec<i64> = (0..KEYS).filter(|key| !self.rows.contains_key(key)).collect();
        (!free.is_empty()).then(|| self.random.pick(&free))
    }

    fn cell(&mut self, id: i64) -> Cell {
        Cell { id, left: self.random.below(100) as i64, right: 0 }
    }

    /// A handle that can be read, whatever has become of its row.
    fn live(&mut self, session: &Session) -> Option<Tracked<Cell>> {
        let live: Vec<_> = self.handles.iter().copied().filter(|handle| session.try_get(*handle).is_ok()).collect();
        (!live.is_empty()).then(|| self.random.pick(&live))
    }

    fn keep(&mut self, handle: Tracked<Cell>) {
        if !self.handles.contains(&handle) {
            self.handles.push(handle);
        }
    }

    /// Some steps at one level. An error is one that was expected: it undoes the level.
    fn steps<'r>(&'r mut self, session: &'r mut Session, depth: usize) -> BoxFuture<'r, creole::Result<()>> {
        async move {
            for _ in 0..2 + self.random.below(8) {
                match self.random.below(11) {
                    0 if depth < 3 => self.savepoint(session, depth).await?,
                    1 => self.read_all(session).await?,
                    2 | 3 => self.statement(session).await?,
                    4 => self.change_blindly(session).await?,
                    5 | 6 => self.verb(session).await?,
                    _ => self.change(session).await?,
                }
            }
            Ok(())
        }
        .boxed()
    }

    async fn savepoint(&mut self, session: &mut Session, depth: usize) -> creole::Result<()> {
        // What is pending is written before the savepoint is set, and is not undone with it.
        session.flush().await?;
        let before = self.rows.clone();
        let fails = self.random.one_in(2);
        self.log.push(format!("savepoint, fails: {fails}"));
        let result = session
            .savepoint(async |session| {
                self.steps(session, depth + 1).await?;
                if fails { Err(creole::Error::new(ErrorKind::Other, "on purpose")) } else { Ok(()) }
            })
            .await;
        self.log.push(format!("end of savepoint: {:?}", result.as_ref().map_err(creole::Error::kind)));
        if result.is_err() {
            self.rows = before;
            self.read_all(session).await?;
        }
        Ok(())
    }

    /// Every key by `get`, or all rows by a query; and that there are no other entities.
    async fn read_all(&mut self, session: &mut Session) -> creole::Result<()> {
        let by_query = self.random.one_in(3);
        self.log.push(format!("read all, by query: {by_query}"));
        if by_query {
            for handle in Cell::select().track(&mut *session).await? {
                assert_eq!(Some(&session[handle]), self.rows.get(&session[handle].id), "{:#?}", self.log);
                self.keep(handle);
            }
        }
        for key in 0..KEYS {
            let found = session.get::<Cell>(key).await?;
            assert_eq!(found.map(|handle| &session[handle]), self.rows.get(&key), "{:#?}", self.log);
            found.into_iter().for_each(|handle| self.keep(handle));
        }
        session.flush().await?;
        let live = self.handles.iter().filter_map(|handle| session.try_get(*handle).ok());
        let live: Rows = live.map(|cell| (cell.id, cell.clone())).collect();
        assert_eq!(live, self.rows, "{:#?}", self.log);
        Ok(())
    }

    async fn statement(&mut self, session: &mut Session) -> creole::Result<()> {
        let key = self.key();
        let of_key = Cell::id.eq(key);
        let kind = self.random.below(7);
        self.log.push(format!("statement {kind} on {key}"));
        match kind {
            0 => {
                update::<Cell>().set(Cell::left, Cell::left + 1).filter(of_key).exec(session).await?;
                self.rows.entry(key).and_modify(|cell| cell.left += 1);
            }
            1 => {
                update::<Cell>().set(Cell::right, Cell::right + 1).all_rows().exec(session).await?;
                self.rows.values_mut().for_each(|cell| cell.right += 1);
            }
            2 => {
                delete::<Cell>().filter(of_key).exec(session).await?;
                self.rows.remove(&key);
            }
            3 => {
                let cell = self.cell(key);
                insert(&cell).on_conflict(Cell::id).update_all().exec(session).await?;
                self.rows.insert(key, cell);
            }
            4 => {
                sql!("update cells set id = id where 1 = 0").exec(session).await?;
            }
            5 => {
                let Some(free) = self.free_key() else { return Ok(()) };
                update::<Cell>().set(Cell::id, free).filter(of_key).exec(session).await?;
                if let Some(cell) = self.rows.remove(&key) {
                    self.rows.insert(free, Cell { id: free, ..cell });
                }
            }
            _ => {
                let Some(free) = self.free_key() else { return Ok(()) };
                let cell = self.cell(free);
                insert(&cell).exec(session).await?;
                self.rows.insert(free, cell);
            }
        }
        Ok(())
    }

    /// By way of entities that are what their rows are.
    async fn change(&mut self, session: &mut Session) -> creole::Result<()> {
        let kind = self.random.below(6);
        let key = self.key();
        self.log.push(format!("change {kind} of {key}"));
        if kind == 0 {
            let Some(free) = self.free_key() else { return Ok(()) };
            // What is written before may make room for it, or fail.
            session.flush().await?;
            let cell = self.cell(free);
            let handle = session.add(cell.clone());
            self.handles.push(handle);
            self.rows.insert(free, cell);
            return Ok(());
        }
        let Some(handle) = session.get::<Cell>(key).await? else {
            assert!(!self.rows.contains_key(&key), "{:#?}", self.log);
            return Ok(());
        };
        self.keep(handle);
        assert_eq!(self.rows.get(&key), Some(&session[handle]), "{:#?}", self.log);
        match kind {
            1 => {
                session.delete(handle);
                self.rows.remove(&key);
                session.flush().await?;
            }
            2 => {
                session.flush().await?;
                session.detach(handle);
            }
            3 => {
                let Some(free) = self.free_key() else { return Ok(()) };
                session[handle].id = free;
                session.flush().await?;
                self.rows.remove(&key);
                self.rows.insert(free, session[handle].clone());
            }
            _ => {
                session[handle].left += 10;
                self.rows.insert(key, session[handle].clone());
            }
        }
        Ok(())
    }

    /// By the other ways in which entities come, are read, and go.
    async fn verb(&mut self, session: &mut Session) -> creole::Result<()> {
        let kind = self.random.below(7);
        let key = self.key();
        self.log.push(format!("verb {kind} of {key}"));
        match kind {
            0 => {
                let keys = [self.key(), key, self.key()];
                let found = session.get_many::<Cell>(keys).await?;
                for (key, found) in keys.into_iter().zip(found) {
                    assert_eq!(found.map(|handle| &session[handle]), self.rows.get(&key), "{:#?}", self.log);
                    found.into_iter().for_each(|handle| self.keep(handle));
                }
            }
            1 => {
                let Some(handle) = self.live(session) else { return Ok(()) };
                let has_changes = session.is_modified(handle) || session.pending().contains(&handle);
                assert_eq!(session.evict(handle).is_err(), has_changes, "{:#?}", self.log);
            }
            2 => {
                session.trim();
                let mut left = self.handles.iter().filter(|handle| session.try_get(**handle).is_ok());
                let waiting = [session.pending::<Cell>(), session.dirty()].concat();
                assert!(left.all(|handle| waiting.contains(handle)), "{:#?}", self.log);
            }
            3 => {
                let copy = self.cell(key);
                let handle = session.merge(copy.clone()).await?;
                assert_eq!(session[handle], copy, "{:#?}", self.log);
                self.keep(handle);
                self.rows.insert(key, copy);
            }
            4 => {
                session.flush().await?;
                let Some(copy) = self.rows.get(&key).cloned() else { return Ok(()) };
                if let Ok(handle) = session.attach(copy) {
                    self.keep(handle);
                    session[handle].right += 100;
                    self.rows.entry(key).and_modify(|cell| cell.right += 100);
                }
            }
            5 => {
                let found = session.get_for_update::<Cell>(key).await?;
                assert_eq!(found.map(|handle| &session[handle]), self.rows.get(&key), "{:#?}", self.log);
                found.into_iter().for_each(|handle| self.keep(handle));
            }
            _ => {
                let waiting = session.dirty::<Cell>();
                let before: Vec<Cell> = waiting.iter().map(|&handle| session[handle].clone()).collect();
                let mut quiet = session.no_autoflush();
                let read = Cell::select().track(&mut quiet).await?;
                quiet.get::<Cell>(key).await?;
                quiet.get_many::<Cell>([self.key(), key]).await?;
                read.into_iter().for_each(|handle| self.keep(handle));
                let after: Vec<Cell> = waiting.iter().map(|&handle| quiet[handle].clone()).collect();
                assert_eq!(after, before, "{:#?}", self.log);
            }
        }
        Ok(())
    }

    /// By way of any handle, whatever its row has become: it is refused where it would undo what was not read.
    async fn change_blindly(&mut self, session: &mut Session) -> creole::Result<()> {
        session.flush().await?;
        let Some(handle) = self.live(session) else { return Ok(()) };
        let before = session[handle].clone();
        self.log.push(format!("change {before:?} blindly"));
        session[handle].left += 1000;
        let is_right = self.rows.get(&before.id).is_some_and(|row| row.left == before.left);
        match session.flush().await {
            Ok(()) => {
                assert!(is_right, "{:#?}", self.log);
                let row = self.rows.get_mut(&before.id).expect("it is there");
                row.left += 1000;
                assert_eq!(&session[handle], row, "{:#?}", self.log);
                Ok(())
            }
            Err(error) => {
                assert_eq!((error.kind(), is_right), (ErrorKind::StaleVersion, false), "{error} {:#?}", self.log);
                Err(error)
            }
        }
    }
}

#[creole::test]
async fn a_session_is_what_its_rows_are(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Cell]).await?;
    let seed = seed();
    for round in 0..25 {
        delete::<Cell>().all_rows().exec(&engine).await?;
        let mut run = Run {
            random: Random(seed.wrapping_add(round)),
            rows: Rows::new(),
            handles: Vec::new(),
            log: vec![format!("SEED={seed} round {round}")],
        };
        let mut session = engine.session();
        for _ in 0..4 {
            let before = run.rows.clone();
            let result = run.steps(&mut session, 0).await;
            if result.is_ok() && run.random.one_in(2) {
                run.log.push("commit".into());
                session.commit().await?;
            } else {
                run.log.push(format!("rollback {:?}", result.as_ref().map_err(creole::Error::kind)));
                session.rollback().await?;
                run.rows = before;
            }
            if run.random.one_in(2) {
                run.log.push("somebody else".into());
                update::<Cell>().set(Cell::left, Cell::left + 3).filter(Cell::id.eq(1)).exec(&engine).await?;
                run.rows.entry(1).and_modify(|cell| cell.left += 3);
                delete::<Cell>().filter(Cell::id.eq(2)).exec(&engine).await?;
                run.rows.remove(&2);
            }
            if run.random.one_in(2) {
                run.read_all(&mut session).await?;
            }
        }
        let rows = Cell::select().all(&engine).await?;
        assert_eq!(rows.into_iter().map(|cell| (cell.id, cell)).collect::<Rows>(), run.rows, "{:#?}", run.log);
    }
    Ok(())
}
