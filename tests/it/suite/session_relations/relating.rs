//! `add_to`, `relate` and `unrelate`, and what foreign keys in fields do.

use super::*;

#[creole::test]
async fn a_new_tree_is_written_with_its_keys(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let dora = session.add(author("Dora"));
    let book = session.add_to(dora, Author::books, book("four"));
    let tag = session.add_to(book, Book::tags, tag("new"));
    let note = session.add_to(dora, Author::notes, Note::default());
    let desk = session.add_to(dora, Author::desk, Desk::default());
    let maker = session.add_to(desk, Desk::author, author("Eve"));
    assert_eq!(session.many(dora, Author::books)?, [book]);
    assert_eq!(session.one(book, Book::author)?, dora);
    assert_eq!(session.many(book, Book::tags)?, [tag]);
    assert_eq!(session.many(tag, Tag::books)?, [book]);
    assert_eq!(session.one(note, Note::author)?, Some(dora));
    assert_eq!(session.one(desk, Desk::author)?, Some(maker), "the last relate holds");
    assert_eq!(session.one(dora, Author::desk)?, None);
    session.commit().await?;
    assert_eq!(session[book].author_id, session[dora].id);
    assert_eq!(session[note].author_id, Some(session[dora].id));
    assert_eq!(session[desk].author_id, Some(session[maker].id));
    assert_eq!(session.many(book, Book::tags)?, [tag]);
    let between = BookTag::select().filter(BookTag::tag_id.eq(session[tag].id)).all(&engine).await?;
    assert_eq!(between, [BookTag { book_id: session[book].id, tag_id: session[tag].id, weight: 7 }]);
    let stored = Book::find(session[book].id, &engine).await?.unwrap();
    assert_eq!(stored, session[book]);
    Ok(())
}

#[creole::test]
async fn both_ends_see_a_change_at_once(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [ada, bob] = [get::<Author>(&mut session, 1).await, get::<Author>(&mut session, 2).await];
    session.load([ada, bob], Author::books).await?;
    let [one, two] = session.many(ada, Author::books)?[..] else { panic!("two") };
    let three = session.many(bob, Author::books)?[0];

    session.relate(one, Book::author, bob);
    assert_eq!(session[one].author_id, 2);
    assert_eq!(session.many(ada, Author::books)?, [two]);
    assert_eq!(session.many(bob, Author::books)?, [three, one]);
    assert_eq!(session.one(one, Book::author)?, bob);
    // A field is the same as the relation.
    session[two].author_id = 2;
    assert_eq!(session.many(ada, Author::books)?, []);
    assert_eq!(session.many(bob, Author::books)?, [three, one, two]);
    session.rollback().await?;
    assert_eq!(session.many(ada, Author::books)?, [one, two]);
    assert_eq!(session.many(bob, Author::books)?, [three]);

    session.link(bob, Author::books, one)?;
    session.link(bob, Author::books, one)?;
    session.commit().await?;
    assert_eq!(Book::find(1, &engine).await?.unwrap().author_id, 2);
    assert_eq!(session.many(bob, Author::books)?, [three, one]);
    Ok(())
}

#[creole::test]
async fn what_is_put_back_is_not_written(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [ada, bob] = [get::<Author>(&mut session, 1).await, get::<Author>(&mut session, 2).await];
    let one = get::<Book>(&mut session, 1).await;
    session.relate(one, Book::author, bob);
    session.relate(one, Book::author, ada);
    // Somebody else changes it, which a write would undo.
    update::<Book>().set(Book::author_id, 3).filter(Book::id.eq(1)).exec(&engine).await?;
    session.commit().await?;
    assert_eq!(Book::find(1, &engine).await?.unwrap().author_id, 3);
    Ok(())
}

#[creole::test]
async fn a_row_is_related_to_one_that_is_not_there_yet(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let ada = get::<Author>(&mut session, 1).await;
    session.load(ada, Author::books).await?;
    let [one, two] = session.many(ada, Author::books)?[..] else { panic!("two") };
    let new = session.add(author("New"));
    session.relate(one, Book::author, new);
    session.relate(two, Book::author, new);
    // The field that is written to afterwards holds.
    session[two].author_id = 2;
    assert_eq!(session[one].author_id, 0, "its key is not known yet");
    assert_eq!(session.many(new, Author::books)?, [one]);
    assert_eq!(session.many(ada, Author::books)?, []);
    session.commit().await?;
    assert_eq!(session[one].author_id, session[new].id);
    let authors = select(Book::author_id).order_by(Book::id).all(&engine).await?;
    assert_eq!(authors, [session[new].id, 2, 2]);
    Ok(())
}

