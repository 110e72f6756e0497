//! 检索知识 while the citizen speaks.

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use crate::files::{editors_desk, id_of, import, publish, xlsx};
use crate::shown::{line, lines};
use crate::workstation::{Workstation, set_up, wait_until};

fn find(workstation: &Workstation, text: &str, limit: usize) -> Value {
    let request = json!({ "text": text, "limit": limit });
    workstation.call("search_knowledge", request)["hits"].clone()
}

/// The text with what answers the search in brackets.
fn marked(segments: &Value) -> String {
    let segments = segments.as_array().unwrap().iter();
    segments
        .map(|segment| {
            let text = segment["text"].as_str().unwrap();
            if segment["is_hit"].as_bool().unwrap() {
                format!("[{text}]")
            } else {
                text.to_owned()
            }
        })
        .collect()
}

/// The first two hits among what holds today.
fn check(workstation: &Workstation, text: &str, expected: &Expect) {
    check_in(workstation, text, &Value::Null, expected);
}

/// The first two hits of a scope.
fn check_in(workstation: &Workstation, text: &str, scope: &Value, expected: &Expect) {
    let request = json!({ "text": text, "limit": 2, "scope": scope });
    let found = workstation.call("search_knowledge", request)["hits"].clone();
    let mut shown = String::new();
    for hit in found.as_array().unwrap() {
        shown.push_str(&format!("{} {}\n", hit["id"], marked(&hit["title"])));
        let fields = ["template_text", "unit", "validity_text", "is_expired"];
        shown.push_str(&(line(hit, &fields) + "\n"));
        shown.push_str(&format!("{}\n", hit["ground"]));
    }
    expected.assert_eq(&shown);
}

