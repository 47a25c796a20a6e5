//! Statements that write: a DELETE marks, an UPDATE passes over what is marked, and a purge removes.

use creole::prelude::*;

use super::{Author, Book, Tag, author, library, plain};

async fn marked(engine: &Engine) -> creole::Result<Vec<i64>> {
    select(Author::id).only_deleted().order_by(Author::id).all(engine).await
}

#[creole::test]
async fn a_delete_marks_rows_once(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let before = select(Author::deleted_at).only_deleted().one(&engine).await?.expect("it is marked");
    let start = creole::now();
    assert_eq!(delete::<Author>().filter(Author::id.ge(2)).exec(&engine).await?, 2, "Cleo is deleted already");
    assert_eq!(marked(&engine).await?, [2, 3, 4]);
    let times = select((Author::id, Author::deleted_at)).only_deleted().order_by(Author::id).all(&engine).await?;
    assert_eq!(times[1], (3, Some(before)), "her time stays");
    assert!(times[0].1.is_some_and(|time| time >= start), "{times:?}");
    assert_eq!(delete::<Author>().all_rows().exec(&engine).await?, 1);
    assert_eq!(Author::select().count(&engine).await?, 0);
    assert_eq!(plain::Author::select().count(&engine).await?, 4, "a model that marks none sees them all");

    // A bool, and the way by rows.
    let books = Book::select().filter(Book::id.lt(3)).all(&engine).await?;
    assert_eq!(delete_all(&books).exec(&engine).await?, 2);
    assert_eq!(delete_all(&books).exec(&engine).await?, 0);
    assert_eq!(select(Book::id).only_deleted().order_by(Book::id).all(&engine).await?, [1, 2, 3]);
    Ok(())
}

#[creole::test]
async fn it_returns_the_rows_as_they_are_marked(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut gone = delete::<Author>().filter(Author::id.gt(1)).returning().all(&engine).await?;
    gone.sort_by_key(|author| author.id);
    assert_eq!(gone.iter().map(|author| author.id).collect::<Vec<_>>(), [2, 4]);
    assert!(gone.iter().all(|author| author.deleted_at.is_some()), "{gone:?}");
    let title = delete::<Book>().filter(Book::id.eq(1)).returning_of((Book::title, Book::deleted)).one(&engine).await?;
    assert_eq!(title, ("book 1".to_owned(), true));
    let error = delete::<Book>().returning().all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("the delete has no filter"), "{error}");
    Ok(())
}

#[creole::test]
async fn joins_and_conditions_of_writes_leave_deleted_rows_out(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    // Cleo has edited book 2, and is gone.
    let edited = || update::<Book>().set(Book::title, "edited").join(Book::editor).all_rows();
    assert_eq!(edited().exec(&engine).await?, 2);
    assert_eq!(edited().with_deleted().exec(&engine).await?, 3);
    let without = || update::<Book>().set(Book::title, "none").left_join(Book::editor).filter(Author::id.is_null());
    assert_eq!(without().exec(&engine).await?, 5, "1, 2, 5, 7 and 8");
    assert_eq!(without().with_deleted().exec(&engine).await?, 5, "1, 3, 5, 7 and 8");
    let named = || update::<Book>().set(Book::title, Author::name).join(Book::author).filter(Book::id.ne(4));
    assert_eq!(named().exec(&engine).await?, 5, "1, 2, 6, 7 and 8: the author of 5 is gone, and so is 3");
    assert_eq!(Book::find(5, &engine).await?.map(|book| book.title), Some("none".to_owned()));
    let named = update::<Book>().set(Book::title, coalesce(Author::name.optional(), "nobody")).left_join(Book::author);
    assert_eq!(named.filter(Book::id.ge(5)).exec(&engine).await?, 4);
    assert_eq!(Book::find(5, &engine).await?.map(|book| book.title), Some("nobody".to_owned()));
    let of_any = update::<Author>().set(Author::name, "busy").filter(Author::books.any(Book::id.eq(3)));
    assert_eq!(of_any.clone().exec(&engine).await?, 0);
    assert_eq!(of_any.with_deleted().exec(&engine).await?, 1);
    let subquery = select(Author::id).filter(Author::id.ge(3));
    let by_subquery = update::<Book>().set(Book::title, "late").filter(Book::author_id.is_in(subquery));
    assert_eq!(by_subquery.exec(&engine).await?, 1, "the subquery speaks for itself");
    let returned = update::<Book>().set(Book::title, "seen").filter(Book::author_id.eq(1)).returning().all(&engine);
    assert_eq!(returned.await?.len(), 2);
    assert_eq!(delete::<Book>().join(Book::editor).all_rows().exec(&engine).await?, 2);
    assert_eq!(purge::<Book>().join(Book::editor).all_rows().exec(&engine).await?, 3);
    // A table that is changed and read.
    let own = update::<Author>()
        .set(Author::name, "first")
        .filter(Author::id.lt(all_of(select(Author::id).filter(Author::id.ge(3)))));
    assert_eq!(own.exec(&engine).await?, 2);
    Ok(())
}

