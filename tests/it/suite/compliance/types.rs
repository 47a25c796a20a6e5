//! Section G, scalar types.
//!
//! | Case | Test |
//! | --- | --- |
//! | 91, 92 integers around 2³¹ and beyond, in columns and as bare values | `integers_of_all_sizes` |
//! | 95 a bool column as a condition, and its opposite | `a_bool_column_is_a_condition` |
//! | 94, 97, 98, 104, 110 and the literals of 103, 127 to 131, 139 | `literals.rs` |
//! | 100 text without a length | `suite::types::what_was_written_reads_back_equal` |
//! | 101 texts put together | `texts_are_put_together` |
//! | 103 Unicode, one row, several, none, empty | `unicode_in_every_way` |
//! | 106 a nested structure | `suite::types::json::any_type_of_serdes_will_do` |
//! | 107, 115 decimals with their scale | `decimals_keep_their_scale` |
//! | 109 NULL of every type | `suite::types::none_and_some_of_every_type` |
//! | 112, 113 decimals written with an exponent | `decimals_of_very_different_sizes` |
//! | 116, 146 floats | `suite::types::numbers::floating_point_numbers_are_kept_to_the_last_bit` |
//! | 118 infinity | `suite::types::numbers::what_is_no_finite_number_is_kept_or_refused_before_it_is_sent` |
//! | 119 a bound float equals itself | `a_bound_value_equals_itself` |
//! | 121 a float is no decimal | the compiler, `derive/tests/ui/compared_types.rs` |
//! | 122 division of integers: creole's drops the fraction, and a cast keeps it | `division` |
//! | 124 division of decimals and floats | `division` |
//! | 127 to 131 dates and times | `suite::properties::cells` |
//! | 127 to 131 a NULL of each type beside its column | `a_null_of_each_type_beside_its_column` |
//! | 127 to 131, 142 types of a program's own | `suite::types::own`, `suite::types::newtypes` |
//! | 137 labels of enums | `labels_with_odd_letters` |
//! | 139, 140 UUIDs in two forms, returned too | `uuids_in_two_forms`, `suite::storages::uuids` |
//! | 143 what is out of range | `suite::bad_input::a_value_that_does_not_fit_is_refused_before_anything_is_sent` |
//! | 148 what is no bool | `suite::cross_read::what_is_read_is_exact_or_an_error`, and the compiler |
//!
//! Not applicable: 125 (there is no division that rounds down), 133 (no times of day with a zone), 134 and 145 (a datetime is
//! no date, and an instant no datetime, says the compiler), 136 (no intervals).

use creole::prelude::*;
use creole::query::val;

use crate::models::{Everything, Level, Points};
use crate::suite::types::ordinary;

const SENTENCE: &str = "Alors vous imaginez ma 🐍 surprise, au lever du jour, quand une drôle de petite 🐍 voix m’a réveillé. \
    Elle disait: « S’il vous plaît… dessine-moi 🐍 un mouton! »";

#[creole::test]
async fn integers_of_all_sizes(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "integers", default)]
    struct Row {
        #[model(primary_key, auto)]
        id: i64,
        value: Option<i64>,
    }
    engine.create_all(tables![Row]).await?;
    let large = 1_376_537_018_368_127_i64;
    let numbers = [2_147_483_646, 2_147_483_647, 2_147_483_648, 2_147_483_649, large];
    let numbers: Vec<i64> = numbers.into_iter().flat_map(|number| [number, -number]).chain([0]).collect();
    insert(&Row::default()).exec(&engine).await?;
    for &number in &numbers {
        insert(&Row { value: Some(number), ..Default::default() }).exec(&engine).await?;
    }
    for &number in &numbers {
        let found = Row::select().filter(Row::value.eq(number)).one(&engine).await?;
        assert_eq!(found.value, Some(number));
        let bare =
            select(val(number)).from(table::<Row>()).filter(val(number).eq(number)).limit(1).one(&engine).await?;
        assert_eq!(bare, number);
    }
    assert_eq!(Row::select().filter(Row::value.is_null()).one(&engine).await?.id, 1);
    Ok(())
}

