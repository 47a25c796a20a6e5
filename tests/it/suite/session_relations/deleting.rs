//! What deleting a row does to those that refer to it.

use super::*;

#[creole::test]
async fn a_cascade_shows_in_memory(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let one = get::<Book>(&mut session, 1).await;
    session.load(one, Book::tags).await?;
    let between = get::<BookTag>(&mut session, (1, 1)).await;
    let rust = session.many(one, Book::tags)?[0];
    session.load(rust, Tag::books).await?;
    session.delete(one);
    session.flush().await?;
    assert_eq!(session.try_get(between).unwrap_err().kind(), ErrorKind::Detached);
    assert_eq!(session.many(rust, Tag::books)?, []);
    assert_eq!(session.get::<BookTag>((1, 1)).await?, None);
    session.rollback().await?;
    assert_eq!(session.many(rust, Tag::books)?, [one]);
    assert_eq!(session.try_get(between)?.tag_id, 1);
    Ok(())
}

#[creole::test]
async fn what_must_refer_is_named_before_the_database_does(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [ada, bob] = [get::<Author>(&mut session, 1).await, get::<Author>(&mut session, 2).await];
    session.load(ada, Author::books).await?;
    session.delete(ada);
    let error = session.flush().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation);
    assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("books"), vec!["author_id"]));
    assert_eq!(error.backend(), None, "nothing was sent");
    // Nothing is lost by it: the books go to another one.
    let books = Book::select().filter(Book::author_id.eq(1)).all(&engine).await?;
    assert_eq!(books.len(), 2);
    for id in [1, 2] {
        let book = session.get::<Book>(id).await;
        // A statement flushes first, so what is known is asked for.
        let Ok(Some(book)) = book else { panic!("it is known") };
        session.relate(book, Book::author, bob);
    }
    session.load(bob, Author::notes).await.unwrap_err();
    session.rollback().await?;
    Ok(())
}

#[creole::test]
async fn what_is_owned_goes_along_and_what_may_be_loose_stays(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    delete::<BookTag>().all_rows().exec(&engine).await?;
    delete::<Book>().all_rows().exec(&engine).await?;
    let mut session = engine.session();
    let ada = get::<Author>(&mut session, 1).await;
    session.load(ada, Author::notes).await?;
    session.load(ada, Author::desk).await?;
    session.load(ada, Author::badge).await?;
    let desk = session.one(ada, Author::desk)?.unwrap();
    session.delete(ada);
    session.commit().await?;
    assert_eq!(session[desk].author_id, None);
    assert_eq!(select(Desk::author_id).all(&engine).await?, [None]);
    assert_eq!(Note::select().count(&engine).await?, 0);
    assert_eq!(Badge::select().count(&engine).await?, 0);
    assert_eq!(Author::select().count(&engine).await?, 2);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "trunks", default, has_many(branches = Branch::trunk_id))]
struct Trunk {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "branches", default, has_many(leaves = Leaf::branch_id), has_many(birds = Bird::branch_id))]
struct Branch {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Trunk::id, on_delete = cascade, belongs_to = trunk)]
    trunk_id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "leaves", default)]
struct Leaf {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Branch::id, on_delete = cascade, belongs_to = branch)]
    branch_id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "birds", default)]
struct Bird {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Branch::id, on_delete = set_null, belongs_to = branch)]
    branch_id: Option<i64>,
}

#[creole::test]
async fn set_null_shows_in_memory_and_chains_are_followed(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Trunk, Branch, Leaf, Bird]).await?;
    let mut session = engine.session();
    let trunk = session.add(Trunk::default());
    let [one, two] = [(); 2].map(|()| session.add_to(trunk, Trunk::branches, Branch::default()));
    let leaf = session.add_to(one, Branch::leaves, Leaf::default());
    let bird = session.add_to(two, Branch::birds, Bird::default());
    session.flush().await?;
    session.delete(trunk);
    session.flush().await?;
    assert!(session.try_get(one).is_err() && session.try_get(two).is_err() && session.try_get(leaf).is_err());
    assert_eq!(session[bird].branch_id, None);
    assert_eq!(session.one(bird, Bird::branch)?, None);
    session.commit().await?;
    assert_eq!(Bird::select().all(&engine).await?, [session[bird].clone()]);
    assert_eq!(Leaf::select().count(&engine).await? + Branch::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn what_never_comes_takes_with_it_what_was_made_for_it(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let one = get::<Book>(&mut session, 1).await;
    let new = session.add_to(one, Book::tags, tag("new"));
    session.delete(new);
    session.flush().await?;
    let author = session.add(author("New"));
    let note = session.add_to(author, Author::notes, Note::default());
    let desk = session.add_to(author, Author::desk, Desk::default());
    session.delete(author);
    assert_eq!(session.try_get(note).unwrap_err().kind(), ErrorKind::Detached, "it was owned");
    session.commit().await?;
    assert_eq!(session[desk].author_id, None);
    assert_eq!(BookTag::select().count(&engine).await?, 3);
    assert_eq!((Note::select().count(&engine).await?, Desk::select().count(&engine).await?), (1, 2));
    Ok(())
}

#[creole::test]
async fn a_row_that_was_moved_by_others_does_not_go_along(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Trunk, Branch, Leaf, Bird]).await?;
    let mut session = engine.session();
    let [trunk, other] = [(); 2].map(|()| session.add(Trunk::default()));
    let branch = session.add_to(trunk, Trunk::branches, Branch::default());
    let leaf = session.add_to(branch, Branch::leaves, Leaf::default());
    let kept = session.add_to(other, Trunk::branches, Branch::default());
    session.commit().await?;
    let id = session[kept].id;
    update::<Leaf>().set(Leaf::branch_id, id).all_rows().exec(&engine).await?;
    session.delete(trunk);
    session.commit().await?;
    assert_eq!(session.try_get(leaf)?.branch_id, id);
    assert_eq!(Leaf::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn a_key_that_is_deleted_and_added_takes_nobody_over(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Trunk, Branch, Leaf, Bird]).await?;
    let mut session = engine.session();
    let trunk = session.add(Trunk { id: 7 });
    let branch = session.add_to(trunk, Trunk::branches, Branch::default());
    session.flush().await?;
    session.delete(trunk);
    let new = session.add(Trunk { id: 7 });
    let own = session.add_to(new, Trunk::branches, Branch::default());
    session.commit().await?;
    assert_eq!(session.try_get(branch).unwrap_err().kind(), ErrorKind::Detached, "it went by cascade");
    assert_eq!(session.many(new, Trunk::branches)?, [own]);
    assert_eq!(Branch::select().all(&engine).await?, [session[own].clone()]);
    Ok(())
}
