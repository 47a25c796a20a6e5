//! Random histories of two sessions, and of statements between them, over rows with a version: beside the same in memory, where a
//! row may be written only by who has read it as it is.

use std::collections::BTreeMap;

use creole::prelude::*;

use crate::random::{Random, seed};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "counters")]
struct Counter {
    #[model(primary_key)]
    id: i64,
    one: i64,
    two: i64,
    #[model(version)]
    version: i64,
}

type Rows = BTreeMap<i64, Counter>;

const ROUNDS: usize = 60;
const COUNTERS: i64 = 6;

/// What somebody is about to do with a row that was read.
#[derive(Clone, Copy)]
enum Plan {
    One(i64),
    Two(i64),
    Delete,
}

impl Plan {
    fn any(random: &mut Random) -> Plan {
        // Never what is there: that would be no update.
        let value = (random.next() >> 2) as i64 + 100;
        match random.below(5) {
            0 => Plan::Delete,
            1 | 2 => Plan::One(value),
            _ => Plan::Two(value),
        }
    }
}

/// Somebody with a session, and what was read by it.
struct Somebody {
    session: Session,
    read: Vec<(Tracked<Counter>, Counter)>,
}

impl Somebody {
    fn of(engine: &Engine) -> Somebody {
        Somebody { session: engine.session(), read: Vec::new() }
    }

    async fn read(&mut self, random: &mut Random) -> creole::Result<()> {
        let least = random.below(COUNTERS as usize) as i64;
        let rows = Counter::select().filter(Counter::id.ge(least)).order_by(Counter::id.asc());
        let handles = rows.track(&mut self.session).await?;
        self.read = handles.into_iter().map(|handle| (handle, self.session[handle].clone())).collect();
        // Nobody is kept from writing.
        self.session.commit().await
    }

    /// Writes what was read, all of it or nothing, and does the same to `rows`.
    async fn write(&mut self, rows: &mut Rows, random: &mut Random) -> creole::Result<()> {
        let mut after = rows.clone();
        let mut is_stale = false;
        for (handle, read) in std::mem::take(&mut self.read) {
            if random.one_in(3) {
                continue;
            }
            is_stale |= rows.get(&read.id).is_none_or(|row| row.version != read.version);
            let plan = Plan::any(random);
            match plan {
                Plan::One(value) => self.session[handle].one = value,
                Plan::Two(value) => self.session[handle].two = value,
                Plan::Delete => self.session.delete(handle),
            }
            match (plan, after.get_mut(&read.id)) {
                (Plan::One(value), Some(row)) => (row.one, row.version) = (value, row.version + 1),
                (Plan::Two(value), Some(row)) => (row.two, row.version) = (value, row.version + 1),
                _ => _ = after.remove(&read.id),
            }
        }
        match self.session.commit().await {
            Ok(()) if !is_stale => *rows = after,
            Err(error) if is_stale && error.kind() == ErrorKind::StaleVersion => self.session.rollback().await?,
            Ok(()) => panic!("a stale row was written"),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// Rows at hand are written without a session.
async fn write_at_hand(old: &[Counter], rows: &mut Rows, random: &mut Random, engine: &Engine) -> creole::Result<()> {
    let given: Vec<Counter> = old.iter().filter(|_| random.one_in(2)).cloned().collect();
    let is_there = |row: &Counter| rows.get(&row.id).is_some_and(|there| there.version == row.version);
    let first_stale = given.iter().position(|row| !is_there(row));
    let deletes = random.one_in(4);
    let outcome = match deletes {
        true => delete_all(&given).exec(engine).await,
        false => update_all(&given).columns((Counter::one, Counter::two)).exec(engine).await,
    };
    match (outcome, first_stale) {
        (Ok(count), None) => assert_eq!(count, given.len() as u64),
        (Err(error), Some(row)) => {
            assert_eq!((error.kind(), error.row()), (ErrorKind::StaleVersion, Some(row)), "{error}");
            return Ok(());
        }
        (outcome, stale) => panic!("{outcome:?} where {stale:?} is stale"),
    }
    for row in given {
        match deletes {
            true => _ = rows.remove(&row.id),
            false => _ = rows.insert(row.id, Counter { version: row.version + 1, ..row }),
        }
    }
    Ok(())
}

#[creole::test]
async fn only_what_was_read_as_it_is_is_written(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Counter]).await?;
    let mut random = Random(seed());
    let mut rows = Rows::new();
    let mut people = [Somebody::of(&engine), Somebody::of(&engine)];
    let mut old = Vec::new();
    let mut next = 0;
    for round in 0..ROUNDS {
        while rows.len() < COUNTERS as usize {
            let row = Counter { id: next, one: 0, two: 0, version: 0 };
            insert(&row).exec(&engine).await?;
            rows.insert(next, row);
            next += 1;
        }
        let somebody = &mut people[random.below(2)];
        match random.below(8) {
            0 | 1 => somebody.read(&mut random).await?,
            2..=4 => somebody.write(&mut rows, &mut random).await?,
            5 => old = Counter::select().order_by(Counter::id.asc()).all(&engine).await?,
            6 => write_at_hand(&old, &mut rows, &mut random, &engine).await?,
            _ => {
                let (id, value) = (random.below(next as usize) as i64, random.below(100) as i64);
                update::<Counter>().set(Counter::one, value).filter(Counter::id.eq(id)).exec(&engine).await?;
                rows.entry(id).and_modify(|row| (row.one, row.version) = (value, row.version + 1));
            }
        }
        let there = Counter::select().order_by(Counter::id.asc()).all(&engine).await?;
        assert_eq!(there, rows.values().cloned().collect::<Vec<_>>(), "round {round}");
    }
    Ok(())
}
