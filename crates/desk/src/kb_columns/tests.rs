use super::*;

#[test]
fn what_offices_call_the_columns() {
    let names = [
        "序号",
        "事项名称（必填）",
        "*答复口径：",
        "所需材料",
        "收费标准",
        "段落：来源",
        "单 位",
        "标题",
        "",
        "有效期",
    ];
    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let keys: Vec<String> = proposed(&names).iter().map(KbColumn::key).collect();
    assert_eq!(
        keys,
        [
            "",
            "title",
            "answer",
            "section:申请材料",
            "section:收费标准",
            "section:来源",
            "unit",
            "",
            "",
            "valid_until"
        ]
    );
    assert_eq!(n_known(&names), 7);
}

#[test]
fn every_column_has_a_key_and_a_name_that_lead_back() {
    let section = |label: &str| KbColumn::Section {
        label: label.to_owned(),
    };
    let own = NAMES.iter().map(|(column, ..)| column.clone());
    for column in own.chain([section("申请材料"), section("收费标准"), section("标题")]) {
        assert_eq!(KbColumn::of_key(&column.key()), Some(column.clone()));
        assert_eq!(KbColumn::of_name(&column.name()), Some(column));
    }
    assert_eq!(KbColumn::of_key(""), Some(KbColumn::Ignored));
    for key in ["poem", "section:", &format!("section:{}", "水".repeat(101))] {
        assert_eq!(KbColumn::of_key(key), None, "{key}");
    }
}

#[test]
fn no_name_stands_for_two_columns() {
    let mut seen = BTreeSet::new();
    let names = NAMES
        .iter()
        .flat_map(|(_, own, others)| others.iter().chain([own]));
    let sections = SECTION_ALIASES
        .iter()
        .flat_map(|(own, others)| others.iter().chain([own]));
    for name in names.chain(sections).chain(&NOT_OURS) {
        assert!(seen.insert(*name), "{name}");
    }
}

#[test]
fn sections_without_a_column_come_back() {
    let section = |label: &str, text: &str| KbSection {
        label: label.to_owned(),
        text: text.to_owned(),
    };
    let sections = [
        section("说明", "第一行\n## 不是段落\n\\## 也不是"),
        section("说明", "再说一次"),
        section("空", ""),
    ];
    let cell = sections.each_ref().map(section_text).join("\n");
    assert_eq!(other_sections(&cell).unwrap(), sections);
    assert_eq!(other_sections("没有名称"), None);
}

#[test]
fn the_template_of_a_sheet() {
    for (called, names, template) in [
        ("政策解读.xlsx", &["标题"][..], KbTemplate::Interpretation),
        (
            "表1",
            &["标题", "申请材料", "地点"],
            KbTemplate::ServiceGuide,
        ),
        ("表1", &["标题", "发文字号"], KbTemplate::Policy),
        ("表1", &["标题", "电话"], KbTemplate::StandardAnswer),
    ] {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        assert_eq!(
            template_of(called, &proposed(&names)),
            template,
            "{called} {names:?}"
        );
    }
}
