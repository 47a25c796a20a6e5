//! What leaves its owner is deleted, unless others have given it to somebody else meanwhile.

use super::*;

/// Ada's note and badge and the tags of her book are in a session that has committed, so that they are stale.
struct Stale {
    session: Session,
    ada: Tracked<Author>,
    note: Tracked<Note>,
    badge: Tracked<Badge>,
}

async fn stale(engine: &Engine) -> creole::Result<Stale> {
    library(engine).await?;
    let mut session = engine.session();
    let ada = get::<Author>(&mut session, 1).await;
    session.load(ada, Author::notes).await?;
    session.load(ada, Author::badge).await?;
    let note = session.many(ada, Author::notes)?[0];
    let badge = session.one(ada, Author::badge)?.unwrap();
    session.commit().await?;
    update::<Note>().set(Note::author_id, Some(2)).all_rows().exec(engine).await?;
    update::<Badge>().set(Badge::author_id, 2).all_rows().exec(engine).await?;
    Ok(Stale { session, ada, note, badge })
}

/// The flush notices that it would delete what is another one's, names it, and a rollback goes on.
async fn is_refused<M: Model>(stale: &mut Stale, entity: Tracked<M>, engine: &Engine) -> creole::Result<()> {
    let error = stale.session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.columns().collect::<Vec<_>>()), (ErrorKind::StaleVersion, vec!["author_id"]));
    assert_eq!(error.entity::<M>(), Some(entity));
    stale.session.rollback().await?;
    assert_eq!(select(Note::author_id).all(engine).await?, [Some(2)]);
    assert_eq!(select(Badge::author_id).all(engine).await?, [2]);
    stale.session.refresh(stale.note).await?;
    stale.session.refresh(stale.badge).await?;
    stale.session.commit().await
}

#[creole::test]
async fn what_others_have_moved_is_not_deleted_with_what_leaves(engine: Engine) -> creole::Result<()> {
    let mut all = stale(&engine).await?;
    let note = all.note;
    all.session.unlink(all.ada, Author::notes, note)?;
    is_refused(&mut all, note, &engine).await?;
    // Read again, it is known whose it is.
    all.session.unlink(all.ada, Author::notes, note)?;
    all.session.commit().await?;
    assert_eq!(Note::select().count(&engine).await?, 1);
    Ok(())
}

#[creole::test]
async fn a_key_that_is_set_to_null_does_not_delete_what_others_have_moved(engine: Engine) -> creole::Result<()> {
    let mut all = stale(&engine).await?;
    let note = all.note;
    all.session[note].author_id = None;
    is_refused(&mut all, note, &engine).await?;
    all.session[note].author_id = None;
    all.session.commit().await?;
    assert_eq!(Note::select().count(&engine).await?, 0, "it was Bob's, and has left him");
    Ok(())
}

#[creole::test]
async fn what_is_replaced_is_not_deleted_if_others_have_moved_it(engine: Engine) -> creole::Result<()> {
    let mut all = stale(&engine).await?;
    let badge = all.badge;
    all.session.add_to(all.ada, Author::badge, Badge::default());
    is_refused(&mut all, badge, &engine).await
}

#[creole::test]
async fn a_changed_row_that_others_have_moved_does_not_go_with_its_owner(engine: Engine) -> creole::Result<()> {
    library(&engine).await?;
    delete::<BookTag>().all_rows().exec(&engine).await?;
    delete::<Book>().all_rows().exec(&engine).await?;
    delete::<Desk>().all_rows().exec(&engine).await?;
    let mut session = engine.session();
    let ada = get::<Author>(&mut session, 1).await;
    session.load(ada, Author::notes).await?;
    session.load(ada, Author::badge).await?;
    let badge = session.one(ada, Author::badge)?.unwrap();
    let note = session.many(ada, Author::notes)?[0];
    session.commit().await?;
    update::<Note>().set(Note::author_id, Some(2)).all_rows().exec(&engine).await?;
    update::<Badge>().set(Badge::author_id, 2).all_rows().exec(&engine).await?;
    session[note].text = "new".into();
    session[badge].number = 7;
    session.delete(ada);
    session.commit().await?;
    assert_eq!((session[note].author_id, session[badge].author_id), (Some(2), 2));
    assert_eq!(Note::find(session[note].id, &engine).await?.as_ref(), Some(&session[note]));
    assert_eq!(Badge::find(session[badge].id, &engine).await?.as_ref(), Some(&session[badge]));
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "clubs", default, many_to_many(people: Person = Membership::club_id -> Membership::person_id))]
struct Club {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "people", default)]
struct Person {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "memberships", default)]
struct Membership {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Club::id)]
    club_id: i64,
    #[model(references = Person::id)]
    person_id: i64,
}

