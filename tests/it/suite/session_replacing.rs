//! What is deleted and added again with its key, in one flush, is a row that changes.

use creole::Result;
use creole::prelude::*;

use crate::lab::Lab;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "pages", default, hooks(before_save, before_delete), has_many(links = Link::page_id))]
struct Page {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, length = 40)]
    slug: String,
    #[model(length = 40)]
    title: String,
    views: i32,
    #[model(version)]
    version: i32,
    #[model(created, default = long_ago())]
    created_at: DateTime<Utc>,
    #[model(default = long_ago(), on_update = creole::now())]
    changed_at: DateTime<Utc>,
    #[model(skip)]
    saved: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "links")]
struct Link {
    #[model(primary_key)]
    id: i64,
    #[model(references = Page::id, belongs_to = page)]
    page_id: i64,
}

fn long_ago() -> DateTime<Utc> {
    DateTime::from_timestamp(1_000_000_000, 0).expect("a time")
}

impl BeforeSave for Page {
    fn before_save(&mut self, save: Save) -> Result<()> {
        self.saved = format!("{save:?}");
        Ok(())
    }
}

impl BeforeDelete for Page {
    fn before_delete(&self) -> Result<()> {
        if self.title == "locked" { Err(creole::Error::new(ErrorKind::Other, "locked")) } else { Ok(()) }
    }
}

fn page(id: i64, slug: &str, title: &str) -> Page {
    Page { id, slug: slug.into(), title: title.into(), ..Default::default() }
}

/// Pages 1 to 4, which were changed once, with a link each.
async fn pages(engine: &Engine) -> Result<Vec<Page>> {
    engine.create_all(tables![Page, Link]).await?;
    let rows: Vec<Page> = (1..=4).map(|id| page(id, &format!("s{id}"), "old")).collect();
    insert_all(&rows).exec(engine).await?;
    update::<Page>().set(Page::views, 7).set(Page::changed_at, long_ago()).all_rows().exec(engine).await?;
    insert_all(&[1, 2, 3, 4].map(|id| Link { id, page_id: id })).exec(engine).await?;
    Page::select().order_by(Page::id).all(engine).await
}

fn is_detached<M: Model>(session: &Session, handle: Tracked<M>) -> bool {
    session.try_get(handle).is_err_and(|error| error.kind() == ErrorKind::Detached)
}

#[creole::test]
async fn rows_that_are_replaced_are_one_update(engine: Engine) -> Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    pages(&engine).await?;
    let mut session = engine.session();
    let old = Page::select().order_by(Page::id).track(&mut session).await?;
    let new: Vec<Tracked<Page>> = (0..3)
        .map(|row| {
            session.delete(old[row]);
            // Two of them exchange what is unique, too.
            let slug = ["s2", "s1", "s9"][row];
            session.add(page(row as i64 + 1, slug, "new"))
        })
        .collect();
    assert_eq!((session.pending::<Page>(), session.deleted::<Page>()), (new.clone(), old[..3].to_vec()));
    sent.texts();
    session.flush().await?;
    let verbs = sent.verbs();
    assert!(verbs.iter().all(|verb| verb == "UPDATE"), "{verbs:?}");
    for (row, &handle) in new.iter().enumerate() {
        assert!(is_detached(&session, old[row]));
        assert_eq!(session.get::<Page>(row as i64 + 1).await?, Some(handle));
        assert_eq!((session[handle].version, session[handle].views, session[handle].saved.as_str()), (2, 0, "Insert"));
    }
    let memory: Vec<Page> = new.iter().map(|&handle| session[handle].clone()).collect();
    session[new[0]].views = 3;
    session.commit().await?;
    let mut rows = Page::select().order_by(Page::id).all(&engine).await?;
    assert_eq!((rows[0].version, rows[0].views), (3, 3));
    rows[0] = Page { saved: String::new(), ..memory[0].clone() };
    assert_eq!(rows[..3], memory.iter().map(|page| Page { saved: String::new(), ..page.clone() }).collect::<Vec<_>>());
    // What refers to a row that goes on goes on, too.
    assert_eq!(Link::select().count(&engine).await?, 4);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn one_statement_writes_what_changes_alike(engine: Engine) -> Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    pages(&engine).await?;
    let mut session = engine.session();
    let old = Page::select().order_by(Page::id).track(&mut session).await?;
    for &handle in &old[..3] {
        let copy = Page { title: "new".into(), created_at: creole::now(), ..session[handle].clone() };
        session.delete(handle);
        session.add(copy);
    }
    // A row that changes, in other columns.
    session[old[3]].title = "changed".into();
    sent.texts();
    session.commit().await?;
    assert_eq!(sent.verbs(), ["UPDATE", "UPDATE"]);
    let rows = Page::select().order_by(Page::id).all(&engine).await?;
    assert!(rows[..3].iter().all(|row| row.created_at > long_ago() && row.changed_at == long_ago()), "{rows:#?}");
    assert!(rows[3].created_at == long_ago() && rows[3].changed_at > long_ago());

    // To add what was there before is nothing.
    let mut session = engine.session();
    for handle in Page::select().track(&mut session).await? {
        let copy = session[handle].clone();
        session.delete(handle);
        session.add(copy);
    }
    sent.texts();
    session.commit().await?;
    assert_eq!(sent.verbs(), [""; 0]);
    let live: Vec<i64> =
        session.get_many::<Page>([1, 2, 3, 4]).await?.into_iter().map(|page| session[page.unwrap()].id).collect();
    assert_eq!(live, [1, 2, 3, 4]);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn a_change_of_created_is_refused_beside_a_row_that_is_replaced(engine: Engine) -> Result<()> {
    pages(&engine).await?;
    let mut session = engine.session();
    let old = Page::select().order_by(Page::id).track(&mut session).await?;
    let copy = Page { created_at: creole::now(), ..session[old[0]].clone() };
    session.delete(old[0]);
    session.add(copy);
    session[old[1]].created_at = creole::now();
    session[old[1]].changed_at = creole::now();
    assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::Syntax);
    Ok(())
}

