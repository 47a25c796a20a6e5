//! Hooks of models: before they are written, and after they were read.

use creole::prelude::*;
use creole::{Error, Result};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "pages", default, has_many(notes = Note::page_id), hooks(before_save, before_delete, after_load))]
struct Page {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 40)]
    title: String,
    /// Made of the title.
    #[model(length = 40)]
    slug: String,
    /// Which hooks have run for a write.
    #[model(length = 80)]
    trail: String,
    locked: bool,
    #[model(version)]
    version: i32,
    #[model(skip)]
    loads: u32,
    #[model(skip)]
    letters: usize,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "notes", hooks(after_load))]
struct Note {
    #[model(primary_key)]
    id: i64,
    #[model(references = Page::id, belongs_to = page, on_delete = cascade)]
    page_id: i64,
    #[model(length = 40)]
    text: String,
    #[model(skip)]
    is_loaded: bool,
}

impl BeforeSave for Page {
    fn before_save(&mut self, save: Save) -> Result<()> {
        if self.title.is_empty() {
            return Err(Error::new(ErrorKind::InvalidValue, "a page has a title"));
        }
        self.slug = self.title.to_lowercase().replace(' ', "-");
        self.trail.push(if save == Save::Insert { 'i' } else { 'u' });
        Ok(())
    }
}

impl BeforeDelete for Page {
    fn before_delete(&self) -> Result<()> {
        if self.locked { Err(Error::new(ErrorKind::Other, "the page is locked").with_table("shelf")) } else { Ok(()) }
    }
}

impl AfterLoad for Page {
    fn after_load(&mut self) -> Result<()> {
        if self.title == "unreadable" {
            return Err(Error::new(ErrorKind::Decode, "nobody can read this"));
        }
        (self.loads, self.letters) = (self.loads + 1, self.title.len());
        Ok(())
    }
}

impl AfterLoad for Note {
    fn after_load(&mut self) -> Result<()> {
        self.is_loaded = true;
        Ok(())
    }
}

fn page(title: &str) -> Page {
    Page { title: title.into(), ..Default::default() }
}

fn note(id: i64, page_id: i64) -> Note {
    Note { id, page_id, text: String::new(), is_loaded: false }
}

async fn session(engine: &Engine) -> Result<creole::Session> {
    engine.create_all(tables![Page, Note]).await?;
    Ok(engine.session())
}

#[creole::test]
async fn before_save_puts_columns_in_order(engine: Engine) -> Result<()> {
    let mut session = session(&engine).await?;
    let pages = ["First Page", "Second Page"].map(|title| session.add(page(title)));
    session.flush().await?;
    assert_eq!((&*session[pages[0]].slug, &*session[pages[0]].trail), ("first-page", "i"));
    session.flush().await?;
    session.commit().await?;
    assert_eq!(session[pages[0]].trail, "i", "nothing to write, nothing to ask");
    pages.iter().for_each(|&page| session[page].title.push('!'));
    let read = Page::select().filter(Page::slug.eq("first-page!")).one(&mut session).await?;
    assert_eq!((&*read.trail, read.version, read.loads), ("iu", 1, 1));
    session.commit().await?;
    let slugs = select(Page::slug).order_by(Page::id.asc()).all(&engine).await?;
    assert_eq!(slugs, ["first-page!", "second-page!"]);
    // What it sets back is no update.
    session.get::<Page>(read.id).await?;
    session[pages[0]].slug = "other".into();
    session.commit().await?;
    let read = Page::find(read.id, &engine).await?.expect("there");
    assert_eq!((&*read.slug, &*read.trail), ("first-page!", "iuu"), "the trail is a change");
    Ok(())
}

#[creole::test]
async fn what_before_save_changed_goes_back(engine: Engine) -> Result<()> {
    let mut session = session(&engine).await?;
    let first = session.add(page("First"));
    session.commit().await?;
    session.get::<Page>(session[first].id).await?;
    session[first].title = "Other".into();
    session.flush().await?;
    assert_eq!((&*session[first].slug, &*session[first].trail), ("other", "iu"));
    let outcome: Result<()> = session
        .savepoint(async |session| {
            session[first].title = "Third".into();
            session.flush().await?;
            assert_eq!((&*session[first].slug, &*session[first].trail), ("third", "iuu"));
            Err(Error::new(ErrorKind::Other, "undo"))
        })
        .await;
    outcome.unwrap_err();
    assert_eq!((&*session[first].slug, &*session[first].trail), ("other", "iu"));
    session.rollback().await?;
    assert_eq!((&*session[first].title, &*session[first].slug, &*session[first].trail), ("First", "first", "i"));
    session[first].title = "Again".into();
    session.commit().await?;
    let read = Page::select().one(&engine).await?;
    assert_eq!((&*read.slug, &*read.trail, read.version), ("again", "iu", 1));
    Ok(())
}

