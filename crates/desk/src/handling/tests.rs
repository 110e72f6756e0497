//! One order in the hands of several people: what each may do with it, what it is told, and the
//! story that comes of it.

use std::fmt::Write as _;
use std::sync::Arc;

use domain::clock_face::date_of;
use domain::matter::Source;
use domain::work_order::{AssignmentNumber, Feedback, Reply};
use domain::{Actor, Role, WorkOrder};
use expect_test::expect;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::bare_desk::{StandingClock, instant, open, person};
use crate::intake::{act_on_order, submit};
use crate::work_order::{month_end_text, work_order};

mod repeats;
mod rulings;
mod surfaces;

const ORDER: &str = "00000000-0000-7000-8000-000000000001";

/// A desk at which one person sits down after the other; what happens is written down.
struct Shift {
    desk: Desk,
    clock: Arc<StandingClock>,
    told: String,
    _folder: TempDir,
}

fn operator() -> Actor {
    person("受理员陈", &[Role::Operator, Role::Dispatcher], None)
}

fn reviewer() -> Actor {
    person("审核员周", &[Role::Reviewer], None)
}

fn liaison() -> Actor {
    let unit = Some("unit-water-affairs");
    person("联络员吴", &[Role::Liaison], unit)
}

impl Shift {
    /// On Monday 2026-11-23 at 09:15, with a matter of that class registered.
    fn with_order(class: &str) -> Self {
        let (desk, clock, folder) = open(&operator());
        let shift = Self {
            desk,
            clock,
            told: String::new(),
            _folder: folder,
        };
        let request = json!({
            "draft_id": ORDER,
            "intake": {
                "caller": { "phone": "13800001234", "contact_phone": "", "name": "", "address": "" },
                "channel": "phone",
                "kind": "help",
                "class": class,
                "category_id": "",
                "title": "",
                "text": "小区停水",
                "place": { "township_code": "511725001", "village_code": "", "detail": "" },
                "wants": "",
                "is_confidential": false,
                "wants_call_back": true,
            },
            "outcome": { "type": "register" },
        });
        submit(&shift.desk, serde_json::from_value(request).unwrap()).unwrap();
        shift
    }

    fn at(&mut self, time: &str) {
        *self.clock.0.lock().unwrap() = instant(time);
    }

    fn order(&self) -> Value {
        let request = serde_json::from_value(json!({ "id": ORDER })).unwrap();
        serde_json::to_value(work_order(&self.desk, request).unwrap()).unwrap()
    }

    fn version(&self) -> u32 {
        let version = self.order()["version"].as_u64().unwrap();
        u32::try_from(version).unwrap()
    }

    /// For whose assignment the person at the desk may give that command.
    fn choices(&self, command: &str) -> Vec<String> {
        let order = self.order();
        let mut commands = order["commands"].as_array().unwrap().iter();
        let state = commands.find(|state| state["command"] == command).unwrap();
        let choices = state["assignments"].as_array().unwrap().iter();
        choices
            .map(|choice| choice["text"].as_str().unwrap().to_owned())
            .collect()
    }

    fn tell(&mut self, who: &Actor, what: &str, done: Result<Submitted, CallError>) {
        let said = match done {
            Ok(done) => format!("[{}] {}", done.stage_text, done.message),
            Err(error) => format!("拒绝：{}", text::error(&error, "1")),
        };
        writeln!(self.told, "{} {what} → {said}", who.name).unwrap();
    }

    /// One person fills in the form of an act.
    fn act(&mut self, who: Actor, act: Value) {
        self.desk.operator = who.clone();
        let what = act["type"].as_str().unwrap().to_owned();
        let request = HandleOrder {
            work_order_id: ORDER.to_owned(),
            version: self.version(),
            act: serde_json::from_value(act).unwrap(),
        };
        let done = handle_order(&self.desk, request);
        self.tell(&who, &what, done);
    }

    /// What comes from the center or from a unit's own window.
    fn command(&mut self, who: Actor, command: &Command) {
        self.desk.operator = who.clone();
        let (version, now) = (self.version(), self.desk.now());
        let done = self.desk.act_on(ORDER.to_owned(), version, command, now);
        let message = String::new();
        let done = done.map(|done| Submitted { message, ..done });
        self.tell(&who, text::command(command.kind()), done);
    }