#[creole::test]
async fn a_bool_column_is_a_condition(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone)]
    #[model(table = "flags")]
    struct Flag {
        #[model(primary_key)]
        id: i32,
        value: bool,
        maybe: Option<bool>,
    }
    engine.create_all(tables![Flag]).await?;
    for (id, value, maybe) in [(1, true, Some(true)), (2, false, Some(false)), (3, false, None)] {
        insert(&Flag { id, value, maybe }).exec(&engine).await?;
    }
    let ids = async |condition: creole::query::Expr<bool>| {
        select(Flag::id).filter(condition).order_by(Flag::id).all(&engine).await
    };
    assert_eq!(select(Flag::id).filter(Flag::value).all(&engine).await?, [1]);
    assert_eq!(ids(not(Flag::value)).await?, [2, 3]);
    assert_eq!(ids(Flag::maybe.eq(true)).await?, [1]);
    assert_eq!(ids(not(Flag::maybe.eq(true))).await?, [2]);
    assert_eq!(ids(Flag::value.eq(Flag::maybe)).await?, [1, 2]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq, Default)]
#[model(table = "texts")]
struct Text {
    #[model(primary_key)]
    id: i32,
    #[model(length = 250)]
    short: String,
    long: Option<String>,
}

#[creole::test]
async fn texts_are_put_together(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Text]).await?;
    insert(&Text { id: 1, short: "a".into(), long: Some("e".into()) }).exec(&engine).await?;
    let five = || Text::short.concat("b").concat("c").concat("d").concat(Text::long);
    let row = select((Text::short.concat("b"), five(), val("a".to_owned()).concat("b"))).one(&engine).await?;
    assert_eq!(row, ("ab".into(), Some("abcde".into()), "ab".into()));
    assert_eq!(select(Text::id).filter(five().eq("abcde")).all(&engine).await?, [1]);
    Ok(())
}

#[creole::test]
async fn unicode_in_every_way(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Text]).await?;
    let text = |id| Text { id, short: SENTENCE.into(), long: Some(SENTENCE.into()) };
    insert(&text(1)).exec(&engine).await?;
    let mut session = engine.session();
    for id in 2..5 {
        session.add(text(id));
    }
    session.add(Text { id: 5, ..Default::default() });
    session.add(Text { id: 6, long: Some(String::new()), ..Default::default() });
    session.commit().await?;
    let found = Text::select().order_by(Text::id).all(&engine).await?;
    assert_eq!(found[..4], (1..5).map(text).collect::<Vec<_>>());
    let ids = async |condition: creole::query::Expr<bool>| {
        select(Text::id).filter(condition).order_by(Text::id).all(&engine).await
    };
    assert_eq!(ids(Text::short.eq(SENTENCE).and(Text::long.eq(SENTENCE))).await?, [1, 2, 3, 4]);
    assert_eq!(ids(Text::long.is_null()).await?, [5]);
    assert_eq!(ids(Text::long.eq("")).await?, [6]);
    assert_eq!(
        select(Text::short.length()).filter(Text::id.eq(1)).one(&engine).await?,
        SENTENCE.chars().count() as i64
    );
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "amounts")]
struct Amount {
    #[model(primary_key)]
    id: i32,
    #[model(precision = 8, scale = 4)]
    money: Option<Decimal>,
    #[model(precision = 5, scale = 3)]
    small: Decimal,
    #[model(precision = 5, scale = 3, sqlite = scaled_integer)]
    counted: Decimal,
    #[model(precision = 18, scale = 14)]
    fine: Decimal,
    #[model(precision = 25, scale = 2)]
    large: Decimal,
}

