//! [`Observers`]: who is told.

use std::fmt;
use std::sync::Arc;

use super::{Event, Observer};

/// Those who are told what an engine does.
#[derive(Clone, Default)]
pub(crate) struct Observers(Option<Arc<[Arc<dyn Observer>]>>);

impl Observers {
    /// The same, and one more.
    pub(crate) fn and(self, observer: impl Observer) -> Observers {
        let before = self.0.iter().flat_map(|observers| observers.iter().cloned());
        let one: Arc<dyn Observer> = Arc::new(observer);
        Observers(Some(before.chain(std::iter::once(one)).collect()))
    }

    /// Whether there are none.
    pub(crate) fn are_none(&self) -> bool {
        self.0.is_none()
    }

    /// Tells all of them.
    pub(crate) fn tell(&self, event: &Event<'_>) {
        self.0.iter().flat_map(|observers| observers.iter()).for_each(|observer| observer.observe(event));
    }
}

impl fmt::Debug for Observers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} observers", self.0.as_ref().map_or(0, |observers| observers.len()))
    }
}
