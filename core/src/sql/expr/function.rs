//! Functions that every database has under some name, or can be given.

use crate::sql::expr::Expr;
use crate::sql::expr::common;
use crate::types::ColumnType;

/// Of which type a function's values are.
enum Yields {
    /// Always of this one.
    Type(ColumnType),
    /// Of the first argument's.
    First,
    /// Of the type that all arguments have in common.
    Common,
}

/// When a function's value can be NULL.
enum Null {
    /// Where an argument is.
    WithAny,
    /// Where all arguments are.
    WithAll,
    /// Whatever the arguments are.
    Perhaps,
}

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident => $sql:literal, $yields:expr, $null:ident;)*) => {
        /// A function, with one meaning on every database.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Function { $($(#[$doc])* $variant,)* }

        impl Function {
            /// The standard spelling, or the commonest.
            pub fn sql(self) -> &'static str {
                match self { $(Function::$variant => $sql,)* }
            }

            fn yields(self) -> Yields {
                match self { $(Function::$variant => $yields,)* }
            }

            fn null(self) -> Null {
                match self { $(Function::$variant => Null::$null,)* }
            }
        }
    };
}

functions! {
    /// The text in lower case: each letter that Unicode pairs with one other letter.
    Lower => "lower", TEXT, WithAny;
    /// The text in upper case: each letter that Unicode pairs with one other letter.
    Upper => "upper", TEXT, WithAny;
    /// How many characters a text has.
    Length => "char_length", INTEGER, WithAny;
    /// The text without the blanks around it.
    Trim => "trim", TEXT, WithAny;
    /// The text with each occurrence of another replaced by a third.
    Replace => "replace", TEXT, WithAny;
    /// So many characters of a text from one of them on, the first being 1.
    Substring => "substring", TEXT, WithAny;
    /// The first argument that is not NULL.
    Coalesce => "coalesce", Yields::Common, WithAll;
    /// The first argument, or NULL where it is equal to the second.
    NullIf => "nullif", Yields::First, Perhaps;
    /// The greatest argument that is not NULL.
    Greatest => "greatest", Yields::Common, WithAll;
    /// The least argument that is not NULL.
    Least => "least", Yields::Common, WithAll;
    /// The number without its sign.
    Abs => "abs", Yields::First, WithAny;
    /// The year of a day.
    Year => "year", INTEGER, WithAny;
    /// The month of a day, from 1.
    Month => "month", INTEGER, WithAny;
    /// The day of the month, from 1.
    Day => "day", INTEGER, WithAny;
    /// The hour of a time, from 0.
    Hour => "hour", INTEGER, WithAny;
    /// The minute of a time, from 0.
    Minute => "minute", INTEGER, WithAny;
    /// The second of a time, from 0, without its fraction.
    Second => "second", INTEGER, WithAny;
    /// The day of the week, from 1 for Monday to 7 for Sunday.
    Weekday => "weekday", INTEGER, WithAny;
    /// The day of the year, from 1.
    DayOfYear => "dayofyear", INTEGER, WithAny;
    /// The present instant, by the database's clock.
    Now => "now", Yields::Type(ColumnType::Instant), WithAny;
}

const TEXT: Yields = Yields::Type(ColumnType::TEXT);
const INTEGER: Yields = Yields::Type(ColumnType::I64);

impl Function {
    /// The type of its values, where that of its arguments is known.
    pub fn ty(self, arguments: &[Expr]) -> Option<ColumnType> {
        match self.yields() {
            Yields::Type(ty) => Some(ty),
            Yields::First => arguments.first()?.ty(),
            Yields::Common => common(arguments),
        }
    }

    pub(super) fn is_nullable(self, arguments: &[Expr]) -> bool {
        match self.null() {
            Null::WithAny => arguments.iter().any(Expr::is_nullable),
            Null::WithAll => arguments.iter().all(Expr::is_nullable),
            Null::Perhaps => true,
        }
    }
}
