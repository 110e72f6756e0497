//! Orders that are late, sent round and forgotten; what the boards and the clues say of them, and a case that
//! several people carry to its end.

use std::fmt::Write as _;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::extension::ExtensionAsk;
use domain::work_order::AssignmentNumber;
use domain::{Actor, Command, Role};
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::board::{board, boards};
use super::case::{supervisory_case, supervisory_cases, supervisory_lists};
use super::case_act::act_on_case;
use super::clue::supervision_clues;
use super::urging::urge_many;
use crate::bare_desk::{StandingClock, instant, open, person};
use crate::desk::Desk;
use crate::error::CallError;
use crate::intake::{act_on_order, submit};
use crate::text;

const FIRST: AssignmentNumber = AssignmentNumber::FIRST;
const WATER: &str = "unit-water-affairs";

fn operator() -> Actor {
    person("受理员陈", &[Role::Operator, Role::Dispatcher], None)
}

fn supervisor(name: &str) -> Actor {
    person(name, &[Role::Supervisor], None)
}

fn center() -> Actor {
    person("中心", &[Role::Center], None)
}

fn liaison() -> Actor {
    person("联络员吴", &[Role::Liaison], Some(WATER))
}

struct Bureau {
    desk: Desk,
    clock: Arc<StandingClock>,
    told: String,
    _folder: TempDir,
}

fn id(n: u32) -> String {
    format!("00000000-0000-7000-8000-{n:012}")
}

impl Bureau {
    fn new() -> Self {
        let (desk, clock, folder) = open(&operator());
        Self {
            desk,
            clock,
            told: String::new(),
            _folder: folder,
        }
    }

    fn at(&mut self, time: &str) {
        *self.clock.0.lock().unwrap() = instant(time);
    }

    fn now(&self) -> DateTime<Utc> {
        *self.clock.0.lock().unwrap()
    }

    /// Registers and dispatches a matter, and the center delivers it.
    fn given(&mut self, n: u32) {
        self.desk.operator = operator();
        let request = json!({
            "draft_id": id(n),
            "intake": {
                "caller": { "phone": "13800001234", "contact_phone": "", "name": "", "address": "" },
                "channel": "phone", "kind": "help", "class": "ordinary", "category_id": "",
                "title": "", "text": format!("第{n}处停水"),
                "place": { "township_code": "511725001", "village_code": "", "detail": "" },
                "wants": "", "is_confidential": false, "wants_call_back": true,
            },
            "outcome": { "type": "register" },
        });
        submit(&self.desk, serde_json::from_value(request).unwrap()).unwrap();
        let request = json!({
            "work_order_id": id(n), "version": 2,
            "outcome": { "type": "dispatch", "unit_id": WATER, "opinion": "请核实处理", "report": null },
        });
        act_on_order(&self.desk, serde_json::from_value(request).unwrap()).unwrap();
        self.command(center(), n, &Command::ConfirmDelivery { assignment: FIRST });
    }

    fn command(&mut self, who: Actor, n: u32, command: &Command) {
        self.desk.operator = who;
        let now = self.now();
        let order = self.desk.store.read(|it| Ok(it.load_work_order(&id(n))?));
        let version = order.unwrap().unwrap().version;
        self.desk.act_on(id(n), version, command, now).unwrap();
    }

    fn tell<T>(&mut self, what: &str, done: Result<T, CallError>, say: impl FnOnce(T) -> String) {
        let who = self.desk.operator.name.clone();
        let said = match done {
            Ok(done) => say(done),
            Err(error) => format!("拒绝：{}", text::error(&error, "1")),
        };
        writeln!(self.told, "{who} {what} → {said}").unwrap();
    }

    /// The boards with something on them, and the rows of one.
    fn boards(&self) -> String {
        let mut shown = String::new();
        for count in boards(&self.desk, ()).unwrap() {
            if count.n == 0 {
                continue;
            }
            let (n, near, late) = (count.n, count.n_near, count.n_late);
            writeln!(shown, "{} {n} 件，临期 {near}，超期 {late}", count.title).unwrap();
            let ask = json!({ "board": count.board, "part": "all", "unit_id": "" });
            let rows = board(&self.desk, serde_json::from_value(ask).unwrap()).unwrap();
            assert_eq!(rows.n, count.n);
            for row in rows.rows {
                writeln!(
                    shown,
                    "  {} {} {} {} {} {}",
                    row.number,
                    row.unit_text,
                    row.waits_text,
                    row.due_text,
                    row.left_text,
                    serde_json::to_value(row.urgency).unwrap().as_str().unwrap()
                )
                .unwrap();
            }
        }
        shown
    }

