//! The register as a list of what was written down, and what it says of a unit on a day.

use expect_test::expect;

use super::*;
use crate::rule_set::RuleSet;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn post(word: &str) -> LiaisonPost {
    match word {
        "管理专人" => LiaisonPost::Manager,
        "联络员" => LiaisonPost::Liaison,
        "工作人员" => LiaisonPost::Deputy,
        _ => panic!("no such post: {word}"),
    }
}

fn gap(gap: &LiaisonGap) -> String {
    let text = match gap {
        LiaisonGap::NoManager => "无热线管理专人".to_owned(),
        LiaisonGap::NoLiaison => "无联络员".to_owned(),
        LiaisonGap::NoDeputy => "无工作人员".to_owned(),
        LiaisonGap::NotSettled { n_changes, names } => {
            format!("联络员更换 {n_changes} 次 {}", names.join("、"))
        }
    };
    format!("{text}（{}）", gap.article())
}

/// Plays lines such as `任职 县水务局 联络员 张三 2026-01-05` and `缺口 2026-06-01`.
fn play(text: &str) -> String {
    let unit = |name: &str| HandlingUnit {
        id: HandlingUnitId(name.to_owned()),
        name: name.to_owned(),
        aliases: Vec::new(),
        group: String::new(),
    };
    let units: HandlingUnits = [unit("县水务局")].into_iter().collect();
    let rules = RuleSet::qx_2023_66().liaison;
    let mut register = LiaisonRegister::default();
    let mut said = String::new();
    for line in text.lines().map(str::trim) {
        let words: Vec<&str> = line.split(' ').collect();
        let answer = match words[..] {
            ["任职", unit, word, name, from] => register
                .appoint(LiaisonTerm {
                    unit: HandlingUnitId(unit.to_owned()),
                    post: post(word),
                    name: name.replace("无名", ""),
                    phone: "0818-7212345".to_owned(),
                    from: date(from),
                    until: None,
                })
                .map_or_else(|refusal| format!("拒绝: {refusal}"), |()| "记入".to_owned()),
            ["离任", unit, word, name, last] => register
                .end(
                    &HandlingUnitId(unit.to_owned()),
                    post(word),
                    name,
                    date(last),
                )
                .map_or_else(|refusal| format!("拒绝: {refusal}"), |()| "记入".to_owned()),
            ["缺口", day] => {
                let gaps = register.gaps(&units, date(day), rules);
                let texts: Vec<String> = gaps.iter().flat_map(|(_, it)| it).map(gap).collect();
                if texts.is_empty() {
                    "无".to_owned()
                } else {
                    texts.join("；")
                }
            }
            ["在岗", unit, day] => {
                let unit = HandlingUnitId(unit.to_owned());
                let names = register.on_duty(&unit, date(day));
                let names: Vec<&str> = names.iter().map(|term| term.name.as_str()).collect();
                names.join("、")
            }
            _ => panic!("not a line: {line}"),
        };
        said.push_str(&format!("{line} → {answer}\n"));
    }
    said
}

