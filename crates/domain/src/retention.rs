//! 保存期限: how long what says who a citizen is is kept once a matter is over (个人信息保护法 第十九条、第四十七条).
//! What was done, by whom and when, is kept for good (第十七条).

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::clock_face::date_of;
use crate::matter::MatterKind;
use crate::work_order::{Stage, WorkOrder};

/// The longest that can be set, in years.
pub const RETENTION_MAX_YEARS: u32 = 30;
/// 本机保留: days for which a desk keeps what was said in orders that are over, unless the center sets others.
pub const DESKS_KEEP_DAYS: u32 = 730;
/// Less than this would take from a call-taker what callers call about again (决定 I-15).
pub const DESKS_KEEP_MIN_DAYS: u32 = 90;
const MONTHS_OF_A_YEAR: u32 = 12;

/// 保存类别.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetentionClass {
    /// 当场答复的咨询.
    Consultation,
    /// 一般诉求.
    Ordinary,
    /// 举报、保密、终结的诉求: somebody may still go to law about it.
    Sensitive,
}

impl RetentionClass {
    pub const ALL: [Self; 3] = [Self::Consultation, Self::Ordinary, Self::Sensitive];

    /// Of an order as it stands.
    pub fn of(order: &WorkOrder) -> Self {
        let matter = &order.matter;
        if matter.kind == MatterKind::Report
            || matter.is_confidential
            || order.stage == Stage::FinallyClosed
        {
            Self::Sensitive
        } else if matter.kind == MatterKind::Consultation && order.assignments.is_empty() {
            Self::Consultation
        } else {
            Self::Ordinary
        }
    }
}

/// 保存年限, in years from the day a matter was over: 1 to [`RETENTION_MAX_YEARS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetentionYears {
    pub consultation: u32,
    pub ordinary: u32,
    pub sensitive: u32,
}

/// What a county archive asks at least.
impl Default for RetentionYears {
    fn default() -> Self {
        Self {
            consultation: 1,
            ordinary: 3,
            sensitive: 5,
        }
    }
}

impl RetentionYears {
    /// Whether each is a number of years that can be set.
    pub fn is_sound(self) -> bool {
        RetentionClass::ALL
            .into_iter()
            .all(|class| (1..=RETENTION_MAX_YEARS).contains(&self.of(class)))
    }

    pub fn of(self, class: RetentionClass) -> u32 {
        match class {
            RetentionClass::Consultation => self.consultation,
            RetentionClass::Ordinary => self.ordinary,
            RetentionClass::Sensitive => self.sensitive,
        }
    }

    /// The first day on which it need not be kept any more.
    pub fn due_on(self, class: RetentionClass, ended_on: NaiveDate) -> NaiveDate {
        let months = Months::new(self.of(class).saturating_mul(MONTHS_OF_A_YEAR));
        ended_on
            .checked_add_months(months)
            .unwrap_or(NaiveDate::MAX)
    }
}

/// 办结之日: the day of the last thing that happened to an order that is over; `None` while it is open.
pub fn ended_on(order: &WorkOrder) -> Option<NaiveDate> {
    (!order.stage.is_open()).then(|| date_of(order.last_event_at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_the_day_it_was_over_to_the_same_day_years_later() {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
        let years = RetentionYears::default();
        assert!(years.is_sound());
        let due = |class| years.due_on(class, day(2024, 2, 29));
        assert_eq!(due(RetentionClass::Consultation), day(2025, 2, 28));
        assert_eq!(due(RetentionClass::Ordinary), day(2027, 2, 28));
        assert_eq!(due(RetentionClass::Sensitive), day(2029, 2, 28));
    }

    #[test]
    fn no_years_and_too_many_cannot_be_set() {
        for ordinary in [0, RETENTION_MAX_YEARS + 1] {
            let years = RetentionYears {
                ordinary,
                ..RetentionYears::default()
            };
            assert!(!years.is_sound(), "{ordinary}");
        }
    }
}
