//! Tuples of sixteen elements wherever there are tuples, keys included.

use creole::prelude::*;
use creole::query::{func, values};

/// A row of as many columns as a tuple has, with a key of as many as a key has.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "wide", unique(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p))]
struct Wide {
    #[model(primary_key)]
    a: i64,
    #[model(primary_key)]
    b: i64,
    #[model(primary_key)]
    c: i64,
    #[model(primary_key)]
    d: i64,
    #[model(primary_key)]
    e: i64,
    #[model(primary_key)]
    f: i64,
    #[model(primary_key)]
    g: i64,
    #[model(primary_key)]
    h: i64,
    #[model(primary_key)]
    i: i64,
    #[model(primary_key)]
    j: i64,
    #[model(primary_key)]
    k: i64,
    #[model(primary_key)]
    l: i64,
    m: i64,
    n: i64,
    o: i64,
    p: i64,
}

/// The same with all of them in the key.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "keyed")]
struct Keyed {
    #[model(primary_key)]
    a: i64,
    #[model(primary_key)]
    b: i64,
    #[model(primary_key)]
    c: i64,
    #[model(primary_key)]
    d: i64,
    #[model(primary_key)]
    e: i64,
    #[model(primary_key)]
    f: i64,
    #[model(primary_key)]
    g: i64,
    #[model(primary_key)]
    h: i64,
    #[model(primary_key)]
    i: i64,
    #[model(primary_key)]
    j: i64,
    #[model(primary_key)]
    k: i64,
    #[model(primary_key)]
    l: i64,
    #[model(primary_key)]
    m: i64,
    #[model(primary_key)]
    n: i64,
    #[model(primary_key)]
    o: i64,
    #[model(primary_key)]
    p: i64,
    note: String,
}

/// The same beside a key.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "sheets", default)]
struct Sheet {
    #[model(primary_key)]
    id: i64,
    a: i64,
    b: i64,
    c: i64,
    d: i64,
    e: i64,
    f: i64,
    g: i64,
    h: i64,
    i: i64,
    j: i64,
    k: i64,
    l: i64,
    m: i64,
    n: i64,
    o: i64,
    p: i64,
}

type Sixteen = (i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64, i64);

/// A row whose numbers go up from this one.
fn wide(from: i64) -> Wide {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = std::array::from_fn(|place| from + place as i64);
    Wide { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p }
}

