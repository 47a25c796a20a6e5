//! Operators: a row of a table each, with the standard spelling and how tightly it binds.

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
    ($(#[$enum_doc:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident => $sql:literal, $precedence:ident;)* }) => {
        $(#[$enum_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name { $($(#[$doc])* $variant,)* }

        impl $name {
            /// The standard spelling.
            pub fn sql(self) -> &'static str {
                match self { $($name::$variant => $sql,)* }
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
        Eq => "=", Comparison;
        /// Not equal; unknown where a side is NULL.
        Ne => "<>", Comparison;
        /// Less than.
        Lt => "<", Comparison;
        /// Less than or equal.
        Le => "<=", Comparison;
        /// Greater than.
        Gt => ">", Comparison;
        /// Greater than or equal.
        Ge => ">=", Comparison;
        /// Different, where NULL is a value like any other.
        IsDistinctFrom => "IS DISTINCT FROM", Comparison;
        /// Matches a pattern of `%`, `_` and `\`, case-sensitively.
        Like => "LIKE", Comparison;
        /// The sum.
        Add => "+", Sum;
        /// The difference.
        Sub => "-", Sum;
        /// The product.
        Mul => "*", Product;
        /// The quotient; NULL where the divisor is zero. Of integers without its fraction.
        Div => "/", Product;
        /// What a division leaves, with the sign of the dividend; NULL where the divisor is zero.
        Rem => "%", Product;
        /// One text behind the other; NULL where a side is.
        Concat => "||", Sum;
        /// The bits that both have.
        BitAnd => "&", Atom;
        /// The bits that one of them has.
        BitOr => "|", Atom;
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
        matches!(self, Add | Sub | Mul | Div | Rem)
    }
}

operators! {
    /// Operators on one expression.
    UnaryOp {
        /// The opposite.
        Not => "NOT", Not;
        /// Whether it is NULL.
        IsNull => "IS NULL", Comparison;
        /// Whether it is not NULL.
        IsNotNull => "IS NOT NULL", Comparison;
        /// The bits that it has not.
        BitNot => "~", Atom;
    }
}

operators! {
    /// Whether something stands in a list.
    Membership {
        /// It does.
        In => "IN", Comparison;
        /// It does not.
        NotIn => "NOT IN", Comparison;
    }
}
