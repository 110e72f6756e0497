//! 待答复: what an order waits for, with what was asked beside what it has to be weighed against.

use chrono::{DateTime, Utc};
use desk_store::{OrderWait, Reader};
use domain::calendar::WorkCalendar;
use domain::extension::{ExtensionAsk, advised_by};
use domain::repeat::{EarlierOrderFinding, check_earlier_order};
use domain::rule_set::RuleSet;
use domain::time_limit::LimitKind;
use domain::work_order::{
    Assignment, ClosureOpinion, CommandKind, ExtensionCase, Screening, SendBack, Wait, WaitKind,
    send_back_review_target,
};
use domain::{Facts, WorkOrder};
use serde::Serialize;
use ts_rs::TS;
use wording::attachment;

use crate::desk::Desk;
use crate::{text, time_text};

/// One field of what was asked, or of what stands against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct SaidLine {
    pub label: String,
    pub text: String,
    /// Does not agree with what was said: the reviewer looks twice.
    pub is_doubtful: bool,
}

/// One word that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WaitView {
    #[ts(type = "WaitKind")]
    pub kind: WaitKind,
    /// 延期待县审.
    pub text: String,
    /// Whose request it is; empty for what the center itself asked.
    pub unit: String,
    /// 11月24日（周二）10:00起，1 天 2 小时前.
    pub since_text: String,
    /// By when it should be answered; empty where nothing says so.
    pub target_text: String,
    /// The command that answers it.
    #[ts(type = "CommandKind")]
    pub command: CommandKind,
    /// 承办序号 that the answer is for.
    pub assignment: Option<u32>,
    /// 申请: what was asked, with its arguments and evidence.
    pub asked: Vec<SaidLine>,
    /// 对照: what it has to be weighed against.
    pub against: Vec<SaidLine>,
}

/// 延期待县审 1 天 2 小时前, for a row.
pub(crate) fn wait_marks(waits: &[OrderWait], now: DateTime<Utc>) -> String {
    let mark = |wait: &OrderWait| {
        let ago = time_text::ago(now, wait.since);
        format!("{} {ago}", text::wait(wait.kind))
    };
    let marks: Vec<_> = waits.iter().map(mark).collect();
    marks.join("、")
}

/// 待答复 of an order, each with both sides.
pub(crate) fn wait_views(
    desk: &Desk,
    reader: &Reader,
    order: &WorkOrder,
    facts: &Facts<'_>,
) -> anyhow::Result<Vec<WaitView>> {
    let mut views = Vec::new();
    for wait in order.waits() {
        let assignment = wait.assignment.and_then(|number| order.assignment(number));
        let Sides { asked, against } = sides(desk, reader, order, (wait, assignment), facts)?;
        let target = target(order, (wait, assignment), facts);
        views.push(WaitView {
            kind: wait.kind,
            text: text::wait(wait.kind).to_owned(),
            unit: assignment.map_or_else(String::new, |it| {
                desk.reference.unit_name(&it.unit).to_owned()
            }),
            since_text: format!(
                "{}起，{}",
                time_text::moment(wait.since),
                time_text::ago(facts.now, wait.since)
            ),
            target_text: target.map_or_else(String::new, |at| {
                format!("应在 {}前答复", time_text::deadline(at))
            }),
            command: wait.kind.answered_by(),
            assignment: wait.assignment.map(|number| number.0),
            asked,
            against,
        });
    }
    Ok(views)
}

#[derive(Default)]
struct Sides {
    asked: Vec<SaidLine>,
    against: Vec<SaidLine>,
}

fn said(label: &str, text: impl Into<String>) -> Option<SaidLine> {
    let text = text.into();
    (!text.is_empty()).then(|| SaidLine {
        label: label.to_owned(),
        text,
        is_doubtful: false,
    })
}

