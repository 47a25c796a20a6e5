//! Rows that refer to one another in a circle.

use super::*;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "nodes", default, has_many(children = Node::parent_id))]
struct Node {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Node::id, belongs_to = parent)]
    parent_id: Option<i64>,
    #[model(length = 10)]
    name: String,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "hens", default)]
struct Hen {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Hen::id, belongs_to = friend)]
    friend_id: Option<i64>,
    #[model(unique, references = Nest::id, belongs_to = nest)]
    nest_id: i64,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "nests", default)]
struct Nest {
    #[model(primary_key, auto)]
    id: i64,
    #[model(references = Nest::id, belongs_to = next)]
    next_id: Option<i64>,
}

fn node(name: &str) -> Node {
    Node { name: name.into(), ..Default::default() }
}

#[creole::test]
async fn rows_of_one_table_refer_to_one_another(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let mut session = engine.session();
    let leaf = session.add(node("leaf"));
    let root = session.add(node("root"));
    let middle = session.add(node("middle"));
    session.relate(leaf, Node::parent, middle);
    session.relate(middle, Node::parent, root);
    session.commit().await?;
    let parents = select((Node::name, Node::parent_id)).order_by(Node::id).all(&engine).await?;
    let id = |handle: Tracked<Node>| Some(session[handle].id);
    assert_eq!(
        parents.into_iter().collect::<std::collections::HashMap<_, _>>(),
        [("leaf", id(middle)), ("root", None), ("middle", id(root))].map(|(name, id)| (name.to_owned(), id)).into()
    );
    Ok(())
}

#[creole::test]
async fn a_circle_is_inserted_and_then_closed(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let mut session = engine.session();
    let [a, b, c, own] = ["a", "b", "c", "own"].map(|name| session.add(node(name)));
    session.relate(a, Node::parent, b);
    session.relate(b, Node::parent, c);
    session.relate(c, Node::parent, a);
    session.relate(own, Node::parent, own);
    let tail = session.add_to(a, Node::children, node("tail"));
    session.commit().await?;
    for (child, parent) in [(a, b), (b, c), (c, a), (own, own), (tail, a)] {
        assert_eq!(session[child].parent_id, Some(session[parent].id));
        assert_eq!(Node::find(session[child].id, &engine).await?.unwrap(), session[child]);
    }
    Ok(())
}

#[creole::test]
async fn a_circle_of_keys_that_are_known(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Node]).await?;
    let mut session = engine.session();
    let nodes = [(5, 6), (6, 7), (7, 5), (8, 8)];
    let handles = nodes.map(|(id, parent)| session.add(Node { id, parent_id: Some(parent), ..node("x") }));
    session.commit().await?;
    let stored = select((Node::id, Node::parent_id)).order_by(Node::id).all(&engine).await?;
    assert_eq!(stored, nodes.map(|(id, parent)| (id, Some(parent))));
    session[handles[0]].name = "y".into();
    session.commit().await?;
    Ok(())
}

#[creole::test]
async fn circles_through_several_tables(engine: Engine) -> creole::Result<()> {
    engine.create_all(tables![Nest, Hen]).await?;
    let mut session = engine.session();
    let [one, two] = [session.add(Nest::default()), session.add(Nest::default())];
    session.relate(one, Nest::next, two);
    session.relate(two, Nest::next, one);
    let first = session.add(Hen::default());
    let second = session.add(Hen::default());
    session.relate(first, Hen::nest, one);
    session.relate(second, Hen::nest, two);
    session.relate(first, Hen::friend, second);
    session.relate(second, Hen::friend, first);
    session.commit().await?;
    for hen in [first, second] {
        assert_eq!(Hen::find(session[hen].id, &engine).await?.as_ref(), Some(&session[hen]));
    }
    assert_eq!(session[second].friend_id, Some(session[first].id));
    assert_eq!(session[second].nest_id, session[two].id);
    // They can be deleted together, too.
    for hen in [first, second] {
        session.delete(hen);
    }
    for nest in [one, two] {
        session.delete(nest);
    }
    session.commit().await?;
    assert_eq!(Nest::select().count(&engine).await? + Hen::select().count(&engine).await?, 0);
    Ok(())
}
