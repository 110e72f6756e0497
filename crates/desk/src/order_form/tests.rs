//! One order with everything that can happen to a unit's part of it, and what the forms say of it.

use chrono::NaiveDateTime;
use documents::form::Part;
use domain::calendar::WorkCalendar;
use domain::extension::{ExtensionAsk, ExtensionLane};
use domain::matter::{Caller, Channel, Matter, MatterClass, Origin, Place, Source};
use domain::rule_set::RuleSets;
use domain::time_limit::{LimitKind, Span, TimeLimit};
use domain::work_order::{
    ClosureOpinion, ContactOutcome, ContactRecord, DispatchGround, DissatisfactionReason, Event,
    EventKind, Explained, Feedback, LimitMove, Part as UnitPart, RatingRecord, Reply, Satisfaction,
    ScreeningReview, Solved, TownshipReport,
};
use domain::{ActorId, HandlingUnitId, clock_face};
use expect_test::{Expect, expect};

use super::*;
use crate::reference::ReferenceTables;

const FIRST: AssignmentNumber = AssignmentNumber::FIRST;

fn at(text: &str) -> DateTime<Utc> {
    let civil = NaiveDateTime::parse_from_str(&format!("2026-{text}"), "%Y-%m-%d %H:%M").unwrap();
    clock_face::at(civil.date(), civil.time())
}

fn words(text: &str) -> String {
    text.to_owned()
}

fn matter(kind: MatterKind) -> Matter {
    Matter {
        caller: Caller {
            phone: words("13800001234"),
            contact_phone: words("08187212345"),
            name: words("王建国"),
            address: words("营盘巷12号"),
        },
        channel: Channel::Phone,
        kind,
        class: MatterClass::Special,
        category_id: String::new(),
        title: words("王建国反映营盘巷停水"),
        text: words("家住营盘巷12号，停水两天，请回电13800001234。"),
        place: Place {
            township_code: words("511725001"),
            village_code: words("511725001001"),
            detail: words("营盘巷"),
        },
        happened: words("11月21日（周六）起"),
        about: words("王建国所住小区的物业公司"),
        wants: words("尽快恢复供水"),
        is_confidential: false,
        wants_call_back: true,
        origin: Origin {
            source: Source::City,
            upstream_number: words("DZ2026-0093"),
            other_province_number: String::new(),
        },
    }
}

fn limit(kind: LimitKind, span: Span, from: &str) -> TimeLimit {
    let rules = RuleSets::built_in();
    let calendar = WorkCalendar::built_in();
    let rules = rules.in_force_on(date_of(at(from)));
    TimeLimit::start(kind, span, at(from), &calendar, rules)
}

