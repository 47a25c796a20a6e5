//! Units of work with versions, hooks and relations, dropped at every poll: they are written as a whole or not at all, and after a
//! rollback memory is what the database is.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use creole::Result;
use creole::prelude::*;

use super::Bench;
use crate::cancel::cancel_at;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "crews",
    default,
    hooks(before_save),
    has_many(sailors = Sailor::crew_id, owned),
    many_to_many(ports: Port = Visit::crew_id -> Visit::port_id)
)]
struct Crew {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 40)]
    name: String,
    #[model(length = 40)]
    slug: String,
    #[model(version)]
    version: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "sailors", default)]
struct Sailor {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Crew::id, belongs_to = crew)]
    crew_id: i64,
    #[model(references = Sailor::id, belongs_to = mate)]
    mate_id: Option<i64>,
    #[model(unique, length = 40)]
    name: String,
    #[model(version)]
    version: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "ports", default)]
struct Port {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "visits", default)]
struct Visit {
    #[model(primary_key, references = Crew::id)]
    crew_id: i64,
    #[model(primary_key, references = Port::id)]
    port_id: i64,
}

impl BeforeSave for Crew {
    fn before_save(&mut self, _: Save) -> Result<()> {
        self.slug = self.name.to_lowercase();
        Ok(())
    }
}

/// What the database has of a crew.
#[derive(Debug, PartialEq)]
struct Ship {
    crew: Crew,
    sailors: Vec<Sailor>,
    visits: Vec<Visit>,
}

/// A crew with two sailors, who exchange their names later, and one port; and the entities of a session that has read them.
struct Voyage {
    session: Session,
    crew: Tracked<Crew>,
    sailors: Vec<Tracked<Sailor>>,
    port: Tracked<Port>,
    /// The entities that the unit of work adds.
    new: Vec<Tracked<Sailor>>,
    before: Ship,
    /// How often the work was done after a commit.
    told: Arc<AtomicU32>,
}

async fn bench(given: &Engine) -> Result<Bench> {
    let bench = Bench::new(given).await?;
    bench.plain.create_all(tables![Crew, Sailor, Port, Visit]).await?;
    Ok(bench)
}

async fn ship(engine: &Engine, id: i64) -> Result<Ship> {
    let crew = Crew::find(id, engine).await?.expect("a crew is never deleted");
    let sailors = Sailor::select().filter(Sailor::crew_id.eq(id)).order_by(Sailor::id).all(engine).await?;
    let visits = Visit::select().filter(Visit::crew_id.eq(id)).order_by(Visit::port_id).all(engine).await?;
    Ok(Ship { crew, sailors, visits })
}

/// Entities that are written and loaded, with nothing pending.
async fn voyage(bench: &Bench, number: usize) -> Result<Voyage> {
    let mut session = bench.plain.session();
    let crew = session.add(Crew { name: format!("Crew {number}"), ..Default::default() });
    for letter in ["a", "b", "c"] {
        session.add_to(crew, Crew::sailors, Sailor { name: format!("{letter}{number}"), ..Default::default() });
    }
    session.add_to(crew, Crew::ports, Port::default());
    session.commit().await?;
    let id = session[crew].id;
    let before = ship(&bench.plain, id).await?;
    let mut session = bench.engine.session();
    let crew = session.get_one::<Crew>(id).await?;
    session.load(crew, Crew::sailors).await?;
    session.load(crew, Crew::ports).await?;
    let (sailors, port) = (session.many(crew, Crew::sailors)?, session.many(crew, Crew::ports)?[0]);
    Ok(Voyage { session, crew, sailors, port, new: Vec::new(), before, told: Arc::default() })
}

impl Voyage {
    /// Makes a unit of work out of all that there is: a version, a hook, values that are exchanged, a circle, rows that are deleted and
    /// that are added again, and a table between.
    fn work(&mut self, number: usize) -> Result<()> {
        let session = &mut self.session;
        session[self.crew].name = format!("New {number}");
        let [first, second] = [self.sailors[0], self.sailors[1]];
        let names = [first, second].map(|sailor| session[sailor].name.clone());
        session[first].name.clone_from(&names[1]);
        session[second].name.clone_from(&names[0]);
        session.unlink(self.crew, Crew::sailors, self.sailors[2])?;
        let sailor = |letter: &str| Sailor { name: format!("{letter}{number}"), ..Default::default() };
        let mates = [session.add(sailor("d")), session.add(sailor("e"))];
        for (one, other) in [(mates[0], mates[1]), (mates[1], mates[0])] {
            session.relate(one, Sailor::crew, self.crew);
            session.relate(one, Sailor::mate, other);
        }
        session.unlink(self.crew, Crew::ports, self.port)?;
        session.add_to(self.crew, Crew::ports, Port::default());
        self.new = mates.to_vec();
        let told = self.told.clone();
        session.on_commit(async move {
            tokio::task::yield_now().await;
            told.fetch_add(1, Ordering::SeqCst);
            Ok(())
        });
        Ok(())
    }

