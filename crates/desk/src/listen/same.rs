//! 是不是同一件: earlier orders that may be what is being told, each with its ground.

use std::collections::BTreeMap;

use ::intake::dispatch::{Outcome, SimilarOrder};
use ::intake::fields::Fields;
use ::intake::same::near::common_stretches;
use ::intake::same::{
    DayAgreement, Evidence, PlaceAgreement, SAME_EVENT, Sameness, Shingles, ToldDay, common_object,
    sameness,
};
use chrono::{DateTime, Utc};
use desk_store::{OrderPosition, Reader, WorkOrderRecord};
use domain::WorkOrder;
use domain::clock_face::{date_of, time_of};
use domain::matter::{Caller, Matter, phone_digits};
use domain::repeat::{RepeatRelation, propose_repeats};
use domain::work_order::{AssignmentStage, RatingRecord, Solved, Stage};
use serde::Serialize;
use ts_rs::TS;

use super::percent;
use super::span::{Span, Spans};
use crate::desk::Desk;
use crate::error::CallError;
use crate::recall::Recalled;
use crate::text;
use crate::work_order::WorkOrderRow;

/// So many of what is alike are read and compared exactly.
const COMPARED: usize = 20;
/// So many orders of the caller are compared.
const OF_CALLER_MAX: u32 = 20;
/// So many earlier orders are told.
const TOLD_MAX: usize = 8;
/// So many similar orders speak for a unit.
const SIMILAR_MAX: usize = 8;
/// A stretch that is marked has so many characters at least.
const MARKED_MIN: usize = 4;

/// What an earlier order is to the matter that is being told, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SameRelation {
    /// 上级重复推送.
    SameDelivery,
    /// 终结库命中.
    FinallyClosed,
    /// 同一诉求人，未办结.
    MergeInto,
    /// 同一诉求人，已办结.
    RepeatOfClosed,
    /// 他人同一事项，未办结.
    SameMatterByOthers,
    /// 原文相同.
    SameText,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardSame {
    pub relation: SameRelation,
    /// 同一诉求人，未办结.
    pub relation_text: String,
    /// 可并入，作为催办和补充.
    pub advice: String,
    pub order: WorkOrderRow,
    /// 同一来电号码, 同一村社, “锦绣花园”, 2 天前.
    pub grounds: Vec<String>,
    pub likeness_percent: u32,
    /// The words of the text that stand in the order as well.
    pub spans: Vec<Span>,
    /// 热度: orders of others on the same happening, this one included; 0 for the caller's own.
    pub n_related: u32,
}

/// What is known of earlier orders: what is told of them, and what they say of units.
pub(super) struct Earlier {
    pub(super) same: Vec<HeardSame>,
    pub(super) similar: Vec<SimilarOrder>,
    /// Why both may be incomplete; empty when they are not.
    pub(super) note: String,
}

/// An earlier order with how it was come to.
struct Candidate {
    position: OrderPosition,
    record: WorkOrderRecord,
    order: WorkOrder,
    likeness: f32,
}

/// Looks among all orders for what is being told. `draft_id` is the order it becomes: never itself.
pub(super) fn earlier(
    desk: &Desk,
    draft_id: &str,
    matter: &Matter,
    fields: &Fields,
    spans: &Spans,
    now: DateTime<Utc>,
) -> Result<Earlier, CallError> {
    let told = (matter.title.as_str(), matter.text.as_str());
    let alike = desk.recall.alike(&desk.store, told, COMPARED, now)?;
    let candidates = desk
        .store
        .read(|reader| candidates(reader, draft_id, &matter.caller, &alike))?;
    let own = Shingles::of(&matter.text);
    let mut same: Vec<HeardSame> = (candidates.iter())
        .filter_map(|it| desk.heard_same(it, matter, &own, fields, spans, now))
        .collect();
    same.sort_by_key(|it| {
        let registered_at = it.order.registered_at;
        (
            it.relation,
            std::cmp::Reverse((it.likeness_percent, registered_at)),
        )
    });
    same.truncate(TOLD_MAX);
    let mut similar: Vec<SimilarOrder> = candidates.iter().filter_map(similar).collect();
    similar.sort_by(|one, other| other.likeness.total_cmp(&one.likeness));
    similar.truncate(SIMILAR_MAX);
    Ok(Earlier {
        same,
        similar,
        note: desk
            .recall
            .n_read()
            .map(text::still_reading)
            .unwrap_or_default(),
    })
}