    fn dispatch(&mut self, report: &Value) {
        self.desk.operator = operator();
        let request = json!({
            "work_order_id": ORDER,
            "version": self.version(),
            "outcome": {
                "type": "dispatch",
                "unit_id": "unit-water-affairs",
                "opinion": "请核实处理",
                "report": report,
            },
        });
        let done = act_on_order(&self.desk, serde_json::from_value(request).unwrap());
        self.tell(&operator(), "dispatch", done);
    }

    fn deliver(&mut self) {
        let assignment = AssignmentNumber::FIRST;
        let center = person("中心", &[Role::Center], None);
        self.command(center, &Command::ConfirmDelivery { assignment });
    }

    /// What was said so far, and then the limits and the story as the window shows them.
    fn whole(&self) -> String {
        let order = self.order();
        let mut shown = self.told.clone();
        let texts = |list: &str, fields: &[&str]| -> String {
            let entries = order[list].as_array().unwrap().iter();
            let line = |entry: &Value| -> String {
                let fields = fields.iter().map(|field| entry[*field].as_str().unwrap());
                fields.collect::<Vec<_>>().join(" | ") + "\n"
            };
            entries.map(line).collect()
        };
        shown.push_str("时限\n");
        shown.push_str(&texts(
            "limits",
            &["name", "urgency", "due_text", "left_text"],
        ));
        shown.push_str("经过\n");
        shown.push_str(&texts("story", &["at_text", "title", "detail"]));
        shown
    }
}

#[test]
fn what_the_province_gave_is_to_be_done_within_its_month() {
    let mut shift = Shift::with_order("ordinary");
    shift.dispatch(&Value::Null);
    shift.deliver();
    let mut order = shift
        .desk
        .store
        .read(|reader| Ok(reader.load_work_order(ORDER)?))
        .unwrap()
        .unwrap();
    let rules = shift.desk.rule_sets.in_force_on(date_of(shift.desk.now()));
    let text = |order: &WorkOrder| month_end_text(order, &shift.desk.calendar, rules);
    assert_eq!(text(&order), "", "the county's own");
    order.matter.origin.source = Source::Province;
    assert_eq!(text(&order), "省交办，原则上 11月30日（周一）18:00前办结。");
    order.registered_at = instant("2026-10-30 10:00");
    assert_eq!(
        text(&order),
        "省交办，原则上 10月30日（周五）18:00前办结。办理时限跨月，须向省说明。"
    );
}

fn send_back() -> Value {
    json!({
        "type": "send_back",
        "assignment": 1,
        "reason": "属于住建部门的二次供水",
        "basis": "三定方案",
        "suggestion": "转县住房城乡建设局",
    })
}

