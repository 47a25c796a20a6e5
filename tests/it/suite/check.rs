//! Comparing models with the database: nothing after creating, and every kind of difference where there is one.

use chrono::{DateTime, NaiveDate, Utc};
use creole::inspect::{Aspect, Change, Difference, Differences, Object};
use creole::prelude::*;

use crate::models::{Account, Everything, MaybeEverything, Node, Order, Product, Shipment, Stock, User};

#[creole::test]
async fn after_creating_there_are_no_differences(engine: Engine) -> creole::Result<()> {
    let tables = tables![Order, Node, User, Product, Stock, Everything, MaybeEverything, Account, Shipment];
    engine.create_all(tables).await?;
    let differences = engine.check(tables).await?;
    assert!(differences.is_empty(), "{differences}");
    assert_eq!(differences.to_string(), "the database is as the models say");
    Ok(())
}

/// Models of one table, as it is in the database and as the program has it.
mod before {
    use creole::prelude::*;

    #[derive(Model)]
    #[model(table = "goods")]
    pub(super) struct Goods {
        #[model(primary_key)]
        pub(super) id: i32,
    }

    #[derive(Model)]
    #[model(table = "makers")]
    pub(super) struct Maker {
        #[model(primary_key)]
        pub(super) id: i32,
    }

    #[derive(Model)]
    #[model(
        table = "things",
        comment = "Old",
        unique(code),
        unique(renamed_key, name = "uq_old_name"),
        index(size),
        index(old_index),
        index(size, weight, name = "ix_changed"),
        index(weight, name = "ix_direction"),
        index(retyped, name = "ix_unique"),
        foreign_key(maker, references = Maker::id, on_delete = cascade),
        foreign_key(other, references = Maker::id, name = "fk_gone"),
        foreign_key(target, references = Maker::id, name = "fk_target"),
        check(size_is_small = Self::size.lt(10)),
        check(weight_is_kept = Self::weight.gt(0)),
        check(gone = Self::weight.lt(1_000))
    )]
    pub(super) struct Thing {
        #[model(primary_key)]
        id: i32,
        #[model(length = 10)]
        code: String,
        size: i32,
        weight: i32,
        renamed_key: i32,
        old_index: i32,
        retyped: i32,
        #[model(length = 10)]
        longer: String,
        nulls: Option<i32>,
        #[model(server_default = "1")]
        defaulted: i32,
        no_default: i32,
        #[model(length = 10)]
        folded: String,
        #[model(comment = "Old")]
        commented: i32,
        extra: i32,
        maker: i32,
        other: i32,
        target: i32,
    }

    #[derive(Model)]
    #[model(table = "numbered")]
    pub(super) struct Numbered {
        #[model(primary_key)]
        id: i64,
        #[model(length = 5)]
        part: String,
    }
}

mod after {
    use creole::prelude::*;

    pub(super) use super::before::{Goods, Maker};

    #[derive(Model)]
    #[model(
        table = "things",
        comment = "New",
        unique(renamed_key),
        unique(size, weight),
        index(size),
        index(code),
        index(weight, size, name = "ix_changed"),
        index(weight.desc(), name = "ix_direction"),
        unique_index(retyped, name = "ix_unique"),
        foreign_key(maker, references = Maker::id, on_update = cascade),
        foreign_key(target, references = Goods::id, name = "fk_target"),
        check(size_is_small = Self::size.lt(11)),
        check(weight_is_kept = Self::weight.gt(0)),
        check(new = Self::weight.ne(7))
    )]
    pub(super) struct Thing {
        #[model(primary_key)]
        id: i32,
        #[model(length = 10)]
        code: String,
        size: i32,
        weight: i32,
        renamed_key: i32,
        old_index: i32,
        retyped: i64,
        #[model(length = 20)]
        longer: String,
        nulls: i32,
        #[model(server_default = "2")]
        defaulted: i32,
        #[model(server_default = "3")]
        no_default: i32,
        #[model(length = 10, case_insensitive)]
        folded: String,
        #[model(comment = "New")]
        commented: i32,
        missing: i32,
        maker: i32,
        other: i32,
        target: i32,
    }

    #[derive(Model)]
    #[model(table = "numbered", default)]
    pub(super) struct Numbered {
        #[model(primary_key, auto)]
        id: i64,
        #[model(length = 5)]
        part: String,
    }

    #[derive(Model)]
    #[model(table = "numbered")]
    pub(super) struct TwoKeys {
        #[model(primary_key, length = 5)]
        part: String,
        #[model(primary_key)]
        id: i64,
    }
}

fn column(name: &str) -> Object {
    Object::Column(name.into())
}

/// The differences in an object, as pairs of an aspect and what each side says.
fn of<'d>(differences: &'d Differences, object: &Object) -> Vec<&'d Change> {
    differences.iter().filter(|difference| difference.object == *object).map(|difference| &difference.change).collect()
}

