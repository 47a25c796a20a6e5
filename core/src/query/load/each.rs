//! [`LoadEach`]: the relations that are loaded side by side.

use std::borrow::Cow;

use futures_core::future::BoxFuture;

use super::gather::Gather;
use super::load::{Load, LoadOn};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::sealed::Sealed;
use crate::sql::{Select, TableRef};

/// What is loaded side by side for rows that are read as `X`: up to eight relations, as a tuple, or those of a
/// [`Projection`](crate::query::Projection).
pub trait LoadEach<X>: Sealed + Send + Sync + 'static {
    /// A row with what belongs to it: `(X, A, B)`, or `X` where nothing is loaded.
    type Row: Send + 'static;

    /// What is kept of the rows while they are read.
    #[doc(hidden)]
    type Gathered: Gather;

    /// As [`Load::gather`].
    #[doc(hidden)]
    fn gather(&self, tree: &mut Cow<'_, Select>, from: Option<TableRef>) -> Result<Self::Gathered>;

    /// Whether the SELECT lists keys that its rows are not read with.
    #[doc(hidden)]
    fn hides_keys(&self) -> bool {
        false
    }

    #[doc(hidden)]
    fn statements(&self, dialect: &dyn Dialect, each: &mut dyn FnMut(&str)) -> Result<()>;

    #[doc(hidden)]
    fn check(&self, dialect: &dyn Dialect) -> Result<()>;

    /// Puts to each row what belongs to it.
    #[doc(hidden)]
    fn load<'r>(
        &'r self,
        rows: Vec<X>,
        gathered: Self::Gathered,
        on: &'r mut LoadOn<'_>,
    ) -> BoxFuture<'r, Result<Vec<Self::Row>>>;
}

/// Relations, and one more.
pub trait PushLoad<N> {
    /// All of them.
    type Pushed;

    /// Adds it after the others.
    fn push(self, next: N) -> Self::Pushed;
}

/// What could be loaded beside eight others: nothing.
#[diagnostic::on_unimplemented(
    message = "eight relations are loaded side by side at most",
    label = "this is the ninth",
    note = "load the others by `load`, for the rows that were read, or beneath one of these by its `with`"
)]
pub trait Ninth {}

impl<X: Send + 'static> LoadEach<X> for () {
    type Row = X;
    type Gathered = ();

    fn gather(&self, _: &mut Cow<'_, Select>, _: Option<TableRef>) -> Result<()> {
        Ok(())
    }

    fn statements(&self, _: &dyn Dialect, _: &mut dyn FnMut(&str)) -> Result<()> {
        Ok(())
    }

    fn check(&self, _: &dyn Dialect) -> Result<()> {
        Ok(())
    }

    fn load<'r>(&'r self, rows: Vec<X>, (): (), _: &'r mut LoadOn<'_>) -> BoxFuture<'r, Result<Vec<X>>> {
        Box::pin(std::future::ready(Ok(rows)))
    }
}

macro_rules! load_each {
    ($($load:ident $row:ident $index:tt),+) => {
        #[diagnostic::do_not_recommend]
        impl<X: Send + 'static, $($load: Load),+> LoadEach<X> for ($($load,)+) {
            type Row = (X, $($load::Row,)+);
            type Gathered = ($($load::Gathered,)+);

            fn gather(&self, tree: &mut Cow<'_, Select>, from: Option<TableRef>) -> Result<Self::Gathered> {
                Ok(($(self.$index.gather(tree, from)?,)+))
            }

            fn statements(&self, dialect: &dyn Dialect, each: &mut dyn FnMut(&str)) -> Result<()> {
                $(self.$index.statements(dialect, each)?;)+
                Ok(())
            }

            fn check(&self, dialect: &dyn Dialect) -> Result<()> {
                $(self.$index.check(dialect)?;)+
                Ok(())
            }

            fn load<'r>(
                &'r self,
                rows: Vec<X>,
                gathered: Self::Gathered,
                on: &'r mut LoadOn<'_>,
            ) -> BoxFuture<'r, Result<Vec<Self::Row>>> {
                Box::pin(async move {
                    $(let mut $row = self.$index.finish(gathered.$index, on).await?.into_iter();)+
                    // There is one for each row.
                    Ok(rows.into_iter().filter_map(|row| Some((row, $($row.next()?,)+))).collect())
                })
            }
        }
    };
}

macro_rules! push_load {
    ($($load:ident $index:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<$($load: Load,)* N: Load> PushLoad<N> for ($($load,)*) {
            type Pushed = ($($load,)* N,);

            fn push(self, next: N) -> Self::Pushed {
                ($(self.$index,)* next,)
            }
        }
    };
}

load_each!(A a 0);
load_each!(A a 0, B b 1);
load_each!(A a 0, B b 1, C c 2);
load_each!(A a 0, B b 1, C c 2, D d 3);
load_each!(A a 0, B b 1, C c 2, D d 3, E e 4);
load_each!(A a 0, B b 1, C c 2, D d 3, E e 4, G g 5);
load_each!(A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6);
load_each!(A a 0, B b 1, C c 2, D d 3, E e 4, G g 5, H h 6, I i 7);

push_load!();
push_load!(A 0);
push_load!(A 0, B 1);
push_load!(A 0, B 1, C 2);
push_load!(A 0, B 1, C 2, D 3);
push_load!(A 0, B 1, C 2, D 3, E 4);
push_load!(A 0, B 1, C 2, D 3, E 4, G 5);
push_load!(A 0, B 1, C 2, D 3, E 4, G 5, H 6);

/// Refused by what it asks of the ninth, so that the compiler says why.
impl<A: Load, B: Load, C: Load, D: Load, E: Load, G: Load, H: Load, I: Load, N: Load + Ninth> PushLoad<N>
    for (A, B, C, D, E, G, H, I)
{
    type Pushed = (A, B, C, D, E, G, H, I);

    fn push(self, _: N) -> Self::Pushed {
        self
    }
}
