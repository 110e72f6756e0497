//! 共享列表: what others may read of every order, drawn by the follower, masked before it is written.
//!
//! A row has nothing of a caller but 王** and 138****1234, no address but the township's name, and no text
//! with a number or a name of the caller in it. Of what is confidential and of a report it has the heading
//! only (第十七条). Which rows somebody reads is decided when he asks.

use anyhow::Result;
use chrono::{DateTime, Utc};
use domain::analysis::{OrderMarks, Treatment, counted};
use domain::data_sharing::{ShareSight, sharing_units};
use domain::matter::{Channel, MatterClass, MatterKind};
use domain::supervision::clue::overdue_orders;
use domain::time_limit::LimitKind;
use domain::work_order::{Satisfaction, Stage};
use domain::{HandlingUnitId, WorkOrder};
use serde::{Deserialize, Serialize};
use wire::Subject;
use wording::mask::{masked, masked_in_text, masked_name};

use crate::follower::{Projection, RedactedStory, Seen, Sheet};
use crate::portal::sealed::Seal;

/// Rows, the latest registered first.
pub(super) const ROW: &str = "shared_order";
/// Larger than any instant in milliseconds that a feed has.
const LATEST_MS: i64 = 9_999_999_999_999;

/// What is counted of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counted {
    pub(super) registered_ms: i64,
    pub(super) category_id: String,
    pub(super) township_code: String,
    /// The units by which it is shared.
    pub(super) units: Vec<HandlingUnitId>,
    /// 主办单位.
    pub(super) lead: Option<HandlingUnitId>,
    treatment: Treatment,
    is_from_knowledge: bool,
    /// From when on a unit is late with it, also where that is still to come.
    late_ms: Option<i64>,
    satisfaction: Option<Satisfaction>,
}

impl Counted {
    pub(super) fn marks(&self) -> OrderMarks {
        OrderMarks {
            treatment: self.treatment,
            is_from_knowledge: self.is_from_knowledge,
            late_at: self.late_ms.and_then(DateTime::from_timestamp_millis),
            satisfaction: self.satisfaction,
            reason: None,
        }
    }
}

/// What was said, where it may be read by who handles it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) caller_name: String,
    pub(super) caller_phone: String,
    pub(super) title: String,
    pub(super) text: String,
}

/// One order, as others may read of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) kind: MatterKind,
    pub(super) class: MatterClass,
    pub(super) channel: Channel,
    pub(super) stage: Stage,
    pub(super) updated_ms: i64,
    /// The last running limit of handling.
    pub(super) due_ms: Option<i64>,
    /// Confidential, or a report.
    pub(super) is_sealed: bool,
    /// None of what is sealed.
    pub(super) told: Option<Told>,
    #[serde(flatten)]
    pub(super) counted: Counted,
}

/// Where rows registered before `until` begin.
pub(super) fn key_before(until: DateTime<Utc>) -> String {
    let ms = until.timestamp_millis().clamp(0, LATEST_MS);
    // What was registered in this very millisecond belongs to the next day.
    format!("{:013}", LATEST_MS - ms + 1)
}

impl Row {
    pub(super) fn of(id: &str, order: &WorkOrder) -> Self {
        let matter = &order.matter;
        let overdue = overdue_orders(std::slice::from_ref(order), DateTime::<Utc>::MAX_UTC);
        let of_count = counted(order, &overdue);
        let ms = |at: DateTime<Utc>| at.timestamp_millis();
        let handling = order
            .running_limits()
            .filter(|it| it.kind == LimitKind::Handle);
        let is_told = ShareSight::Matter.on(order) == ShareSight::Matter;
        let seal = Seal::of(&matter.caller);
        Self {
            id: id.to_owned(),
            number: order.number.clone(),
            kind: matter.kind,
            class: matter.class,
            channel: matter.channel,
            stage: order.stage,
            updated_ms: ms(order.last_event_at),
            due_ms: handling.map(|it| ms(it.due_at)).max(),
            is_sealed: !is_told,
            told: is_told.then(|| Told {
                caller_name: masked_name(&matter.caller.name),
                caller_phone: masked(&matter.caller.phone),
                title: masked_in_text(&seal.text(&matter.title)),
                text: masked_in_text(&seal.text(&matter.text)),
            }),
            counted: Counted {
                registered_ms: ms(order.registered_at),
                category_id: of_count.category_id,
                township_code: of_count.township_code,
                units: sharing_units(order),
                lead: of_count.unit,
                treatment: of_count.marks.treatment,
                is_from_knowledge: of_count.marks.is_from_knowledge,
                late_ms: of_count.marks.late_at.map(ms),
                satisfaction: of_count.marks.satisfaction,
            },
        }
    }

    /// Never changes: an order is registered once.
    pub(super) fn key(&self) -> String {
        let ms = self.counted.registered_ms.clamp(0, LATEST_MS);
        format!("{:013} {}", LATEST_MS - ms, self.id)
    }
}

/// Draws the rows.
pub(super) struct SharedOrders;

impl Projection for SharedOrders {
    fn kinds(&self) -> &'static [&'static str] {
        &[ROW]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        if let Some(order) = seen.after.and_then(Subject::order) {
            let row = Row::of(&seen.entry.subject, order);
            sheet.write(ROW, row.key(), &row)?;
        }
        Ok(())
    }

    fn redacted(&mut self, story: &RedactedStory<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        if let Some(order) = story.subject.order() {
            let row = Row::of(story.id, order);
            sheet.write(ROW, row.key(), &row)?;
        }
        Ok(())
    }
}
