//! Every attribute that the tour's models leave out.
// Helpers of tests fail as tests do.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use creole::Direction;
use creole::model::Model as _;
use creole::query::{Condition as _, Expression as _};
use creole::schema::{Action, Collation, ColumnDef, IndexPart, ServerDefault};
use creole::types::ColumnType;
use creole_derive::Model;
use support::{MemoryRow, check_round_trip};

/// A model in a module, for references by a longer path.
mod people {
    use creole_derive::Model;

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "people", schema = "hr", default)]
    pub(crate) struct Person {
        #[model(primary_key)]
        pub(crate) code: String,
        /// Its own documentation.
        pub(super) name: String,
        #[allow(dead_code)]
        secret: Vec<u8>,
    }
}

use people::Person;

/// The data of a key: its name and its columns.
fn keys<'t>(keys: impl IntoIterator<Item = (Option<&'t str>, &'t [u16])>) -> Vec<(Option<&'t str>, &'t [u16])> {
    keys.into_iter().collect()
}

// Clippy takes a second index over a column for a slip.
#[allow(clippy::duplicated_attributes)]
#[derive(Model, Debug, Clone, PartialEq)]
#[model(
    table = "things",
    index(first, second),
    index(name = "by_second", second),
    unique(second, first),
    unique(name = "one_third", third)
)]
#[model(check(first_is_small = Thing::first.lt(100), seconds_differ = Self::first.ne(Self::second)))]
#[model(check(r#in = not_null(Self::third)))]
struct Thing {
    #[model(primary_key)]
    id: u32,
    #[model(index)]
    first: i64,
    #[model(unique, index)]
    second: i64,
    #[model(server_default = "CURRENT_TIMESTAMP")]
    third: Option<String>,
    #[model(length = 16)]
    digest: Vec<u8>,
}

/// A function that a check may call, as any expression may.
fn not_null(column: creole::model::Column<Thing, Option<String>>) -> creole::query::Expr<bool> {
    column.is_not_null()
}

#[test]
fn keys_of_fields_come_before_those_of_the_struct() {
    let table = Thing::TABLE;
    assert_eq!(
        table.indexes.iter().map(|key| (key.name, key.columns())).collect::<Vec<_>>(),
        [(None, vec![1]), (None, vec![2]), (None, vec![1, 2]), (Some("by_second"), vec![2]),]
    );
    assert_eq!(
        keys(table.uniques.iter().map(|key| (key.name, key.columns))),
        [(None, [2].as_slice()), (None, [2, 1].as_slice()), (Some("one_third"), [3].as_slice())]
    );
    assert_eq!(
        table.columns,
        [
            ColumnDef::new("id", ColumnType::U32),
            ColumnDef::new("first", ColumnType::I64),
            ColumnDef::new("second", ColumnType::I64),
            ColumnDef::new("third", ColumnType::TEXT)
                .nullable()
                .server_default(ServerDefault::Sql("CURRENT_TIMESTAMP")),
            ColumnDef::new("digest", ColumnType::Bytes { length: Some(16) }),
        ]
    );
}

#[test]
fn checks_are_conditions_and_may_say_self() {
    let names: Vec<_> = Thing::TABLE.checks.iter().map(|check| check.name).collect();
    assert_eq!(names, ["first_is_small", "seconds_differ", "in"]);
    let expected = [
        Thing::first.lt(100).condition(),
        Thing::first.ne(Thing::second).condition(),
        Thing::third.is_not_null().condition(),
    ];
    for (check, expected) in Thing::TABLE.checks.iter().zip(expected) {
        assert_eq!(format!("{:?}", (check.condition)()), format!("{expected:?}"));
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "nodes", default)]
struct Node {
    #[model(primary_key, auto)]
    id: i32,
    #[model(references = Self::id, on_delete = set_null, on_update = cascade)]
    parent_id: Option<i32>,
    #[model(references = self::people::Person::code, on_update = restrict)]
    owner: String,
    #[model(references = Leaf::id)]
    leaf_id: Option<i16>,
}

/// Refers to a model that refers to it.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "leaves")]
struct Leaf {
    #[model(primary_key, auto)]
    id: i16,
    #[model(references = Node::id)]
    node_id: i32,
}

#[test]
fn foreign_keys_may_form_circles_and_follow_paths() {
    let [parent, owner, leaf] = Node::TABLE.foreign_keys else { panic!("three foreign keys") };
    assert!(std::ptr::eq((parent.table)(), Node::TABLE));
    assert_eq!((parent.on_delete, parent.on_update), (Action::SetNull, Action::Cascade));
    assert_eq!((parent.columns, parent.references), ([1].as_slice(), [0].as_slice()));
    assert!(std::ptr::eq((owner.table)(), Person::TABLE));
    assert_eq!((owner.on_delete, owner.on_update), (Action::Restrict, Action::Restrict));
    assert!(std::ptr::eq((leaf.table)(), Leaf::TABLE));
    let [node] = Leaf::TABLE.foreign_keys else { panic!("one foreign key") };
    assert!(std::ptr::eq((node.table)(), Node::TABLE));
    check_round_trip(&Leaf { id: 1, node_id: 2 }, Leaf { id: 0, node_id: 0 });
}

