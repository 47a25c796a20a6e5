//! What a flush writes by one statement: entities that come in, that changed in the same columns, that go. And what it does not.

use std::sync::atomic::{AtomicI64, Ordering};

use creole::prelude::*;

use super::writing::everything;
use crate::lab::Lab;
use crate::models::{Everything, Node, Settings, User, user};

/// Never 0, and no two alike.
fn next_stamp() -> i64 {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "parts", default)]
struct Part {
    #[model(primary_key, auto)]
    id: i64,
    name: String,
    amount: i64,
    doc: Option<Json<Settings>>,
    #[model(unique, default = next_stamp(), on_update = next_stamp())]
    stamp: i64,
}

fn part(number: i64) -> Part {
    Part { name: format!("part {number}"), amount: number, ..Default::default() }
}

async fn parts(count: i64, engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Part]).await?;
    insert_all(&(0..count).map(part).collect::<Vec<_>>()).exec(engine).await.map(|_| ())
}

#[creole::test]
async fn what_changes_alike_is_one_statement(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![Part]).await?;
    let mut session = engine.session();
    let parts: Vec<Tracked<Part>> = (0..10).map(|number| session.add(part(number))).collect();
    sent.verbs();
    session.flush().await?;
    assert_eq!(sent.verbs(), ["INSERT"]);
    parts.iter().for_each(|&part| session[part].amount += 100);
    session.flush().await?;
    assert_eq!(sent.verbs(), ["UPDATE"]);
    parts.iter().for_each(|&part| session.delete(part));
    session.flush().await?;
    assert_eq!(sent.verbs(), ["DELETE"]);
    session.commit().await?;
    assert_eq!(sent.verbs(), [""; 0]);
    assert_eq!(Part::select().count(&engine).await?, 0);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn columns_that_differ_are_statements_of_their_own(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    parts(9, &engine).await?;
    let mut session = engine.session();
    let parts = Part::select().order_by(Part::id.asc()).track(&mut session).await?;
    for (place, &part) in parts.iter().enumerate() {
        match place % 3 {
            0 => session[part].amount = 7,
            1 => session[part].name = "renamed".into(),
            _ => (session[part].amount, session[part].name) = (8, "both".into()),
        }
    }
    sent.verbs();
    session.commit().await?;
    assert_eq!(sent.verbs(), ["UPDATE"; 3]);
    for (place, row) in Part::select().order_by(Part::id.asc()).all(&engine).await?.into_iter().enumerate() {
        let name = format!("part {place}");
        let expected = [(7, name.as_str()), (place as i64, "renamed"), (8, "both")][place % 3];
        assert_eq!((row.amount, row.name.as_str()), expected);
        assert_eq!(session[parts[place]], row, "with its own stamp");
    }
    engine.close().await;
    Ok(())
}

/// Of 2,000 rows a flush sends as many statements as the same rows do by themselves.
#[creole::test]
async fn many_changes_are_as_few_statements_as_without_a_session(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "many")]
    struct Row {
        #[model(primary_key)]
        id: i64,
        name: String,
        amount: i64,
    }
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![Row]).await?;
    let count = |verb: &str| sent.verbs().iter().filter(|sent| *sent == verb).count();
    let mut rows: Vec<Row> = (0..2_000).map(|id| Row { id, name: format!("row {id}"), amount: 0 }).collect();
    sent.verbs();
    insert_all(&rows).exec(&engine).await?;
    let inserts = count("INSERT");
    rows.iter_mut().for_each(|row| row.amount = 1);
    update_all(&rows).columns(Row::amount).exec(&engine).await?;
    let updates = count("UPDATE");
    let mut session = engine.session();
    let handles = Row::select().track(&mut session).await?;
    handles.iter().for_each(|&row| session[row].amount = 2);
    sent.verbs();
    session.flush().await?;
    assert_eq!(sent.verbs(), vec!["UPDATE"; updates]);
    assert_eq!(Row::select().filter(Row::amount.eq(2)).count(&mut session).await?, 2_000);
    handles.iter().for_each(|&row| session.delete(row));
    sent.verbs();
    session.commit().await?;
    let deletes = sent.verbs();
    rows.iter().for_each(|row| _ = session.add(row.clone()));
    session.commit().await?;
    assert_eq!(sent.verbs(), vec!["INSERT"; inserts]);
    delete_all(&rows).exec(&engine).await?;
    assert_eq!(deletes, vec!["DELETE"; count("DELETE")]);
    assert_eq!(Row::select().count(&engine).await?, 0);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn a_row_that_is_gone_fails_the_flush_whatever_it_is_written_with(engine: Engine) -> creole::Result<()> {
    parts(5, &engine).await?;
    for is_deleted in [false, true] {
        let mut session = engine.session();
        let parts = Part::select().order_by(Part::id.asc()).track(&mut session).await?;
        let before: Vec<Part> = parts.iter().map(|&part| session[part].clone()).collect();
        delete::<Part>().filter(Part::id.eq(before[2].id)).exec(&engine).await?;
        for &part in &parts {
            match is_deleted {
                true => session.delete(part),
                false => session[part].amount = 50,
            }
        }
        let error = session.commit().await.unwrap_err();
        assert_eq!((error.kind(), error.table(), error.row()), (ErrorKind::StaleVersion, Some("parts"), None));
        session.rollback().await?;
        assert_eq!(parts.iter().map(|&part| session[part].clone()).collect::<Vec<_>>(), before);
        let left = Part::select().order_by(Part::id.asc()).all(&engine).await?;
        assert_eq!(
            left,
            before.into_iter().filter(|part| left.iter().any(|other| other.id == part.id)).collect::<Vec<_>>()
        );
        assert_eq!(left.len(), parts.len() - 1);
    }
    Ok(())
}

