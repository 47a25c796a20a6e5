//! INSERTs write rows of one tenant, and upserts meet no others.

use creole::prelude::*;
use futures_util::stream;

use super::{Author, OURS, THEIRS, library, plain, refusal};

/// A label of a tenant's own, numbered by the database.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "labels", default, unique(owner, slug))]
struct Label {
    #[model(primary_key, auto)]
    id: i64,
    #[model(tenant)]
    owner: i64,
    #[model(length = 40)]
    slug: String,
    #[model(unique)]
    code: Option<i64>,
    uses: i64,
}

fn label(slug: &str) -> Label {
    Label { slug: slug.into(), ..Default::default() }
}

async fn all(engine: &Engine) -> creole::Result<Vec<(i64, String, i64)>> {
    let rows = select((Label::owner, Label::slug, Label::uses)).order_by((Label::owner, Label::slug));
    rows.all(&engine.all_tenants()).await
}

#[creole::test]
async fn every_insert_is_stamped(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Label]).await?;
    let ours = &engine.scoped(OURS);
    insert(&label("a")).exec(ours).await?;
    assert_eq!(insert(&label("b")).returning().one(ours).await?.owner, OURS);
    // Said or left out.
    let rows = [label("c"), Label { owner: OURS, ..label("d") }];
    assert_eq!(insert_all(&rows).exec(ours).await?, 2);
    let rows = [label("e"), Label { owner: OURS, ..label("f") }];
    let returned = insert_all(&rows).returning().all(ours).await?;
    assert_eq!(returned.iter().map(|row| (row.owner, &*row.slug)).collect::<Vec<_>>(), [(OURS, "e"), (OURS, "f")]);
    // Some numbered, and some not.
    let rows = [Label { id: 100_000, ..label("g") }, label("h")];
    assert_eq!(insert_all(&rows).returning().all(ours).await?.len(), 2);
    assert_eq!(insert_each(["i", "j"].map(label)).exec(ours).await?, 2);
    assert_eq!(insert_stream(stream::iter(["k"].map(label).map(Ok))).exec(ours).await?, 1);
    let many: Vec<Label> = (0..700).map(|number| label(&format!("m{number}"))).collect();
    assert_eq!(insert_all(&many).exec(ours).await?, 700);
    // The same text for another.
    assert_eq!(insert_all(&many).exec(&engine.scoped(THEIRS)).await?, 700);
    let counts = select((Label::owner, count_rows())).group_by(Label::owner).order_by(Label::owner);
    let counts = counts.all(&engine.all_tenants()).await?;
    assert_eq!(counts, [(OURS, 711), (THEIRS, 700)]);
    Ok(())
}

#[creole::test]
async fn a_row_of_another_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Label]).await?;
    let ours = &engine.scoped(OURS);
    let named = (ErrorKind::InvalidValue, vec!["owner".to_owned()]);
    let other = Label { owner: THEIRS, ..label("a") };
    assert_eq!(refusal(insert(&other).exec(ours).await), named);
    assert_eq!(refusal(insert(&other).returning().one(ours).await), named);
    let error = insert_all(&[label("b"), other.clone()]).exec(ours).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, Some(1)));
    assert!(!error.to_string().contains('2'), "never a value: {error}");
    assert_eq!(refusal(insert_all(&[label("b"), other.clone()]).returning().all(ours).await), named);
    assert_eq!(refusal(insert_each([label("b"), other.clone()]).exec(ours).await), named);
    assert_eq!(refusal(insert(&other).on_conflict((Label::owner, Label::slug)).do_nothing().exec(ours).await), named);
    // Nothing else decides whose it is.
    assert_eq!(refusal(insert(&label("b")).set(Label::owner, THEIRS).exec(ours).await), named);
    assert_eq!(refusal(insert(&label("b")).omit(Label::owner).exec(ours).await), named);
    assert_eq!(all(&engine).await?, []);
    // Who writes for all says it.
    insert(&other).exec(&engine.all_tenants()).await?;
    assert_eq!(all(&engine).await?, [(THEIRS, "a".to_owned(), 0)]);
    Ok(())
}

