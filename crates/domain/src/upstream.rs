//! 上级期限: what the city and the province set besides the county's own limits
//! (第十一条(五), 决定 I-6、I-10).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkCalendar;
use crate::clock_face::{at, date_of, end_of, last_of_month};
use crate::rule_set::RuleSet;

/// 上级: who set the limit (第二条, 决定 I-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Superior {
    /// 市 12345 热线受理中心.
    City,
    /// 省 12345 热线.
    Province,
}

/// 上级下达期限: holds where it is earlier than the county's own (决定 I-6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamLimit {
    pub superior: Superior,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub due_at: DateTime<Utc>,
}

/// 省交办月末原则: a provincial order is to be done within its month; the limit of its kind holds
/// all the same (第十一条(五), 决定 I-10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthEndPrinciple {
    /// 24:00 of the last day of the month.
    pub month_end_at: DateTime<Utc>,
    /// 原则目标: on the month's last working day, at the time the house aims at. May lie before
    /// an order assigned later than that.
    pub target_at: DateTime<Utc>,
    /// 跨月: the limit of the kind ends after the month, which wants an explanation.
    pub crosses_month: bool,
}

impl MonthEndPrinciple {
    /// The principle for an order assigned at `assigned_at` whose own limit ends at `due_at`.
    pub fn of(
        assigned_at: DateTime<Utc>,
        due_at: DateTime<Utc>,
        calendar: &WorkCalendar,
        rule_set: &RuleSet,
    ) -> Self {
        let last_day = last_of_month(date_of(assigned_at));
        let month_end_at = end_of(last_day);
        let last_working_day = calendar.this_or_previous_working_day(last_day);
        Self {
            month_end_at,
            target_at: at(last_working_day, rule_set.target_time),
            crosses_month: due_at > month_end_at,
        }
    }
}
