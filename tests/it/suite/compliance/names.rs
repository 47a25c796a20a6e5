//! Names with signs in them.
//!
//! | case | test |
//! | --- | --- |
//! | 233, 235 | `columns_of_any_name` |
//! | 236 | `a_table_with_per_cents` |
//! | 238 | `the_case_of_names_is_kept` |
//! | 239, 241 | `keys_between_tables_of_any_name` |
//! | 242 | every name is quoted: all of `sql::*` |

use creole::prelude::*;
use creole::sql;

#[derive(Model, Debug, Clone, PartialEq, Default)]
#[model(table = "difficult")]
struct Difficult {
    #[model(primary_key)]
    id: i32,
    #[model(column = "per cent", length = 10)]
    a: String,
    #[model(column = "per % cent", length = 10)]
    b: String,
    #[model(column = "%percent", length = 10)]
    c: String,
    #[model(column = "par(ens)", length = 10)]
    d: String,
    #[model(column = "percent%(ens)yah", length = 10)]
    e: String,
    #[model(column = "col:ons", length = 10)]
    f: String,
    #[model(column = "_starts_with_underscore", length = 10)]
    g: String,
    #[model(column = "dot.s", length = 10)]
    h: String,
    #[model(column = "more :: %colons%", length = 10)]
    i: String,
    #[model(column = "___name", length = 10)]
    j: String,
    #[model(column = "[BracketsAndCase]", length = 10)]
    k: String,
    #[model(column = "42numbers", length = 10)]
    l: String,
    #[model(column = "/slashes/", length = 10)]
    m: String,
    #[model(column = "q?marks", length = 10)]
    n: String,
    #[model(column = "1col:on", length = 10)]
    o: String,
    #[model(column = "quote ' one", length = 10)]
    p: String,
    #[model(column = "quote \" two", length = 10)]
    q: String,
    #[model(column = "back`tick\\", length = 10)]
    r: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "percent%table", default)]
struct Percent {
    #[model(primary_key, auto)]
    id: i32,
    #[model(column = "percent%")]
    percent: i32,
    #[model(column = "spaces % more spaces")]
    spaces: i32,
}

#[creole::test]
async fn columns_of_any_name(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Difficult]).await?;
    let row = |id: i32| {
        let text = |letter: char| format!("{letter}{id}");
        Difficult {
            id,
            a: text('a'),
            b: text('b'),
            c: text('c'),
            d: text('d'),
            e: text('e'),
            f: text('f'),
            g: text('g'),
            h: text('h'),
            i: text('i'),
            j: text('j'),
            k: text('k'),
            l: text('l'),
            m: text('m'),
            n: text('n'),
            o: text('o'),
            p: text('p'),
            q: text('q'),
            r: text('r'),
        }
    };
    for id in 1..=4 {
        insert(&row(id)).exec(&engine).await?;
    }
    assert_eq!(Difficult::find(3, &engine).await?, Some(row(3)));
    let columns = [
        (Difficult::a, 'a'),
        (Difficult::b, 'b'),
        (Difficult::c, 'c'),
        (Difficult::d, 'd'),
        (Difficult::e, 'e'),
        (Difficult::f, 'f'),
        (Difficult::g, 'g'),
        (Difficult::h, 'h'),
        (Difficult::i, 'i'),
        (Difficult::j, 'j'),
        (Difficult::k, 'k'),
        (Difficult::l, 'l'),
        (Difficult::m, 'm'),
        (Difficult::n, 'n'),
        (Difficult::o, 'o'),
        (Difficult::p, 'p'),
        (Difficult::q, 'q'),
        (Difficult::r, 'r'),
    ];
    for (column, letter) in columns {
        let text = |id: i32| format!("{letter}{id}");
        let found = select(column).filter(column.eq(text(2))).all(&engine).await?;
        assert_eq!(found, [text(2)], "{column:?}");
        let listed = select(Difficult::id).filter(column.is_in([text(4), text(1)])).order_by(column);
        assert_eq!(listed.all(&engine).await?, [1, 4], "{column:?}");
        let grouped = select((column, count_rows())).group_by(column).order_by(column.desc()).limit(1);
        assert_eq!(grouped.all(&engine).await?, [(text(4), 1)], "{column:?}");
        let other = alias::<Difficult>("per % c?nt ' \" ` :other");
        let joined = select(other.col(column))
            .from(table::<Difficult>())
            .join(other.on(other.col(column).eq(column)))
            .filter(column.eq(text(1)));
        assert_eq!(joined.all(&engine).await?, [text(1)], "{column:?}");
        let raw = sql!("SELECT {column} FROM {table::<Difficult>()} WHERE {column} = {text(3)}");
        assert_eq!(raw.scalars::<String>().all(&engine).await?, [text(3)], "{column:?}");
        let changed = update::<Difficult>().set(column, "new").filter(column.eq(text(1))).exec(&engine).await?;
        assert_eq!(changed, 1, "{column:?}");
    }
    assert!(engine.check(tables![Difficult]).await?.is_empty());
    Ok(())
}

