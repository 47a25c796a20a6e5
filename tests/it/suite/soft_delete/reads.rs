//! Whatever reads a table leaves its deleted rows out, as though they were gone.

use creole::prelude::*;

use super::ways_to_read::answers;
use super::{library, plain};

#[creole::test]
async fn deleted_rows_are_as_though_they_were_gone(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let marked = answers(&engine).await?;

    // The same of a database that has no such rows.
    let gone = (
        delete::<plain::Author>().filter(plain::Author::deleted_at.is_not_null()).exec(&engine).await?,
        delete::<plain::Book>().filter(plain::Book::deleted).exec(&engine).await?,
        delete::<plain::Tag>().filter(plain::Tag::deleted_at.is_not_null()).exec(&engine).await?,
        delete::<plain::BookTag>().filter(plain::BookTag::deleted).exec(&engine).await?,
    );
    assert_eq!(gone, (1, 1, 1, 1));
    let removed = answers(&engine).await?;
    for ((what, marked), (_, removed)) in marked.iter().zip(&removed) {
        assert_eq!(marked, removed, "{what}");
    }
    assert_eq!(marked.len(), removed.len());
    Ok(())
}

/// Else the test above would prove nothing.
#[creole::test]
async fn each_answer_depends_on_whether_rows_are_deleted(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let hidden = answers(&engine).await?;
    update::<plain::Author>().set(plain::Author::deleted_at, None).all_rows().exec(&engine).await?;
    update::<plain::Book>().set(plain::Book::deleted, false).all_rows().exec(&engine).await?;
    update::<plain::Tag>().set(plain::Tag::deleted_at, None).all_rows().exec(&engine).await?;
    update::<plain::BookTag>().set(plain::BookTag::deleted, false).all_rows().exec(&engine).await?;
    let shown = answers(&engine).await?;
    let pairs = hidden.iter().zip(&shown);
    let same: Vec<&str> = pairs.filter(|(hidden, shown)| hidden == shown).map(|((what, _), _)| *what).collect();
    assert!(same.is_empty(), "{same:?}");
    Ok(())
}
