//! [`push_rows`] and [`push_batches`]: what the client library of a server yields, row by row, pushed into a sink.
//!
//! A statement's rows are always read to their end: those that nobody wants would be the next statement's.

use std::ops::ControlFlow;

use futures_core::Stream;
use futures_util::TryStreamExt as _;

use super::{BatchSink, RowSink};
use crate::error::Result;

/// Pushes the rows of a statement into `sink`. A library may yield other `items` than rows, such as how many there were: `push`
/// answers `None` for what is no row.
///
/// # Errors
/// That of an item, or what `push` returns. Where reading the other rows after that fails too, the effect of that failure is added.
pub async fn push_rows<T>(
    mut items: impl Stream<Item = Result<T>> + Unpin,
    mut push: impl FnMut(T, &mut dyn RowSink) -> Result<Option<ControlFlow<()>>>,
    sink: &mut dyn RowSink,
) -> Result<()> {
    while let Some(item) = items.try_next().await? {
        match push(item, sink) {
            Ok(None | Some(ControlFlow::Continue(()))) => {}
            Ok(Some(ControlFlow::Break(()))) => return read_to_end(items, Ok(())).await,
            Err(error) => return read_to_end(items, Err(error)).await,
        }
    }
    Ok(())
}

/// Pushes the rows of a statement into `sink` in batches, as [`Connection::fetch_batches`](super::Connection::fetch_batches) does.
/// Where nobody wants more, the rows that are left are read and dropped, however many: whoever waits for the next statement may
/// give the connection up instead.
///
/// # Errors
/// As [`push_rows`].
pub async fn push_batches<T>(
    mut items: impl Stream<Item = Result<T>> + Unpin,
    mut push: impl FnMut(T, &mut dyn RowSink) -> Result<Option<ControlFlow<()>>>,
    mut sink: Box<dyn BatchSink>,
) -> Result<()> {
    let mut batch = Batch::Empty;
    while let Some(item) = items.try_next().await? {
        match push(item, &mut *sink) {
            Ok(None) => {}
            Ok(Some(ControlFlow::Continue(()))) => batch = Batch::Begun,
            Ok(Some(ControlFlow::Break(()))) => {
                batch = Batch::Empty;
                if sink.send().await.is_break() {
                    return read_to_end(items, Ok(())).await;
                }
            }
            Err(error) => return read_to_end(items, Err(error)).await,
        }
    }
    if batch == Batch::Begun {
        // There are no more rows, so it does not matter whether anybody wants them.
        let _ = sink.send().await;
    }
    Ok(())
}

/// Whether the present batch has rows that were not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Batch {
    Empty,
    Begun,
}

