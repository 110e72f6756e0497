//! Whoever has to answer: what is shown side by side, what the answer would come to, and the story
//! that follows.

use domain::work_order::{
    ClosureOpinion, DissatisfactionReason, RatingRecord, Satisfaction, Solved,
};

use super::*;
use crate::work_order::{WorkOrderList, queues, work_orders};

fn supervisor() -> Actor {
    person("监督员钱", &[Role::Supervisor], None)
}

fn signatory() -> Actor {
    person(
        "审核人郑",
        &[Role::UnitReviewer],
        Some("unit-water-affairs"),
    )
}

impl Shift {
    /// What the order waits for, as its page shows it.
    fn waits(&self) -> String {
        let order = self.order();
        let mut shown = String::new();
        for wait in order["waits"].as_array().unwrap() {
            let text = |field: &str| wait[field].as_str().unwrap().to_owned();
            writeln!(
                shown,
                "{}{}｜{}｜{}｜{}",
                text("unit"),
                text("text"),
                text("since_text"),
                text("target_text"),
                text("command")
            )
            .unwrap();
            for (side, list) in [("申请", "asked"), ("对照", "against")] {
                for line in wait[list].as_array().unwrap() {
                    let doubt = if line["is_doubtful"] == true {
                        "（存疑）"
                    } else {
                        ""
                    };
                    let (label, text) = (&line["label"], &line["text"]);
                    let (label, text) = (label.as_str().unwrap(), text.as_str().unwrap());
                    writeln!(shown, "  {side} {label}：{text}{doubt}").unwrap();
                }
            }
        }
        shown
    }

    /// The queues in which the order stands because it waits.
    fn queued(&self) -> Vec<String> {
        let counted = queues(&self.desk, ()).unwrap();
        let counted = counted.iter().filter(|it| it.is_wait && it.n_orders > 0);
        counted.map(|it| it.text.clone()).collect()
    }

    fn preview(&mut self, who: Actor, act: &Value) -> String {
        self.desk.operator = who;
        let request = HandleOrder {
            work_order_id: ORDER.to_owned(),
            version: self.version(),
            act: serde_json::from_value(act.clone()).unwrap(),
        };
        let preview = preview_act(&self.desk, request).unwrap();
        let limits = preview.limits.iter();
        let limits: Vec<_> = limits
            .map(|it| format!("{} {}→{}", it.name, it.before_text, it.after_text))
            .collect();
        match preview.refusal {
            Some(refusal) => refusal,
            None => format!("[{}] {}", preview.stage_text, limits.join("；")),
        }
    }

    fn signed_for() -> Self {
        let mut shift = Self::with_order("ordinary");
        shift.dispatch(&Value::Null);
        shift.deliver();
        shift.act(liaison(), json!({ "type": "sign_for", "assignment": 1 }));
        shift.told.clear();
        shift
    }

    /// Answered, signed, and rated badly by the city on the next day.
    fn rated_badly() -> Self {
        let mut shift = Self::signed_for();
        let contact = json!({
            "type": "record_contact", "assignment": 1, "phone": "13800001234", "is_reached": true, "note": "",
        });
        shift.act(liaison(), contact);
        let given_at = shift.desk.now();
        shift.command(
            liaison(),
            &Command::SubmitReply {
                assignment: AssignmentNumber::FIRST,
                reply: Box::new(Reply {
                    text: "管道已修复。".to_owned(),
                    responsible_person: "钱局长".to_owned(),
                    feedback: Feedback::Given {
                        given_at,
                        method: "电话".to_owned(),
                    },
                    cited_opinions: Vec::new(),
                }),
            },
        );
        shift.act(
            signatory(),
            json!({ "type": "sign_reply", "assignment": 1 }),
        );
        shift.at("2026-11-24 10:00");
        let rated_at = shift.desk.now();
        shift.command(
            person("中心", &[Role::Center], None),
            &Command::ImportRating {
                assignment: Some(AssignmentNumber::FIRST),
                rating: RatingRecord {
                    satisfaction: Satisfaction::Dissatisfied,
                    solved: Solved::No,
                    reason: Some(DissatisfactionReason::NotSolved),
                    note: "说还是没水".to_owned(),
                    rated_at,
                },
            },
        );
        shift.told.clear();
        shift
    }
}

fn ask_extension() -> Value {
    json!({
        "type": "request_extension",
        "assignment": 1,
        "is_grave": false,
        "days": 2,
        "supervisor_statement": "",
        "reason": "管网图纸正在调取",
    })
}

