//! [`ReadAs`]: what rows may be read as, beside what they are.

use crate::query::load::LoadEach;
use crate::query::select::Select;

/// What rows of a statement that has `R` may be read as: `R` itself, and where that is a model, the projections of it.
#[diagnostic::on_unimplemented(
    message = "rows of `{R}` can't be read as `{Self}`",
    label = "expected `{R}` or a projection of it",
    note = "`#[derive(Projection)]` with `#[projection(of = …)]` makes a struct a projection of the model that it names"
)]
pub trait ReadAs<R>: Sized + Send + 'static {
    /// What a row of the statement is read as.
    type Row: Send + 'static;

    /// What is loaded for such rows, and makes this of them.
    type Each: LoadEach<Self::Row, Row = Self>;

    /// The statement that reads them.
    #[doc(hidden)]
    fn read_as(rows: Select<R>) -> (Select<Self::Row>, Self::Each);
}

#[diagnostic::do_not_recommend]
impl<R: Send + 'static> ReadAs<R> for R {
    type Row = R;
    type Each = ();

    fn read_as(rows: Select<R>) -> (Select<R>, ()) {
        (rows, ())
    }
}
