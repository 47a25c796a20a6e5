//! [`Gather`]: what is kept of rows while they are read, for the relations that are loaded for them.

use super::keys::{KeyPositions, Keys};
use crate::driver::Row;
use crate::error::Result;

/// Keeps of each row what a relation needs, in the order of the rows.
#[doc(hidden)]
pub trait Gather: Send + 'static {
    /// The next row.
    fn note(&mut self, row: &dyn Row) -> Result<()>;
}

/// The keys of rows.
#[doc(hidden)]
#[derive(Debug)]
pub struct GatheredKeys {
    pub(super) keys: Keys,
    at: KeyPositions,
}

impl GatheredKeys {
    pub(super) fn new(at: KeyPositions) -> GatheredKeys {
        GatheredKeys { keys: Keys::new(at.key), at }
    }
}

impl Gather for GatheredKeys {
    #[inline]
    fn note(&mut self, row: &dyn Row) -> Result<()> {
        self.keys.push_row(row, &self.at)
    }
}

impl Gather for () {
    #[inline]
    fn note(&mut self, _: &dyn Row) -> Result<()> {
        Ok(())
    }
}

macro_rules! gather {
    ($($part:ident $index:tt),+) => {
        impl<$($part: Gather),+> Gather for ($($part,)+) {
            #[inline]
            fn note(&mut self, row: &dyn Row) -> Result<()> {
                $(self.$index.note(row)?;)+
                Ok(())
            }
        }
    };
}

gather!(A 0);
gather!(A 0, B 1);
gather!(A 0, B 1, C 2);
gather!(A 0, B 1, C 2, D 3);
gather!(A 0, B 1, C 2, D 3, E 4);
gather!(A 0, B 1, C 2, D 3, E 4, G 5);
gather!(A 0, B 1, C 2, D 3, E 4, G 5, H 6);
gather!(A 0, B 1, C 2, D 3, E 4, G 5, H 6, I 7);