#[creole::test]
async fn a_refusal_sends_nothing_and_the_session_goes_on(engine: Engine) -> Result<()> {
    let mut session = session(&engine).await?;
    let first = session.add(page("First"));
    let second = session.add(page(""));
    for _ in 0..2 {
        let error = session.flush().await.unwrap_err();
        assert_eq!((error.kind(), error.table()), (ErrorKind::InvalidValue, Some("pages")), "{error}");
        assert_eq!(error.to_string(), "a page has a title (table pages)");
        assert_eq!(error.entity(), Some(second));
        let error = Page::select().count(&mut session).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "what flushes first is refused alike: {error}");
    }
    assert_eq!(session[first].id, 0, "not even the others are written");
    session[second].title = "Second".into();
    session.commit().await?;
    assert_eq!(Page::select().count(&engine).await?, 2);
    session.get::<Page>(session[first].id).await?;
    session[first].title.clear();
    assert!(session.commit().await.is_err());
    session.rollback().await?;
    assert_eq!(session[first].title, "First");
    let outcome = engine
        .transaction(async |session| {
            session.add(page(""));
            Ok(())
        })
        .await;
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::InvalidValue);
    assert_eq!(Page::select().count(&engine).await?, 2);
    Ok(())
}

#[creole::test]
async fn before_delete_refuses(engine: Engine) -> Result<()> {
    let mut session = session(&engine).await?;
    let locked = session.add(Page { locked: true, ..page("Locked") });
    let free = session.add(page("Free"));
    session.commit().await?;
    session.delete(locked);
    session.delete(free);
    let error = session.commit().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.table()),
        (ErrorKind::Other, Some("shelf")),
        "a table that it names is kept: {error}"
    );
    assert_eq!(error.entity(), Some(locked));
    session.rollback().await?;
    assert_eq!((&*session[locked].title, &*session[free].title), ("Locked", "Free"));
    session.delete(free);
    session.commit().await?;
    // Added and deleted again is nothing, and asks nobody.
    let fleeting = session.add(Page { locked: true, ..page("") });
    session.delete(fleeting);
    session.commit().await?;
    // Rows by a condition, and rows at hand, are no matter of the session's.
    assert_eq!(delete_all(&Page::select().all(&engine).await?).exec(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn statements_run_no_hooks_of_writing(engine: Engine) -> Result<()> {
    let mut session = session(&engine).await?;
    insert(&page("")).exec(&engine).await?;
    insert_all(&[page("a"), page("b")]).exec(&mut session).await?;
    session.commit().await?;
    let rows = Page::select().all(&engine).await?;
    update_all(&rows).exec(&engine).await?;
    update::<Page>().set(Page::title, "").all_rows().exec(&engine).await?;
    session.upsert(Page { id: 1, ..page("") }).await?;
    session.commit().await?;
    assert_eq!(Page::select().filter(Page::trail.eq("").and(Page::slug.eq(""))).count(&engine).await?, 3);
    delete::<Page>().filter(Page::id.eq(3)).exec(&engine).await?;
    Ok(())
}

#[creole::test]
async fn after_load_runs_once_wherever_a_model_is_read(engine: Engine) -> Result<()> {
    let mut session = session(&engine).await?;
    let once = |page: &Page| assert_eq!((page.loads, page.letters), (1, page.title.len()), "{page:?}");
    let inserted = insert(&page("First")).returning().one(&engine).await?;
    once(&inserted);
    let upserted = insert(&inserted).on_conflict(Page::id).update_all().upserted(&engine).await?;
    once(&upserted.row);
    update::<Page>().set(Page::title, "Other").all_rows().returning().all(&engine).await?.iter().for_each(once);
    let id = inserted.id;
    insert_all(&[note(1, id), note(2, id)]).exec(&engine).await?;
    once(&Page::find(id, &engine).await?.expect("there"));
    Page::select().all(&engine).await?.iter().for_each(once);
    once(&Page::select().first(&engine).await?.expect("there"));
    let mut stream = Page::select().stream(&engine);
    while let Some(page) = stream.next().await {
        once(&page?);
    }
    drop(stream);
    select((Page::id, Page::ALL)).all(&engine).await?.iter().for_each(|(_, page)| once(page));
    let joined = select((Note::ALL, Page::ALL.optional())).left_join(Note::page).all(&engine).await?;
    assert!(joined.iter().all(|(note, page)| note.is_loaded && page.as_ref().is_some_and(|page| page.loads == 1)));
    let loaded = Page::select().with(Page::notes).all(&engine).await?;
    assert!(loaded.iter().all(|(page, notes)| page.loads == 1 && notes.len() == 2 && notes[0].is_loaded));
    let of_text = sql!("SELECT * FROM pages").models::<Page>().all(&engine).await?;
    of_text.iter().for_each(once);
    let tracked = session.get::<Page>(id).await?.expect("there");
    once(&session[tracked]);
    session.refresh(tracked).await?;
    once(&session[tracked]);
    session.commit().await?;
    update::<Page>().set(Page::title, "Longer than it was").all_rows().exec(&engine).await?;
    session.get::<Page>(id).await?;
    assert_eq!((session[tracked].loads, session[tracked].letters), (1, 18), "an entity is loaded anew");
    session[tracked].title.push('!');
    session.commit().await?;
    once(&Page::find(id, &engine).await?.expect("there"));
    Ok(())
}

#[creole::test]
async fn after_load_may_refuse_a_row(engine: Engine) -> Result<()> {
    let mut session = session(&engine).await?;
    insert_all(&[page("fine"), page("unreadable")]).exec(&engine).await?;
    let error = Page::select().all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Decode, Some("pages")), "{error}");
    assert_eq!(Page::select().track(&mut session).await.unwrap_err().kind(), ErrorKind::Decode);
    session.rollback().await?;
    assert_eq!(Page::select().filter(Page::title.eq("fine")).track(&mut session).await?.len(), 1);
    assert_eq!(select(Page::title).filter(Page::title.ne("fine")).all(&engine).await?, ["unreadable"]);
    Ok(())
}
