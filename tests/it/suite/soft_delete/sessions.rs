//! A session and rows that are marked as deleted.

use creole::model::{BeforeDelete, BeforeSave, Save};
use creole::prelude::*;

use super::{Author, Book, author, library, plain};

#[creole::test]
async fn a_flush_marks_and_a_purge_removes(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [ada, bob, dan] = Author::select().order_by(Author::id).track(&mut session).await?[..] else { panic!("three") };
    session[bob].name = "Robert".into();
    session.delete(bob);
    session.purge(dan);
    assert_eq!(session.try_get(bob).unwrap_err().kind(), ErrorKind::Detached);
    assert_eq!(session.get::<Author>(2).await?, None, "and is written first");
    assert_eq!(session.get::<Author>(4).await?, None);
    assert_eq!(Author::select().track(&mut session).await?, [ada]);
    session.commit().await?;
    let rows = Author::select().with_deleted().order_by(Author::id).all(&engine).await?;
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!((rows[1].name.as_str(), rows[1].deleted_at.is_some()), ("Robert", true));

    // Many at once, by one statement, and what is new beside them.
    let mut session = engine.session();
    let books = Book::select().track(&mut session).await?;
    for &book in &books {
        session.delete(book);
    }
    session.add(Book { id: 20, author_id: 1, editor_id: None, title: "new".into(), deleted: false });
    session.commit().await?;
    assert_eq!(select(Book::id).all(&engine).await?, [20]);
    assert_eq!(plain::Book::select().count(&engine).await?, 9);
    // One that was added and deleted was never there.
    let mut session = engine.session();
    let never = session.add(author(30, "Never", None));
    session.delete(never);
    session.commit().await?;
    assert_eq!(plain::Author::find(30, &engine).await?, None);
    Ok(())
}

#[creole::test]
async fn a_rollback_brings_back_what_was_marked(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let ada = session.get::<Author>(1).await?.expect("she is there");
    let bob = session.get::<Author>(2).await?.expect("he is there");
    session.delete(ada);
    session.flush().await?;
    let inner: creole::Result<()> = session
        .savepoint(async |session| {
            session.delete(bob);
            session.flush().await?;
            Err(creole::Error::new(ErrorKind::Other, "enough"))
        })
        .await;
    assert!(inner.is_err());
    assert_eq!(session[bob].deleted_at, None);
    assert!(session.try_get(ada).is_err());
    session.rollback().await?;
    assert_eq!(session[ada].deleted_at, None);
    assert_eq!(Author::select().count(&engine).await?, 3);
    // Deleted and undone before it was written.
    session.delete(ada);
    session.rollback().await?;
    session.commit().await?;
    assert_eq!(session[ada].name, "Ada");
    assert_eq!(Author::select().count(&engine).await?, 3);
    Ok(())
}

#[creole::test]
async fn what_is_read_as_deleted_is_an_entity_too(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [cleo] = Author::select().only_deleted().track(&mut session).await?[..] else { panic!("one") };
    assert_eq!(session.get::<Author>(3).await?, None, "which `get` does not find");
    session.expire(cleo);
    assert_eq!(session.get::<Author>(3).await?, None);
    session.refresh(cleo).await?;
    session[cleo].name = "Cleopatra".into();
    session.flush().await?;
    session.delete(cleo); // Again, which changes nothing.
    session.commit().await?;
    let [cleo] = Author::select().only_deleted().track(&mut session).await?[..] else { panic!("one") };
    assert_eq!(session[cleo].name, "Cleopatra");

    // It comes back, beside another that changes in the same columns.
    let ada = session.get::<Author>(1).await?.expect("she is there");
    session[cleo].deleted_at = None;
    session[cleo].name = "Cleo".into();
    session[ada].name = "Lady Ada".into();
    assert_eq!(session.get::<Author>(3).await?, Some(cleo), "as it would be read after the flush");
    session.commit().await?;
    assert_eq!(select(Author::name).order_by(Author::id).all(&engine).await?, ["Lady Ada", "Bob", "Cleo", "Dan"]);
    // And goes again.
    session.delete(cleo);
    session.commit().await?;
    assert_eq!(Author::find(3, &engine).await?, None);
    Ok(())
}

