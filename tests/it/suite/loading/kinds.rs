//! Keys of each type: read back, sent again, and compared with those that the program has.

macro_rules! kinds {
    ($($name:ident: $ty:ty = $value:expr;)*) => {
        $(
            mod $name {
                use creole::prelude::*;
                use creole::query::load;

                #[derive(Model, Debug, Clone, PartialEq)]
                #[model(table = "parents", has_many(children = Child::parent))]
                struct Parent {
                    #[model(primary_key)]
                    id: $ty,
                }

                #[derive(Model, Debug, Clone, PartialEq)]
                #[model(table = "children")]
                struct Child {
                    #[model(primary_key)]
                    id: i64,
                    #[model(references = Parent::id, belongs_to = owner)]
                    parent: $ty,
                }

                #[creole::test]
                async fn is_a_key(engine: Engine) -> creole::Result<()> {
                    engine.create_all(tables![Parent, Child]).await?;
                    let parents = [Parent { id: $value }];
                    insert_all(&parents).exec(&engine).await?;
                    insert_all(&[1, 2].map(|id| Child { id, parent: $value })).exec(&engine).await?;
                    let (_, children) = Parent::select().with(Parent::children).one(&engine).await?;
                    assert_eq!(load(&parents, Parent::children).all(&engine).await?.concat(), children);
                    assert_eq!(children.len(), 2);
                    let last = Parent::children.filter(Child::id.gt(1)).limit(1).with(Child::owner);
                    let (_, last) = Parent::select().with(last).one(&engine).await?;
                    assert_eq!(last, [(children[1].clone(), parents[0].clone())]);
                    let owners = load(&children, Child::owner.filter(Parent::children.exists())).all(&engine).await?;
                    assert_eq!(owners, [Some(parents[0].clone()), Some(parents[0].clone())]);
                    Ok(())
                }
            }
        )*
    };
}

kinds! {
    small: i16 = -7;
    unsigned: u32 = u32::MAX;
    large: u64 = 1 << 40;
    truth: bool = true;
    decimal: Decimal = Decimal::new(15, 1);
    uuid: Uuid = Uuid::from_u128(u128::MAX - 5);
    day: NaiveDate = NaiveDate::from_ymd_opt(2026, 3, 4).expect("the month has that day");
    moment: DateTime<Utc> = DateTime::from_timestamp(1_700_000_000, 123_456_000).expect("it is in range");
}
