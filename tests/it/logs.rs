//! Everything that is logged while a test looks for a secret, at the finest level, searched for that secret.

use std::fmt::{Debug, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};

/// How many tests look for a secret at present; nothing is recorded while none does.
static LOOKING: AtomicUsize = AtomicUsize::new(0);
static WATCHES: Mutex<Vec<Watched>> = Mutex::new(Vec::new());

struct Watched {
    secret: String,
    lines: usize,
    hits: Vec<String>,
}

/// Looks for a secret in all logs of the program as long as it lives.
pub(crate) struct Watch {
    secret: String,
}

impl Watch {
    /// Begins to look.
    pub(crate) fn for_secret(secret: &str) -> Watch {
        static SUBSCRIBED: Once = Once::new();
        SUBSCRIBED.call_once(|| {
            tracing::subscriber::set_global_default(Searcher).expect("nobody else takes the logs of the tests");
        });
        WATCHES.lock().unwrap().push(Watched { secret: secret.into(), lines: 0, hits: Vec::new() });
        LOOKING.fetch_add(1, Ordering::SeqCst);
        Watch { secret: secret.into() }
    }

    /// The lines with the secret, and how many there were in all.
    pub(crate) fn found(&self) -> (Vec<String>, usize) {
        let watches = WATCHES.lock().unwrap();
        let watched =
            watches.iter().find(|watched| watched.secret == self.secret).expect("a secret that is looked for");
        (watched.hits.clone(), watched.lines)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        LOOKING.fetch_sub(1, Ordering::SeqCst);
        WATCHES.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).retain(|other| other.secret != self.secret);
    }
}

struct Searcher;

impl Searcher {
    fn search(metadata: Option<&Metadata<'_>>, record: impl FnOnce(&mut Line)) {
        let mut line = Line(metadata.map(|metadata| format!("{metadata:?}")).unwrap_or_default());
        record(&mut line);
        for watched in &mut *WATCHES.lock().unwrap() {
            watched.lines += 1;
            if line.0.contains(&watched.secret) {
                watched.hits.push(line.0.clone());
            }
        }
    }
}

impl Subscriber for Searcher {
    fn register_callsite(&self, _metadata: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        LOOKING.load(Ordering::SeqCst) > 0
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        Searcher::search(Some(span.metadata()), |line| span.record(line));
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        Searcher::search(None, |line| values.record(line));
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        Searcher::search(Some(event.metadata()), |line| event.record(line));
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

/// All that an event or a span says, in one line.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}