/// Each way to ask for an entity leaves out what is marked, and each way to read one again knows it.
#[creole::test]
async fn every_verb_knows_of_marks(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let [cleo] = Author::select().only_deleted().track(&mut session).await?[..] else { panic!("one") };
    let found = |many: Vec<Option<_>>| many.iter().map(Option::is_some).collect::<Vec<_>>();
    assert_eq!(found(session.get_many::<Author>([1, 3]).await?), [true, false]);
    assert_eq!(session.get_for_update::<Author>(3).await?, None);
    session.refresh_with_lock(cleo).await?;
    session.expire(cleo);
    assert_eq!(found(session.get_many::<Author>([1, 3, 4]).await?), [true, false, true]);
    assert_eq!(session.get_for_update::<Author>(3).await?, None);
    session.refresh(cleo).await?;
    assert_eq!(session[cleo].name, "Cleo");

    let bob = session.get_one::<Author>(2).await?;
    session[bob].name = "Robert".into();
    session.delete(bob);
    assert_eq!(session.deleted::<Author>(), [bob]);
    assert_eq!((session.dirty::<Author>(), session.pending::<Author>()), (vec![], vec![]));
    assert_eq!(found(session.get_many::<Author>([2, 4]).await?), [false, true]);
    assert_eq!(session.deleted::<Author>(), []);
    assert!(session.trim() > 0);
    session.commit().await?;

    // What a statement returns of rows that it marks is no entity.
    let gone = delete::<Author>().filter(Author::id.eq(4)).returning().track(&mut session).await;
    assert_eq!(gone.unwrap_err().kind(), ErrorKind::Unsupported);
    session.rollback().await?;
    // A copy of a row that is marked makes it live again, unless it is marked itself.
    session.merge(author(2, "Bob", None)).await?;
    session.commit().await?;
    assert_eq!(Author::find(2, &engine).await?.map(|author| author.name).as_deref(), Some("Bob"));
    let dan = session.merge(Author { deleted_at: Some(creole::now()), ..author(4, "Dan", None) }).await?;
    session.commit().await?;
    assert_eq!(session.get::<Author>(4).await?, None, "its row is marked by hand");
    assert_eq!(session[dan].name, "Dan");
    Ok(())
}

#[creole::test]
async fn entities_of_both_kinds_change_in_the_same_columns(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    delete::<Author>().filter(Author::id.eq(4)).exec(&engine).await?;
    let mut session = engine.session();
    let all = Author::select().with_deleted().track(&mut session).await?;
    for &one in &all {
        session[one].name = "same".into();
    }
    session.commit().await?;
    assert_eq!(select(plain::Author::name).all(&engine).await?, ["same"; 4]);
    Ok(())
}

/// A row that others have marked is gone for who read it before.
#[creole::test]
async fn what_others_have_marked_is_gone(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let bob = session.get::<Author>(2).await?.expect("he is there");
    session.commit().await?;
    delete::<Author>().filter(Author::id.eq(2)).exec(&engine).await?;
    session[bob].name = "Robert".into();
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    session.rollback().await?;
    assert_eq!(session.refresh(bob).await.unwrap_err().kind(), ErrorKind::NotFound);
    session.rollback().await?;

    // Among several that are written together.
    let all = Author::select().order_by(Author::id).track(&mut session).await?;
    session.commit().await?;
    delete::<Author>().filter(Author::id.eq(4)).exec(&engine).await?;
    for &one in &all {
        session[one].name = "same".into();
    }
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::StaleVersion, Some(all[1])));
    session.rollback().await?;
    update::<Author>().set(Author::deleted_at, None).only_deleted().filter(Author::id.eq(4)).exec(&engine).await?;

    // By a statement of the session itself.
    let dan = session.get::<Author>(4).await?.expect("he is there");
    delete::<Author>().filter(Author::id.eq(4)).exec(&mut session).await?;
    session[dan].name = "Daniel".into();
    assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    session.rollback().await?;
    let dan = session.get::<Author>(4).await?.expect("he is back");
    delete::<Author>().filter(Author::id.eq(4)).exec(&mut session).await?;
    assert_eq!(session.get::<Author>(4).await?, None);
    assert!(session.try_get(dan).is_err());
    Ok(())
}

#[creole::test]
async fn what_foreign_keys_would_do_is_not_done(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "shelves")]
    struct Shelf {
        #[model(primary_key)]
        id: i64,
        #[model(soft_delete)]
        deleted_at: Option<DateTime<Utc>>,
    }

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "boxes")]
    struct Carton {
        #[model(primary_key)]
        id: i64,
        #[model(references = Shelf::id, on_delete = cascade)]
        shelf_id: i64,
    }

    engine.create_all(tables![Shelf, Carton]).await?;
    let mut session = engine.session();
    let shelves = [1, 2].map(|id| session.add(Shelf { id, deleted_at: None }));
    let cartons = [1, 2].map(|id| session.add(Carton { id, shelf_id: id }));
    session.flush().await?;
    session.delete(shelves[0]);
    session.purge(shelves[1]);
    session.flush().await?;
    assert_eq!(session.get::<Carton>(1).await?, Some(cartons[0]), "it stays where its shelf is only marked");
    assert_eq!(session.get::<Carton>(2).await?, None);
    // Deleting it is no surprise, and finding none is one.
    session.delete(cartons[0]);
    session.commit().await?;
    assert_eq!(Carton::select().count(&engine).await?, 0);
    assert_eq!(Shelf::select().with_deleted().count(&engine).await?, 1);
    Ok(())
}

