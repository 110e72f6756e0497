//! 诉求对象 and 事发时间 as two forms give them, compared: they speak for one happening, or against it.

use chrono::{NaiveDate, NaiveDateTime};

use crate::fields::time;
use crate::fields::{Precision, TimeReading};
use crate::text::Characters;

/// A shorter object is a word such as 物业 or 村委会, and names nobody.
const OBJECT_MIN_CHARS: usize = 4;
/// Whoever tells of yesterday's night may mean today's small hours: one day apart is the same.
const DAYS_APART_MIN: i64 = 2;

/// 事发日 that a form gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldDay {
    day: NaiveDate,
    /// From then on, and still.
    is_since: bool,
}

/// 事发日比较.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayAgreement {
    SameDay(NaiveDate),
    /// One of them does not say when, or both may be true of one happening.
    Unknown,
    /// Two days on which one happening was not.
    Apart,
}

impl ToldDay {
    /// The first day that 事发时间 names, as it was told at a moment (Beijing's civil time); `None`
    /// where it names none.
    pub fn of(happened: &str, told_at: NaiveDateTime) -> Option<Self> {
        let readings = time::read(&Characters::new(happened), told_at);
        readings.iter().find_map(|(.., it)| Self::of_reading(it))
    }

    /// The day of what was read; `None` of a month.
    pub fn of_reading(reading: &TimeReading) -> Option<Self> {
        (reading.precision <= Precision::Day).then(|| Self {
            day: reading.from.date(),
            is_since: reading.is_since,
        })
    }

    fn with(self, other: Self) -> DayAgreement {
        let (first, last) = if self.day <= other.day {
            (self, other)
        } else {
            (other, self)
        };
        if first.day == last.day {
            DayAgreement::SameDay(first.day)
        } else if first.is_since || (last.day - first.day).num_days() < DAYS_APART_MIN {
            DayAgreement::Unknown
        } else {
            DayAgreement::Apart
        }
    }
}

impl DayAgreement {
    /// Compares when two matters say that it happened.
    pub fn of(one: Option<ToldDay>, other: Option<ToldDay>) -> Self {
        match (one, other) {
            (Some(one), Some(other)) => one.with(other),
            (Some(_), None) | (None, Some(_) | None) => Self::Unknown,
        }
    }
}

/// 同一对象: the first object of one that the other gives as well, in more words or in fewer.
pub fn common_object(one: &str, other: &str) -> Option<String> {
    let others: Vec<String> = objects(other).map(plain).collect();
    let is_among = |object: &&str| {
        let object = plain(object);
        let is_same = |other: &String| {
            let shorter = object.chars().count().min(other.chars().count());
            shorter >= OBJECT_MIN_CHARS && (object.contains(other) || other.contains(&object))
        };
        others.iter().any(is_same)
    };
    objects(one).find(is_among).map(str::to_owned)
}

/// The objects of a field that holds several.
fn objects(about: &str) -> impl Iterator<Item = &str> {
    about
        .split(['、', '，', ',', '；', ';', '\n'])
        .map(str::trim)
}

/// Letters and digits alone, folded.
fn plain(object: &str) -> String {
    let characters = Characters::new(object);
    let letters = characters.all().iter().filter(|c| c.is_alphanumeric());
    letters.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Thursday, at a quarter past three in the afternoon.
    fn told_at() -> NaiveDateTime {
        let day = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        day.and_hms_opt(15, 15, 0).unwrap()
    }

    #[track_caller]
    fn check_days(one: &str, other: &str, expected: &str) {
        let day = |happened: &str| ToldDay::of(happened, told_at());
        for (one, other) in [(one, other), (other, one)] {
            let shown = match DayAgreement::of(day(one), day(other)) {
                DayAgreement::SameDay(day) => day.format("同日 %m-%d").to_string(),
                DayAgreement::Unknown => "不明".to_owned(),
                DayAgreement::Apart => "不同".to_owned(),
            };
            assert_eq!(shown, expected, "{one} / {other}");
        }
    }

    #[test]
    fn days_that_are_told() {
        check_days("11月23日（周一）20时许", "周一晚上", "同日 11-23");
        check_days("11月20日（周五）", "11月23日（周一）", "不同");
        check_days("昨晚", "今天早上", "不明");
        check_days("11月20日（周五）起", "11月23日（周一）", "不明");
        // What began on Monday is not what was over on Friday.
        check_days("11月20日（周五）", "11月23日（周一）起", "不同");
        check_days("2026年10月", "11月23日（周一）", "不明");
        check_days("说不清", "11月23日（周一）", "不明");
        check_days("", "", "不明");
    }

    #[track_caller]
    fn check_object(one: &str, other: &str, expected: Option<&str>) {
        assert_eq!(common_object(one, other).as_deref(), expected);
        assert_eq!(common_object(other, one).is_some(), expected.is_some());
    }

    #[test]
    fn objects_that_are_the_same() {
        check_object("金鑫物业公司", "金鑫物业公司", Some("金鑫物业公司"));
        check_object("金鑫物业", "渠县金鑫物业公司", Some("金鑫物业"));
        check_object("供电所、金鑫物业", "“金鑫物业”", Some("金鑫物业"));
        check_object("ＫＴＶ金色年华", "KTV金色年华", Some("ＫＴＶ金色年华"));
        check_object("金鑫物业", "银海物业", None);
        // A word that is nobody's name.
        check_object("物业", "金鑫物业公司", None);
        check_object("物业", "物业", None);
        check_object("", "金鑫物业公司", None);
    }
}
