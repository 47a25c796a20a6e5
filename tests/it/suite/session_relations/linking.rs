//! `link`, `unlink` and `set_many` through a table between.

use super::*;

#[creole::test]
async fn rows_between_come_and_go(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [one, two] = [get::<Book>(&mut session, 1).await, get::<Book>(&mut session, 2).await];
    let [rust, sql] = [get::<Tag>(&mut session, 1).await, get::<Tag>(&mut session, 2).await];
    assert_eq!(session.unlink(one, Book::tags, rust).unwrap_err().kind(), ErrorKind::NotLoaded);
    session.load([one, two], Book::tags).await?;
    assert_eq!(session.many(one, Book::tags)?, [rust, sql]);
    assert_eq!(session.many(two, Book::tags)?, []);
    assert_eq!(session.many(rust, Tag::books).unwrap_err().kind(), ErrorKind::NotLoaded);
    assert_eq!(session.many(one, Book::book_tags)?.len(), 2, "they are the same rows");

    session.link(one, Book::tags, sql)?;
    session.link(two, Book::tags, sql)?;
    session.unlink(one, Book::tags, rust)?;
    session.unlink(two, Book::tags, rust)?;
    assert_eq!(session.many(one, Book::tags)?, [sql]);
    assert_eq!(session.many(two, Book::tags)?, [sql]);
    // And back again, before anything is written.
    session.unlink(two, Book::tags, sql)?;
    session.link(two, Book::tags, sql)?;
    session.commit().await?;
    let rows = select((BookTag::book_id, BookTag::tag_id, BookTag::weight));
    let rows = rows.order_by((BookTag::book_id, BookTag::tag_id)).all(&engine).await?;
    assert_eq!(rows, [(1, 2, 1), (2, 2, 7), (3, 2, 1)]);
    session.load(sql, Tag::books).await?;
    assert_eq!(session.many(sql, Tag::books)?.len(), 3);
    Ok(())
}

#[creole::test]
async fn a_row_that_is_taken_out_and_put_back_is_left_alone(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let one = get::<Book>(&mut session, 1).await;
    session.load(one, Book::tags).await?;
    let [rust, sql] = session.many(one, Book::tags)?[..] else { panic!("two") };
    session.unlink(one, Book::tags, rust)?;
    session.unlink(one, Book::tags, sql)?;
    session.link(one, Book::tags, rust)?;
    assert_eq!(session.many(one, Book::tags)?, [rust]);
    session.commit().await?;
    // It is the row that was there.
    let rows = select((BookTag::tag_id, BookTag::weight)).filter(BookTag::book_id.eq(1)).all(&engine).await?;
    assert_eq!(rows, [(1, 1)]);
    Ok(())
}

#[creole::test]
async fn a_list_is_set_by_what_differs(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let one = get::<Book>(&mut session, 1).await;
    let sql = get::<Tag>(&mut session, 2).await;
    let new = session.add(tag("new"));
    session.set_many(one, Book::tags, [sql, new]).await?;
    assert_eq!(session.many(one, Book::tags)?, [sql, new]);
    session.commit().await?;
    let rows = select((BookTag::tag_id, BookTag::weight)).filter(BookTag::book_id.eq(1)).order_by(BookTag::tag_id);
    assert_eq!(rows.clone().all(&engine).await?, [(2, 1), (session[new].id, 7)]);
    session.set_many(one, Book::tags, Vec::new()).await?;
    session.rollback().await?;
    assert_eq!(session.many(one, Book::tags)?, [sql, new]);
    session.set_many(one, Book::tags, Vec::new()).await?;
    session.commit().await?;
    assert_eq!(rows.count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn a_row_between_is_an_entity_like_others(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let one = get::<Book>(&mut session, 1).await;
    session.load(one, Book::tags).await?;
    let between = get::<BookTag>(&mut session, (1, 1)).await;
    session[between].weight = 9;
    session.commit().await?;
    assert_eq!(BookTag::find((1, 1), &engine).await?.unwrap().weight, 9);
    // Deleting it takes the tag out.
    let tags = session.many(one, Book::tags)?;
    session.delete(between);
    assert_eq!(session.many(one, Book::tags)?, tags[1..]);
    session.commit().await?;
    assert_eq!(BookTag::select().count(&engine).await?, 2);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "people", default, many_to_many(friends: Person = Friendship::a -> Friendship::b))]
struct Person {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "friendships")]
struct Friendship {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Person::id)]
    a: i64,
    #[model(references = Person::id)]
    b: i64,
    since: Option<i32>,
    #[model(length = 10)]
    word: String,
}

#[creole::test]
async fn a_row_that_cannot_be_made_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Person, Friendship]).await?;
    let mut session = engine.session();
    let [a, b] = [session.add(Person::default()), session.add(Person::default())];
    let error = session.link(a, Person::friends, b).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.columns().collect::<Vec<_>>(), ["word"]);
    assert!(error.to_string().contains("Person::friends"), "{error}");
    session.commit().await?;
    session.add_to(a, Person::friends, Person::default());
    let error = session.commit().await.unwrap_err();
    assert!(error.to_string().contains("word"), "{error}");
    session.rollback().await?;
    // A row of one's own shows in the relation.
    let (from, to) = (session[a].id, session[b].id);
    session.add(Friendship { id: 0, a: from, b: to, since: None, word: "hi".into() });
    assert_eq!(session.many(a, Person::friends)?, [b]);
    session.commit().await?;
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "parties", default, many_to_many(guests: Person = Invitation::party_id -> Invitation::person_id))]
struct Party {
    #[model(primary_key, auto)]
    id: i64,
}

/// It has no defaults, and what is creole's own affair begins as it does elsewhere.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "invitations")]
struct Invitation {
    #[model(primary_key, references = Party::id)]
    party_id: i64,
    #[model(primary_key, references = Person::id)]
    person_id: i64,
    #[model(version)]
    version: i32,
    #[model(soft_delete)]
    is_withdrawn: bool,
}

#[creole::test]
async fn a_row_between_has_a_version_and_a_mark(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Person, Party, Invitation]).await?;
    let mut session = engine.session();
    let party = session.add(Party::default());
    let [one, two] = [(); 2].map(|()| session.add(Person::default()));
    session.link(party, Party::guests, one)?;
    session.link(party, Party::guests, two)?;
    session.commit().await?;
    session.unlink(party, Party::guests, one)?;
    session.commit().await?;
    let rows = select((Invitation::version, Invitation::is_withdrawn)).with_deleted();
    assert_eq!(rows.order_by(Invitation::person_id).all(&engine).await?, [(1, true), (0, false)]);
    assert_eq!(session.many(party, Party::guests)?, [two]);
    Ok(())
}
