//! How often a typed document is serialized: once where it is sent, and never to find out what is known already.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use creole::prelude::*;
use futures_util::stream;
use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Serialize, Serializer};

/// A document that counts how often it is serialized.
#[derive(Deserialize, Debug, Clone, PartialEq, Default)]
struct Counted {
    /// Whose count it is.
    owner: String,
    visits: i64,
    text: String,
}

static COUNTS: LazyLock<Mutex<HashMap<String, u64>>> = LazyLock::new(Mutex::default);

impl Serialize for Counted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        *COUNTS.lock().unwrap().entry(self.owner.clone()).or_default() += 1;
        let mut fields = serializer.serialize_struct("Counted", 3)?;
        fields.serialize_field("owner", &self.owner)?;
        fields.serialize_field("visits", &self.visits)?;
        fields.serialize_field("text", &self.text)?;
        fields.end()
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "counted", default)]
struct Page {
    #[model(primary_key, auto)]
    id: i64,
    name: String,
    doc: Json<Counted>,
    draft: Option<Json<Counted>>,
}

/// The documents of one test on one backend.
struct Owner(String);

impl Owner {
    fn new(test: &str, engine: &Engine) -> Owner {
        Owner(format!("{test} on {}", engine.dialect().name()))
    }

    /// A document with a text of so many letters.
    fn doc(&self, visits: i64, letters: usize) -> Json<Counted> {
        Json(Counted { owner: self.0.clone(), visits, text: "x".repeat(letters) })
    }

    fn page(&self, id: i64) -> Page {
        Page { id, name: format!("page {id}"), doc: self.doc(id, 10), draft: None }
    }

    /// How often documents were serialized since this was last asked.
    fn count(&self) -> u64 {
        COUNTS.lock().unwrap().remove(&self.0).unwrap_or_default()
    }
}

#[creole::test]
async fn a_document_is_serialized_once_where_its_row_is_inserted(engine: Engine) {
    engine.create_all(tables![Page]).await.unwrap();
    let owner = Owner::new("inserted", &engine);
    insert(&owner.page(1_000)).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 1, "insert");
    let page = insert(&owner.page(0)).returning().one(&engine).await.unwrap();
    assert_eq!((owner.count(), page.doc.visits), (1, 0), "insert, returning");
    let both = Page { draft: Some(owner.doc(2, 2)), ..owner.page(2_000) };
    insert(&both).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 2, "two documents in a row");

    let pages: Vec<Page> = (10..13).map(|id| owner.page(id)).collect();
    assert_eq!(insert_all(&pages).exec(&engine).await.unwrap(), 3);
    assert_eq!(owner.count(), 3, "insert_all");
    let numbered: Vec<Page> = (0..3).map(|_| owner.page(0)).collect();
    assert_eq!(insert_all(&numbered).returning().all(&engine).await.unwrap().len(), 3);
    assert_eq!(owner.count(), 3, "insert_all, returning");
    let mixed = [owner.page(0), owner.page(50), owner.page(0), owner.page(51)];
    insert_all(&mixed).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 4, "insert_all, where some are numbered by the database");
    insert_each((60..65).map(|id| owner.page(id))).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 5, "insert_each");
    let rows = stream::iter((70..75).map(|id| Ok(owner.page(id))));
    insert_stream(rows).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 5, "insert_stream");
}

#[creole::test]
async fn the_documents_of_an_array_are_serialized_once(engine: Engine) {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "shelves")]
    struct Shelf {
        #[model(primary_key)]
        id: i64,
        docs: Vec<Json<Counted>>,
    }
    if engine.dialect().name() != "postgres" {
        // The others have no arrays.
        assert_eq!(engine.create_all(tables![Shelf]).await.unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    engine.create_all(tables![Shelf]).await.unwrap();
    let owner = Owner::new("array", &engine);
    let shelf = |id: i64| Shelf { id, docs: vec![owner.doc(id, 3), owner.doc(-id, 2)] };
    insert(&shelf(1)).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 2, "insert");
    let mut shelves = vec![shelf(2), shelf(3)];
    insert_all(&shelves).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 4, "insert_all");
    shelves.iter_mut().for_each(|shelf| shelf.docs.truncate(1));
    update_all(&shelves).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 2, "update_all");
    let found = Shelf::select().order_by(Shelf::id).all(&engine).await.unwrap();
    assert_eq!(found, [&[shelf(1)][..], &shelves].concat());
}