const AMOUNT: Amount = Amount {
    id: 0,
    money: None,
    small: Decimal::ZERO,
    counted: Decimal::ZERO,
    fine: Decimal::ZERO,
    large: Decimal::ZERO,
};

#[creole::test]
async fn decimals_keep_their_scale(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Amount]).await?;
    let row = Amount { id: 1, money: Some(dec!(15.7563)), small: dec!(1.000), counted: dec!(1.000), ..AMOUNT };
    insert(&row).exec(&engine).await?;
    insert(&Amount { id: 2, small: dec!(1), counted: dec!(1), ..AMOUNT }).exec(&engine).await?;
    for found in Amount::select().order_by(Amount::id).all(&engine).await? {
        // Whatever was written, a column has as many digits after the point as its scale says.
        assert_eq!((found.small.to_string(), found.counted.to_string()), ("1.000".into(), "1.000".into()));
    }
    assert_eq!(select(Amount::id).filter(Amount::money.eq(dec!(15.7563))).all(&engine).await?, [1]);
    assert_eq!(select(Amount::id).filter(Amount::money.is_null()).all(&engine).await?, [2]);
    let sum = select(val(dec!(2.9)) + val(dec!(37.12))).from(table::<Amount>()).limit(1).one(&engine).await?;
    assert_eq!(sum, dec!(40.02));
    Ok(())
}

#[creole::test]
async fn decimals_of_very_different_sizes(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Amount]).await?;
    let scientific = |text: &str| Decimal::from_scientific(text).expect("a decimal");
    let fine = ["1E-2", "1E-3", "1E-4", "1E-5", "1E-6", "1E-7", "1E-8", "696E-12"].map(scientific);
    let fine = fine.into_iter().chain([
        dec!(0.01000005940696),
        dec!(0.00000005940696),
        dec!(0.00000000000696),
        dec!(0.70000000000696),
    ]);
    let large = ["4E+8", "5748E+15", "1.521E+15", "0.1E+12"].map(scientific);
    for (id, (fine, large)) in (1..).zip(fine.zip(large.into_iter().cycle())) {
        let row = Amount { id, fine, large, ..AMOUNT };
        insert(&row).exec(&engine).await?;
        assert_eq!(Amount::find(id, &engine).await?, Some(row));
        let found = select(Amount::id).filter(Amount::fine.eq(fine).and(Amount::large.eq(large))).all(&engine).await?;
        assert_eq!(found, [id], "{fine} {large}");
    }
    Ok(())
}

#[creole::test]
async fn a_bound_value_equals_itself(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Text]).await?;
    insert(&Text { id: 1, ..Default::default() }).exec(&engine).await?;
    let row = select((val(15.7563_f64), val(15.7563_f32), val(dec!(15.7563)), val("it's".to_owned()), val(true)))
        .from(table::<Text>())
        .filter(val(15.7563_f64).eq(15.7563).and(val(dec!(15.7563)).eq(dec!(15.7563))))
        .filter(val(15.7563_f32).eq(15.7563_f32))
        .one(&engine)
        .await?;
    assert_eq!(row, (15.7563, 15.7563, dec!(15.7563), "it's".into(), true));
    Ok(())
}

#[creole::test]
async fn division(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Text]).await?;
    insert(&Text { id: 10, ..Default::default() }).exec(&engine).await?;
    let row = select((
        val(15_i64) / Text::id.cast::<i64>(),
        val(-15_i64) / Text::id.cast::<i64>(),
        val(15_i64).cast::<f64>() / Text::id.cast::<f64>(),
        val(-15_i64).cast::<f64>() / Text::id.cast::<f64>(),
        val(dec!(5.52)) / val(dec!(2.4)),
    ))
    .one(&engine)
    .await?;
    assert_eq!(row, (Some(1), Some(-1), Some(1.5), Some(-1.5), Some(dec!(2.3))));
    let float = select(val(5.52) / 2.4).from(table::<Text>()).one(&engine).await?.expect("a number");
    assert!((float - 2.3).abs() < 1e-12, "{float}");
    Ok(())
}

