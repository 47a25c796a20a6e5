//! Each verb of relations with handles that are not the session's or no longer, and in a session that has failed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::*;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Done,
    Panic,
    Refused(ErrorKind),
}

use Answer::{Done, Panic, Refused};

/// What a handle is in the session that it is used with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Persistent,
    Pending,
    Changed,
    Foreign,
    LetGo,
    ToBeDeleted,
    Deleted,
}

const STATES: [State; 7] = [
    State::Persistent,
    State::Pending,
    State::Changed,
    State::Foreign,
    State::LetGo,
    State::ToBeDeleted,
    State::Deleted,
];

/// The verbs, by which end the handle is of.
const VERBS: [&str; 14] = [
    "load",
    "load of several",
    "many",
    "one",
    "add_to",
    "add_to between",
    "relate",
    "relate to it",
    "link",
    "link it",
    "unlink",
    "unlink it",
    "set_many",
    "set_many to it",
];

fn of<T>(result: creole::Result<T>) -> Answer {
    match result {
        Ok(_) => Done,
        Err(error) => Refused(error.kind()),
    }
}

fn or_panic<T>(work: impl FnOnce() -> T) -> Answer {
    catch_unwind(AssertUnwindSafe(work)).map_or(Panic, |_| Done)
}

/// The handles that a call has beside the one in question: they are good.
#[derive(Clone, Copy)]
struct Others {
    author: Tracked<Author>,
    book: Tracked<Book>,
    tag: Tracked<Tag>,
}

async fn call(verb: &str, session: &mut Session, book: Tracked<Book>, others: Others) -> Answer {
    match verb {
        "load" => of(session.load(book, Book::tags).await),
        "load of several" => of(session.load([others.book, book], Book::tags).await),
        "many" => of(session.many(book, Book::tags)),
        "one" => of(session.one(book, Book::author)),
        "add_to" => or_panic(|| session.add_to(book, Book::author, author("new"))),
        "add_to between" => or_panic(|| session.add_to(book, Book::tags, tag("new"))),
        "relate" => or_panic(|| session.relate(book, Book::author, others.author)),
        "relate to it" => {
            let row = session.add(BookTag { tag_id: session[others.tag].id, ..Default::default() });
            or_panic(|| session.relate(row, BookTag::book, book))
        }
        "link" => of(session.link(book, Book::tags, others.tag)),
        "link it" => of(session.link(others.author, Author::books, book)),
        "unlink" => of(session.unlink(book, Book::tags, others.tag)),
        "unlink it" => of(session.unlink(others.tag, Tag::books, book)),
        "set_many" => of(session.set_many(book, Book::tags, [others.tag]).await),
        _ => of(session.set_many(others.tag, Tag::books, [book]).await),
    }
}

/// A session, and a handle in this state; everything about the other handles is loaded.
async fn prepared(engine: &Engine, state: State) -> creole::Result<(Session, Tracked<Book>, Others)> {
    let mut session = engine.session();
    let others = Others {
        author: get::<Author>(&mut session, 1).await,
        book: get::<Book>(&mut session, 2).await,
        tag: get::<Tag>(&mut session, 2).await,
    };
    session.load(others.tag, Tag::books).await?;
    session.load(others.author, Author::desk).await?;
    if state == State::Pending {
        let new = session.add_to(others.author, Author::books, book("new"));
        return Ok((session, new, others));
    }
    let mut other = engine.session();
    if state == State::Foreign {
        return Ok((session, get::<Book>(&mut other, 1).await, others));
    }
    let book = get::<Book>(&mut session, 1).await;
    session.load(book, Book::tags).await?;
    match state {
        State::LetGo => session.evict(book)?,
        State::Changed => session[book].title = "changed".into(),
        State::ToBeDeleted => session.delete(book),
        State::Deleted => {
            session.delete(book);
            session.flush().await?;
        }
        _ => {}
    }
    Ok((session, book, others))
}

fn expected(verb: &str, state: State) -> Answer {
    match state {
        State::Persistent | State::Changed | State::Pending => Done,
        _ if ["add_to", "add_to between", "relate", "relate to it"].contains(&verb) => Panic,
        _ => Refused(ErrorKind::Detached),
    }
}

#[creole::test]
async fn every_verb_with_every_handle(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    for state in STATES {
        for verb in VERBS {
            let (mut session, book, others) = prepared(&engine, state).await?;
            let outcome = call(verb, &mut session, book, others).await;
            assert_eq!(outcome, expected(verb, state), "{verb} of a handle that is {state:?}");
            // Nothing is broken by it.
            session.rollback().await?;
            assert_eq!(BookTag::select().count(&mut session).await?, 3, "{verb}: {state:?}");
            session.rollback().await?;
        }
    }
    Ok(())
}

#[creole::test]
async fn a_session_that_has_failed_reads_nothing(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let (mut session, good, others) = prepared(&engine, State::Persistent).await?;
    let bad = session.add(Book { author_id: 99, ..book("bad") });
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::ForeignKeyViolation, Some(bad)));
    for verb in VERBS {
        let outcome = call(verb, &mut session, good, others).await;
        let reads = verb.starts_with("load") || verb.starts_with("set_many");
        // What needs no database goes on.
        let expected = if reads { Refused(ErrorKind::TransactionAborted) } else { Done };
        assert_eq!(outcome, expected, "{verb}");
    }
    session.rollback().await?;
    for verb in VERBS {
        assert_eq!(call(verb, &mut session, good, others).await, Done, "{verb}");
        session.rollback().await?;
        session.load([good, others.book], Book::tags).await?;
        session.load(others.tag, Tag::books).await?;
        session.load(others.author, Author::desk).await?;
    }
    Ok(())
}

#[creole::test]
async fn unrelate_wants_a_handle_that_is_good(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let (mut session, mut other) = (engine.session(), engine.session());
    let [ada, bob] = [get::<Author>(&mut session, 1).await, get::<Author>(&mut session, 2).await];
    let foreign = get::<Author>(&mut other, 1).await;
    session.load([ada, bob], Author::desk).await?;
    session.evict(bob)?;
    for bad in [foreign, bob] {
        assert_eq!(session.unrelate(bad, Author::desk).unwrap_err().kind(), ErrorKind::Detached);
    }
    session.unrelate(ada, Author::desk)?;
    session.commit().await?;
    assert_eq!(select(Desk::author_id).all(&engine).await?, [None]);
    Ok(())
}
