use domain::local_name::LocalName;

use super::*;

fn shipped(local_names: &[LocalName]) -> Gazetteer {
    Gazetteer::new(&townships(), local_names)
}

/// As the program ships them; the former names are those of the reference file.
fn townships() -> Vec<Township> {
    let tables = wording::reference::ReferenceTables::built_in().unwrap();
    let aliases = |name: &str| -> Vec<String> {
        let aliases: &[&str] = match name {
            "三汇镇" => &["汇南", "汇北", "汇东"],
            "清溪场镇" => &["射洪乡"],
            "有庆镇" => &["屏西", "嘉禾"],
            _ => &[],
        };
        aliases.iter().map(|it| (*it).to_owned()).collect()
    };
    let township = |it: &wording::reference::Township| Township {
        code: it.code.clone(),
        name: it.name.clone(),
        aliases: aliases(&it.name),
        villages: (it.villages.iter())
            .map(|it| (it.code.clone(), it.name.clone()))
            .collect(),
    };
    tables.view.townships.iter().map(township).collect()
}

#[track_caller]
fn check_with(gazetteer: &Gazetteer, text: &str, expected: &str) {
    let townships = townships();
    let name = |code: &str| {
        let mut places = townships.iter().flat_map(|it| {
            let township = std::iter::once((it.code.as_str(), it.name.as_str()));
            township.chain((it.villages.iter()).map(|(code, name)| (code.as_str(), name.as_str())))
        });
        places
            .find(|it| it.0 == code)
            .map_or("", |it| it.1)
            .to_owned()
    };
    let characters = Characters::new(text);
    let shown: Vec<String> = gazetteer
        .read(&characters)
        .into_iter()
        .map(|(start, end, reading)| {
            let candidates: Vec<String> = (reading.candidates.iter())
                .map(|it| format!("{}{}", name(&it.township_code), name(&it.village_code)))
                .collect();
            let said = text.get(characters.bytes(start, end)).unwrap();
            format!("{said}={}[{}]", candidates.join("|"), reading.detail)
        })
        .collect();
    assert_eq!(shown.join(" "), expected, "{text}");
}

#[track_caller]
fn check(text: &str, expected: &str) {
    check_with(&shipped(&[]), text, expected);
}

#[test]
fn names_as_they_stand() {
    check(
        "三汇镇白蜡社区大桥头3号停水",
        "三汇镇白蜡社区大桥头3号=三汇镇白蜡社区[大桥头3号]",
    );
    check("我住渠江街道南门口", "渠江街道南门口=渠江街道[南门口]");
    check("临巴镇的路烂了", "临巴镇=临巴镇[]");
}

#[test]
fn everyday_names() {
    check("三汇那边停水了", "三汇=三汇镇[]");
    check("渠江镇的", "渠江镇=渠江街道[]");
    check("在青龙的中学", "青龙=青龙镇[]");
    check("射洪乡那条路", "射洪乡那条路=清溪场镇[那条路]");
    check("汇东那边的桥", "汇东=三汇镇[]");
    check("白蜡村3组", "白蜡村3组=三汇镇白蜡社区[3组]");
}

#[test]
fn words_that_are_no_places() {
    for text in [
        "大家合力修路",
        "青龙小区",
        "龙凤呈祥",
        "万寿无疆",
        "深明大义",
        "停水了",
        "",
    ] {
        check(text, "");
    }
}

#[test]
fn what_a_name_leaves_open_stays_open() {
    let local = |township: &str| LocalName {
        name: "红旗桥".to_owned(),
        township_code: (townships().iter())
            .find(|it| it.name == township)
            .unwrap()
            .code
            .clone(),
        village_code: String::new(),
    };
    let gazetteer = shipped(&[local("临巴镇"), local("土溪镇")]);
    check_with(&gazetteer, "红旗桥停电", "红旗桥=临巴镇|土溪镇[]");
    check_with(
        &gazetteer,
        "土溪镇，红旗桥停电",
        "土溪镇=土溪镇[] 红旗桥=土溪镇|临巴镇[]",
    );
}

#[test]
fn a_traditional_text_is_read() {
    check("三匯鎮停電", "三匯鎮=三汇镇[]");
}
