//! [`Sorting`]: the order of related rows that the database was not asked to sort.

/// The numbers that the rows of one parent are sorted by, as they came.
///
/// An index that finds rows by their foreign key gives those of one parent in the order of their primary key, most often, and the
/// databases sort them all the same, which takes them longer than to find them.
#[derive(Debug)]
pub(super) struct Sorting {
    numbers: Vec<i64>,
    /// The last number of each parent.
    last: Vec<i64>,
    is_sorted: bool,
}

impl Sorting {
    /// Of the rows of so many parents.
    pub(super) fn new(parents: usize) -> Sorting {
        Sorting { numbers: Vec::new(), last: vec![i64::MIN; parents], is_sorted: true }
    }

    /// Takes the number of the next row, which belongs to this parent.
    #[inline]
    pub(super) fn push(&mut self, parent: usize, number: i64) {
        self.numbers.push(number);
        if let Some(last) = self.last.get_mut(parent) {
            self.is_sorted &= *last <= number;
            *last = number;
        }
    }

    /// Sorts rows, with their parents, if they did not come so. Where the database has sorted them, no numbers were taken.
    pub(super) fn sort<X>(self, rows: Vec<X>, parents: Vec<usize>) -> (Vec<X>, Vec<usize>) {
        if self.is_sorted {
            return (rows, parents);
        }
        let pairs = rows.into_iter().zip(parents);
        let mut numbered: Vec<(i64, (X, usize))> = self.numbers.into_iter().zip(pairs).collect();
        numbered.sort_by_key(|&(number, _)| number);
        numbered.into_iter().map(|(_, pair)| pair).unzip()
    }
}

#[cfg(test)]
mod tests {
    use super::Sorting;

    fn sorted(rows: &[(usize, i64)]) -> Vec<(usize, i64)> {
        let mut sorting = Sorting::new(3);
        rows.iter().for_each(|&(parent, number)| sorting.push(parent, number));
        let numbers = rows.iter().map(|&(_, number)| number).collect();
        let (numbers, parents) = sorting.sort(numbers, rows.iter().map(|&(parent, _)| parent).collect());
        parents.into_iter().zip(numbers).collect()
    }

    #[test]
    fn rows_are_moved_only_where_those_of_a_parent_came_in_another_order() {
        for sorted_already in [&[(2, 1), (2, 5), (0, 3), (0, 4)][..], &[(0, 3), (2, 1), (0, 4), (2, 5)], &[]] {
            assert_eq!(sorted(sorted_already), sorted_already);
        }
        assert_eq!(sorted(&[(2, 5), (0, 3), (2, -1), (0, 4)]), [(2, -1), (0, 3), (0, 4), (2, 5)]);
    }
}
