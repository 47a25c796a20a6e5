//! UUIDs that SQLite keeps as text, beside those that it keeps as bytes.

use creole::prelude::*;
use creole::query::{Expr, nullif};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "nodes", has_many(children = Node::parent_id))]
struct Node {
    #[model(primary_key, sqlite = text)]
    id: Uuid,
    #[model(sqlite = text, references = Node::id, belongs_to = parent, on_delete = set_null, index)]
    parent_id: Option<Uuid>,
    /// In the usual form.
    plain: Uuid,
    number: i32,
}

/// UUIDs of version 7, which every backend sorts by their bytes.
fn id(number: u8) -> Uuid {
    let mut bytes = [0xab; 10];
    bytes[9] = number;
    ::uuid::Builder::from_unix_timestamp_millis(u64::from(number) << 40, &bytes).into_uuid()
}

async fn written(engine: &Engine) -> creole::Result<Vec<Node>> {
    engine.create_all(tables![Node]).await?;
    let node = |number: u8, parent: Option<u8>, plain: u8| Node {
        id: id(number),
        parent_id: parent.map(id),
        plain: id(plain),
        number: number.into(),
    };
    let nodes = vec![node(200, None, 200), node(15, Some(200), 16), node(16, Some(200), 1), node(9, Some(16), 15)];
    for node in &nodes {
        insert(node).exec(engine).await?;
    }
    Ok(nodes)
}

async fn numbers(engine: &Engine, condition: Expr<bool>) -> creole::Result<Vec<i32>> {
    select(Node::number).filter(condition).order_by(Node::number).all(engine).await
}

#[creole::test]
async fn rows_are_written_found_changed_and_sorted(engine: Engine) -> creole::Result<()> {
    let nodes = written(&engine).await?;
    assert_eq!(Node::find(id(16), &engine).await?.as_ref(), Some(&nodes[2]));
    assert_eq!(Node::find(id(17), &engine).await?, None);
    let found = select(Node::number).order_by(Node::id).all(&engine).await?;
    assert_eq!(found, [9, 15, 16, 200], "by their bytes");
    assert_eq!(select(Node::number).order_by(Node::id.desc()).limit(1).all(&engine).await?, [200]);
    let mut session = engine.session();
    let node = session.get::<Node>(id(9)).await?.expect("the node");
    session[node].parent_id = Some(id(15));
    session.commit().await?;
    assert_eq!(numbers(&engine, Node::parent_id.eq(id(15))).await?, [9]);
    let twice = insert(&nodes[0]).exec(&engine).await.unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::UniqueViolation);
    let unknown = insert(&Node { id: id(1), parent_id: Some(id(2)), ..nodes[0].clone() }).exec(&engine).await;
    assert_eq!(unknown.unwrap_err().kind(), ErrorKind::ForeignKeyViolation);
    Ok(())
}

#[creole::test]
async fn conditions_on_values_columns_and_relations(engine: Engine) -> creole::Result<()> {
    written(&engine).await?;
    assert_eq!(numbers(&engine, Node::id.is_in([id(9), id(15), id(17)])).await?, [9, 15]);
    assert_eq!(numbers(&engine, Node::id.between(id(10), id(16))).await?, [15, 16]);
    assert_eq!(numbers(&engine, Node::parent_id.ne(id(200))).await?, [9, 200]);
    assert_eq!(numbers(&engine, Node::parent_id.eq(None)).await?, [200]);
    // Beside one of the other form.
    assert_eq!(numbers(&engine, Node::id.eq(Node::plain)).await?, [200]);
    assert_eq!(numbers(&engine, Node::plain.lt(Node::id)).await?, [16]);
    assert_eq!(numbers(&engine, Node::plain.is_in(select(Node::id))).await?, [9, 15, 200]);
    assert_eq!(numbers(&engine, Node::id.not_in(select(Node::plain))).await?, [9]);
    assert_eq!(numbers(&engine, Node::children.any(Node::number.lt(10))).await?, [16]);
    assert_eq!(numbers(&engine, Node::parent.any(Node::number.eq(200))).await?, [15, 16]);
    let parent = alias::<Node>("parent");
    let pairs = select((Node::number, parent.col(Node::id)))
        .join(parent.on(Node::parent_id.eq(parent.col(Node::id))))
        .order_by(Node::id)
        .all(&engine)
        .await?;
    assert_eq!(pairs, [(9, id(16)), (15, id(200)), (16, id(200))]);
    Ok(())
}

