//! Random graphs of rows, loaded in every way, against the same in memory.

use std::collections::BTreeMap;

use creole::prelude::*;
use creole::query::load;

use crate::random::{Random, seed};

/// How many graphs there are for each backend.
const GRAPHS: usize = 300;

#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "nodes",
    has_many(children = Node::parent_id),
    has_many(marked = Node::mark),
    many_to_many(targets: Node = Edge::from -> Edge::to),
    many_to_many(sources: Node = Edge::to -> Edge::from),
    has_many(edges = Edge::from)
)]
struct Node {
    #[model(primary_key)]
    id: i64,
    #[model(references = Node::id, belongs_to = parent)]
    parent_id: Option<i64>,
    /// Unique, so that others may refer to it; some rows have none.
    #[model(unique, length = 10)]
    name: Option<String>,
    #[model(length = 10, references = Node::name, belongs_to = named)]
    mark: Option<String>,
    weight: i32,
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "edges")]
struct Edge {
    #[model(primary_key, references = Node::id)]
    from: i64,
    #[model(primary_key, references = Node::id, belongs_to = end)]
    to: i64,
}

/// Nodes and edges in memory.
struct Graph {
    nodes: BTreeMap<i64, Node>,
    edges: Vec<Edge>,
}

impl Graph {
    fn any(random: &mut Random) -> Graph {
        let count = random.below(12) as i64;
        let mut nodes = BTreeMap::new();
        for id in 1..=count {
            // Parents have smaller numbers, so that they can be inserted first.
            let before = |random: &mut Random| (id > 1).then(|| 1 + random.below(id as usize - 1) as i64);
            let parent_id = if random.one_in(3) { None } else { before(random) };
            let name = (!random.one_in(4)).then(|| format!("n{id}"));
            let mark = before(random).and_then(|id| nodes.get(&id).and_then(|node: &Node| node.name.clone()));
            let mark = mark.filter(|_| !random.one_in(3));
            nodes.insert(id, Node { id, parent_id, name, mark, weight: random.below(4) as i32 });
        }
        let mut edges = Vec::new();
        for from in 1..=count {
            edges.extend((1..=count).filter(|_| random.one_in(4)).map(|to| Edge { from, to }));
        }
        Graph { nodes, edges }
    }

    fn children(&self, of: &Node) -> Vec<Node> {
        self.nodes.values().filter(|node| node.parent_id == Some(of.id)).cloned().collect()
    }

    fn parent(&self, of: &Node) -> Option<Node> {
        of.parent_id.map(|id| self.nodes[&id].clone())
    }

    fn named(&self, of: &Node) -> Option<Node> {
        let mark = of.mark.as_ref()?;
        self.nodes.values().find(|node| node.name.as_ref() == Some(mark)).cloned()
    }

    fn marked(&self, of: &Node) -> Vec<Node> {
        let is_marked = |node: &&Node| of.name.is_some() && node.mark == of.name;
        self.nodes.values().filter(is_marked).cloned().collect()
    }

    fn targets(&self, of: &Node) -> Vec<Node> {
        let is_target = |node: &&Node| self.edges.contains(&Edge { from: of.id, to: node.id });
        self.nodes.values().filter(is_target).cloned().collect()
    }

    fn sources(&self, of: &Node) -> Vec<Node> {
        let is_source = |node: &&Node| self.edges.contains(&Edge { from: node.id, to: of.id });
        self.nodes.values().filter(is_source).cloned().collect()
    }
}

/// A node of which the key and the name are not read, though its relations go by them.
#[derive(Projection, Debug, PartialEq)]
#[projection(of = Node)]
struct View {
    #[projection(Node::weight * 2)]
    doubled: i32,
    targets: Vec<End>,
    #[projection(Node::named.select(Node::weight))]
    named: Option<i32>,
    #[projection(Node::children.order_by(Node::weight.desc()).offset(1).limit(2).select(Node::weight))]
    some: Vec<i32>,
}

#[derive(Projection, Debug, PartialEq)]
#[projection(of = Node)]
struct End {
    sources: Vec<Node>,
    parent: Option<Node>,
    name: Option<String>,
}

fn some_of_three(children: Vec<Node>) -> Vec<i32> {
    heaviest(children, 1, 2).into_iter().map(|node| node.weight).collect()
}

/// The heaviest first, and so many of them after so many.
fn heaviest(mut nodes: Vec<Node>, offset: usize, limit: usize) -> Vec<Node> {
    nodes.sort_by_key(|node| (-node.weight, node.id));
    nodes.into_iter().skip(offset).take(limit).collect()
}

fn light(nodes: Vec<Node>, most: i32) -> Vec<Node> {
    nodes.into_iter().filter(|node| node.weight <= most).collect()
}

#[creole::test]
async fn graphs_are_loaded_as_they_are(engine: Engine) -> creole::Result<()> {
    let mut random = Random(seed());
    engine.create_all(tables![Node, Edge]).await?;
    for number in 0..GRAPHS {
        let graph = Graph::any(&mut random);
        engine
            .transaction(async |tx| {
                let nodes: Vec<Node> = graph.nodes.values().cloned().collect();
                insert_all(&nodes).exec(&mut *tx).await?;
                insert_all(&graph.edges).exec(&mut *tx).await?;
                compare(&graph, &mut random, tx).await?;
                delete::<Edge>().all_rows().exec(&mut *tx).await?;
                update::<Node>().set(Node::parent_id, None).set(Node::mark, None).all_rows().exec(&mut *tx).await?;
                delete::<Node>().all_rows().exec(&mut *tx).await.map(|_| ())
            })
            .await
            .unwrap_or_else(|error| panic!("graph {number}: {error}"));
    }
    Ok(())
}

