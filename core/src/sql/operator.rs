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
    }
}

impl BinaryOp {
    /// Whether it computes a number, rather than comparing.
    pub fn is_arithmetic(self) -> bool {
        self.precedence() > Precedence::Operand
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
