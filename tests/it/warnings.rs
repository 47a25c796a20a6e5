//! The warnings that creole gives by `tracing`.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{DefaultGuard, Interest, set_default};
use tracing::{Event, Level, Metadata, Subscriber};

/// The warnings of the threads and tasks that it listens on.
#[derive(Clone, Default)]
pub(crate) struct Recorder(Arc<Mutex<Vec<Warning>>>);

/// What a warning says.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Warning {
    pub(crate) message: String,
    pub(crate) table: String,
    pub(crate) sql: String,
    pub(crate) file: String,
    pub(crate) line: u64,
    pub(crate) times: u64,
}

impl Recorder {
    /// Listens on this thread.
    pub(crate) fn listen(&self) -> DefaultGuard {
        set_default(self.clone())
    }

    /// The warnings since this was last asked.
    pub(crate) fn take(&self) -> Vec<Warning> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    /// The only warning since then.
    #[track_caller]
    pub(crate) fn one(&self) -> Warning {
        let warnings = self.take();
        assert_eq!(warnings.len(), 1, "{warnings:#?}");
        warnings[0].clone()
    }

    /// Fails where there is one.
    #[track_caller]
    pub(crate) fn none(&self) {
        assert_eq!(self.take(), []);
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "creole" && *metadata.level() == Level::WARN
    }

    /// Asked anew each time: others listen to other things, on other threads.
    fn register_callsite(&self, _metadata: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::WARN)
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut warning = Warning::default();
        event.record(&mut warning);
        self.0.lock().unwrap().push(warning);
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

impl Visit for Warning {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "table" => self.table = value.into(),
            "sql" => self.sql = value.into(),
            "file" => self.file = value.into(),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "line" => self.line = value,
            "times" => self.times = value,
            _ => {}
        }
    }
}
