//! Cases as lines of what was asked by whom, with what the rules say of it.

use std::fmt::Write as _;

use chrono::TimeDelta;
use expect_test::{Expect, expect};

use super::*;
use crate::clock_face::{at, date_of};
use crate::handling_unit::{HandlingUnit, HandlingUnits};

fn role(word: &str) -> Role {
    match word {
        "审核员" => Role::Reviewer,
        "监督员" | "监督员甲" | "监督员乙" => Role::Supervisor,
        "县政府办" => Role::CountyOffice,
        "纪委监委" => Role::DisciplineCommission,
        "中心系统" => Role::Center,
        "受理员" => Role::Operator,
        _ => panic!("no such role: {word}"),
    }
}

fn stage(stage: SupervisoryStage) -> &'static str {
    match stage {
        SupervisoryStage::Proposed => "待确认",
        SupervisoryStage::Rejected => "不予采纳",
        SupervisoryStage::Confirmed => "已确认",
        SupervisoryStage::Issued => "已发出",
        SupervisoryStage::Answered => "有结果",
        SupervisoryStage::Closed => "已销号",
    }
}

fn units() -> HandlingUnits {
    let unit = HandlingUnit {
        id: HandlingUnitId("县水务局".to_owned()),
        name: "县水务局".to_owned(),
        aliases: Vec::new(),
        group: String::new(),
    };
    [unit].into_iter().collect()
}

fn evidence(words: &[&str]) -> Vec<Evidence> {
    let numbers = words.iter().filter_map(|word| word.strip_prefix("证据="));
    let numbers = numbers.flat_map(|list| list.split('、'));
    numbers
        .filter(|number| *number != "无")
        .map(|number| Evidence {
            number: number.replace("空号", ""),
            note: String::new(),
            sha256: String::new(),
        })
        .collect()
}

/// Lines such as `11-24 监督员 提出 第十九条(一) 行政审批局 证据=QX-1`; the year is 2026, the time ten.
fn check(case: &str, expected: &Expect) {
    let (mut case_file, mut said) = (None, String::new());
    for line in case.lines().map(str::trim) {
        let words: Vec<&str> = line.split(' ').collect();
        let date: NaiveDate = format!("2026-{}", words[0]).parse().unwrap();
        let now = at(date, chrono::NaiveTime::from_hms_opt(10, 0, 0).unwrap());
        let actor = Actor {
            id: ActorId(words[1].to_owned()),
            name: words[1].to_owned(),
            roles: vec![role(words[1])],
            unit: None,
        };
        let rest = &words[3..];
        let value = |name: &str| {
            let value = rest.iter().find_map(|word| word.strip_prefix(name));
            value.unwrap_or_default().to_owned()
        };
        let command = match words[2] {
            "提出" => SupervisoryCommand::Propose {
                number: "JD-1".to_owned(),
                ground: *SupervisoryGround::ALL
                    .iter()
                    .find(|ground| ground.article() == rest[0])
                    .unwrap(),
                unit: HandlingUnitId(
                    if rest.contains(&"外县") {
                        "外县"
                    } else {
                        "县水务局"
                    }
                    .to_owned(),
                ),
                body: match rest.get(1) {
                    Some(&"行政审批局") => Some(AdmonishingBody::ApprovalBureau),
                    Some(&"纪委监委") => Some(AdmonishingBody::DisciplineCommission),
                    _ => None,
                },
                facts: if rest.contains(&"无事实") {
                    " ".to_owned()
                } else {
                    "超期未办理".to_owned()
                },
                evidence: evidence(rest),
            },
            "补证" => SupervisoryCommand::AddEvidence {
                evidence: evidence(rest),
            },
            "确认" => SupervisoryCommand::Confirm,
            "不采纳" => SupervisoryCommand::Reject {
                reason: value("理由="),
            },
            "发出" => SupervisoryCommand::Issue {
                document: value("文号="),
                addressee: value("发往="),
                answer_by: value("限期=").parse().ok(),
            },
            "结果" => SupervisoryCommand::RecordAnswer {
                answered_at: now - TimeDelta::days(value("早=").parse().unwrap_or_default()),
                text: value("内容="),
            },
            "销号" => SupervisoryCommand::Close {
                reason: value("理由="),
            },
            _ => panic!("no such act: {line}"),
        };
        let units = units();
        let facts = SupervisoryFacts {
            now,
            actor: &actor,
            units: &units,
        };
        let answer = match decide(case_file.as_ref(), &command, &facts) {
            Ok(event) => {
                let json = serde_json::to_string(&event).unwrap();
                let read_back: SupervisoryEvent = serde_json::from_str(&json).unwrap();
                assert_eq!(read_back, event, "the event is stored");
                apply(&mut case_file, &event);
                stage(case_file.as_ref().unwrap().stage).to_owned()
            }
            Err(refusal) => format!("拒绝: {refusal}"),
        };
        writeln!(said, "{line} → {answer}").unwrap();
    }
    expected.assert_eq(&said);
}