fn aspects(differences: &Differences, object: &Object) -> Vec<Aspect> {
    let aspect = |change: &&Change| match change {
        Change::Differs { aspect, .. } => Some(*aspect),
        _ => None,
    };
    of(differences, object).iter().filter_map(aspect).collect()
}

#[creole::test]
async fn every_kind_of_difference_is_seen(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![before::Goods, before::Maker, before::Thing]).await?;
    let before = engine.check(tables![before::Goods, before::Maker, before::Thing]).await?;
    assert!(before.is_empty(), "{before}");
    let differences = engine.check(tables![after::Goods, after::Maker, after::Thing]).await?;
    let is = |object: Object, change: Change| {
        assert_eq!(of(&differences, &object), [&change], "{object:?} in {differences}");
    };
    let differs = |object: Object, aspect: Aspect| {
        assert_eq!(aspects(&differences, &object), [aspect], "{object:?} in {differences}");
    };
    is(column("missing"), Change::Missing);
    is(column("extra"), Change::Extra);
    differs(column("retyped"), Aspect::Type);
    differs(column("longer"), Aspect::Type);
    differs(column("nulls"), Aspect::Nullability);
    differs(column("defaulted"), Aspect::Default);
    differs(column("no_default"), Aspect::Default);
    differs(column("folded"), Aspect::Collation);
    let unique = |name: &str| Object::Unique(name.into());
    is(unique("uq_things_code"), Change::Extra);
    is(unique("uq_things_size_weight"), Change::Missing);
    differs(unique("uq_things_renamed_key"), Aspect::Name);
    let index = |name: &str| Object::Index(name.into());
    is(index("ix_things_old_index"), Change::Extra);
    is(index("ix_things_code"), Change::Missing);
    differs(index("ix_changed"), Aspect::Columns);
    differs(index("ix_direction"), Aspect::Columns);
    differs(index("ix_unique"), Aspect::Uniqueness);
    let foreign = |name: &str| Object::ForeignKey(name.into());
    is(foreign("fk_gone"), Change::Extra);
    differs(foreign("fk_target"), Aspect::References);
    let actions = aspects(&differences, &foreign("fk_things_maker_makers"));
    assert_eq!(actions, [Aspect::OnDelete, Aspect::OnUpdate], "{differences}");
    let check = |name: &str| Object::Check(name.into());
    is(check("ck_things_gone"), Change::Extra);
    is(check("ck_things_new"), Change::Missing);
    differs(check("ck_things_size_is_small"), Aspect::Rule);
    let mut count = 23;
    if engine.dialect().name() != "sqlite" {
        differs(Object::Table, Aspect::Comment);
        differs(column("commented"), Aspect::Comment);
        count += 2;
    }
    assert_eq!(differences.len(), count, "nothing else differs: {differences}");
    assert!(differences.iter().all(|difference| difference.table.to_string() == "things"));
    Ok(())
}

#[creole::test]
async fn both_sides_are_in_the_report(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![before::Goods, before::Maker, before::Thing]).await?;
    let report = engine.check(tables![before::Goods, before::Maker, after::Thing]).await?.to_string();
    for line in [
        "things: the column missing is missing in the database",
        "things: the column extra is in the database only",
        "things: the column nulls: whether it takes NULL is yes, the model says no",
        "things: the index ix_changed: what it is over is size, weight, the model says weight, size",
        "things: the index ix_direction: what it is over is weight, the model says weight DESC",
        "things: the foreign key fk_target: what it refers to is makers (id), the model says goods (id)",
        "things: the foreign key fk_things_maker_makers: ON DELETE is CASCADE, the model says RESTRICT",
    ] {
        assert!(report.lines().any(|other| other == line), "{line} is not in\n{report}");
    }
    let name = engine.dialect().name();
    let retyped = match name {
        "sqlite" => {
            "the type is INTEGER CHECK (\"retyped\" BETWEEN -2147483648 AND 2147483647), the model says INTEGER"
        }
        "postgres" => "the type is integer, the model says bigint",
        _ => "the type is int, the model says bigint",
    };
    assert!(report.contains(&format!("things: the column retyped: {retyped}\n")), "{report}");
    Ok(())
}

#[creole::test]
async fn tables_that_only_one_side_has(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![before::Goods, before::Maker]).await?;
    let differences = engine.check(tables![before::Goods, after::Numbered]).await?;
    let difference = |table: &str, change| Difference::new(table.into(), Object::Table, change);
    let expected = [difference("numbered", Change::Missing), difference("makers", Change::Extra)];
    assert_eq!(differences.iter().cloned().collect::<Vec<_>>(), expected);
    let missing: Differences =
        differences.into_iter().filter(|difference| difference.change == Change::Missing).collect();
    assert_eq!(missing.to_string(), "numbered: the table is missing in the database");
    // A table given twice is compared once.
    assert_eq!(engine.check(tables![after::Numbered, after::Numbered]).await?.len(), 3);
    Ok(())
}

