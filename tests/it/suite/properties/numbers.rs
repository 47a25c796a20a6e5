//! Sums, averages and arithmetic of many numbers, beside the same in Rust.

use std::cmp::Ordering;

use bigdecimal::{BigDecimal, RoundingMode, Zero};
use creole::prelude::*;
use proptest::prelude::any;

use super::cells::decimals;
use super::values::values;

#[derive(Model, Debug, Clone)]
#[model(table = "pairs")]
struct Pair {
    #[model(primary_key)]
    id: i32,
    #[model(precision = 12, scale = 2)]
    price: Decimal,
    #[model(precision = 12, scale = 4, sqlite = scaled_integer)]
    rate: Decimal,
    count: i64,
    small: i32,
    weight: f64,
}

fn big(number: Decimal) -> BigDecimal {
    number.to_string().parse().expect("a number")
}

/// The number with that many digits after the point, rounded half away from zero.
fn rounded(number: &BigDecimal, digits: i64) -> BigDecimal {
    number.with_scale_round(digits, RoundingMode::HalfUp)
}

/// The quotient with that many digits after the point; `None` where the divisor is zero.
fn quotient(above: &BigDecimal, below: &BigDecimal, digits: i64) -> Option<BigDecimal> {
    if below.is_zero() {
        return None;
    }
    // More digits than decide between two neighbours, and none of them rounded.
    let above = above.with_scale(above.fractional_digit_count() + 60);
    let (above, above_scale) = above.into_bigint_and_exponent();
    let (below, below_scale) = below.clone().into_bigint_and_exponent();
    Some(rounded(&BigDecimal::new(above / below, above_scale - below_scale), digits))
}

fn pairs() -> Vec<Pair> {
    let prices = values([dec!(0), dec!(100), dec!(99.50), dec!(-0.01), dec!(9999999999.99)], decimals(12, 2));
    let rates = values([dec!(3), dec!(0), dec!(0.0001), dec!(-7), dec!(8)], decimals(12, 4));
    let counts = values([0, 1, -1, 7, -7], -1_000_000_000..1_000_000_000_i64);
    let smalls = values([i32::MAX, 0, i32::MIN, 2, -2], any::<i32>());
    let weights = values([0.5, 0.0, -0.25, 1e10, 3.0], -1e6..1e6);
    let numbers = prices.into_iter().zip(rates).zip(counts.into_iter().zip(smalls)).zip(weights).zip(0..);
    numbers
        .map(|((((price, rate), (count, small)), weight), id)| Pair { id, price, rate, count, small, weight })
        .collect()
}

async fn written(engine: &Engine) -> creole::Result<Vec<Pair>> {
    engine.create_all(tables![Pair]).await?;
    let pairs = pairs();
    let mut session = engine.session();
    for pair in &pairs {
        session.add(pair.clone());
    }
    session.commit().await?;
    Ok(pairs)
}

#[creole::test]
async fn decimals_are_computed_as_on_paper(engine: Engine) -> creole::Result<()> {
    let pairs = written(&engine).await?;
    let (price, rate) = (Pair::price, Pair::rate);
    let computed = select((Pair::id, price + rate, price - rate, price * rate, price / rate, price % rate))
        .order_by(Pair::id)
        .all(&engine)
        .await?;
    for (pair, (id, sum, difference, product, ratio, rest)) in pairs.iter().zip(computed) {
        let (a, b) = (big(pair.price), big(pair.rate));
        assert_eq!(pair.id, id);
        assert_eq!(big(sum), &a + &b, "{pair:?}");
        assert_eq!(big(difference), &a - &b, "{pair:?}");
        assert_eq!(big(product), &a * &b, "{pair:?}");
        assert_eq!(ratio.map(big), quotient(&a, &b, 10), "{pair:?}");
        assert_eq!(rest.map(big), (!b.is_zero()).then(|| &a % &b), "{pair:?}");
    }
    Ok(())
}