/// Every numbered item with what follows from it.
#[test]
fn every_ground_has_its_article_and_its_measure() {
    let mut table = String::new();
    for ground in SupervisoryGround::ALL {
        let measure = match ground.measure() {
            Measure::Admonition => "约谈",
            Measure::Supervision => "县政府督办",
            Measure::Referral => "处理、移送",
        };
        writeln!(table, "{} {measure}", ground.article()).unwrap();
    }
    expect![[r#"
        第十九条(一) 约谈
        第十九条(二) 约谈
        第十九条(三) 约谈
        第十九条(四) 约谈
        第十九条(五) 约谈
        第二十条(一) 县政府督办
        第二十条(二) 县政府督办
        第二十条(三) 县政府督办
        第二十一条(一) 处理、移送
        第二十一条(二) 处理、移送
        第二十一条(三) 处理、移送
        第二十一条(四) 处理、移送
        第二十一条(五) 处理、移送
        第二十一条(六) 处理、移送
    "#]]
    .assert_eq(&table);
}

/// 第十九条(一): proposed by the system, confirmed by a person, called, held, closed.
#[test]
fn an_admonition() {
    check(
        "11-24 监督员 确认
        11-24 受理员 提出 第十九条(一) 行政审批局 证据=QX-1
        11-24 中心系统 提出 第十九条(一) 证据=QX-1
        11-24 中心系统 提出 第十九条(一) 行政审批局 证据=无
        11-24 中心系统 提出 第十九条(一) 行政审批局 证据=空号
        11-24 中心系统 提出 第十九条(一) 行政审批局 无事实 证据=QX-1
        11-24 中心系统 提出 第十九条(一) 行政审批局 证据=QX-1
        11-24 中心系统 提出 第十九条(一) 行政审批局 证据=QX-1
        11-24 监督员 补证 证据=QX-2、QX-3
        11-24 监督员 发出 文号=约〔2026〕1号 发往=县水务局
        11-25 监督员 确认
        11-25 监督员 不采纳 理由=已核销
        11-25 监督员 发出 发往=县水务局
        11-25 监督员 发出 文号=约〔2026〕1号
        11-25 监督员 发出 文号=约〔2026〕1号 发往=县水务局
        11-27 监督员 结果 内容=
        11-27 监督员 结果 内容=承诺整改 早=5
        11-27 监督员 结果 内容=承诺整改
        11-27 监督员 销号 理由=
        12-01 监督员 销号 理由=已整改",
        &expect![[r#"
            11-24 监督员 确认 → 拒绝: there is no such case
            11-24 受理员 提出 第十九条(一) 行政审批局 证据=QX-1 → 拒绝: needs one of [Reviewer, Supervisor, Center]
            11-24 中心系统 提出 第十九条(一) 证据=QX-1 → 拒绝: an admonition names the body that talks to the unit
            11-24 中心系统 提出 第十九条(一) 行政审批局 证据=无 → 拒绝: a proposal stands on evidence
            11-24 中心系统 提出 第十九条(一) 行政审批局 证据=空号 → 拒绝: EvidenceNumber is empty
            11-24 中心系统 提出 第十九条(一) 行政审批局 无事实 证据=QX-1 → 拒绝: Facts is empty
            11-24 中心系统 提出 第十九条(一) 行政审批局 证据=QX-1 → 待确认
            11-24 中心系统 提出 第十九条(一) 行政审批局 证据=QX-1 → 拒绝: the case is proposed already
            11-24 监督员 补证 证据=QX-2、QX-3 → 待确认
            11-24 监督员 发出 文号=约〔2026〕1号 发往=县水务局 → 拒绝: not possible at stage Proposed
            11-25 监督员 确认 → 已确认
            11-25 监督员 不采纳 理由=已核销 → 拒绝: not possible at stage Confirmed
            11-25 监督员 发出 发往=县水务局 → 拒绝: Document is empty
            11-25 监督员 发出 文号=约〔2026〕1号 → 拒绝: Addressee is empty
            11-25 监督员 发出 文号=约〔2026〕1号 发往=县水务局 → 已发出
            11-27 监督员 结果 内容= → 拒绝: Answer is empty
            11-27 监督员 结果 内容=承诺整改 早=5 → 拒绝: 2026-11-22 02:00:00 UTC is not between 2026-11-25 02:00:00 UTC and 2026-11-27 02:00:00 UTC
            11-27 监督员 结果 内容=承诺整改 → 有结果
            11-27 监督员 销号 理由= → 拒绝: Reason is empty
            12-01 监督员 销号 理由=已整改 → 已销号
        "#]],
    );
}

/// 建议≠确认: whoever proposed does not confirm; a proposal may be turned down with a reason.
#[test]
fn whoever_proposed_does_not_confirm() {
    check(
        "11-24 监督员甲 提出 第二十条(二) 证据=舆情-7
        11-24 监督员甲 确认
        11-24 县政府办 确认
        11-24 监督员乙 不采纳 理由=
        11-24 监督员乙 不采纳 理由=与热线无关
        11-24 监督员乙 确认",
        &expect![[r#"
            11-24 监督员甲 提出 第二十条(二) 证据=舆情-7 → 待确认
            11-24 监督员甲 确认 → 拒绝: another person has to confirm what one has proposed
            11-24 县政府办 确认 → 拒绝: needs one of [Supervisor]
            11-24 监督员乙 不采纳 理由= → 拒绝: Reason is empty
            11-24 监督员乙 不采纳 理由=与热线无关 → 不予采纳
            11-24 监督员乙 确认 → 拒绝: not possible at stage Rejected
        "#]],
    );
}

/// 第二十条: the county government supervises, with a date.
#[test]
fn a_supervision_by_the_county_government() {
    check(
        "11-24 监督员甲 提出 第二十条(一) 证据=QX-1、QX-2、QX-3
        11-24 监督员乙 确认
        11-24 监督员乙 发出 文号=督〔2026〕1号 发往=县水务局 限期=2026-12-04
        11-25 县政府办 发出 文号=督〔2026〕1号 发往=县水务局
        11-25 县政府办 发出 文号=督〔2026〕1号 发往=县水务局 限期=2026-11-25
        11-25 县政府办 发出 文号=督〔2026〕1号 发往=县水务局 限期=2026-12-04
        12-04 监督员甲 结果 内容=管网已更换
        12-04 监督员甲 销号 理由=已解决
        12-05 县政府办 销号 理由=已解决",
        &expect![[r#"
            11-24 监督员甲 提出 第二十条(一) 证据=QX-1、QX-2、QX-3 → 待确认
            11-24 监督员乙 确认 → 已确认
            11-24 监督员乙 发出 文号=督〔2026〕1号 发往=县水务局 限期=2026-12-04 → 拒绝: needs one of [CountyOffice]
            11-25 县政府办 发出 文号=督〔2026〕1号 发往=县水务局 → 拒绝: a supervision by the county government has a date for the answer
            11-25 县政府办 发出 文号=督〔2026〕1号 发往=县水务局 限期=2026-11-25 → 拒绝: the answer is due on 2026-11-25, which is not after 2026-11-25
            11-25 县政府办 发出 文号=督〔2026〕1号 发往=县水务局 限期=2026-12-04 → 已发出
            12-04 监督员甲 结果 内容=管网已更换 → 有结果
            12-04 监督员甲 销号 理由=已解决 → 拒绝: needs one of [CountyOffice]
            12-05 县政府办 销号 理由=已解决 → 已销号
        "#]],
    );
}

/// 第二十一条: referred, and decided by the body it was referred to.
#[test]
fn a_referral() {
    check(
        "11-24 审核员 提出 第二十一条(四) 证据=审计-88
        11-24 监督员 确认
        11-25 监督员 发出 文号=移〔2026〕1号 发往=县纪委监委
        12-20 纪委监委 结果 内容=立案审查
        12-21 监督员 销号 理由=已移送办结",
        &expect![[r#"
            11-24 审核员 提出 第二十一条(四) 证据=审计-88 → 待确认
            11-24 监督员 确认 → 已确认
            11-25 监督员 发出 文号=移〔2026〕1号 发往=县纪委监委 → 已发出
            12-20 纪委监委 结果 内容=立案审查 → 有结果
            12-21 监督员 销号 理由=已移送办结 → 已销号
        "#]],
    );
}

/// 仅监督员可见: a proposal, until it is issued to the body it concerns.
#[test]
fn who_sees_a_case() {
    let mut case = None;
    let now = DateTime::UNIX_EPOCH;
    let person = |role, id: &str| Actor {
        id: ActorId(id.to_owned()),
        name: id.to_owned(),
        roles: vec![role],
        unit: None,
    };
    let commands = [
        (
            person(Role::Center, "系统"),
            SupervisoryCommand::Propose {
                number: "JD-1".to_owned(),
                ground: SupervisoryGround::Overdue,
                unit: HandlingUnitId("县水务局".to_owned()),
                body: Some(AdmonishingBody::ApprovalBureau),
                facts: "超期".to_owned(),
                evidence: evidence(&["证据=QX-1"]),
            },
        ),
        (person(Role::Supervisor, "甲"), SupervisoryCommand::Confirm),
        (
            person(Role::Supervisor, "甲"),
            SupervisoryCommand::Issue {
                document: "约〔2026〕1号".to_owned(),
                addressee: "县水务局".to_owned(),
                answer_by: Some(date_of(now) + TimeDelta::days(3)),
            },
        ),
        (
            person(Role::DisciplineCommission, "纪委"),
            SupervisoryCommand::RecordAnswer {
                answered_at: now,
                text: "已谈".to_owned(),
            },
        ),
    ];
    let mut table = String::new();
    for (actor, command) in commands {
        let units = units();
        let facts = SupervisoryFacts {
            now,
            actor: &actor,
            units: &units,
        };
        let event = decide(case.as_ref(), &command, &facts).unwrap();
        apply(&mut case, &event);
        let case = case.as_ref().unwrap();
        let sees = [
            Role::Supervisor,
            Role::DisciplineCommission,
            Role::CountyOffice,
            Role::Reviewer,
            Role::Liaison,
        ]
        .map(|role| case.is_visible_to(&person(role, "某")));
        let late = [3, 4].map(|days| case.is_answer_late(date_of(now) + TimeDelta::days(days)));
        let talk = case.held_talk().is_some();
        writeln!(
            table,
            "{} 可见 {sees:?} 逾期 {late:?} 计为约谈 {talk}",
            stage(case.stage)
        )
        .unwrap();
    }
    expect![[r#"
        待确认 可见 [true, false, false, false, false] 逾期 [false, false] 计为约谈 false
        已确认 可见 [true, false, false, false, false] 逾期 [false, false] 计为约谈 false
        已发出 可见 [true, true, false, false, false] 逾期 [false, true] 计为约谈 false
        有结果 可见 [true, true, false, false, false] 逾期 [false, false] 计为约谈 true
    "#]]
    .assert_eq(&table);
}