#[creole::test]
async fn a_rollback_and_a_savepoint_undo_relations(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [ada, bob] = [get::<Author>(&mut session, 1).await, get::<Author>(&mut session, 2).await];
    session.load([ada, bob], Author::books).await?;
    let [one, two] = session.many(ada, Author::books)?[..] else { panic!("two") };
    session.relate(two, Book::author, bob);
    let undone: creole::Result<()> = session
        .savepoint(async |session| {
            session.relate(one, Book::author, bob);
            let new = session.add(author("New"));
            session.relate(two, Book::author, new);
            session.add_to(new, Author::books, book("five"));
            session.flush().await?;
            assert_eq!(session.many(new, Author::books)?.len(), 2);
            let later = session.add(author("Later"));
            session.relate(one, Book::author, later);
            assert_eq!(session.many(bob, Author::books)?.len(), 1);
            Err(creole::Error::new(ErrorKind::Other, "no"))
        })
        .await;
    assert_eq!(undone.unwrap_err().kind(), ErrorKind::Other);
    assert_eq!(session.many(ada, Author::books)?, [one]);
    assert_eq!(session.many(bob, Author::books)?.last(), Some(&two));
    session.commit().await?;
    let authors = select(Book::author_id).order_by(Book::id).all(&engine).await?;
    assert_eq!(authors, [1, 2, 2]);

    let later = session.add(author("Later"));
    session.relate(one, Book::author, later);
    session.rollback().await?;
    assert_eq!(session.one(one, Book::author)?, ada);
    session.commit().await?;
    assert_eq!(select(Book::author_id).order_by(Book::id).all(&engine).await?, authors);
    Ok(())
}

#[creole::test]
async fn a_relation_to_one_is_replaced(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let ada = get::<Author>(&mut session, 1).await;
    session.load(ada, Author::desk).await?;
    session.load(ada, Author::badge).await?;
    let old = session.one(ada, Author::desk)?.unwrap();
    let new = session.add_to(ada, Author::desk, Desk::default());
    assert_eq!(session[old].author_id, None);
    assert_eq!(session.one(ada, Author::desk)?, Some(new));
    let badge = session.one(ada, Author::badge)?.unwrap();
    let renewed = session.add(Badge::default());
    session.relate(ada, Author::badge, renewed);
    assert_eq!(session.try_get(badge).unwrap_err().kind(), ErrorKind::Detached, "it is owned");
    session.commit().await?;
    assert_eq!(select(Desk::author_id).order_by(Desk::id).all(&engine).await?, [None, Some(1)]);
    assert_eq!(select(Badge::id).all(&engine).await?, [session[renewed].id]);

    session.unrelate(ada, Author::desk)?;
    session.unrelate(ada, Author::badge)?;
    session.commit().await?;
    assert_eq!(select(Desk::author_id).order_by(Desk::id).all(&engine).await?, [None, None]);
    assert_eq!(Badge::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn what_owns_a_row_deletes_it_when_it_leaves(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let ada = get::<Author>(&mut session, 1).await;
    let loose = session.add(Note::default());
    let second = session.add_to(ada, Author::notes, Note::default());
    let third = session.add_to(ada, Author::notes, Note::default());
    session.commit().await?;
    session.load(ada, Author::notes).await?;
    let first = session.many(ada, Author::notes)?[0];
    session.unlink(ada, Author::notes, first)?;
    session.unrelate(second, Note::author)?;
    // As a field, too; to another owner it moves.
    session[third].author_id = Some(2);
    session.commit().await?;
    let left = select((Note::id, Note::author_id)).order_by(Note::id).all(&engine).await?;
    assert_eq!(left, [(session[loose].id, None), (session[third].id, Some(2))]);
    session[third].author_id = None;
    session.commit().await?;
    assert_eq!(select(Note::id).all(&engine).await?, [session[loose].id]);
    Ok(())
}

#[creole::test]
async fn misuse_is_an_error(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let ada = get::<Author>(&mut session, 1).await;
    let one = get::<Book>(&mut session, 1).await;
    let kind = |result: creole::Result<()>| result.unwrap_err().kind();
    assert_eq!(kind(session.many(ada, Author::books).map(drop)), ErrorKind::NotLoaded);
    assert_eq!(kind(session.one(ada, Author::desk).map(drop)), ErrorKind::NotLoaded);
    assert_eq!(kind(session.unrelate(ada, Author::desk)), ErrorKind::NotLoaded);
    assert_eq!(kind(session.many(one, Book::tags).map(drop)), ErrorKind::NotLoaded);
    assert_eq!(session.one(one, Book::author)?, ada, "it is here for another reason");
    session.load(ada, Author::books).await?;
    let refused = session.unlink(ada, Author::books, one).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unsupported);
    assert!(refused.to_string().contains("author_id"), "{refused}");

    let other = engine.session();
    assert_eq!(kind(other.many(ada, Author::books).map(drop)), ErrorKind::Detached);
    let gone = get::<Author>(&mut session, 3).await;
    session.delete(gone);
    assert_eq!(kind(session.link(gone, Author::books, one)), ErrorKind::Detached);
    assert_eq!(kind(session.load(gone, Author::books).await), ErrorKind::Detached);

    // What it refers to is taken away before it has a key.
    let new = session.add(author("New"));
    session.relate(one, Book::author, new);
    session.detach(new);
    let error = session.flush().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Detached, "{error}");
    assert_eq!(error.entity(), Some(one));
    session.relate(one, Book::author, ada);
    session.commit().await?;
    Ok(())
}