/// Two rows exchange a value, a third takes what a fourth gives up, and each of others hands its own on to the next.
#[creole::test]
async fn values_that_change_hands_are_not_written_together(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![User]).await?;
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    insert_all(&names.map(user)).exec(&engine).await?;
    let mut session = engine.session();
    let users = User::select().order_by(User::id.asc()).track(&mut session).await?;
    let to = ["b", "a", "d", "free", "new", "e", "f", "g"];
    for (&user, email) in users.iter().zip(to) {
        session[user].email = email.into();
    }
    sent.verbs();
    session.commit().await?;
    // One of the two that exchange gives its value up; of the chain of four and that of two each waits for the one before.
    let sent = sent.verbs();
    assert!(sent.iter().all(|verb| verb == "UPDATE") && (5..=9).contains(&sent.len()), "{sent:?}");
    let stored: Vec<String> =
        User::select().order_by(User::id.asc()).all(&engine).await?.into_iter().map(|user| user.email).collect();
    assert_eq!(stored, to);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn rows_that_refer_to_one_another_go_one_after_the_other(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "steps", default)]
    struct Step {
        #[model(primary_key)]
        id: i64,
        #[model(references = Step::id)]
        after: Option<i64>,
        name: String,
    }
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![Step]).await?;
    // A chain of four, one that refers to itself, and four that refer to nothing.
    let after = [None, Some(0), Some(1), Some(2), Some(4), None, None, None, None];
    let rows: Vec<Step> = (0..).zip(after).map(|(id, after)| Step { id, after, name: String::new() }).collect();
    let mut session = engine.session();
    let steps: Vec<Tracked<Step>> = rows.into_iter().map(|row| session.add(row)).collect();
    sent.verbs();
    session.flush().await?;
    assert_eq!(sent.verbs(), ["INSERT"]);
    steps.iter().for_each(|&step| session[step].name = "written".into());
    session.flush().await?;
    assert_eq!(sent.verbs(), ["UPDATE"]);
    steps.iter().for_each(|&step| session.delete(step));
    session.commit().await?;
    let deletes = sent.verbs().iter().filter(|verb| *verb == "DELETE").count();
    assert!((4..=6).contains(&deletes), "{deletes}");
    assert_eq!(Step::select().count(&engine).await?, 0);
    engine.close().await;
    Ok(())
}

/// Rows that take others of their table along are not counted together: which of them were there would not be known.
#[creole::test]
async fn rows_that_take_others_along_go_one_by_one(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "branches", default)]
    struct Branch {
        #[model(primary_key)]
        id: i64,
        #[model(references = Branch::id, on_delete = cascade)]
        of: Option<i64>,
    }
    engine.create_all(tables![Branch]).await?;
    let rows = [(1, None), (2, Some(1)), (3, Some(2)), (4, None)].map(|(id, of)| Branch { id, of });
    insert_all(&rows).exec(&engine).await?;
    let mut session = engine.session();
    let branches = Branch::select().order_by(Branch::id.asc()).track(&mut session).await?;
    branches.iter().for_each(|&branch| session.delete(branch));
    session.commit().await?;
    assert_eq!(Branch::select().count(&engine).await?, 0);

    insert_all(&rows).exec(&engine).await?;
    let mut session = engine.session();
    let branches = Branch::select().filter(Branch::of.is_null()).track(&mut session).await?;
    delete::<Branch>().filter(Branch::id.eq(4)).exec(&engine).await?;
    branches.iter().for_each(|&branch| session.delete(branch));
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    Ok(())
}

