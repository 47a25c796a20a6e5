//! `with(…).track(…)`: trees of handles.

use super::*;

#[creole::test]
async fn a_tree_of_handles(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    type Books = Vec<(Tracked<Book>, Vec<Tracked<Tag>>)>;
    let tree: Vec<(Tracked<Author>, Books, Option<Tracked<Desk>>)> = Author::select()
        .with(Author::books.with(Book::tags))
        .with(Author::desk)
        .order_by(Author::id)
        .track(&mut session)
        .await?;
    let sizes: Vec<_> = tree.iter().map(|(_, books, desk)| (books.len(), desk.is_some())).collect();
    assert_eq!(sizes, [(2, true), (1, false), (0, false)]);
    let (ada, books, desk) = &tree[0];
    assert_eq!(books[0].1.len(), 2);
    assert_eq!(session.many(books[0].0, Book::tags)?, books[0].1);
    assert_eq!(session.one(*ada, Author::desk)?, *desk);
    assert_eq!(session.one(books[1].0, Book::author)?, *ada);

    let with_author: Vec<(Tracked<Book>, Tracked<Author>)> =
        Book::select().with(Book::author).order_by(Book::id).track(&mut session).await?;
    assert_eq!(with_author[0], (books[0].0, *ada));
    Ok(())
}

#[creole::test]
async fn rows_that_are_narrowed_down_are_not_all(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let mut session = engine.session();
    let tree = Author::select()
        .with(Author::books.filter(Book::title.ne("one")).order_by(Book::title.desc()).limit(1).with(Book::author))
        .order_by(Author::id)
        .track(&mut session)
        .await?;
    let titles = |books: &[(Tracked<Book>, Tracked<Author>)]| {
        books.iter().map(|(book, _)| session[*book].title.clone()).collect::<Vec<_>>()
    };
    let found: Vec<Vec<String>> = tree.iter().map(|(_, books)| titles(books)).collect();
    assert_eq!(found, [vec!["two".to_owned()], vec!["three".to_owned()], vec![]]);
    assert_eq!(tree[0].1[0].1, tree[0].0);
    assert_eq!(session.many(tree[0].0, Author::books).unwrap_err().kind(), ErrorKind::NotLoaded);
    Ok(())
}