#[creole::test]
async fn a_row_between_that_others_have_moved_is_not_deleted(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Club, Person, Membership]).await?;
    let mut session = engine.session();
    let [club, other] = [(); 2].map(|()| session.add(Club::default()));
    let [one, two] = [(); 2].map(|()| session.add_to(club, Club::people, Person::default()));
    session.commit().await?;
    let (to, who) = (session[other].id, session[one].id);
    update::<Membership>().set(Membership::club_id, to).filter(Membership::person_id.eq(who)).exec(&engine).await?;

    session.unlink(club, Club::people, one)?;
    let error = session.commit().await.unwrap_err();
    assert_eq!((error.kind(), error.columns().collect::<Vec<_>>()), (ErrorKind::StaleVersion, vec!["club_id"]));
    session.rollback().await?;
    session.unlink(club, Club::people, two)?;
    session.commit().await?;
    let left = select((Membership::club_id, Membership::person_id)).all(&engine).await?;
    assert_eq!(left, [(to, who)]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "folders", default, has_many(papers = Paper::folder_id, owned))]
struct Folder {
    #[model(primary_key, auto)]
    id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "papers", default)]
struct Paper {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Folder::id)]
    folder_id: i64,
    #[model(soft_delete)]
    is_torn: bool,
}

#[creole::test]
async fn what_others_have_moved_is_not_marked_either(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Folder, Paper]).await?;
    let mut session = engine.session();
    let [one, two] = [(); 2].map(|()| session.add(Folder::default()));
    let [paper, left] = [(); 2].map(|()| session.add_to(one, Folder::papers, Paper::default()));
    session.commit().await?;
    let (id, to) = (session[paper].id, session[two].id);
    update::<Paper>().set(Paper::folder_id, to).filter(Paper::id.eq(id)).exec(&engine).await?;
    session.unlink(one, Folder::papers, paper)?;
    assert_eq!(session.commit().await.unwrap_err().kind(), ErrorKind::StaleVersion);
    session.rollback().await?;
    session.unlink(one, Folder::papers, left)?;
    session.commit().await?;
    assert_eq!(select((Paper::id, Paper::folder_id)).all(&engine).await?, [(id, to)]);
    Ok(())
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "trees",
    default,
    has_many(leaves = Leaf::tree_id, owned),
    has_many(nests = Nest::tree_id),
    has_many(swings = Swing::tree_id)
)]
struct Tree {
    #[model(primary_key, auto)]
    id: i64,
}

/// It refuses to be deleted while it is green.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "leaves", default, hooks(before_save, before_delete))]
struct Leaf {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Tree::id, belongs_to = tree)]
    tree_id: Option<i64>,
    is_green: bool,
    falls: bool,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "nests", default)]
struct Nest {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Tree::id, belongs_to = tree)]
    tree_id: Option<i64>,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "swings", default)]
struct Swing {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Tree::id, belongs_to = tree)]
    tree_id: i64,
}

impl BeforeSave for Leaf {
    fn before_save(&mut self, _: Save) -> creole::Result<()> {
        if self.falls {
            self.tree_id = None;
        }
        Ok(())
    }
}

impl BeforeDelete for Leaf {
    fn before_delete(&self) -> creole::Result<()> {
        if self.is_green {
            return Err(creole::Error::new(ErrorKind::Other, "not yet"));
        }
        Ok(())
    }
}

