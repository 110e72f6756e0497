//! 放假通知导入: a later year's notice as data, checked before it counts (决定 I-20).

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::{DayKind, Notice, WorkCalendar};

/// 年度放假安排: what the State Council's notice for one year says (决定 I-20).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearNotice {
    pub year: i32,
    /// 文号, with the date of issue.
    pub document: String,
    pub holidays: Vec<HolidayRun>,
    pub make_up_workdays: Vec<MakeUpWorkday>,
}

/// 放假区间: days off in a row, both ends included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayRun {
    pub name: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// 调休上班日: a weekend day that is worked, with the holiday it makes up for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeUpWorkday {
    pub name: String,
    pub date: NaiveDate,
}

/// 放假通知拒收: why a notice is not taken over (决定 I-20).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarRefusal {
    /// 该年已公布.
    #[error("{year} is announced already by {document}")]
    YearAnnounced { year: i32, document: String },
    /// 缺文号.
    #[error("the notice has no number")]
    DocumentMissing,
    /// 没有放假日.
    #[error("the notice has no holidays")]
    NoHolidays,
    /// 缺节日名称.
    #[error("no holiday is named at {date}")]
    NameMissing { date: NaiveDate },
    /// 区间首尾颠倒.
    #[error("the holiday from {first} ends at {last}")]
    EndsBeforeItBegins { first: NaiveDate, last: NaiveDate },
    /// 不在该年.
    #[error("{date} is outside {year}")]
    OutsideYear { date: NaiveDate, year: i32 },
    /// 重复放假.
    #[error("{date} is off twice")]
    OffTwice { date: NaiveDate },
    /// 重复调休.
    #[error("{date} is made up for twice")]
    MadeUpTwice { date: NaiveDate },
    /// 调休上班日不是周末.
    #[error("{date} is worked anyway")]
    MakeUpOnWeekday { date: NaiveDate },
    /// 调休上班日在放假区间内.
    #[error("{date} is both off and worked")]
    MakeUpDuringHoliday { date: NaiveDate },
    /// 另一通知已定.
    #[error("{date} is fixed by the notice of another year")]
    FixedByAnotherYear { date: NaiveDate },
}

impl WorkCalendar {
    /// The calendar with that notice as well, or why the notice cannot be right.
    pub fn announce(&self, notice: &YearNotice) -> Result<Self, CalendarRefusal> {
        if let Some(known) = self.notices.get(&notice.year) {
            return Err(CalendarRefusal::YearAnnounced {
                year: notice.year,
                document: known.document.clone(),
            });
        }
        let days = notice.exceptions()?;
        if let Some(date) = days.keys().find(|date| self.exceptions.contains_key(date)) {
            return Err(CalendarRefusal::FixedByAnotherYear { date: *date });
        }
        let mut calendar = self.clone();
        calendar.exceptions.extend(days);
        calendar.notices.insert(
            notice.year,
            Notice {
                year: notice.year,
                document: notice.document.trim().to_owned(),
            },
        );
        Ok(calendar)
    }
}

impl YearNotice {
    /// The days that differ from their weekday, if the notice can be right.
    fn exceptions(&self) -> Result<BTreeMap<NaiveDate, DayKind>, CalendarRefusal> {
        if self.document.trim().is_empty() {
            return Err(CalendarRefusal::DocumentMissing);
        }
        if self.holidays.is_empty() {
            return Err(CalendarRefusal::NoHolidays);
        }
        let mut days = BTreeMap::new();
        for holiday in &self.holidays {
            self.add_holiday(holiday, &mut days)?;
        }
        for workday in &self.make_up_workdays {
            self.add_make_up_workday(workday, &mut days)?;
        }
        Ok(days)
    }

    fn add_holiday(
        &self,
        holiday: &HolidayRun,
        days: &mut BTreeMap<NaiveDate, DayKind>,
    ) -> Result<(), CalendarRefusal> {
        let HolidayRun { name, first, last } = holiday;
        let (first, last) = (*first, *last);
        let name = checked_name(name, first)?;
        self.check_year(first)?;
        self.check_year(last)?;
        if last < first {
            return Err(CalendarRefusal::EndsBeforeItBegins { first, last });
        }
        for date in first.iter_days().take_while(|date| *date <= last) {
            let kind = DayKind::PublicHoliday(name.to_owned());
            if days.insert(date, kind).is_some() {
                return Err(CalendarRefusal::OffTwice { date });
            }
        }
        Ok(())
    }

    fn add_make_up_workday(
        &self,
        workday: &MakeUpWorkday,
        days: &mut BTreeMap<NaiveDate, DayKind>,
    ) -> Result<(), CalendarRefusal> {
        let date = workday.date;
        let name = checked_name(&workday.name, date)?;
        self.check_year(date)?;
        if !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) {
            return Err(CalendarRefusal::MakeUpOnWeekday { date });
        }
        match days.insert(date, DayKind::MakeUpWorkday(name.to_owned())) {
            None => Ok(()),
            Some(DayKind::MakeUpWorkday(_)) => Err(CalendarRefusal::MadeUpTwice { date }),
            Some(DayKind::PublicHoliday(_) | DayKind::WorkingDay | DayKind::Weekend) => {
                Err(CalendarRefusal::MakeUpDuringHoliday { date })
            }
        }
    }

    /// Days around New Year may lie in the December before: the notice for 2019 fixed 2018-12-29
    /// to 31, that for 2023 fixed 2022-12-31.
    fn check_year(&self, date: NaiveDate) -> Result<(), CalendarRefusal> {
        let year = self.year;
        let is_december_before = date.year() == year.saturating_sub(1) && date.month() == 12;
        if date.year() == year || is_december_before {
            Ok(())
        } else {
            Err(CalendarRefusal::OutsideYear { date, year })
        }
    }
}

fn checked_name(name: &str, date: NaiveDate) -> Result<&str, CalendarRefusal> {
    let name = name.trim();
    if name.is_empty() {
        return Err(CalendarRefusal::NameMissing { date });
    }
    Ok(name)
}