#[creole::test]
async fn a_document_is_serialized_once_however_many_statements_there_are(engine: Engine) {
    engine.create_all(tables![Page]).await.unwrap();
    let owner = Owner::new("chunks", &engine);
    // More than a statement takes, by their size.
    let mut pages: Vec<Page> = (1..=2_500).map(|id| Page { doc: owner.doc(id, 1_500), ..owner.page(id) }).collect();
    assert_eq!(insert_all(&pages).exec(&engine).await.unwrap(), 2_500);
    assert_eq!(owner.count(), 2_500, "insert_all");
    for page in &mut pages {
        page.doc.visits += 1;
        page.doc.text = "y".repeat(2_500);
    }
    assert_eq!(update_all(&pages).exec(&engine).await.unwrap(), 2_500);
    assert_eq!(owner.count(), 2_500, "update_all");
    insert_all(&pages).on_conflict(Page::id).update_all().exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 2_500, "an upsert");
    delete::<Page>().all_rows().exec(&engine).await.unwrap();
    let mut session = engine.session();
    for page in &pages {
        session.add(page.clone());
    }
    session.commit().await.unwrap();
    assert_eq!(owner.count(), 2_500, "a session");
    let found = Page::find(2_500, &engine).await.unwrap().unwrap();
    assert_eq!(found.doc, pages.last().unwrap().doc);
    assert_eq!(owner.count(), 0);
}

#[creole::test]
async fn a_document_is_serialized_once_where_its_row_is_upserted(engine: Engine) {
    engine.create_all(tables![Page]).await.unwrap();
    let owner = Owner::new("upserted", &engine);
    for run in ["inserts", "updates"] {
        insert(&owner.page(1)).on_conflict(Page::id).update_all().exec(&engine).await.unwrap();
        assert_eq!(owner.count(), 1, "{run}");
        let pages = [owner.page(1), owner.page(2)];
        insert_all(&pages).on_conflict(Page::id).update_all().exec(&engine).await.unwrap();
        assert_eq!(owner.count(), 2, "{run} several");
        let upserted = insert_all(&pages).on_conflict(Page::id).update_all().upserted(&engine).await.unwrap();
        assert_eq!((owner.count(), upserted.len()), (2, 2), "{run} and says so");
        let mut session = engine.session();
        session.upsert(owner.page(3)).await.unwrap();
        session.commit().await.unwrap();
        assert_eq!(owner.count(), 1, "{run} in a session");
    }
}

#[creole::test]
async fn a_document_is_serialized_once_where_many_rows_are_updated(engine: Engine) {
    engine.create_all(tables![Page]).await.unwrap();
    let owner = Owner::new("updated", &engine);
    let mut pages: Vec<Page> = (1..=3).map(|id| owner.page(id)).collect();
    insert_all(&pages).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 3);
    pages.iter_mut().for_each(|page| page.doc.visits += 1);
    update_all(&pages).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 3, "update_all");
    update_all(&pages).columns(Page::name).exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 0, "update_all of another column");
    update::<Page>().set(Page::doc, owner.doc(7, 1)).all_rows().exec(&engine).await.unwrap();
    assert_eq!(owner.count(), 1, "update");
}

#[creole::test]
async fn a_session_compares_documents_with_what_was_read(engine: Engine) {
    engine.create_all(tables![Page]).await.unwrap();
    let owner = Owner::new("session", &engine);
    let mut session = engine.session();
    let [first, second, third] = [1, 2, 3].map(|id| session.add(owner.page(id)));
    session.flush().await.unwrap();
    assert_eq!(owner.count(), 3, "added");
    session[first].name = "another".into();
    session.flush().await.unwrap();
    assert_eq!(owner.count(), 1, "another column of what was added: it is looked whether the document has changed");
    session[first].doc.visits += 1;
    session.flush().await.unwrap();
    assert_eq!(owner.count(), 1, "the document of what was added");
    session[first].doc.visits += 1;
    session.commit().await.unwrap();
    assert_eq!(owner.count(), 1, "the document of what was updated");
    session[second].doc.visits += 1;
    session.commit().await.unwrap();
    assert_eq!(owner.count(), 1, "a stale one");
    session.refresh(third).await.unwrap();
    session.rollback().await.unwrap();
    assert_eq!(owner.count(), 0, "read anew");

    let mut session = engine.session();
    let pages = Page::select().order_by(Page::id).track(&mut session).await.unwrap();
    let fourth = session.get::<Page>(3).await.unwrap().unwrap();
    session.commit().await.unwrap();
    assert_eq!(owner.count(), 0, "read");
    let again = Page::select().order_by(Page::id).track(&mut session).await.unwrap();
    assert_eq!((owner.count(), &again), (0, &pages), "read again");
    session[fourth].name = "another".into();
    session.flush().await.unwrap();
    assert_eq!(owner.count(), 1, "another column of what was read");
    session[fourth].name = "a third".into();
    session.commit().await.unwrap();
    assert_eq!(owner.count(), 1, "and once more");
    // What was read may be written otherwise by its type, which is then no change: so both are looked at.
    session[pages[1]].doc.visits += 1;
    session.commit().await.unwrap();
    assert_eq!(owner.count(), 2, "the document of what was read");
    session[pages[1]].doc.visits += 1;
    session.rollback().await.unwrap();
    assert_eq!(owner.count(), 0, "rolled back before it was looked at");

    let visits = select(Page::doc).order_by(Page::id).all(&engine).await.unwrap();
    assert_eq!(visits.iter().map(|doc| doc.visits).collect::<Vec<_>>(), [3, 4, 3]);
}