    fn clues(&mut self, who: Actor) {
        self.desk.operator = who;
        let clues = supervision_clues(&self.desk, ());
        self.tell("看线索", clues, |clues| {
            let lines = clues.iter().map(|clue| {
                format!(
                    "\n  {} {} {:?} {} 未销号={} {}",
                    clue.article,
                    clue.body_text,
                    clue.ordinal,
                    clue.numbers.join("、"),
                    clue.has_open_case,
                    clue.facts
                )
            });
            lines.collect()
        });
    }

    fn act(&mut self, who: Actor, number: Option<&str>, act: Value) {
        self.desk.operator = who;
        let what = act["type"].as_str().unwrap().to_owned();
        let case = number.map(|number| {
            let case = self
                .desk
                .store
                .read(|it| Ok(it.load_supervisory_case(number)?));
            case.unwrap().unwrap().n_events
        });
        let request = json!({ "number": number, "version": case.unwrap_or(0), "act": act });
        let done = act_on_case(&self.desk, serde_json::from_value(request).unwrap());
        self.tell(&what, done, |done| done.message);
    }

    fn sees(&mut self, who: Actor, number: &str) {
        self.desk.operator = who;
        let request = serde_json::from_value(json!({ "number": number })).unwrap();
        let seen = supervisory_case(&self.desk, request);
        let lists = supervisory_lists(&self.desk, ()).unwrap();
        let n: usize = lists.iter().map(|list| list.n).sum();
        self.tell("看", seen, |case| {
            let allowed: Vec<_> = case
                .commands
                .iter()
                .filter(|it| it.refusal.is_none())
                .map(|it| it.text.as_str())
                .collect();
            format!(
                "{} {} {}，共 {n} 件，可{}",
                case.row.stage_text,
                case.row.unit_name,
                case.row.measure_text,
                allowed.join("、")
            )
        });
    }
}

fn check(bureau: &Bureau, expected: &Expect) {
    expected.assert_eq(&bureau.told);
}

fn proposal(numbers: &[&str]) -> Value {
    let evidence: Vec<Value> = numbers
        .iter()
        .map(|number| json!({ "number": number, "note": "" }))
        .collect();
    json!({
        "type": "propose", "ground": "overdue", "unit_id": WATER, "body": "approval_bureau",
        "facts": "超期未办理", "evidence": evidence,
    })
}

