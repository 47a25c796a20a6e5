//! The entities of a session are those of its engine's tenant.

use creole::prelude::*;

use super::{Author, Book, OURS, THEIRS, Tag, author, book, library, plain, refusal, theirs};

#[creole::test]
async fn it_finds_and_writes_its_tenants_rows(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let ours = engine.scoped(OURS);
    let before = theirs(&engine).await?;
    let mut session = ours.session();
    let ada = session.get::<Author>(1).await?.expect("she is ours");
    assert_eq!(session.get::<Author>(3).await?, None);
    let found = session.get_many::<Author>([1, 3, 4]).await?;
    assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [true, false, true]);
    assert_eq!(session.get_for_update::<Author>(3).await?, None);
    assert_eq!(session.get_one::<Author>(3).await.unwrap_err().kind(), ErrorKind::NotFound);

    // What is new is its tenant's from the start.
    let eve = session.add(author(9, "Eve", Some(1)));
    assert_eq!(session[eve].house, OURS);
    let several = session.add_all([book(20, 1, None), book(21, 2, Some(1))]);
    session[ada].name = "Lady Ada".into();
    session.commit().await?;
    assert_eq!(
        select(Author::name).filter(Author::id.is_in([1, 9])).order_by(Author::id).all(&ours).await?,
        ["Lady Ada", "Eve"]
    );
    assert!(several.iter().all(|&book| session[book].house == OURS));

    // Relations.
    session.load(ada, Author::books).await?;
    let ids: Vec<i64> = session.many(ada, Author::books)?.iter().map(|&book| session[book].id).collect();
    assert_eq!(ids, [1, 2, 20], "3 is theirs");
    let bob = session.get::<Author>(2).await?.expect("he is ours");
    let added = session.add_to(bob, Author::books, Book { id: 22, ..book(0, 0, None) });
    assert_eq!(session[added].house, OURS);
    let first = session.get::<Book>(1).await?.expect("it is ours");
    session.load(first, Book::tags).await?;
    assert_eq!(session.many(first, Book::tags)?.len(), 1, "that it has tag 2 is theirs");
    let second = session.get::<Book>(4).await?.expect("it is ours");
    let tag = session.get::<Tag>(1).await?.expect("it is ours");
    session.load(second, Book::tags).await?;
    session.link(second, Book::tags, tag)?;
    session.commit().await?;
    assert_eq!(plain::BookTag::find((4, 1), &engine).await?.map(|pair| pair.house), Some(OURS));
    session.delete(added);
    session.delete(eve);
    session.commit().await?;
    assert_eq!(theirs(&engine).await?, before);
    Ok(())
}

#[creole::test]
async fn an_entity_of_another_does_not_come_in(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let ours = engine.scoped(OURS);
    let named = (ErrorKind::InvalidValue, vec!["house".to_owned()]);
    let other = Author { house: THEIRS, ..author(3, "Cleo", Some(1)) };
    let mut session = ours.session();
    assert_eq!(refusal(session.attach(other.clone())), named);
    assert_eq!(refusal(session.merge(other.clone()).await), named);
    assert_eq!(refusal(session.merge_columns(Author::name, other.clone()).await), named);
    let read = sql!("select id, house, name, mentor_id from authors where id = 3").models::<Author>();
    assert_eq!(refusal(read.track(&mut session).await), named);
    session.rollback().await?;
    // One that is attached as ours has no row.
    let cleo = session.attach(author(3, "Cleo", Some(1)))?;
    assert_eq!(session[cleo].house, OURS);
    session[cleo].name = "Mine".into();
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    session.rollback().await?;

    let added = session.add(other);
    let error = session.commit().await.unwrap_err();
    assert_eq!(refusal::<()>(Err(error.clone())), named);
    assert_eq!(error.entity(), Some(added));
    session.rollback().await?;
    // Nor does one become another's.
    let ada = session.get::<Author>(1).await?.expect("she is ours");
    session[ada].house = THEIRS;
    assert_eq!(refusal(session.commit().await), (ErrorKind::Syntax, vec!["house".to_owned()]));
    session.rollback().await?;
    let new = session.add(author(9, "Eve", None));
    session[new].house = THEIRS;
    assert_eq!(refusal(session.commit().await), named);
    session.rollback().await?;
    assert_eq!(plain::Author::select().filter(plain::Author::house.eq(THEIRS)).count(&engine).await?, 1);
    Ok(())
}

/// A row that takes the place of another with its key is written by an UPDATE, which writes its every column.
#[creole::test]
async fn a_row_that_takes_anothers_place_stays_the_tenants(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let named = (ErrorKind::InvalidValue, vec!["house".to_owned()]);
    let mut session = engine.scoped(OURS).session();
    let tags = Tag::select().order_by(Tag::id).track(&mut session).await?;
    for count in [1, 2] {
        let taken = &tags[..count];
        for (&tag, id) in taken.iter().zip(1..) {
            session.delete(tag);
            session.add(Tag { id, name: "new".into(), house: 0 });
        }
        session.flush().await?;
        session.rollback().await?;
        let mut last = None;
        for (&tag, id) in taken.iter().zip(1..) {
            session.delete(tag);
            last = Some(session.add(Tag { id, name: "new".into(), house: 0 }));
        }
        session[last.expect("one at least")].house = THEIRS;
        assert_eq!(refusal(session.commit().await), named);
        session.rollback().await?;
    }
    assert_eq!(plain::Tag::select().filter(plain::Tag::house.eq(THEIRS)).count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn a_session_of_nobody_writes_nothing_and_one_of_all_writes_what_is_said(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let named = (ErrorKind::Config, vec!["house".to_owned()]);
    let mut session = engine.session();
    assert_eq!(refusal(session.get::<Author>(1).await), named);
    session.rollback().await?;
    assert_eq!(refusal(session.attach(author(1, "Ada", None))), named);
    session.add(Author { house: OURS, ..author(9, "Eve", None) });
    assert_eq!(refusal(session.commit().await), named);
    session.rollback().await?;

    let mut session = engine.all_tenants().session();
    let authors = Author::select().order_by(Author::id).track(&mut session).await?;
    for &author in &authors {
        session[author].name.push('!');
    }
    session.add(Author { house: THEIRS, ..author(9, "Eve", None) });
    session.commit().await?;
    let names = select((plain::Author::name, plain::Author::house)).order_by(plain::Author::id).all(&engine).await?;
    let expected = [("Ada!", 1), ("Bob!", 1), ("Cleo!", 2), ("Dan!", 1), ("Eve", 2)];
    assert_eq!(names, expected.map(|(name, house)| (name.to_owned(), house)));
    Ok(())
}