    /// What is there is the whole unit.
    fn check_written(&self, after: &Ship) {
        assert_eq!((after.crew.version, after.sailors.len(), after.visits.len()), (1, 4, 1));
        assert!(after.crew.name.starts_with("New") && after.crew.slug.starts_with("new"));
        assert_ne!(after.visits, self.before.visits);
        assert_eq!(after.sailors[0].name, self.before.sailors[1].name);
        let mates: Vec<Option<i64>> = after.sailors[2..].iter().rev().map(|sailor| Some(sailor.id)).collect();
        assert_eq!(after.sailors[2..].iter().map(|sailor| sailor.mate_id).collect::<Vec<_>>(), mates);
    }

    /// Memory is what the database has: handles, and what belongs to them.
    async fn check_memory(&mut self, engine: &Engine) -> Result<()> {
        let id = self.before.crew.id;
        let now = ship(engine, id).await?;
        let session = &mut self.session;
        assert_eq!(session.get::<Crew>(id).await?, Some(self.crew));
        assert_eq!(session[self.crew], now.crew);
        session.load(self.crew, Crew::sailors).await?;
        let sailors = session.many(self.crew, Crew::sailors)?;
        let mut rows: Vec<Sailor> = sailors.iter().map(|&sailor| session[sailor].clone()).collect();
        rows.sort_by_key(|sailor| sailor.id);
        assert_eq!(rows, now.sailors);
        assert!(self.sailors[..2].iter().all(|known| sailors.contains(known)));
        session.load(self.crew, Crew::ports).await?;
        let mut ports: Vec<i64> =
            session.many(self.crew, Crew::ports)?.into_iter().map(|port| session[port].id).collect();
        ports.sort_unstable();
        assert_eq!(ports, now.visits.iter().map(|visit| visit.port_id).collect::<Vec<_>>());
        assert!(
            (session.pending::<Sailor>(), session.dirty::<Crew>(), session.deleted::<Sailor>())
                == (vec![], vec![], vec![])
        );
        session.rollback().await
    }

    /// Memory is what it was before the unit, without being read anew.
    fn check_undone(&self) {
        let session = &self.session;
        assert_eq!(session[self.crew], self.before.crew);
        for (sailor, row) in self.sailors.iter().zip(&self.before.sailors) {
            assert_eq!(&session[*sailor], row);
        }
        assert!(self.new.iter().all(|&sailor| session.try_get(sailor).is_err()));
    }
}

#[creole::test]
async fn a_unit_whose_flush_is_cut(engine: Engine) -> Result<()> {
    let mut bench = bench(&engine).await?;
    for polls in 0..500 {
        let mut voyage = voyage(&bench, polls).await?;
        voyage.work(polls)?;
        let outcome = cancel_at(voyage.session.flush(), polls).await;
        match voyage.session.commit().await {
            Ok(()) => {
                voyage.check_written(&ship(&bench.plain, voyage.before.crew.id).await?);
                assert_eq!(voyage.told.load(Ordering::SeqCst), 1);
            }
            Err(error) => {
                assert!(outcome.is_none(), "{error}");
                let kinds = [ErrorKind::ConnectionLost, ErrorKind::TransactionAborted];
                assert!(kinds.contains(&error.kind()), "after {polls} polls: {error}");
                assert_eq!(ship(&bench.plain, voyage.before.crew.id).await?, voyage.before, "after {polls} polls");
                voyage.session.rollback().await?;
                voyage.check_undone();
                assert_eq!(voyage.told.load(Ordering::SeqCst), 0);
            }
        }
        voyage.check_memory(&bench.plain).await?;
        drop(voyage);
        bench.doctor.check().await;
        if outcome.is_some() {
            return Ok(());
        }
    }
    panic!("the flush did not come to its end");
}

