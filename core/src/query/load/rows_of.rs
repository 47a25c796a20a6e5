//! Of which models there are rows in a statement, as far as types say.

use crate::model::Model;
use crate::query::projection::{Projection, Unbuilt};
use crate::tuples::for_each_tuple;

/// Rows that relations of the model `F` can be loaded for: those of the model, and tuples that have one of its rows, or the columns
/// that the relation goes by.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` have no relations of `{F}`",
    label = "this relation is one of `{F}`",
    note = "a relation is loaded for rows of the model that it is from; one of a related model goes beneath the relation to that, by its `with`"
)]
pub trait RowsOf<F>: Sized {}

#[diagnostic::do_not_recommend]
impl<M: Model> RowsOf<M> for M {}

/// No model. Were there one impl alone, the compiler would take its model for the relation's, and say that types differ.
#[derive(Debug)]
pub enum NoModel {}

#[diagnostic::do_not_recommend]
impl<M: Model> RowsOf<NoModel> for M {}

macro_rules! rows_of {
    ($count:literal: $($part:ident $other:ident $index:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<$($part,)+ Z: Model> RowsOf<Z> for ($($part,)+) {}
    };
}

for_each_tuple!(rows_of);

/// Rows of which each is one of a model, so that pages and batches can be cut by its key: those of the model, and of its projections.
#[diagnostic::on_unimplemented(
    message = "rows of `{Self}` can't be told apart by the key of a model",
    label = "neither the rows of a model nor of a projection"
)]
pub trait OneRowEach: Send + 'static {
    /// The model.
    type Model: Model;
}

#[diagnostic::do_not_recommend]
impl<M: Model> OneRowEach for M {
    type Model = M;
}

#[diagnostic::do_not_recommend]
impl<P: Projection> OneRowEach for Unbuilt<P> {
    type Model = P::Of;
}