#[test]
fn a_schema_and_private_columns() {
    assert_eq!((Person::TABLE.schema, Person::TABLE.name), (Some("hr"), "people"));
    assert_eq!(Person::TABLE.to_string(), "hr.people");
    assert_eq!(Person::name.index(), 1);
    let mut ada = Person::default();
    ada.code = "ada".into();
    ada.name = "Ada".into();
    check_round_trip(&ada, Person::default());
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "memberships", default)]
struct Membership {
    note: Option<String>,
    #[model(primary_key)]
    user_id: i64,
    #[model(primary_key)]
    team: String,
    #[model(primary_key)]
    r#as: i16,
    #[model(primary_key)]
    since: uuid::Uuid,
}

#[test]
fn a_key_of_several_columns_is_a_tuple_in_their_order() {
    let member = Membership { user_id: 7, team: "blue".into(), r#as: 3, ..Default::default() };
    let key: (i64, String, i16, uuid::Uuid) = member.key();
    assert_eq!(key, (7, "blue".into(), 3, uuid::Uuid::nil()));
    assert_eq!(Membership::TABLE.primary_key, [1, 2, 3, 4]);
    check_round_trip(&member, Membership::default());
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "settings", default)]
struct Setting {
    #[model(primary_key, name = key_)]
    key: String,
    #[model(name = chosen, column = "selected")]
    select: bool,
    r#type: String,
    #[model(name = r#fn, column = "order")]
    function: i64,
    #[model(name = standard)]
    default: i64,
}

#[test]
fn constants_and_columns_are_renamed_apart_from_each_other() {
    let names: Vec<_> = Setting::TABLE.columns.iter().map(|column| column.name).collect();
    assert_eq!(names, ["key", "selected", "type", "order", "default"]);
    assert_eq!(Setting::key_.index(), 0);
    assert_eq!(Setting::chosen.index(), 1);
    assert_eq!(Setting::r#type.index(), 2);
    assert_eq!(Setting::r#fn.index(), 3);
    assert_eq!(Setting::standard.index(), 4);
    let setting = Setting { key: "theme".into(), select: true, r#type: "text".into(), function: 1, default: 2 };
    assert_eq!(setting.key(), "theme");
    check_round_trip(&setting, Setting::default());
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Cache(Vec<i64>);

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "reports", default)]
struct Report {
    #[model(skip)]
    cache: Cache,
    #[model(primary_key)]
    id: i64,
    #[model(skip)]
    drafts: Option<Vec<String>>,
    #[model(default)]
    title: String,
}

#[test]
fn skipped_fields_are_no_columns_and_start_as_their_default() {
    let names: Vec<_> = Report::TABLE.columns.iter().map(|column| column.name).collect();
    assert_eq!(names, ["id", "title"]);
    assert_eq!((Report::id.index(), Report::title.index()), (0, 1));
    let report = Report { cache: Cache(vec![1]), id: 7, drafts: Some(vec![]), title: "Q3".into() };
    let (decoded, _) = MemoryRow::of(&report).decode::<Report>().unwrap();
    assert_eq!(decoded, Report { cache: Cache::default(), drafts: None, ..report });
}

/// A default that can fail to be derived: the struct has one of its own.
#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "accounts")]
struct Account {
    #[model(primary_key)]
    id: i64,
}

impl Default for Account {
    fn default() -> Account {
        Account { id: 42 }
    }
}

#[test]
fn without_default_the_struct_keeps_its_own() {
    assert_eq!(Account::default().id, 42);
}

/// A crate that knows creole by another name.
mod renamed {
    pub(crate) use ::creole as orm;

    // Hides the real name, so that a `creole` without the leading `::` would fail.
    #[allow(unused)]
    mod creole {}

    #[derive(creole_derive::Model)]
    #[model(
        table = "parcels",
        crate = crate::renamed::orm,
        default,
        unique(weight),
        check(not_empty = Parcel::weight.gt(0))
    )]
    pub(crate) struct Parcel {
        #[model(primary_key, auto)]
        pub(crate) id: i64,
        #[model(references = Parcel::id, on_delete = set_null)]
        pub(crate) weight: Option<i64>,
    }
}

#[test]
fn creole_is_found_under_another_name() {
    let parcel = renamed::Parcel { weight: Some(7), ..Default::default() };
    let (decoded, _) = MemoryRow::of(&parcel).decode::<renamed::Parcel>().unwrap();
    assert_eq!((decoded.id, decoded.weight), (0, Some(7)));
    assert_eq!(renamed::Parcel::TABLE.checks.len(), 1);
}