#[creole::test]
async fn a_tree_is_written_together(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let mut session = engine.session();
    let root = session.add(Node { name: "root".into(), ..Default::default() });
    session.flush().await?;
    let id = session[root].id;
    let leaves: Vec<Tracked<Node>> = (0..5)
        .map(|number| session.add(Node { parent_id: Some(id), name: format!("leaf {number}"), ..Default::default() }))
        .collect();
    session.flush().await?;
    let first = session[leaves[0]].id;
    leaves[1..].iter().for_each(|&leaf| session[leaf].parent_id = Some(first));
    session.commit().await?;
    assert_eq!(Node::select().filter(Node::parent_id.eq(first)).count(&engine).await?, 4);
    Ok(())
}

#[creole::test]
async fn every_type_is_written_in_groups_as_by_itself(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let mut session = engine.session();
    let rows: Vec<Tracked<Everything>> = (1..=4).map(|id| session.add(everything(id))).collect();
    session.commit().await?;
    for (&row, id) in rows.iter().zip(1..) {
        session[row] = Everything { id, ..everything(id + 1) };
    }
    session.commit().await?;
    let stored = Everything::select().order_by(Everything::id.asc()).all(&engine).await?;
    let expected: Vec<Everything> = (1..=4).map(|id| Everything { id, ..everything(id + 1) }).collect();
    assert_eq!(stored, expected);
    Ok(())
}

/// What a group of documents was written as is known: the next flush has nothing to write.
#[creole::test]
async fn documents_of_a_group_are_known_afterwards(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    parts(4, &engine).await?;
    let mut session = engine.session();
    let parts = Part::select().order_by(Part::id.asc()).track(&mut session).await?;
    for (place, &part) in parts.iter().enumerate() {
        session[part].doc = Some(Json(Settings { theme: format!("theme {place}"), ..Default::default() }));
    }
    session.flush().await?;
    parts.iter().for_each(|&part| session[part].amount += 0);
    sent.verbs();
    session.flush().await?;
    assert_eq!(sent.verbs(), [""; 0]);
    session.commit().await?;
    let stored = Part::select().order_by(Part::id.asc()).all(&engine).await?;
    let themes = stored.iter().map(|part| part.doc.as_ref().map_or("", |doc| &doc.theme)).collect::<Vec<_>>();
    assert_eq!(themes, ["theme 0", "theme 1", "theme 2", "theme 3"]);
    engine.close().await;
    Ok(())
}

/// A savepoint whose flush fails half-way leaves memory as the database is.
#[creole::test]
async fn a_group_that_fails_in_a_savepoint_is_undone(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert_all(&["a", "b", "c"].map(user)).exec(&engine).await?;
    let mut session = engine.session();
    let users = User::select().order_by(User::id.asc()).filter(User::email.ne("c")).track(&mut session).await?;
    users.iter().for_each(|&user| session[user].nickname = Some("before".into()));
    let failed = session
        .savepoint(async |session| {
            users.iter().for_each(|&user| session[user].nickname = Some("within".into()));
            session.flush().await?;
            // Another model's row, which this session does not know.
            (session[users[0]].email, session[users[1]].email) = ("d".into(), "c".into());
            session.flush().await
        })
        .await;
    let error = failed.unwrap_err();
    assert_eq!((error.kind(), error.table(), error.row()), (ErrorKind::UniqueViolation, Some("users"), None));
    let as_before = |session: &Session| {
        let told = |&user: &Tracked<User>| (session[user].email.clone(), session[user].nickname.clone());
        users.iter().map(told).collect::<Vec<_>>()
    };
    let before = Some("before".to_owned());
    assert_eq!(as_before(&session), [("a".into(), before.clone()), ("b".into(), before)]);
    session.commit().await?;
    assert_eq!(User::select().filter(User::nickname.eq("before")).count(&engine).await?, 2);
    Ok(())
}

/// A unique key that the model does not declare can't order a flush: its violation says so, and that of a declared one doesn't.
#[creole::test]
async fn the_violation_of_an_undeclared_unique_key_says_what_the_model_lacks(engine: Engine) -> creole::Result<()> {
    parts(4, &engine).await?;
    sql!("CREATE UNIQUE INDEX amounts ON parts (amount)").exec(&engine).await?;
    let mut session = engine.session();
    let found = Part::select().order_by(Part::id.asc()).track(&mut session).await?;
    for slots in [&found[..1], &found[..2]] {
        slots.iter().for_each(|&part| session[part].amount += 2);
        let error = session.commit().await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::UniqueViolation, Some("parts")));
        assert!(error.to_string().contains("the model does not declare the key"), "{error}");
        session.rollback().await?;
    }
    let stamp = session[found[3]].stamp;
    session[found[0]].stamp = stamp;
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.columns().collect::<Vec<_>>()), (ErrorKind::UniqueViolation, vec!["stamp"]));
    assert!(!error.to_string().contains("declare"), "{error}");
    Ok(())
}