#[creole::test]
async fn what_refers_to_a_row_that_is_replaced_stays(engine: Engine) -> Result<()> {
    pages(&engine).await?;
    let mut session = engine.session();
    let old = session.get_one::<Page>(1).await?;
    session.load(old, Page::links).await?;
    let link = session.get_one::<Link>(1).await?;
    session.delete(old);
    let new = session.add(page(1, "s1", "new"));
    let own = session.add_to(new, Page::links, Link { id: 9, page_id: 0 });
    session.commit().await?;
    assert_eq!((session[link].page_id, session[own].page_id), (1, 1));
    assert_eq!(session.many(new, Page::links).unwrap_err().kind(), ErrorKind::NotLoaded);
    session.load(new, Page::links).await?;
    assert_eq!(session.many(new, Page::links)?, [link, own]);
    assert_eq!(session.one(link, Link::page)?, new);
    assert_eq!(Link::select().count(&engine).await?, 5);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "orders", has_many(lines = Line::order_id), has_many(gifts = Gift::order_id, owned))]
struct Order {
    #[model(primary_key)]
    id: i64,
    total: i64,
    #[model(version)]
    version: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "lines")]
struct Line {
    #[model(primary_key)]
    id: i64,
    #[model(references = Order::id, on_delete = cascade)]
    order_id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "gifts")]
struct Gift {
    #[model(primary_key)]
    id: i64,
    #[model(references = Order::id)]
    order_id: i64,
}

#[creole::test]
async fn what_would_go_along_goes(engine: Engine) -> Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![Order, Line, Gift]).await?;
    insert(&Order { id: 1, total: 7, version: 5 }).exec(&engine).await?;
    insert_all(&[1, 2].map(|id| Line { id, order_id: 1 })).exec(&engine).await?;
    insert(&Gift { id: 1, order_id: 1 }).exec(&engine).await?;
    let mut session = engine.session();
    let old = session.get_one::<Order>(1).await?;
    session.load(old, Order::gifts).await?;
    let (line, gift) = (session.get_one::<Line>(1).await?, session.get_one::<Gift>(1).await?);
    session.delete(old);
    let new = session.add(Order { id: 1, total: 8, version: 0 });
    session.add_to(new, Order::lines, Line { id: 3, order_id: 0 });
    sent.texts();
    session.commit().await?;
    assert_eq!(sent.verbs().iter().filter(|verb| *verb == "UPDATE").count(), 0);
    assert!(is_detached(&session, line) && is_detached(&session, gift));
    assert_eq!(Order::select().all(&engine).await?, [Order { id: 1, total: 8, version: 0 }]);
    assert_eq!(Line::select().all(&engine).await?, [Line { id: 3, order_id: 1 }]);
    assert_eq!(Gift::select().count(&engine).await?, 0);
    engine.close().await;
    Ok(())
}

