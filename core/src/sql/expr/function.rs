//! Functions that every database has under some name, or can be given: a row of a table each, with the name, whether it is the
//! standard's with the standard's meaning, and the type of its values.
//!
//! The standard's GREATEST is NULL where one of its arguments is, its CURRENT_TIMESTAMP is of the session's time zone, and parts of a
//! time it takes out by EXTRACT: these are spelled by each dialect, whose match over the functions is exhaustive.

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
    (@sql Standard $name:literal) => { Some($name) };
    (@sql Own $name:literal) => { None };
    ($($(#[$doc:meta])* $variant:ident => $name:literal, $whose:ident, $yields:expr, $null:ident;)*) => {
        /// A function, with one meaning on every database.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Function { $($(#[$doc])* $variant,)* }

        impl Function {
            /// The standard's spelling. `None` where the standard has no such function, or one of another meaning, so that
            /// each dialect says its own.
            pub fn sql(self) -> Option<&'static str> {
                match self { $(Function::$variant => functions!(@sql $whose $name),)* }
            }

            /// The name by which messages call it, and most databases.
            pub fn name(self) -> &'static str {
                match self { $(Function::$variant => $name,)* }
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
    Lower => "lower", Standard, TEXT, WithAny;
    /// The text in upper case: each letter that Unicode pairs with one other letter.
    Upper => "upper", Standard, TEXT, WithAny;
    /// How many characters a text has.
    Length => "char_length", Standard, INTEGER, WithAny;
    /// The text without the blanks around it.
    Trim => "trim", Standard, TEXT, WithAny;
    /// The text with each occurrence of another replaced by a third.
    Replace => "replace", Own, TEXT, WithAny;
    /// So many characters of a text from one of them on, the first being 1.
    Substring => "substring", Own, TEXT, WithAny;
    /// The first argument that is not NULL.
    Coalesce => "coalesce", Standard, Yields::Common, WithAll;
    /// The first argument, or NULL where it is equal to the second.
    NullIf => "nullif", Standard, Yields::First, Perhaps;
    /// The greatest argument that is not NULL.
    Greatest => "greatest", Own, Yields::Common, WithAll;
    /// The least argument that is not NULL.
    Least => "least", Own, Yields::Common, WithAll;
    /// The number without its sign.
    Abs => "abs", Standard, Yields::First, WithAny;
    /// The year of a day.
    Year => "year", Own, INTEGER, WithAny;
    /// The month of a day, from 1.
    Month => "month", Own, INTEGER, WithAny;
    /// The day of the month, from 1.
    Day => "day", Own, INTEGER, WithAny;
    /// The hour of a time, from 0.
    Hour => "hour", Own, INTEGER, WithAny;
    /// The minute of a time, from 0.
    Minute => "minute", Own, INTEGER, WithAny;
    /// The second of a time, from 0, without its fraction.
    Second => "second", Own, INTEGER, WithAny;
    /// The day of the week, from 1 for Monday to 7 for Sunday.
    Weekday => "weekday", Own, INTEGER, WithAny;
    /// The day of the year, from 1.
    DayOfYear => "dayofyear", Own, INTEGER, WithAny;
    /// The present instant, by the database's clock.
    Now => "now", Own, Yields::Type(ColumnType::Instant), WithAny;
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
