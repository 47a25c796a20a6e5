//! Numbers: keys without a sign that the database gives out, and floating point numbers to the last bit.

use creole::prelude::*;

use crate::health::healthy;
use crate::random::{Random, seed};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "parents", default)]
struct Parent {
    #[model(primary_key, auto)]
    id: u64,
    #[model(references = Parent::id, on_delete = set_null)]
    elder: Option<u64>,
    #[model(unique)]
    serial: u64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "children", default)]
struct Child {
    /// A key that is a foreign key, so that what refers to it leads to a number too.
    #[model(primary_key, references = Parent::id)]
    parent_id: u64,
    #[model(references = Parent::serial)]
    serial: Option<u64>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "toys", default)]
struct Toy {
    #[model(primary_key, auto)]
    id: u32,
    #[model(references = Child::parent_id)]
    child: u64,
}

#[creole::test]
async fn the_database_numbers_keys_without_a_sign(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Toy, Child, Parent]).await?;
    let first = insert(&Parent { serial: 10, ..Default::default() }).returning().one(&engine).await?;
    assert_eq!(first.id, 1);
    let mut session = engine.session();
    let parents: Vec<_> =
        (20..25).map(|serial| session.add(Parent { serial, elder: Some(first.id), ..Default::default() })).collect();
    session.flush().await?;
    let last = session[parents[4]].clone();
    assert_eq!((last.id, last.serial), (6, 24));
    session.add(Child { parent_id: last.id, serial: Some(last.serial) });
    session.flush().await?;
    let toy = session.add(Toy { child: last.id, ..Default::default() });
    session.commit().await?;
    assert_eq!(session[toy].id, 1);
    assert_eq!(Toy::select().filter(Toy::child.eq(6)).one(&engine).await?.child, 6);
    assert_eq!(Parent::select().filter(Parent::elder.eq(1)).count(&engine).await?, 5);
    let explicit = Parent { id: 1_000, serial: 1, elder: None };
    assert_eq!(insert(&explicit).returning().one(&engine).await?, explicit);
    let error = insert(&Child { parent_id: 999, serial: None }).exec(&engine).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
    Ok(())
}

#[creole::test]
async fn a_number_that_no_database_gives_out_is_refused(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Parent, Child]).await?;
    let highest = i64::MAX as u64;
    let row = Parent { id: highest, serial: highest, elder: Some(highest) };
    insert(&row).exec(&engine).await?;
    assert_eq!(Parent::find(highest, &engine).await?, Some(row.clone()));
    let errors = [
        ("id", insert(&Parent { id: highest + 1, ..row.clone() }).exec(&engine).await.unwrap_err()),
        ("elder", insert(&Parent { id: 5, elder: Some(u64::MAX), ..row.clone() }).exec(&engine).await.unwrap_err()),
        ("elder", update::<Parent>().set(Parent::elder, u64::MAX).all_rows().exec(&engine).await.unwrap_err()),
    ];
    for (column, error) in errors {
        assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
        assert_eq!((error.table(), error.columns().collect::<Vec<_>>()), (Some("parents"), vec![column]), "{error}");
    }
    let child = Child { parent_id: highest + 1, serial: None };
    let error = insert(&child).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.columns().next()), (ErrorKind::InvalidValue, Some("parent_id")), "{error}");
    healthy(&engine).await;
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq, Default)]
#[model(table = "samples")]
struct Sample {
    #[model(primary_key)]
    id: i32,
    single: f32,
    double: f64,
    maybe: Option<f32>,
}

