//! Random histories of a session over a graph, beside the same as plain lists: after each step memory is what the lists say, after a
//! commit the database is, and after a rollback or a savepoint's both are what they were.

use std::collections::BTreeSet;

use futures_util::future::BoxFuture;

use super::*;
use crate::random::{Random, seed};

const HISTORIES: u64 = 500;

/// One row: its handle where the session has it, and its key where that is known.
#[derive(Debug, Clone)]
struct Row<M> {
    handle: Option<Tracked<M>>,
    id: Option<i64>,
    is_alive: bool,
}

#[derive(Debug, Clone, Default)]
struct World {
    authors: Vec<Row<Author>>,
    books: Vec<Row<Book>>,
    notes: Vec<Row<Note>>,
    tags: Vec<Row<Tag>>,
    /// The author of each book.
    author_of: Vec<usize>,
    /// The owner of each note, now and in the database.
    owner_of: Vec<(Option<usize>, Option<usize>)>,
    links: BTreeSet<(usize, usize)>,
}

struct History {
    random: Random,
    world: World,
    committed: World,
    log: Vec<String>,
}

impl<M> Row<M> {
    fn new(handle: Tracked<M>) -> Row<M> {
        Row { handle: Some(handle), id: None, is_alive: true }
    }
}

fn alive<M>(rows: &[Row<M>]) -> Vec<usize> {
    rows.iter().enumerate().filter(|(_, row)| row.is_alive).map(|(index, _)| index).collect()
}

fn by_handle<M: Model>(rows: &[Row<M>], handle: Tracked<M>) -> usize {
    rows.iter().position(|row| row.handle == Some(handle)).expect("a handle that the lists have")
}

fn unrolled() -> creole::Error {
    creole::Error::new(ErrorKind::Other, "changed my mind")
}

impl World {
    fn books_of(&self, author: usize) -> BTreeSet<usize> {
        alive(&self.books).into_iter().filter(|&book| self.author_of[book] == author).collect()
    }

    fn notes_of(&self, author: usize) -> BTreeSet<usize> {
        alive(&self.notes).into_iter().filter(|&note| self.owner_of[note].0 == Some(author)).collect()
    }

    /// What a flush does: keys become known, and what has left its owner goes.
    fn flushed(&mut self, session: &Session) {
        for (note, row) in self.notes.iter_mut().enumerate().filter(|(_, row)| row.is_alive) {
            let (now, before) = &mut self.owner_of[note];
            if row.id.is_some() && now.is_none() && before.is_some() {
                row.is_alive = false;
            }
            *before = *now;
        }
        macro_rules! learn {
            ($rows:expr) => {
                for row in $rows.iter_mut().filter(|row| row.is_alive && row.id.is_none()) {
                    row.id = Some(session[row.handle.unwrap()].id);
                }
            };
        }
        learn!(self.authors);
        learn!(self.books);
        learn!(self.notes);
        learn!(self.tags);
    }
}

impl History {
    fn any(&mut self, among: Vec<usize>) -> Option<usize> {
        (!among.is_empty()).then(|| self.random.pick(&among))
    }

