//! 填单: what each field of the forms says of an order and of one unit's part in it.

use chrono::{DateTime, Utc};
use documents::form::Values;
use domain::calendar::WorkCalendar;
use domain::extension::ExtensionAsk;
use domain::rule_set::RuleSet;
use domain::screening::ScreeningLimits;
use domain::time_limit::{LimitKind, LimitState};
use domain::work_order::{Assignment, Event, Explained, ExtensionCase, ExtensionStage, Feedback};
use domain::{ActorId, WorkOrder};
use wording::mask;

use crate::reference::ReferenceTables;
use crate::{text, time_text};

/// How much of the caller a form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallerShown {
    Whole,
    /// 王**, 138****0018.
    InPart,
    /// 保密.
    Sealed,
}

/// What a form is filled in from.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) reference: &'a ReferenceTables,
    pub(super) calendar: &'a WorkCalendar,
    /// 规则集 that the order is pinned to.
    pub(super) rules: &'a RuleSet,
    /// 陈晓梅 1001.
    pub(super) person: &'a dyn Fn(&ActorId) -> String,
    pub(super) order: &'a WorkOrder,
    pub(super) events: &'a [Event],
    pub(super) assignment: &'a Assignment,
    pub(super) caller: CallerShown,
    pub(super) now: DateTime<Utc>,
}

/// Every field of every form about one order.
pub(super) fn of(seen: &Seen<'_>) -> Values {
    let mut values = Values::default();
    the_order(seen, &mut values);
    the_dispatch(seen, &mut values);
    the_limits(seen, &mut values);
    the_telephone(seen, &mut values);
    the_urging(seen, &mut values);
    the_send_back(seen, &mut values);
    the_extension(seen, &mut values);
    the_screening(seen, &mut values);
    the_closure(seen, &mut values);
    the_result(seen, &mut values);
    values
}

fn or_empty(at: Option<DateTime<Utc>>) -> String {
    at.map(time_text::dated).unwrap_or_default()
}

impl Seen<'_> {
    /// A text that people wrote, without what says who calls as far as that is hidden.
    fn told(&self, text: &str) -> String {
        let caller = &self.order.matter.caller;
        match self.caller {
            CallerShown::Whole => text.to_owned(),
            CallerShown::InPart => {
                let name = caller.name.trim();
                if name.chars().count() > 1 {
                    mask::masked_in_text(&text.replace(name, &mask::masked_name(name)))
                } else {
                    mask::masked_in_text(text)
                }
            }
            CallerShown::Sealed => {
                let known = [
                    &caller.name,
                    &caller.phone,
                    &caller.contact_phone,
                    &caller.address,
                ];
                let known = known.into_iter().filter(|it| it.chars().count() > 1);
                let hidden = known.fold(text.to_owned(), |text, it| text.replace(it, "＊＊"));
                mask::masked_in_text(&hidden)
            }
        }
    }

    fn unit(&self) -> String {
        let unit = &self.assignment.unit;
        self.reference.unit_name(unit).to_owned()
    }

    fn due(&self, kind: LimitKind) -> String {
        let limit = self.assignment.limit(kind);
        limit.map_or_else(String::new, |(limit, _)| time_text::deadline(limit.due_at))
    }
}

fn the_order(seen: &Seen<'_>, values: &mut Values) {
    let order = seen.order;
    let matter = &order.matter;
    let reference = seen.reference;
    values.set(
        "编号",
        format!("{}-{}", order.number, seen.assignment.number.0),
    );
    values.set("工单编号", &*order.number);
    values.set("受理时间", time_text::dated(order.registered_at));
    values.set("诉求类型", text::kind(matter.kind));
    values.set("事项等级", text::class(matter.class));
    let category = reference.category_text(&matter.category_id);
    values.set(
        "事项分类",
        if category.is_empty() {
            "未分类"
        } else {
            category
        },
    );
    let source = if matter.origin.is_own() {
        text::channel(matter.channel).to_owned()
    } else {
        format!(
            "{}，{}",
            text::source(matter.origin.source),
            text::channel(matter.channel)
        )
    };
    values.set("来源渠道", source);
    values.set("上级编号", &*matter.origin.upstream_number);
    let caller = &matter.caller;
    let phone = if caller.contact_phone.is_empty() {
        &caller.phone
    } else {
        &caller.contact_phone
    };
    let name = caller.name.trim();
    let (name, phone) = match seen.caller {
        CallerShown::Sealed => ("保密".to_owned(), "由县中心中转联系".to_owned()),
        CallerShown::InPart => (mask::masked_name(name), mask::masked(phone)),
        CallerShown::Whole => (name.to_owned(), phone.clone()),
    };
    let name = if name.is_empty() {
        "未留姓名".to_owned()
    } else {
        name
    };
    values.set("诉求人", name);
    values.set("联系电话", phone);
    values.set("事发地点", seen.told(&reference.place_text(&matter.place)));
    values.set("事发时间", seen.told(&matter.happened));
    values.set("诉求对象", seen.told(&matter.about));
    values.set("诉求标题", seen.told(&matter.title));
    let mut said = seen.told(&matter.text);
    for supplement in &order.supplements {
        said.push_str("\n补充：");
        said.push_str(&seen.told(supplement));
    }
    values.set("诉求内容", said);
    values.set("诉求目标", seen.told(&matter.wants));
}