/// Where a database writes one column after the other, values are read from a copy.
#[creole::test]
async fn columns_change_places_in_rows_that_are_there(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let swap =
        || update::<Book>().set(Book::author_id, coalesce(Book::editor_id, 0)).set(Book::editor_id, Book::author_id);
    assert_eq!(swap().filter(Book::id.le(4)).exec(&engine).await?, 3);
    let pairs = select((plain::Book::author_id, plain::Book::editor_id)).filter(plain::Book::id.le(4));
    let pairs = pairs.order_by(plain::Book::id).all(&engine).await?;
    assert_eq!(pairs, [(0, Some(1)), (3, Some(1)), (1, None), (1, Some(2))]);
    assert_eq!(
        swap().filter(Book::id.eq(3)).with_deleted().returning_of(Book::editor_id).all(&engine).await?,
        [Some(1)]
    );
    // And an INSERT reads what is there.
    let copies = select((Tag::id + 10, Tag::name));
    insert_from((Tag::id, Tag::name), copies).exec(&engine).await?;
    assert_eq!(plain::Tag::select().count(&engine).await?, 5);
    Ok(())
}

#[creole::test]
async fn an_update_passes_over_them_unless_it_is_told_otherwise(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let rename = || update::<Author>().set(Author::name, "X");
    assert_eq!(rename().all_rows().exec(&engine).await?, 3);
    assert_eq!(rename().all_rows().with_deleted().exec(&engine).await?, 4);
    assert_eq!(rename().all_rows().only_deleted().exec(&engine).await?, 1);

    // A row that one has at hand is gone if it was deleted meanwhile.
    let cleo = Author { deleted_at: None, ..author(3, "Cleo", None) };
    let dan = author(4, "Dan", None);
    assert_eq!(update_all(&[cleo.clone(), dan]).exec(&engine).await?, 1);
    assert_eq!(marked(&engine).await?, [3], "it does not come back by chance");
    assert_eq!(update_all(std::slice::from_ref(&cleo)).with_deleted().exec(&engine).await?, 1);
    assert_eq!(Author::find(3, &engine).await?, Some(cleo));
    let back = update::<Book>().set(Book::deleted, false).only_deleted().all_rows().returning_of(Book::id);
    assert_eq!(back.all(&engine).await?, [3]);
    assert_eq!(Book::select().count(&engine).await?, 8);
    Ok(())
}

#[creole::test]
async fn a_purge_removes_marked_rows_and_others(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    assert_eq!(purge::<Author>().only_deleted().all_rows().exec(&engine).await?, 1);
    assert_eq!(purge::<Author>().filter(Author::id.eq(4)).returning_of(Author::name).all(&engine).await?, ["Dan"]);
    assert_eq!(select(plain::Author::id).order_by(plain::Author::id).all(&engine).await?, [1, 2]);
    let books = Book::select().with_deleted().filter(Book::id.le(3)).all(&engine).await?;
    assert_eq!(purge_all(&books).exec(&engine).await?, 3);
    assert_eq!(plain::Book::select().count(&engine).await?, 5);
    assert_eq!(purge::<Tag>().all_rows().exec(&engine).await?, 3);
    Ok(())
}

