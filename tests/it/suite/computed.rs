//! Windows, aggregates of some rows and functions, beside what they should yield.

use creole::prelude::*;
use creole::query::FrameBound::{CurrentRow, Following, Preceding, UnboundedFollowing, UnboundedPreceding};
use creole::query::{
    Expr, dense_rank, first_value, func, greatest, lag, last_value, lead, least, ntile, nullif, rank, row_number, val,
    window,
};

use super::queries::shop;
use crate::health::healthy;
use crate::models::{Order, Product, User, product, user};

#[creole::test]
async fn windows(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let per_user = || window().partition_by(Order::user_id).order_by(Order::id);
    let rows = select((
        row_number().over(per_user()),
        sum(Order::total).over(per_user()),
        lag(Order::total, 1).over(per_user()),
        lead(Order::total, 1).over(per_user()),
        first_value(Order::total).over(per_user()),
        last_value(Order::total).over(per_user().rows(UnboundedPreceding, UnboundedFollowing)),
        count_rows().over(per_user().rows(Preceding(1), CurrentRow)),
        avg(Order::total).over(window().partition_by(Order::user_id)),
    ))
    .order_by(Order::id)
    .all(&engine)
    .await?;
    let (ten, fifty, hundred) = (Some(dec!(10)), Some(dec!(99.5)), Some(dec!(100)));
    let average = Some(dec!(69.8333333333333333));
    let expected = [
        (1, ten, None, fifty, ten, hundred, 1, average),
        (2, Some(dec!(109.5)), ten, hundred, ten, hundred, 2, average),
        (3, Some(dec!(209.5)), fifty, None, ten, hundred, 2, average),
        (1, ten, None, None, ten, ten, 1, ten),
    ];
    assert_eq!(rows, expected);

    let by_total = || window().order_by(Order::total);
    let ranks = select((
        rank().over(by_total()),
        dense_rank().over(by_total()),
        ntile(2).over(window().order_by((Order::total, Order::id))),
    ))
    .order_by((Order::total, Order::id))
    .all(&engine)
    .await?;
    assert_eq!(ranks, [(1, 1, 1), (1, 1, 1), (3, 2, 2), (4, 3, 2)]);
    let next =
        select(count(Order::id).over(window().order_by(Order::id).rows(CurrentRow, Following(1)))).order_by(Order::id);
    assert_eq!(next.all(&engine).await?, [2, 2, 2, 1]);
    // The last order of each user, by a window in a subquery.
    let numbered =
        select((Order::id, row_number().over(window().partition_by(Order::user_id).order_by(Order::id.desc()))))
            .subquery("numbered");
    let place = || numbered.col(row_number().over(window().partition_by(Order::user_id).order_by(Order::id.desc())));
    let last = select(numbered.col(Order::id))
        .from(&numbered)
        .filter(place().eq(1))
        .order_by(numbered.col(Order::id))
        .all(&engine)
        .await?;
    assert_eq!(last, [3, 4]);
    Ok(())
}

#[creole::test]
async fn aggregates_of_some_rows(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let row = select((
        sum(Order::total).filter(Order::user_id.eq(1)),
        count(Order::id).filter(Order::total.gt(50)),
        avg(Order::total).filter(Order::total.lt(50)),
        max(Order::total).filter(Order::user_id.eq(9)),
        count(Order::total).distinct().filter(Order::total.lt(100)),
        count_rows().filter(Order::total.lt(100)),
    ));
    assert_eq!(row.one(&engine).await?, (Some(dec!(209.5)), 2, Some(dec!(10)), None, 2, 3));
    Ok(())
}