fn the_dispatch(seen: &Seen<'_>, values: &mut Values) {
    let assignment = seen.assignment;
    let others = seen
        .order
        .assignments
        .iter()
        .filter(|it| it.number != assignment.number && it.number >= seen.order.round_from);
    let others: Vec<String> = others
        .map(|it| {
            let unit = seen.reference.unit_name(&it.unit);
            format!("{unit}（{}）", text::part(it.part))
        })
        .collect();
    for field in ["承办单位", "退回单位", "申请单位"] {
        values.set(field, seen.unit());
    }
    values.set("承办方式", text::part(assignment.part));
    values.set("协办单位", others.join("、"));
    values.set("派单依据", text::dispatch_ground(&assignment.ground));
    values.set("交办时间", time_text::dated(assignment.dispatched_at));
    values.set("转办时间", time_text::dated(assignment.dispatched_at));
    values.set("送达时间", or_empty(assignment.delivered_at));
    values.set("交办意见", seen.told(&assignment.opinion));
    values.set("办理状态", text::assignment_stage(assignment.stage));
}

fn the_limits(seen: &Seen<'_>, values: &mut Values) {
    for (field, kind) in [
        ("签收期限", LimitKind::SignFor),
        ("退回期限", LimitKind::SendBack),
        ("办结期限", LimitKind::Handle),
        ("初步响应期限", LimitKind::FirstResponse),
        ("进度报告期限", LimitKind::Progress),
    ] {
        let due = seen.due(kind);
        let is_yet_to_start = due.is_empty() && seen.assignment.delivered_at.is_none();
        values.set(
            field,
            if is_yet_to_start {
                "自送达起算".to_owned()
            } else {
                due
            },
        );
    }
    let handle = seen.assignment.limit(LimitKind::Handle);
    let left = handle.map(|(limit, state)| match state {
        LimitState::Running if limit.is_suspended() => "暂停计时中".to_owned(),
        LimitState::Running => time_text::left(seen.now, limit.due_at),
        LimitState::Met { .. } => "已按时办结".to_owned(),
        LimitState::MetLate { .. } => "已超期办结".to_owned(),
        LimitState::Lifted { .. } => "不再适用".to_owned(),
    });
    values.set("剩余时间", left.unwrap_or_default());
    let on_time = handle.map(|(limit, state)| match state {
        LimitState::Met { .. } => "按时",
        LimitState::MetLate { .. } => "超期",
        LimitState::Running if limit.is_overdue_at(seen.now) => "超期",
        LimitState::Running => "未到期",
        LimitState::Lifted { .. } => "不再适用",
    });
    values.set("是否按时", on_time.unwrap_or_default());
}

fn the_telephone(seen: &Seen<'_>, values: &mut Values) {
    let (answered_by, phone) = seen.answered().unwrap_or_default();
    let by_telephone = !answered_by.is_empty();
    let delivered = seen.assignment.delivered_at.filter(|_| by_telephone);
    values.set("电话送达时间", or_empty(delivered));
    values.set("接听人", answered_by);
    values.set("接听电话", phone);
    let report = seen.order.township_reports.last();
    let township = report.map(|report| seen.reference.unit_name(&report.township));
    values.set("属地政府", township.unwrap_or_default());
    values.set(
        "报告时间",
        or_empty(report.map(|report| report.reported_at)),
    );
    let said = |of: fn(&domain::work_order::TownshipReport) -> &String| {
        report.map(|report| of(report).clone()).unwrap_or_default()
    };
    values.set("接报人", said(|report| &report.answered_by));
    values.set("报告方式", said(|report| &report.method));
}

fn the_urging(seen: &Seen<'_>, values: &mut Values) {
    let urging = seen.urging();
    let (reason, method, at, by) = match &urging {
        Some((reason, method, at, by)) => {
            let by = (seen.person)(by);
            (reason.as_str(), method.as_str(), Some(*at), by)
        }
        None => ("", "", None, String::new()),
    };
    values.set("催办次数", format!("第 {} 次", seen.assignment.n_urges));
    values.set("催办时间", or_empty(at));
    values.set("催办人", by);
    values.set("催办方式", method);
    values.set("催办事由", seen.told(reason));
    values.set("办理进展", "");
    values.set("预计办结", "");
}