    fn steps<'r>(
        &'r mut self,
        session: &'r mut Session,
        engine: &'r Engine,
        depth: usize,
    ) -> BoxFuture<'r, creole::Result<()>> {
        Box::pin(async move {
            for _ in 0..self.random.below(if depth == 0 { 24 } else { 8 }) + 3 {
                self.step(session, engine, depth).await?;
                self.agrees_in_memory(session);
            }
            if depth > 0 && self.random.one_in(2) { Err(unrolled()) } else { Ok(()) }
        })
    }

    async fn step(&mut self, session: &mut Session, engine: &Engine, depth: usize) -> creole::Result<()> {
        let step = self.random.below(26);
        self.log.push(format!("{depth}: {step}"));
        match step {
            0 => {
                let handle = session.add(author("x"));
                self.world.authors.push(Row::new(handle));
            }
            1..=3 => self.add_book(session),
            4 | 5 => self.add_note(session),
            6 | 7 => self.add_tag(session),
            8..=10 => self.move_book(session),
            11..=13 => self.move_note(session)?,
            14..=16 => self.link(session)?,
            17 => self.delete_author(session).await?,
            18 => self.delete_book(session).await?,
            19 => {
                session.flush().await?;
                self.world.flushed(session);
            }
            20 | 21 if depth < 2 => {
                session.flush().await?;
                self.world.flushed(session);
                let before = self.world.clone();
                let outcome = session.savepoint(async |session| self.steps(session, engine, depth + 1).await).await;
                match outcome {
                    Ok(()) => self.world.flushed(session),
                    Err(error) if error.kind() == ErrorKind::Other => {
                        self.log.push(format!("{depth}: undone"));
                        self.world = before;
                    }
                    Err(error) => return Err(error),
                }
                self.load_all(session).await?;
            }
            22 => self.statement(session).await?,
            23 | 24 if depth == 0 => {
                session.commit().await?;
                self.world.flushed(session);
                self.agrees_in_memory(session);
                self.agrees_in_database(engine).await?;
                if self.random.one_in(2) {
                    self.interfere(engine).await?;
                }
                self.load_all(session).await?;
                self.committed = self.world.clone();
            }
            25 if depth == 0 => {
                session.rollback().await?;
                self.world = self.committed.clone();
                self.load_all(session).await?;
                self.agrees_in_database(engine).await?;
            }
            _ => {}
        }
        Ok(())
    }

    fn add_book(&mut self, session: &mut Session) {
        let Some(author) = self.any(alive(&self.world.authors)) else { return };
        let owner = self.world.authors[author].handle.unwrap();
        let handle = match self.random.below(2) {
            0 => session.add_to(owner, Author::books, book("x")),
            _ => {
                let handle = session.add(book("x"));
                session.relate(handle, Book::author, owner);
                handle
            }
        };
        self.world.books.push(Row::new(handle));
        self.world.author_of.push(author);
    }

    fn add_note(&mut self, session: &mut Session) {
        let owner = self.any(alive(&self.world.authors)).filter(|_| !self.random.one_in(4));
        let handle = match owner {
            Some(owner) => session.add_to(self.world.authors[owner].handle.unwrap(), Author::notes, Note::default()),
            None => session.add(Note::default()),
        };
        self.world.notes.push(Row::new(handle));
        self.world.owner_of.push((owner, None));
    }

    fn add_tag(&mut self, session: &mut Session) {
        let book = self.any(alive(&self.world.books)).filter(|_| !self.random.one_in(3));
        let handle = match book {
            Some(book) => session.add_to(self.world.books[book].handle.unwrap(), Book::tags, tag("x")),
            None => session.add(tag("x")),
        };
        self.world.tags.push(Row::new(handle));
        if let Some(book) = book {
            self.world.links.insert((book, self.world.tags.len() - 1));
        }
    }

    fn move_book(&mut self, session: &mut Session) {
        let (Some(book), Some(author)) = (self.any(alive(&self.world.books)), self.any(alive(&self.world.authors)))
        else {
            return;
        };
        let handle = self.world.books[book].handle.unwrap();
        match (self.random.below(3), self.world.authors[author].id) {
            (0, Some(id)) => session[handle].author_id = id,
            (1, _) => session.link(self.world.authors[author].handle.unwrap(), Author::books, handle).unwrap(),
            _ => session.relate(handle, Book::author, self.world.authors[author].handle.unwrap()),
        }
        self.world.author_of[book] = author;
    }

    fn move_note(&mut self, session: &mut Session) -> creole::Result<()> {
        let Some(note) = self.any(alive(&self.world.notes)) else { return Ok(()) };
        let handle = self.world.notes[note].handle.unwrap();
        let owner = self.any(alive(&self.world.authors));
        let now = self.world.owner_of[note].0;
        match (self.random.below(4), owner, now) {
            (0, _, Some(owner)) => {
                // What is taken out of what owns it is deleted at once.
                session.unlink(self.world.authors[owner].handle.unwrap(), Author::notes, handle)?;
                self.world.notes[note].is_alive = false;
            }
            (1, ..) => {
                session.unrelate(handle, Note::author)?;
                self.world.owner_of[note].0 = None;
            }
            (2, Some(owner), _) if self.world.authors[owner].id.is_some() => {
                session[handle].author_id = self.world.authors[owner].id;
                self.world.owner_of[note].0 = Some(owner);
            }
            (_, Some(owner), _) => {
                session.relate(handle, Note::author, self.world.authors[owner].handle.unwrap());
                self.world.owner_of[note].0 = Some(owner);
            }
            _ => {}
        }
        Ok(())
    }

    fn link(&mut self, session: &mut Session) -> creole::Result<()> {
        let (Some(book), Some(tag)) = (self.any(alive(&self.world.books)), self.any(alive(&self.world.tags))) else {
            return Ok(());
        };
        let (one, other) = (self.world.books[book].handle.unwrap(), self.world.tags[tag].handle.unwrap());
        if self.random.one_in(2) {
            match self.random.below(2) {
                0 => session.link(one, Book::tags, other)?,
                _ => session.link(other, Tag::books, one)?,
            }
            self.world.links.insert((book, tag));
        } else {
            match self.random.below(2) {
                0 => session.unlink(one, Book::tags, other)?,
                _ => session.unlink(other, Tag::books, one)?,
            }
            self.world.links.remove(&(book, tag));
        }
        Ok(())
    }

    /// One without books, because those must have an author. It takes its notes with it.
    async fn delete_author(&mut self, session: &mut Session) -> creole::Result<()> {
        let without =
            |author: &usize| self.world.books_of(*author).is_empty() && self.world.authors[*author].id.is_some();
        let Some(author) = self.any(alive(&self.world.authors).into_iter().filter(without).collect()) else {
            return Ok(());
        };
        session.delete(self.world.authors[author].handle.unwrap());
        session.flush().await?;
        self.world.authors[author].is_alive = false;
        for note in self.world.notes_of(author) {
            self.world.notes[note].is_alive = false;
        }
        self.world.flushed(session);
        Ok(())
    }

    /// The rows between go along by ON DELETE CASCADE.
    async fn delete_book(&mut self, session: &mut Session) -> creole::Result<()> {
        let Some(book) = self.any(alive(&self.world.books)) else { return Ok(()) };
        if self.world.books[book].id.is_none() {
            return Ok(());
        }
        session.delete(self.world.books[book].handle.unwrap());
        session.flush().await?;
        self.world.books[book].is_alive = false;
        self.world.links.retain(|(other, _)| *other != book);
        self.world.flushed(session);
        Ok(())
    }

    /// A statement on the session, after which what it may have changed is loaded again.
    async fn statement(&mut self, session: &mut Session) -> creole::Result<()> {
        session.flush().await?;
        self.world.flushed(session);
        match self.random.below(2) {
            0 => {
                let (Some(book), Some(author)) =
                    (self.any(alive(&self.world.books)), self.any(alive(&self.world.authors)))
                else {
                    return Ok(());
                };
                let (id, to) = (self.world.books[book].id.unwrap(), self.world.authors[author].id.unwrap());
                update::<Book>().set(Book::author_id, to).filter(Book::id.eq(id)).exec(&mut *session).await?;
                self.world.author_of[book] = author;
            }
            _ => {
                let Some(note) = self.any(alive(&self.world.notes)) else { return Ok(()) };
                let id = self.world.notes[note].id.unwrap();
                delete::<Note>().filter(Note::id.eq(id)).exec(&mut *session).await?;
                self.world.notes[note].is_alive = false;
            }
        }
        self.load_all(session).await
    }

    /// Somebody else changes the database.
    async fn interfere(&mut self, engine: &Engine) -> creole::Result<()> {
        match self.random.below(3) {
            0 => {
                if let (Some(book), Some(author)) =
                    (self.any(alive(&self.world.books)), self.any(alive(&self.world.authors)))
                {
                    let (id, to) = (self.world.books[book].id.unwrap(), self.world.authors[author].id.unwrap());
                    update::<Book>().set(Book::author_id, to).filter(Book::id.eq(id)).exec(engine).await?;
                    self.world.author_of[book] = author;
                }
            }
            1 => {
                if let Some(note) = self.any(alive(&self.world.notes)) {
                    delete::<Note>().filter(Note::id.eq(self.world.notes[note].id.unwrap())).exec(engine).await?;
                    self.world.notes[note].is_alive = false;
                }
            }
            _ => {
                if let Some(author) = self.any(alive(&self.world.authors)) {
                    let author_id = self.world.authors[author].id.unwrap();
                    let book = insert(&Book { author_id, ..book("other") }).returning().one(engine).await?;
                    self.world.books.push(Row { handle: None, id: Some(book.id), is_alive: true });
                    self.world.author_of.push(author);
                }
            }
        }
        Ok(())
    }

    /// Loads everything, so that what others, or statements, have done is known.
    async fn load_all(&mut self, session: &mut Session) -> creole::Result<()> {
        let authors: Vec<_> = alive(&self.world.authors);
        let handles: Vec<_> = authors.iter().map(|&author| self.world.authors[author].handle.unwrap()).collect();
        session.load(&handles, Author::books).await?;
        session.load(&handles, Author::notes).await?;
        for handle in handles {
            for book in session.many(handle, Author::books)? {
                let id = session[book].id;
                let row = self.world.books.iter_mut().find(|row| row.is_alive && row.id == Some(id));
                let row = row.expect("a book that the lists have");
                assert!(row.handle.is_none_or(|handle| handle == book || session.try_get(handle).is_err()));
                row.handle = Some(book);
            }
        }
        let loose: Vec<_> = alive(&self.world.notes);
        for note in loose {
            session.get::<Note>(self.world.notes[note].id.unwrap()).await?;
        }
        let books: Vec<_> =
            alive(&self.world.books).into_iter().map(|book| self.world.books[book].handle.unwrap()).collect();
        session.load(&books, Book::tags).await?;
        session.load(&books, Book::author).await?;
        let tags: Vec<_> =
            alive(&self.world.tags).into_iter().map(|tag| self.world.tags[tag].handle.unwrap()).collect();
        session.load(&tags, Tag::books).await
    }

    fn agrees_in_memory(&self, session: &Session) {
        let world = &self.world;
        let log = &self.log;
        for author in alive(&world.authors) {
            let handle = world.authors[author].handle.unwrap();
            let books = session.many(handle, Author::books).unwrap();
            let found: BTreeSet<_> = books.iter().map(|&book| by_handle(&world.books, book)).collect();
            assert_eq!((found, books.len()), (world.books_of(author), world.books_of(author).len()), "{log:?}");
            let notes = session.many(handle, Author::notes).unwrap();
            let found: BTreeSet<_> = notes.iter().map(|&note| by_handle(&world.notes, note)).collect();
            assert_eq!(found, world.notes_of(author), "{log:?}");
        }
        for book in alive(&world.books) {
            let handle = world.books[book].handle.unwrap();
            let author = session.one(handle, Book::author).unwrap();
            assert_eq!(by_handle(&world.authors, author), world.author_of[book], "{log:?}");
            let tags = session.many(handle, Book::tags).unwrap();
            let found: BTreeSet<_> = tags.iter().map(|&tag| (book, by_handle(&world.tags, tag))).collect();
            let expected = world.links.iter().copied().filter(|(other, _)| *other == book).collect();
            assert_eq!(found, expected, "{log:?}");
        }
        for note in alive(&world.notes) {
            let owner = session.one(world.notes[note].handle.unwrap(), Note::author).unwrap();
            assert_eq!(owner.map(|owner| by_handle(&world.authors, owner)), world.owner_of[note].0, "{log:?}");
        }
        for tag in alive(&world.tags) {
            let books = session.many(world.tags[tag].handle.unwrap(), Tag::books).unwrap();
            let found: BTreeSet<_> = books.iter().map(|&book| (by_handle(&world.books, book), tag)).collect();
            let expected = world.links.iter().copied().filter(|(_, other)| *other == tag).collect();
            assert_eq!(found, expected, "{log:?}");
        }
    }

    async fn agrees_in_database(&self, engine: &Engine) -> creole::Result<()> {
        let (world, log) = (&self.world, &self.log);
        let id = |author: usize| world.authors[author].id.unwrap();
        let mut authors: Vec<_> = alive(&world.authors).into_iter().map(id).collect();
        authors.sort_unstable();
        assert_eq!(select(Author::id).order_by(Author::id).all(engine).await?, authors, "{log:?}");
        let books = alive(&world.books).into_iter();
        let books: BTreeSet<_> = books.map(|book| (world.books[book].id.unwrap(), id(world.author_of[book]))).collect();
        let stored = select((Book::id, Book::author_id)).all(engine).await?;
        assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), books, "{log:?}");
        let notes = alive(&world.notes).into_iter();
        let notes: BTreeSet<_> =
            notes.map(|note| (world.notes[note].id.unwrap(), world.owner_of[note].0.map(id))).collect();
        let stored = select((Note::id, Note::author_id)).all(engine).await?;
        assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), notes, "{log:?}");
        let links = world.links.iter();
        let links: BTreeSet<_> =
            links.map(|&(book, tag)| (world.books[book].id.unwrap(), world.tags[tag].id.unwrap())).collect();
        let stored = select((BookTag::book_id, BookTag::tag_id)).all(engine).await?;
        assert_eq!(stored.into_iter().collect::<BTreeSet<_>>(), links, "{log:?}");
        Ok(())
    }
}

#[creole::test]
async fn memory_and_database_are_what_plain_lists_say(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Author, Book, Note, Desk, Badge, Tag, BookTag]).await?;
    let seed = seed();
    for number in 0..HISTORIES {
        let mut session = engine.session();
        let world = World::default();
        let random = Random(seed.wrapping_add(number));
        let mut history = History { random, committed: world.clone(), world, log: vec![format!("history {number}")] };
        let outcome = history.steps(&mut session, &engine, 0).await;
        if let Err(error) = outcome {
            panic!("{error}: {:?}", history.log);
        }
        session.commit().await.unwrap_or_else(|error| panic!("{error}: {:?}", history.log));
        history.world.flushed(&session);
        history.agrees_in_database(&engine).await?;
        delete::<BookTag>().all_rows().exec(&engine).await?;
        delete::<Tag>().all_rows().exec(&engine).await?;
        delete::<Book>().all_rows().exec(&engine).await?;
        delete::<Note>().all_rows().exec(&engine).await?;
        delete::<Author>().all_rows().exec(&engine).await?;
    }
    Ok(())
}