/// The standard library compares no tuples of so many elements.
fn as_array(row: Sixteen) -> [i64; 16] {
    let (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) = row;
    [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
}

fn as_tuple(row: &Wide) -> Sixteen {
    let Wide { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p } = *row;
    (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)
}

macro_rules! all {
    () => {
        (
            Wide::a,
            Wide::b,
            Wide::c,
            Wide::d,
            Wide::e,
            Wide::f,
            Wide::g,
            Wide::h,
            Wide::i,
            Wide::j,
            Wide::k,
            Wide::l,
            Wide::m,
            Wide::n,
            Wide::o,
            Wide::p,
        )
    };
}

async fn rows(engine: &Engine) -> creole::Result<Vec<Wide>> {
    engine.create_all(tables![Wide]).await?;
    let rows = vec![wide(1), wide(20), wide(40)];
    insert_all(&rows).exec(engine).await?;
    Ok(rows)
}

fn arrays(rows: Vec<Sixteen>) -> Vec<[i64; 16]> {
    rows.into_iter().map(as_array).collect()
}

#[creole::test]
async fn sixteen_columns_are_selected_sorted_grouped_and_compared(engine: Engine) -> creole::Result<()> {
    let rows = rows(&engine).await?;
    let expected: Vec<[i64; 16]> = rows.iter().map(|row| as_array(as_tuple(row))).collect();
    let selected = select(all!()).order_by(all!()).all(&engine).await?;
    assert_eq!(arrays(selected), expected);
    let grouped = select(all!()).group_by(all!()).order_by(Wide::a).all(&engine).await?;
    assert_eq!(arrays(grouped), expected);
    let found = Wide::select().filter(all!().is_in([as_tuple(&rows[1]), as_tuple(&wide(2))])).all(&engine).await?;
    assert_eq!(found, rows[1..2]);
    let others = Wide::select().filter(all!().not_in([as_tuple(&rows[1])])).order_by(Wide::a).count(&engine).await?;
    assert_eq!(others, 2);
    let raw = sql!("select * from wide order by a").rows::<Sixteen>().all(&engine).await?;
    assert_eq!(arrays(raw), expected);
    let first = func::<i64>("coalesce", all!());
    assert_eq!(select(first.clone()).order_by(first).all(&engine).await?, [1, 20, 40]);
    Ok(())
}

#[creole::test]
async fn sixteen_values_are_a_row_and_go_into_sixteen_columns(engine: Engine) -> creole::Result<()> {
    let rows = rows(&engine).await?;
    let more = values("more", [as_tuple(&wide(60)), as_tuple(&wide(80))]);
    let columns = more.columns();
    let found = select(more.columns()).from(&more).order_by(columns.0).all(&engine).await?;
    assert_eq!(arrays(found)[1], as_array(as_tuple(&wide(80))));
    let written = insert_from(all!(), select(more.columns()).from(&more)).exec(&engine).await?;
    assert_eq!((written, Wide::select().count(&engine).await?), (2, 5));

    insert(&rows[0]).on_conflict(all!()).do_nothing().exec(&engine).await?;
    let changed = Wide { p: 0, ..rows[0].clone() };
    let key =
        (Wide::a, Wide::b, Wide::c, Wide::d, Wide::e, Wide::f, Wide::g, Wide::h, Wide::i, Wide::j, Wide::k, Wide::l);
    insert(&changed).on_conflict(key).update((Wide::m, Wide::n, Wide::o, Wide::p)).exec(&engine).await?;
    assert_eq!(Wide::select().count(&engine).await?, 5);
    assert_eq!(Wide::select().filter(Wide::a.eq(1)).one(&engine).await?, changed);
    Ok(())
}

#[creole::test]
async fn a_key_of_twelve_columns_finds_its_row(engine: Engine) -> creole::Result<()> {
    let rows = rows(&engine).await?;
    let key = (20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    assert_eq!(rows[1].key(), key);
    assert_eq!(Wide::find(key, &engine).await?.as_ref(), rows.get(1));
    let mut session = engine.session();
    let second = session.get::<Wide>(key).await?.unwrap();
    assert_eq!(session.get::<Wide>(key).await?, Some(second));
    session[second].p += 1;
    session.commit().await?;
    let changed = Wide { p: rows[1].p + 1, ..rows[1].clone() };
    assert_eq!(update_all(&[changed.clone(), rows[0].clone()]).exec(&engine).await?, 2);
    assert_eq!(delete_all(&rows[..1]).exec(&engine).await?, 1);
    assert_eq!(Wide::select().order_by(Wide::a).all(&engine).await?, [changed, rows[2].clone()]);
    Ok(())
}

#[creole::test]
async fn a_key_of_sixteen_columns_finds_its_row(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Keyed]).await?;
    let keyed = |from: i64, note: &str| {
        let Wide { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p } = wide(from);
        Keyed { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, note: note.into() }
    };
    let rows = [keyed(1, "one"), keyed(20, "twenty"), Keyed { p: 0, ..keyed(1, "other") }];
    insert_all(&rows).exec(&engine).await?;
    let key = as_tuple(&wide(1));
    assert_eq!(Keyed::find(key, &engine).await?.as_ref(), rows.first());
    let mut session = engine.session();
    let first = session.get::<Keyed>(key).await?.unwrap();
    assert_eq!(session.get::<Keyed>(key).await?, Some(first));
    session[first].note = "changed".into();
    let third = session.get::<Keyed>(rows[2].key()).await?.unwrap();
    session.delete(third);
    session.commit().await?;
    let left = Keyed::select().order_by(Keyed::a).all(&engine).await?;
    assert_eq!(left, [keyed(1, "changed"), keyed(20, "twenty")]);
    assert_eq!(update_all(&[keyed(20, "again")]).exec(&engine).await?, 1);
    assert_eq!(delete_all(&rows[..1]).exec(&engine).await?, 1);
    assert_eq!(Keyed::select().one(&engine).await?.note, "again");
    Ok(())
}

#[creole::test]
async fn sixteen_columns_are_updated(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Sheet]).await?;
    let columns = || {
        (
            Sheet::a,
            Sheet::b,
            Sheet::c,
            Sheet::d,
            Sheet::e,
            Sheet::f,
            Sheet::g,
            Sheet::h,
            Sheet::i,
            Sheet::j,
            Sheet::k,
            Sheet::l,
            Sheet::m,
            Sheet::n,
            Sheet::o,
            Sheet::p,
        )
    };
    let sheet = |id, p| Sheet { id, a: 1, p, ..Sheet::default() };
    for p in [1, 2] {
        insert(&sheet(1, p)).on_conflict(Sheet::id).update(columns()).exec(&engine).await?;
    }
    assert_eq!(Sheet::find(1, &engine).await?, Some(sheet(1, 2)));
    assert_eq!(update_all(&[sheet(1, 3)]).columns(columns()).exec(&engine).await?, 1);
    assert_eq!(Sheet::select().all(&engine).await?, [sheet(1, 3)]);
    Ok(())
}
