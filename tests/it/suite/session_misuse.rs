//! Each verb of a session with handles that are not its own or no longer, and in a session that has failed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use creole::prelude::*;

use crate::models::{Order, User, user};

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Done,
    Panic,
    Refused(ErrorKind),
}

use Answer::{Done, Panic, Refused};

const DETACHED: Answer = Refused(ErrorKind::Detached);

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

/// The verbs that take a handle.
const VERBS: [&str; 12] = [
    "try_get",
    "try_get_mut",
    "index",
    "index_mut",
    "delete",
    "detach",
    "evict",
    "expire",
    "is_modified",
    "changes",
    "refresh",
    "refresh_with_lock",
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

async fn call(verb: &str, session: &mut Session, handle: Tracked<User>) -> Answer {
    match verb {
        "try_get" => of(session.try_get(handle)),
        "try_get_mut" => of(session.try_get_mut(handle)),
        "index" => or_panic(|| session[handle].id),
        "index_mut" => or_panic(|| session[handle].nickname = None),
        "delete" => or_panic(|| session.delete(handle)),
        "detach" => or_panic(|| session.detach(handle)),
        "evict" => of(session.evict(handle)),
        "expire" => or_panic(|| session.expire(handle)),
        "is_modified" => or_panic(|| session.is_modified(handle)),
        "changes" => or_panic(|| session.changes(handle)),
        "refresh" => of(session.refresh(handle).await),
        _ => of(session.refresh_with_lock(handle).await),
    }
}

/// A session, and a handle in this state.
async fn prepared(engine: &Engine, state: State) -> creole::Result<(Session, Tracked<User>)> {
    let mut session = engine.session();
    if state == State::Pending {
        let new = session.add(user("new"));
        return Ok((session, new));
    }
    let ada = User::select().filter(User::email.eq("ada")).track_one(&mut session).await?;
    match state {
        State::Foreign => return Ok((engine.session(), ada)),
        State::LetGo => session.evict(ada)?,
        State::Changed => session[ada].nickname = Some("Countess".into()),
        State::ToBeDeleted => session.delete(ada),
        State::Deleted => {
            session.delete(ada);
            session.flush().await?;
        }
        State::Persistent | State::Pending => {}
    }
    Ok((session, ada))
}

/// What is right: a handle that is good does everything, but for evicting what would be lost; one that is not, nothing.
fn expected(verb: &str, state: State) -> Answer {
    match state {
        State::Persistent => Done,
        State::Pending | State::Changed if verb == "evict" => Refused(ErrorKind::Unsupported),
        State::Pending | State::Changed => Done,
        _ => match verb {
            "try_get" | "try_get_mut" | "evict" | "refresh" | "refresh_with_lock" => DETACHED,
            _ => Panic,
        },
    }
}

#[creole::test]
async fn every_verb_with_every_handle(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    for state in STATES {
        for verb in VERBS {
            let (mut session, handle) = prepared(&engine, state).await?;
            let outcome = call(verb, &mut session, handle).await;
            assert_eq!(outcome, expected(verb, state), "{verb} of a handle that is {state:?}");
            // Nothing is broken by it.
            session.rollback().await?;
            assert_eq!(User::select().count(&mut session).await?, 1);
        }
    }
    Ok(())
}

/// The verbs that need the database, after an error of a flush.
const ASKING: [&str; 16] = [
    "get",
    "get known",
    "get_one",
    "get_or",
    "get_many",
    "get_for_update",
    "merge",
    "merge_columns",
    "upsert",
    "track",
    "refresh",
    "flush",
    "commit",
    "savepoint",
    "exec",
    "count in no_autoflush",
];

async fn ask(what: &str, session: &mut Session, ada: Tracked<User>) -> creole::Result<()> {
    let known = session[ada].clone();
    match what {
        "get" => session.get::<User>(77).await.map(drop),
        "get known" => session.get::<User>(known.id).await.map(drop),
        "get_one" => session.get_one::<User>(known.id).await.map(drop),
        "get_or" => session.get_or(77, || User { id: 77, ..user("new") }).await.map(drop),
        "get_many" => session.get_many::<User>([known.id]).await.map(drop),
        "get_for_update" => session.get_for_update::<User>(known.id).await.map(drop),
        "merge" => session.merge(known).await.map(drop),
        "merge_columns" => session.merge_columns(User::email, known).await.map(drop),
        "upsert" => session.upsert(known).await.map(drop),
        "track" => User::select().track(session).await.map(drop),
        "refresh" => session.refresh(ada).await,
        "flush" => session.flush().await,
        "commit" => session.commit().await,
        "savepoint" => session.savepoint(async |_| Ok(())).await,
        "exec" => delete::<User>().all_rows().exec(session).await.map(drop),
        _ => User::select().count(&mut *session.no_autoflush()).await.map(drop),
    }
}

#[creole::test]
async fn a_session_that_has_failed_says_why_until_it_is_rolled_back(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    let mut session = engine.session();
    let ada = User::select().track_one(&mut session).await?;
    let twin = session.add(user("ada"));
    let error = session.flush().await.unwrap_err();
    assert!(error.is_unique(User::email), "{error}");
    for what in ASKING {
        let error = ask(what, &mut session, ada).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionAborted, "{what}: {error}");
        let text = error.to_string();
        assert!(text.contains("rolled back") && text.contains("users") && text.contains("email"), "{what}: {text}");
        assert!(!text.contains("ada"), "{what}: no values: {text}");
        assert_eq!((error.entity(), error.entity::<Order>()), (Some(twin), None), "{what}");
    }
    // What needs no database goes on.
    assert_eq!(session[twin].email, "ada");
    session[twin].email = "eve".into();
    assert_eq!(session.pending::<User>(), [twin]);
    session.rollback().await?;
    assert_eq!(session.try_get(twin).unwrap_err().kind(), ErrorKind::Detached, "a rollback takes it along");
    for what in ASKING {
        ask(what, &mut session, ada).await.or_else(|error| match what {
            // The row may have been deleted by the verbs before.
            "get_one" | "refresh" | "merge_columns" if error.is_not_found() => Ok(()),
            _ => Err(error),
        })?;
    }
    Ok(())
}