/// The server must know the type of a NULL that is bound.
#[creole::test]
async fn a_null_of_each_type_beside_its_column(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Everything]).await?;
    insert(&ordinary(1)).exec(&engine).await?;
    macro_rules! check {
        ($($column:ident: $ty:ty),* $(,)?) => {$(
            let null = || val(None::<$ty>);
            let is_same = case(Everything::$column.le(null()), "comparable").otherwise("unknown");
            let row = select((is_same, coalesce(null(), Everything::$column), null())).one(&engine).await?;
            let value = select(Everything::$column).one(&engine).await?;
            assert_eq!(row, ("unknown".into(), value, None), stringify!($column));
        )*};
    }
    check! {
        flag: bool, tiny: i8, small: i16, int: i32, big: i64, utiny: u8, usmall: u16, uint: u32, ubig: u64,
        single: f32, double: f64, text: String, bytes: Vec<u8>, decimal: Decimal, uuid: Uuid, date: NaiveDate,
        time: NaiveTime, moment: NaiveDateTime, instant: DateTime<Utc>, level: Level, points: Points,
    }
    Ok(())
}

#[derive(DbEnum, Debug, Clone, Copy, PartialEq)]
enum Label {
    #[db_enum(rename = "a")]
    A,
    #[db_enum(rename = "b")]
    B,
    #[db_enum(rename = "a%")]
    Percent,
    #[db_enum(rename = "b%percent")]
    More,
    #[db_enum(rename = "réveillé")]
    Awake,
}

#[creole::test]
async fn labels_with_odd_letters(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "labels")]
    struct Row {
        #[model(primary_key)]
        id: i32,
        label: Option<Label>,
    }
    engine.create_all(tables![Row]).await?;
    let labels = [None, Some(Label::A), Some(Label::B), Some(Label::Percent), Some(Label::More), Some(Label::Awake)];
    for (id, label) in (0..).zip(labels) {
        insert(&Row { id, label }).exec(&engine).await?;
    }
    for (id, label) in (0..).zip(labels) {
        assert_eq!(Row::find(id, &engine).await?, Some(Row { id, label }));
        assert_eq!(select(Row::id).filter(Row::label.eq(label)).all(&engine).await?, [id]);
    }
    Ok(())
}

#[creole::test]
async fn uuids_in_two_forms(engine: Engine) -> creole::Result<()> {
    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "uuids")]
    struct Row {
        #[model(primary_key)]
        id: Uuid,
        #[model(sqlite = text)]
        text: Uuid,
        maybe: Option<Uuid>,
        #[model(sqlite = text)]
        maybe_text: Option<Uuid>,
    }
    engine.create_all(tables![Row]).await?;
    let [one, other] = [Uuid::now_v7(), Uuid::from_u128(0x0000_00ff_0000_4000_8000_00c0_ffee_0000)];
    let row = Row { id: one, text: other, maybe: Some(other), maybe_text: None };
    assert_eq!(insert(&row).returning().one(&engine).await?, row);
    let second = Row { id: other, text: one, maybe: None, maybe_text: Some(one) };
    assert_eq!(insert(&second).returning().one(&engine).await?, second);
    let found = async |condition: creole::query::Expr<bool>| Row::select().filter(condition).all(&engine).await;
    assert_eq!(found(Row::id.eq(one)).await?, std::slice::from_ref(&row));
    assert_eq!(found(Row::text.eq(other)).await?, std::slice::from_ref(&row));
    assert_eq!(found(Row::maybe.eq(other)).await?, std::slice::from_ref(&row));
    assert_eq!(found(Row::maybe_text.eq(one)).await?, std::slice::from_ref(&second));
    assert_eq!(found(Row::maybe_text.is_null()).await?, std::slice::from_ref(&row));
    Ok(())
}