#[creole::test]
async fn a_unit_whose_commit_is_cut(engine: Engine) -> Result<()> {
    let mut bench = bench(&engine).await?;
    for polls in 0..500 {
        let mut voyage = voyage(&bench, polls).await?;
        voyage.work(polls)?;
        let outcome = cancel_at(voyage.session.commit(), polls).await;
        // A second commit goes on where nothing was sent, or says why it can't.
        let again = voyage.session.commit().await;
        let told = voyage.told.load(Ordering::SeqCst);
        let rolled_back = voyage.session.rollback().await;
        // A server may still be at work on a COMMIT that was cut.
        bench.doctor.check().await;
        let after = ship(&bench.plain, voyage.before.crew.id).await?;
        let is_whole = after != voyage.before;
        if is_whole {
            voyage.check_written(&after);
        }
        match (&outcome, &again) {
            (Some(Ok(())), Ok(())) => assert!(is_whole && told == 1),
            // Cut before it began, or after the work was saved, within what follows a commit.
            (None, Ok(())) => assert!(is_whole && told <= 1, "after {polls} polls"),
            (None, Err(error)) if error.kind() == ErrorKind::CommitUnknown => assert_eq!(told, 0),
            (None, Err(error)) => {
                assert!(!is_whole && told == 0, "after {polls} polls: {error}");
                voyage.check_undone();
            }
            other => panic!("after {polls} polls: {other:?}"),
        }
        match rolled_back {
            Err(error) if error.kind() == ErrorKind::CommitUnknown => voyage.session.rollback().await?,
            other => other?,
        }
        voyage.check_memory(&bench.plain).await?;
        drop(voyage);
        bench.doctor.check().await;
        if outcome.is_some() {
            return Ok(());
        }
    }
    panic!("the commit did not come to its end");
}

#[creole::test]
async fn loading_that_is_cut(engine: Engine) -> Result<()> {
    let mut bench = bench(&engine).await?;
    for (through, is_writing) in [(false, false), (true, false), (false, true), (true, true)] {
        let mut ended = false;
        for polls in 0..500 {
            let mut voyage =
                voyage(&bench, polls + if through { 500 } else { 0 } + if is_writing { 1_000 } else { 0 }).await?;
            let session = &mut voyage.session;
            session.clear();
            let crew = session.get_one::<Crew>(voyage.before.crew.id).await?;
            if is_writing {
                // Written by what loads.
                session[crew].name = "written".into();
            }
            let outcome = match through {
                true => cancel_at(session.load(crew, Crew::ports), polls).await,
                false => cancel_at(session.load(crew, Crew::sailors), polls).await,
            };
            let many = |session: &Session| match through {
                true => session.many(crew, Crew::ports).map(|ports| ports.len()),
                false => session.many(crew, Crew::sailors).map(|sailors| sailors.len()),
            };
            let whole = if through { 1 } else { 3 };
            // It is known as a whole, or not at all.
            match many(session) {
                Ok(known) => assert!(known == whole && outcome.is_some(), "{known} after {polls} polls"),
                Err(error) => {
                    assert!(error.kind() == ErrorKind::NotLoaded && outcome.is_none(), "after {polls} polls: {error}")
                }
            }
            let again = match through {
                true => session.load(crew, Crew::ports).await,
                false => session.load(crew, Crew::sailors).await,
            };
            match again {
                Ok(()) => {
                    assert_eq!(many(session)?, whole);
                    session.commit().await?;
                    let now = ship(&bench.plain, voyage.before.crew.id).await?;
                    assert_eq!(now.crew.name == "written", is_writing);
                }
                Err(error) => {
                    assert!(outcome.is_none(), "{error}");
                    session.rollback().await?;
                    assert_eq!(session[crew], voyage.before.crew, "after {polls} polls");
                    assert_eq!(ship(&bench.plain, voyage.before.crew.id).await?, voyage.before, "after {polls} polls");
                }
            }
            // It goes on.
            session.load(crew, Crew::ports).await?;
            session.load(crew, Crew::sailors).await?;
            assert_eq!((session.many(crew, Crew::ports)?.len(), session.many(crew, Crew::sailors)?.len()), (1, 3));
            drop(voyage);
            bench.doctor.check().await;
            ended = outcome.is_some();
            if ended {
                break;
            }
        }
        assert!(ended, "it did not come to its end");
    }
    Ok(())
}