#[creole::test]
async fn foreign_keys_see_nothing_of_a_mark(engine: Engine) -> creole::Result<()> {
    /// A folder goes with the one that it is in.
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "folders")]
    struct Folder {
        #[model(primary_key)]
        id: i64,
        #[model(references = Folder::id, on_delete = cascade)]
        within: Option<i64>,
        #[model(soft_delete)]
        deleted: bool,
    }

    engine.create_all(tables![Folder]).await?;
    let folders = [(1, None), (2, Some(1)), (3, Some(2))].map(|(id, within)| Folder { id, within, deleted: false });
    insert_all(&folders).exec(&engine).await?;
    assert_eq!(delete_all(&folders[..1]).exec(&engine).await?, 1);
    assert_eq!(delete::<Folder>().filter(Folder::id.eq(2)).exec(&engine).await?, 1);
    assert_eq!(select(Folder::id).all(&engine).await?, [3]);
    assert_eq!(purge::<Folder>().filter(Folder::id.eq(1)).exec(&engine).await?, 1, "as every database counts");
    assert_eq!(Folder::select().with_deleted().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn loaded_relations_say_it_for_themselves(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let books = || Book::select().order_by(Book::id).filter(Book::id.le(3));
    let names = |rows: Vec<(Book, Option<Author>)>| -> Vec<_> {
        rows.into_iter().map(|(book, editor)| (book.id, editor.map(|editor| editor.name))).collect()
    };
    let all = [(1, None), (2, Some("Cleo".to_owned()))];
    assert_eq!(names(books().with(Book::editor.with_deleted()).all(&engine).await?), all);
    assert_eq!(names(books().with(Book::editor.with_deleted().joined()).all(&engine).await?), all);
    assert_eq!(names(books().with(Book::editor.only_deleted()).all(&engine).await?), all);
    assert_eq!(names(books().with(Book::editor.only_deleted().joined()).all(&engine).await?), all);
    // What is said of the rows is not said of what belongs to them.
    let three = [(1, None), (2, None), (3, None)];
    assert_eq!(names(books().with_deleted().with(Book::editor).all(&engine).await?), three);
    assert_eq!(names(books().with(Book::editor.joined()).with_deleted().all(&engine).await?), three);
    assert_eq!(names(books().with(Book::editor.joined()).only_deleted().all(&engine).await?), three[2..]);
    // Nor in what a joined relation is narrowed by.
    let of_pupils = || Book::editor.filter(Author::pupils.any(Author::name.eq("Cleo"))).with_deleted();
    let by_statement = names(books().with_deleted().with(of_pupils()).all(&engine).await?);
    assert_eq!(names(books().with_deleted().with(of_pupils().joined()).all(&engine).await?), by_statement);

    // One that must be there.
    let error = Book::select().with(Book::author).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(error.to_string().contains("`Book::author.with_deleted()`"), "{error}");
    let rows: Vec<(Book, Author)> = Book::select().with(Book::author.with_deleted()).all(&engine).await?;
    assert_eq!(rows.len(), 7);
    // By a table between, whose rows are shown too.
    let tags = |rows: Vec<(Book, Vec<Tag>)>| -> Vec<Vec<i64>> {
        rows.into_iter().map(|(_, tags)| tags.into_iter().map(|tag| tag.id).collect()).collect()
    };
    assert_eq!(tags(books().with(Book::tags).all(&engine).await?), [vec![1], vec![]]);
    assert_eq!(tags(books().with(Book::tags.with_deleted()).all(&engine).await?), [vec![1, 2], vec![3]]);
    assert_eq!(tags(books().with(Book::tags.only_deleted()).all(&engine).await?), [vec![], vec![3]]);
    Ok(())
}

#[creole::test]
async fn ways_out_in_every_shape_of_a_select(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let ids = || select(Author::id).order_by(Author::id);
    assert_eq!(ids().with_deleted().all(&engine).await?, [1, 2, 3, 4]);
    assert_eq!(ids().only_deleted().count(&engine).await?, 1);
    assert!(ids().only_deleted().exists(&engine).await?);
    // Before and after what wraps a SELECT.
    let union = || select(Author::id).union(select(Author::id).filter(Author::id.eq(1)));
    assert_eq!(union().with_deleted().order_by(Author::id).all(&engine).await?, [1, 2, 3, 4]);
    assert_eq!(union().order_by(Author::id).with_deleted().all(&engine).await?, [1, 2, 3, 4]);
    let distinct = || select(Author::name).distinct().order_by(Author::name);
    assert_eq!(distinct().with_deleted().all(&engine).await?.len(), 4);
    assert_eq!(distinct().all(&engine).await?.len(), 3);
    // An outer join, of which the other side is shown too.
    let pairs = select((Book::id, Author::name.optional())).left_join(Book::editor).filter(Book::id.eq(2));
    assert_eq!(pairs.clone().all(&engine).await?, [(2, None)]);
    assert_eq!(pairs.with_deleted().all(&engine).await?, [(2, Some("Cleo".to_owned()))]);
    let right = select((Book::id.optional(), Author::id)).right_join(Book::author).filter(Author::id.eq(1));
    assert_eq!(right.clone().count(&engine).await?, 2);
    assert_eq!(right.clone().with_deleted().count(&engine).await?, 3);
    assert_eq!(right.only_deleted().count(&engine).await?, 1);
    // Conditions on relations follow the statement that they stand in.
    let counts = select((Author::id, Author::books.count())).filter(Author::id.eq(1));
    assert_eq!(counts.clone().one(&engine).await?, (1, 2));
    assert_eq!(counts.with_deleted().one(&engine).await?, (1, 3));
    // Only where there is a mark.
    let error = select(plain::Author::id).only_deleted().all(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.table()), (ErrorKind::Syntax, Some("authors")));
    let error = delete::<plain::Author>().only_deleted().all_rows().exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    Ok(())
}

