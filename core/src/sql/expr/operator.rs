//! Operators: a row of a table each, with the symbol, whether it is the standard's, and how tightly it binds.
//!
//! What the standard does not say has no default: `%`, `&` and `|` are everywhere, but `^` is a power on PostgreSQL and no operator at
//! all on SQLite. So the match over the operators is exhaustive in each dialect, and where a dialect does not answer, an operator of its
//! `Own` is refused.

/// How tightly an expression binds; the tighter, the greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Precedence {
    /// Anything, as in a SELECT list.
    Lowest,
    /// OR.
    Or,
    /// AND.
    And,
    /// NOT.
    Not,
    /// Comparisons, LIKE, IN, BETWEEN, IS NULL.
    Comparison,
    /// What a comparison compares: anything tighter than another comparison.
    Operand,
    /// `+` and `-`.
    Sum,
    /// `*`, `/` and `%`.
    Product,
    /// Columns, values, calls.
    Atom,
}

macro_rules! operators {
    (@sql Standard $symbol:literal) => { Some($symbol) };
    (@sql Own $symbol:literal) => { None };
    ($(#[$enum_doc:meta])* $name:ident {
        $($(#[$doc:meta])* $variant:ident => $symbol:literal, $whose:ident, $precedence:ident;)*
    }) => {
        $(#[$enum_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// The standard's spelling. `None` where the standard has none, so that each dialect says its own.
            pub fn sql(self) -> Option<&'static str> {
                match self { $($name::$variant => operators!(@sql $whose $symbol),)* }
            }

            /// The symbol by which messages call it.
            pub fn symbol(self) -> &'static str {
                match self { $($name::$variant => $symbol,)* }
            }

            /// How tightly it binds.
            pub fn precedence(self) -> Precedence {
                match self { $($name::$variant => Precedence::$precedence,)* }
            }
        }
    };
}

operators! {
    /// Operators between two expressions.
    BinaryOp {
        /// Equal; unknown where a side is NULL.
        Eq => "=", Standard, Comparison;
        /// Not equal; unknown where a side is NULL.
        Ne => "<>", Standard, Comparison;
        /// Less than.
        Lt => "<", Standard, Comparison;
        /// Less than or equal.
        Le => "<=", Standard, Comparison;
        /// Greater than.
        Gt => ">", Standard, Comparison;
        /// Greater than or equal.
        Ge => ">=", Standard, Comparison;
        /// Different, where NULL is a value like any other.
        IsDistinctFrom => "IS DISTINCT FROM", Standard, Comparison;
        /// Matches a pattern of `%`, `_` and `\`, case-sensitively.
        Like => "LIKE", Standard, Comparison;
        /// The sum.
        Add => "+", Standard, Sum;
        /// The difference.
        Sub => "-", Standard, Sum;
        /// The product.
        Mul => "*", Standard, Product;
        /// The quotient; NULL where the divisor is zero. Of integers without its fraction.
        Div => "/", Standard, Product;
        /// What a division leaves, with the sign of the dividend; NULL where the divisor is zero.
        Rem => "%", Own, Product;
        /// Concatenation; NULL if either side is NULL.
        Concat => "||", Standard, Sum;
        /// The bits that both have.
        BitAnd => "&", Own, Atom;
        /// The bits that one of them has.
        BitOr => "|", Own, Atom;
    }
}

impl BinaryOp {
    /// Whether it compares, rather than computing something.
    pub fn is_comparison(self) -> bool {
        self.precedence() == Precedence::Comparison
    }

    /// Whether it computes a number by one of the four operations.
    pub fn is_arithmetic(self) -> bool {
        use BinaryOp::*;
        match self {
            Add | Sub | Mul | Div | Rem => true,
            Eq | Ne | Lt | Le | Gt | Ge | IsDistinctFrom | Like | Concat | BitAnd | BitOr => false,
        }
    }
}

operators! {
    /// Operators on one expression.
    UnaryOp {
        /// The opposite.
        Not => "NOT", Standard, Not;
        /// Whether it is NULL.
        IsNull => "IS NULL", Standard, Comparison;
        /// Whether it is not NULL.
        IsNotNull => "IS NOT NULL", Standard, Comparison;
        /// Bitwise NOT.
        BitNot => "~", Own, Atom;
    }
}

/// Whether something stands in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Membership {
    /// It does.
    In,
    /// It does not.
    NotIn,
}

impl Membership {
    /// The standard's spelling.
    pub fn sql(self) -> &'static str {
        match self {
            Membership::In => "IN",
            Membership::NotIn => "NOT IN",
        }
    }
}