/// A row that counts its updates is marked as it was read, or not at all.
#[creole::test]
async fn a_mark_counts_the_version_of_its_row_up(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "pages")]
    struct Page {
        #[model(primary_key)]
        id: i64,
        #[model(version)]
        version: i32,
        #[model(soft_delete)]
        deleted_at: Option<DateTime<Utc>>,
    }

    engine.create_all(tables![Page]).await?;
    let pages = [1, 2, 3, 4].map(|id| Page { id, version: 1, deleted_at: None });
    insert_all(&pages).exec(&engine).await?;
    assert_eq!(delete::<Page>().filter(Page::id.eq(1)).exec(&engine).await?, 1);
    assert_eq!(delete_all(&pages[1..2]).exec(&engine).await?, 1);
    let versions = select((Page::id, Page::version)).only_deleted().order_by(Page::id);
    assert_eq!(versions.all(&engine).await?, [(1, 2), (2, 2)]);
    let error = delete_all(&pages[1..3]).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::StaleVersion, Some(0)), "it is deleted already");
    assert_eq!(update_all(&pages[1..2]).exec(&engine).await.unwrap_err().kind(), ErrorKind::StaleVersion);

    let mut session = engine.session();
    let tracked = Page::select().order_by(Page::id).track(&mut session).await?;
    tracked.iter().for_each(|&page| session.delete(page));
    session.flush().await?;
    assert_eq!(select(Page::version).only_deleted().all(&mut session).await?, [2; 4]);
    session.rollback().await?;
    assert_eq!(session[tracked[0]].version, 1);
    session.commit().await?;
    // One of them was changed meanwhile.
    update::<Page>().set(Page::deleted_at, None).filter(Page::id.eq(3)).exec(&engine).await?;
    session.delete(tracked[0]);
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    session.rollback().await?;
    let third = session.get_one::<Page>(3).await?;
    session.purge(third);
    session.commit().await?;
    assert_eq!(Page::select().with_deleted().count(&engine).await?, 3);
    let stale = Page { version: 7, ..pages[3].clone() };
    assert_eq!(purge_all(&[stale]).exec(&engine).await.unwrap_err().kind(), ErrorKind::StaleVersion);
    assert_eq!(purge_all(&pages[3..]).exec(&engine).await?, 1);
    Ok(())
}

/// A model that refuses to be saved, and to be deleted where it says so.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "letters", hooks(before_save, before_delete))]
struct Letter {
    #[model(primary_key)]
    id: i64,
    kept: bool,
    #[model(soft_delete)]
    deleted: bool,
}

impl BeforeSave for Letter {
    fn before_save(&mut self, save: Save) -> creole::Result<()> {
        match save {
            Save::Insert => Ok(()),
            _ => Err(creole::Error::new(ErrorKind::InvalidValue, "a letter is not written again")),
        }
    }
}

impl BeforeDelete for Letter {
    fn before_delete(&self) -> creole::Result<()> {
        match self.kept {
            true => Err(creole::Error::new(ErrorKind::InvalidValue, "a letter is kept")),
            false => Ok(()),
        }
    }
}

#[creole::test]
async fn a_mark_asks_what_a_delete_asks(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Letter]).await?;
    let mut session = engine.session();
    let letters = [1, 2].map(|id| session.add(Letter { id, kept: id == 2, deleted: false }));
    session.commit().await?;
    session.delete(letters[0]);
    session.commit().await?;
    session.delete(letters[1]);
    let error = session.commit().await.unwrap_err();
    assert!(error.to_string().contains("a letter is kept"), "{error}");
    session.rollback().await?;
    assert_eq!(select(Letter::id).all(&engine).await?, [2]);
    Ok(())
}

#[creole::test]
async fn a_copy_of_a_deleted_row_makes_it_live_again(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Author]).await?;
    let author = |name: &str| Author { id: 1, name: name.into(), ..Default::default() };
    insert(&author("Ada")).exec(&engine).await?;
    for step in 0..3 {
        // Marked by somebody else, read as marked, or marked by this session.
        let mut session = engine.session();
        if step == 2 {
            let known = session.get_one::<Author>(1).await?;
            session.delete(known);
            session.flush().await?;
        } else {
            delete::<Author>().all_rows().exec(&engine).await?;
        }
        if step == 1 {
            Author::select().only_deleted().track(&mut session).await?;
        }
        let error = session.merge_columns(Author::name, author("nobody")).await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
        let merged = match step {
            0 => session.get_or(1, || author("made")).await?,
            _ => session.merge(author("merged")).await?,
        };
        assert_eq!(session.get_one::<Author>(1).await?, merged);
        session.commit().await?;
        let stored = Author::find(1, &engine).await?.map(|author| author.name);
        assert_eq!(stored.as_deref(), Some(if step == 0 { "made" } else { "merged" }));
    }
    Ok(())
}
