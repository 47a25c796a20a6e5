//! Copies that come back into a session.

use creole::prelude::*;

use super::writing::everything;
use crate::lab::Lab;
use crate::models::{Everything, Node, Stock, User, user};

#[creole::test]
async fn a_copy_becomes_what_the_entity_is(engine: Engine) -> creole::Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![User]).await?;
    let rows = insert_all(&["ada", "bob"].map(user)).returning().all(&engine).await?;
    sent.verbs();

    // Unknown: it is read, and what differs is written.
    let mut session = engine.session();
    let copy = User { nickname: Some("Countess".into()), ..rows[0].clone() };
    let ada = session.merge(copy.clone()).await?;
    assert_eq!(session.changes(ada).iter().map(|change| change.column).collect::<Vec<_>>(), ["nickname"]);
    session.flush().await?;
    assert_eq!(sent.verbs(), ["SELECT", "UPDATE"]);
    // Known: nothing is read; as it is: nothing is written.
    assert_eq!(session.merge(copy.clone()).await?, ada);
    session.commit().await?;
    assert_eq!(sent.verbs(), Vec::<String>::new());
    assert_eq!(User::find(copy.id, &engine).await?, Some(copy.clone()));
    sent.verbs();

    // Stale: it is read anew, and the copy's values go over what others have written since.
    update::<User>().set(User::nickname, "theirs").all_rows().exec(&engine).await?;
    sent.verbs();
    assert_eq!(session.merge(copy.clone()).await?, ada);
    session.commit().await?;
    assert_eq!(sent.verbs(), ["SELECT", "UPDATE"]);
    assert_eq!(User::find(copy.id, &engine).await?, Some(copy));

    // Not there, or not numbered yet: it is added.
    let dan = session.merge(user("dan")).await?;
    assert_eq!(session.pending::<User>(), [dan]);
    let eve = session.merge(User { id: 90, ..user("eve") }).await?;
    assert_eq!(session.pending::<User>(), [eve], "the other one was written before the row was looked for");
    assert_eq!(session.merge(User { id: 90, ..user("eva") }).await?, eve, "it was added before");
    session.commit().await?;
    assert_eq!(session[eve].email, "eva");
    assert_eq!(User::select().count(&engine).await?, 4);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn columns_that_are_not_named_stay(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User, Stock]).await?;
    let ada = insert(&User { nickname: Some("Countess".into()), ..user("ada") }).returning().one(&engine).await?;
    let mut session = engine.session();
    let form = User { id: ada.id, email: "ada@example.org".into(), ..Default::default() };
    let merged = session.merge_columns(User::email, form).await?;
    session.commit().await?;
    let read = User::find(ada.id, &engine).await?.expect("there");
    assert_eq!((&*read.email, read.nickname.as_deref()), ("ada@example.org", Some("Countess")));
    assert_eq!(session[merged], read);
    let form = User { id: ada.id, ..Default::default() };
    session.merge_columns((User::nickname,), form).await?;
    session.commit().await?;
    assert_eq!(User::find(ada.id, &engine).await?.expect("there").nickname, None);

    for form in [User::default(), User { id: 999, ..Default::default() }] {
        let error = session.merge_columns(User::email, form).await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::NotFound, Some("users")));
    }
    let stock = Stock { warehouse: "north".into(), item: 1, shelf: None, amount: 5 };
    let error = session.merge_columns((Stock::item, Stock::amount), stock).await.unwrap_err();
    assert_eq!((error.kind(), error.columns().collect::<Vec<_>>()), (ErrorKind::Unsupported, vec!["item"]));
    session.commit().await?;
    Ok(())
}

/// What is no column, and what every UPDATE writes, is the entity's own.
#[creole::test]
async fn what_a_copy_has_no_say_in(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "pages")]
    struct Page {
        #[model(primary_key)]
        id: i64,
        title: String,
        #[model(on_update = 7)]
        edition: i64,
    }
    engine.create_all(tables![Page, Node]).await?;
    let page = Page { id: 1, title: "one".into(), edition: 1 };
    insert(&page).exec(&engine).await?;
    let mut session = engine.session();
    let merged = session.merge(Page { edition: 0, ..page.clone() }).await?;
    assert!(!session.is_modified(merged), "the edition is none of the copy's business");
    session.merge(Page { title: "two".into(), ..page }).await?;
    session.commit().await?;
    assert_eq!(Page::find(1, &engine).await?, Some(Page { id: 1, title: "two".into(), edition: 7 }));
    // Unless it is named.
    session.merge_columns(Page::edition, Page { id: 1, title: String::new(), edition: 9 }).await?;
    session.commit().await?;
    assert_eq!(Page::find(1, &engine).await?.map(|page| page.edition), Some(9));

    let node = session.add(Node { name: "root".into(), ..Default::default() });
    session.flush().await?;
    session[node].visited = true;
    let copy = Node { name: "trunk".into(), visited: false, ..session[node].clone() };
    session.merge(copy).await?;
    assert_eq!((session[node].visited, &*session[node].name), (true, "trunk"));
    Ok(())
}

#[creole::test]
async fn a_copy_meets_what_is_deleted_renamed_or_undone(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    let ada = insert(&user("ada")).returning().one(&engine).await?;
    let mut session = engine.session();
    let handle = session.get_one::<User>(ada.id).await?;
    session.delete(handle);
    let again = session.merge(ada.clone()).await?;
    assert_ne!(again, handle, "the row was deleted before it is added");
    session.commit().await?;
    assert_eq!(User::select().all(&engine).await?, std::slice::from_ref(&ada));

    // A savepoint that is undone takes the copy's values back.
    let outcome: creole::Result<()> = session
        .savepoint(async |session| {
            session.merge(User { nickname: Some("Countess".into()), ..ada.clone() }).await?;
            session.flush().await?;
            Err(creole::Error::new(ErrorKind::Other, "no"))
        })
        .await;
    assert!(outcome.is_err());
    assert_eq!(session[again].nickname, None);
    // A key that was changed in memory is written before the copy is looked for.
    session[again].id = ada.id + 10;
    let twin = session.merge(User { email: "twin".into(), ..ada.clone() }).await?;
    session.commit().await?;
    assert_eq!((session[again].id, session[twin].id), (ada.id + 10, ada.id));
    assert_eq!(User::select().count(&engine).await?, 2);
    Ok(())
}

/// A copy of a row with all types differs from it in nothing.
#[creole::test]
async fn a_copy_of_every_type_changes_nothing(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    let row = everything(1);
    insert(&row).exec(&engine).await?;
    let read = Everything::find(1, &engine).await?.expect("there");
    let mut session = engine.session();
    let merged = session.merge(read).await?;
    let changes: Vec<&str> = session.changes(merged).iter().map(|change| change.column).collect();
    assert_eq!(changes, Vec::<&str>::new());
    Ok(())
}
