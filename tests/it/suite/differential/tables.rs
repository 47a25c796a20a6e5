//! Five tables with NULLs, equal values, empty and odd texts.

use creole::prelude::*;
use creole::query::{Alias, Expr, JoinOn, Select};

use super::Random;
use super::statements::Row;

/// What the tables have in common, without their type.
#[derive(Clone, Copy)]
pub(super) struct Table {
    pub(super) columns: fn(&'static str) -> Columns,
    pub(super) on: fn(&'static str, Expr<bool>) -> JoinOn,
    pub(super) rows_from: From<Row>,
    pub(super) numbers_from: From<Option<i64>>,
}

/// Makes a SELECT take its rows from a table under some name.
type From<R> = fn(Select<R>, &'static str) -> Select<R>;

/// The columns of a table under some name.
#[derive(Clone)]
pub(super) struct Columns {
    pub(super) id: Expr<Option<i64>>,
    pub(super) number: Expr<Option<i64>>,
    pub(super) decimal: Expr<Option<Decimal>>,
    pub(super) text: Expr<Option<String>>,
    pub(super) flag: Expr<Option<bool>>,
}

macro_rules! tables {
    ($($model:ident $name:literal;)*) => {
        $(
            #[derive(Model, Debug, Clone)]
            #[model(table = $name)]
            pub(super) struct $model {
                #[model(primary_key)]
                id: i64,
                number: Option<i64>,
                #[model(precision = 12, scale = 2)]
                decimal: Option<Decimal>,
                text: Option<String>,
                flag: Option<bool>,
            }

            impl $model {
                fn table() -> Table {
                    Table {
                        columns: |name| {
                            let alias: Alias<$model> = alias(name);
                            Columns {
                                id: alias.col($model::id).optional(),
                                number: alias.col($model::number),
                                decimal: alias.col($model::decimal),
                                text: alias.col($model::text),
                                flag: alias.col($model::flag),
                            }
                        },
                        on: |name, condition| alias::<$model>(name).on(condition),
                        rows_from: |select, name| select.from(alias::<$model>(name)),
                        numbers_from: |select, name| select.from(alias::<$model>(name)),
                    }
                }
            }
        )*

        /// The tables.
        pub(super) fn all() -> Vec<Table> {
            vec![$($model::table()),*]
        }

        /// Creates the tables with the same rows everywhere.
        pub(super) async fn create(engine: &Engine) -> creole::Result<()> {
            engine.create_all(creole::tables![$($model),*]).await?;
            let mut random = Random(7);
            let mut session = engine.session();
            $(
                for id in 1..=9 {
                    session.add($model {
                        id,
                        number: random.pick(NUMBERS),
                        decimal: random.pick(DECIMALS),
                        text: random.pick(TEXTS).map(String::from),
                        flag: random.pick(&[None, Some(true), Some(false)]),
                    });
                }
            )*
            session.commit().await
        }
    };
}

tables! {
    First "first";
    Second "second";
    Third "third";
    Fourth "fourth";
    Fifth "fifth";
}

const NUMBERS: &[Option<i64>] = &[None, None, Some(0), Some(1), Some(1), Some(2), Some(-3), Some(7), Some(90)];
const DECIMALS: &[Option<Decimal>] =
    &[None, None, Some(dec!(0)), Some(dec!(1)), Some(dec!(1.50)), Some(dec!(-2.25)), Some(dec!(100)), Some(dec!(99.5))];
const TEXTS: &[Option<&str>] = &[
    None,
    None,
    Some(""),
    Some("a"),
    Some("A"),
    Some("a "),
    Some("ä"),
    Some("Äb"),
    Some("%"),
    Some("_"),
    Some("\\"),
    Some("'"),
    Some("\u{1F600}"),
    Some("abc"),
];