/// Reads and drops what is left. An error from before tells the first cause; what has happened to the transaction since then is
/// added to it.
async fn read_to_end<T>(mut items: impl Stream<Item = Result<T>> + Unpin, so_far: Result<()>) -> Result<()> {
    let rest = loop {
        match items.try_next().await {
            Ok(Some(_)) => {}
            Ok(None) => break Ok(()),
            Err(later) => break Err(later),
        }
    };
    match (so_far, rest) {
        (Err(error), Err(later)) => Err(error.with_effect(later.effect())),
        (Err(error), Ok(())) | (Ok(()), Err(error)) => Err(error),
        (Ok(()), Ok(())) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::{Arc, Mutex};

    use futures_core::future::BoxFuture;
    use futures_util::stream;

    use super::*;
    use crate::driver::Row;
    use crate::error::{Effect, Error, ErrorKind};
    use crate::types::{ColumnType, ValueRef};

    /// What a library yields: a row, or how many there were.
    #[derive(Clone, Copy)]
    enum Item {
        Row(i64),
        End,
    }

    struct OneColumn(i64);

    impl Row for OneColumn {
        fn len(&self) -> usize {
            1
        }

        fn name(&self, _index: usize) -> &str {
            "n"
        }

        fn value(&self, _index: usize, _expected: ColumnType) -> Result<ValueRef<'_>> {
            Ok(ValueRef::I64(self.0))
        }
    }

    /// Notes the rows, and where a batch was sent; answers as it is told to.
    #[derive(Default, Clone)]
    struct Notes {
        seen: Arc<Mutex<Vec<Option<i64>>>>,
        answers: VecDeque<Result<ControlFlow<()>>>,
        wanted: usize,
    }

    impl RowSink for Notes {
        fn row(&mut self, row: &dyn Row) -> Result<ControlFlow<()>> {
            let ValueRef::I64(number) = row.value(0, ColumnType::I64)? else { panic!("no number") };
            self.seen.lock().unwrap().push(Some(number));
            self.answers.pop_front().unwrap_or(Ok(ControlFlow::Continue(())))
        }
    }

    impl BatchSink for Notes {
        fn send(&mut self) -> BoxFuture<'_, ControlFlow<()>> {
            let flow = self.send_blocking();
            Box::pin(async move { flow })
        }

        fn send_blocking(&mut self) -> ControlFlow<()> {
            self.seen.lock().unwrap().push(None);
            self.wanted = self.wanted.saturating_sub(1);
            if self.wanted == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        }
    }

    fn push(item: Item, sink: &mut dyn RowSink) -> Result<Option<ControlFlow<()>>> {
        match item {
            Item::Row(number) => sink.row(&OneColumn(number)).map(Some),
            Item::End => Ok(None),
        }
    }

    fn broken(kind: ErrorKind) -> Error {
        Error::new(kind, "as the test has it")
    }

    /// The items, with what is left of them after the call.
    struct Library(Arc<Mutex<VecDeque<Result<Item>>>>);

    impl Library {
        fn of(items: impl IntoIterator<Item = Result<Item>>) -> Library {
            Library(Arc::new(Mutex::new(items.into_iter().collect())))
        }

        fn rows(numbers: impl IntoIterator<Item = i64>) -> Library {
            Library::of(numbers.into_iter().map(|number| Ok(Item::Row(number))).chain([Ok(Item::End)]))
        }

        fn items(&self) -> impl Stream<Item = Result<Item>> + Unpin + use<> {
            let left = self.0.clone();
            stream::iter(std::iter::from_fn(move || left.lock().unwrap().pop_front()))
        }

        fn is_read(&self) -> bool {
            self.0.lock().unwrap().is_empty()
        }
    }

    #[tokio::test]
    async fn rows_are_read_to_their_end_whatever_the_sink_says() {
        for (answer, seen) in
            [(Ok(ControlFlow::Continue(())), 3), (Ok(ControlFlow::Break(())), 1), (Err(broken(ErrorKind::Decode)), 1)]
        {
            let library = Library::rows([1, 2, 3]);
            let is_error = answer.is_err();
            let mut sink = Notes { answers: [answer].into(), ..Notes::default() };
            assert_eq!(push_rows(library.items(), push, &mut sink).await.is_err(), is_error);
            assert_eq!(sink.seen.lock().unwrap().len(), seen);
            assert!(library.is_read());
        }
    }

    #[tokio::test]
    async fn the_first_error_has_the_effect_of_the_last() {
        let lost = || Err(broken(ErrorKind::ConnectionLost));
        let library = Library::of([Ok(Item::Row(1)), Ok(Item::Row(2)), lost()]);
        let mut sink = Notes { answers: [Err(broken(ErrorKind::Decode))].into(), ..Notes::default() };
        let error = push_rows(library.items(), push, &mut sink).await.unwrap_err();
        assert_eq!((error.kind(), error.effect()), (ErrorKind::Decode, Effect::Disconnected));
        let mut broken_off = Notes { answers: [Ok(ControlFlow::Break(()))].into(), ..Notes::default() };
        let library = Library::of([Ok(Item::Row(1)), lost()]);
        let error = push_rows(library.items(), push, &mut broken_off).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    }

    #[tokio::test]
    async fn batches_are_sent_where_they_are_full_and_the_last_one_at_the_end() {
        let full_at_second = || [Ok(ControlFlow::Continue(())), Ok(ControlFlow::Break(()))];
        for (numbers, wanted, expected) in [
            (vec![1, 2, 3], usize::MAX, vec![Some(1), Some(2), None, Some(3), None]),
            (vec![1, 2], usize::MAX, vec![Some(1), Some(2), None]),
            (vec![], usize::MAX, vec![]),
            (vec![1, 2, 3, 4], 1, vec![Some(1), Some(2), None]),
        ] {
            let library = Library::rows(numbers);
            let sink = Notes { answers: full_at_second().into(), wanted, ..Notes::default() };
            let seen = sink.seen.clone();
            push_batches(library.items(), push, Box::new(sink)).await.unwrap();
            assert_eq!(*seen.lock().unwrap(), expected);
            assert!(library.is_read());
        }
    }
}