fn story(kind: MatterKind) -> Vec<Event> {
    let unit = |id: &str| HandlingUnitId(id.to_owned());
    let assignment = FIRST;
    let started = |limit: TimeLimit| EventKind::LimitStarted {
        limit,
        assignment: Some(FIRST),
    };
    let handle = limit(LimitKind::Handle, Span::WorkingDays(3), "11-23 09:35");
    let longer = limit(LimitKind::Handle, Span::WorkingDays(6), "11-23 09:35");
    let rules = RuleSets::built_in();
    let rule_set = rules.in_force_on(date_of(at("11-23 09:15"))).id.clone();
    let events = [
        (
            "11-23 09:15",
            EventKind::Registered {
                number: words("20261123-W01-0001"),
                matter: Box::new(matter(kind)),
                rule_set,
            },
        ),
        (
            "11-23 09:20",
            EventKind::TownshipReported {
                report: TownshipReport {
                    township: unit("town-511725001"),
                    answered_by: words("赵值守"),
                    reported_at: at("11-23 09:18"),
                    method: words("电话"),
                },
            },
        ),
        (
            "11-23 09:20",
            EventKind::Dispatched {
                unit: unit("unit-water-affairs"),
                opinion: words("请核实处理"),
                part: UnitPart::Sole,
                by: DispatchGround::Duty,
                replaces: None,
                rework_of: None,
            },
        ),
        (
            "11-23 09:35",
            EventKind::Delivered {
                delivered_at: at("11-23 09:35"),
                answered_by: words("李值班"),
                phone: words("0818-7000000"),
                assignment: Some(FIRST),
            },
        ),
        (
            "11-23 09:35",
            started(limit(
                LimitKind::SignFor,
                Span::WorkingDays(1),
                "11-23 09:35",
            )),
        ),
        (
            "11-23 09:35",
            started(limit(
                LimitKind::SendBack,
                Span::WorkingDays(1),
                "11-23 09:35",
            )),
        ),
        (
            "11-23 09:35",
            started(limit(
                LimitKind::FirstResponse,
                Span::Hours(3),
                "11-23 09:35",
            )),
        ),
        ("11-23 09:35", started(handle)),
        ("11-23 10:00", EventKind::SignedFor { assignment }),
        (
            "11-23 10:30",
            EventKind::ContactRecorded {
                assignment,
                contact: ContactRecord {
                    contacted_at: at("11-23 10:30"),
                    phone: words("13800001234"),
                    outcome: ContactOutcome::Reached,
                    note: words("约定下午现场查看"),
                },
            },
        ),
        (
            "11-24 09:00",
            EventKind::SentBack {
                assignment,
                reason: words("管道属小区产权"),
                basis: words("供水条例第十条"),
                suggestion: words("转住建局"),
            },
        ),
        (
            "11-24 15:00",
            EventKind::SendBackRuled {
                assignment,
                is_accepted: false,
                reason: words("属市政管道"),
            },
        ),
        (
            "11-25 09:00",
            EventKind::Urged {
                assignment,
                reason: words("诉求人再次来电"),
                method: words("电话"),
            },
        ),
        (
            "11-25 16:00",
            EventKind::ExtensionRequested {
                assignment,
                ask: ExtensionAsk::Complicated { days: 3 },
                reason: words("需开挖路面"),
                lane: ExtensionLane::General,
                proposed_due_at: longer.due_at,
            },
        ),
        (
            "11-25 17:00",
            EventKind::ExtensionReviewed {
                assignment,
                is_forwarded: true,
                reason: words("情况属实"),
            },
        ),
        (
            "11-26 10:00",
            EventKind::CityRuled {
                assignment,
                granted_until: Some(longer.due_at),
                document: words("市延〔2026〕8号"),
            },
        ),
        (
            "11-26 10:00",
            EventKind::LimitMoved {
                limit: longer,
                assignment: Some(FIRST),
                because: LimitMove::Extended,
            },
        ),
        (
            "11-26 11:00",
            EventKind::ExtensionExplained {
                assignment,
                explained: Explained::ToCaller {
                    explained_at: at("11-26 10:50"),
                    method: words("电话"),
                },
            },
        ),
        (
            "11-30 16:00",
            EventKind::ReplySubmitted {
                assignment,
                reply: Box::new(Reply {
                    text: words("已修复管道，恢复供水。"),
                    responsible_person: words("周某"),
                    feedback: Feedback::Given {
                        given_at: at("11-30 15:50"),
                        method: words("电话"),
                    },
                    cited_opinions: Vec::new(),
                }),
            },
        ),
        ("11-30 17:00", EventKind::ReplySigned { assignment }),
        ("11-30 17:00", EventKind::Completed),
        (
            "12-07 11:00",
            EventKind::Rated {
                assignment: Some(FIRST),
                rating: RatingRecord {
                    satisfaction: Satisfaction::Dissatisfied,
                    solved: Solved::Yes,
                    reason: Some(DissatisfactionReason::Slow),
                    note: words("等得太久"),
                    rated_at: at("12-07 11:00"),
                },
            },
        ),
        (
            "12-08 09:00",
            EventKind::ScreeningRequested {
                assignment,
                reason: words("依法延期"),
                late_reason: String::new(),
                evidence: vec![words("延期批复"), words("照片")],
            },
        ),
        (
            "12-08 15:00",
            EventKind::ScreeningReviewed {
                assignment,
                review: ScreeningReview::Forward,
                reason: words("材料齐全"),
            },
        ),
        (
            "12-10 09:00",
            EventKind::FinalClosureRequested {
                assignment,
                opinion: Box::new(ClosureOpinion {
                    facts: words("三次核查，供水正常"),
                    legal_basis: words("供水条例第十条"),
                    earlier_orders: vec![words("20260301-W01-0002")],
                    signed_by: words("吴局长"),
                    explanation: words("已上门解释"),
                }),
            },
        ),
        (
            "12-10 15:00",
            EventKind::FinalClosureReviewed {
                assignment,
                is_accepted: true,
                reason: words("要件齐全"),
            },
        ),
    ];
    events
        .into_iter()
        .map(|(when, kind)| Event {
            occurred_at: at(when),
            actor: ActorId(words("1001")),
            kind,
        })
        .collect()
}