#[creole::test]
async fn primary_keys_and_numbering(engine: Engine) -> creole::Result<()> {
    engine.create_table::<before::Numbered>().await?;
    let differences = engine.check(tables![after::Numbered]).await?;
    assert_eq!(aspects(&differences, &column("id")), [Aspect::Generation], "{differences}");
    assert_eq!(differences.len(), 1, "{differences}");
    let differences = engine.check(tables![after::TwoKeys]).await?;
    assert_eq!(aspects(&differences, &Object::PrimaryKey), [Aspect::Columns], "{differences}");
    assert_eq!(differences.len(), 1, "{differences}");
    engine.drop_all(tables![before::Numbered]).await?;
    engine.create_table::<after::Numbered>().await?;
    let differences = engine.check(tables![before::Numbered]).await?;
    assert_eq!(aspects(&differences, &column("id")), [Aspect::Generation], "{differences}");
    Ok(())
}

/// Every operator there is, as each database keeps it.
#[creole::test]
async fn conditions_that_the_database_rewrites_are_the_same(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(
        table = "ruled",
        check(a = Self::number.between(-5, 5).or(Self::number.eq(100))),
        check(b = not(Self::number.between(10, 20))),
        check(c = Self::number.is_in([-1, 2, 3]).or(Self::number.not_in([4, 5]))),
        check(d = Self::number.is_in([7]).or(Self::flag)),
        check(e = Self::flag),
        check(f = not(Self::flag).or(Self::number.lt(1_000))),
        check(g = Self::maybe.is_null().or(Self::maybe.is_not_null())),
        check(h = Self::maybe.ne(3).and(not(Self::maybe.ne(4)).or(Self::maybe.ne(4)))),
        check(i = Self::text.like("a\\%b%").or(not(Self::text.like("x_'y")))),
        check(j = Self::text.ne("it's \\ \"odd\" `text` -- /* é 😀").or(Self::text.eq(""))),
        check(k = not(Self::number.gt(1).and(Self::number.le(-1)))),
        check(l = Self::number.eq(Self::id2).or(Self::number.ge(-32_000)).and(Self::text.is_in(["a", "b"]).or(Self::flag))),
        check(m = Self::text.not_in(["c"]).and(Self::text.not_in(["d", "e"]))),
        check(n = Self::price.ge(0).and(Self::price.lt(dec!(1000.50)))),
        check(o = Self::price.between(dec!(-0.5), 5).or(Self::price.is_in([dec!(1.10), dec!(2)])).or(Self::flag))
    )]
    struct Ruled {
        #[model(primary_key)]
        id: i32,
        number: i16,
        id2: i16,
        maybe: Option<i64>,
        flag: bool,
        #[model(length = 20, column = "größe ☕")]
        text: String,
        #[model(precision = 8, scale = 2, server_default = "1.50")]
        price: Decimal,
    }
    engine.create_table::<Ruled>().await?;
    let differences = engine.check(tables![Ruled]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}

/// Functions, arithmetic and the literals of every type, as each database keeps them.
#[creole::test]
async fn computed_conditions_are_the_same(engine: Engine) -> creole::Result<()> {
    #[derive(Model)]
    #[model(
        table = "computed",
        check(a = Self::text.lower().ne("x").and(Self::text.upper().ne("x"))),
        check(b = Self::text.length().gt(-1).and((Self::int + 1).gt(-5 - 1_000_000))),
        check(c = (Self::int - (Self::other - 2)).gt(-1_000_000).or((Self::int - Self::other - 2).lt(0))),
        check(d = (Self::int * (Self::other + 1)).lt(1_000_000).or((Self::int / 2).eq(Self::other))),
        check(e = (Self::price * dec!(1.5) + 1).gt(-5).or((Self::price / 3).is_null())),
        check(f = Self::float.gt(-1.5).or(Self::float.lt(1e100))),
        check(g = Self::uuid.ne(Uuid::from_u128(0x00ff))),
        check(h = Self::bytes.ne(vec![0, 255, 39, 92])),
        check(i = Self::date.gt(NaiveDate::from_ymd_opt(1999, 12, 31).unwrap_or_default())),
        check(j = Self::instant.gt(DateTime::<Utc>::UNIX_EPOCH)),
        check(k = (Self::int % 2).ne(7).or(Self::text.starts_with("a_%")).or(Self::text.ilike("A%")).or(Self::text.contains("b")))
    )]
    struct Computed {
        #[model(primary_key)]
        id: i32,
        #[model(length = 20)]
        text: String,
        int: i32,
        other: i32,
        #[model(precision = 8, scale = 2)]
        price: Decimal,
        float: f64,
        uuid: Uuid,
        #[model(length = 8)]
        bytes: Vec<u8>,
        date: NaiveDate,
        instant: DateTime<Utc>,
    }
    engine.create_table::<Computed>().await?;
    let differences = engine.check(tables![Computed]).await?;
    assert!(differences.is_empty(), "{differences}");
    Ok(())
}