#[creole::test]
async fn floating_point_numbers_are_kept_to_the_last_bit(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Sample]).await?;
    let mut singles =
        vec![0.0, 0.1, 1.0 / 3.0, f32::MIN, f32::MAX, f32::MIN_POSITIVE, f32::EPSILON, 1e-45, 16_777_217.0];
    let mut doubles = vec![0.0, 0.1, 1.0 / 3.0, f64::MIN, f64::MAX, f64::MIN_POSITIVE, f64::EPSILON, 5e-324];
    doubles.extend([9_007_199_254_740_993.0, 1e15, 1e16, -1e308]);
    let mut random = Random(seed());
    while doubles.len() < 256 {
        let bits = random.next();
        doubles.extend(Some(f64::from_bits(bits)).filter(|number| number.is_finite()));
        singles.extend(Some(f32::from_bits((bits >> 32) as u32)).filter(|number| number.is_finite()));
    }
    let mut session = engine.session();
    let rows: Vec<Sample> = (0..)
        .zip(doubles.iter().zip(singles.iter().cycle()))
        .map(|(id, (&double, &single))| Sample { id, single, double, maybe: Some(single) })
        .collect();
    for row in &rows {
        session.add(row.clone());
    }
    session.commit().await?;
    for (row, read) in rows.iter().zip(Sample::select().order_by(Sample::id).all(&engine).await?) {
        assert_eq!(row.double.to_bits(), read.double.to_bits(), "{:e}", row.double);
        assert_eq!(row.single.to_bits(), read.single.to_bits(), "{:e}", row.single);
    }
    for row in rows.iter().step_by(9) {
        let same = Sample::single.eq(row.single).and(Sample::double.eq(row.double)).and(Sample::maybe.eq(row.single));
        let found = Sample::select().filter(same.and(Sample::id.eq(row.id))).count(&engine).await?;
        assert_eq!(found, 1, "{:e} {:e}", row.single, row.double);
        let below = Sample::select().filter(Sample::double.lt(row.double)).count(&engine).await?;
        assert_eq!(below, rows.iter().filter(|other| other.double < row.double).count() as u64);
        let above = Sample::select().filter(Sample::single.gt(row.single)).count(&engine).await?;
        assert_eq!(above, rows.iter().filter(|other| other.single > row.single).count() as u64);
    }
    Ok(())
}

#[creole::test]
async fn zero_is_zero_whatever_its_sign(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Sample]).await?;
    let row = Sample { id: 1, single: -0.0, double: -0.0, maybe: Some(0.0) };
    insert(&row).exec(&engine).await?;
    assert_eq!(Sample::find(1, &engine).await?, Some(row));
    for zero in [0.0, -0.0] {
        assert_eq!(Sample::select().filter(Sample::double.eq(zero)).count(&engine).await?, 1);
        assert_eq!(Sample::select().filter(Sample::single.le(zero as f32)).count(&engine).await?, 1);
        assert_eq!(Sample::select().filter(Sample::double.lt(zero)).count(&engine).await?, 0);
    }
    Ok(())
}

#[creole::test]
async fn what_is_no_finite_number_is_kept_or_refused_before_it_is_sent(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Sample]).await?;
    let name = engine.dialect().name();
    for (id, double) in (0..).zip([f64::NAN, f64::INFINITY, f64::NEG_INFINITY]) {
        let single = double as f32;
        let is_kept = name == "postgres" || name == "sqlite" && !double.is_nan();
        let results = [
            ("double", insert(&Sample { id, double, ..Default::default() }).exec(&engine).await.map(drop)),
            (
                "maybe",
                insert(&Sample { id: id + 9, maybe: Some(single), ..Default::default() }).exec(&engine).await.map(drop),
            ),
            ("single", update::<Sample>().set(Sample::single, single).all_rows().exec(&engine).await.map(drop)),
            (
                "",
                Sample::select()
                    .filter(Sample::double.eq(double))
                    .count(&engine)
                    .await
                    .map(|found| assert_eq!(found, 1)),
            ),
        ];
        for (column, result) in results {
            match result {
                Ok(()) => assert!(is_kept, "{column} {double} on {name}"),
                Err(error) => {
                    assert!(!is_kept, "{column} {double} on {name}: {error}");
                    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
                    assert_eq!(error.columns().next().unwrap_or_default(), column, "{error}");
                }
            }
        }
        if is_kept {
            let read = Sample::find(id, &engine).await?.unwrap();
            assert_eq!((read.double.to_bits(), read.single.to_bits()), (double.to_bits(), single.to_bits()));
        }
    }
    healthy(&engine).await;
    Ok(())
}