/// What a form says, field by field, or the row of a list.
fn said(form: OrderForm, kind: MatterKind, caller: CallerShown) -> String {
    let events = story(kind);
    let order = fold(&events).unwrap();
    let rules = RuleSets::built_in();
    let seen = Seen {
        reference: &ReferenceTables::built_in().unwrap(),
        calendar: &WorkCalendar::built_in(),
        rules: rules.in_force_on(date_of(at("11-23 09:15"))),
        person: &|person| format!("陈晓梅 {}", person.0),
        order: &order,
        events: &events,
        assignment: order.assignment(FIRST).unwrap(),
        caller,
        now: at("12-11 09:00"),
    };
    let filled = fill(&form.kind().blank(), &values::of(&seen)).unwrap();
    let mut lines = vec![format!("{} {}", filled.title, filled.number)];
    for part in &filled.parts {
        match part {
            Part::Grid(rows) => {
                for row in rows {
                    let cells = row.cells.iter().map(|cell| cell.text.replace('\n', "/"));
                    lines.push(cells.collect::<Vec<_>>().join(" | "));
                }
            }
            Part::Table(table) => lines.extend(table.rows.iter().map(|row| row.join(" | "))),
            Part::Body(text) | Part::Note(text) => lines.push(text.clone()),
            Part::Chart { .. } | Part::Closing(_) => {}
        }
    }
    lines.join("\n") + "\n"
}

fn check(form: OrderForm, expected: &Expect) {
    expected.assert_eq(&said(form, MatterKind::Help, CallerShown::InPart));
}