fn the_send_back(seen: &Seen<'_>, values: &mut Values) {
    let send_back = seen.assignment.send_back.as_ref();
    let limit = seen.assignment.limit(LimitKind::SendBack);
    let is_late = send_back
        .zip(limit)
        .map(|(send_back, (limit, _))| limit.is_overdue_at(send_back.sent_back_at));
    let is_late = is_late.map(|is_late| {
        if is_late {
            "是，视为超期办理"
        } else {
            "否"
        }
    });
    values.set("提交时间", or_empty(send_back.map(|it| it.sent_back_at)));
    values.set("是否超期", is_late.unwrap_or_default());
    let said = |of: fn(&domain::work_order::SendBack) -> &String| {
        send_back.map(|it| seen.told(of(it))).unwrap_or_default()
    };
    values.set("退回理由", said(|it| &it.reason));
    values.set("退回依据", said(|it| &it.basis));
    values.set("转送建议", said(|it| &it.suggestion));
    values.set("单位负责人", "");
    let ruling = send_back.and_then(|it| it.ruling.as_ref());
    let result = ruling.map(|it| {
        if it.is_accepted {
            "同意退回"
        } else {
            "驳回"
        }
    });
    values.set("审核结果", result.unwrap_or_default());
    values.set("审核时间", or_empty(ruling.map(|it| it.ruled_at)));
    values.set(
        "审核意见",
        ruling.map(|it| it.reason.clone()).unwrap_or_default(),
    );
}

fn the_extension(seen: &Seen<'_>, values: &mut Values) {
    let case = seen.assignment.extension.as_ref();
    let original = seen.due_without_extension().map(time_text::deadline);
    values.set("原办结期限", original.unwrap_or_default());
    values.set("申请时间", or_empty(case.map(|it| it.requested_at)));
    let proposed = case.map(|it| time_text::deadline(it.proposed_due_at));
    values.set("申请延至", proposed.unwrap_or_default());
    values.set("延长天数", case.map(days_text).unwrap_or_default());
    values.set(
        "申请类别",
        case.map(|it| text::extension_lane(it.lane))
            .unwrap_or_default(),
    );
    values.set(
        "延期理由",
        case.map(|it| seen.told(&it.reason)).unwrap_or_default(),
    );
    values.set("县审意见", seen.county_on_extension());
    values.set("市批意见", seen.city_on_extension());
    let result = case.map(|it| match it.stage {
        ExtensionStage::CountyReview => "待县审",
        ExtensionStage::CityRuling => "待市批",
        ExtensionStage::Granted => "已批准",
        ExtensionStage::DeniedByCounty => "县审不予上报",
        ExtensionStage::DeniedByCity => "市不同意",
        ExtensionStage::Lapsed => "已失效",
    });
    values.set("审批结果", result.unwrap_or_default());
    let is_granted = case.is_some_and(|it| it.stage == ExtensionStage::Granted);
    let granted = if is_granted {
        seen.due(LimitKind::Handle)
    } else {
        String::new()
    };
    values.set("批准期限", &*granted);
    let explained = case
        .and_then(|it| it.explained.as_ref())
        .map(|it| match it {
            Explained::ToCaller {
                explained_at,
                method,
            } => format!("{} 以{method}方式说明", time_text::dated(*explained_at)),
            Explained::NotPossible { reason } => format!("未说明：{reason}"),
        });
    values.set("向诉求人说明", explained.unwrap_or_default());
    let told = match seen.assignment.n_extensions_granted {
        0 => "无".to_owned(),
        n => format!("已延期 {n} 次，至{}", seen.due(LimitKind::Handle)),
    };
    values.set("延期情况", told);
}

fn days_text(case: &ExtensionCase) -> String {
    match &case.ask {
        ExtensionAsk::Complicated { days } | ExtensionAsk::Grave { days, .. } => {
            format!("{days} 个工作日")
        }
        ExtensionAsk::Statutory { law, .. } => format!("法定期限：{law}"),
    }
}

