//! 知识任务 and 第十九条(四).

use std::fmt::Write as _;

use domain::HandlingUnitId;
use domain::calendar::WorkCalendar;
use domain::handling_unit::{HandlingUnit, HandlingUnits};
use domain::kb::KbArticleId;
use domain::kb::task::{KbTaskCommand, KbTaskEvent, KbTaskFacts, KbTaskKind, apply, decide};
use domain::rule_set::{RuleSet, RuleSets};
use domain::supervision::clue::clues;
use expect_test::expect;

use crate::story::{date, person, ten_o_clock};

#[test]
fn article_19_4_a_task_late_or_handed_back_twice() {
    let story = "11-24 受理员 下达 编写
        11-24 编辑甲 提交 条=kb-9
        11-24 编辑甲 下达 更新
        11-24 编辑甲 下达 编写 单位=nobody
        11-24 编辑甲 下达 编写 事项=
        11-24 编辑甲 下达 编写
        11-24 编辑甲 下达 编写
        11-24 编辑甲 验收
        12-01 看
        12-02 看
        12-02 水务联络员 提交 条=kb-9
        12-02 人社联络员 提交
        12-02 人社联络员 提交 条=kb-9
        12-02 编辑甲 退改
        12-02 编辑甲 退改 理由=缺地址
        12-03 人社联络员 提交
        12-03 编辑甲 退改 理由=缺电话
        12-04 编辑甲 提交
        12-04 人社联络员 验收
        12-04 编辑甲 验收
        12-04 编辑甲 撤销 理由=误发";
    let calendar = WorkCalendar::built_in();
    let rule_set = RuleSet::qx_2023_66();
    let units: HandlingUnits = ["renshe", "shuiwu"]
        .map(|id| HandlingUnit {
            id: HandlingUnitId(id.to_owned()),
            name: id.to_owned(),
            aliases: Vec::new(),
            group: String::new(),
        })
        .into_iter()
        .collect();
    let (mut task, mut said) = (None, String::new());
    for text in story.lines().map(str::trim) {
        let line: Vec<&str> = text.split(' ').collect();
        let value = |name: &str, default: &str| {
            let value = line
                .iter()
                .find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
            value.unwrap_or(default).to_owned()
        };
        let today = date(line[0]);
        let mut answer = String::new();
        if line[1] != "看" {
            let reason = value("理由", "");
            let article = Some(value("条", ""))
                .filter(|id| !id.is_empty())
                .map(KbArticleId);
            let command = match line[2] {
                "下达" => KbTaskCommand::Assign {
                    number: "ZS-1".to_owned(),
                    kind: match line[3] {
                        "更新" => KbTaskKind::Update,
                        _ => KbTaskKind::Write,
                    },
                    unit: HandlingUnitId(value("单位", "renshe")),
                    article,
                    subject: value("事项", "电子社保卡怎么领"),
                    note: String::new(),
                },
                "提交" => KbTaskCommand::Deliver {
                    article,
                    note: String::new(),
                },
                "验收" => KbTaskCommand::Accept,
                "退改" => KbTaskCommand::Return { reason },
                _ => KbTaskCommand::Cancel { reason },
            };
            let actor = person(line[1]);
            let facts = KbTaskFacts {
                now: ten_o_clock(today),
                actor: &actor,
                calendar: &calendar,
                units: &units,
                days: &rule_set.knowledge_tasks,
            };
            match decide(task.as_ref(), &command, &facts) {
                Ok(event) => {
                    let json = serde_json::to_string(&event).unwrap();
                    assert_eq!(serde_json::from_str::<KbTaskEvent>(&json).unwrap(), event);
                    apply(&mut task, &event);
                }
                Err(refusal) => answer = format!("拒绝：{refusal}"),
            }
        }
        if answer.is_empty() {
            let task = task.as_ref().unwrap();
            let records: Vec<_> = task.record_on(today).into_iter().collect();
            let clues = clues(&[], &records, &[], &RuleSets::built_in());
            let clue = clues.iter().map(|clue| format!(" 线索{:?}", clue.ground));
            let clue: String = clue.collect();
            answer = format!("{:?} 至{}{clue}", task.stage, task.due_on);
        }
        writeln!(said, "{text} → {answer}").unwrap();
    }
    expect![[r#"
        11-24 受理员 下达 编写 → 拒绝：needs one of [KbEditor]
        11-24 编辑甲 提交 条=kb-9 → 拒绝：there is no such task
        11-24 编辑甲 下达 更新 → 拒绝：no article is named
        11-24 编辑甲 下达 编写 单位=nobody → 拒绝：there is no unit HandlingUnitId("nobody")
        11-24 编辑甲 下达 编写 事项= → 拒绝：Subject is empty
        11-24 编辑甲 下达 编写 → Open 至2026-12-01
        11-24 编辑甲 下达 编写 → 拒绝：the task is given already
        11-24 编辑甲 验收 → 拒绝：not possible at stage Open
        12-01 看 → Open 至2026-12-01
        12-02 看 → Open 至2026-12-01 线索KnowledgeNeglected
        12-02 水务联络员 提交 条=kb-9 → 拒绝：the task is another unit's
        12-02 人社联络员 提交 → 拒绝：no article is named
        12-02 人社联络员 提交 条=kb-9 → Delivered 至2026-12-01 线索KnowledgeNeglected
        12-02 编辑甲 退改 → 拒绝：Reason is empty
        12-02 编辑甲 退改 理由=缺地址 → Open 至2026-12-03 线索KnowledgeNeglected
        12-03 人社联络员 提交 → Delivered 至2026-12-03 线索KnowledgeNeglected
        12-03 编辑甲 退改 理由=缺电话 → Open 至2026-12-04 线索KnowledgeNeglected
        12-04 编辑甲 提交 → Delivered 至2026-12-04 线索KnowledgeNeglected
        12-04 人社联络员 验收 → 拒绝：needs one of [KbEditor]
        12-04 编辑甲 验收 → Done 至2026-12-04 线索KnowledgeNeglected
        12-04 编辑甲 撤销 理由=误发 → 拒绝：not possible at stage Done
    "#]]
    .assert_eq(&said);
}
