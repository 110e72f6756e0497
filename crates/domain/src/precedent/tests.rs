use std::fmt::Write as _;

use expect_test::expect;

use super::*;
use crate::matter::{Caller, Channel, MatterClass, MatterKind, Origin, Place};

fn date(text: &str) -> NaiveDate {
    format!("2026-{text}").parse().unwrap()
}

fn matter(category: &str, township: &str, text: &str) -> Matter {
    Matter {
        caller: Caller::default(),
        channel: Channel::Phone,
        kind: MatterKind::Complaint,
        class: MatterClass::Ordinary,
        category_id: category.to_owned(),
        title: String::new(),
        text: text.to_owned(),
        place: Place {
            township_code: township.to_owned(),
            ..Place::default()
        },
        happened: String::new(),
        about: String::new(),
        wants: String::new(),
        is_confidential: false,
        wants_call_back: false,
        origin: Origin::default(),
    }
}

fn value<'a>(words: &[&'a str], name: &str) -> &'a str {
    let value = words.iter().find_map(|word| word.strip_prefix(name));
    value.unwrap_or_default()
}

fn play(text: &str) -> String {
    let mut register = PrecedentRegister::default();
    let mut said = String::new();
    for line in text.lines().map(str::trim) {
        let words: Vec<&str> = line.split(' ').collect();
        let answer = match words[0] {
            "登记" => register
                .enter(Precedent {
                    id: value(&words, "编号=").to_owned(),
                    category_id: value(&words, "分类=").to_owned(),
                    township_code: value(&words, "属地=").to_owned(),
                    words: value(&words, "要素=")
                        .split('、')
                        .filter(|it| !it.is_empty())
                        .map(str::to_owned)
                        .collect(),
                    lead: HandlingUnitId(value(&words, "主办=").to_owned()),
                    assisting: vec![HandlingUnitId("县教育局".to_owned())],
                    document: value(&words, "文号=").to_owned(),
                    from: date(value(&words, "自=")),
                    until: None,
                    ended_because: String::new(),
                })
                .map_or_else(|refusal| format!("拒绝: {refusal}"), |()| "记入".to_owned()),
            "失效" => register
                .end(
                    value(&words, "编号="),
                    date(value(&words, "至=")),
                    value(&words, "因="),
                )
                .map_or_else(|refusal| format!("拒绝: {refusal}"), |()| "记入".to_owned()),
            "查" => {
                let matter = matter(
                    value(&words, "分类="),
                    value(&words, "属地="),
                    value(&words, "内容="),
                );
                register
                    .find(&matter, date(value(&words, "日=")))
                    .map_or_else(
                        || "无".to_owned(),
                        |it| format!("{} {} 约束 {}", it.id, it.lead.0, it.ground().binds()),
                    )
            }
            "单位" => {
                let unit = HandlingUnitId(words[1].to_owned());
                let found: Vec<_> = register.of_unit(&unit).map(|it| it.id.as_str()).collect();
                found.join("、")
            }
            _ => panic!("not a line: {line}"),
        };
        writeln!(said, "{line} → {answer}").unwrap();
    }
    said
}