#[creole::test]
async fn functions(engine: Engine) -> creole::Result<()> {
    shop(&engine).await?;
    let rows = select((
        coalesce(User::nickname, User::email),
        nullif(User::email, "bob"),
        case(User::id.eq(1), "first").when(User::nickname.is_null(), "nameless").otherwise("other"),
        case(User::id.gt(1), 7_i64).end(),
        User::email.concat("@").concat(User::email),
        User::nickname.concat("!"),
    ))
    .order_by(User::id)
    .all(&engine)
    .await?;
    let text = String::from;
    assert_eq!(
        rows[0],
        (text("Countess"), Some(text("ada")), text("first"), None, text("ada@ada"), Some(text("Countess!")))
    );
    assert_eq!(rows[1], (text("bob"), None, text("nameless"), Some(7), text("bob@bob"), None));
    assert_eq!(rows[2].2, "other");

    let texts = select((
        User::email.replace("a", "ä").upper(),
        User::email.substring(1, 1),
        User::email.substring(0, 99),
        val(String::from("  x  ")).trim().length(),
        User::id.cast::<String>().concat("."),
    ));
    let first = texts.filter(User::id.eq(1)).one(&engine).await?;
    assert_eq!(first, (text("ÄDÄ"), text("d"), text("ada"), 1, text("1.")));

    let numbers = select((
        greatest(Order::total, dec!(50)),
        least(Order::total, dec!(50)),
        (Order::total * dec!(-1)).abs(),
        (Order::total / 3).round(1),
        Order::id.cast::<f64>() / 2.0,
        Order::id.cast::<Decimal>() / 4,
        Order::total.cast::<f64>(),
    ));
    let row = numbers.filter(Order::id.eq(2)).one(&engine).await?;
    let expected = (dec!(99.5), dec!(50), dec!(99.5), Some(dec!(33.2)), Some(1.0), Some(dec!(0.5)), 99.5);
    assert_eq!(row, expected);
    let extremes = select((greatest(User::nickname, User::email), least(User::nickname, User::nickname)))
        .order_by(User::id)
        .all(&engine)
        .await?;
    assert_eq!(extremes[0], (text("ada"), Some(text("Countess"))));
    assert_eq!(extremes[1], (text("bob"), None));

    let bits = select((Order::id.bit_and(2), Order::id.bit_or(8), Order::id.bit_not(), (Order::id - 5).bit_and(-1)));
    assert_eq!(bits.filter(Order::id.eq(3)).one(&engine).await?, (2, 11, -4, -2));
    assert_eq!(select(func::<i64>("abs", (Order::id - 4,))).filter(Order::id.eq(1)).one(&engine).await?, 3);
    let error = select(func::<i64>("abs(1); drop table users; --", (Order::id,))).all(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Syntax);
    assert_eq!(select(User::id).filter(User::nickname.is_same(None)).all(&engine).await?, [2]);
    assert_eq!(
        select(User::id).filter(not(User::nickname.is_same("Countess"))).order_by(User::id).all(&engine).await?,
        [2, 3]
    );
    Ok(())
}

/// A text is sorted as one, also where decimals decide which it is.
#[creole::test]
async fn texts_chosen_by_decimals_are_texts(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Product]).await?;
    for price in [dec!(3), dec!(10), dec!(9), dec!(25)] {
        insert(&product("p", "x", price)).exec(&engine).await?;
    }
    let number = || case::<i64, _>(Product::price.gt(dec!(5)), 10).otherwise(9).cast::<String>();
    let sorted = select(number()).order_by(number()).all(&engine).await?;
    assert_eq!(sorted, ["10", "10", "10", "9"]);
    let chosen = || case::<String, _>(Product::price.gt(dec!(5)), "10").otherwise("9");
    let sorted = select(chosen()).order_by(chosen()).all(&engine).await?;
    assert_eq!(sorted, ["10", "10", "10", "9"]);
    Ok(())
}

/// What creole lets pass, the database takes or has a limit for.
#[creole::test]
async fn what_nests_deeply_is_computed_or_beyond_a_limit(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![User]).await?;
    insert(&user("ada")).exec(&engine).await?;
    for levels in [10, 60, 250] {
        let first = || User::id.gt(0);
        // Rows that are looked for in subqueries would be joins to some planners, which try their orders.
        let value = |inner: Expr<bool>| select(max(User::id)).filter(inner).value().gt(0);
        let conditions = [
            (0..levels).fold(first(), |inner, level| match level % 2 {
                0 => inner.and(User::id.lt(9)),
                _ => inner.or(User::id.lt(0)),
            }),
            (0..levels / 2).fold(first(), |inner, _| not(not(inner))),
            (0..levels).fold(User::id + 0, |inner, _| inner + 1).gt(levels),
            (0..levels / 8).fold(first(), |inner, _| value(inner)),
        ];
        for (index, condition) in conditions.into_iter().enumerate() {
            match select(User::id).filter(condition).all(&engine).await {
                Ok(found) => assert_eq!(found, [1], "{index} {levels}"),
                Err(error) => {
                    let said = error.server_message();
                    assert_eq!(error.kind(), ErrorKind::Limit, "{index} {levels} {error} {said:?}");
                    assert!(levels > 10, "{index}: {error}");
                }
            }
        }
    }
    healthy(&engine).await;
    Ok(())
}
