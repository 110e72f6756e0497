//! The same matter in other words, mistyped, in pinyin, in traditional characters; and only what may
//! be shown.

use expect_test::{Expect, expect};
use search::{Document, Facet, FacetFilter, Filter, Query, Thesaurus};

use crate::house::{House, articles, shown};

fn thesaurus() -> Thesaurus {
    Thesaurus::new([
        vec!["低保", "最低生活保障"],
        vec!["户口", "户籍"],
        vec!["丢了", "遗失", "挂失"],
        vec!["没有水", "停水"],
    ])
}

/// Shows what is found with the words that mean the same.
fn check(text: &str, expected: &Expect) {
    let house = House::with(articles());
    let thesaurus = thesaurus();
    let query = Query {
        thesaurus: Some(&thesaurus),
        ..Query::new(text, 2)
    };
    expected.assert_eq(&shown(&house.index.search(&query).expect("searches")));
}

#[test]
fn other_words_for_the_same() {
    check(
        "户口登记",
        &expect![[r#"
        name 姓名中生僻字的户籍【登记】
           姓名用字不在常用字库中的，例如𠮷野、㛃，带出生证明到派出所人工录入。
           (title: 登记)
        allowance 最低生活保障申请
           共同生活的家庭成员人均收入低于当地保障标准的，向【户籍】所在地乡镇人民政府申请。收到申请后三十个工作日内作出决定。
           (body: 户籍; 户口 is 户籍)
    "#]],
    );
    check(
        "卡丢了",
        &expect![[r#"
        card 社会保障【卡】（医保【卡】）挂失与补办
           卡片遗失先打电话口头挂失，再带身份证到合作银行网点补办。补办当场领取，工本费十六元。补办期间可以使用医保电子凭证就医购药。
           (characters: 卡; name 医保卡丢了: 卡丢了)
    "#]],
    );
}

#[test]
fn typing_slips_by_sound_and_by_shape() {
    // 宝 sounds like 保, 藉 looks like 籍, and 丝 is heard here as 师.
    check(
        "社会宝障卡",
        &expect![[r#"
        card 【社会】保【障卡】（医保卡）挂失与补办
           卡片遗失先打电话口头挂失，再带身份证到合作银行网点补办。补办当场领取，工本费十六元。补办期间可以使用医保电子凭证就医购药。
           (title: 社会 障卡)
        allowance 最低生活【保障】申请
           共同生活的家庭成员人均收入低于当地【保障】标准的，向户籍所在地乡镇人民政府申请。收到申请后三十个工作日内作出决定。
           (title: 保障; meant 社会保障卡)
    "#]],
    );
    check(
        "户藉",
        &expect![[r#"
        name 姓名中生僻字的【户籍】登记
           姓名用字不在常用字库中的，例如𠮷野、㛃，带出生证明到派出所人工录入。
           (title: 户籍; meant 户籍)
        allowance 最低生活保障申请
           共同生活的家庭成员人均收入低于当地保障标准的，向【户籍】所在地乡镇人民政府申请。收到申请后三十个工作日内作出决定。
           (body: 户籍; meant 户籍)
    "#]],
    );
    check(
        "律丝",
        &expect![[r#"
        lawyer 【律师】事务所基本信息查询
           在司法局网站可以查到本县执业机构的名称、地址、负责人。
           (title: 律师; meant 律师)
    "#]],
    );
}

#[test]
fn what_is_right_is_not_corrected() {
    check(
        "停水了吗",
        &expect![[r#"
        water 城区自来水【停水】报修
           计划【停水】会提前一天在供水公司公众号通知。突然【停水】时，先看楼栋总阀是否关闭；邻居家也没有水的，拨打供水公司二十四小时抢修电话，说明小区和楼栋。
           (title: 停水)
        bill 【水】费缴纳和阶梯【水】价
           居民用水按年度分三级计价，每户每月的水费可以在网上缴。对水量有疑问的，可以申请校表。
           (characters: 水)
    "#]],
    );
}

#[test]
fn pinyin() {
    check(
        "tsbx",
        &expect![[r#"
        water 城区自来水【停水报修】
           计划停水会提前一天在供水公司公众号通知。突然停水时，先看楼栋总阀是否关闭；邻居家也没有水的，拨打供水公司二十四小时抢修电话，说明小区和楼栋。
           (title: tsbx; pinyin)
    "#]],
    );
    check("ziduan", &expect!["(nothing)"]);
    check(
        "zilaishui",
        &expect![[r#"
        water 城区【自来水】停水报修
           计划停水会提前一天在供水公司公众号通知。突然停水时，先看楼栋总阀是否关闭；邻居家也没有水的，拨打供水公司二十四小时抢修电话，说明小区和楼栋。
           (title: zilaishui; pinyin)
    "#]],
    );
    check(
        "yibaokadl",
        &expect![[r#"
        card 社会保障卡（医保卡）挂失与补办
           卡片遗失先打电话口头挂失，再带身份证到合作银行网点补办。补办当场领取，工本费十六元。补办期间可以使用医保电子凭证就医购药。
           (pinyin; name 医保卡丢了: yibaokadl)
    "#]],
    );
    check(
        "zuidi shenghuo",
        &expect![[r#"
        allowance 【最低生活】保障申请
           共同生活的家庭成员人均收入低于当地保障标准的，向户籍所在地乡镇人民政府申请。收到申请后三十个工作日内作出决定。
           (title: zuidi shenghuo; pinyin)
    "#]],
    );
}

#[test]
fn traditional_characters() {
    check(
        "醫保卡補辦",
        &expect![[r#"
        card 社会保障卡（【医保卡】）挂失与【补办】
           卡片遗失先打电话口头挂失，再带身份证到合作银行网点【补办】。【补办】当场领取，工本费十六元。【补办】期间可以使用【医保】电子凭证就医购药。
           (title: 醫保卡補辦)
        allowance 最低生活【保】障申请
           共同生活的家庭成员人均收入低于当地保障标准的，向户籍所在地乡镇人民政府申请。收到申请后三十个工作日内作出决定。
           (characters: 保)
    "#]],
    );
}

fn dated(id: &str, title: &str, valid: (Option<i32>, Option<i32>), unit: &str) -> Document {
    Document {
        id: id.to_owned(),
        title: title.to_owned(),
        facets: vec![(Facet::Unit, unit.to_owned())],
        valid_from: valid.0,
        valid_until: valid.1,
        ..Document::default()
    }
}

#[test]
fn only_what_is_valid_on_the_day() {
    let house = House::with(vec![
        dated("old", "取暖补贴标准", (None, Some(99)), "民政局"),
        dated("now", "取暖补贴标准", (Some(100), Some(200)), "民政局"),
        dated("next", "取暖补贴标准", (Some(201), None), "民政局"),
        dated("always", "取暖补贴申请", (None, None), "民政局"),
    ]);
    let found = |day: Option<i32>| {
        let filter = day.map(Filter::in_force_on);
        let mut ids = house.found(&Query {
            filter: filter.as_ref(),
            ..Query::new("取暖补贴", 10)
        });
        ids.sort();
        ids
    };
    assert_eq!(found(None), ["always", "next", "now", "old"]);
    assert_eq!(found(Some(99)), ["always", "old"]);
    assert_eq!(found(Some(100)), ["always", "now"]);
    assert_eq!(found(Some(200)), ["always", "now"]);
    assert_eq!(found(Some(201)), ["always", "next"]);
    let filter = Filter::in_force_on(150);
    let by_pinyin = Query {
        filter: Some(&filter),
        ..Query::new("qnbt", 10)
    };
    let mut spelled = house.found(&by_pinyin);
    spelled.sort();
    assert_eq!(spelled, ["always", "now"]);
}

#[test]
fn only_what_carries_the_facets() {
    let house = House::with(vec![
        dated("a", "医疗救助", (None, None), "医保局"),
        dated("b", "医疗救助", (None, None), "民政局"),
        dated("c", "医疗救助", (None, None), "卫健局"),
    ]);
    let found = |values: &[&str]| {
        let filter = Filter {
            in_force_on: None,
            facets: vec![FacetFilter {
                facet: Facet::Unit,
                values: values.iter().map(|&value| value.to_owned()).collect(),
            }],
        };
        let mut ids = house.found(&Query {
            filter: Some(&filter),
            ..Query::new("医疗救助", 10)
        });
        ids.sort();
        ids
    };
    assert_eq!(found(&["民政局"]), ["b"]);
    assert_eq!(found(&["民政局", "医保局", "没有的"]), ["a", "b"]);
    assert!(found(&[]).is_empty(), "no value is none, never all");
}