#[test]
fn people_ask_in_their_own_words() {
    let workstation = Workstation::with_samples();
    check(
        &workstation,
        "屋头停水",
        &expect![[r#"
            "kb-water-001" 家里或小区突然[停水]怎么办
            标准答案 | 渠县供水企业 | 有效至 2027年12月31日 | false
            "标题含“停水”；问法“屋头停水了咋个办”含“屋头停”"
            "kb-telecom-001" 宽带断网、话费套餐扣费[有]疑问
            标准答案 | 渠县通信运营企业 | 有效至 2027年12月31日 | false
            "标题有“有”的字；问法“屋头手机没得信号”含“屋头”"
        "#]],
    );
    check(
        &workstation,
        "老板拖起工资不给",
        &expect![[r#"
            "kb-wage-001" 被拖欠[工资]怎么讨要
            标准答案 | 县人力资源和社会保障局 | 有效至 2027年10月31日 | false
            "标题含“工资”；问法“老板拖起工资不给”含“老板拖起工资不给”"
            "kb-housing-001" 新房延期交房怎么办
            标准答案 | 县住房城乡建设局 | 有效至 2027年12月31日 | false
            "问法“一直拖起不交房”含“拖起”"
        "#]],
    );
    assert_eq!(find(&workstation, "", 5), json!([]));
    assert_eq!(find(&workstation, "停水", 0), json!([]));
    assert_eq!(
        find(&workstation, "停水", 5_000).as_array().unwrap().len(),
        20
    );
}

#[test]
fn an_expired_article_is_found_when_asked_for_and_marked_from_the_day_after() {
    let workstation = Workstation::with_samples();
    let nothing_expired = find(&workstation, "有娃儿在河里洗澡", 20);
    let hits = nothing_expired.as_array().unwrap();
    assert!(!hits.is_empty() && hits.iter().all(|hit| hit["is_expired"] == false));
    check_in(
        &workstation,
        "有娃儿在河里洗澡",
        &json!({ "includes_out_of_force": true, "unit": null, "template": null }),
        &expect![[r#"
            "kb-drown-001" 汛期和暑期[河]边、水库防溺水提醒（2026年）
            标准答案 | 县应急管理局 | 有效至 2026年10月31日 | true
            "标题有“河”的字；问法“有娃儿在河里洗澡”含“有娃儿在河里洗澡”"
            "kb-vaccine-001" [儿]童和成人疫苗接种
            办事指南 | 县卫生健康局 | 有效至 2027年12月31日 | false
            "标题有“儿”的字；问法“外地娃儿可以在渠县打针不”含“娃儿”"
        "#]],
    );
    let is_expired = |id: &str| {
        let article = workstation.call("knowledge_article", json!({ "id": id }));
        article["is_expired"].as_bool().unwrap()
    };
    assert!(is_expired("kb-drown-001"));
    assert!(is_expired("kb-medins-202"));
    workstation.set_clock("2026-10-31 23:59");
    assert!(!is_expired("kb-drown-001"), "the last day counts");
    workstation.set_clock("2026-11-01 00:00");
    assert!(is_expired("kb-drown-001"));
}

#[test]
fn a_search_is_narrowed_to_a_unit_and_a_template() {
    let workstation = Workstation::with_samples();
    let scope = |unit: Option<&str>, template: Option<&str>| json!({ "includes_out_of_force": false, "unit": unit, "template": template });
    let found = |scope: &Value| {
        let request = json!({ "text": "医保", "limit": 20, "scope": scope });
        let hits = workstation.call("search_knowledge", request)["hits"].clone();
        let hits = hits.as_array().unwrap().clone();
        assert!(!hits.is_empty(), "{scope}");
        hits
    };
    let all = found(&scope(None, None));
    let unit = "县医疗保障局";
    assert!(all.iter().any(|hit| hit["unit"] != unit));
    let of_unit = found(&scope(Some(unit), None));
    assert!(of_unit.iter().all(|hit| hit["unit"] == unit));
    let guides = found(&scope(Some(unit), Some("service_guide")));
    assert!(
        guides
            .iter()
            .all(|hit| hit["template_text"] == "办事指南" && hit["unit"] == unit)
    );
}

#[test]
fn other_words_pinyin_and_slips_tell_their_ground() {
    let workstation = Workstation::with_samples();
    let ground = |text: &str| {
        let hits = find(&workstation, text, 1);
        format!("{} {}", hits[0]["id"], hits[0]["ground"])
    };
    expect![[r#""kb-household-003" "按拼音“jmsfz”""#]].assert_eq(&ground("jmsfz"));
    expect![[r#""kb-household-003" "标题含“居民”、“份证补领”""#]]
        .assert_eq(&ground("居民生份证补领"));
    expect![[r#""kb-civil-003" "“补助”即“津贴”；标题含“高龄津贴”""#]]
        .assert_eq(&ground("高龄补助"));
}

#[test]
fn a_question_gets_a_passage_with_its_source_or_nothing() {
    let workstation = Workstation::with_samples();
    let answer = |text: &str| {
        let answered = workstation.call("answer_question", json!({ "text": text }));
        answered["answer"].clone()
    };
    let given = answer("八十岁老人高龄补贴怎么领");
    let fields = [
        "id",
        "title",
        "version",
        "unit",
        "validity_text",
        "is_sample",
        "label",
    ];
    expect!["kb-civil-003 | 高龄津贴申领 | 1 | 县民政局 | 有效至 2028年3月31日 | true | "]
        .assert_eq(&line(&given, &fields));
    // Word for word from the article.
    let article = workstation.call("knowledge_article", json!({ "id": given["id"] }));
    let passage = given["passage"].as_str().unwrap();
    assert!(article["answer"].as_str().unwrap().contains(passage));
    for unknown in ["明天汽油涨不涨价", "无人机飞行要审批吗", "", "怎么办"] {
        assert_eq!(answer(unknown), Value::Null, "{unknown}");
    }
}

/// What holds in one place is not read out to another, and what holds everywhere is.
#[test]
fn a_search_is_narrowed_by_category_and_place() {
    let desk = editors_desk();
    let names = "标题|群众的说法|答案|责任单位|责任人|来源|下次复核|事项分类|适用地点";
    let rows = [
        "三汇镇赶场公交|赶场坐几路车|逢五逢十加开。|县交通运输局|李强|来函|2027-06-01|客运 · 公交线路班次|三汇镇",
        "土溪镇赶场公交|赶场有车没得|逢三逢八加开。|县交通运输局|李强|来函|2027-06-01|公交线路班次|渠县土溪镇",
        "赶场公交票价|赶场坐车好多钱|两元。|县交通运输局|李强|来函|2027-06-01|c-076|全县",
        "赶场摊位怎么租|赶场摆摊|找市场管理方。|县市场监管局|王艳|来函|2027-06-01||",
    ];
    let file: Vec<&str> = std::iter::once(names).chain(rows).collect();
    import(&desk, &[("公交.xlsx", xlsx(&file))]);
    for row in rows {
        publish(&desk, &id_of(&desk, row.split('|').next().unwrap()));
    }
    wait_until("all articles can be found", || {
        find(&desk, "赶场", 9).as_array().unwrap().len() == rows.len()
    });
    let titles = |field: Option<&str>, township: Option<&str>| {
        let scope = json!({
            "includes_out_of_force": false, "unit": null, "template": null,
            "category_field": field, "township": township,
        });
        let request = json!({ "text": "赶场", "limit": 9, "scope": scope });
        let found = desk.call("search_knowledge", request)["hits"].clone();
        let hits = found.as_array().unwrap().iter();
        let mut titles: Vec<String> = hits
            .map(|hit| marked(&hit["title"]).replace(['[', ']'], ""))
            .collect();
        titles.sort();
        titles.join(" ")
    };
    expect!["三汇镇赶场公交 赶场公交票价 赶场摊位怎么租"]
        .assert_eq(&titles(None, Some("511725104")));
    expect!["三汇镇赶场公交 土溪镇赶场公交 赶场公交票价"]
        .assert_eq(&titles(Some("交通运输"), None));
    expect!["土溪镇赶场公交 赶场公交票价"].assert_eq(&titles(Some("交通运输"), Some("511725103")));
    expect![""].assert_eq(&titles(Some("没有这一类"), None));
    let id = id_of(&desk, "土溪镇赶场公交");
    let article = desk.call("knowledge_article", json!({ "id": id }));
    let fields = ["category_text", "township_text", "validity_text"];
    expect!["客运 · 公交线路班次 | 土溪镇 | 长期有效"].assert_eq(&line(&article, &fields));
}

#[test]
fn an_article_is_read() {
    let workstation = Workstation::with_samples();
    let article = workstation.call("knowledge_article", json!({ "id": "kb-water-001" }));
    let fields = [
        "version",
        "template_text",
        "title",
        "valid_until_text",
        "is_sample",
    ];
    expect!["1 | 标准答案 | 家里或小区突然停水怎么办 | 2027年12月31日 | true"]
        .assert_eq(&line(&article, &fields));
    assert!(!article["answer"].as_str().unwrap().is_empty());
    assert_eq!(article["questions"][0], "屋头停水了咋个办");
    let error = workstation.error("knowledge_article", json!({ "id": "kb-none" }));
    assert_eq!(error, "invalid: 这条知识已不存在。");
}

#[test]
fn a_text_that_is_too_long_is_told_so() {
    let workstation = Workstation::ready();
    workstation.wait_for_index();
    let request = |n| json!({ "text": "停水".repeat(n), "limit": 5 });
    let error = workstation.error("search_knowledge", request(5_001));
    expect!["invalid: 检索内容最多 10000 字，现有 10002 字。"].assert_eq(&error);
    workstation.call("search_knowledge", request(5_000));
}

/// Samples come and go with one action; the index follows.
#[test]
fn samples_are_removed_and_loaded_again() {
    let workstation = Workstation::new();
    workstation.call("set_up", set_up(false));
    let n_found = || workstation.call("status", Value::Null)["n_articles"].as_u64();
    let wait_for = |n| {
        crate::workstation::wait_until("the index follows", || n_found() == Some(n));
    };
    for _ in 0..2 {
        let loaded = workstation.call("load_samples", Value::Null)["n_articles"].as_u64();
        wait_for(loaded.unwrap());
        assert_eq!(find(&workstation, "屋头停水", 1)[0]["id"], "kb-water-001");
        let removed = workstation.call("remove_samples", Value::Null)["n_articles"].as_u64();
        assert_eq!(removed, loaded);
        // From this moment, whatever the index still knows.
        assert_eq!(lines(&find(&workstation, "屋头停水", 5), &["id"]), "");
        wait_for(0);
    }
}
