//! [`Slots`]: where the entities of a session are.
//!
//! A slot is never used twice, since handles name it, so a session that reads a million rows has as many. They are kept in pages,
//! and a page whose entities have all gone takes no room but for its place in the list.

use super::entity::Entry;

/// How many slots a page has.
const PAGE: usize = 256;

/// The entities of a session by slot, in the order in which they came in.
#[derive(Default)]
pub(super) struct Slots {
    pages: Vec<Page>,
    used: usize,
}

#[derive(Default)]
struct Page {
    /// As many as slots of the page were used, until the page is full and all of them have gone.
    entries: Vec<Option<Entry>>,
    /// How many entities are there.
    held: usize,
}

impl Slots {
    /// Puts an entity into a slot of its own.
    pub(super) fn push(&mut self, entry: Entry) -> usize {
        let (page, _) = place(self.used);
        if self.pages.len() <= page {
            self.pages.push(Page::default());
        }
        if let Some(page) = self.pages.get_mut(page) {
            page.entries.push(Some(entry));
            page.held += 1;
        }
        self.used += 1;
        self.used - 1
    }

    /// How many slots were ever used.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    pub(super) fn get(&self, slot: usize) -> Option<&Entry> {
        let (page, place) = place(slot);
        self.pages.get(page)?.entries.get(place)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, slot: usize) -> Option<&mut Entry> {
        let (page, place) = place(slot);
        self.pages.get_mut(page)?.entries.get_mut(place)?.as_mut()
    }

    /// Takes an entity out of its slot.
    pub(super) fn take(&mut self, slot: usize) -> Option<Entry> {
        let (page, place) = place(slot);
        let page = self.pages.get_mut(page)?;
        let entry = page.entries.get_mut(place)?.take()?;
        page.held -= 1;
        page.settle();
        Some(entry)
    }

    /// Drops the entities for which this does not hold.
    pub(super) fn retain(&mut self, mut is_kept: impl FnMut(&mut Entry) -> bool) {
        for page in &mut self.pages {
            let mut held = 0;
            for held_entry in &mut page.entries {
                let is_gone = held_entry.as_mut().is_none_or(|entry| !is_kept(entry));
                if is_gone {
                    *held_entry = None;
                } else {
                    held += 1;
                }
            }
            page.held = held;
            page.settle();
        }
    }

    /// Drops all entities.
    pub(super) fn clear(&mut self) {
        self.retain(|_| false);
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.pages.iter_mut().flat_map(|page| page.entries.iter_mut().flatten())
    }

    /// The entities with their slots.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &Entry)> {
        self.pages.iter().enumerate().flat_map(|(number, page)| {
            let entries = page.entries.iter().enumerate();
            entries.filter_map(move |(place, entry)| Some((number * PAGE + place, entry.as_ref()?)))
        })
    }
}

impl Page {
    /// Gives its room back if nothing is there any more, nor will be.
    fn settle(&mut self) {
        if self.held == 0 && self.entries.len() == PAGE {
            self.entries = Vec::new();
        }
    }
}

/// The page of a slot, and its place there.
fn place(slot: usize) -> (usize, usize) {
    (slot / PAGE, slot % PAGE)
}