/// 决定 I-9: whoever passes it on sees that the city may not be in time.
#[test]
fn an_extension_asked_for_on_the_last_day_is_told_to_be_late() {
    let mut shift = Shift::signed_for();
    shift.at("2026-11-26 10:00");
    shift.act(liaison(), ask_extension());
    expect![[r#"
        县水务局延期待县审｜11月26日（周四）10:00起，不到 1 分钟前｜应在 11月26日（周四）24:00前答复｜review_extension
          申请 申请：一般延期，延 2 个工作日
          申请 理由：管网图纸正在调取
          对照 现期限：11月26日（周四）24:00
          对照 提交偏晚：建议 11月25日（周三）24:00 前提交，市里可能来不及在现期限前批复
          对照 拟延至：11月30日（周一）24:00
          对照 依据：第十一条(三)
          对照 已延：0 次
    "#]].assert_eq(&shift.waits());
}

#[test]
fn an_extension_waits_for_the_county_then_for_the_city() {
    let mut shift = Shift::signed_for();
    shift.at("2026-11-25 10:00");
    shift.act(liaison(), ask_extension());
    shift.at("2026-11-25 15:00");
    let mut shown = shift.waits();
    assert_eq!(shift.queued(), ["延期待县审的"]);
    let review = json!({ "type": "review_extension", "assignment": 1, "is_forwarded": true, "reason": "属实" });
    shift.act(reviewer(), review);
    // The limit is over and the city has not ruled: nobody is late.
    shift.at("2026-11-27 09:00");
    shown += &shift.waits();
    assert_eq!(shift.queued(), ["延期待市批的"]);
    let row = &shift.order()["row"];
    assert_eq!(
        (&row["urgency"], &row["left_text"]),
        (&json!("suspended"), &json!("待批暂挂，不计超期"))
    );
    let limit = &shift.order()["limits"][2];
    assert_eq!(limit["left_text"], "待批暂挂，不计超期", "{limit}");
    let ruling = |is_granted: Value, last_day: &str| {
        json!({
            "type": "record_city_ruling",
            "assignment": 1,
            "is_granted": is_granted,
            "last_day": last_day,
            "document": "达市热线〔2026〕9号",
        })
    };
    for (is_granted, last_day) in [
        (Value::Null, ""),
        (json!(true), ""),
        (json!(true), "下周一"),
        (json!(true), "2026-11-26"),
    ] {
        shown += &(shift.preview(reviewer(), &ruling(is_granted, last_day)) + "\n");
    }
    shown += &(shift.preview(operator(), &ruling(json!(false), "")) + "\n");
    shown += &(shift.preview(reviewer(), &ruling(json!(true), "2026-11-30")) + "\n");
    shift.act(reviewer(), ruling(json!(true), "2026-11-30"));
    assert!(shift.queued().is_empty());
    expect![[r#"
        县水务局延期待县审｜11月25日（周三）10:00起，5 小时前｜应在 11月26日（周四）24:00前答复｜review_extension
          申请 申请：一般延期，延 2 个工作日
          申请 理由：管网图纸正在调取
          对照 现期限：11月26日（周四）24:00
          对照 拟延至：11月30日（周一）24:00
          对照 依据：第十一条(三)
          对照 已延：0 次
        县水务局延期待市批｜11月25日（周三）15:00起，1 天 18 小时前｜应在 11月26日（周四）24:00前答复｜record_city_ruling
          申请 申请：一般延期，延 2 个工作日
          申请 理由：管网图纸正在调取
          对照 现期限：11月26日（周四）24:00
          对照 拟延至：11月30日（周一）24:00
          对照 依据：第十一条(三)
          对照 已延：0 次
        请选择市里同意还是不同意。
        请填写市里批准延到哪一天。
        日期请写成 2026-11-30 的样子。
        申请的时间没有比原期限更长。
        登记市批复须由审核员、市中心、中心操作。
        [] 办理 11月26日（周四）24:00→11月30日（周一）24:00
        联络员吴 request_extension → [已送达] 申请延期已保存在本机。
        审核员周 review_extension → [已送达] 县审延期已保存在本机。
        审核员周 record_city_ruling → [已送达] 登记市批复已保存在本机。
    "#]].assert_eq(&(shown + &shift.told));
}

#[test]
fn a_bad_rating_is_screened_with_both_sides_in_view() {
    let mut shift = Shift::rated_badly();
    shift.command(
        liaison(),
        &Command::RequestScreening {
            assignment: AssignmentNumber::FIRST,
            reason: "已恢复供水，有照片".to_owned(),
            late_reason: String::new(),
            evidence: vec![format!("现场照片.jpg#sha256={}", "0a".repeat(32))],
        },
    );
    let mut shown = shift.waits();
    assert_eq!(shift.queued(), ["甄别待初审的"]);
    let review = |review: Value| json!({ "type": "review_screening", "assignment": 1, "review": review, "reason": "需水压记录" });
    shown += &(shift.preview(reviewer(), &review(Value::Null)) + "\n");
    shown += &(shift.preview(reviewer(), &review(json!("ask_evidence"))) + "\n");
    shift.act(reviewer(), review(json!("ask_evidence")));
    shown += &shift.waits();
    assert!(shift.queued().is_empty(), "it is the unit's turn");
    shift.command(
        liaison(),
        &Command::SupplyEvidence {
            assignment: AssignmentNumber::FIRST,
            evidence: vec!["水压记录".to_owned()],
        },
    );
    shift.act(reviewer(), review(json!("forward")));
    assert_eq!(shift.queued(), ["甄别待市裁的"]);
    shift.act(operator(), json!({ "type": "archive" }));
    shift.act(reviewer(), json!({ "type": "archive" }));
    let ruling = json!({ "type": "record_screening_ruling", "assignment": 1, "is_removed": true, "document": "达市热线〔2026〕10号" });
    shift.act(reviewer(), ruling);
    assert!(shift.queued().is_empty());
    shift.act(reviewer(), json!({ "type": "archive" }));
    expect![[r#"
        县水务局甄别待初审｜11月24日（周二）10:00起，不到 1 分钟前｜应在 11月25日（周三）24:00前答复｜review_screening
          申请 理由：已恢复供水，有照片
          申请 材料：现场照片.jpg
          对照 评价：不满意，未解决，诉求未解决（11月24日（周二）10:00）
          对照 回访所记：说还是没水
          对照 答复：管道已修复。
        请选择报市、不予上报还是需补证。
        [] 甄别初审 11月25日（周三）24:00→11月24日（周二）10:00按时完成；补证 →11月25日（周三）10:00
        县水务局甄别待补证｜11月24日（周二）10:00起，不到 1 分钟前｜应在 11月25日（周三）10:00前答复｜supply_evidence
          申请 理由：已恢复供水，有照片
          申请 材料：现场照片.jpg
          对照 评价：不满意，未解决，诉求未解决（11月24日（周二）10:00）
          对照 回访所记：说还是没水
          对照 答复：管道已修复。
        联络员吴 申请甄别 → [已办结] 
        审核员周 review_screening → [已办结] 初审甄别已保存在本机。
        联络员吴 补证 → [已办结] 
        审核员周 review_screening → [已办结] 初审甄别已保存在本机。
        受理员陈 archive → 拒绝：归档须由审核员、值班长、中心操作。
        审核员周 archive → 拒绝：不满意评价在 12月1日（周二）24:00 前还可以甄别，或正在甄别，暂不归档。
        审核员周 record_screening_ruling → [已办结] 登记甄别结论已保存在本机。
        审核员周 archive → [已归档] 归档已保存在本机。
    "#]].assert_eq(&(shown + &shift.told));
}

#[test]
fn a_final_closure_is_reviewed_with_the_orders_it_names_looked_up() {
    let mut shift = Shift::signed_for();
    let opinion = ClosureOpinion {
        facts: "已三次到场核实".to_owned(),
        legal_basis: "城市供水条例第二十二条".to_owned(),
        earlier_orders: vec![
            "20261123-W01-0001".to_owned(),
            "QX-8".to_owned(),
            "QX-9".to_owned(),
        ],
        signed_by: "陈局长".to_owned(),
        explanation: "已当面解释".to_owned(),
    };
    shift.command(
        liaison(),
        &Command::RequestFinalClosure {
            assignment: AssignmentNumber::FIRST,
            opinion: Box::new(opinion),
        },
    );
    let mut shown = shift.waits();
    assert_eq!(shift.queued(), ["终结待审的"]);
    let review = |is_accepted: Value| json!({ "type": "review_final_closure", "assignment": 1, "is_accepted": is_accepted, "reason": "历次工单查无" });
    shown += &(shift.preview(reviewer(), &review(Value::Null)) + "\n");
    shown += &(shift.preview(reviewer(), &review(json!(true))) + "\n");
    shift.act(reviewer(), review(json!(false)));
    assert!(shift.queued().is_empty());
    expect![[r#"
        县水务局终结待审｜11月23日（周一）09:15起，不到 1 分钟前｜｜review_final_closure
          申请 调查事实：已三次到场核实
          申请 法律依据：城市供水条例第二十二条
          申请 解释记录：已当面解释
          申请 签名：陈局长
          对照 20261123-W01-0001：就是本单：小区停水（已送达，11月23日（周一）09:15登记）（存疑）
          对照 QX-8：查无此单（存疑）
          对照 QX-9：查无此单（存疑）
          对照 核对：连本单相符 1 次，须满 3 次（存疑）
        请选择要件齐备还是不齐。
        [已终结办理] 办理 11月26日（周四）24:00→11月23日（周一）09:15按时完成
        联络员吴 认定终结 → [已送达] 
        审核员周 review_final_closure → [已送达] 审查终结已保存在本机。
    "#]]
    .assert_eq(&(shown + &shift.told));
}

#[test]
fn what_nobody_can_tell_is_asked_and_what_nobody_owns_is_designated() {
    let mut shift = Shift::with_order("ordinary");
    let begin = json!({ "type": "begin_verification", "asked": "县信访局", "question": "是否已进入信访渠道" });
    shift.act(operator(), begin);
    let mut shown = shift.waits();
    assert_eq!(shift.queued(), ["待核实的"]);
    let record =
        json!({ "type": "record_verification", "answered_by": "张科长", "finding": "未进入" });
    shift.act(operator(), record);
    let request = json!({
        "type": "request_coordination",
        "reason": "管网产权不清",
        "unit_ids": ["unit-water-affairs", "unit-housing"],
    });
    shift.act(operator(), request);
    shown += &shift.waits();
    assert_eq!(shift.queued(), ["待指定的"]);
    shift.at("2026-11-26 09:00");
    let designate = |document: &str| {
        json!({
            "type": "designate",
            "unit_id": "unit-water-affairs",
            "assisting_ids": ["unit-housing"],
            "opinion": "请主办",
            "document": document,
        })
    };
    shown += &(shift.preview(operator(), &designate("渠府办函〔2026〕3号")) + "\n");
    shown += &(shift.preview(supervisor(), &designate("")) + "\n");
    shown += &(shift.preview(supervisor(), &designate("渠府办函〔2026〕3号")) + "\n");
    shift.act(supervisor(), designate("渠府办函〔2026〕3号"));
    assert!(shift.queued().is_empty());
    expect![[r#"
        待核实｜11月23日（周一）09:15起，不到 1 分钟前｜应在 11月24日（周二）24:00前答复｜record_verification
          申请 被询：县信访局
          申请 核实事项：是否已进入信访渠道
        待指定｜11月23日（周一）09:15起，不到 1 分钟前｜｜designate
          申请 事由：管网产权不清
          申请 涉及单位：县水务局、县住房城乡建设局
        指定承办须由县政府办、监督员操作。
        请填写文号。
        [已派待送达] 转办 11月24日（周二）24:00→11月27日（周五）24:00
        受理员陈 begin_verification → [待核实] 发起核实已保存在本机。
        受理员陈 record_verification → [待派] 记录核实结论已保存在本机。
        受理员陈 request_coordination → [待指定] 提请专题协调已保存在本机。
        监督员钱 designate → [已派待送达] 指定承办已保存在本机。
    "#]].assert_eq(&(shown + &shift.told));
}

#[test]
fn a_kind_is_changed_by_two_people_and_a_class_goes_up() {
    let mut shift = Shift::signed_for();
    let change = |kind: Value| json!({ "type": "request_kind_change", "kind": kind, "reason": "重听录音，是投诉" });
    shift.act(operator(), change(Value::Null));
    shift.act(operator(), change(json!("help")));
    shift.act(operator(), change(json!("complaint")));
    let mut shown = shift.waits();
    assert_eq!(shift.queued(), ["待改类型的"]);
    let rule = json!({ "type": "rule_on_kind_change", "is_approved": true, "reason": "属实" });
    shown += &(shift.preview(reviewer(), &rule) + "\n");
    shift.act(reviewer(), rule);
    let escalate = |report: Value| json!({ "type": "escalate_class", "class": "special", "reason": "停水范围扩大", "report": report });
    shown += &(shift.preview(operator(), &escalate(Value::Null)) + "\n");
    let report = json!({
        "unit_id": "town-511725001", "answered_by": "赵值守", "reported_time": "", "method": "电话",
    });
    shown += &(shift.preview(operator(), &escalate(report.clone())) + "\n");
    shift.act(operator(), escalate(report));
    expect![[r#"
        类型变更待审｜11月23日（周一）09:15起，不到 1 分钟前｜｜rule_on_kind_change
          申请 改为：投诉
          申请 理由：重听录音，是投诉
          申请 申请人：受理员陈 受理员陈
          对照 现类型：求助
          对照 诉求：小区停水
        [] 办理 11月26日（周四）24:00→11月30日（周一）24:00
        特殊事项须先向属地乡镇（街道）报告，请填写属地报告后再派单。
        [] 初步响应 →11月23日（周一）12:15；进度反馈 →11月25日（周三）24:00
        受理员陈 request_kind_change → 拒绝：请选择改为哪一类。
        受理员陈 request_kind_change → 拒绝：诉求类型没有变化。
        受理员陈 request_kind_change → [已送达] 申请变更类型已保存在本机。
        审核员周 rule_on_kind_change → [已送达] 审核类型变更已保存在本机。
        受理员陈 escalate_class → [已送达] 升级事项等级已保存在本机。
    "#]]
    .assert_eq(&(shown + &shift.told));
}

#[test]
fn what_comes_after_the_answer() {
    let mut shift = Shift::rated_badly();
    let rework = json!({ "type": "order_rework", "assignment": 1, "reason": "水压不足，请再查" });
    shift.act(operator(), rework.clone());
    let mut shown = shift.preview(supervisor(), &rework) + "\n";
    shift.act(supervisor(), rework);
    shift.deliver_to(2);
    shift.at("2026-11-30 09:00");
    let write_off = |limit: Value| {
        json!({
            "type": "write_off_delay", "assignment": 2, "limit": limit, "ground": "force_majeure", "note": "洪水断路",
        })
    };
    shift.act(supervisor(), write_off(Value::Null));
    shift.act(supervisor(), write_off(json!("assist")));
    shift.act(reviewer(), write_off(json!("handle")));
    shift.act(supervisor(), write_off(json!("handle")));
    let admin = person("管理员孙", &[Role::Admin], None);
    shown += &(shift.preview(
        admin,
        &json!({ "type": "recount_limits", "notice": "国办发明电〔2026〕9号" }),
    ) + "\n");
    shift.act(
        supervisor(),
        json!({ "type": "release_binding", "assignment": 2, "reason": "机构职能调整" }),
    );
    expect![[r#"
        [已派待送达] 
        日历变更不影响这件工单的时限。
        受理员陈 order_rework → 拒绝：退回重办须由审核员、值班长、监督员操作。
        监督员钱 order_rework → [已派待送达] 退回重办已保存在本机。
        中心 确认送达 → [已送达] 
        监督员钱 write_off_delay → 拒绝：请选择核销哪一项超期。
        监督员钱 write_off_delay → 拒绝：协办没有超期，无须核销。
        审核员周 write_off_delay → 拒绝：核销超期须由监督员操作。
        监督员钱 write_off_delay → [已送达] 核销超期已保存在本机。
        监督员钱 release_binding → 拒绝：这件工单可以按规定退回，无须放行。
    "#]]
    .assert_eq(&(shown + &shift.told));
}

/// Whoever has to answer finds the longest waited for first, with since when.
#[test]
fn a_queue_of_what_waits_says_since_when() {
    let mut shift = Shift::signed_for();
    shift.act(liaison(), ask_extension());
    shift.at("2026-11-24 11:20");
    let request = WorkOrderList {
        queue: crate::work_order::QueueName::ExtensionReview,
        search: String::new(),
        after: None,
        limit: 10,
    };
    let rows = work_orders(&shift.desk, request).unwrap();
    let shown: Vec<_> = rows
        .rows
        .iter()
        .map(|row| row.waits_text.as_str())
        .collect();
    assert_eq!(shown, ["延期待县审 1 天 2 小时前"]);
}

impl Shift {
    fn deliver_to(&mut self, number: u32) {
        let assignment = AssignmentNumber(number);
        let center = person("中心", &[Role::Center], None);
        self.command(center, &Command::ConfirmDelivery { assignment });
    }
}
