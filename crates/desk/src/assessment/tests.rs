//! A scheme that three people carry from its draft to the bulletin of a month, and what every number says.

use std::fmt::Write as _;
use std::sync::Arc;

use documents::table::Table;
use documents::watermark::Watermark;
use domain::work_order::AssignmentNumber;
use domain::{Actor, Command, Role};
use expect_test::{Expect, expect};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::act::act_on_assessment;
use super::export::write_year;
use super::items::score_items;
use super::round::{assessment_round, assessment_year};
use super::scheme::{assessment_scheme, assessment_schemes, check_scheme};
use super::table::ScoreTable;
use super::trial::{recount_round, trial_assessment};
use crate::bare_desk::{StandingClock, instant, open, person};
use crate::desk::Desk;
use crate::error::CallError;
use crate::intake::{act_on_order, submit};
use crate::text;

const FIRST: AssignmentNumber = AssignmentNumber::FIRST;
const WATER: &str = "unit-water-affairs";
const DECEMBER: &str = "2026-12";

fn operator() -> Actor {
    person("受理员陈", &[Role::Operator, Role::Dispatcher], None)
}

fn analyst() -> Actor {
    person("统计唐", &[Role::Analyst], None)
}

fn supervisor(name: &str) -> Actor {
    person(name, &[Role::Supervisor], None)
}