fn candidates(
    reader: &Reader,
    draft_id: &str,
    caller: &Caller,
    alike: &[Recalled],
) -> anyhow::Result<Vec<Candidate>> {
    let mut likenesses: BTreeMap<OrderPosition, f32> = BTreeMap::new();
    for it in alike {
        likenesses.insert(it.position, it.likeness);
    }
    let mut records: BTreeMap<String, (OrderPosition, WorkOrderRecord)> = BTreeMap::new();
    for position in likenesses.keys() {
        if let Some(record) = reader.work_order_at(*position)? {
            records.insert(record.id.clone(), (*position, record));
        }
    }
    for phone in [&caller.phone, &caller.contact_phone] {
        if phone_digits(phone).is_empty() {
            continue;
        }
        for (position, record) in reader.placed_orders_of_phone(phone, OF_CALLER_MAX)? {
            records.insert(record.id.clone(), (position, record));
        }
    }
    let mut candidates = Vec::new();
    for (id, (position, record)) in records {
        if id == draft_id {
            continue;
        }
        if let Some(order) = reader.load_work_order(&id)? {
            candidates.push(Candidate {
                position,
                record,
                order,
                likeness: likenesses.get(&position).copied().unwrap_or_default(),
            });
        }
    }
    Ok(candidates)
}

impl Desk {
    fn heard_same(
        &self,
        candidate: &Candidate,
        matter: &Matter,
        own: &Shingles,
        fields: &Fields,
        spans: &Spans,
        now: DateTime<Utc>,
    ) -> Option<HeardSame> {
        let order = &candidate.order;
        if matches!(order.stage, Stage::Merged | Stage::Withdrawn) {
            return None;
        }
        let evidence = evidence(candidate, matter, own, fields, now);
        let found = sameness(&evidence);
        let proposed = propose_repeats(matter, [order]).into_iter().next();
        let relation = match (&proposed, &found) {
            (Some(proposal), _) => of_proposal(proposal.relation),
            (None, Some((sameness, _))) => of_sameness(*sameness, order)?,
            (None, None) => return None,
        };
        let grounds = match &found {
            Some((_, grounds)) => grounds.iter().filter_map(text::same_ground).collect(),
            None => Vec::new(),
        };
        let grounds = if grounds.is_empty() {
            proposed.iter().flat_map(text::repeat_grounds).collect()
        } else {
            grounds
        };
        let is_by_others = relation >= SameRelation::SameMatterByOthers;
        let stretches = common_stretches(&matter.text, &order.matter.text, MARKED_MIN);
        Some(HeardSame {
            relation,
            relation_text: text::same_relation(relation).to_owned(),
            advice: text::same_advice(relation).to_owned(),
            order: self.row(&candidate.record, now),
            grounds,
            likeness_percent: percent(evidence.likeness.max(evidence.texts.contained)),
            spans: spans.all(&stretches),
            n_related: if is_by_others {
                self.recall.n_related(candidate.position).max(1)
            } else {
                0
            },
        })
    }
}

fn evidence(
    candidate: &Candidate,
    matter: &Matter,
    own: &Shingles,
    fields: &Fields,
    now: DateTime<Utc>,
) -> Evidence {
    let earlier = &candidate.order.matter;
    let days = (now - candidate.order.registered_at).num_days();
    let mut common_names: Vec<String> = Vec::new();
    for named in &fields.named {
        let name = &named.value.name;
        let is_common =
            earlier.text.contains(name) || common_object(name, &earlier.about).is_some();
        if is_common && !common_names.contains(name) {
            common_names.push(name.clone());
        }
    }
    let object = common_object(&matter.about, &earlier.about);
    common_names.extend(object.filter(|it| !common_names.contains(it)));
    Evidence {
        likeness: candidate.likeness,
        texts: own.likeness(&Shingles::of(&earlier.text)),
        place: PlaceAgreement::of(&matter.place, &earlier.place),
        days_told: DayAgreement::of(
            told_day(matter, now),
            told_day(earlier, candidate.order.registered_at),
        ),
        common_names,
        days_apart: u32::try_from(days.max(0)).unwrap_or(u32::MAX),
        is_same_caller: is_same_caller(&matter.caller, &earlier.caller),
        is_same_category: !matter.category_id.is_empty()
            && matter.category_id == earlier.category_id,
    }
}

