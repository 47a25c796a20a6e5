//! Projections that are being put together, so that one which contains itself is found out.

use std::any::TypeId;
use std::cell::RefCell;

thread_local! {
    static OPEN: RefCell<Vec<TypeId>> = const { RefCell::new(Vec::new()) };
}

/// A projection whose fields are being listed.
pub(super) struct Opened;

/// Begins to list the fields of a projection. `None` if that has begun already, because the projection contains itself.
pub(super) fn open<P: 'static>() -> Option<Opened> {
    OPEN.with_borrow_mut(|open| {
        let own = TypeId::of::<P>();
        if open.contains(&own) {
            return None;
        }
        open.push(own);
        Some(Opened)
    })
}

impl Drop for Opened {
    fn drop(&mut self) {
        OPEN.with_borrow_mut(|open| open.pop());
    }
}
