//! 工单: lists, one order with its story, and what may be done with it now.

use chrono::{DateTime, Utc};
use desk_store::{Cursor, OrderFilter, Reveal, StoredEvent, WorkOrderRecord};
use domain::calendar::WorkCalendar;
use domain::clock_face::date_of;
use domain::matter::Source;
use domain::reveal::RevealPurpose;
use domain::rule_set::RuleSet;
use domain::time_limit::{LimitKind, TimeLimit};
use domain::upstream::MonthEndPrinciple;
use domain::work_order::{
    AssignmentStage, CommandKind, Conclusion, Facts, Part, commands_at, dispatch_limit, fold,
    limits_from_delivery, send_back_review_target,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::QueryCode;
use wording::mask;

use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::handling::{AssignmentChoice, Choices, WaitView, wait_marks, wait_views};
use crate::limit::{self, LimitPreview, LimitView, Urgency};
use crate::reveal_request::{self, RevealState};
use crate::sight::{self, Sight};
use crate::story::{Line, Teller};
use crate::{text, time_text};

mod put_away;
mod queue;

pub use queue::{QueueCount, QueueName};

pub(crate) use put_away::bring_back;
pub(crate) use queue::queues;

/// The most rows of one page.
const PAGE_MAX_ROWS: u32 = 200;
/// The orders of a caller that are shown.
const HISTORY_MAX_ROWS: u32 = 20;
/// The longest search text that is looked at, in characters.
const SEARCH_MAX_CHARS: usize = 100;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkOrderList {
    pub queue: QueueName,
    pub search: String,
    /// Where the page before ended.
    pub after: Option<String>,
    pub limit: u32,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkOrderRow {
    pub id: String,
    pub number: String,
    pub title: String,
    pub kind_text: String,
    #[ts(type = "MatterClass")]
    pub class: domain::matter::MatterClass,
    pub class_text: String,
    pub category_text: String,
    pub caller_text: String,
    pub phone_masked: String,
    pub place_text: String,
    #[ts(type = "Stage")]
    pub stage: domain::work_order::Stage,
    pub stage_text: String,
    pub unit: String,
    pub registered_at: i64,
    pub registered_text: String,
    /// The limit that is over and that somebody is held to; else the one that is over next.
    pub limit_name: String,
    pub due_at: Option<i64>,
    pub due_text: String,
    pub left_text: String,
    pub urgency: Urgency,
    /// 办理还剩 5 小时: the limit that comes next, where another is over; empty for none.
    pub next_text: String,
    /// 延期待县审 1 天 2 小时前: what is waited for, and since when; empty for nothing.
    pub waits_text: String,
    pub is_confidential: bool,
    /// Stored here, not yet at the center.
    pub is_waiting: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkOrderRows {
    pub rows: Vec<WorkOrderRow>,
    pub total: u64,
    pub next: Option<String>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkOrderId {
    pub id: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct StoryEntry {
    pub at: i64,
    pub at_text: String,
    pub title: String,
    pub detail: String,
    pub actor: String,
    pub is_waiting: bool,
}

/// A command, and why it may not be given now.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CommandState {
    #[ts(type = "CommandKind")]
    pub command: CommandKind,
    pub text: String,
    /// Null when it may be given.
    pub refusal: Option<String>,
    /// The units it may be given for, where it is about one of them.
    pub assignments: Vec<AssignmentChoice>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkOrderDetail {
    pub row: WorkOrderRow,
    /// 查询码, as it is read out: 1234 5678.
    pub query_code: String,
    pub version: u32,
    pub text: String,
    /// 事发时间, as it was told; empty where nobody said when.
    pub happened: String,
    /// 诉求对象; empty where nobody said.
    pub about: String,
    pub wants: String,
    /// Empty when not classified yet.
    pub category_id: String,
    pub channel_text: String,
    pub wants_call_back: bool,
    /// 属地: where it happened; empty when not known.
    pub township_code: String,
    /// Whether the township must be told before a dispatch, and has not been (第十一条(四)).
    pub wants_township_report: bool,
    pub answer: String,
    pub answer_article_id: Option<String>,
    pub limits: Vec<LimitView>,
    /// 自我透露: where a report, or what is to be kept secret, may tell who brought it; a unit that is
    /// given it reads the same.
    pub identifies: Vec<String>,
    /// What waits for the center now, and by when it means to have ruled; empty for nothing.
    pub waits_text: String,
    /// 显示号码: whether it takes two persons, and how far they are.
    pub reveal: RevealState,
    /// 已移出本机: what was said is at the center alone; empty when it is here. Says how the last try ended.
    pub put_away_text: String,
    /// 待答复, each with what was asked and what it is weighed against.
    pub waits: Vec<WaitView>,
    /// 关联、并入 with these orders, by number.
    pub linked_text: String,
    pub story: Vec<StoryEntry>,
    pub commands: Vec<CommandState>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct RevealPhone {
    pub id: String,
    /// Null while none is chosen, which is refused; where another person has granted it, that says what for.
    #[ts(type = "RevealPurpose | null")]
    #[serde(default)]
    pub purpose: Option<RevealPurpose>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct RevealedPhone {
    pub name: String,
    pub phone: String,
    pub contact_phone: String,
    /// For how many seconds it may stand there; null where no end was set.
    pub seconds: Option<i64>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct CallerPhone {
    pub phone: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct CallerHistory {
    /// How many of `rows` are still open.
    pub n_open: usize,
    /// The latest orders, at most 20.
    pub rows: Vec<WorkOrderRow>,
}

/// What is looked for, if it is not too long to be.
pub(crate) fn searched(search: String) -> Result<String, CallError> {
    if search.chars().count() > SEARCH_MAX_CHARS {
        return Err(CallError::invalid(format!(
            "查找内容最多 {SEARCH_MAX_CHARS} 字。"
        )));
    }
    Ok(search)
}

/// 工单列表, one page.
pub(crate) fn work_orders(desk: &Desk, request: WorkOrderList) -> Result<WorkOrderRows, CallError> {
    let now = desk.now();
    let search = searched(request.search)?;
    if !search.trim().is_empty() && !sight::searches_people(&desk.operator) {
        return desk.by_number(search.trim(), now);
    }
    let after = request
        .after
        .as_deref()
        .map(str::parse::<Cursor>)
        .transpose();
    let after =
        after.map_err(|_unreadable| CallError::invalid("翻页位置不对，请重新打开列表。"))?;
    let filter = OrderFilter {
        queue: request.queue.queue(now),
        search: Some(search),
        after,
        limit: request.limit.clamp(1, PAGE_MAX_ROWS),
    };
    let ((records, next), total) = desk.store.read(|reader| {
        Ok((
            reader.list_work_orders(&filter)?,
            reader.count(filter.queue)?,
        ))
    })?;
    Ok(WorkOrderRows {
        rows: records.iter().map(|record| desk.row(record, now)).collect(),
        total,
        next: next.map(|cursor| cursor.to_string()),
    })
}

/// 工单详情.
pub(crate) fn work_order(desk: &Desk, request: WorkOrderId) -> Result<WorkOrderDetail, CallError> {
    let now = desk.now();
    let (record, events) = desk.store.read(|reader| {
        Ok((
            reader.work_order_record(&request.id)?,
            reader.events_of(&request.id)?,
        ))
    })?;
    let order = fold(events.iter().map(|stored| &stored.event));
    let (Some(record), Some(order)) = (record, order) else {
        return Err(CallError::Refused(domain::Refusal::NotRegistered));
    };
    let facts = desk.facts(now);
    let teller = Teller {
        order: &order,
        reference: &desk.reference,
    };
    let choices = Choices::at(&order, &facts, &desk.reference);
    let waits = desk
        .store
        .read(|reader| wait_views(desk, reader, &order, &facts))?;
    let (answer, answer_article_id) = match &order.conclusion {
        Some(Conclusion::Answer { answer, article }) => (
            answer.clone(),
            article.as_ref().map(|article| article.id.0.clone()),
        ),
        Some(Conclusion::OutOfScope { guidance, .. }) => (guidance.clone(), None),
        Some(Conclusion::Transfer { .. } | Conclusion::Dispatch { .. }) | None => {
            (String::new(), None)
        }
    };
    let put_away_text = put_away::told(desk, &request.id)?;
    let is_away = !put_away_text.is_empty();
    let caller = &order.matter.caller;
    let matter = &order.matter;
    let sight = Sight::of(&desk.operator, matter.kind, matter.is_confidential);
    let reveal = desk
        .store
        .read(|reader| reveal_request::state(desk, reader, &request.id, matter, now))?;
    Ok(WorkOrderDetail {
        row: desk.row(&record, now),
        query_code: sight.query_code(QueryCode::of(&request.id, &order.number).to_string()),
        version: order.version,
        text: sight.about(caller, &order.matter.text),
        happened: sight.about(caller, &order.matter.happened),
        about: sight.about(caller, &order.matter.about),
        wants: sight.about(caller, &order.matter.wants),
        category_id: order.matter.category_id.clone(),
        channel_text: text::channel(order.matter.channel).to_owned(),
        wants_call_back: order.matter.wants_call_back,
        township_code: order.matter.place.township_code.clone(),
        wants_township_report: order.matter.class.is_special() && order.township_reports.is_empty(),
        answer: put_away::named(sight.about(caller, &answer), is_away),
        answer_article_id,
        limits: limit_views(&teller, desk, now),
        identifies: sight.identifies(caller, &matter.text),
        waits_text: [
            waits_text(&teller, desk, &facts),
            month_end_text(&order, &desk.calendar, facts.rule_set_of(&order)),
        ]
        .concat(),
        reveal,
        put_away_text,
        waits,
        linked_text: linked_text(&order),
        story: events
            .iter()
            .map(|stored| {
                let told = desk.story_entry(&teller, stored);
                let detail = put_away::named(sight.about(caller, &told.detail), is_away);
                StoryEntry { detail, ..told }
            })
            .collect(),
        commands: commands_at(&order, &facts)
            .filter(|(command, _)| *command != CommandKind::Register)
            .map(|(command, refusal)| CommandState {
                command,
                text: text::command(command).to_owned(),
                refusal: refusal.as_ref().map(text::refusal),
                assignments: choices.of(command),
            })
            .collect(),
    })
}

/// 来电人的历史工单.
pub(crate) fn caller_history(
    desk: &Desk,
    request: CallerPhone,
) -> Result<CallerHistory, CallError> {
    let now = desk.now();
    let records = desk
        .store
        .read(|reader| Ok(reader.orders_of_phone(&request.phone, HISTORY_MAX_ROWS)?))?;
    Ok(CallerHistory {
        n_open: records.iter().filter(|record| !record.is_concluded).count(),
        rows: records.iter().map(|record| desk.row(record, now)).collect(),
    })
}

/// 时限预览: the limits that a matter of that kind and class would get now.
pub(crate) fn preview_limits(
    desk: &Desk,
    request: LimitPreview,
) -> Result<Vec<LimitView>, CallError> {
    let now = desk.now();
    let rules = desk.rule_sets.in_force_on(date_of(now));
    let calendar = &desk.calendar;
    let after_delivery = limits_from_delivery(Part::Sole, request.kind, request.class, rules)
        .into_iter()
        .map(|(kind, span)| TimeLimit::start(kind, span, now, calendar, rules));
    Ok(
        std::iter::once(dispatch_limit(request.class, now, calendar, rules))
            .chain(after_delivery)
            .map(|limit| limit::preview(&limit, calendar))
            .collect(),
    )
}

/// 显示号码; that it was shown, to whom, when and to what end, is recorded in the same transaction, field
/// by field. Of a sealed matter only what another person has granted (`reveal_request`).
pub(crate) fn reveal_phone(desk: &Desk, request: RevealPhone) -> Result<RevealedPhone, CallError> {
    let now = desk.now();
    desk.store.commit(|writer| {
        let order = writer.load_work_order(&request.id)?;
        let order = order.ok_or(CallError::Refused(domain::Refusal::NotRegistered))?;
        let matter = &order.matter;
        let (purpose, until) = if reveal_request::needs_second(matter) {
            let granted = reveal_request::in_force(writer, &request.id, &desk.operator.id, now)?;
            let granted = granted.map(|(granted, until)| (granted.purpose, Some(until)));
            granted.ok_or_else(|| CallError::invalid(text::REVEAL_TAKES_TWO))?
        } else {
            (reveal_request::purpose_name(request.purpose)?, None)
        };
        let sight = Sight::of(&desk.operator, matter.kind, matter.is_confidential);
        let caller = order.matter.caller;
        // A name that the person sees anyway is not shown by this.
        let hidden_name = if sight.sees_name() {
            ""
        } else {
            caller.name.as_str()
        };
        let shown = [
            ("phone", caller.phone.as_str()),
            ("contact_phone", caller.contact_phone.as_str()),
            ("name", hidden_name),
        ];
        for (field, _) in shown.iter().filter(|(_, value)| !value.is_empty()) {
            writer.append_reveal(&Reveal {
                id: new_id(),
                work_order_id: request.id.clone(),
                actor_id: desk.operator.id.clone(),
                field: (*field).to_owned(),
                purpose: purpose.clone(),
                revealed_at: now,
            })?;
        }
        Ok(RevealedPhone {
            name: caller.name,
            phone: caller.phone,
            contact_phone: caller.contact_phone,
            seconds: until.map(|at| (at - now).num_seconds()),
        })
    })
}

/// 退回待审 of each unit, with the center's own target (决定 I-7).
fn waits_text(teller: &Teller<'_>, desk: &Desk, facts: &Facts<'_>) -> String {
    let order = teller.order;
    let waiting = order
        .assignments
        .iter()
        .filter(|it| it.stage == AssignmentStage::SendBackReview);
    let lines: Vec<String> = waiting
        .filter_map(|assignment| {
            let sent_back_at = assignment.send_back.as_ref()?.sent_back_at;
            let rules = facts.rule_set_of(order);
            let target = send_back_review_target(sent_back_at, &desk.calendar, rules)?;
            let unit = teller.reference.unit_name(&assignment.unit);
            Some(format!(
                "{unit}退回待审，内控要求 {}前裁定。",
                time_text::moment(target)
            ))
        })
        .collect();
    lines.concat()
}

/// 省交办月末原则, while a unit still handles the order (决定 I-10).
pub(crate) fn month_end_text(
    order: &domain::WorkOrder,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> String {
    let is_provincial = matches!(
        order.matter.origin.source,
        Source::Province | Source::SichuanChongqing
    );
    let open = order.assignments.iter().filter(|it| it.stage.is_open());
    let due_at = open
        .filter_map(|it| Some(it.running_limit(LimitKind::Handle)?.due_at))
        .max()
        .filter(|_| is_provincial);
    let Some(due_at) = due_at else {
        return String::new();
    };
    let principle = MonthEndPrinciple::of(order.registered_at, due_at, calendar, rule_set);
    let target = time_text::moment(principle.target_at);
    let crossing = if principle.crosses_month {
        "办理时限跨月，须向省说明。"
    } else {
        ""
    };
    format!("省交办，原则上 {target}前办结。{crossing}")
}

/// 关联 20261120-W01-0003、…；并入 …；接收并入 ….
fn linked_text(order: &domain::WorkOrder) -> String {
    let merged: Vec<String> = order.merged_into.iter().cloned().collect();
    let parts = [
        ("并入", &merged),
        ("接收并入", &order.absorbed),
        ("关联", &order.links),
    ];
    let parts = parts.into_iter().filter(|(_, numbers)| !numbers.is_empty());
    let parts: Vec<_> = parts
        .map(|(what, numbers)| format!("{what} {}", numbers.join("、")))
        .collect();
    parts.join("；")
}

/// The limits of the center and of every unit, with the unit's name where there are several.
fn limit_views(teller: &Teller<'_>, desk: &Desk, now: DateTime<Utc>) -> Vec<LimitView> {
    let order = teller.order;
    let own = order.limits.iter().map(|limit| (None, limit));
    let of_units = order
        .assignments
        .iter()
        .flat_map(|it| it.limits.iter().map(|limit| (Some(it.number), limit)));
    own.chain(of_units)
        .map(|(assignment, (limit, state))| {
            let view = limit::view(limit, *state, &desk.calendar, now);
            let of_unit = assignment.and_then(|number| order.assignment(number));
            let view = match of_unit {
                Some(it) if it.is_waived(limit) => limit::waived(view),
                Some(_) | None => view,
            };
            let name = format!("{}{}", teller.of_unit(assignment), view.name);
            LimitView { name, ..view }
        })
        .collect()
}

impl Desk {
    /// The order of that number and no other: a search in what people said and are called would tell who
    /// called, whatever is masked in its answer.
    fn by_number(&self, number: &str, now: DateTime<Utc>) -> Result<WorkOrderRows, CallError> {
        let records = self.store.read(|reader| {
            let ids = reader.work_orders_numbered(number)?;
            let records = ids.iter().map(|id| reader.work_order_record(id));
            Ok(records.collect::<Result<Vec<_>, _>>()?)
        })?;
        let rows: Vec<WorkOrderRow> = records
            .iter()
            .flatten()
            .map(|record| self.row(record, now))
            .collect();
        Ok(WorkOrderRows {
            total: rows.len() as u64,
            rows,
            next: None,
        })
    }

    pub(crate) fn row(&self, record: &WorkOrderRecord, now: DateTime<Utc>) -> WorkOrderRow {
        let (overdue, coming) = (record.overdue_limit_at(now), record.next_limit_at(now));
        let waived = record.waived_limit_at(now);
        let shown = overdue.or(coming).or(waived);
        let is_waived = shown.is_some() && shown == waived;
        let next_text = match (overdue, coming) {
            (Some(_), Some(coming)) => format!(
                "{}{}",
                text::limit(coming.kind),
                time_text::left(now, coming.due_at)
            ),
            (Some(_) | None, _) => String::new(),
        };
        let sight = Sight::of(&self.operator, record.kind, record.is_confidential);
        WorkOrderRow {
            id: record.id.clone(),
            number: record.number.clone(),
            title: sight.title(record),
            kind_text: text::kind(record.kind).to_owned(),
            class: record.class,
            class_text: text::class(record.class).to_owned(),
            category_text: self.reference.category_text(&record.category_id).to_owned(),
            caller_text: sight.name(&record.caller_name),
            phone_masked: mask::masked(&record.phone),
            place_text: sight.place(&self.reference, record),
            stage: record.stage,
            stage_text: text::stage(record.stage).to_owned(),
            unit: record.unit_name.clone(),
            registered_at: record.registered_at.timestamp_millis(),
            registered_text: time_text::moment(record.registered_at),
            limit_name: shown.map_or_else(String::new, |limit| text::limit(limit.kind).to_owned()),
            due_at: shown.map(|limit| limit.due_at.timestamp_millis()),
            due_text: shown.map_or_else(String::new, |limit| time_text::deadline(limit.due_at)),
            left_text: shown.map_or_else(String::new, |limit| {
                if is_waived {
                    limit::WAIVED_TEXT.to_owned()
                } else {
                    time_text::left(now, limit.due_at)
                }
            }),
            urgency: shown.map_or(Urgency::Met, |limit| {
                if is_waived {
                    Urgency::Suspended
                } else {
                    limit::urgency(limit.due_at, limit.warn_at, now)
                }
            }),
            next_text,
            waits_text: wait_marks(&record.waits, now),
            is_confidential: record.is_confidential,
            is_waiting: record.n_waiting_intents > 0,
        }
    }

    pub(crate) fn story_entry(&self, teller: &Teller<'_>, stored: &StoredEvent) -> StoryEntry {
        let Line { title, detail } = teller.tell(&stored.event.kind);
        StoryEntry {
            at: stored.event.occurred_at.timestamp_millis(),
            at_text: time_text::moment(stored.event.occurred_at),
            title,
            detail,
            actor: self.person_text(&stored.event.actor),
            // What the center has confirmed came of no intent that this desk still keeps waiting.
            is_waiting: stored.desk_seq > 0,
        }
    }
}
