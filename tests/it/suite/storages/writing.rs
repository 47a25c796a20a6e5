//! Bulk inserts, rows of a SELECT and upserts, of columns in either form into columns in either form.

use creole::prelude::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "stored")]
struct Stored {
    #[model(primary_key, sqlite = text)]
    id: Uuid,
    #[model(unique, precision = 6, scale = 2, sqlite = scaled_integer)]
    code: Decimal,
    #[model(precision = 8, scale = 2, sqlite = scaled_integer)]
    amount: Option<Decimal>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "plain")]
struct Plain {
    #[model(primary_key)]
    id: Uuid,
    #[model(precision = 12, scale = 3)]
    code: Decimal,
    #[model(precision = 12, scale = 3)]
    amount: Option<Decimal>,
}

fn rows() -> Vec<Stored> {
    let row = |id, code, amount| Stored { id: Uuid::from_u128(id), code, amount };
    vec![row(1, dec!(12.00), Some(dec!(99.5))), row(2, dec!(-0.05), None), row(3, dec!(7.25), Some(dec!(0.01)))]
}

#[creole::test]
async fn many_rows_and_those_of_a_select(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stored, Plain]).await?;
    assert_eq!(insert_all(&rows()).returning().all(&engine).await?, rows());
    // Into the usual form, and back, rounded half away from zero.
    let to = (Plain::id, Plain::code, Plain::amount);
    insert_from(to, select((Stored::id, Stored::code, Stored::amount))).exec(&engine).await?;
    update::<Plain>().set(Plain::amount, dec!(12.005)).filter(Plain::code.eq(12)).exec(&engine).await?;
    let plain = Plain::select().order_by(Plain::code).all(&engine).await?;
    assert_eq!(plain.iter().map(|row| row.code).collect::<Vec<_>>(), [dec!(-0.05), dec!(7.25), dec!(12)]);
    delete::<Stored>().all_rows().exec(&engine).await?;
    let to = (Stored::id, Stored::code, Stored::amount);
    insert_from(to, select((Plain::id, Plain::code, Plain::amount))).exec(&engine).await?;
    let mut expected = rows();
    expected[0].amount = Some(dec!(12.01));
    assert_eq!(Stored::select().order_by(Stored::id).all(&engine).await?, expected);
    delete::<Stored>().all_rows().exec(&engine).await?;
    let too_large = insert_from(to, select((Plain::id, Plain::code * 1_000_000, Plain::amount))).exec(&engine).await;
    assert_eq!(too_large.unwrap_err().kind(), ErrorKind::InvalidValue);
    Ok(())
}

#[creole::test]
async fn upserts_by_keys_of_either_form(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Stored]).await?;
    insert_all(&rows()).exec(&engine).await?;
    let again = Stored { amount: Some(dec!(1.5)), ..rows()[0].clone() };
    let sum = Stored::amount + excluded(Stored::amount);
    let upserted = insert(&again).on_conflict(Stored::id).set(Stored::amount, sum).upserted(&engine).await?;
    assert!(format!("{upserted:?}").contains("Updated"), "{upserted:?}");
    assert_eq!(Stored::find(again.id, &engine).await?.and_then(|row| row.amount), Some(dec!(101)));
    let other = Stored { id: Uuid::from_u128(9), code: dec!(7.250), amount: Some(dec!(3)) };
    insert(&other).on_conflict(Stored::code).update(Stored::amount).exec(&engine).await?;
    let kept = Stored::select().filter(Stored::code.eq(dec!(7.25))).one(&engine).await?;
    assert_eq!((kept.id, kept.amount), (Uuid::from_u128(3), Some(dec!(3))));
    insert(&other).on_conflict(Stored::code).do_nothing().exec(&engine).await?;
    assert_eq!(Stored::select().count(&engine).await?, 3);
    Ok(())
}
