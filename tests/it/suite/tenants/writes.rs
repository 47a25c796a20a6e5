//! UPDATE and DELETE change rows of one tenant alone.

use creole::prelude::*;

use super::{Author, Book, BookTag, OURS, THEIRS, Tag, author, book, library, plain, refusal, theirs};

#[creole::test]
async fn updates_and_deletes_pass_over_the_rows_of_others(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let ours = &engine.scoped(OURS);
    let before = theirs(&engine).await?;
    assert_eq!(update::<Author>().set(Author::name, "X").all_rows().exec(ours).await?, 3);
    assert_eq!(update::<Author>().set(Author::name, "X").filter(Author::id.eq(3)).exec(ours).await?, 0);
    let returned = update::<Book>().set(Book::title, "seen").filter(Book::id.le(3)).returning_of(Book::id);
    let mut returned = returned.all(ours).await?;
    returned.sort_unstable();
    assert_eq!(returned, [1, 2]);

    // Joined rows are ours too.
    let edited = || update::<Book>().set(Book::title, "edited").join(Book::editor).all_rows();
    assert_eq!(edited().exec(ours).await?, 2, "Cleo has edited book 2, and is theirs");
    assert_eq!(edited().exec(&engine.all_tenants()).await?, 3);
    let without = update::<Book>().set(Book::title, "none").left_join(Book::editor).filter(Author::id.is_null());
    assert_eq!(without.exec(ours).await?, 5, "1, 2, 5, 7 and 8");
    let named = || update::<Book>().set(Book::title, Author::name).join(Book::author).filter(Book::id.ne(4));
    assert_eq!(named().exec(ours).await?, 5, "the author of 5 is theirs, and so is 3");
    let named = update::<Book>().set(Book::title, coalesce(Author::name.optional(), "nobody")).left_join(Book::author);
    assert_eq!(named.filter(Book::id.ge(5)).exec(ours).await?, 4);
    assert_eq!(Book::find(5, ours).await?.map(|book| book.title), Some("nobody".to_owned()));
    assert_eq!(
        update::<Author>().set(Author::name, "busy").filter(Author::books.any(Book::id.eq(3))).exec(ours).await?,
        0
    );
    let subquery = select(Author::id).filter(Author::id.ge(3));
    assert_eq!(update::<Book>().set(Book::title, "late").filter(Book::author_id.is_in(subquery)).exec(ours).await?, 1);
    let own = all_of(select(Author::id).filter(Author::id.ge(3)));
    assert_eq!(update::<Author>().set(Author::name, "first").filter(Author::id.lt(own)).exec(ours).await?, 2);
    // Where a database writes one column after the other, values are read from a copy.
    let swap =
        update::<Book>().set(Book::author_id, coalesce(Book::editor_id, 0)).set(Book::editor_id, Book::author_id);
    assert_eq!(swap.filter(Book::id.le(4)).exec(ours).await?, 3);
    assert_eq!(theirs(&engine).await?, before);

    // Rows at hand, whoever they are said to be.
    let cleo = author(3, "Mine", None);
    assert_eq!(update_all(&[cleo.clone(), author(4, "Dan", None)]).exec(ours).await?, 1);
    assert_eq!(update_all(&[Author { house: THEIRS, ..author(4, "Don", None) }]).exec(ours).await?, 1);
    assert_eq!(Author::find(4, ours).await?, Some(Author { house: OURS, ..author(4, "Don", None) }));
    assert_eq!(delete_all(&[cleo]).exec(ours).await?, 0);
    assert_eq!(delete::<Book>().join(Book::author).filter(Book::id.eq(5)).exec(ours).await?, 0);
    assert_eq!(delete::<BookTag>().all_rows().exec(ours).await?, 6);
    assert_eq!(purge::<Tag>().all_rows().exec(ours).await?, 2);
    let gone = delete::<Book>().filter(Book::id.le(4)).returning_of(Book::id).all(ours).await?;
    assert_eq!(gone.len(), 3);
    assert_eq!(delete::<Author>().all_rows().exec(ours).await?, 3);
    assert_eq!(theirs(&engine).await?, before);
    assert_eq!(plain::Author::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn whoever_does_not_say_whose_writes_nothing(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let named = (ErrorKind::Config, vec!["house".to_owned()]);
    assert_eq!(refusal(update::<Author>().set(Author::name, "X").all_rows().exec(&engine).await), named);
    assert_eq!(refusal(update::<Author>().set(Author::name, "X").all_rows().returning().all(&engine).await), named);
    assert_eq!(refusal(update_all(&[author(1, "X", None)]).exec(&engine).await), named);
    assert_eq!(refusal(delete::<Author>().all_rows().exec(&engine).await), named);
    assert_eq!(refusal(delete::<Author>().all_rows().returning().all(&engine).await), named);
    assert_eq!(refusal(delete_all(&[author(1, "X", None)]).exec(&engine).await), named);
    assert_eq!(refusal(insert(&author(9, "X", None)).exec(&engine).await), named);
    assert_eq!(refusal(insert_all(&[author(9, "X", None)]).returning().all(&engine).await), named);
    assert_eq!(refusal(insert_each([author(9, "X", None)]).exec(&engine).await), named);
    let new = author(9, "X", None);
    assert_eq!(refusal(insert(&new).on_conflict(Author::id).update(Author::name).exec(&engine).await), named);
    let selected = select((plain::Author::id + 9, plain::Author::name));
    assert_eq!(refusal(insert_from((Author::id, Author::name), selected).exec(&engine).await), named);
    // A table of theirs that is only read.
    let read =
        update::<plain::Book>().set(plain::Book::title, "X").filter(plain::Book::author_id.is_in(select(Author::id)));
    assert_eq!(refusal(read.exec(&engine).await), named);
    assert_eq!(plain::Author::select().filter(plain::Author::name.eq("X")).count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn a_row_stays_its_tenants(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let named = (ErrorKind::Syntax, vec!["house".to_owned()]);
    for engine in [engine.scoped(OURS), engine.all_tenants()] {
        assert_eq!(refusal(update::<Author>().set(Author::house, THEIRS).all_rows().exec(&engine).await), named);
        let row = [Author { house: THEIRS, ..author(1, "Ada", None) }];
        assert_eq!(refusal(update_all(&row).columns(Author::house).exec(&engine).await), named);
        let error = update::<Author>().set(Author::house, THEIRS).all_rows().exec(&engine).await.unwrap_err();
        assert!(error.to_string().contains("as `tenant` says"), "{error}");
    }
    assert_eq!(update::<plain::Author>().set(plain::Author::house, THEIRS).all_rows().exec(&engine).await?, 4);
    // A key is no way either: book 3 is theirs.
    let error = insert(&book(3, 1, None)).exec(&engine.scoped(OURS)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    Ok(())
}
