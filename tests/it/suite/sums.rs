//! Integers beyond 64 bits: exact, or an error, and never a float in their place.

use creole::prelude::*;
use creole::query::FrameBound::{CurrentRow, Preceding};
use creole::query::{Expr, Select, window};

#[derive(Model, Debug, Clone, Copy)]
#[model(table = "amounts", check(small_enough = (Amount::small + Amount::small * 2).lt(1_000)))]
struct Amount {
    #[model(primary_key)]
    id: i32,
    amount: i64,
    small: i32,
}

/// Two numbers whose sum is too large, and one that takes it back.
async fn amounts(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Amount]).await?;
    for (id, amount) in [(1, i64::MAX - 1), (2, 3), (3, -5)] {
        insert(&Amount { id, amount, small: id }).exec(engine).await?;
    }
    Ok(())
}

async fn refused<R: Send + 'static>(engine: &Engine, select: Select<R>) {
    let error = select.all(engine).await.map(|rows| rows.len()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    // No float has been where an integer is read.
    assert!(!error.to_string().contains("float"), "{error}");
}

#[creole::test]
async fn a_sum_is_exact_or_an_error(engine: Engine) -> creole::Result<()> {
    amounts(&engine).await?;
    let total = |condition: Expr<bool>| select(sum(Amount::amount)).filter(condition);
    assert_eq!(total(Amount::id.ne(2)).one(&engine).await?, Some(i64::MAX - 6));
    refused(&engine, total(Amount::id.lt(3))).await;
    let pairs = sum(Amount::amount).over(window().order_by(Amount::id).rows(Preceding(1), CurrentRow));
    refused(&engine, select(pairs)).await;
    // Where nobody reads the sum, a server compares it exactly, and SQLite refuses it.
    let groups = |least: i64| {
        select(count_rows()).from(table::<Amount>()).filter(Amount::id.lt(3)).having(sum(Amount::amount).gt(least))
    };
    match groups(i64::MAX).all(&engine).await {
        Ok(rows) => assert_eq!(rows, [2]),
        Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}"),
    }
    // One more or less is seen.
    let exact = |wanted: i64| select(Amount::id).having(sum(Amount::amount).eq(wanted)).group_by(Amount::id);
    assert_eq!(exact(i64::MAX - 1).all(&engine).await?, [1]);
    assert_eq!(exact(i64::MAX).all(&engine).await?, [0; 0]);
    Ok(())
}

#[allow(clippy::eq_op, clippy::erasing_op, reason = "the operands are columns: they are computed in the database")]
#[creole::test]
async fn a_computed_integer_is_exact_or_an_error(engine: Engine) -> creole::Result<()> {
    amounts(&engine).await?;
    let amount = Amount::amount;
    for computed in [amount + 3, amount * 3 - 2, amount - (amount - 1) * -1, amount + Amount::amount, (amount + 9) * 0]
    {
        refused(&engine, select(computed.clone())).await;
        refused(&engine, select(Amount::id).filter(computed.clone().gt(i64::MAX))).await;
        refused(&engine, select(Amount::id).order_by(computed.clone())).await;
        refused(&engine, select(sum(computed.clone()))).await;
        let error = update::<Amount>().set(Amount::amount, computed).all_rows().exec(&engine).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    }
    refused(&engine, select((amount - amount + i64::MIN) / -1)).await;
    refused(&engine, select((amount + 9) / 2)).await;
    refused(&engine, select((amount + 9) % 2)).await;

    assert_eq!(select(amount + 1).filter(Amount::id.eq(1)).one(&engine).await?, i64::MAX);
    let exact = select(Amount::id).filter((amount + 1).eq(i64::MAX)).all(&engine).await?;
    assert_eq!(exact, [1]);
    assert_eq!(select(amount - 1).filter((amount + 1).lt(i64::MAX)).order_by(Amount::id).all(&engine).await?, [2, -6]);
    Ok(())
}

#[derive(Model, Debug, Clone, Copy)]
#[model(table = "digits")]
struct Digits {
    #[model(primary_key)]
    id: i32,
    #[model(precision = 28, scale = 0)]
    number: Decimal,
}

/// Servers compute with more digits than a program can read.
#[creole::test]
async fn a_sum_of_decimals_is_exact_or_an_error_of_one_kind(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Digits]).await?;
    let most = dec!(9999999999999999999999999999);
    for id in 0..9 {
        insert(&Digits { id, number: most }).exec(&engine).await?;
    }
    assert_eq!(select(sum(Digits::number)).filter(Digits::id.eq(1)).one(&engine).await?, Some(most));
    refused(&engine, select(sum(Digits::number))).await;
    refused(&engine, select(Digits::number * Digits::number)).await;
    refused(&engine, select((Digits::id, sum(Digits::number).over(window())))).await;
    Ok(())
}