#[test]
fn a_send_back_is_ruled_on_by_another_person_and_stops_the_clock() {
    let mut shift = Shift::with_order("ordinary");
    shift.dispatch(&Value::Null);
    shift.deliver();
    shift.act(liaison(), json!({ "type": "sign_for", "assignment": 1 }));
    shift.act(liaison(), json!({ "type": "sign_for", "assignment": null }));
    shift.at("2026-11-24 10:00");
    let mut bare = send_back();
    bare["basis"] = json!(" ");
    shift.act(liaison(), bare);
    shift.act(liaison(), send_back());
    let while_in_review = shift.order();
    assert_eq!(
        while_in_review["row"]["limit_name"], "",
        "the limit stands still"
    );
    let handle = &while_in_review["limits"][2];
    assert_eq!(handle["urgency"], "suspended", "{handle}");
    let ruling = |is_accepted: Value, reason: &str| {
        json!({
            "type": "rule_on_send_back",
            "assignment": 1,
            "is_accepted": is_accepted,
            "reason": reason,
        })
    };
    shift.act(operator(), ruling(json!(false), "属供水单位"));
    assert!(shift.choices("rule_on_send_back").is_empty());
    let mut both = operator();
    both.roles.push(Role::Reviewer);
    shift.act(both, ruling(json!(false), "属供水单位"));
    shift.act(reviewer(), ruling(Value::Null, "属供水单位"));
    assert_eq!(
        shift.choices("rule_on_send_back"),
        ["县水务局（承办，退回待审）"]
    );
    assert_eq!(
        shift.order()["waits_text"],
        "县水务局退回待审，内控要求 11月24日（周二）16:00前裁定。"
    );
    shift.act(reviewer(), ruling(json!(false), ""));
    shift.at("2026-11-25 10:00");
    shift.act(reviewer(), ruling(json!(false), "属供水单位"));
    expect![[r#"
        受理员陈 dispatch → [已派待送达] 已保存在本机，未送达；联网后由中心送达承办单位。
        中心 确认送达 → [已送达] 
        联络员吴 sign_for → [已送达] 签收已保存在本机。
        联络员吴 sign_for → 拒绝：请选定是哪个承办单位。
        联络员吴 send_back → 拒绝：请填写依据。
        联络员吴 send_back → [已送达] 退回已保存在本机。
        受理员陈 rule_on_send_back → 拒绝：裁定退回须由审核员操作。
        受理员陈 rule_on_send_back → 拒绝：裁定退回须由另一人操作，本人经办的不能自己审。
        审核员周 rule_on_send_back → 拒绝：请选择同意退回还是驳回。
        审核员周 rule_on_send_back → 拒绝：请填写理由。
        审核员周 rule_on_send_back → [已送达] 裁定退回已保存在本机。
        时限
        转办 | met | 11月24日（周二）24:00 | 11月23日（周一）09:15按时完成
        签收 | met | 11月24日（周二）24:00 | 11月23日（周一）09:15按时完成
        办理 | calm | 11月27日（周五）24:00 | 还剩 2 天 14 小时
        退回 | met | 11月24日（周二）24:00 | 11月24日（周二）10:00按时完成
        经过
        11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行
        11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)）
        11月23日（周一）09:15 | 派单 县水务局 | 请核实处理
        11月23日（周一）09:15 | 送达 | 11月23日（周一）09:15，由中心送达
        11月23日（周一）09:15 | 签收时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(二)）
        11月23日（周一）09:15 | 办理时限起算 | 3 个工作日，到11月26日（周四）24:00（第十一条(二)）
        11月23日（周一）09:15 | 县水务局签收 | 
        11月24日（周二）10:00 | 退回时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(二)）
        11月24日（周二）10:00 | 县水务局退回，待审 | 理由：属于住建部门的二次供水
        依据：三定方案
        转送建议：转县住房城乡建设局
        11月24日（周二）10:00 | 办理时限暂停 | 暂停期间不计时
        11月25日（周三）10:00 | 县水务局的退回已裁定 | 驳回，继续办理：属供水单位
        11月25日（周三）10:00 | 办理时限恢复 | 到11月27日（周五）24:00
    "#]]
    .assert_eq(&shift.whole());
}

#[test]
fn an_extension_is_asked_for_by_the_unit_and_reviewed_by_the_county() {
    let mut shift = Shift::with_order("ordinary");
    shift.dispatch(&Value::Null);
    shift.deliver();
    shift.act(liaison(), json!({ "type": "sign_for", "assignment": 1 }));
    let ask = |is_grave: Value, days: Value| {
        json!({
            "type": "request_extension",
            "assignment": 1,
            "is_grave": is_grave,
            "days": days,
            "supervisor_statement": "",
            "reason": "管网图纸正在调取",
        })
    };
    for (is_grave, days) in [
        (Value::Null, json!(2)),
        (json!(false), Value::Null),
        (json!(false), json!(4)),
        (json!(false), json!(0)),
        (json!(true), json!(7)),
        (json!(false), json!(2)),
        (json!(false), json!(2)),
    ] {
        shift.act(liaison(), ask(is_grave, days));
    }
    let review = |is_forwarded: Value| {
        json!({
            "type": "review_extension",
            "assignment": 1,
            "is_forwarded": is_forwarded,
            "reason": "情况属实",
        })
    };
    shift.act(operator(), review(json!(true)));
    shift.act(reviewer(), review(Value::Null));
    shift.act(reviewer(), review(json!(true)));
    shift.act(reviewer(), review(json!(true)));
    let granted = Command::RecordCityRuling {
        assignment: AssignmentNumber::FIRST,
        granted_until: Some(instant("2026-12-01 00:00")),
        document: "达市热线〔2026〕9号".to_owned(),
    };
    shift.command(reviewer(), &granted);
    expect![[r#"
        受理员陈 dispatch → [已派待送达] 已保存在本机，未送达；联网后由中心送达承办单位。
        中心 确认送达 → [已送达] 
        联络员吴 sign_for → [已送达] 签收已保存在本机。
        联络员吴 request_extension → 拒绝：请选择延期情形。
        联络员吴 request_extension → 拒绝：请填写延期的工作日数。
        联络员吴 request_extension → 拒绝：一般延期最多 3 个工作日，申请了 4 个；特别重大、复杂的请选该项。
        联络员吴 request_extension → 拒绝：申请的时间没有比原期限更长。
        联络员吴 request_extension → 拒绝：超过 4 个工作日的，须有监督员说明。
        联络员吴 request_extension → [已送达] 申请延期已保存在本机。
        联络员吴 request_extension → 拒绝：已有一次延期申请在等答复。
        受理员陈 review_extension → 拒绝：县审延期须由审核员操作。
        审核员周 review_extension → 拒绝：请选择报市还是不予上报。
        审核员周 review_extension → [已送达] 县审延期已保存在本机。
        审核员周 review_extension → 拒绝：现在没有延期申请等待“县审延期”。
        审核员周 登记市批复 → [已送达] 
        时限
        转办 | met | 11月24日（周二）24:00 | 11月23日（周一）09:15按时完成
        签收 | met | 11月24日（周二）24:00 | 11月23日（周一）09:15按时完成
        办理 | calm | 11月30日（周一）24:00 | 还剩 7 天 14 小时
        经过
        11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行
        11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)）
        11月23日（周一）09:15 | 派单 县水务局 | 请核实处理
        11月23日（周一）09:15 | 送达 | 11月23日（周一）09:15，由中心送达
        11月23日（周一）09:15 | 签收时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(二)）
        11月23日（周一）09:15 | 办理时限起算 | 3 个工作日，到11月26日（周四）24:00（第十一条(二)）
        11月23日（周一）09:15 | 县水务局签收 | 
        11月23日（周一）09:15 | 县水务局申请延期 | 一般延期，延 2 个工作日，拟到11月30日（周一）24:00：管网图纸正在调取
        11月23日（周一）09:15 | 县审县水务局的延期申请 | 同意，报市：情况属实
        11月23日（周一）09:15 | 市批复：同意延期 | 到11月30日（周一）24:00，文号 达市热线〔2026〕9号
        11月23日（周一）09:15 | 办理时限延长 | 到11月30日（周一）24:00，市已批准
    "#]].assert_eq(&shift.whole());
}

#[test]
fn a_special_matter_from_the_first_call_to_the_call_back() {
    let mut shift = Shift::with_order("special");
    shift.dispatch(&Value::Null);
    let report = json!({
        "unit_id": "town-511725001",
        "answered_by": "赵值守",
        "reported_time": "",
        "method": "电话",
    });
    shift.act(
        operator(),
        json!({ "type": "record_township_report", "report": report }),
    );
    shift.dispatch(&Value::Null);
    shift.deliver();
    let urge =
        json!({ "type": "urge", "assignment": 1, "reason": "群众再次来电", "method": "电话" });
    shift.act(operator(), urge);
    shift.act(
        operator(),
        json!({ "type": "supplement", "text": "三栋也停了" }),
    );
    for kind in ["respond_first", "report_progress"] {
        shift.act(
            liaison(),
            json!({ "type": kind, "assignment": 1, "text": "已派人抢修" }),
        );
    }
    shift.act(liaison(), json!({ "type": "sign_for", "assignment": 1 }));
    let contact = |is_reached: Value| {
        json!({
            "type": "record_contact",
            "assignment": 1,
            "phone": "13800001234",
            "is_reached": is_reached,
            "note": "已告知抢修进度",
        })
    };
    shift.act(liaison(), contact(Value::Null));
    shift.act(liaison(), contact(json!(true)));
    let reply = Reply {
        text: "管道已修复，恢复供水。".to_owned(),
        responsible_person: "钱局长".to_owned(),
        feedback: Feedback::Given {
            given_at: shift.desk.now(),
            method: "电话".to_owned(),
        },
        cited_opinions: Vec::new(),
    };
    let replied = Command::SubmitReply {
        assignment: AssignmentNumber::FIRST,
        reply: Box::new(reply),
    };
    shift.command(liaison(), &replied);
    let unit = Some("unit-water-affairs");
    let signatory = person("审核人郑", &[Role::UnitReviewer], unit);
    let rejection = json!({ "type": "reject_reply", "assignment": 1, "reason": "写明原因" });
    shift.act(signatory.clone(), rejection);
    shift.command(liaison(), &replied);
    let signature = json!({ "type": "sign_reply", "assignment": 1 });
    let mut both = liaison();
    both.roles.push(Role::UnitReviewer);
    shift.act(both, signature.clone());
    shift.act(signatory, signature);
    shift.act(
        operator(),
        json!({ "type": "withdraw", "reason": "诉求人撤回" }),
    );
    shift.act(
        operator(),
        json!({ "type": "record_own_call_back", "note": "诉求人表示满意" }),
    );
    expect![[r#"
        受理员陈 dispatch → 拒绝：特殊事项须先向属地乡镇（街道）报告，请填写属地报告后再派单。
        受理员陈 record_township_report → [待派] 记录属地报告已保存在本机。
        受理员陈 dispatch → [已派待送达] 已保存在本机，未送达。特殊事项请立即电话送达，并记录接听人。
        中心 确认送达 → [已送达] 
        受理员陈 urge → [已送达] 催办已保存在本机。
        受理员陈 supplement → [已送达] 补充已保存在本机。
        联络员吴 respond_first → [已送达] 初步响应已保存在本机。
        联络员吴 report_progress → [已送达] 反馈进度已保存在本机。
        联络员吴 sign_for → [已送达] 签收已保存在本机。
        联络员吴 record_contact → 拒绝：请选择是否联系上。
        联络员吴 record_contact → [已送达] 记录联系已保存在本机。
        联络员吴 提交答复 → [已送达] 
        审核人郑 reject_reply → [已送达] 内审退改已保存在本机。
        联络员吴 提交答复 → [已送达] 
        联络员吴 sign_reply → 拒绝：内审签发须由另一人操作，本人经办的不能自己审。
        审核人郑 sign_reply → [已办结] 内审签发已保存在本机。
        受理员陈 withdraw → 拒绝：工单现在是“已办结”，不能进行“撤回”。
        受理员陈 record_own_call_back → [已办结] 记录自查回访已保存在本机。
        时限
        转办 | met | 11月24日（周二）24:00 | 11月23日（周一）09:15按时完成
        签收 | met | 11月24日（周二）24:00 | 11月23日（周一）09:15按时完成
        初步响应 | met | 11月23日（周一）12:15 | 11月23日（周一）09:15按时完成
        进度反馈 | met | 11月25日（周三）24:00 | 11月23日（周一）09:15按时完成
        办理 | met | 11月26日（周四）24:00 | 11月23日（周一）09:15按时完成
        经过
        11月23日（周一）09:15 | 登记 求助 | 编号 20261123-W01-0001，按规则集 QX-2023-66 执行
        11月23日（周一）09:15 | 转办时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(一)）
        11月23日（周一）09:15 | 报告属地 渠江街道 | 11月23日（周一）09:15，接听人 赵值守，电话
        11月23日（周一）09:15 | 派单 县水务局 | 请核实处理
        11月23日（周一）09:15 | 送达 | 11月23日（周一）09:15，由中心送达
        11月23日（周一）09:15 | 签收时限起算 | 1 个工作日，到11月24日（周二）24:00（第十一条(二)）
        11月23日（周一）09:15 | 初步响应时限起算 | 3 小时，到11月23日（周一）12:15（第十一条(四)）
        11月23日（周一）09:15 | 进度反馈时限起算 | 2 个工作日，到11月25日（周三）24:00（第十一条(四)）
        11月23日（周一）09:15 | 办理时限起算 | 3 个工作日，到11月26日（周四）24:00（第十一条(二)）
        11月23日（周一）09:15 | 催办县水务局 | 群众再次来电（电话）
        11月23日（周一）09:15 | 补充 | 三栋也停了
        11月23日（周一）09:15 | 县水务局初步响应 | 已派人抢修
        11月23日（周一）09:15 | 县水务局反馈进度 | 已派人抢修
        11月23日（周一）09:15 | 县水务局签收 | 
        11月23日（周一）09:15 | 县水务局联系诉求人 | 11月23日（周一）09:15，已联系上：已告知抢修进度
        11月23日（周一）09:15 | 县水务局提交答复 | 管道已修复，恢复供水。
        署名负责人 钱局长；11月23日（周一）09:15向诉求人反馈，电话
        11月23日（周一）09:15 | 县水务局内审退改 | 写明原因
        11月23日（周一）09:15 | 县水务局提交答复 | 管道已修复，恢复供水。
        署名负责人 钱局长；11月23日（周一）09:15向诉求人反馈，电话
        11月23日（周一）09:15 | 县水务局内审签发 | 
        11月23日（周一）09:15 | 办结 | 
        11月23日（周一）09:15 | 自查回访（不计入考核） | 诉求人表示满意
    "#]].assert_eq(&shift.whole());
}
