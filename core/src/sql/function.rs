//! Calls of functions that every database has under some name.

use crate::types::ColumnType;

macro_rules! functions {
    ($($(#[$doc:meta])* $variant:ident => $sql:literal, $ty:expr;)*) => {
        /// A function, with one meaning on every database.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Function { $($(#[$doc])* $variant,)* }

        impl Function {
            /// The standard spelling.
            pub fn sql(self) -> &'static str {
                match self { $(Function::$variant => $sql,)* }
            }

            /// The type of its values.
            pub fn ty(self) -> ColumnType {
                match self { $(Function::$variant => $ty,)* }
            }
        }
    };
}

functions! {
    /// The text in lower case: each letter that Unicode pairs with one other letter.
    Lower => "lower", ColumnType::TEXT;
    /// The text in upper case: each letter that Unicode pairs with one other letter.
    Upper => "upper", ColumnType::TEXT;
    /// How many characters a text has.
    Length => "char_length", ColumnType::I64;
}
