//! The cases that SQLAlchemy's own suite asks of a database's JSON, each with what it must give.
//!
//! | case | test |
//! | --- | --- |
//! | 149 `test_round_trip_data1`, 151 `test_unicode_round_trip`, 152 `test_single_element_round_trip` | [`documents_of_every_kind_come_back`] |
//! | 154 `test_round_trip_none_as_sql_null`, 155 `…_as_json_null`, 157 `test_eval_none_flag_orm`, 178 `test_insert_nulls` | [`null_is_sql_s_or_json_s`] |
//! | 158, 160 `test_index_typed_access` | [`a_value_is_read_with_its_type`] |
//! | 161 `test_index_typed_comparison` | [`a_value_is_found_by_its_type`] |
//! | 163 `test_index_cross_casts` | [`a_view_of_another_type_is_null`]: creole converts nothing, so text that reads like a number is none |
//! | 164, 166, 167 `test_string_cast_crit_…`, 175 `test_criterion`, 176 `test_path_query` | [`rows_are_found_by_a_path`] |
//! | 169 raw comparison, 170 missing, null and other containers | [`a_comparison_is_never_an_error`] |
//! | 172 negative index, 173 key with a quote | [`the_end_of_an_array_and_odd_keys`] |
//! | 181 `test_path_exists`, 182 `test_path_match` | [`paths_exist_or_not`] |
//! | 184 `JSONBTest` operators | [`paths_exist_or_not`]; the operators' meaning is tried in `random` |
//! | 185 subscripts, 188 subscripts of functions | `sql::json`; a path begins at any expression, see [`a_path_begins_at_an_expression`] |
//! | 187 `test_jsonb_element_update_…` | [`elements_are_updated`] |
//! | 179 custom serializers | `Json<T>`: `suite::types::json` |
//! | 190 `JSONB` of SQLite, 191 reflection | creole keeps text on SQLite and jsonb on PostgreSQL; reflection: `suite::check_types` |

use creole::JsonValue;
use creole::prelude::*;
use creole::query::{Expr, JsonOperand, JsonPath};

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "data_table", default)]
struct Data {
    #[model(primary_key, auto)]
    id: i64,
    #[model(length = 30)]
    name: String,
    data: JsonValue,
    nulldata: Option<JsonValue>,
}

fn row(name: &str, data: JsonValue) -> Data {
    Data { name: name.into(), nulldata: Some(data.clone()), data, ..Default::default() }
}

async fn write(engine: &Engine, rows: impl IntoIterator<Item = Data>) -> creole::Result<()> {
    engine.create_all(tables![Data]).await?;
    let mut session = engine.session();
    for row in rows {
        session.add(row);
    }
    session.commit().await
}

async fn names(engine: &Engine, condition: Expr<bool>) -> creole::Result<Vec<String>> {
    select(Data::name).filter(condition).order_by(Data::id).all(engine).await
}

#[creole::test]
async fn documents_of_every_kind_come_back(engine: Engine) -> creole::Result<()> {
    let documents = [
        json!({"key1": "value1", "key2": "value2"}),
        json!({"réve🐍 illé": "réve🐍 illé", "data": {"k1": "drôl🐍e"}}),
        json!(true),
        json!(false),
        json!(null),
        json!(15),
        json!(0),
        json!(-1),
        json!(-1.0),
        json!(15.052),
        json!("a string"),
        json!("réve illé"),
        json!("réve🐍 illé"),
    ];
    write(&engine, documents.iter().map(|document| row("row", document.clone()))).await?;
    let rows = select((Data::data, Data::nulldata)).order_by(Data::id).all(&engine).await?;
    assert_eq!(rows, documents.map(|document| (document.clone(), Some(document))));
    Ok(())
}

#[creole::test]
async fn null_is_sql_s_or_json_s(engine: Engine) -> creole::Result<()> {
    write(&engine, [Data { name: "none".into(), ..Default::default() }]).await?;
    insert(&Data { name: "json".into(), nulldata: Some(JsonValue::Null), ..Default::default() }).exec(&engine).await?;
    assert_eq!(names(&engine, Data::nulldata.is_null()).await?, ["none"]);
    assert_eq!(names(&engine, Data::nulldata.is_json_null()).await?, ["json"]);
    assert_eq!(names(&engine, Data::data.is_json_null()).await?, ["none", "json"]);
    let rows = select((Data::data, Data::nulldata)).order_by(Data::id).all(&engine).await?;
    assert_eq!(rows, [(JsonValue::Null, None), (JsonValue::Null, Some(JsonValue::Null))]);
    Ok(())
}

fn key1() -> JsonPath<Data> {
    Data::data.at("key1")
}

/// The scalars of the case, which are each the value of `key1` in a row of their name.
fn scalars() -> Vec<JsonValue> {
    let mut scalars = vec![json!(true), json!(false), json!(null), json!("some string"), json!("réve illé")];
    scalars.extend([json!("réve🐍 illé"), json!(15), json!(1), json!(0), json!(28.5), json!(1_234_567.89)]);
    scalars.extend([json!(99_939.983485848), json!("45"), json!("45.684"), json!("true"), json!("false")]);
    scalars
}