fn the_screening(seen: &Seen<'_>, values: &mut Values) {
    let rating = seen.assignment.rating.as_ref();
    values.set(
        "评价送达时间",
        or_empty(seen.assignment.rating_delivered_at),
    );
    values.set(
        "满意度",
        rating
            .map(|it| text::satisfaction(it.satisfaction))
            .unwrap_or_default(),
    );
    values.set(
        "解决情况",
        rating.map(|it| text::solved(it.solved)).unwrap_or_default(),
    );
    let reason = rating
        .and_then(|it| it.reason)
        .map(text::dissatisfaction_reason);
    values.set("不满意原因", reason.unwrap_or_default());
    values.set(
        "评价说明",
        rating.map(|it| seen.told(&it.note)).unwrap_or_default(),
    );
    let assignment = seen.assignment;
    let limits = rating.map(|it| assignment.screening_limits(it, seen.calendar, seen.rules));
    let due = |of: fn(ScreeningLimits) -> DateTime<Utc>| {
        limits
            .map(|limits| time_text::deadline(of(limits)))
            .unwrap_or_default()
    };
    values.set("原则期限", due(|limits| limits.principle_due_at));
    values.set("最迟期限", due(|limits| limits.cut_off_at));
    let screening = seen.assignment.screening.as_ref();
    let reason = screening.map(|it| seen.told(&it.reason));
    values.set("申请理由", reason.unwrap_or_default());
    values.set(
        "逾期说明",
        screening
            .map(|it| it.late_reason.clone())
            .unwrap_or_default(),
    );
    values.set(
        "佐证材料",
        screening
            .map(|it| it.evidence.join("、"))
            .unwrap_or_default(),
    );
    values.set("提请时间", or_empty(screening.map(|it| it.requested_at)));
    values.set("初审意见", seen.county_on_screening());
    values.set("补充证据", seen.evidence_supplied());
    values.set("市裁定", seen.city_on_screening());
}

fn the_closure(seen: &Seen<'_>, values: &mut Values) {
    let opinion = seen.assignment.closure_opinion.as_ref();
    let said = |of: fn(&domain::work_order::ClosureOpinion) -> &String| {
        opinion.map(|it| seen.told(of(it))).unwrap_or_default()
    };
    values.set("提出时间", or_empty(seen.assignment.closure_requested_at));
    values.set("调查事实", said(|it| &it.facts));
    values.set("法律依据", said(|it| &it.legal_basis));
    values.set("向诉求人解释", said(|it| &it.explanation));
    if let Some(opinion) = opinion {
        values.set("单位负责人", &*opinion.signed_by);
    }
    values.list("历次办理");
    let earlier = opinion.into_iter().flat_map(|it| &it.earlier_orders);
    for (n, number) in (1..).zip(earlier) {
        let n: u32 = n;
        values.push(
            "历次办理",
            &[
                ("序号", n.to_string()),
                ("工单编号", number.clone()),
                ("受理时间", String::new()),
                ("承办单位", String::new()),
                ("办理结果", String::new()),
            ],
        );
    }
    let review = seen.closure_review();
    let (result, at, reason) = match review {
        Some((result, at, reason)) => (result, Some(at), reason),
        None => ("", None, String::new()),
    };
    values.set("审查结果", result);
    values.set("审查时间", or_empty(at));
    values.set("审查意见", reason);
}

fn the_result(seen: &Seen<'_>, values: &mut Values) {
    let assignment = seen.assignment;
    values.set("办结时间", or_empty(assignment.completed_at));
    let reply = assignment.reply.as_ref();
    values.set(
        "答复内容",
        reply.map(|it| seen.told(&it.text)).unwrap_or_default(),
    );
    values.set(
        "责任人",
        reply
            .map(|it| it.responsible_person.clone())
            .unwrap_or_default(),
    );
    let signed_by = assignment.signed_by.as_ref();
    values.set(
        "审核人",
        signed_by.map(|it| (seen.person)(it)).unwrap_or_default(),
    );
    let (at, method) = match reply.map(|it| &it.feedback) {
        Some(Feedback::Given { given_at, method }) => (Some(*given_at), method.clone()),
        Some(Feedback::CallerNotReached) => (None, "多次联系未果".to_owned()),
        None => (None, String::new()),
    };
    values.set("反馈时间", or_empty(at));
    values.set("反馈方式", method);
    let opinions = seen.order.assignments.iter().filter_map(|it| {
        let unit = seen.reference.unit_name(&it.unit);
        let opinion = it.assisting_opinion.as_ref()?;
        Some(format!("{unit}：{}", seen.told(opinion)))
    });
    let opinions: Vec<String> = opinions.collect();
    values.set("协办意见", opinions.join("\n"));
    values.list("联系记录");
    for (n, contact) in (1..).zip(&assignment.contacts) {
        let n: u32 = n;
        values.push(
            "联系记录",
            &[
                ("序号", format!("第 {n} 次")),
                ("时间", time_text::dated(contact.contacted_at)),
                ("结果", text::contact_outcome(contact.outcome).to_owned()),
                ("说明", seen.told(&contact.note)),
            ],
        );
    }
}