#[creole::test]
async fn what_a_select_yields_is_stamped(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    let ours = &engine.scoped(OURS);
    let columns = (Author::id, Author::name);
    let copies = select((Author::id + 10, Author::name));
    assert_eq!(insert_from(columns, copies).exec(ours).await?, 3, "theirs are not copied");
    let others = select((plain::Author::id + 20, plain::Author::name)).filter(plain::Author::id.eq(3));
    assert_eq!(insert_from(columns, others).exec(ours).await?, 1, "what another model sees is");
    let both = select((Author::id + 30, Author::name)).filter(Author::id.eq(1));
    let both = both.union_all(select((Author::id + 40, Author::name)).filter(Author::id.eq(2)));
    assert_eq!(insert_from(columns, both).exec(ours).await?, 2);
    let distinct =
        select((max(Author::id).not_null() + 60, Author::name)).filter(Author::id.le(4)).group_by(Author::name);
    assert!(insert_from(columns, distinct).exec(ours).await? >= 3);
    // Named, and known to be ours.
    let whole = select((Author::id + 100, Author::house, Author::name)).filter(Author::id.le(4));
    let columns = (Author::id, Author::house, Author::name);
    assert_eq!(insert_from(columns, whole).exec(ours).await?, 3);
    let named = (ErrorKind::InvalidValue, vec!["house".to_owned()]);
    let computed = select((Author::id + 200, Author::house + 1, Author::name));
    assert_eq!(refusal(insert_from(columns, computed).exec(ours).await), named);
    let others = select((plain::Author::id + 200, plain::Author::house, plain::Author::name));
    assert_eq!(refusal(insert_from(columns, others).exec(ours).await), named);
    // A column of ours, of a table that another model sees.
    let disguised = select((Author::id + 200, Author::house, Author::name)).from(table::<plain::Author>());
    assert_eq!(refusal(insert_from(columns, disguised).exec(ours).await), named);
    let counts =
        select((plain::Author::house, count_rows())).group_by(plain::Author::house).order_by(plain::Author::house);
    assert_eq!(counts.all(&engine).await?.last(), Some(&(THEIRS, 1)));
    Ok(())
}

#[creole::test]
async fn an_upsert_meets_rows_of_its_tenant_alone(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Label]).await?;
    let (ours, them) = (&engine.scoped(OURS), &engine.scoped(THEIRS));
    let key = (Label::owner, Label::slug);
    for engine in [ours, them] {
        let rows = ["a", "b"].map(|slug| Label { uses: 1, ..label(slug) });
        insert_all(&rows).on_conflict(key).update(Label::uses).exec(engine).await?;
    }
    insert(&label("a")).on_conflict(key).set(Label::uses, Label::uses + 5).exec(ours).await?;
    let rows = ["a", "c"].map(|slug| Label { uses: 9, ..label(slug) });
    let upserted = insert_all(&rows).on_conflict(key).update_all().upserted(ours).await?;
    let outcomes: Vec<_> = upserted.iter().map(|row| (row.row.owner, row.row.uses, row.outcome)).collect();
    assert_eq!(outcomes, [(OURS, 9, Outcome::Updated), (OURS, 9, Outcome::Inserted)]);
    let upserted = insert(&label("b")).on_conflict(key).do_nothing().upserted(them).await?;
    assert_eq!((upserted.row.owner, upserted.outcome), (THEIRS, Outcome::Unchanged));
    let twice = [label("d"), Label { owner: OURS, ..label("d") }];
    let error = insert_all(&twice).on_conflict(key).update(Label::uses).exec(ours).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "one key, said and left out: {error}");

    // A key that others may have.
    let named = (ErrorKind::Syntax, vec!["owner".to_owned()]);
    let coded = Label { code: Some(7), ..label("z") };
    insert(&Label { owner: THEIRS, ..coded.clone() }).exec(&engine.all_tenants()).await?;
    assert_eq!(refusal(insert(&coded).on_conflict(Label::code).update(Label::uses).exec(ours).await), named);
    assert_eq!(refusal(insert(&coded).on_conflict(Label::code).do_nothing().upserted(ours).await), named);
    assert_eq!(
        refusal(insert_all(std::slice::from_ref(&coded)).on_conflict(Label::id).update_all().exec(ours).await),
        named
    );
    // And one of the same key by another.
    let error = insert(&coded).on_conflict(key).update(Label::uses).exec(ours).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation);
    assert_eq!(
        all(&engine).await?,
        [(1, "a", 9), (1, "b", 1), (1, "c", 9), (2, "a", 1), (2, "b", 1), (2, "z", 0)].map(|(o, s, u)| (
            o,
            s.to_owned(),
            u
        ))
    );
    Ok(())
}

