//! [`CutOff`]: a mark that is set when a future is dropped half-way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sets a mark when it is dropped, unless what it guards has ended.
#[derive(Debug)]
pub(crate) struct CutOff {
    mark: Option<Arc<AtomicBool>>,
}

impl CutOff {
    pub(crate) fn new(mark: &Arc<AtomicBool>) -> CutOff {
        CutOff { mark: Some(mark.clone()) }
    }

    /// What it guards has ended.
    pub(crate) fn passed(mut self) {
        self.mark = None;
    }
}

impl Drop for CutOff {
    fn drop(&mut self) {
        if let Some(mark) = &self.mark {
            mark.store(true, Ordering::SeqCst);
        }
    }
}