#[creole::test]
async fn a_table_with_per_cents(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Percent]).await?;
    for (percent, spaces) in [(5, 10), (7, 9), (9, 8), (11, 7)] {
        let row = insert(&Percent { percent, spaces, ..Default::default() }).returning().one(&engine).await?;
        assert_eq!((row.percent, row.spaces), (percent, spaces));
    }
    let found = select(Percent::percent).filter(Percent::spaces.is_in([9, 10])).order_by(Percent::percent);
    assert_eq!(found.all(&engine).await?, [5, 7]);
    let other = alias::<Percent>("spaces % other");
    let found = select(other.col(Percent::spaces)).from(other).order_by(other.col(Percent::percent).desc());
    assert_eq!(found.all(&engine).await?, [7, 8, 9, 10]);
    update::<Percent>().set(Percent::spaces, 15).filter(Percent::percent.ge(9)).exec(&engine).await?;
    let found = select(Percent::spaces).order_by(Percent::percent).all(&engine).await?;
    assert_eq!(found, [10, 9, 15, 15]);
    Ok(())
}

#[creole::test]
async fn the_case_of_names_is_kept(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "MixedCase")]
    struct Mixed {
        #[model(primary_key)]
        all_lowercase: i32,
        #[model(column = "ALL_UPPERCASE")]
        upper: i32,
        #[model(column = "MixedCase")]
        mixed: i32,
    }
    #[derive(FromRow, Debug, PartialEq)]
    struct Read {
        all_lowercase: i32,
        #[from_row(rename = "ALL_UPPERCASE")]
        upper: i32,
        #[from_row(rename = "MixedCase")]
        mixed: i32,
    }
    engine.create_all(tables![Mixed]).await?;
    insert(&Mixed { all_lowercase: 1, upper: 2, mixed: 3 }).exec(&engine).await?;
    let expected = Read { all_lowercase: 1, upper: 2, mixed: 3 };
    let built = select((Mixed::mixed, Mixed::upper, Mixed::all_lowercase)).read_as::<Read>();
    assert_eq!(built.one(&engine).await?, expected);
    let raw = sql!("SELECT {Mixed::mixed}, {Mixed::upper}, {Mixed::all_lowercase} FROM {table::<Mixed>()}");
    assert_eq!(raw.read_as::<Read>().one(&engine).await?, expected);
    Ok(())
}

#[creole::test]
async fn keys_between_tables_of_any_name(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone)]
    #[model(table = "[brackets] per % cent", unique(a, b))]
    struct Parent {
        #[model(primary_key, column = "(3)")]
        id: i32,
        #[model(column = "col%p")]
        a: i32,
        #[model(column = "[brack]")]
        b: i32,
    }
    #[derive(Model, Debug, Clone)]
    #[model(table = "quote ' \" (2)", foreign_key(x, y, references = (Parent::a, Parent::b)), index(x, y))]
    struct Child {
        #[model(primary_key, column = "quote \" two")]
        id: i32,
        #[model(references = Parent::id, column = "quote ' one")]
        parent: i32,
        #[model(column = "col%x")]
        x: i32,
        #[model(column = "[y]")]
        y: i32,
    }
    let tables = tables![Child, Parent];
    engine.create_all(tables).await?;
    assert!(engine.check(tables).await?.is_empty());
    let found = engine.inspect().table(Child::table()).await?;
    let mut keys: Vec<_> = found
        .foreign_keys
        .iter()
        .map(|key| (key.columns.clone(), key.table.name.clone(), key.references.clone()))
        .collect();
    keys.sort();
    let parent = || "[brackets] per % cent".to_string();
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let mut expected = vec![
        (names(&["quote ' one"]), parent(), names(&["(3)"])),
        (names(&["col%x", "[y]"]), parent(), names(&["col%p", "[brack]"])),
    ];
    expected.sort();
    assert_eq!(keys, expected);

    insert(&Parent { id: 1, a: 2, b: 3 }).exec(&engine).await?;
    insert(&Child { id: 1, parent: 1, x: 2, y: 3 }).exec(&engine).await?;
    let error = insert(&Child { id: 2, parent: 9, x: 2, y: 3 }).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation);
    assert_eq!(error.table(), Some("quote ' \" (2)"));
    engine.drop_all(tables).await
}