#[creole::test]
async fn a_statement_that_was_looked_at_is_written_as_ever(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Label]).await?;
    let (ours, dialect) = (&engine.scoped(OURS), engine.dialect());
    let key = (Label::owner, Label::slug);
    let (a, b) = (label("a"), [label("b"), label("c")]);
    let one = insert(&a);
    assert!(one.sql(dialect)?.contains("owner"));
    one.exec(ours).await?;
    let returning = insert(&b[0]).returning();
    returning.sql(dialect)?;
    assert_eq!(returning.one(ours).await?.owner, OURS);
    let upsert = insert_all(&b).on_conflict(key).update(Label::uses);
    upsert.sql(dialect)?;
    upsert.exec(ours).await?;
    let selected = || insert_from((Label::slug, Label::uses), select((Label::slug.concat("!"), Label::uses)));
    let copies = selected();
    assert!(copies.sql(dialect)?.contains("owner"));
    assert_eq!(copies.exec(ours).await?, 3);
    let copies = selected().on_conflict(key).update(Label::uses);
    assert!(copies.sql(dialect)?.contains("owner"));
    copies.exec(ours).await?;
    // Of two rows with one key, which the tenant tells apart from no other.
    let twice = select((Label::slug, Label::uses)).union_all(select((Label::slug, Label::uses + 1)));
    let twice = insert_from((Label::slug, Label::uses), twice).on_conflict(key).update(Label::uses);
    let error = twice.exec(ours).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    assert!(all(&engine).await?.iter().all(|(owner, ..)| *owner == OURS));
    Ok(())
}

#[creole::test]
async fn who_writes_for_all_says_whose_each_row_is(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Label]).await?;
    let everyone = &engine.all_tenants();
    let rows = [Label { owner: OURS, ..label("a") }, label("b")];
    let error = insert_all(&rows).exec(everyone).await.unwrap_err();
    assert_eq!((error.kind(), error.row()), (ErrorKind::InvalidValue, Some(1)), "{error}");
    let mut session = everyone.session();
    let nobodys = session.add(label("c"));
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::InvalidValue, Some(nobodys)));
    session.rollback().await?;
    assert_eq!(all(&engine).await?, []);
    Ok(())
}

#[creole::test]
async fn entities_exchange_what_is_unique_for_their_tenant(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Label]).await?;
    insert(&Label { owner: THEIRS, ..label("a") }).exec(&engine.all_tenants()).await?;
    let ours = engine.scoped(OURS);
    insert_all(&["a", "b"].map(label)).exec(&ours).await?;
    let mut session = ours.session();
    let [a, b] = Label::select().order_by(Label::slug).track(&mut session).await?[..] else { panic!("two") };
    session[a].slug = "b".into();
    session[b].slug = "a".into();
    session[b].uses = 5;
    session.commit().await?;
    let rows = [(OURS, "a", 5), (OURS, "b", 0), (THEIRS, "a", 0)];
    assert_eq!(all(&engine).await?, rows.map(|(owner, slug, uses)| (owner, slug.to_owned(), uses)));
    Ok(())
}
