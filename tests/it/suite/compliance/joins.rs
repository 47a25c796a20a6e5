//! Joins, set operations, EXISTS, comparison with NULL, bits.
//!
//! | case | test |
//! | --- | --- |
//! | 61, 62, 64, 65 | `rows_are_joined` |
//! | 67, 68, 70, 71 | `arms_of_a_union` |
//! | 73 | `exists_or_not` |
//! | 74 | `null_is_the_same_as_null` |
//! | 76 | `bits_that_a_number_has_not`: signed on every database |
//! | 77 | `one_name_in_two_schemas`, where a test can make a schema |
//! | 374 | `quantified::*` in this suite |
//! | 373 | `sql::sources::rows_are_locked`; NO KEY UPDATE and KEY SHARE are not offered |

use creole::prelude::*;
use creole::query::val;

use crate::raw::Raw;

#[derive(Model, Debug, Clone)]
#[model(table = "a")]
struct A {
    #[model(primary_key)]
    id: i32,
}

#[derive(Model, Debug, Clone)]
#[model(table = "b")]
struct B {
    #[model(primary_key)]
    id: i32,
    #[model(references = A::id)]
    a_id: i32,
}

#[derive(Model, Debug, Clone)]
#[model(table = "pairs")]
struct Pair {
    #[model(primary_key)]
    id: i32,
    x: Option<i32>,
    y: Option<i32>,
}

async fn parents_and_children(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![A, B]).await?;
    for id in 1..=5 {
        insert(&A { id }).exec(engine).await?;
    }
    for (id, a_id) in [(1, 1), (2, 1), (4, 2), (5, 3)] {
        insert(&B { id, a_id }).exec(engine).await?;
    }
    Ok(())
}

async fn pairs(engine: &Engine, pairs: &[(Option<i32>, Option<i32>)]) -> creole::Result<()> {
    engine.create_all(tables![Pair]).await?;
    for (id, &(x, y)) in (1..).zip(pairs) {
        insert(&Pair { id, x, y }).exec(engine).await?;
    }
    Ok(())
}

#[creole::test]
async fn rows_are_joined(engine: Engine) -> creole::Result<()> {
    parents_and_children(&engine).await?;
    let rows = || select((A::id, B::id, B::a_id)).order_by((A::id, B::id));
    let expected = [(1, 1, 1), (1, 2, 1), (2, 4, 2), (3, 5, 3)];
    assert_eq!(rows().join(table::<B>()).all(&engine).await?, expected);
    assert_eq!(rows().join(table::<B>().on(A::id.eq(B::a_id))).all(&engine).await?, expected);
    assert_eq!(rows().join(table::<B>().on(val(1).eq(0))).all(&engine).await?, []);
    let outer = select((A::id, B::id.optional())).left_join(table::<B>().on(val(1).eq(0))).order_by(A::id);
    assert_eq!(outer.all(&engine).await?, [1, 2, 3, 4, 5].map(|id| (id, None)));
    Ok(())
}

#[creole::test]
async fn arms_of_a_union(engine: Engine) -> creole::Result<()> {
    parents_and_children(&engine).await?;
    let (small, large) = (select(A::id).filter(A::id.eq(2)), select(A::id).filter(A::id.eq(3)));
    assert_eq!(small.clone().union(large.clone()).order_by(A::id).all(&engine).await?, [2, 3]);
    let both = small.clone().union(large.clone()).subquery("both");
    let id = both.col(A::id);
    assert_eq!(select(id.clone()).from(&both).order_by(id).all(&engine).await?, [2, 3]);

    let distinct = select(B::a_id).distinct().union(select(A::id).distinct()).order_by(B::a_id).limit(2);
    assert_eq!(distinct.all(&engine).await?, [1, 2]);
    let ordered = small.clone().order_by(A::id).union(large.clone().order_by(A::id.desc()));
    assert_eq!(ordered.order_by(A::id.desc()).all(&engine).await?, [3, 2]);
    let limited = select(A::id).order_by(A::id).limit(1).union(select(A::id).order_by(A::id.desc()).limit(1));
    let limited = limited.subquery("limited");
    let id = limited.col(A::id);
    assert_eq!(select(id.clone()).from(&limited).order_by(id).all(&engine).await?, [1, 5]);
    Ok(())
}

#[creole::test]
async fn exists_or_not(engine: Engine) -> creole::Result<()> {
    parents_and_children(&engine).await?;
    let one = |found: i32| {
        select(val(1_i64)).from(table::<A>()).filter(exists(select(B::id).filter(B::a_id.eq(found)))).limit(1)
    };
    assert_eq!(one(1).all(&engine).await?, [1]);
    assert_eq!(one(4).all(&engine).await?, [0; 0]);
    Ok(())
}

#[creole::test]
async fn null_is_the_same_as_null(engine: Engine) -> creole::Result<()> {
    let cases = [(Some(0), Some(1)), (Some(1), Some(1)), (None, Some(1)), (Some(0), None), (None, None)];
    pairs(&engine, &cases).await?;
    let ids = async |condition: creole::query::Expr<bool>| {
        select(Pair::id).filter(condition).order_by(Pair::id).all(&engine).await
    };
    assert_eq!(ids(Pair::x.is_same(Pair::y)).await?, [2, 5]);
    assert_eq!(ids(not(Pair::x.is_same(Pair::y))).await?, [1, 3, 4]);
    Ok(())
}

#[creole::test]
async fn bits_that_a_number_has_not(engine: Engine) -> creole::Result<()> {
    pairs(&engine, &[(Some(0), None), (Some(1), None), (Some(2), None), (Some(3), None)]).await?;
    let positive = select(Pair::x).filter((Pair::x - 2).bit_not().gt(0));
    assert_eq!(positive.all(&engine).await?, [Some(0)]);
    Ok(())
}

#[creole::test]
async fn one_name_in_two_schemas(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(table = "a", schema = "other")]
    struct Other {
        #[model(primary_key)]
        id: i32,
    }
    parents_and_children(&engine).await?;
    // On MySQL a schema is a database, which is the whole server's.
    if engine.dialect().name() != "postgres" {
        return Ok(());
    }
    Raw::open(&creole::testing::url()).await?.run("CREATE SCHEMA other").await?;
    engine.create_table::<Other>().await?;
    insert(&Other { id: 1 }).exec(&engine).await?;
    let other = alias::<Other>("o");
    let pairs = || select((A::id, other.col(Other::id))).join(other.on(other.col(Other::id).eq(A::id)));
    assert_eq!(pairs().all(&engine).await?, [(1, 1)]);
    assert_eq!(pairs().filter(other.col(Other::id).eq(2)).count(&engine).await?, 0);
    let within = pairs().subquery("within");
    let again = select((A::id, within.col(other.col(Other::id)))).join(within.on(within.col(A::id).eq(A::id)));
    assert_eq!(again.all(&engine).await?, [(1, 1)]);
    // Under one name they are refused rather than mixed up.
    let error = select(A::id).join(table::<Other>().on(Other::id.eq(A::id))).all(&engine).await.unwrap_err();
    assert!(error.to_string().contains("called a"), "{error}");
    Ok(())
}