#[creole::test]
async fn a_value_is_read_with_its_type(engine: Engine) -> creole::Result<()> {
    let whole = [json!({"a": [1, "x"]}), json!([1, {"b": null}])];
    let values: Vec<JsonValue> = scalars().into_iter().chain(whole).collect();
    write(&engine, values.iter().map(|value| row("row", json!({"key1": value})))).await?;
    let views = (key1(), key1().as_str(), key1().as_i64(), key1().as_f64(), key1().as_decimal(), key1().as_bool());
    let rows = select(views).order_by(Data::id).all(&engine).await?;
    for (value, row) in values.iter().zip(rows) {
        let text = value.as_str().map(Into::into);
        // Digit by digit what is written.
        let decimal = value.is_number().then(|| value.to_string().parse::<Decimal>().unwrap());
        assert_eq!(row, (Some(value.clone()), text, value.as_i64(), value.as_f64(), decimal, value.as_bool()));
    }
    // A decimal that no float is written as is not kept by every database, so none takes it; as a text it is kept.
    let long = dec!(99998969694839.983485848);
    let change = |value: JsonValue| update::<Data>().set(key1(), value).filter(key1().eq(15));
    let error = update::<Data>().set(key1(), long).filter(key1().eq(15)).exec(&engine).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::InvalidValue, None), "{error}");
    assert_eq!(names(&engine, key1().eq(long)).await?.len(), 0);
    assert_eq!(change(json!(long.to_string())).exec(&engine).await?, 1);
    assert_eq!(names(&engine, key1().eq(long.to_string())).await?.len(), 1);
    Ok(())
}

#[creole::test]
async fn a_value_is_found_by_its_type(engine: Engine) -> creole::Result<()> {
    let scalars = scalars();
    write(&engine, (0..).zip(&scalars).map(|(place, value)| row(&format!("{place}"), json!({"key1": value})))).await?;
    for (place, value) in (0..).zip(&scalars) {
        assert_eq!(names(&engine, key1().eq(value)).await?, [format!("{place}")], "{value}");
    }
    async fn one(engine: &Engine, value: impl JsonOperand) -> creole::Result<Vec<String>> {
        names(engine, key1().eq(value)).await
    }
    assert_eq!(one(&engine, true).await?, ["0"]);
    assert_eq!(one(&engine, "réve🐍 illé").await?, ["5"]);
    assert_eq!(one(&engine, 15_u8).await?, ["6"]);
    assert_eq!(one(&engine, 28.5).await?, ["9"]);
    assert_eq!(one(&engine, dec!(1234567.890)).await?, ["10"]);
    assert_eq!(one(&engine, String::from("true")).await?, ["14"]);
    assert_eq!(names(&engine, key1().as_i64().eq(15)).await?, ["6"]);
    assert_eq!(names(&engine, key1().as_decimal().eq(dec!(99939.983485848))).await?, ["11"]);
    Ok(())
}

#[creole::test]
async fn a_view_of_another_type_is_null(engine: Engine) -> creole::Result<()> {
    write(&engine, scalars().into_iter().map(|value| row("row", json!({"key1": value})))).await?;
    let found = |condition| names(&engine, condition);
    assert_eq!(found(key1().as_str().is_not_null().and(key1().as_i64().is_not_null())).await?.len(), 0);
    assert_eq!(found(key1().as_bool().is_not_null()).await?.len(), 2);
    assert_eq!(found(key1().as_i64().is_not_null()).await?.len(), 3);
    assert_eq!(found(key1().as_f64().is_not_null()).await?.len(), 6);
    assert_eq!(found(key1().as_str().is_not_null()).await?.len(), 7);
    Ok(())
}

/// The rows `r1` to `r6` of the cases.
fn six() -> [Data; 6] {
    [
        row("r1", json!({"key1": "value1", "key2": "value2", "k1": {"r6v1": {"subr": 1}}})),
        row("r2", json!({"key one": "value1", "key two": "value2", "k1": "r2v1"})),
        row("r3", json!({"key1": {"foo": "bar"}, "key2": [1], "key3": [0, {"six": "seven"}], "k1": "r3v1"})),
        row("r4", json!({"key one": "value1", "key1": ["x"], "k1": "r4v1"})),
        row(
            "r5",
            json!({"nested": {"elem1": [{"a": "b"}], "elem2": {"elem3": {"elem4": "elem5"}}}, "k1": "r5v1", "k3": 5}),
        ),
        row("r6", json!({"a": {"a": "b"}, "k1": {"r6v1": {"subr": [1, 2, 3]}}})),
    ]
}

#[creole::test]
async fn rows_are_found_by_a_path(engine: Engine) -> creole::Result<()> {
    write(&engine, six()).await?;
    assert_eq!(names(&engine, Data::data.at("key two").eq("value2")).await?, ["r2"]);
    assert_eq!(names(&engine, Data::data.at("key3").at(1).at("six").eq("seven")).await?, ["r3"]);
    let nested = Data::data.path(["nested", "elem2", "elem3", "elem4"]);
    assert_eq!(names(&engine, nested.eq("elem5")).await?, ["r5"]);
    assert_eq!(names(&engine, Data::data.at("k1").as_str().eq("r3v1")).await?, ["r3"]);
    assert_eq!(names(&engine, Data::data.path(["k1", "r6v1", "subr"]).eq(json!([1, 2, 3]))).await?, ["r6"]);
    assert_eq!(names(&engine, Data::data.at("k1").at("r6v1").at("subr").array_len().eq(3)).await?, ["r6"]);
    Ok(())
}