/// By when the answer is owed: by a limit of its own, or by what the house aims at.
fn target(
    order: &WorkOrder,
    (wait, assignment): (Wait, Option<&Assignment>),
    facts: &Facts<'_>,
) -> Option<DateTime<Utc>> {
    let running = |kind| {
        let limit = assignment?.running_limit(kind)?;
        Some(limit.due_at)
    };
    match wait.kind {
        WaitKind::SendBackReview => {
            let rules = facts.rule_set_of(order);
            send_back_review_target(wait.since, facts.calendar, rules)
        }
        WaitKind::ScreeningReview => running(LimitKind::ScreeningReview),
        WaitKind::Evidence => running(LimitKind::Evidence),
        // The unit's own limit goes on while nobody answers (决定 I-9).
        WaitKind::ExtensionReview | WaitKind::ExtensionRuling => running(LimitKind::Handle),
        WaitKind::Verification => order
            .limit(LimitKind::Verification)
            .map(|(limit, _)| limit.due_at),
        WaitKind::ClosureReview
        | WaitKind::ScreeningRuling
        | WaitKind::Designation
        | WaitKind::KindChange => None,
    }
}

fn sides(
    desk: &Desk,
    reader: &Reader,
    order: &WorkOrder,
    (wait, assignment): (Wait, Option<&Assignment>),
    facts: &Facts<'_>,
) -> anyhow::Result<Sides> {
    let Some(assignment) = assignment else {
        return Ok(of_order(desk, order, wait.kind));
    };
    Ok(match wait.kind {
        WaitKind::SendBackReview => {
            let send_back = assignment.send_back.as_ref();
            send_back.map_or_else(Sides::default, |it| sent_back(order, assignment, it))
        }
        WaitKind::ExtensionReview | WaitKind::ExtensionRuling => {
            let case = assignment.extension.as_ref();
            case.map_or_else(Sides::default, |case| {
                extension(assignment, case, facts.calendar, facts.rule_set_of(order))
            })
        }
        WaitKind::ClosureReview => match &assignment.closure_opinion {
            Some(opinion) => closure(reader, order, opinion, facts)?,
            None => Sides::default(),
        },
        WaitKind::ScreeningReview | WaitKind::Evidence | WaitKind::ScreeningRuling => {
            let screening = assignment.screening.as_ref();
            screening.map_or_else(Sides::default, |it| screened(assignment, it))
        }
        WaitKind::Designation | WaitKind::Verification | WaitKind::KindChange => Sides::default(),
    })
}

/// All other waits are about a unit.
fn of_order(desk: &Desk, order: &WorkOrder, kind: WaitKind) -> Sides {
    let lines = |lines: Vec<Option<SaidLine>>| lines.into_iter().flatten().collect();
    match (
        kind,
        &order.verification,
        &order.coordination,
        &order.kind_change,
    ) {
        (WaitKind::Verification, Some(verification), _, _) => Sides {
            asked: lines(vec![
                said("被询", &verification.asked),
                said("核实事项", &verification.question),
            ]),
            against: Vec::new(),
        },
        (WaitKind::Designation, _, Some(coordination), _) => {
            let units = coordination.units.iter();
            let units: Vec<_> = units.map(|it| desk.reference.unit_name(it)).collect();
            Sides {
                asked: lines(vec![
                    said("事由", &coordination.reason),
                    said("涉及单位", units.join("、")),
                ]),
                against: Vec::new(),
            }
        }
        (WaitKind::KindChange, _, _, Some(change)) => Sides {
            asked: lines(vec![
                said("改为", text::kind(change.kind)),
                said("理由", &change.reason),
                said("申请人", desk.person_text(&change.requested_by)),
            ]),
            against: lines(vec![
                said("现类型", text::kind(order.matter.kind)),
                said("诉求", &order.matter.text),
            ]),
        },
        _ => Sides::default(),
    }
}