/// 第四条, 第六条(一): a manager, one liaison, at least one more.
#[test]
fn a_unit_needs_a_manager_a_liaison_and_a_deputy() {
    expect![[r#"
        缺口 2026-01-01 → 无热线管理专人（第四条）；无联络员（第六条(一)）；无工作人员（第六条(一)）
        任职 县水务局 联络员 张三 2026-01-05 → 记入
        任职 县水务局 管理专人 陈局 2026-01-05 → 记入
        缺口 2026-01-04 → 无热线管理专人（第四条）；无联络员（第六条(一)）；无工作人员（第六条(一)）
        缺口 2026-01-05 → 无工作人员（第六条(一)）
        任职 县水务局 工作人员 李四 2026-01-06 → 记入
        任职 县水务局 工作人员 王五 2026-01-06 → 记入
        缺口 2026-01-06 → 无
        在岗 县水务局 2026-01-06 → 陈局、张三、李四、王五
        离任 县水务局 联络员 张三 2026-03-01 → 记入
        缺口 2026-03-01 → 无
        缺口 2026-03-02 → 无联络员（第六条(一)）
    "#]]
    .assert_eq(&play(
        "缺口 2026-01-01
        任职 县水务局 联络员 张三 2026-01-05
        任职 县水务局 管理专人 陈局 2026-01-05
        缺口 2026-01-04
        缺口 2026-01-05
        任职 县水务局 工作人员 李四 2026-01-06
        任职 县水务局 工作人员 王五 2026-01-06
        缺口 2026-01-06
        在岗 县水务局 2026-01-06
        离任 县水务局 联络员 张三 2026-03-01
        缺口 2026-03-01
        缺口 2026-03-02",
    ));
}

/// 相对固定: two changes within twelve months are one too many; the first liaison is no change.
#[test]
fn a_liaison_who_changes_often_is_not_settled() {
    expect![[r#"
        任职 县水务局 管理专人 陈局 2025-01-01 → 记入
        任职 县水务局 工作人员 李四 2025-01-01 → 记入
        任职 县水务局 联络员 张三 2025-01-01 → 记入
        离任 县水务局 联络员 张三 2025-06-30 → 记入
        任职 县水务局 联络员 赵六 2025-07-01 → 记入
        缺口 2025-12-01 → 无
        离任 县水务局 联络员 赵六 2026-05-31 → 记入
        任职 县水务局 联络员 钱七 2026-06-01 → 记入
        缺口 2026-06-01 → 联络员更换 2 次 赵六、钱七（第六条(一)）
        缺口 2026-06-30 → 联络员更换 2 次 赵六、钱七（第六条(一)）
        缺口 2026-07-01 → 无
        在岗 县水务局 2025-06-30 → 陈局、张三、李四
        在岗 县水务局 2025-07-01 → 陈局、赵六、李四
    "#]]
    .assert_eq(&play(
        "任职 县水务局 管理专人 陈局 2025-01-01
        任职 县水务局 工作人员 李四 2025-01-01
        任职 县水务局 联络员 张三 2025-01-01
        离任 县水务局 联络员 张三 2025-06-30
        任职 县水务局 联络员 赵六 2025-07-01
        缺口 2025-12-01
        离任 县水务局 联络员 赵六 2026-05-31
        任职 县水务局 联络员 钱七 2026-06-01
        缺口 2026-06-01
        缺口 2026-06-30
        缺口 2026-07-01
        在岗 县水务局 2025-06-30
        在岗 县水务局 2025-07-01",
    ));
}

#[test]
fn what_the_register_does_not_take() {
    expect![[r#"
        任职 县水务局 联络员 无名 2026-01-05 → 拒绝: the person has no name
        任职 县水务局 联络员 张三 2026-01-05 → 记入
        任职 县水务局 联络员 张三 2026-02-05 → 拒绝: 张三 holds Liaison already
        任职 县水务局 联络员 李四 2026-02-05 → 拒绝: Liaison is held by 张三 since 2026-01-05
        离任 县水务局 联络员 李四 2026-02-05 → 拒绝: 李四 does not hold Liaison
        离任 县水务局 联络员 张三 2026-01-04 → 拒绝: the term began on 2026-01-05
        离任 县水务局 联络员 张三 2026-02-05 → 记入
        离任 县水务局 联络员 张三 2026-02-06 → 拒绝: 张三 does not hold Liaison
        任职 县水务局 联络员 李四 2026-02-05 → 拒绝: the term before lasts until 2026-02-05
        任职 县水务局 联络员 李四 2026-02-06 → 记入
    "#]]
    .assert_eq(&play(
        "任职 县水务局 联络员 无名 2026-01-05
        任职 县水务局 联络员 张三 2026-01-05
        任职 县水务局 联络员 张三 2026-02-05
        任职 县水务局 联络员 李四 2026-02-05
        离任 县水务局 联络员 李四 2026-02-05
        离任 县水务局 联络员 张三 2026-01-04
        离任 县水务局 联络员 张三 2026-02-05
        离任 县水务局 联络员 张三 2026-02-06
        任职 县水务局 联络员 李四 2026-02-05
        任职 县水务局 联络员 李四 2026-02-06",
    ));
    let mut register = LiaisonRegister::default();
    let mut term = LiaisonTerm {
        unit: HandlingUnitId("县水务局".to_owned()),
        post: LiaisonPost::Deputy,
        name: "张三".to_owned(),
        phone: " ".to_owned(),
        from: date("2026-02-05"),
        until: Some(date("2026-02-04")),
    };
    assert_eq!(
        register.appoint(term.clone()),
        Err(LiaisonRefusal::PhoneMissing)
    );
    term.phone = "0818-7212345".to_owned();
    assert_eq!(
        register.appoint(term),
        Err(LiaisonRefusal::EndsBeforeItBegan {
            from: date("2026-02-05")
        })
    );
    assert_eq!(register, LiaisonRegister::default());
}