struct Bureau {
    desk: Desk,
    clock: Arc<StandingClock>,
    told: String,
    number: Option<String>,
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
            number: None,
            _folder: folder,
        }
    }

    fn at(&mut self, time: &str) {
        *self.clock.0.lock().unwrap() = instant(time);
    }

    /// Registers and dispatches a matter, and the center delivers it.
    fn given(&mut self, n: u32) {
        self.desk.operator = operator();
        let request = json!({
            "draft_id": id(n),
            "intake": {
                "caller": { "phone": "13800001234", "contact_phone": "", "name": "", "address": "" },
                "channel": "phone", "kind": "help", "class": "ordinary", "category_id": "",
                "title": "", "text": format!("第{n}处停水，电话 13800001234"),
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
        let center = person("中心", &[Role::Center], None);
        self.command(center, n, &Command::ConfirmDelivery { assignment: FIRST });
    }

    fn signed(&mut self, n: u32) {
        let liaison = person("联络员吴", &[Role::Liaison], Some(WATER));
        self.command(liaison, n, &Command::SignFor { assignment: FIRST });
    }

    fn command(&mut self, who: Actor, n: u32, command: &Command) {
        self.desk.operator = who;
        let now = *self.clock.0.lock().unwrap();
        let order = self.desk.store.read(|it| Ok(it.load_work_order(&id(n))?));
        let version = order.unwrap().unwrap().version;
        self.desk.act_on(id(n), version, command, now).unwrap();
    }

    fn act(&mut self, who: Actor, act: Value) {
        self.desk.operator = who;
        let version = self.number.as_ref().map_or(0, |number| {
            let asked = super::SchemeNumber {
                number: number.clone(),
            };
            assessment_scheme(&self.desk, asked).unwrap().version
        });
        let name = act["type"].as_str().unwrap().to_owned();
        let request = json!({ "number": self.number, "version": version, "act": act });
        let done = act_on_assessment(&self.desk, serde_json::from_value(request).unwrap());
        let said = match done {
            Ok(done) => {
                self.number = Some(done.number);
                done.message
            }
            Err(error) => format!("拒绝：{}", text::error(&error, "1")),
        };
        let who = &self.desk.operator.name;
        writeln!(self.told, "{who} {name} -> {said}").unwrap();
    }

    fn key(&self) -> super::RoundKey {
        super::RoundKey {
            number: self.number.clone().unwrap(),
            period: DECEMBER.to_owned(),
        }
    }

    /// The units that have anything, and of them the lines that are not whole.
    fn tell(&mut self, what: &str, table: &ScoreTable) {
        writeln!(self.told, "{what}：{} 个单位", table.rows.len()).unwrap();
        for row in &table.rows {
            let less = row.cells.iter().zip(&table.columns);
            let less: Vec<String> = less
                .filter(|(cell, _)| cell.is_less)
                .map(|(cell, column)| {
                    format!(
                        "{} {}（{} {}）",
                        column.text, cell.points_text, cell.percent_text, cell.count_text
                    )
                })
                .collect();
            writeln!(
                self.told,
                "    {} {} {} {}",
                row.place,
                row.unit_name,
                row.total_text,
                less.join("，")
            )
            .unwrap();
        }
    }

    fn trial(&mut self) {
        let asked = json!({ "number": self.number, "period": DECEMBER, "against": null });
        let trial = trial_assessment(&self.desk, serde_json::from_value(asked).unwrap()).unwrap();
        self.tell("试算", &trial.table);
    }

    fn round(&mut self) {
        let round = assessment_round(&self.desk, self.key()).unwrap();
        for appeal in &round.appeals {
            let (number, target) = (appeal.number, &appeal.target_text);
            writeln!(self.told, "  申诉{number} {target} {}", appeal.ruling_text).unwrap();
        }
        let state = round.stage_text.clone();
        self.tell(&state, round.table.as_ref().unwrap());
    }

    fn items(&mut self) {
        let asked = json!({
            "number": self.number, "period": DECEMBER,
            "unit_id": WATER, "indicator": "timely_signing",
        });
        let items = score_items(&self.desk, serde_json::from_value(asked).unwrap()).unwrap();
        let is_changed = items.is_changed;
        writeln!(
            self.told,
            "{} {} 有变化 {is_changed}",
            items.text, items.percent_text
        )
        .unwrap();
        for item in &items.items {
            let (number, title) = (&item.item, &item.title);
            writeln!(self.told, "    {number} {title} {:?}", item.part).unwrap();
        }
    }

    fn recount(&mut self) {
        let recount = recount_round(&self.desk, self.key()).unwrap();
        for line in recount.lines {
            let (before, after) = (line.before_text, line.after_text);
            writeln!(self.told, "复核 {} {before} -> {after}", line.text).unwrap();
        }
    }

    #[track_caller]
    fn check(&self, expected: &Expect) {
        expected.assert_eq(&self.told);
    }
}

fn form(from: &str) -> Value {
    let lines = [
        ("handling", "timely_signing", "60", "0", "100"),
        ("handling", "timely_completion", "40", "80", "98"),
    ];
    let lines = lines.map(|(part, indicator, weight, floor, full)| {
        json!({
            "part": part, "indicator": indicator, "weight": weight,
            "floor": floor, "full": full, "none": "left_out",
        })
    });
    json!({
        "name": "年末办理考核", "effective_from": from, "lines": lines,
        "deductions": [{ "event": "admonition", "each": "1", "at_most": "3" }],
    })
}

#[test]
fn article_23_from_the_scheme_to_the_bulletin() {
    let mut it = Bureau::new();
    it.act(
        analyst(),
        json!({ "type": "draft", "form": form("2026-12-01") }),
    );
    it.act(
        supervisor("监督何"),
        json!({ "type": "announce", "document": "渠审批发〔2026〕40号" }),
    );
    it.at("2026-12-01 09:00");
    for n in 1..=3 {
        it.given(n);
    }
    it.at("2026-12-02 09:00");
    it.signed(1);
    it.at("2026-12-04 09:00");
    it.desk.operator = analyst();
    it.trial();
    it.act(analyst(), json!({ "type": "count", "period": DECEMBER }));
    it.at("2027-01-04 09:00");
    it.act(analyst(), json!({ "type": "count", "period": DECEMBER }));
    it.round();
    it.items();
    it.act(
        supervisor("监督何"),
        json!({ "type": "publish", "period": DECEMBER, "appeals_until": "2027-01-08" }),
    );
    let appeal = |item: &str| {
        json!({
            "type": "appeal", "period": DECEMBER, "unit_id": WATER,
            "indicator": "timely_signing", "item": item, "reason": "平台故障，当日已口头签收",
        })
    };
    it.act(analyst(), appeal("20261201-W01-0002"));
    it.act(analyst(), appeal("20261201-W01-0002#1"));
    // Signed since, and too late: that was so when it was counted, and is so now.
    it.at("2027-01-05 09:00");
    it.signed(3);
    it.desk.operator = analyst();
    it.items();
    it.recount();
    it.act(
        supervisor("监督罗"),
        json!({
            "type": "uphold", "period": DECEMBER, "appeal": 1, "correction": "in_favour",
            "reason": "平台日志证实",
        }),
    );
    it.act(
        supervisor("监督罗"),
        json!({ "type": "finalise", "period": DECEMBER }),
    );
    it.at("2027-01-09 09:00");
    it.act(
        supervisor("监督罗"),
        json!({ "type": "finalise", "period": DECEMBER }),
    );
    it.round();
    let year = assessment_year(&it.desk, super::round::YearAsk { year: 2026 }).unwrap();
    let row = &year.rows[0];
    writeln!(
        it.told,
        "全年 {} {:?} {}",
        row.unit_name, row.months[11], year.n_months
    )
    .unwrap();
    // Each month is opened by the scheme that it is final by.
    assert_eq!(Some(&year.month_schemes[11]), it.number.as_ref());
    assert!(year.month_schemes[..11].iter().all(String::is_empty));
    let mut book = Vec::new();
    let mark = Watermark {
        person: "统计唐".to_owned(),
        at_text: "2027年1月9日 09:00".to_owned(),
        purpose: "考核".to_owned(),
        serial: "W01-K7Q4M-X9P2T".to_owned(),
    };
    write_year(&year, "2026年考核年度总表", &mut book, &mark).unwrap();
    let sheet = Table::read(&book).unwrap().remove(0);
    writeln!(it.told, "{}", sheet.names.join("|")).unwrap();
    for row in &sheet.rows {
        writeln!(it.told, "{}", row.cells.join("|")).unwrap();
    }
    it.check(&expect![[r#"
        统计唐 draft -> 年末办理考核（第1版）已起草，待另一位监督员公布。
        监督何 announce -> 公布方案已保存在本机。
        试算：1 个单位
            1 县水务局 33.33 签收及时率 20.00（33.3% 1/3）
        统计唐 count -> 拒绝：考核期到2026年12月31日为止，结束后才能计数；现在可以试算。
        统计唐 count -> 已计数并冻结，可公示。
        待公示：1 个单位
            1 县水务局 20.00 签收及时率 20.00（33.3% 1/3），按时办结率 0.00（0.0% 0/3）
        签收及时率 33.3% 有变化 false
            20261201-W01-0002#1 第2处停水，电话 138****1234 Rest
            20261201-W01-0003#1 第3处停水，电话 138****1234 Rest
            20261201-W01-0001#1 第1处停水，电话 138****1234 Numerator
        监督何 publish -> 公示已保存在本机。
        统计唐 appeal -> 登记申诉已保存在本机。
        统计唐 appeal -> 拒绝：第 1 号申诉说的是同一项。
        签收及时率 33.3% 有变化 false
            20261201-W01-0002#1 第2处停水，电话 138****1234 Rest
            20261201-W01-0003#1 第3处停水，电话 138****1234 Rest
            20261201-W01-0001#1 第1处停水，电话 138****1234 Numerator
        监督罗 uphold -> 采纳申诉已保存在本机。
        监督罗 finalise -> 拒绝：申诉到2027年1月8日截止，第二天起可以定稿。
        监督罗 finalise -> 定稿已保存在本机。
          申诉1 签收及时率，20261201-W01-0002#1 采纳，按达标计：平台日志证实（监督罗 监督罗，1月5日（周二）09:00）
        待通报：1 个单位
            1 县水务局 40.00 签收及时率 40.00（66.7% 2/3），按时办结率 0.00（0.0% 0/3）
        全年 县水务局 "40.00" 1
        名次|承办单位|1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月|全年
        |县水务局||||||||||||40|
    "#]]);
}

#[test]
fn the_other_version_of_a_scheme_says_what_it_changes() {
    let mut it = Bureau::new();
    it.given(1);
    it.signed(1);
    it.at("2026-11-27 09:00");
    it.act(
        analyst(),
        json!({ "type": "draft", "form": form("2026-12-01") }),
    );
    let first = it.number.take();
    let mut other = form("2027-01-01");
    other["lines"][0]["weight"] = json!("20");
    other["lines"][1]["weight"] = json!("80");
    it.act(analyst(), json!({ "type": "draft", "form": other }));
    let asked = json!({ "number": it.number, "period": "2026-11", "against": first });
    let trial = trial_assessment(&it.desk, serde_json::from_value(asked).unwrap()).unwrap();
    for change in &trial.changes {
        let (before, after) = (&change.before_text, &change.after_text);
        writeln!(it.told, "{} {before} -> {after}", change.unit_name).unwrap();
        for line in &change.lines {
            let (before, after) = (&line.before_text, &line.after_text);
            writeln!(it.told, "    {} {before} -> {after}", line.text).unwrap();
        }
    }
    it.check(&expect![[r#"
        统计唐 draft -> 年末办理考核（第1版）已起草，待另一位监督员公布。
        统计唐 draft -> 年末办理考核（第2版）已起草，待另一位监督员公布。
        县水务局 60.00 -> 20.00
            签收及时率 60.00 -> 20.00
    "#]]);
}

#[test]
fn a_form_says_what_is_missing_while_it_is_filled_in() {
    let mut it = Bureau::new();
    it.desk.operator = analyst();
    let changes: [fn(&mut Value); 7] = [
        |_| {},
        |form| form["name"] = json!(" "),
        |form| form["lines"][0]["weight"] = json!("59.5"),
        |form| form["lines"][0]["weight"] = json!("六十"),
        |form| form["lines"][1]["floor"] = json!("99"),
        |form| form["lines"][0]["indicator"] = json!("direct_answer"),
        |form| form["effective_from"] = json!("明年"),
    ];
    for change in changes {
        let mut form = form("2027-01-01");
        change(&mut form);
        let checked = check_scheme(&it.desk, serde_json::from_value(form).unwrap()).unwrap();
        let (sum, refusal) = (checked.sum_text, checked.refusal.unwrap_or_default());
        writeln!(it.told, "{sum} {refusal}").unwrap();
    }
    let schemes = assessment_schemes(&it.desk, ()).unwrap();
    writeln!(
        it.told,
        "{} 个考核期，最近 {}；{} 项指标",
        schemes.periods.len(),
        schemes.periods[0].text,
        schemes.indicators.len()
    )
    .unwrap();
    it.check(&expect![[r#"
        100.00 
        100.00 请填写方案名称。
        99.50 分值合计 99.50 分，应为 100 分。
         分值“六十”请写成 25 或 25.5 的样子，最多两位小数。
        100.00 “按时办结率”的底线和满分线不成区间：越高越好的，底线低于满分线；越低越好的，底线高于满分线；都不超过 100%。
        100.00 “直接答复率”不是承办单位的指标。
        100.00 执行日期请写成 2027-01-01 的样子。
        26 个考核期，最近 2026年11月；13 项指标
    "#]]);
}

#[test]
fn what_no_window_sends_changes_nothing() {
    let mut it = Bureau::new();
    it.act(
        analyst(),
        json!({ "type": "draft", "form": form("2026-12-01") }),
    );
    for period in ["", "2026-13", "二〇二六年", "99999", "2026-11-01"] {
        it.act(analyst(), json!({ "type": "count", "period": period }));
    }
    let stale = json!({
        "number": it.number, "version": 9, "act": { "type": "withdraw", "reason": "不用了" },
    });
    let refused = act_on_assessment(&it.desk, serde_json::from_value(stale).unwrap());
    assert!(matches!(refused, Err(CallError::Stale { .. })));
    let events = it
        .desk
        .store
        .read(|reader| Ok(reader.assessment_events_of(it.number.as_deref().unwrap())?));
    assert_eq!(events.unwrap().len(), 1);
    it.check(&expect![[r#"
        统计唐 draft -> 年末办理考核（第1版）已起草，待另一位监督员公布。
        统计唐 count -> 拒绝：没有这个考核期。
        统计唐 count -> 拒绝：没有这个考核期。
        统计唐 count -> 拒绝：没有这个考核期。
        统计唐 count -> 拒绝：没有这个考核期。
        统计唐 count -> 拒绝：没有这个考核期。
    "#]]);
}