fn sent_back(order: &WorkOrder, assignment: &Assignment, send_back: &SendBack) -> Sides {
    Sides {
        asked: [
            said("理由", &send_back.reason),
            said("依据", &send_back.basis),
            said("转送建议", &send_back.suggestion),
        ]
        .into_iter()
        .flatten()
        .collect(),
        against: [
            said("派单依据", text::dispatch_ground(&assignment.ground)),
            said("转办意见", &assignment.opinion),
            said("退回", format!("本单第 {} 次", order.n_send_backs())),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

fn extension(
    assignment: &Assignment,
    case: &ExtensionCase,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> Sides {
    let (asked, statement) = match &case.ask {
        ExtensionAsk::Complicated { days } => (format!("延 {days} 个工作日"), ""),
        ExtensionAsk::Grave {
            days,
            supervisor_statement,
        } => (format!("延 {days} 个工作日"), supervisor_statement.as_str()),
        ExtensionAsk::Statutory { last_day, law } => {
            (format!("按{law}到{}", time_text::date(*last_day)), "")
        }
    };
    let limit = assignment.limit(LimitKind::Handle);
    let n_granted = assignment.n_extensions_granted;
    let lane = text::extension_lane(case.lane);
    let is_waiting = case.stage.is_pending();
    let advised = limit
        .map(|(limit, _)| advised_by(limit, calendar, rule_set))
        .filter(|advised| is_waiting && case.requested_at > *advised);
    Sides {
        asked: [
            said("申请", format!("{lane}，{asked}")),
            said("理由", &case.reason),
            said("监督员说明", statement),
        ]
        .into_iter()
        .flatten()
        .collect(),
        against: [
            limit.and_then(|(limit, _)| said("现期限", time_text::deadline(limit.due_at))),
            advised.and_then(|advised| {
                let advised = time_text::deadline(advised);
                said(
                    "提交偏晚",
                    format!("建议 {advised} 前提交，市里可能来不及在现期限前批复"),
                )
            }),
            said("拟延至", time_text::deadline(case.proposed_due_at)),
            said("依据", case.lane.article()),
            said("已延", format!("{n_granted} 次")),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

fn screened(assignment: &Assignment, screening: &Screening) -> Sides {
    let names: Vec<&str> = screening
        .evidence
        .iter()
        .map(|it| attachment::read(it).0)
        .collect();
    let rating = assignment.rating.as_ref();
    let rated = rating.map_or_else(String::new, |rating| {
        let reason = rating.reason.map_or_else(String::new, |reason| {
            format!("，{}", text::dissatisfaction_reason(reason))
        });
        format!(
            "{}，{}{reason}（{}）",
            text::satisfaction(rating.satisfaction),
            text::solved(rating.solved),
            time_text::moment(rating.rated_at)
        )
    });
    let reply = assignment.reply.as_ref();
    Sides {
        asked: [
            said("理由", &screening.reason),
            said("迟交原因", &screening.late_reason),
            said(
                "材料",
                if names.is_empty() {
                    "没有提交".to_owned()
                } else {
                    names.join("、")
                },
            ),
        ]
        .into_iter()
        .flatten()
        .collect(),
        against: [
            said("评价", rated),
            rating.and_then(|rating| said("回访所记", &rating.note)),
            reply.and_then(|reply| said("答复", &reply.text)),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// 历次工单 are looked up, and what does not agree is marked (决定 I-13).
fn closure(
    reader: &Reader,
    order: &WorkOrder,
    opinion: &ClosureOpinion,
    facts: &Facts<'_>,
) -> anyhow::Result<Sides> {
    let mut against = Vec::new();
    let mut n_agreeing = 1;
    for number in &opinion.earlier_orders {
        let ids = reader.work_orders_numbered(number)?;
        let earlier = match ids.as_slice() {
            [id] => reader.load_work_order(id)?,
            _ => None,
        };
        let finding = check_earlier_order(order, earlier.as_ref());
        let agrees = finding == EarlierOrderFinding::Agrees;
        n_agreeing += u32::from(agrees);
        let shown = earlier.map_or_else(String::new, |earlier| {
            format!(
                "：{}（{}，{}登记）",
                earlier.matter.title,
                text::stage(earlier.stage),
                time_text::moment(earlier.registered_at)
            )
        });
        against.push(SaidLine {
            label: number.clone(),
            text: format!("{}{shown}", text::earlier_order_finding(finding)),
            is_doubtful: !agrees,
        });
    }
    let n_needed = facts.rule_set_of(order).final_closure_min_count;
    against.push(SaidLine {
        label: "核对".to_owned(),
        text: format!("连本单相符 {n_agreeing} 次，须满 {n_needed} 次"),
        is_doubtful: n_agreeing < n_needed,
    });
    let asked = [
        said("调查事实", &opinion.facts),
        said("法律依据", &opinion.legal_basis),
        said("解释记录", &opinion.explanation),
        said("签名", &opinion.signed_by),
    ];
    Ok(Sides {
        asked: asked.into_iter().flatten().collect(),
        against,
    })
}