#[test]
fn a_model_may_stand_in_a_function_and_names_of_the_prelude_may_be_taken() {
    #[allow(dead_code)]
    type Result = ();
    #[allow(dead_code)]
    struct Option;
    #[allow(dead_code)]
    trait Default {}

    #[derive(Model, Debug, Clone, PartialEq)]
    #[model(table = "local", default, schema = "s", index(name = "i", row), check(c = Local::value.gt(0)))]
    struct Local {
        #[model(primary_key)]
        row: i64,
        value: i64,
        column: i64,
    }

    check_round_trip(&Local { row: 1, value: 2, column: 3 }, <Local as std::default::Default>::default());
    assert_eq!(Local::TABLE.name, "local");
}

macro_rules! model {
    ($model:ident, $table:literal, $field:ident: $ty:ty = $default:expr, $length:literal, $target:path, $index:literal) => {
        #[derive(Model, Debug, Clone, PartialEq)]
        #[model(table = $table, default, index(name = $index, $field), check(positive = $model::$field.ne($default)))]
        struct $model {
            #[model(primary_key, auto)]
            id: i64,
            #[model(default = $default, length = $length, column = $table, references = $target)]
            $field: $ty,
        }
    };
}

model!(Made, "made", code: String = "x".to_owned(), 12, Person::code, "ix_made");

#[test]
fn a_macro_may_write_a_model() {
    assert_eq!(Made::TABLE.name, "made");
    assert_eq!(Made::code.definition().unwrap().ty, ColumnType::Text { length: Some(12) });
    assert_eq!(Made::TABLE.indexes[0].name, Some("ix_made"));
    assert_eq!(Made::default().code, "x");
}

#[derive(Model, Debug, Clone, PartialEq)]
#[allow(clippy::duplicated_attributes)]
#[model(
    table = "visits",
    comment = "Who was where",
    index(place, name = "later", filter = Self::hour.gt(12).and(Self::name.is_not_null()), at.desc()),
    unique_index(hour.asc(), place),
    index(name = "loud", expr = Self::name.upper().desc(), hour, expr = Visit::hour + 1),
    foreign_key(place, at, references = (Self::next_place, Visit::next_at), name = "fk_next", on_update = cascade),
    unique(next_place, next_at)
)]
struct Visit {
    #[model(primary_key, comment = "One per visit")]
    id: i64,
    place: i32,
    at: i64,
    next_place: i32,
    next_at: i64,
    hour: u8,
    #[model(case_insensitive)]
    name: Option<String>,
    #[model(collation = "de_DE")]
    street: String,
    #[model(collation = binary)]
    code: String,
    #[model(collation = case_insensitive, length = 3)]
    country: String,
    #[model(references = Visit::id, on_delete = set_default, server_default = "1")]
    before: i64,
}

#[test]
fn indexes_have_directions_expressions_and_conditions() {
    let [later, unique, loud] = Visit::TABLE.indexes else { panic!("three indexes") };
    assert_eq!((later.name, later.unique, later.columns()), (Some("later"), false, vec![1, 2]));
    assert!(matches!(
        later.parts,
        [IndexPart::Column(1, Direction::Ascending), IndexPart::Column(2, Direction::Descending)]
    ));
    let expected = Visit::hour.gt(12).and(Visit::name.is_not_null()).condition();
    assert_eq!(format!("{:?}", later.filter.map(|filter| filter())), format!("{:?}", Some(expected)));
    assert_eq!((unique.name, unique.unique, unique.name(Visit::TABLE).as_ref()), (None, true, "ux_visits_hour_place"));
    let [IndexPart::Expr(first), IndexPart::Column(5, _), IndexPart::Expr(second)] = loud.parts else {
        panic!("its parts")
    };
    assert_eq!((first().direction, second().direction), (Direction::Descending, Direction::Ascending));
    assert_eq!(loud.columns(), [5]);
}

#[test]
fn a_foreign_key_of_several_columns_is_in_the_table() {
    let [field, key] = Visit::TABLE.foreign_keys else { panic!("two foreign keys") };
    assert_eq!((field.columns, field.on_delete), ([10].as_slice(), Action::SetDefault));
    assert_eq!((key.name, key.columns, key.references), (Some("fk_next"), [1, 2].as_slice(), [3, 4].as_slice()));
    assert_eq!((key.on_delete, key.on_update), (Action::Restrict, Action::Cascade));
    assert!(std::ptr::eq((key.table)(), Visit::TABLE));
}

#[test]
fn collations_and_comments_are_in_the_table() {
    assert_eq!(Visit::TABLE.comment, Some("Who was where"));
    let [id, .., name, street, code, country, _] = Visit::TABLE.columns else { panic!("its columns") };
    assert_eq!((id.comment, name.comment), (Some("One per visit"), None));
    let collations = [id, name, street, code, country].map(|column| column.collation);
    use Collation::{Binary, CaseInsensitive, Named};
    assert_eq!(collations, [Binary, CaseInsensitive, Named("de_DE"), Binary, CaseInsensitive]);
}
