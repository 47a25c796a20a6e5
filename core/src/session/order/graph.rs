//! What must be written before what: a graph, and an order that follows it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Why one write must come before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// A row refers to the other.
    Reference,
    /// A row refers to the other one until then.
    Leaves,
    /// A value of this key of the table is free only then.
    Key(usize),
    /// A value may be free only then, if its row is deleted by a cascade.
    GoesAlong,
}

/// Writes by their numbers, and which must come before which.
#[derive(Debug)]
pub(super) struct Graph(Vec<Node>);

#[derive(Debug, Clone, Default)]
struct Node {
    /// Those that must come after it.
    after: Vec<(usize, Why)>,
    /// How many must come before it and are still to come.
    waits_for: usize,
    /// How many writes had come when the last of those that must come before it did.
    not_before: usize,
    is_done: bool,
}

/// How a circle is opened.
enum Opening {
    /// Nothing waits for this write for this reason any more.
    Cut(usize, Why),
    /// One write does not wait for the other one, to which it refers later.
    Postpone { referred: usize, refers: usize },
}

/// A visitor that is led through a graph in order.
pub(super) trait Walk {
    /// Takes the next write, which must come after the first `not_before` that were taken.
    fn next(&mut self, write: usize, not_before: usize);

    /// Removes, ahead of its turn, the reason why others wait for this write. Returns whether that is possible.
    fn free(&mut self, write: usize, why: Why) -> bool;

    /// Lets a write that refers to another one come first, without the reference, which is a further write, the last by its number, that
    /// must come after both. Returns whether that is possible.
    fn postpone(&mut self, referred: usize, refers: usize) -> bool;

    /// Is told that others go on without this write, though they wait for it, since it is in a circle that nothing opens.
    fn give_up(&mut self, write: usize, why: Why);
}

impl Graph {
    pub(super) fn new(writes: usize) -> Graph {
        Graph(vec![Node::default(); writes])
    }

    /// Records that `first` must come before `then`.
    pub(super) fn add(&mut self, first: usize, then: usize, why: Why) {
        let Some(node) = self.0.get_mut(first) else { return };
        if first == then || node.after.contains(&(then, why)) {
            return;
        }
        node.after.push((then, why));
        if let Some(node) = self.0.get_mut(then) {
            node.waits_for += 1;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|node| node.after.is_empty())
    }

    /// Visits every write, in the order of their numbers as far as the graph allows.
    ///
    /// If writes wait for each other in a circle, the reason for one of the waits is removed: values before references, and these
    /// before what is written without its reference at first. If that is impossible, the database decides.
    pub(super) fn walk(mut self, walk: &mut dyn Walk) {
        let numbered = self.0.iter().enumerate();
        let mut ready: BinaryHeap<Reverse<usize>> =
            numbered.filter(|(_, node)| node.waits_for == 0).map(|(write, _)| Reverse(write)).collect();
        let mut walked = 0;
        loop {
            while let Some(Reverse(write)) = ready.pop() {
                let Some(node) = self.0.get_mut(write).filter(|node| !node.is_done) else { continue };
                node.is_done = true;
                let after = std::mem::take(&mut node.after);
                walk.next(write, node.not_before);
                walked += 1;
                self.release(after, walked, &mut ready);
            }
            if self.0.iter().all(|node| node.is_done) {
                return;
            }
            let Some(opening) = self.circle(walk) else {
                ready.extend((0..self.0.len()).find(|&write| self.is_within_circle(write)).map(Reverse));
                if ready.is_empty() {
                    return;
                }
                continue;
            };
            match opening {
                Opening::Cut(write, cut) => self.cut(write, |_, why| why == cut, walked, &mut ready),
                Opening::Postpone { referred, refers } => {
                    self.0.push(Node::default());
                    let last = self.0.len() - 1;
                    self.add(referred, last, Why::Reference);
                    self.add(refers, last, Why::Reference);
                    self.cut(referred, |then, why| then == refers && why == Why::Reference, walked, &mut ready);
                }
            }
        }
    }

    /// Removes some of the waits for a write.
    fn cut(
        &mut self,
        write: usize,
        is_cut: impl Fn(usize, Why) -> bool,
        walked: usize,
        ready: &mut BinaryHeap<Reverse<usize>>,
    ) {
        let Some(node) = self.0.get_mut(write) else { return };
        let (cut, kept) = std::mem::take(&mut node.after).into_iter().partition(|&(then, why)| is_cut(then, why));
        node.after = kept;
        self.release(cut, walked, ready);
    }

    /// How a circle is opened: by the first reason for a wait that can be removed, or else by a key.
    fn circle(&self, walk: &mut dyn Walk) -> Option<Opening> {
        let edges =
            self.0.iter().enumerate().flat_map(|(write, node)| node.after.iter().map(move |edge| (write, *edge)));
        let within: Vec<(usize, (usize, Why))> =
            edges.filter(|&(write, (then, _))| self.leads_to(then, write)).collect();
        let reasons = within.iter().map(|&(write, (_, why))| (write, why));
        let (doubtful, sure): (Vec<_>, Vec<_>) = reasons.partition(|(_, why)| *why == Why::GoesAlong);
        if let Some(&(write, why)) = doubtful.first() {
            return Some(Opening::Cut(write, why));
        }
        let (references, keys): (Vec<_>, Vec<_>) = sure.into_iter().partition(|(_, why)| !matches!(why, Why::Key(_)));
        let first = keys.first().copied();
        if let Some((write, why)) = keys.into_iter().chain(references).find(|&(write, why)| walk.free(write, why)) {
            return Some(Opening::Cut(write, why));
        }
        let references = within.iter().filter(|(_, (_, why))| *why == Why::Reference);
        let mut ends = references.map(|&(referred, (refers, _))| (referred, refers));
        if let Some((referred, refers)) = ends.find(|&(referred, refers)| walk.postpone(referred, refers)) {
            return Some(Opening::Postpone { referred, refers });
        }
        let (write, why) = first?;
        walk.give_up(write, why);
        Some(Opening::Cut(write, why))
    }