#[creole::test]
async fn computed_decimals_are_compared_and_sorted_by_value(engine: Engine) -> creole::Result<()> {
    let pairs = written(&engine).await?;
    let product = |pair: &Pair| big(pair.price) * big(pair.rate);
    for probe in pairs.iter().take(12) {
        let value = product(probe);
        let Ok(bound) = value.to_string().parse::<Decimal>() else { continue };
        let expression = || Pair::price * Pair::rate;
        let cases = [
            (expression().eq(bound), Ordering::is_eq as fn(Ordering) -> bool),
            (expression().lt(bound), Ordering::is_lt),
            (expression().ge(bound), Ordering::is_ge),
            (expression().is_in([bound, bound]), Ordering::is_eq),
            (expression().between(bound, bound), Ordering::is_eq),
        ];
        for (condition, wanted) in cases {
            let found = select(Pair::id).filter(condition).order_by(Pair::id).all(&engine).await?;
            let expected: Vec<i32> =
                pairs.iter().filter(|pair| wanted(product(pair).cmp(&value))).map(|pair| pair.id).collect();
            assert_eq!(found, expected, "{bound}");
        }
    }
    let found = select(Pair::id).order_by((Pair::price * Pair::rate, Pair::id)).all(&engine).await?;
    let mut sorted: Vec<&Pair> = pairs.iter().collect();
    sorted.sort_by_key(|pair| product(pair));
    assert_eq!(found, sorted.iter().map(|pair| pair.id).collect::<Vec<_>>());

    // 10.0 and 10.00 are one value, wherever they come from.
    let groups =
        select((Pair::price * Pair::rate, count_rows())).group_by(Pair::price * Pair::rate).all(&engine).await?;
    let mut products: Vec<BigDecimal> = pairs.iter().map(product).collect();
    products.sort();
    products.dedup();
    assert_eq!(groups.len(), products.len());
    assert_eq!(select(Pair::price * Pair::rate).distinct().count(&engine).await?, products.len() as u64);
    Ok(())
}

#[creole::test]
async fn sums_and_averages_of_decimals_are_exact(engine: Engine) -> creole::Result<()> {
    let pairs = written(&engine).await?;
    for rows in [1, 3, 7, pairs.len()] {
        let prices: Vec<BigDecimal> = pairs.iter().take(rows).map(|pair| big(pair.price)).collect();
        let total: BigDecimal = prices.iter().sum();
        let (found, average, least, greatest) =
            select((sum(Pair::price), avg(Pair::price), min(Pair::price * Pair::rate), max(Pair::price)))
                .filter(Pair::id.lt(rows as i32))
                .one(&engine)
                .await?;
        assert_eq!(found.map(big), Some(total.clone()), "the sum of {rows}");
        assert_eq!(average.map(big), quotient(&total, &BigDecimal::from(rows as u64), 8), "the average of {rows}");
        assert_eq!(greatest.map(big), prices.iter().max().cloned());
        let products = pairs.iter().take(rows).map(|pair| big(pair.price) * big(pair.rate));
        assert_eq!(least.map(big), products.min());
    }
    let mut once: Vec<BigDecimal> = pairs.iter().map(|pair| big(pair.price)).collect();
    once.sort();
    once.dedup();
    let found = select(sum(Pair::price).distinct()).one(&engine).await?;
    assert_eq!(found.map(big), Some(once.iter().sum()));
    let nothing = select((sum(Pair::price), avg(Pair::price), sum(Pair::count), avg(Pair::count), sum(Pair::weight)));
    assert_eq!(nothing.filter(Pair::id.lt(0)).one(&engine).await?, (None, None, None, None, None));
    Ok(())
}

