//! 知识使用: how often an article is opened, cited, and whether it helped, counted by the day. Never who
//! called, and never who looked.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

/// 使用方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KbUse {
    /// 查阅: opened from a search.
    Opened,
    /// 引用: an order was answered with it.
    Cited,
    /// 有用, as the call-taker says.
    Helped,
    /// 没解决, as the call-taker says.
    Unsolved,
}

impl KbUse {
    pub const ALL: [Self; 4] = [Self::Opened, Self::Cited, Self::Helped, Self::Unsolved];
}

/// 使用次数 over some days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KbUseCounts {
    pub n_opened: u32,
    pub n_cited: u32,
    pub n_helped: u32,
    pub n_unsolved: u32,
}

impl KbUseCounts {
    pub fn add(&mut self, used: KbUse, n: u32) {
        let count = match used {
            KbUse::Opened => &mut self.n_opened,
            KbUse::Cited => &mut self.n_cited,
            KbUse::Helped => &mut self.n_helped,
            KbUse::Unsolved => &mut self.n_unsolved,
        };
        *count = count.saturating_add(n);
    }
}

/// 本月: its first day.
pub fn first_of_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).unwrap_or(date)
}

/// The first day of the `n`-th month after that of `date`.
pub fn months_after(date: NaiveDate, n: u32) -> NaiveDate {
    first_of_month(date)
        .checked_add_months(chrono::Months::new(n))
        .unwrap_or(NaiveDate::MAX)
}