#[test]
fn a_dispatch() {
    check(
        OrderForm::Dispatch,
        &expect![[r#"
            交办单 编号：20261123-W01-0001-1
            工单编号 | 20261123-W01-0001 | 受理时间 | 2026年11月23日 09:15
            诉求类型 | 求助 | 事项分类 | 未分类
            来源渠道 | 市中心转办，电话 | 上级编号 | DZ2026-0093
            诉求情况
            诉求人 | 王** | 联系电话 | 081****2345
            事发地点 | 渠江街道庆丰社区 营盘巷
            事发时间 | 11月21日（周六）起 | 诉求对象 | 王**所住小区的物业公司
            诉求标题 | 王**反映营盘巷停水
            诉求内容 | 家住营盘巷12号，停水两天，请回电138****1234。
            诉求目标 | 尽快恢复供水
            交办情况
            承办单位 | 县水务局 | 承办方式 | 承办
            协办单位 |  | 派单依据 | 按职责派单
            交办时间 | 2026年11月23日 09:20 | 送达时间 | 2026年11月23日 09:35
            交办意见 | 请核实处理
            签收期限 | 11月24日（周二）24:00 | 退回期限 | 11月24日（周二）24:00
            办结期限 | 12月1日（周二）24:00 | 事项等级 | 特殊
            办理要求 | 1. 接单后及时联系诉求人，办理后反馈结果，对办理结果负责（第六条（二））。/2. 不属本单位职责的，在退回期限前退回，写明理由、依据和转送建议；超期退回视为超期办理（第十一条（二））。/3. 不能按期办结的，在期限届满前申请延期并说明理由（第十一条（三））。/4. 答复由本单位审核人审核签名（第十八条）；不得泄露诉求人信息（第十七条）。
            交办人 |  | 签收人 | 
        "#]],
    );
}

#[test]
fn an_emergency_dispatch() {
    check(
        OrderForm::EmergencyDispatch,
        &expect![[r#"
            应急转办单 编号：20261123-W01-0001-1
            工单编号 | 20261123-W01-0001 | 受理时间 | 2026年11月23日 09:15
            诉求类型 | 求助 | 事项分类 | 未分类
            来源渠道 | 市中心转办，电话 | 上级编号 | DZ2026-0093
            诉求情况
            诉求人 | 王** | 联系电话 | 081****2345
            事发地点 | 渠江街道庆丰社区 营盘巷
            诉求标题 | 王**反映营盘巷停水
            诉求内容 | 家住营盘巷12号，停水两天，请回电138****1234。
            诉求目标 | 尽快恢复供水
            转办和报告
            承办单位 | 县水务局 | 事项等级 | 特殊
            转办时间 | 2026年11月23日 09:20 | 电话送达时间 | 2026年11月23日 09:35
            接听人 | 李值班 | 接听电话 | 0818-7000000
            交办意见 | 请核实处理
            属地政府 | 渠江街道 | 报告时间 | 2026年11月23日 09:18
            接报人 | 赵值守 | 报告方式 | 电话
            初步响应期限 | 11月23日（周一）12:35 | 进度报告期限 | 
            办结期限 | 12月1日（周二）24:00 | 签收期限 | 11月24日（周二）24:00
            办理要求 | 1. 特殊事项接单后3小时内初步响应、2个工作日内报告进度；特殊紧急事项2小时内初步响应、1个工作日内报告进度（第十一条（四））。/2. 时限按自然小时计算，不因夜间、节假日顺延。
            初步响应 | 
            转办人 |  | 值班长 | 
        "#]],
    );
}

#[test]
fn an_urging() {
    check(
        OrderForm::Urging,
        &expect![[r#"
            催办单 编号：20261123-W01-0001-1
            工单编号 | 20261123-W01-0001 | 受理时间 | 2026年11月23日 09:15
            诉求类型 | 求助 | 事项分类 | 未分类
            诉求标题 | 王**反映营盘巷停水
            诉求内容 | 家住营盘巷12号，停水两天，请回电138****1234。
            催办情况
            承办单位 | 县水务局 | 办理状态 | 已终结
            办结期限 | 12月1日（周二）24:00 | 剩余时间 | 已按时办结
            催办次数 | 第 1 次 | 催办时间 | 2026年11月25日 09:00
            催办人 | 陈晓梅 1001 | 催办方式 | 电话
            催办事由 | 诉求人再次来电
            承办单位回执
            办理进展 | 
            预计办结 | 
        "#]],
    );
}

#[test]
fn what_was_sent_back() {
    check(
        OrderForm::SendBack,
        &expect![[r#"
            退回单 编号：20261123-W01-0001-1
            工单编号 | 20261123-W01-0001 | 送达时间 | 2026年11月23日 09:35
            诉求类型 | 求助 | 事项分类 | 未分类
            诉求标题 | 王**反映营盘巷停水
            诉求内容 | 家住营盘巷12号，停水两天，请回电138****1234。
            退回申请
            退回单位 | 县水务局 | 承办方式 | 承办
            退回期限 | 11月24日（周二）24:00 | 提交时间 | 2026年11月24日 09:00
            是否超期 | 否 | 派单依据 | 按职责派单
            退回理由 | 管道属小区产权
            退回依据 | 供水条例第十条
            转送建议 | 转住建局
            单位负责人 | 
            县中心审核
            审核结果 | 驳回 | 审核时间 | 2026年11月24日 15:00
            审核意见 | 属市政管道
        "#]],
    );
}

#[test]
fn an_extension() {
    check(
        OrderForm::ExtensionRequest,
        &expect![[r#"
            延期申请单 编号：20261123-W01-0001-1
            工单编号 | 20261123-W01-0001 | 送达时间 | 2026年11月23日 09:35
            诉求类型 | 求助 | 事项分类 | 未分类
            诉求标题 | 王**反映营盘巷停水
            诉求内容 | 家住营盘巷12号，停水两天，请回电138****1234。
            延期申请
            申请单位 | 县水务局 | 申请时间 | 2026年11月25日 16:00
            原办结期限 | 11月26日（周四）24:00 | 申请延至 | 12月1日（周二）24:00
            延长天数 | 3 个工作日 | 申请类别 | 一般延期
            延期理由 | 需开挖路面
            单位负责人 | 
            审批
            县中心审核 | 同意报市：情况属实（陈晓梅 1001，2026年11月25日 17:00）
            市中心批准 | 同意延期至12月1日（周二）24:00。市延〔2026〕8号
            批准期限 | 12月1日（周二）24:00 | 审批结果 | 已批准
            向诉求人说明 | 2026年11月26日 10:50 以电话方式说明
        "#]],
    );
}

#[test]
fn a_screening() {
    check(
        OrderForm::ScreeningRequest,
        &expect![[r#"
            甄别申请表 编号：20261123-W01-0001-1
            工单编号 | 20261123-W01-0001 | 办结时间 | 2026年12月10日 15:00
            诉求标题 | 王**反映营盘巷停水
            答复内容 | 已修复管道，恢复供水。
            评价情况
            评价送达时间 | 2026年12月7日 11:00 | 满意度 | 不满意
            解决情况 | 已解决 | 不满意原因 | 办理慢
            评价说明 | 等得太久
            甄别申请
            申请单位 | 县水务局 | 提请时间 | 2026年12月8日 09:00
            原则期限 | 12月9日（周三）24:00 | 最迟期限 | 1月1日（周五）24:00
            申请理由 | 依法延期
            逾期说明 | 
            佐证材料 | 延期批复、照片
            单位负责人 | 
            审核和裁定
            县中心初审 | 报市：材料齐全（陈晓梅 1001，2026年12月8日 15:00）
            补充证据 | 
            市中心裁定 | 
        "#]],
    );
}

#[test]
fn a_final_closure() {
    check(
        OrderForm::ClosureOpinion,
        &expect![[r#"
            终结办理意见书 编号：20261123-W01-0001-1
            工单编号 | 20261123-W01-0001 | 诉求人 | 王**
            诉求类型 | 求助 | 事项分类 | 未分类
            诉求标题 | 王**反映营盘巷停水
            诉求内容 | 家住营盘巷12号，停水两天，请回电138****1234。
            终结意见
            承办单位 | 县水务局 | 提出时间 | 2026年12月10日 09:00
            调查事实 | 三次核查，供水正常
            法律依据 | 供水条例第十条
            1 | 20260301-W01-0002 |  |  | 
            向诉求人解释 | 已上门解释
            单位负责人 | 吴局长
            县中心要件审查
            审查结果 | 同意终结 | 审查时间 | 2026年12月10日 15:00
            审查意见 | 要件齐全
            终结后同一诉求人就同一事项再次提出、没有新事实和新理由的，不再受理（第八条（四））。
        "#]],
    );
}

#[test]
fn what_was_completed() {
    check(
        OrderForm::Completion,
        &expect![[r#"
            办结单 编号：20261123-W01-0001-1
            工单编号 | 20261123-W01-0001 | 受理时间 | 2026年11月23日 09:15
            诉求类型 | 求助 | 事项分类 | 未分类
            承办单位 | 县水务局 | 承办方式 | 承办
            送达时间 | 2026年11月23日 09:35 | 办结期限 | 12月1日（周二）24:00
            办结时间 | 2026年12月10日 15:00 | 是否按时 | 按时
            诉求标题 | 王**反映营盘巷停水
            诉求内容 | 家住营盘巷12号，停水两天，请回电138****1234。
            联系记录
            第 1 次 | 2026年11月23日 10:30 | 已联系上 | 约定下午现场查看
            办理结果
            答复内容 | 已修复管道，恢复供水。
            协办意见 | 
            反馈时间 | 2026年11月30日 15:50 | 反馈方式 | 电话
            责任人 | 周某 | 审核人 | 陈晓梅 1001
            延期情况 | 已延期 1 次，至12月1日（周二）24:00
            单位审核 | 
        "#]],
    );
}

#[test]
fn of_a_sealed_order_no_form_says_who_calls() {
    for form in OrderForm::ALL {
        let said = said(form, MatterKind::Report, CallerShown::Sealed);
        for hidden in ["王建国", "13800001234", "08187212345", "营盘巷12号"] {
            assert!(!said.contains(hidden), "{form:?} says {hidden}: {said}");
        }
    }
    let said = said(OrderForm::Dispatch, MatterKind::Help, CallerShown::Whole);
    assert!(
        said.contains("王建国") && said.contains("08187212345"),
        "{said}"
    );
}