async fn compare(graph: &Graph, random: &mut Random, tx: &mut Session) -> creole::Result<()> {
    let (most, offset, limit) = (random.below(4) as i32, random.below(3), random.below(4));
    let first = random.below(4) as u64;
    let parents: Vec<Node> = graph.nodes.values().rev().skip(first as usize).cloned().collect();
    let select = || Node::select().order_by(Node::id.desc()).limit(100).offset(first);

    let found = select().with(Node::children).with(Node::parent).with(Node::named).all(&mut *tx).await?;
    let expected =
        parents.iter().map(|node| (node.clone(), graph.children(node), graph.parent(node), graph.named(node)));
    assert_eq!(found, expected.collect::<Vec<_>>());

    let found = select().with(Node::targets).with(Node::sources).with(Node::marked).all(&mut *tx).await?;
    let expected =
        parents.iter().map(|node| (node.clone(), graph.targets(node), graph.sources(node), graph.marked(node)));
    assert_eq!(found, expected.collect::<Vec<_>>());

    let some = Node::children.order_by(Node::weight.desc()).offset(offset as u64).limit(limit as u64);
    let others = Node::targets.filter(Node::weight.le(most));
    let found = select().with(some.clone()).with(others.clone()).all(&mut *tx).await?;
    let some_of = |node: &Node| heaviest(graph.children(node), offset, limit);
    let others_of = |node: &Node| light(graph.targets(node), most);
    let expected = parents.iter().map(|node| (node.clone(), some_of(node), others_of(node)));
    assert_eq!(found, expected.collect::<Vec<_>>());

    let nested = Node::named.with(Node::sources.filter(Node::weight.le(most)).with(some.clone()).with(Node::parent));
    let found = select().with(nested.clone()).all(&mut *tx).await?;
    let beneath = |node: &Node| {
        let sources = light(graph.sources(node), most).into_iter();
        sources.map(|node| (node.clone(), some_of(&node), graph.parent(&node))).collect::<Vec<_>>()
    };
    let nested_of = |node: &Node| graph.named(node).map(|node| (node.clone(), beneath(&node)));
    let expected: Vec<_> = parents.iter().map(|node| (node.clone(), nested_of(node))).collect();
    assert_eq!(found, expected);
    let at_hand = load(&parents, nested).all(&mut *tx).await?;
    assert_eq!(at_hand, expected.into_iter().map(|(_, nested)| nested).collect::<Vec<_>>());

    let beneath = Node::sources.filter(Node::weight.le(most)).with(some.clone()).with(Node::parent.joined());
    let joined = select().with(Node::named.with(beneath).joined()).all(&mut *tx).await?;
    let expected: Vec<_> = parents.iter().map(|node| (node.clone(), nested_of(node))).collect();
    assert_eq!(joined, expected);
    let light_named = Node::named.filter(Node::weight.le(most)).joined();
    let joined =
        select().with(Node::parent.with(Node::parent.joined()).joined()).with(light_named).all(&mut *tx).await?;
    let expected = parents.iter().map(|node| {
        let parent = graph.parent(node).map(|parent| (parent.clone(), graph.parent(&parent)));
        (node.clone(), parent, graph.named(node).filter(|named| named.weight <= most))
    });
    assert_eq!(joined, expected.collect::<Vec<_>>());

    let edges =
        Edge::select().order_by((Edge::from, Edge::to)).with(Edge::end.with(Node::children)).all(&mut *tx).await?;
    let expected = graph.edges.iter().map(|edge| {
        let end = graph.nodes[&edge.to].clone();
        (edge.clone(), (end.clone(), graph.children(&end)))
    });
    assert_eq!(edges, expected.collect::<Vec<_>>());

    let views = View::select().order_by(Node::id.desc()).offset(first).limit(100).all(&mut *tx).await?;
    let ends_of = |node: &Node| {
        let ends = graph.targets(node).into_iter();
        ends.map(|node| End { parent: graph.parent(&node), sources: graph.sources(&node), name: node.name }).collect()
    };
    let expected = parents.iter().map(|node| View {
        doubled: node.weight * 2,
        targets: ends_of(node),
        named: graph.named(node).map(|node| node.weight),
        some: some_of_three(graph.children(node)),
    });
    assert_eq!(views, expected.collect::<Vec<_>>());

    let Some(node) = parents.first() else { return Ok(()) };
    assert_eq!(node.related(Node::sources).order_by(Node::id).all(&mut *tx).await?, graph.sources(node));
    assert_eq!(node.related(Node::named).optional(&mut *tx).await?, graph.named(node));
    let marked = Node::select().filter(Node::marked.of(node)).order_by(Node::id);
    assert_eq!(marked.all(&mut *tx).await?, graph.marked(node));
    Ok(())
}
