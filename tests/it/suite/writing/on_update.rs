//! Columns that every UPDATE writes, `#[model(on_update = …)]`.

use std::sync::atomic::{AtomicI64, Ordering};

use creole::prelude::*;

static EDITS: AtomicI64 = AtomicI64::new(1_000);

fn next_edit() -> i64 {
    EDITS.fetch_add(1, Ordering::SeqCst)
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "pages", default)]
struct Page {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 50, default = "page".to_owned())]
    title: String,
    #[model(on_update = next_edit())]
    edit: i64,
    #[model(default = creole::now(), on_update = creole::now())]
    changed_at: DateTime<Utc>,
    #[model(references = Page::id, on_update = Some(1))]
    parent: Option<i64>,
    #[model(references = Page::id, on_delete = cascade, on_update = cascade)]
    origin: Option<i64>,
}

fn long_ago() -> DateTime<Utc> {
    "2001-02-03T04:05:06Z".parse().expect("a time")
}

async fn page(engine: &Engine) -> creole::Result<Page> {
    engine.create_all(tables![Page]).await?;
    insert(&Page { changed_at: long_ago(), ..Page::default() }).returning().one(engine).await
}

#[creole::test]
async fn an_update_writes_them(engine: Engine) -> creole::Result<()> {
    let before = page(&engine).await?;
    assert_eq!((before.edit, before.changed_at, before.parent), (0, long_ago(), None), "an insert does not");
    let started = creole::now();
    update::<Page>().set(Page::title, "new").filter(Page::id.eq(before.id)).exec(&engine).await?;
    let after = Page::find(before.id, &engine).await?.expect("there");
    assert_eq!((after.title.as_str(), after.parent, after.origin), ("new", Some(1), None));
    assert!(after.edit >= 1_000 && after.changed_at >= started, "{after:?}");
    update::<Page>().set(Page::title, "newer").all_rows().exec(&engine).await?;
    let later = Page::find(before.id, &engine).await?.expect("there");
    assert!(later.edit > after.edit, "made anew for each statement: {later:?}");
    Ok(())
}

#[creole::test]
async fn what_the_statement_sets_itself_stays(engine: Engine) -> creole::Result<()> {
    let before = page(&engine).await?;
    let statement =
        update::<Page>().set(Page::edit, -5).set(Page::parent, None).set(Page::changed_at, Page::changed_at);
    statement.all_rows().exec(&engine).await?;
    let after = Page::find(before.id, &engine).await?.expect("there");
    assert_eq!(after, Page { edit: -5, ..before });
    Ok(())
}

#[creole::test]
async fn a_session_writes_them_and_knows_what_it_wrote(engine: Engine) -> creole::Result<()> {
    let before = page(&engine).await?;
    let mut session = engine.session();
    let handle = session.get::<Page>(before.id).await?.expect("there");
    session[handle].title = "mine".into();
    session.flush().await?;
    let known = session[handle].clone();
    assert!(known.edit >= 1_000 && known.changed_at > long_ago() && known.parent == Some(1), "{known:?}");
    session.refresh(handle).await?;
    assert_eq!(session[handle], known);
    // Nothing has changed, so nothing is written.
    session.flush().await?;
    assert_eq!(session[handle], known);
    session[handle].edit = 7;
    session
        .savepoint(async |inner| {
            inner[handle].title = "undone".into();
            inner.flush().await?;
            assert!(inner[handle].edit > known.edit);
            Err::<(), _>(creole::Error::new(ErrorKind::Other, "enough"))
        })
        .await
        .unwrap_err();
    assert_eq!((session[handle].edit, session[handle].title.as_str()), (7, "mine"), "what the program set stays");
    session.commit().await?;
    let kept = Page::find(before.id, &engine).await?.expect("there");
    assert_eq!((kept.edit, kept.title.as_str()), (7, "mine"));
    let handle = session.get::<Page>(before.id).await?.expect("there");
    session[handle].title = "rolled back".into();
    session.flush().await?;
    session.rollback().await?;
    assert_eq!(session[handle], kept);
    Ok(())
}

#[test]
fn tables_and_models_tell_the_value() {
    let first = Page::on_update(Page::edit.index());
    assert!(matches!(first, Some(creole::types::Value::I64(edit)) if edit >= 1_000), "{first:?}");
    assert_ne!(first, Page::on_update(Page::edit.index()));
    assert_eq!(Page::on_update(Page::title.index()), None);
    assert_eq!(Page::on_update(Page::origin.index()), None, "that is an action of a foreign key");
    assert_eq!(Page::on_update(99), None);
    let places: Vec<u16> = Page::TABLE.update_defaults().map(|(place, _)| place).collect();
    assert_eq!(places, [2, 3, 4]);
}

#[creole::test]
async fn an_upsert_writes_them_where_it_updates(engine: Engine) -> creole::Result<()> {
    let page = page(&engine).await?;
    let again = Page { title: "again".into(), changed_at: long_ago(), parent: None, ..page.clone() };
    let Upserted { row, outcome, .. } = insert(&again).on_conflict(Page::id).update_all().upserted(&engine).await?;
    assert_eq!((row.title.as_str(), row.parent, outcome), ("again", Some(1), Outcome::Updated));
    assert!(row.edit > page.edit && row.changed_at > long_ago(), "{row:?}");
    // What is named is written as it is given.
    let named = insert(&again).on_conflict(Page::id).update((Page::title, Page::changed_at)).set(Page::parent, None);
    let named = named.upserted(&engine).await?.row;
    assert_eq!((named.changed_at, named.parent), (long_ago(), None));
    assert!(named.edit > row.edit);
    // A row that is left alone is left alone.
    let left = insert(&again).on_conflict(Page::id).do_nothing().upserted(&engine).await?;
    assert_eq!(left, Upserted::new(named, Outcome::Unchanged));
    Ok(())
}