#[creole::test]
async fn a_rollback_brings_back_what_was_replaced(engine: Engine) -> Result<()> {
    let rows = pages(&engine).await?;
    let mut session = engine.session();
    let old = session.get_one::<Page>(1).await?;
    let undone: Result<()> = session
        .savepoint(async |session| {
            session.delete(old);
            let new = session.add(page(1, "s7", "new"));
            session.flush().await?;
            assert_eq!(session.get::<Page>(1).await?, Some(new));
            Err(creole::Error::new(ErrorKind::Other, "on purpose"))
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(session.get::<Page>(1).await?, Some(old));
    assert_eq!(session[old], rows[0]);

    session[old].title = "changed before".into();
    session.delete(old);
    let new = session.add(page(1, "s7", "new"));
    session.flush().await?;
    session.rollback().await?;
    assert!(is_detached(&session, new));
    assert_eq!(session.get::<Page>(1).await?, Some(old));
    assert_eq!(session[old], rows[0]);

    // A hook of either refuses, before anything has changed.
    session[old].title = "locked".into();
    session.delete(old);
    let new = session.add(page(1, "s7", "new"));
    assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::Other);
    assert_eq!((session.pending::<Page>(), session.deleted::<Page>()), (vec![new], vec![old]));
    session.rollback().await?;
    assert_eq!(Page::select().order_by(Page::id).all(&engine).await?, rows);
    Ok(())
}

#[creole::test]
async fn a_row_that_others_have_changed_is_not_replaced_unseen(engine: Engine) -> Result<()> {
    pages(&engine).await?;
    let mut session = engine.session();
    let old = session.get_one::<Page>(1).await?;
    session.commit().await?;
    update::<Page>().set(Page::views, 99).filter(Page::id.eq(1)).exec(&engine).await?;
    session.delete(old);
    let new = session.add(page(1, "s1", "new"));
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.entity(), error.table()), (ErrorKind::StaleVersion, Some(new), Some("pages")));
    session.rollback().await?;

    // A unique value that another row has.
    session.refresh(old).await?;
    session.delete(old);
    let new = session.add(page(1, "s4", "new"));
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.is_unique(Page::slug), error.entity()), (true, Some(new)));
    session.rollback().await?;

    // The row is gone.
    session.refresh(old).await?;
    session.commit().await?;
    delete::<Link>().filter(Link::page_id.eq(1)).exec(&engine).await?;
    delete::<Page>().filter(Page::id.eq(1)).exec(&engine).await?;
    session.delete(old);
    session.add(page(1, "s1", "new"));
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "words")]
struct Word {
    #[model(primary_key, length = 20, case_insensitive)]
    word: String,
    #[model(primary_key)]
    language: i32,
    left: i32,
    right: i32,
    settings: Json<Vec<i32>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "words")]
struct ShortWord {
    #[model(primary_key, length = 20, case_insensitive)]
    word: String,
    #[model(primary_key)]
    language: i32,
    left: i32,
}

fn word(word: &str, left: i32, right: i32) -> Word {
    Word { word: word.into(), language: 1, left, right, settings: Json(vec![left]) }
}

#[creole::test]
async fn a_stale_row_is_replaced_as_a_whole(engine: Engine) -> Result<()> {
    engine.create_all(tables![Word]).await?;
    insert_all(&[word("a", 1, 1), word("b", 1, 1)]).exec(&engine).await?;
    let mut session = engine.session();
    let old = session.get_one::<Word>(("a", 1)).await?;
    session.commit().await?;
    update::<Word>().set(Word::right, 5).all_rows().exec(&engine).await?;
    session.delete(old);
    let new = session.add(word("A", 2, 1));
    let attached = session.attach(word("b", 8, 8))?;
    session.delete(attached);
    let other = session.add(word("b", 8, 3));
    session.commit().await?;
    let rows = Word::select().order_by(Word::word).all(&engine).await?;
    assert_eq!(rows, [word("A", 2, 1), word("b", 8, 3)]);
    assert_eq!(session.get::<Word>(("a", 1)).await?, Some(new));
    assert_eq!(session.get::<Word>(("B", 1)).await?, Some(other));
    assert_eq!(session[new], rows[0]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "marks")]
struct Mark {
    #[model(primary_key)]
    id: i64,
}

#[creole::test]
async fn a_row_that_is_its_key_is_there_afterwards(engine: Engine) -> Result<()> {
    engine.create_all(tables![Mark]).await?;
    insert_all(&[1, 2].map(|id| Mark { id })).exec(&engine).await?;
    let mut session = engine.session();
    let marks = Mark::select().order_by(Mark::id).track(&mut session).await?;
    session.delete(marks[0]);
    let new = session.add(Mark { id: 1 });
    session.commit().await?;
    assert_eq!(session.get::<Mark>(1).await?, Some(new));
    session.commit().await?;
    delete::<Mark>().filter(Mark::id.eq(2)).exec(&engine).await?;
    session.delete(marks[1]);
    session.add(Mark { id: 2 });
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    session.rollback().await?;
    session.delete(new);
    session.add(Mark { id: 1 });
    session.commit().await?;
    assert_eq!(Mark::select().all(&engine).await?, [Mark { id: 1 }]);
    Ok(())
}