/// 第十条: the closest that holds on the day of registration; nothing backward.
#[test]
fn the_precedent_that_fits_most_closely_binds() {
    expect![[r#"
        登记 编号=XL-1 分类=停水 主办=县水务局 文号=渠府办函〔2026〕1号 自=03-01 → 记入
        登记 编号=XL-2 分类=停水 属地=511725001 主办=渠江街道 文号=渠府办函〔2026〕2号 自=03-01 → 记入
        登记 编号=XL-3 分类=停水 属地=511725001 要素=二次供水、物业 主办=县住建局 文号=渠府办函〔2026〕3号 自=03-01 → 记入
        查 分类=停水 属地=511725002 内容=停水 日=02-28 → 无
        查 分类=停水 属地=511725002 内容=停水 日=03-01 → XL-1 县水务局 约束 true
        查 分类=停水 属地=511725001 内容=停水 日=03-01 → XL-2 渠江街道 约束 true
        查 分类=停水 属地=511725001 内容=二次供水的物业不管 日=03-01 → XL-3 县住建局 约束 true
        查 分类=停水 属地=511725001 内容=二次供水坏了 日=03-01 → XL-2 渠江街道 约束 true
        查 分类=停电 属地=511725001 内容=停电 日=03-01 → 无
    "#]]
    .assert_eq(&play(
        "登记 编号=XL-1 分类=停水 主办=县水务局 文号=渠府办函〔2026〕1号 自=03-01
        登记 编号=XL-2 分类=停水 属地=511725001 主办=渠江街道 文号=渠府办函〔2026〕2号 自=03-01
        登记 编号=XL-3 分类=停水 属地=511725001 要素=二次供水、物业 主办=县住建局 文号=渠府办函〔2026〕3号 自=03-01
        查 分类=停水 属地=511725002 内容=停水 日=02-28
        查 分类=停水 属地=511725002 内容=停水 日=03-01
        查 分类=停水 属地=511725001 内容=停水 日=03-01
        查 分类=停水 属地=511725001 内容=二次供水的物业不管 日=03-01
        查 分类=停水 属地=511725001 内容=二次供水坏了 日=03-01
        查 分类=停电 属地=511725001 内容=停电 日=03-01",
    ));
}

/// 边界㉒: a unit is dissolved; its precedents end and can be looked up, and another takes its place.
#[test]
fn a_dissolved_unit() {
    expect![[r#"
        登记 编号=XL-1 分类=停水 主办=县水务局 文号=渠府办函〔2026〕1号 自=03-01 → 记入
        登记 编号=XL-2 分类=停水 主办=县水利局 文号=渠府办函〔2026〕9号 自=06-01 → 拒绝: XL-1 says otherwise
        失效 编号=XL-1 至=05-31 因= → 拒绝: Reason is empty
        失效 编号=XL-9 至=05-31 因=机构撤并 → 拒绝: there is no precedent XL-9
        失效 编号=XL-1 至=02-28 因=机构撤并 → 拒绝: it holds from 2026-03-01 on
        失效 编号=XL-1 至=05-31 因=机构撤并 → 记入
        失效 编号=XL-1 至=06-30 因=机构撤并 → 拒绝: it ended on 2026-05-31
        登记 编号=XL-2 分类=停水 主办=县水利局 文号=渠府办函〔2026〕9号 自=06-01 → 记入
        查 分类=停水 内容=停水 日=05-31 → XL-1 县水务局 约束 true
        查 分类=停水 内容=停水 日=06-01 → XL-2 县水利局 约束 true
        单位 县水务局 → XL-1
        单位 县水利局 → XL-2
        单位 县教育局 → XL-1、XL-2
    "#]]
    .assert_eq(&play(
        "登记 编号=XL-1 分类=停水 主办=县水务局 文号=渠府办函〔2026〕1号 自=03-01
        登记 编号=XL-2 分类=停水 主办=县水利局 文号=渠府办函〔2026〕9号 自=06-01
        失效 编号=XL-1 至=05-31 因=
        失效 编号=XL-9 至=05-31 因=机构撤并
        失效 编号=XL-1 至=02-28 因=机构撤并
        失效 编号=XL-1 至=05-31 因=机构撤并
        失效 编号=XL-1 至=06-30 因=机构撤并
        登记 编号=XL-2 分类=停水 主办=县水利局 文号=渠府办函〔2026〕9号 自=06-01
        查 分类=停水 内容=停水 日=05-31
        查 分类=停水 内容=停水 日=06-01
        单位 县水务局
        单位 县水利局
        单位 县教育局",
    ));
}

#[test]
fn what_the_register_does_not_take() {
    expect![[r#"
        登记 编号= 分类=停水 主办=县水务局 文号=甲 自=03-01 → 拒绝: Id is empty
        登记 编号=XL-1 分类= 主办=县水务局 文号=甲 自=03-01 → 拒绝: Category is empty
        登记 编号=XL-1 分类=停水 主办= 文号=甲 自=03-01 → 拒绝: Lead is empty
        登记 编号=XL-1 分类=停水 主办=县水务局 文号= 自=03-01 → 拒绝: Document is empty
        登记 编号=XL-1 分类=停水 主办=县水务局 文号=甲 自=03-01 → 记入
        登记 编号=XL-1 分类=停电 主办=县水务局 文号=甲 自=03-01 → 拒绝: there is a precedent XL-1 already
        登记 编号=XL-2 分类=停水 主办=县水务局 文号=乙 自=04-01 → 记入
        查 分类=停水 内容=停水 日=04-01 → XL-2 县水务局 约束 true
    "#]]
    .assert_eq(&play(
        "登记 编号= 分类=停水 主办=县水务局 文号=甲 自=03-01
        登记 编号=XL-1 分类= 主办=县水务局 文号=甲 自=03-01
        登记 编号=XL-1 分类=停水 主办= 文号=甲 自=03-01
        登记 编号=XL-1 分类=停水 主办=县水务局 文号= 自=03-01
        登记 编号=XL-1 分类=停水 主办=县水务局 文号=甲 自=03-01
        登记 编号=XL-1 分类=停电 主办=县水务局 文号=甲 自=03-01
        登记 编号=XL-2 分类=停水 主办=县水务局 文号=乙 自=04-01
        查 分类=停水 内容=停水 日=04-01",
    ));
}