    fn is_within_circle(&self, write: usize) -> bool {
        self.0.get(write).is_some_and(|node| node.after.iter().any(|&(then, _)| self.leads_to(then, write)))
    }

    fn leads_to(&self, from: usize, to: usize) -> bool {
        let (mut waiting, mut seen) = (vec![from], vec![false; self.0.len()]);
        while let Some(write) = waiting.pop() {
            if write == to {
                return true;
            }
            let is_new = seen.get_mut(write).is_some_and(|seen| !std::mem::replace(seen, true));
            if let Some(node) = self.0.get(write).filter(|_| is_new) {
                waiting.extend(node.after.iter().map(|(then, _)| *then));
            }
        }
        false
    }

    fn release(&mut self, writes: Vec<(usize, Why)>, walked: usize, ready: &mut BinaryHeap<Reverse<usize>>) {
        for (write, _) in writes {
            let Some(node) = self.0.get_mut(write) else { continue };
            node.waits_for = node.waits_for.saturating_sub(1);
            node.not_before = node.not_before.max(walked);
            if node.waits_for == 0 {
                ready.push(Reverse(write));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes writes in order, and can free the values of some.
    struct Followed {
        order: Vec<String>,
        can_free: &'static [usize],
        can_wait: &'static [usize],
    }

    impl Walk for Followed {
        fn next(&mut self, write: usize, not_before: usize) {
            let after = if not_before > 0 { format!(" (after {not_before})") } else { String::new() };
            self.order.push(format!("{write}{after}"));
        }

        fn free(&mut self, write: usize, why: Why) -> bool {
            let can = why != Why::Reference && self.can_free.contains(&write);
            if can {
                self.order.push(format!("free {write}"));
            }
            can
        }

        fn postpone(&mut self, referred: usize, refers: usize) -> bool {
            let can = self.can_wait.contains(&refers);
            if can {
                self.order.push(format!("{refers} without {referred}"));
            }
            can
        }

        fn give_up(&mut self, write: usize, _why: Why) {
            self.order.push(format!("without {write}"));
        }
    }

    fn order(writes: usize, edges: &[(usize, usize, Why)], can_free: &'static [usize]) -> String {
        followed(writes, edges, can_free, &[])
    }

    fn followed(
        writes: usize,
        edges: &[(usize, usize, Why)],
        can_free: &'static [usize],
        can_wait: &'static [usize],
    ) -> String {
        let mut graph = Graph::new(writes);
        edges.iter().for_each(|&(first, then, why)| graph.add(first, then, why));
        let mut followed = Followed { order: Vec::new(), can_free, can_wait };
        graph.walk(&mut followed);
        followed.order.join(", ")
    }

    #[test]
    fn writes_keep_their_order_where_nothing_speaks_against_it() {
        assert_eq!(order(3, &[], &[]), "0, 1, 2");
        assert_eq!(order(4, &[(2, 0, Why::Reference), (3, 2, Why::Key(1))], &[]), "1, 3, 2 (after 2), 0 (after 3)");
    }

    #[test]
    fn a_circle_is_opened_where_a_value_can_be_freed() {
        let swap = [(0, 1, Why::Key(1)), (1, 0, Why::Key(1))];
        assert_eq!(order(2, &swap, &[0]), "free 0, 1, 0 (after 1)");
        assert_eq!(order(2, &swap, &[1]), "free 1, 0, 1 (after 1)");
        let through_a_row = [(2, 0, Why::Key(1)), (0, 1, Why::Reference), (1, 2, Why::Reference)];
        assert_eq!(order(3, &through_a_row, &[2]), "free 2, 0, 1 (after 1), 2 (after 2)");
    }

    #[test]
    fn a_reference_of_a_circle_is_written_later() {
        use Why::Reference;
        let pair = [(0, 1, Reference), (1, 0, Reference)];
        assert_eq!(followed(2, &pair, &[], &[0]), "0 without 1, 0, 1 (after 1), 2 (after 2)");
        // What refers to the circle waits for the row that it refers to.
        let and_more = [(0, 1, Reference), (1, 2, Reference), (2, 0, Reference), (2, 3, Reference)];
        assert_eq!(
            followed(4, &and_more, &[], &[0, 1]),
            "1 without 0, 1, 2 (after 1), 0 (after 2), 3 (after 2), 4 (after 3)"
        );
    }

    #[test]
    fn the_database_decides_about_what_is_left() {
        assert_eq!(order(2, &[(0, 1, Why::Key(1)), (1, 0, Why::Key(1))], &[]), "without 0, 1, 0 (after 1)");
        assert_eq!(order(2, &[(0, 1, Why::Reference), (1, 0, Why::Reference)], &[]), "0, 1 (after 1)");
    }
}