/// A document of which the program knows a part.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "counted")]
struct Raw {
    #[model(primary_key)]
    id: i64,
    name: String,
    doc: creole::JsonValue,
    draft: Option<creole::JsonValue>,
}

#[creole::test]
async fn what_a_type_does_not_know_of_a_document_stays_where_the_program_left_it_alone(engine: Engine) {
    engine.create_all(tables![Page]).await.unwrap();
    let owner = Owner::new("unknown", &engine);
    let doc = serde_json::json!({"owner": owner.0, "visits": 1, "text": "x", "newer": [1.0, {"by": "another"}]});
    let raw = Raw { id: 1, name: "raw".into(), doc: doc.clone(), draft: Some(doc.clone()) };
    insert(&raw).exec(&engine).await.unwrap();
    let mut session = engine.session();
    let page = session.get::<Page>(1).await.unwrap().unwrap();
    session[page].name = "named".into();
    session.commit().await.unwrap();
    let found = Raw::find(1, &engine).await.unwrap().unwrap();
    assert_eq!(found, Raw { name: "named".into(), ..raw.clone() });
    // The one that is changed is what the program has, the other stays.
    session[page].doc.visits = 2;
    session.commit().await.unwrap();
    let found = Raw::find(1, &engine).await.unwrap().unwrap();
    assert_eq!(found.doc, serde_json::json!({"owner": owner.0, "visits": 2, "text": "x"}));
    assert_eq!(found.draft, Some(doc.clone()));
    session[page].draft = None;
    session.commit().await.unwrap();
    assert_eq!(Raw::find(1, &engine).await.unwrap().unwrap().draft, None);
    // To NULL and back within a transaction, and what was undone.
    session[page].draft = Some(owner.doc(5, 1));
    session.flush().await.unwrap();
    session[page].draft.as_mut().unwrap().visits = 6;
    session.rollback().await.unwrap();
    assert_eq!(session[page].draft, None);
    session[page].name = "last".into();
    session.commit().await.unwrap();
    let found = Raw::find(1, &engine).await.unwrap().unwrap();
    assert_eq!((found.name.as_str(), found.draft), ("last", None));
}

#[creole::test]
async fn a_stale_document_that_others_have_changed_is_not_overwritten(engine: Engine) {
    engine.create_all(tables![Page]).await.unwrap();
    let owner = Owner::new("stale", &engine);
    insert(&owner.page(1)).exec(&engine).await.unwrap();
    let mut session = engine.session();
    let page = session.get::<Page>(1).await.unwrap().unwrap();
    session.commit().await.unwrap();
    update::<Page>().set(Page::doc, owner.doc(8, 3)).all_rows().exec(&engine).await.unwrap();
    owner.count();
    session[page].doc.visits = 9;
    let error = session.commit().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StaleVersion);
    session.rollback().await.unwrap();
    owner.count();
    // What was left alone becomes what the row has.
    session[page].name = "named".into();
    session.commit().await.unwrap();
    assert_eq!((session[page].doc.visits, owner.count()), (8, 1));
    assert_eq!(Page::find(1, &engine).await.unwrap().unwrap().doc, owner.doc(8, 3));
}

#[creole::test]
async fn a_document_that_json_has_no_form_for_is_refused_with_its_column_and_row(engine: Engine) {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "measured", default)]
    struct Measured {
        #[model(primary_key)]
        id: i64,
        doc: Json<Vec<f64>>,
    }
    engine.create_all(tables![Measured]).await.unwrap();
    let rows = [1, 2, 3].map(|id| Measured { id, doc: Json(vec![1.0, if id == 3 { f64::NAN } else { 2.0 }]) });
    let error = insert_all(&rows).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, Some(2)));
    assert!(error.columns().eq(["doc"]), "{error}");
    assert!(error.to_string().contains("NaN and infinity have no form in JSON"), "{error}");
    let error = insert(&rows[2]).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, None));
    insert_all(&rows[..2]).exec(&engine).await.unwrap();
    let changed = [1, 2].map(|id| Measured { id, doc: Json(vec![if id == 2 { f64::INFINITY } else { 2.0 }]) });
    let error = update_all(&changed).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, Some(1)));
    let mut session = engine.session();
    let first = session.get::<Measured>(1).await.unwrap().unwrap();
    session[first].doc.push(f64::NAN);
    let error = session.flush().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue);
    assert!(error.to_string().contains("NaN and infinity have no form in JSON"), "{error}");
    session.rollback().await.unwrap();
    session.add(rows[2].clone());
    assert_eq!(session.flush().await.unwrap_err().kind(), ErrorKind::InvalidValue);
    session.rollback().await.unwrap();
    assert_eq!(Measured::select().count(&engine).await.unwrap(), 2);
}
