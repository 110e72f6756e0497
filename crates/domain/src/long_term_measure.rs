//! 长效措施: what a unit has set up so that a kind of matter comes less often (第六条(三)), and
//! whether it does.

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::clock_face::date_of;
use crate::handling_unit::HandlingUnitId;
use crate::work_order::WorkOrder;

/// 长效措施.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LongTermMeasure {
    pub unit: HandlingUnitId,
    /// 三级分类的编号 of the matters it is about.
    pub category_id: String,
    /// 乡镇街道, where it is for one alone; empty for the whole county.
    pub township_code: String,
    pub text: String,
    /// The first day on which it works.
    pub from: NaiveDate,
}

/// 成效: as many days after the measure as before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureEffect {
    /// Days on each side; 0 while the first day is not over.
    pub n_days: i64,
    /// 工单编号 before the measure.
    pub before: Vec<String>,
    /// 工单编号 since.
    pub after: Vec<String>,
}

impl LongTermMeasure {
    /// 成效 up to the day before `today`, over at most `max_days` on each side.
    pub fn effect<'a>(
        &self,
        orders: impl IntoIterator<Item = &'a WorkOrder>,
        today: NaiveDate,
        max_days: i64,
    ) -> MeasureEffect {
        let n_days = (today - self.from).num_days().clamp(0, max_days.max(0));
        let span = TimeDelta::days(n_days);
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for order in orders {
            let date = date_of(order.registered_at);
            if !self.is_about(order) {
                continue;
            }
            if self.from - span <= date && date < self.from {
                before.push(order.number.clone());
            } else if self.from <= date && date < self.from + span {
                after.push(order.number.clone());
            }
        }
        MeasureEffect {
            n_days,
            before,
            after,
        }
    }

    fn is_about(&self, order: &WorkOrder) -> bool {
        let place = &order.matter.place.township_code;
        order.matter.category_id == self.category_id
            && (self.township_code.is_empty() || self.township_code == *place)
    }
}