#[creole::test]
async fn a_comparison_is_never_an_error(engine: Engine) -> creole::Result<()> {
    let documents = [
        json!({"theme": "dark"}),
        json!({"theme": null}),
        json!({}),
        json!([1, 2]),
        json!("str"),
        json!(7),
        json!(null),
    ];
    write(&engine, documents.map(|document| row("row", document))).await?;
    let theme = || Data::data.at("theme");
    let read = select(theme()).order_by(Data::id).all(&engine).await?;
    assert_eq!(read, [Some(json!("dark")), Some(json!(null)), None, None, None, None, None]);
    assert_eq!(names(&engine, theme().eq("dark")).await?.len(), 1);
    assert_eq!(names(&engine, theme().ne("dark")).await?.len(), 6);
    Ok(())
}

#[creole::test]
async fn the_end_of_an_array_and_odd_keys(engine: Engine) -> creole::Result<()> {
    write(&engine, [row("a", json!([1, 2])), row("b", json!({"q\"t": 1})), row("c", json!([3]))]).await?;
    let last = select(Data::data.at(-1)).order_by(Data::id).all(&engine).await?;
    assert_eq!(last, [Some(json!(2)), None, Some(json!(3))]);
    let before = select(Data::data.at(-2)).order_by(Data::id).all(&engine).await?;
    assert_eq!(before, [Some(json!(1)), None, None]);
    assert_eq!(names(&engine, Data::data.at("q\"t").eq(1)).await?, ["b"]);
    Ok(())
}

#[creole::test]
async fn paths_exist_or_not(engine: Engine) -> creole::Result<()> {
    write(&engine, six()).await?;
    let all = ["r1", "r2", "r3", "r4", "r5", "r6"];
    assert_eq!(names(&engine, Data::data.at("k1").exists()).await?, all);
    assert_eq!(names(&engine, Data::data.at("k3").exists()).await?, ["r5"]);
    assert_eq!(names(&engine, Data::data.at("k1").at("r6v1").exists()).await?, ["r1", "r6"]);
    assert_eq!(names(&engine, Data::data.at("k3").as_i64().gt(0)).await?, ["r5"]);
    assert_eq!(names(&engine, Data::data.at("k3").eq(5)).await?, ["r5"]);
    assert_eq!(names(&engine, Data::data.has_key("key one")).await?, ["r2", "r4"]);
    assert_eq!(names(&engine, Data::data.has_all_keys(["key1", "key2"])).await?, ["r1", "r3"]);
    assert_eq!(names(&engine, Data::data.has_any_key(["nested", "a"])).await?, ["r5", "r6"]);
    assert_eq!(names(&engine, Data::data.contains(json!({"k1": {"r6v1": {"subr": [3]}}}))).await?, ["r6"]);
    // What is contained is asked from the other side.
    assert_eq!(names(&engine, Data::data.at("key1").contains("x")).await?, ["r4"]);
    Ok(())
}

#[creole::test]
async fn a_path_begins_at_an_expression(engine: Engine) -> creole::Result<()> {
    write(&engine, [row("a", json!({"b": {"c": 1}})), Data { nulldata: None, ..row("n", json!({"b": {"c": 2}})) }])
        .await?;
    let either = coalesce(Data::nulldata, Data::data).at("b").at("c").as_i64();
    assert_eq!(select(either).order_by(Data::id).all(&engine).await?, [Some(1), Some(2)]);
    let other = alias::<Data>("other");
    let found = select(other.col(Data::nulldata).path(["b", "c"]).as_i64()).filter(other.col(Data::name).eq("a"));
    assert_eq!(found.all(&engine).await?, [Some(1)]);
    Ok(())
}

#[creole::test]
async fn elements_are_updated(engine: Engine) -> creole::Result<()> {
    let document = json!({
        "user": {"name": "John", "age": 30}, "active": true, "config": {"theme": "light", "version": 1}, "tags": ["a", "b", "c"]
    });
    write(&engine, [row("one", document)]).await?;
    let data = || Data::data;
    update::<Data>()
        .set(data().at("user").at("name"), "Jane")
        .set(data().at("active"), false)
        .set(data().at("config").at("theme"), "dark")
        .set(data().at("config").at("version"), 2)
        .set(data().at("tags").at(1), "updated")
        .filter(Data::name.eq("one"))
        .exec(&engine)
        .await?;
    let expected = json!({
        "user": {"name": "Jane", "age": 30}, "active": false, "config": {"theme": "dark", "version": 2}, "tags": ["a", "updated", "c"]
    });
    assert_eq!(select(Data::data).one(&engine).await?, expected);
    Ok(())
}