#[allow(clippy::eq_op, reason = "the operands are columns: they are divided in the database")]
#[creole::test]
async fn integers_are_computed_without_a_fraction(engine: Engine) -> creole::Result<()> {
    let pairs = written(&engine).await?;
    let (count, small) = (Pair::count, Pair::small);
    let computed =
        select((count + 1, count - count, count * 3, count / 7, count % 7, count / count, small / 2, small % 3))
            .order_by(Pair::id)
            .all(&engine)
            .await?;
    for (pair, found) in pairs.iter().zip(computed) {
        let (n, s) = (pair.count, pair.small);
        let one = (n != 0).then_some(1);
        assert_eq!(found, (n + 1, 0, n * 3, Some(n / 7), Some(n % 7), one, Some(s / 2), Some(s % 3)), "{pair:?}");
    }
    // Wider than the columns: compared in 64 bits, though the columns have 32.
    let found = select(Pair::id).filter((small + small).gt(i32::MAX)).order_by(Pair::id).all(&engine).await?;
    let wider = |pair: &&Pair| i64::from(pair.small) * 2 > i64::from(i32::MAX);
    assert_eq!(found, pairs.iter().filter(wider).map(|pair| pair.id).collect::<Vec<_>>());

    let (total, average, doubles) = select((sum(count), avg(count), sum(small))).one(&engine).await?;
    let expected: i64 = pairs.iter().map(|pair| pair.count).sum();
    assert_eq!(total, Some(expected));
    assert_eq!(average, Some(expected as f64 / pairs.len() as f64));
    assert_eq!(doubles, Some(pairs.iter().map(|pair| i64::from(pair.small)).sum()));
    Ok(())
}

#[allow(clippy::eq_op, reason = "the operands are columns: they are divided in the database")]
#[creole::test]
async fn floats_are_computed_as_floats(engine: Engine) -> creole::Result<()> {
    let pairs = written(&engine).await?;
    let weight = Pair::weight;
    let computed =
        select((weight + 0.5, weight * weight, weight / 4.0, weight / weight)).order_by(Pair::id).all(&engine).await?;
    for (pair, found) in pairs.iter().zip(computed) {
        let w = pair.weight;
        assert_eq!(found, (w + 0.5, w * w, Some(w / 4.0), (w != 0.0).then_some(1.0)), "{pair:?}");
    }
    let (total, average) = select((sum(weight), avg(weight))).one(&engine).await?;
    let expected: f64 = pairs.iter().map(|pair| pair.weight).sum();
    let close = |found: Option<f64>, expected: f64| (found.expect("a sum") / expected - 1.0).abs() < 1e-9;
    assert!(close(total, expected) && close(average, expected / pairs.len() as f64), "{total:?} {average:?}");
    Ok(())
}

#[creole::test]
async fn what_is_assigned_is_rounded_to_the_column(engine: Engine) -> creole::Result<()> {
    let pairs = written(&engine).await?;
    let small = Pair::price.between(dec!(-99999999), dec!(99999999));
    let raised = update::<Pair>().set(Pair::price, Pair::price * dec!(1.005)).filter(small).exec(&engine).await?;
    let limit = big(dec!(99999999));
    let mut count = 0;
    let found = select((Pair::id, Pair::price)).order_by(Pair::id).all(&engine).await?;
    for (pair, (_, price)) in pairs.iter().zip(found) {
        let before = big(pair.price);
        let is_small = before.abs() <= limit;
        count += u64::from(is_small);
        let expected = if is_small { rounded(&(before * big(dec!(1.005))), 2) } else { before };
        assert_eq!(big(price), expected, "{pair:?}");
    }
    assert_eq!(raised, count);
    // Equal by value, however it was computed.
    let found = select(Pair::id).filter(Pair::price.eq(dec!(100.500))).all(&engine).await?;
    assert!(found.contains(&1), "{found:?}");

    let error = update::<Pair>().set(Pair::price, Pair::price * 1_000_000).filter(Pair::id.eq(4)).exec(&engine).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidValue);
    Ok(())
}

#[creole::test]
async fn a_sum_that_does_not_fit_is_an_error(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone)]
    #[model(table = "large")]
    struct Large {
        #[model(primary_key)]
        id: i32,
        number: i64,
        decimal: Decimal,
    }
    engine.create_all(tables![Large]).await?;
    for id in 0..200 {
        insert(&Large { id, number: i64::MAX / 100, decimal: dec!(999999999999999999.9999999999) })
            .exec(&engine)
            .await?;
    }
    insert(&Large { id: -1, number: 0, decimal: dec!(0.0000000001) }).exec(&engine).await?;
    let error = select(sum(Large::number)).one(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    let error = select(sum(Large::decimal)).one(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidValue, "{error}");
    // The average and the comparison have room, for neither is read as a whole.
    assert_eq!(select(max(Large::decimal)).having(sum(Large::decimal).gt(1)).all(&engine).await?.len(), 1);
    Ok(())
}