#[creole::test]
async fn what_carries_them_keeps_their_value(engine: Engine) -> creole::Result<()> {
    let nodes = written(&engine).await?;
    let rows = select((
        coalesce(Node::parent_id, Node::plain),
        case(Node::number.gt(15), Node::id).otherwise(Node::plain),
        nullif(Node::id, Node::plain),
    ))
    .order_by(Node::number)
    .all(&engine)
    .await?;
    assert_eq!(rows[0], (id(16), id(15), Some(id(9))));
    assert_eq!(rows[3], (id(200), id(200), None));
    let groups = select((Node::parent_id, count_rows())).group_by(Node::parent_id).order_by(Node::parent_id);
    assert_eq!(groups.all(&engine).await?, [(Some(id(16)), 1), (Some(id(200)), 2), (None, 1)]);
    let both = select(Node::id).union(select(Node::plain)).order_by(Node::id).all(&engine).await?;
    assert_eq!(both, [1, 9, 15, 16, 200].map(id));
    let inner = select((Node::id, Node::number)).subquery("inner_nodes");
    let joined = select(inner.col(Node::number))
        .from(&inner)
        .join(table::<Node>().on(Node::plain.eq(inner.col(Node::id))))
        .order_by(inner.col(Node::number))
        .all(&engine)
        .await?;
    assert_eq!(joined, [15, 16, 200]);
    update::<Node>().set(Node::plain, Node::id).filter(Node::number.eq(9)).exec(&engine).await?;
    update::<Node>().set(Node::parent_id, Node::plain).filter(Node::number.eq(9)).exec(&engine).await?;
    let copied = Node::find(id(9), &engine).await?.expect("the node");
    assert_eq!((copied.parent_id, copied.plain), (Some(id(9)), id(9)));

    let wanted = id(15);
    let raw = sql!("select {Node::ALL} from {table::<Node>()} where {Node::id} = {wanted}").models::<Node>();
    assert_eq!(raw.all(&engine).await?, nodes[1..2]);
    // Read from a text that says no more than the names.
    let all = sql!("select * from nodes order by number").models::<Node>();
    assert_eq!(all.all(&engine).await?.len(), 4);
    Ok(())
}

#[creole::test]
async fn sqlite_keeps_text_and_its_indexes_serve(engine: Engine) -> creole::Result<()> {
    if engine.dialect().name() != "sqlite" {
        return Ok(());
    }
    written(&engine).await?;
    let text = sql!("select id from nodes where number = 9").scalars::<String>().one(&engine).await?;
    assert_eq!(text, id(9).to_string());
    let plan = async |query: creole::query::Select<i32>| {
        let rows = sql!("explain query plan {query}").rows::<(i64, i64, i64, String)>().all(&engine).await?;
        Ok::<_, creole::Error>(rows.into_iter().map(|row| row.3).collect::<Vec<_>>().join("; "))
    };
    let rows = |condition| select(Node::number).filter(condition);
    assert!(plan(rows(Node::id.eq(id(9)))).await?.ends_with("(id=?)"));
    assert!(plan(rows(Node::parent_id.is_in([id(9)]))).await?.contains("ix_nodes_parent_id (parent_id=?)"));
    assert!(plan(rows(Node::children.exists())).await?.contains("ix_nodes_parent_id (parent_id=?)"));
    let sorted = plan(select(Node::number).order_by(Node::id)).await?;
    assert!(!sorted.contains("TEMP B-TREE"), "{sorted}");
    // What another program writes must be in the same form.
    for wrong in ["upper(id)", "replace(id, '-', '')", "'{' || id || '}'", "plain", "'x'"] {
        let raw = creole::query::Raw::new().text("update nodes set id = ").text(wrong).text(" where number = 9");
        let error = raw.exec(&engine).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::InvalidValue), "{wrong}: {error:?}");
    }
    Ok(())
}
