//! Documents of a known shape: what a field is compared with, read as and written as is what serde makes of its type.

use std::collections::BTreeMap;

use creole::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(JsonDoc, Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
#[serde(rename_all = "kebab-case", default)]
struct Settings {
    theme: Theme,
    user_name: Option<String>,
    #[serde(rename = "a 'key'")]
    odd: i64,
    scale: f32,
    on: bool,
    sizes: Vec<u16>,
    panels: Vec<Panel>,
    main: Option<Panel>,
    prices: BTreeMap<String, u64>,
    #[serde(with = "as_text")]
    own: u8,
    #[serde(flatten)]
    more: More,
}

#[derive(JsonDoc, Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
struct More {
    #[serde(rename = "More Still")]
    still: Option<i32>,
    #[serde(flatten)]
    rest: BTreeMap<String, i32>,
}

#[derive(Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
#[serde(rename_all = "lowercase")]
enum Theme {
    #[default]
    Light,
    Dark,
    Custom(String),
}

#[derive(JsonDoc, Serialize, Deserialize, Debug, Clone, PartialEq, Default)]
struct Panel {
    width: u32,
    title: Option<String>,
}

mod as_text {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[derive(Model, Debug, Clone, PartialEq)]
#[model(table = "typed")]
struct Config {
    #[model(primary_key)]
    id: i32,
    settings: Option<Json<Settings>>,
    raw: creole::JsonValue,
}

fn full() -> Settings {
    let panel = |width: u32| Panel { width, title: (width > 3).then(|| "wide".into()) };
    Settings {
        theme: Theme::Custom("\"odd\" é🦀".into()),
        user_name: Some("Ada".into()),
        odd: i64::MAX,
        scale: 0.1,
        on: true,
        sizes: vec![1, 2, 3],
        panels: vec![panel(3), panel(5)],
        main: Some(panel(8)),
        prices: BTreeMap::from([("a".into(), u64::MAX)]),
        own: 7,
        more: More { still: Some(1), rest: BTreeMap::from([("anything".into(), 2)]) },
    }
}

async fn write(engine: &Engine) -> creole::Result<()> {
    engine.create_all(tables![Config]).await?;
    let rows = [
        Config { id: 1, settings: Some(Json(full())), raw: json!({"user-name": "Ada", "sizes": "none"}) },
        Config { id: 2, settings: Some(Json(Settings::default())), raw: json!({}) },
        Config { id: 3, settings: None, raw: json!(null) },
    ];
    insert_all(&rows).exec(engine).await?;
    Ok(())
}

#[creole::test]
async fn fields_are_compared_as_serde_writes_them(engine: Engine) -> creole::Result<()> {
    write(&engine).await?;
    let settings = || Config::settings;
    let main = || settings().field(Settings::main);
    let none: [i32; 0] = [];
    for (condition, expected) in [
        (settings().field(Settings::theme).eq(&Theme::Light), &[2][..]),
        (settings().field(Settings::theme).eq(&full().theme), &[1]),
        (settings().field(Settings::theme).ne(&Theme::Light), &[1, 3]),
        (settings().field(Settings::theme).is_in([&Theme::Light, &full().theme]), &[1, 2]),
        (settings().field(Settings::user_name).eq("Ada"), &[1]),
        (settings().field(Settings::user_name).is_json_null(), &[2]),
        (settings().field(Settings::odd).eq(i64::MAX), &[1]),
        (settings().field(Settings::odd).eq(i64::MAX - 1), &none),
        (settings().field(Settings::scale).eq(0.1), &[1]),
        (settings().field(Settings::on).eq(true), &[1]),
        (settings().field(Settings::sizes).eq(&vec![1, 2, 3]), &[1]),
        (settings().field(Settings::sizes).contains(json!([3, 1])), &[1]),
        (settings().field(Settings::sizes).element(-1).eq(3), &[1]),
        (settings().field(Settings::panels).element(1).field(Panel::title).eq("wide"), &[1]),
        (settings().field(Settings::panels).element(0).field(Panel::title).eq("wide"), &none),
        (main().field(Panel::width).as_i64().gt(7), &[1]),
        (main().eq(&Panel { width: 8, title: Some("wide".into()) }), &[1]),
        (main().exists(), &[1, 2]),
        (settings().field(Settings::prices).at("a").eq(u64::MAX), &[1]),
        // What has a form of its own is compared with what it is written as.
        (settings().field(Settings::own).eq("7"), &[1]),
        (settings().field(Settings::own).eq(7), &none),
        // What is flattened is in the document itself.
        (settings().field(More::still).eq(1), &[1]),
        (settings().at("anything").eq(2), &[1]),
        // Documents that nobody has said the shape of.
        (Config::raw.field(Settings::user_name).eq("Ada"), &[1]),
    ] {
        let found = select(Config::id).filter(condition).order_by(Config::id).all(&engine).await?;
        assert_eq!(found, expected);
    }
    Ok(())
}

#[creole::test]
async fn fields_are_read_as_what_they_are(engine: Engine) -> creole::Result<()> {
    write(&engine).await?;
    let read = select((
        Config::settings.field(Settings::theme),
        Config::settings.field(Settings::user_name),
        Config::settings.field(Settings::scale),
        Config::settings.field(Settings::main),
        Config::settings.field(Settings::main).field(Panel::title),
        Config::settings.field(Settings::prices),
        Config::settings.field(Settings::own),
    ))
    .order_by(Config::id)
    .all(&engine)
    .await?;
    let Settings { theme, user_name, scale, main, prices, .. } = full();
    let title = main.as_ref().and_then(|main| main.title.clone());
    assert_eq!(read[0], (Some(theme), user_name, Some(scale), main, title, Some(prices), Some(json!("7"))));
    // JSON's null of an `Option` is none; what the type has is there.
    let expected = (Some(Theme::Light), None, Some(0.0), None, None, Some(BTreeMap::new()), Some(json!("0")));
    assert_eq!(read[1], expected);
    assert_eq!(read[2], (None, None, None, None, None, None, None));
    // What is of another type is an error that says so.
    let sizes = select(Config::raw.field(Settings::sizes)).filter(Config::id.eq(1)).one(&engine).await.unwrap_err();
    assert_eq!(sizes.kind(), ErrorKind::Decode);
    assert!(!sizes.to_string().contains("none"), "{sizes}");
    let panel = Config::settings.field(Settings::panels).each("panel");
    let rows = select((Config::id, panel.index(), panel.value(), panel.value().field(Panel::width)))
        .join(&panel)
        .order_by(panel.index());
    let expected: Vec<_> =
        (0_i64..).zip(full().panels).map(|(place, panel)| (1, place, Some(panel.clone()), Some(panel.width))).collect();
    assert_eq!(rows.all(&engine).await?, expected);
    Ok(())
}

#[creole::test]
async fn fields_are_written_as_what_they_are(engine: Engine) -> creole::Result<()> {
    write(&engine).await?;
    update::<Config>()
        .set(Config::settings.field(Settings::theme), &Theme::Dark)
        .set(Config::settings.field(Settings::user_name), json!(null))
        .set(Config::settings.field(Settings::scale), 2.5)
        .set(Config::settings.field(Settings::main).field(Panel::title), String::from("x"))
        .set(Config::settings.field(Settings::prices).at("b"), 1_u64)
        .json_append(Config::settings.field(Settings::sizes), 4)
        .json_append(Config::settings.field(Settings::panels), &Panel::default())
        .set(Config::settings.field(Settings::own), "9")
        .filter(Config::id.eq(1))
        .exec(&engine)
        .await?;
    let mut expected = Settings { theme: Theme::Dark, user_name: None, scale: 2.5, own: 9, ..full() };
    expected.main.as_mut().unwrap().title = Some("x".into());
    expected.prices.insert("b".into(), 1);
    expected.sizes.push(4);
    expected.panels.push(Panel::default());
    assert_eq!(Config::find(1, &engine).await?.unwrap().settings, Some(Json(expected)));
    // A patch may be of anything.
    let main = Config::settings.field(Settings::main);
    update::<Config>().json_merge(main.clone(), json!({"width": 9})).filter(Config::id.eq(2)).exec(&engine).await?;
    let panel = select(main).filter(Config::id.eq(2)).one(&engine).await?;
    assert_eq!(panel, Some(Panel { width: 9, title: None }));
    // A field that is not there is written by `json_insert`, and taken out by `json_remove`.
    update::<Config>()
        .json_insert(Config::raw.field(Settings::user_name), "Bo")
        .filter(Config::id.is_in([1, 2]))
        .exec(&engine)
        .await?;
    update::<Config>().json_remove(Config::raw.field(Settings::sizes)).filter(Config::id.eq(1)).exec(&engine).await?;
    let raw = select(Config::raw).filter(Config::id.lt(3)).order_by(Config::id).all(&engine).await?;
    assert_eq!(raw, [json!({"user-name": "Ada"}), json!({"user-name": "Bo"})]);
    Ok(())
}