#[creole::test]
async fn a_row_is_stamped_when_it_is_created_and_never_again(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "notes", default)]
    struct Note {
        #[model(primary_key)]
        id: i64,
        #[model(length = 20)]
        text: String,
        #[model(created)]
        created_at: DateTime<Utc>,
    }

    engine.create_all(tables![Note]).await?;
    let start = creole::now();
    let note = Note { id: 1, ..Default::default() };
    assert!(note.created_at >= start);
    insert(&note).exec(&engine).await?;
    let changed =
        Note { text: "changed".into(), created_at: "2000-01-01T00:00:00Z".parse().expect("a time"), ..note.clone() };
    assert_eq!(update_all(std::slice::from_ref(&changed)).exec(&engine).await?, 1);
    insert(&changed).on_conflict(Note::id).update_all().exec(&engine).await?;
    assert_eq!(Note::find(1, &engine).await?.map(|row| row.created_at), Some(note.created_at));

    let refused = |error: creole::Error| {
        assert_eq!(
            (error.kind(), error.columns().collect::<Vec<_>>()),
            (ErrorKind::Syntax, vec!["created_at"]),
            "{error}"
        );
    };
    let set = || update::<Note>().set(Note::created_at, creole::now()).all_rows();
    refused(set().exec(&engine).await.unwrap_err());
    refused(set().returning().all(&engine).await.unwrap_err());
    refused(update_all(std::slice::from_ref(&changed)).columns(Note::created_at).exec(&engine).await.unwrap_err());
    refused(insert(&changed).on_conflict(Note::id).update(Note::created_at).exec(&engine).await.unwrap_err());
    refused(
        insert(&changed).on_conflict(Note::id).set(Note::created_at, creole::now()).exec(&engine).await.unwrap_err(),
    );
    let mut session = engine.session();
    let tracked = session.get::<Note>(1).await?.expect("it is there");
    session[tracked].created_at = creole::now();
    refused(session.commit().await.unwrap_err());
    session.rollback().await?;
    session[tracked].text = "again".into();
    session.commit().await?;
    assert_eq!(Note::find(1, &engine).await?, Some(Note { text: "again".into(), ..note }));
    Ok(())
}