#[creole::test]
async fn another_model_of_the_table_takes_no_place(engine: Engine) -> Result<()> {
    engine.create_all(tables![Word]).await?;
    insert_all(&[word("a", 1, 1)]).exec(&engine).await?;
    let mut session = engine.session();
    let short = session.get_one::<ShortWord>(("a", 1)).await?;
    session.delete(short);
    session.add(word("a", 2, 2));
    session.commit().await?;
    assert_eq!(Word::select().all(&engine).await?, [word("a", 2, 2)]);

    // Both are deleted, and one is added.
    let short = session.get_one::<ShortWord>(("a", 1)).await?;
    let long = session.get_one::<Word>(("a", 1)).await?;
    session.delete(short);
    session.delete(long);
    session.add(word("a", 3, 3));
    session.commit().await?;
    assert_eq!(Word::select().all(&engine).await?, [word("a", 3, 3)]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "posts", default, many_to_many(tags: Tag = PostTag::post_id -> PostTag::tag_id))]
struct Post {
    #[model(primary_key, auto)]
    id: i64,
    #[model(unique, length = 20)]
    title: String,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "tags", default)]
struct Tag {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "post_tags", default)]
struct PostTag {
    #[model(primary_key, references = Post::id)]
    post_id: i64,
    #[model(primary_key, references = Tag::id)]
    tag_id: i64,
    #[model(soft_delete)]
    deleted: bool,
}

#[creole::test]
async fn what_is_marked_and_added_again_lives(engine: Engine) -> Result<()> {
    let lab = Lab::of(&engine);
    let (engine, sent) = lab.spied().await?;
    engine.create_all(tables![Post, Tag, PostTag]).await?;
    let mut session = engine.session();
    let posts = session.add_all(["a", "b"].map(|title| Post { title: title.into(), ..Default::default() }));
    let tag = session.add_to(posts[0], Post::tags, Tag::default());
    session.commit().await?;
    let posts = Post::select().order_by(Post::id).track(&mut session).await?;
    let ids: Vec<i64> = posts.iter().map(|&post| session[post].id).collect();
    session.delete(posts[0]);
    session.purge(posts[1]);
    // They exchange their titles.
    let new: Vec<Tracked<Post>> = ids
        .iter()
        .zip(["b", "a"])
        .map(|(&id, title)| session.add(Post { id, title: title.into(), deleted_at: None }))
        .collect();
    session.commit().await?;
    let rows = Post::select().order_by(Post::id).all(&engine).await?;
    assert_eq!(rows.iter().map(|post| post.title.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(session.get::<Post>(ids[0]).await?, Some(new[0]));

    // Linked and unlinked, or the other way round.
    session.load(new[0], Post::tags).await?;
    session.unlink(new[0], Post::tags, tag)?;
    session.link(new[0], Post::tags, tag)?;
    sent.texts();
    session.flush().await?;
    assert_eq!(sent.verbs(), [""; 0]);
    assert_eq!(session.many(new[0], Post::tags)?, [tag]);
    session.link(new[1], Post::tags, tag)?;
    session.load(new[1], Post::tags).await?;
    session.unlink(new[1], Post::tags, tag)?;
    session.commit().await?;
    assert_eq!(PostTag::select().count(&engine).await?, 1);
    assert_eq!(PostTag::select().with_deleted().count(&engine).await?, 2);
    engine.close().await;
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "groups", default, many_to_many(people: Person = Member::group_id -> Member::person_id))]
struct Group {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "people", default)]
struct Person {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "members", default, unique(group_id, person_id))]
struct Member {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Group::id)]
    group_id: i64,
    #[model(references = Person::id)]
    person_id: i64,
    role: i32,
    #[model(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[creole::test]
async fn what_is_unlinked_and_linked_again_stays(engine: Engine) -> Result<()> {
    engine.create_all(tables![Group, Person, Member]).await?;
    let mut session = engine.session();
    let group = session.add(Group::default());
    for _ in 0..3 {
        session.add_to(group, Group::people, Person::default());
    }
    session.commit().await?;
    let mut session = engine.session();
    let group = Group::select().track_one(&mut session).await?;
    session.load(group, Group::people).await?;
    let people: Vec<Tracked<Person>> = session.many(group, Group::people)?;
    let members = Member::select().order_by(Member::id).track(&mut session).await?;
    session[members[0]].role = 5;
    session.unlink(group, Group::people, people[0])?;
    session.link(group, Group::people, people[0])?;
    for person in [0, 1, 0] {
        session.unlink(group, Group::people, people[person])?;
    }
    session.link(group, Group::people, people[0])?;
    let many = session.many(group, Group::people)?;
    assert!(many.len() == 2 && many.contains(&people[0]) && many.contains(&people[2]));
    session.commit().await?;
    assert_eq!(session[members[0]].role, 5);
    let rows = Member::select().with_deleted().order_by(Member::id).all(&engine).await?;
    let found: Vec<(i32, bool)> = rows.iter().map(|row| (row.role, row.deleted_at.is_some())).collect();
    assert_eq!(found, [(5, false), (0, true), (0, false)]);
    session.rollback().await?;
    Ok(())
}
