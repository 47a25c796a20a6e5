//! `+`, `-`, `*`, `/` and `%` on columns and expressions.

use std::ops::{Add, Div, Mul, Rem, Sub};

use super::aggregate::Aggregate;
use super::operand::Operand;
use super::operators::Expression;
use super::typed::Expr;
use crate::model::{Column, Model};
use crate::sql::{self, BinaryOp};
use crate::types::{Exact, Nullability, Nullable, Numeric, SqlType};

/// What a computation of `T` with an operand of nullability `N` is read as: `Option`, where either side may be NULL.
pub(super) type Either<T, N> = <<<T as SqlType>::Null as Nullability>::Or<N> as Nullability>::Sql<<T as SqlType>::Base>;

macro_rules! operators {
    ($($trait:ident $method:ident $kind:ident;)*) => {$(
        impl<M: Model, T: SqlType, R: Operand<T::Base>> $trait<R> for Column<M, T>
        where
            T::Base: $kind,
        {
            type Output = Expr<Either<T, R::Null>>;

            fn $method(self, right: R) -> Self::Output {
                compute(BinaryOp::$trait, self.node(), right.operand())
            }
        }

        operators!(@on Expr $trait $method $kind);
        operators!(@on Aggregate $trait $method $kind);
    )*};
    (@on $left:ident $trait:ident $method:ident $kind:ident) => {
        impl<T: SqlType, R: Operand<T::Base>> $trait<R> for $left<T>
        where
            T::Base: $kind,
        {
            type Output = Expr<Either<T, R::Null>>;

            fn $method(self, right: R) -> Self::Output {
                compute(BinaryOp::$trait, self.node(), right.operand())
            }
        }
    };
}

operators! {
    Add add Numeric;
    Sub sub Numeric;
    Mul mul Numeric;
}

/// A division by zero is NULL, so what comes of it is an `Option`.
macro_rules! divisions {
    ($($trait:ident $method:ident $kind:ident;)*) => {$(
        impl<M: Model, T: SqlType, R: Operand<T::Base>> $trait<R> for Column<M, T>
        where
            T::Base: $kind,
        {
            type Output = Expr<<Nullable as Nullability>::Sql<T::Base>>;

            fn $method(self, right: R) -> Self::Output {
                compute(BinaryOp::$trait, self.node(), right.operand())
            }
        }

        divisions!(@on Expr $trait $method $kind);
        divisions!(@on Aggregate $trait $method $kind);
    )*};
    (@on $left:ident $trait:ident $method:ident $kind:ident) => {
        impl<T: SqlType, R: Operand<T::Base>> $trait<R> for $left<T>
        where
            T::Base: $kind,
        {
            type Output = Expr<<Nullable as Nullability>::Sql<T::Base>>;

            fn $method(self, right: R) -> Self::Output {
                compute(BinaryOp::$trait, self.node(), right.operand())
            }
        }
    };
}

divisions! {
    Div div Numeric;
    Rem rem Exact;
}

fn compute<T>(op: BinaryOp, left: sql::Expr, right: sql::Expr) -> Expr<T> {
    Expr::new(sql::Expr::binary(op, left, right))
}
