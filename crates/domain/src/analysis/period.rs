//! 分析期: the days that are looked at, those they are compared with, and the steps of a trend.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::clock_face::{last_of_month, next_day, previous_day};

/// Up to so many days a trend goes by the day.
const DAYS_BY_DAY_MAX: i64 = 62;
/// Up to so many, by the week.
const DAYS_BY_WEEK_MAX: i64 = 400;
/// 分析期 at most: what the center's books may hold, and some more.
const DAYS_MAX: i64 = 366 * 30;

/// 常用分析期, up to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnalysisSpan {
    /// 今日.
    Today,
    /// 近 7 日.
    Week,
    /// 本月.
    Month,
    /// 上月, the whole of it.
    LastMonth,
    /// 本季度.
    Quarter,
    /// 本年.
    Year,
    /// 近 12 个月.
    TwelveMonths,
}

impl AnalysisSpan {
    pub const ALL: [Self; 7] = [
        Self::Today,
        Self::Week,
        Self::Month,
        Self::LastMonth,
        Self::Quarter,
        Self::Year,
        Self::TwelveMonths,
    ];

    pub fn days(self, today: NaiveDate) -> AnalysisPeriod {
        let first_of = |month| {
            let first = today.with_day(1).and_then(|it| it.with_month(month));
            first.unwrap_or(today)
        };
        let first_of_month = first_of(today.month());
        let (first, last) = match self {
            Self::Today => (today, today),
            Self::Week => (today.checked_sub_days(Days::new(6)).unwrap_or(today), today),
            Self::Month => (first_of_month, today),
            Self::LastMonth => {
                let last = previous_day(first_of_month);
                (last.with_day(1).unwrap_or(last), last)
            }
            Self::Quarter => (first_of(today.month0() / 3 * 3 + 1), today),
            Self::Year => (first_of(1), today),
            Self::TwelveMonths => {
                let first = first_of_month.checked_sub_months(Months::new(11));
                (first.unwrap_or(first_of_month), today)
            }
        };
        AnalysisPeriod { first, last }
    }
}

/// 分析期: whole days in Beijing, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnalysisPeriod {
    first: NaiveDate,
    last: NaiveDate,
}

/// 趋势步长.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepLength {
    Day,
    /// Seven days, from the first of the period on.
    Week,
    /// 自然月.
    Month,
}

impl StepLength {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];
}

/// 趋势步: some days of a period, and those a year before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub days: AnalysisPeriod,
    pub year_ago: AnalysisPeriod,
}

impl AnalysisPeriod {
    /// `None` where `last` comes before `first`, or there are more days than are looked at.
    pub fn days(first: NaiveDate, last: NaiveDate) -> Option<Self> {
        let is_period = first <= last && (last - first).num_days() < DAYS_MAX;
        is_period.then_some(Self { first, last })
    }

    pub fn first(&self) -> NaiveDate {
        self.first
    }

    pub fn last(&self) -> NaiveDate {
        self.last
    }

    pub fn n_days(&self) -> i64 {
        (self.last - self.first).num_days() + 1
    }

    pub fn contains(&self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// 环比期: as long, just before. What begins with a month, a quarter or a year is compared with the same
    /// days of the one before it: whole months stand beside whole months, the 1st to the 26th
    /// beside the 1st to the 26th.
    #[must_use]
    pub fn before(&self) -> Self {
        if self.first.day() == 1 {
            let (n_months, month) = (self.n_months(), self.first.month0());
            return self.months_before(match n_months {
                2..=3 if month.is_multiple_of(3) => 3,
                4.. if month == 0 => n_months.next_multiple_of(12),
                _ => n_months,
            });
        }
        let n_days = Days::new(self.n_days().unsigned_abs());
        let moved = |day: NaiveDate| day.checked_sub_days(n_days).unwrap_or(day);
        Self {
            first: moved(self.first),
            last: moved(self.last),
        }
    }

    /// 同比期: the same days a year before.
    #[must_use]
    pub fn year_ago(&self) -> Self {
        self.months_before(12)
    }

    /// Months that the period reaches into.
    fn n_months(self) -> u32 {
        let month = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
        u32::try_from(month(self.last) - month(self.first) + 1).unwrap_or(1)
    }

    /// The end of a month stays the end of a month.
    fn months_before(self, n_months: u32) -> Self {
        let moved = |day: NaiveDate| day.checked_sub_months(Months::new(n_months)).unwrap_or(day);
        let last = moved(self.last);
        let is_end = self.last == last_of_month(self.last);
        Self {
            first: moved(self.first),
            last: if is_end { last_of_month(last) } else { last },
        }
    }

    /// 步长: short enough to see, and few enough to look at.
    pub fn step_length(&self) -> StepLength {
        let n_days = self.n_days();
        if n_days <= DAYS_BY_DAY_MAX {
            StepLength::Day
        } else if n_days <= DAYS_BY_WEEK_MAX {
            StepLength::Week
        } else {
            StepLength::Month
        }
    }

    /// 趋势步, in order; they cover the period without a gap.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut first = self.first;
        while first <= self.last {
            let last = match self.step_length() {
                StepLength::Day => first,
                StepLength::Week => first.checked_add_days(Days::new(6)).unwrap_or(first),
                StepLength::Month => last_of_month(first),
            };
            let days = Self {
                first,
                last: last.min(self.last),
            };
            steps.push(Step {
                days,
                year_ago: days.year_ago(),
            });
            first = next_day(days.last);
        }
        steps
    }
}