#[creole::test]
async fn a_flush_that_is_refused_changes_nothing_in_memory(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Tree, Leaf, Nest, Swing]).await?;
    let mut session = engine.session();
    let tree = session.add(Tree::default());
    let leaf = session.add_to(tree, Tree::leaves, Leaf { is_green: true, ..Default::default() });
    let nest = session.add_to(tree, Tree::nests, Nest::default());
    session.commit().await?;
    let id = session[tree].id;

    session[leaf].tree_id = None;
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::Other, Some(leaf)));
    assert_eq!(session.changes(leaf).len(), 1, "it is there, and still to leave");
    session[leaf].tree_id = Some(id);
    session.flush().await?;

    // Its owner goes, and it refuses to go along.
    let new = session.add_to(tree, Tree::leaves, Leaf::default());
    session.delete(tree);
    assert_eq!(session.flush().await.unwrap_err().entity(), Some(leaf));
    assert!(!session.is_modified(leaf) && !session.is_modified(nest), "they are as they were");
    assert_eq!(session.pending::<Leaf>(), [new]);
    assert_eq!(session[nest].tree_id, Some(id));

    // As does what must refer to it: the flush names it.
    session[leaf].is_green = false;
    let swing = session.add(Swing { id: 0, tree_id: id });
    let error = session.flush().await.unwrap_err();
    assert_eq!((error.kind(), error.entity()), (ErrorKind::ForeignKeyViolation, Some(swing)));
    assert!(session.try_get(leaf).is_ok() && session.try_get(new).is_ok());
    assert_eq!(session[nest].tree_id, Some(id));
    session.delete(swing);
    session.commit().await?;
    assert_eq!(session[nest].tree_id, None);
    assert!(session.try_get(leaf).is_err() && session.try_get(new).is_err());
    assert_eq!(Tree::select().count(&engine).await? + Leaf::select().count(&engine).await?, 0);
    Ok(())
}

#[creole::test]
async fn what_a_hook_takes_out_of_its_owner_is_deleted_too(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Tree, Leaf]).await?;
    let mut session = engine.session();
    let tree = session.add(Tree::default());
    let [one, two] = [(); 2].map(|()| session.add_to(tree, Tree::leaves, Leaf::default()));
    session.commit().await?;
    session[one].falls = true;
    session[two].is_green = true;
    session.commit().await?;
    assert_eq!(session.try_get(one).unwrap_err().kind(), ErrorKind::Detached);
    assert_eq!(Leaf::select().all(&engine).await?, [session[two].clone()]);
    session[two].falls = true;
    assert_eq!(session.commit().await.unwrap_err().entity(), Some(two), "it is asked as others are");
    assert!(session.try_get(two).is_ok());
    Ok(())
}

/// The rows of `leaves` in fewer columns.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "leaves")]
struct Shadow {
    #[model(references = Tree::id)]
    tree_id: Option<i64>,
    #[model(primary_key)]
    id: i64,
}

/// The rows of `swings`.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "swings")]
struct Seat {
    #[model(references = Tree::id)]
    tree_id: i64,
    #[model(primary_key)]
    id: i64,
}

#[creole::test]
async fn a_row_that_is_tracked_twice_goes_once(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Tree, Leaf, Nest, Swing]).await?;
    let mut session = engine.session();
    let tree = session.add(Tree::default());
    let leaves = [(); 3].map(|()| session.add_to(tree, Tree::leaves, Leaf::default()));
    let swing = session.add_to(tree, Tree::swings, Swing::default());
    session.commit().await?;
    let keys = leaves.map(|leaf| session[leaf].id);
    let mut shadows = Vec::new();
    for key in keys {
        get::<Leaf>(&mut session, key).await;
        shadows.push(get::<Shadow>(&mut session, key).await);
    }
    let id = session[swing].id;
    let seat = get::<Seat>(&mut session, id).await;
    session.delete(tree);
    let error = session.flush().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
    session.delete(swing); // That is the row of the other one, too.
    session.commit().await?;
    assert!(session.try_get(seat).is_err() && shadows.iter().all(|&shadow| session.try_get(shadow).is_err()));
    assert_eq!(Tree::select().count(&engine).await? + Leaf::select().count(&engine).await?, 0);

    let leaf = session.add(Leaf::default());
    session.commit().await?;
    let key = session[leaf].id;
    let shadow = get::<Shadow>(&mut session, key).await;
    session.delete(leaf);
    session.delete(shadow);
    session.commit().await?;
    assert_eq!(Leaf::select().count(&engine).await?, 0);
    Ok(())
}