/// 事发日, as the matter was told at a moment.
fn told_day(matter: &Matter, told_at: DateTime<Utc>) -> Option<ToldDay> {
    ToldDay::of(
        &matter.happened,
        date_of(told_at).and_time(time_of(told_at)),
    )
}

/// One number in common; a name alone is nobody.
fn is_same_caller(one: &Caller, other: &Caller) -> bool {
    let numbers = |it: &Caller| [&it.phone, &it.contact_phone].map(|phone| phone_digits(phone));
    let theirs = numbers(other);
    let is_same = |a: &str, b: &str| !a.is_empty() && a == b;
    numbers(one)
        .iter()
        .any(|number| !number.is_empty() && theirs.contains(number))
        || (is_same(&one.name, &other.name) && is_same(&one.address, &other.address))
}

fn of_proposal(relation: RepeatRelation) -> SameRelation {
    match relation {
        RepeatRelation::SameDelivery => SameRelation::SameDelivery,
        RepeatRelation::FinallyClosed => SameRelation::FinallyClosed,
        RepeatRelation::MergeInto => SameRelation::MergeInto,
        RepeatRelation::RepeatOfClosed => SameRelation::RepeatOfClosed,
        RepeatRelation::SameMatterByOthers => SameRelation::SameMatterByOthers,
    }
}

/// What follows where the words speak for it and category and place are not known yet.
fn of_sameness(sameness: Sameness, order: &WorkOrder) -> Option<SameRelation> {
    let is_open = order.stage.is_open();
    match sameness {
        Sameness::SameCallerSameMatter if order.stage == Stage::FinallyClosed => {
            Some(SameRelation::FinallyClosed)
        }
        Sameness::SameCallerSameMatter if is_open => Some(SameRelation::MergeInto),
        Sameness::SameCallerSameMatter => Some(SameRelation::RepeatOfClosed),
        Sameness::SameText if !order.matter.origin.is_own() => Some(SameRelation::SameDelivery),
        Sameness::SameText if !is_open => Some(SameRelation::SameText),
        Sameness::SameText => Some(SameRelation::SameMatterByOthers),
        Sameness::SameEvent => is_open.then_some(SameRelation::SameMatterByOthers),
    }
}

/// What an earlier order says of the unit that has it, and of those it was taken back from.
fn similar(candidate: &Candidate) -> Option<SimilarOrder> {
    let order = &candidate.order;
    let lead = order.lead_unit()?;
    if candidate.likeness < SAME_EVENT || matches!(order.stage, Stage::Merged | Stage::Withdrawn) {
        return None;
    }
    let taken_back = (order.assignments.iter())
        .filter(|it| it.stage == AssignmentStage::SentBack && it.unit != *lead)
        .map(|it| it.unit.clone());
    Some(SimilarOrder {
        number: order.number.clone(),
        likeness: candidate.likeness,
        lead: lead.clone(),
        outcome: outcome(order),
        taken_back_from: taken_back.collect(),
    })
}

fn outcome(order: &WorkOrder) -> Outcome {
    if order.stage.is_open() {
        return Outcome::Open;
    }
    let of_units = order.assignments.iter().filter_map(|it| it.rating.as_ref());
    let is_unsolved = |rating: &RatingRecord| rating.solved == Solved::No;
    if of_units.chain(&order.rating).any(is_unsolved) {
        Outcome::NotSolved
    } else {
        Outcome::Solved
    }
}
