//! A recorder of what the crates report to `tracing`.

use std::{
    fmt::{Debug, Write},
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use tracing::{
    Dispatch, Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    span,
    subscriber::{self, DefaultGuard, NoSubscriber},
};

/// A subscriber that records each span and event with the span that it is in.
#[derive(Clone)]
pub(crate) struct Notes {
    target: &'static str,
    level: Level,
    lines: Arc<Mutex<Vec<String>>>,
    entered: Arc<Mutex<Vec<span::Id>>>,
    spans: Arc<AtomicU64>,
}

/// A second subscriber, which records nothing. If there is only one, `tracing` asks that of the current thread whether it
/// is interested in an event, and remembers the answer. A test without a subscriber would then disable events for all.
static SECOND: LazyLock<Dispatch> = LazyLock::new(|| Dispatch::new(NoSubscriber::default()));

impl Notes {
    /// Records everything of this target, at this level and above, on the current thread while the guard exists.
    pub(crate) fn of(target: &'static str, level: Level) -> (Self, DefaultGuard) {
        LazyLock::force(&SECOND);
        let notes = Self { target, level, lines: Arc::default(), entered: Arc::default(), spans: Arc::default() };
        (notes.clone(), subscriber::set_default(notes))
    }

    fn current(&self) -> Option<span::Id> {
        self.entered.lock().unwrap().last().cloned()
    }

    /// Returns what was recorded since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap())
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == self.target && *metadata.level() <= self.level
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut line = format!("{} span {}", span.metadata().level(), span.metadata().name());
        if let Some(parent) = self.current().filter(|_| span.is_contextual()) {
            write!(line, " in {}", parent.into_u64()).unwrap();
        }
        self.lines.lock().unwrap().push(line);
        span::Id::from_u64(self.spans.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = event.metadata().level().to_string();
        event.record(&mut Line(&mut line));
        let span = if event.is_contextual() { self.current() } else { event.parent().cloned() };
        if let Some(span) = span {
            write!(line, " in {}", span.into_u64()).unwrap();
        }
        self.lines.lock().unwrap().push(line);
    }

    fn enter(&self, span: &span::Id) {
        self.entered.lock().unwrap().push(span.clone());
    }

    fn exit(&self, span: &span::Id) {
        assert_eq!(self.entered.lock().unwrap().pop().as_ref(), Some(span));
    }
}

struct Line<'l>(&'l mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}