#[test]
fn boards_say_who_has_to_act_by_when() {
    let mut bureau = Bureau::new();
    bureau.given(1);
    bureau.given(2);
    bureau.command(liaison(), 2, &Command::SignFor { assignment: FIRST });
    bureau.desk.operator = operator();
    expect![[r#"
        临期与超期 3 件，临期 0，超期 0
          20261123-W01-0001 县水务局 签收 11月24日（周二）24:00 还剩 1 天 14 小时 calm
          20261123-W01-0001 县水务局 办理 11月26日（周四）24:00 还剩 3 天 14 小时 calm
          20261123-W01-0002 县水务局 办理 11月26日（周四）24:00 还剩 3 天 14 小时 calm
    "#]]
    .assert_eq(&bureau.boards());
    bureau.at("2026-11-24 15:00");
    let ask = Command::RequestExtension {
        assignment: FIRST,
        ask: ExtensionAsk::Complicated { days: 2 },
        reason: "须待试压".to_owned(),
    };
    bureau.command(liaison(), 2, &ask);
    bureau.desk.operator = operator();
    expect![[r#"
        临期与超期 2 件，临期 1，超期 0
          20261123-W01-0001 县水务局 签收 11月24日（周二）24:00 还剩 9 小时 soon
          20261123-W01-0001 县水务局 办理 11月26日（周四）24:00 还剩 2 天 9 小时 calm
        延期待批 1 件，临期 1，超期 0
          20261123-W01-0002 县水务局 县审延期 11月26日（周四）24:00 还剩 2 天 9 小时 soon
    "#]]
    .assert_eq(&bureau.boards());
    bureau.at("2026-11-27 09:00");
    expect![[r#"
        临期与超期 2 件，临期 0，超期 2
          20261123-W01-0001 县水务局 签收 11月24日（周二）24:00 已超 2 天 9 小时 overdue
          20261123-W01-0001 县水务局 办理 11月26日（周四）24:00 已超 9 小时 overdue
        延期待批 1 件，临期 0，超期 1
          20261123-W01-0002 县水务局 县审延期 11月26日（周四）24:00 已超 9 小时 overdue
    "#]]
    .assert_eq(&bureau.boards());
    bureau.desk.operator = liaison();
    let refused = boards(&bureau.desk, ()).unwrap_err();
    assert_eq!(
        text::error(&refused, "1"),
        "须由调度员、值班长、审核员、统计分析、监督员查看。"
    );
}

/// 第五条(一): several at once; what is not with its unit any more is left out and told.
#[test]
fn article_5_1_several_are_urged_at_once() {
    let mut bureau = Bureau::new();
    (1..=3).for_each(|n| bureau.given(n));
    let back = Command::SendBack {
        assignment: FIRST,
        reason: "属住建部门".to_owned(),
        basis: "三定方案".to_owned(),
        suggestion: "县住建局".to_owned(),
    };
    bureau.command(liaison(), 3, &back);
    let withdraw = Command::Withdraw {
        reason: "来电人撤回".to_owned(),
    };
    bureau.command(operator(), 2, &withdraw);
    let parts = |n: &[u32]| -> Vec<Value> {
        n.iter()
            .map(|n| json!({ "work_order_id": id(*n), "assignment": 1 }))
            .collect()
    };
    for (who, n, reason) in [
        (liaison(), vec![1], "请抓紧"),
        (operator(), vec![], "请抓紧"),
        (operator(), vec![1], " "),
        (operator(), vec![1, 2, 1], "请抓紧"),
    ] {
        bureau.desk.operator = who;
        let request = json!({ "parts": parts(&n), "reason": reason, "method": "电话" });
        let done = urge_many(&bureau.desk, serde_json::from_value(request).unwrap());
        bureau.tell("催办", done, |done| done.message);
    }
    check(
        &bureau,
        &expect![[r#"
        联络员吴 催办 → 拒绝：催办须由调度员、值班长、监督员、中心操作。
        受理员陈 催办 → 拒绝：请先选择要催办的工单。
        受理员陈 催办 → 拒绝：请填写理由。
        受理员陈 催办 → 已催办 1 件，等待单位回执。另有 1 件已不在单位手中，未催办：20261123-W01-0002。
    "#]],
    );
    bureau.desk.operator = operator();
    expect![[r#"
        临期与超期 2 件，临期 0，超期 0
          20261123-W01-0001 县水务局 签收 11月24日（周二）24:00 还剩 1 天 14 小时 calm
          20261123-W01-0001 县水务局 办理 11月26日（周四）24:00 还剩 3 天 14 小时 calm
        退回待审 1 件，临期 1，超期 0
          20261123-W01-0003 县水务局 裁定退回 11月23日（周一）15:15 还剩 6 小时 soon
        催办待回执 1 件，临期 0，超期 0
          20261123-W01-0001 县水务局 催办回执  不到 1 分钟前 soon
    "#]]
    .assert_eq(&bureau.boards());
    let receipt = Command::RecordUrgeReceipt {
        assignment: FIRST,
        answered_by: "吴联络".to_owned(),
    };
    bureau.command(liaison(), 1, &receipt);
    bureau.desk.operator = operator();
    let left = boards(&bureau.desk, ()).unwrap();
    assert!(!left.iter().any(|it| it.title == "催办待回执" && it.n > 0));
}

/// 第十九条(一), 第十八条: clues, a proposal with evidence, another person's confirmation, the document, the
/// result, the end. Whoever may not see it learns nothing.
#[test]
fn article_19_1_from_the_clue_to_the_end() {
    let mut bureau = Bureau::new();
    bureau.given(1);
    bureau.given(2);
    let (one, two) = ("20261123-W01-0001", "20261123-W01-0002");
    bureau.clues(supervisor("监督员甲"));
    bureau.at("2026-11-27 00:01");
    bureau.clues(operator());
    bureau.clues(supervisor("监督员甲"));
    bureau.act(operator(), None, proposal(&[one]));
    bureau.act(supervisor("监督员甲"), None, proposal(&[]));
    bureau.act(supervisor("监督员甲"), None, proposal(&[one]));
    let case = Some("JD20261127-W01-0001");
    bureau.clues(supervisor("监督员甲"));
    bureau.act(
        supervisor("监督员甲"),
        case,
        json!({ "type": "add_evidence", "evidence": [{ "number": two, "note": "同批" }] }),
    );
    bureau.clues(supervisor("监督员甲"));
    bureau.sees(operator(), "JD20261127-W01-0001");
    bureau.act(supervisor("监督员甲"), case, json!({ "type": "confirm" }));
    bureau.act(supervisor("监督员乙"), case, json!({ "type": "confirm" }));
    let issue = |answer_by: &str| json!({ "type": "issue", "document": "约〔2026〕1号", "addressee": "县水务局", "answer_by": answer_by });
    bureau.act(supervisor("监督员乙"), case, issue("下周"));
    bureau.act(supervisor("监督员乙"), case, issue("2026-12-04"));
    bureau.sees(supervisor("监督员甲"), "JD20261127-W01-0001");
    let answer = |at: &str| json!({ "type": "record_answer", "answered_at": at, "text": "已约谈，承诺整改" });
    bureau.act(supervisor("监督员乙"), case, answer("2026-11-26 09:00"));
    bureau.at("2026-11-30 10:00");
    bureau.act(supervisor("监督员乙"), case, answer("2026-11-30 09:00"));
    bureau.act(
        supervisor("监督员乙"),
        case,
        json!({ "type": "close", "reason": "已整改" }),
    );
    bureau.clues(supervisor("监督员甲"));
    // Late again after the talk: the discipline commission's turn.
    bureau.given(3);
    bureau.at("2026-12-08 10:00");
    bureau.clues(supervisor("监督员甲"));
    check(
        &bureau,
        &expect![[r#"
        监督员甲 看线索 → 
        受理员陈 看线索 → 拒绝：须由审核员、监督员查看。
        监督员甲 看线索 → 
          第十九条(一) 县行政审批局 Some(1) 20261123-W01-0001、20261123-W01-0002 未销号=false 县水务局2026年超期办理、超期未办理，涉及工单 2 件（20261123-W01-0001、20261123-W01-0002）。系本考核年度第 1 次。依据《办法》第十九条(一)，建议由县行政审批局约谈。
        受理员陈 propose → 拒绝：须由审核员、监督员、中心操作。
        监督员甲 propose → 拒绝：请至少列出一项证据。
        监督员甲 propose → 约谈建议 JD20261127-W01-0001 已提出，待监督员确认。
        监督员甲 看线索 → 
          第十九条(一) 县行政审批局 Some(1) 20261123-W01-0001、20261123-W01-0002 未销号=true 县水务局2026年超期办理、超期未办理，涉及工单 2 件（20261123-W01-0001、20261123-W01-0002）。系本考核年度第 1 次。依据《办法》第十九条(一)，建议由县行政审批局约谈。
        监督员甲 add_evidence → 补充证据已保存在本机。
        监督员甲 看线索 → 
        受理员陈 看 → 拒绝：没有找到这一件。
        监督员甲 confirm → 拒绝：建议是您提出的，须由另一位监督员确认。
        监督员乙 confirm → 已确认，可出具文书。
        监督员乙 issue → 拒绝：期限请写成 2026-12-04 的样子。
        监督员乙 issue → 发出已保存在本机。
        监督员甲 看 → 待结果 县水务局 约谈，共 1 件，可记录结果
        监督员乙 record_answer → 拒绝：结果时间应在11月27日（周五）00:01至11月27日（周五）00:01之间。
        监督员乙 record_answer → 记录结果已保存在本机。
        监督员乙 close → 销号已保存在本机。
        监督员甲 看线索 → 
        监督员甲 看线索 → 
          第十九条(一) 县纪委监委 Some(2) 20261130-W01-0001 未销号=false 县水务局2026年超期办理、超期未办理，涉及工单 1 件（20261130-W01-0001）。系本考核年度第 2 次。依据《办法》第十九条(一)，建议由县纪委监委约谈。
    "#]],
    );
}

/// 封存: what was laid by is told apart from what the order has become since.
#[test]
fn evidence_that_went_on_is_told() {
    let mut bureau = Bureau::new();
    bureau.given(1);
    bureau.at("2026-11-27 00:01");
    bureau.act(
        supervisor("监督员甲"),
        None,
        proposal(&["20261123-W01-0001", "舆情-7"]),
    );
    let evidence = |bureau: &Bureau| {
        let request = serde_json::from_value(json!({ "number": "JD20261127-W01-0001" })).unwrap();
        let case = supervisory_case(&bureau.desk, request).unwrap();
        let lines = case.evidence.iter().map(|it| {
            let is_sealed = it.sha256.len() == 64;
            let is_known = !it.work_order_id.is_empty();
            format!(
                "{} 封存={is_sealed} 在册={is_known} 有变化={}",
                it.number, it.is_changed
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    expect![[r#"
        20261123-W01-0001 封存=true 在册=true 有变化=false
        舆情-7 封存=false 在册=false 有变化=false"#]]
    .assert_eq(&evidence(&bureau));
    let supplement = Command::Supplement {
        text: "还没水".to_owned(),
        files: Vec::new(),
    };
    bureau.at("2026-11-27 09:00");
    bureau.command(operator(), 1, &supplement);
    bureau.desk.operator = supervisor("监督员甲");
    expect![[r#"
        20261123-W01-0001 封存=true 在册=true 有变化=true
        舆情-7 封存=false 在册=false 有变化=false"#]]
    .assert_eq(&evidence(&bureau));
    let request = serde_json::from_value(json!({ "stage": "proposed" })).unwrap();
    let rows = supervisory_cases(&bureau.desk, request).unwrap();
    assert_eq!((rows.len(), rows[0].n_evidence), (1, 2));
    assert_eq!(
        bureau.now() - instant("2026-11-27 09:00"),
        TimeDelta::zero()
    );
}
