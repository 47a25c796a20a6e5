//! Whatever reads a table sees the rows of one tenant, as though there were no others.

use creole::driver::Compiled;
use creole::prelude::*;
use creole::query::Decode;
use creole::schema::Table;
use creole::sql::Destination;

use super::ways_to_read::answers;
use super::{Author, Book, OURS, THEIRS, author, library, plain, refusal, theirs};

#[creole::test]
async fn rows_of_others_are_as_though_they_were_gone(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let ours = engine.scoped(OURS);
    let beside_others = answers(&ours).await?;

    // The same of a database that has no such rows.
    let gone = (
        delete::<plain::Author>().filter(plain::Author::house.eq(THEIRS)).exec(&engine).await?,
        delete::<plain::Book>().filter(plain::Book::house.eq(THEIRS)).exec(&engine).await?,
        delete::<plain::Tag>().filter(plain::Tag::house.eq(THEIRS)).exec(&engine).await?,
        delete::<plain::BookTag>().filter(plain::BookTag::house.eq(THEIRS)).exec(&engine).await?,
    );
    assert_eq!(gone, (1, 1, 1, 1));
    let alone = answers(&ours).await?;
    for ((what, beside_others), (_, alone)) in beside_others.iter().zip(&alone) {
        assert_eq!(beside_others, alone, "{what}");
    }
    assert_eq!(beside_others.len(), alone.len());
    // And the same for those who see everybody's, where there are no others.
    for ((what, all), (_, alone)) in answers(&engine.all_tenants()).await?.iter().zip(&alone) {
        assert_eq!(all, alone, "{what}");
    }
    Ok(())
}

/// Else the test above would prove nothing.
#[creole::test]
async fn each_answer_depends_on_whose_rows_there_are(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let ours = engine.scoped(OURS);
    let hidden = answers(&ours).await?;
    update::<plain::Author>().set(plain::Author::house, OURS).all_rows().exec(&engine).await?;
    update::<plain::Book>().set(plain::Book::house, OURS).all_rows().exec(&engine).await?;
    update::<plain::Tag>().set(plain::Tag::house, OURS).all_rows().exec(&engine).await?;
    update::<plain::BookTag>().set(plain::BookTag::house, OURS).all_rows().exec(&engine).await?;
    let shown = answers(&ours).await?;
    let pairs = hidden.iter().zip(&shown);
    let same: Vec<&str> = pairs.filter(|(hidden, shown)| hidden == shown).map(|((what, _), _)| *what).collect();
    assert!(same.is_empty(), "{same:?}");
    Ok(())
}

#[creole::test]
async fn whoever_does_not_say_whose_is_refused_whatever_is_asked(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let refused = format!("{:?}", ErrorKind::Config);
    for (what, answer) in answers(&engine).await? {
        assert_eq!(answer, refused, "{what}");
    }
    assert_eq!(refusal(Author::select().all(&engine).await), (ErrorKind::Config, vec!["house".to_owned()]));
    let error = Author::select().all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("`engine.scoped(tenant)`"), "{error}");
    // What is compiled to be looked at says it, and can be looked at.
    assert!(Author::select().sql(engine.dialect())?.contains("house"));
    // Other tables have nothing to do with it.
    assert_eq!(plain::Author::select().count(&engine).await?, 4);
    assert_eq!(plain::Author::select().count(&engine.scoped(OURS)).await?, 4);
    Ok(())
}

/// A statement that is compiled for a dialect alone, whatever it runs on.
struct Looked<Q>(Q);

impl<Q: Query> Query for Looked<Q> {
    type Row = Q::Row;

    fn compile<'q>(&'q self, to: impl Into<Destination<'q>>) -> creole::Result<Compiled<'q>> {
        self.0.compile(to.into().dialect())
    }

    fn decode(&self) -> Decode<Q::Row> {
        self.0.decode()
    }

    fn table(&self) -> Option<&'static Table> {
        self.0.table()
    }
}

#[creole::test]
async fn what_was_compiled_to_be_looked_at_is_not_sent(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let row = Author { house: OURS, ..author(9, "Eve", None) };
    for engine in [engine.clone(), engine.scoped(OURS), engine.all_tenants()] {
        assert_eq!(Looked(Author::select()).all(&engine).await.unwrap_err().kind(), ErrorKind::Config);
        assert_eq!(Looked(insert(&row).returning()).all(&engine).await.unwrap_err().kind(), ErrorKind::Config);
    }
    assert_eq!(Looked(plain::Author::select()).all(&engine).await?.len(), 4, "which has no tenants, and no Eve");
    Ok(())
}

#[creole::test]
async fn a_scope_is_that_of_an_engine_and_of_its_connections_no_longer_than_a_statement(
    engine: Engine,
) -> creole::Result<()> {
    library(&engine).await?;
    let (ours, them) = (engine.scoped(OURS), engine.scoped(THEIRS));
    for _ in 0..3 {
        assert_eq!(Author::select().count(&ours).await?, 3);
        assert_eq!(Author::select().count(&them).await?, 1);
        assert_eq!(Author::find(3, &ours).await?, None);
        assert_eq!(Author::find(3, &them).await?.map(|author| author.name), Some("Cleo".to_owned()));
        assert_eq!(Author::find(1, &engine.all_tenants()).await?.map(|author| author.house), Some(OURS));
        assert!(Author::find(1, &engine).await.is_err());
        assert!(Author::select().count(&engine).await.is_err());
        // The last word counts.
        assert_eq!(Author::select().count(&ours.scoped(THEIRS)).await?, 1);
        assert_eq!(Author::select().count(&ours.all_tenants()).await?, 4);
    }
    let names = ours.transaction(async |tx| select(Author::name).order_by(Author::id).all(&mut *tx).await).await?;
    assert_eq!(names, ["Ada", "Bob", "Dan"]);
    let before = theirs(&engine).await?;
    let moved = engine.all_tenants().transaction(async |tx| Book::select().count(&mut *tx).await).await?;
    assert_eq!((moved, theirs(&engine).await?), (8, before));
    Ok(())
}
