//! Which days count: weekends, public holidays and make-up workdays.
//!
//! A year is *announced* when the State Council's notice for it is known; any other year falls
//! back to weekends only and is marked provisional (决定 I-20).

mod announce;
mod notices;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

pub use self::announce::{CalendarRefusal, HolidayRun, MakeUpWorkday, YearNotice};
use crate::clock_face::{next_day, previous_day};

/// 日历性质: what a day is to somebody who counts working days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// 工作日: an ordinary Monday to Friday.
    WorkingDay,
    /// 周末: a Saturday or Sunday on which nobody works.
    Weekend,
    /// 法定节假日（含调休放假）, with the name of the holiday.
    PublicHoliday(String),
    /// 调休上班日: a weekend day that is worked, with the holiday it makes up for.
    MakeUpWorkday(String),
}

impl DayKind {
    /// Whether the day counts as 工作日.
    pub fn is_working(&self) -> bool {
        match self {
            Self::WorkingDay | Self::MakeUpWorkday(_) => true,
            Self::Weekend | Self::PublicHoliday(_) => false,
        }
    }
}

/// 日: one day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub kind: DayKind,
    /// The year's notice is not known: weekends only (决定 I-20).
    pub is_provisional: bool,
}

/// 放假通知: the notice that fixes holidays and make-up workdays of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub year: i32,
    /// 文号, with the date of issue.
    pub document: String,
}

/// 工作日历: the days that count and those that do not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkCalendar {
    notices: BTreeMap<i32, Notice>,
    /// Only the days that differ from their weekday.
    exceptions: BTreeMap<NaiveDate, DayKind>,
}

impl WorkCalendar {
    /// The calendar with the notices of 2023 to 2026 (国务院办公厅关于节假日安排的通知).
    pub fn built_in() -> Self {
        let mut calendar = Self::default();
        for year in notices::BUILT_IN {
            calendar.notices.insert(
                year.year,
                Notice {
                    year: year.year,
                    document: year.document.to_owned(),
                },
            );
            for holiday in year.holidays {
                let name = holiday.name;
                for date in holiday
                    .first
                    .iter_days()
                    .take_while(|date| *date <= holiday.last)
                {
                    calendar
                        .exceptions
                        .insert(date, DayKind::PublicHoliday(name.to_owned()));
                }
            }
            for (date, name) in year.make_up {
                calendar
                    .exceptions
                    .insert(*date, DayKind::MakeUpWorkday((*name).to_owned()));
            }
        }
        calendar
    }

    /// The notices it follows, year by year.
    pub fn notices(&self) -> impl Iterator<Item = &Notice> {
        self.notices.values()
    }

    /// What kind of day `date` is.
    pub fn day(&self, date: NaiveDate) -> Day {
        let kind = self
            .exceptions
            .get(&date)
            .cloned()
            .unwrap_or(match date.weekday() {
                Weekday::Sat | Weekday::Sun => DayKind::Weekend,
                Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => {
                    DayKind::WorkingDay
                }
            });
        Day {
            date,
            kind,
            is_provisional: !self.notices.contains_key(&date.year()),
        }
    }

    /// Whether `date` counts as 工作日.
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.day(date).kind.is_working()
    }

    /// 顺延: `date` if it is a working day, or the next one.
    pub fn this_or_next_working_day(&self, date: NaiveDate) -> NaiveDate {
        let mut day = date;
        while !self.is_working_day(day) {
            day = next_day(day);
        }
        day
    }

    /// `date` if it is a working day, or the last one before it.
    pub fn this_or_previous_working_day(&self, date: NaiveDate) -> NaiveDate {
        let mut day = date;
        while !self.is_working_day(day) {
            day = previous_day(day);
        }
        day
    }

    /// The `n`-th working day after `start`; `start` itself never counts (决定 I-1, I-2).
    /// With `n` = 0 it is `start`.
    pub fn add_working_days(&self, start: NaiveDate, n: u32) -> NaiveDate {
        self.count_working_days(start, n)
            .last()
            .map_or(start, |counted| counted.day.date)
    }

    /// The `n`-th working day before `end`; `end` itself does not count. With `n` = 0 it is `end`.
    pub fn subtract_working_days(&self, end: NaiveDate, n: u32) -> NaiveDate {
        (0..n).fold(end, |day, _| {
            self.this_or_previous_working_day(previous_day(day))
        })
    }

    /// Every day from the day after `start` to the `n`-th working day, each with its ordinal
    /// where it counts. Empty with `n` = 0.
    pub fn count_working_days(&self, start: NaiveDate, n: u32) -> Vec<CountedDay> {
        self.count_working_days_except(start, n, |_| false)
    }

    /// The same count, where a working day for which `is_suspended` holds does not count either.
    pub(crate) fn count_working_days_except(
        &self,
        start: NaiveDate,
        n: u32,
        is_suspended: impl Fn(NaiveDate) -> bool,
    ) -> Vec<CountedDay> {
        let mut days = Vec::new();
        let mut n_counted = 0;
        let mut date = start;
        while n_counted < n {
            date = next_day(date);
            let day = self.day(date);
            let is_suspended = day.kind.is_working() && is_suspended(date);
            let counts = day.kind.is_working() && !is_suspended;
            n_counted += u32::from(counts);
            days.push(CountedDay {
                day,
                ordinal: counts.then_some(n_counted),
                is_suspended,
            });
        }
        days
    }

    /// How many working days there are after `start` up to and with `end`.
    pub fn working_days_between(&self, start: NaiveDate, end: NaiveDate) -> u32 {
        let mut n = 0;
        let mut date = start;
        while date < end {
            date = next_day(date);
            n += u32::from(self.is_working_day(date));
        }
        n
    }
}

/// 计日: one day passed while counting, and which working day it was, if it was one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedDay {
    pub day: Day,
    /// 1 for the first day that counts; `None` for a day that is skipped.
    pub ordinal: Option<u32>,
    /// 暂停: a working day that does not count because the limit stood still (决定 I-17).
    pub is_suspended: bool,
}

#[cfg(test)]
mod announce_tests;
#[cfg(test)]
mod tests;
