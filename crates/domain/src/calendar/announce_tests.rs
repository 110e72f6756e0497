//! A later year's notice: what is taken over and what is refused.

use chrono::NaiveDate;
use expect_test::{Expect, expect};

use super::{HolidayRun, MakeUpWorkday, WorkCalendar, YearNotice, notices};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Reads lines such as `放假 元旦 2027-01-01 2027-01-03` and `上班 春节 2027-02-14`.
fn notice(text: &str) -> YearNotice {
    let mut notice = YearNotice {
        year: 2027,
        document: "示例〔2026〕1号".to_owned(),
        holidays: Vec::new(),
        make_up_workdays: Vec::new(),
    };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.split_whitespace().collect::<Vec<_>>()[..] {
            ["放假", name, first, last] => notice.holidays.push(HolidayRun {
                name: name.replace("无名", ""),
                first: date(first),
                last: date(last),
            }),
            ["上班", name, day] => notice.make_up_workdays.push(MakeUpWorkday {
                name: name.to_owned(),
                date: date(day),
            }),
            ["年", year] => notice.year = year.parse().unwrap(),
            ["无文号"] => notice.document = " ".to_owned(),
            _ => panic!("not a line of a notice: {line}"),
        }
    }
    notice
}

fn check(text: &str, expected: &Expect) {
    let said = match WorkCalendar::built_in().announce(&notice(text)) {
        Ok(calendar) => {
            let changed = date("2026-12-01")
                .iter_days()
                .take_while(|day| *day <= date("2027-12-31"))
                .filter(|day| calendar.day(*day).kind != WorkCalendar::built_in().day(*day).kind);
            changed
                .map(|day| format!("{day} {:?}\n", calendar.day(day).kind))
                .collect::<Vec<_>>()
                .concat()
        }
        Err(refusal) => format!("拒绝: {refusal}\n"),
    };
    expected.assert_eq(&said);
}

#[test]
fn a_notice_is_taken_over_with_the_december_before() {
    check(
        "放假 元旦 2026-12-31 2027-01-02
         上班 元旦 2026-12-27
         上班 元旦 2027-01-03",
        &expect![[r#"
            2026-12-27 MakeUpWorkday("元旦")
            2026-12-31 PublicHoliday("元旦")
            2027-01-01 PublicHoliday("元旦")
            2027-01-02 PublicHoliday("元旦")
            2027-01-03 MakeUpWorkday("元旦")
        "#]],
    );
}

#[test]
fn what_cannot_be_right_is_refused() {
    check(
        "年 2026\n放假 元旦 2026-01-01 2026-01-03",
        &expect![[r#"
        拒绝: 2026 is announced already by 国办发明电〔2025〕7号（2025-11-04）
    "#]],
    );
    check(
        "无文号\n放假 元旦 2027-01-01 2027-01-03",
        &expect![[r#"
        拒绝: the notice has no number
    "#]],
    );
    check(
        "上班 元旦 2027-01-03",
        &expect![[r#"
        拒绝: the notice has no holidays
    "#]],
    );
    check(
        "放假 无名 2027-01-01 2027-01-03",
        &expect![[r#"
        拒绝: no holiday is named at 2027-01-01
    "#]],
    );
    check(
        "放假 元旦 2027-01-03 2027-01-01",
        &expect![[r#"
        拒绝: the holiday from 2027-01-03 ends at 2027-01-01
    "#]],
    );
    check(
        "放假 元旦 2028-01-01 2028-01-03",
        &expect![[r#"
        拒绝: 2028-01-01 is outside 2027
    "#]],
    );
    check(
        "放假 元旦 2026-11-30 2027-01-03",
        &expect![[r#"
        拒绝: 2026-11-30 is outside 2027
    "#]],
    );
    check(
        "放假 中秋节 2027-09-15 2027-09-17\n放假 国庆节 2027-09-17 2027-09-20",
        &expect![[r#"
            拒绝: 2027-09-17 is off twice
        "#]],
    );
    check(
        "放假 元旦 2027-01-01 2027-01-01\n上班 元旦 2027-01-03\n上班 元旦 2027-01-03",
        &expect![[r#"
            拒绝: 2027-01-03 is made up for twice
        "#]],
    );
    check(
        "放假 元旦 2027-01-01 2027-01-01\n上班 元旦 2027-01-04",
        &expect![[r#"
            拒绝: 2027-01-04 is worked anyway
        "#]],
    );
    check(
        "放假 元旦 2027-01-01 2027-01-03\n上班 元旦 2027-01-02",
        &expect![[r#"
            拒绝: 2027-01-02 is both off and worked
        "#]],
    );
}

#[test]
fn a_day_fixed_by_another_year_stays_fixed() {
    let later = notice("年 2028\n放假 元旦 2027-12-31 2028-01-02");
    let calendar = WorkCalendar::built_in().announce(&later).unwrap();
    let refused = calendar.announce(&notice("放假 元旦 2027-12-31 2027-12-31"));
    assert_eq!(
        refused.unwrap_err().to_string(),
        "2027-12-31 is fixed by the notice of another year"
    );
}

/// The mark 临时日历 goes with the notice, year by year.
#[test]
fn only_the_announced_year_is_no_longer_provisional() {
    let calendar = WorkCalendar::built_in()
        .announce(&notice("放假 元旦 2027-01-01 2027-01-03"))
        .unwrap();
    assert!(!calendar.day(date("2027-06-01")).is_provisional);
    assert!(calendar.day(date("2028-06-01")).is_provisional);
    assert!(
        WorkCalendar::built_in()
            .day(date("2027-06-01"))
            .is_provisional
    );
}

#[test]
fn the_form_of_a_notice_is_frozen() {
    let json = r#"{"year":2027,"document":"示例〔2026〕1号","holidays":[{"name":"元旦","first":"2027-01-01","last":"2027-01-03"}],"make_up_workdays":[{"name":"春节","date":"2027-02-14"}]}"#;
    let read: YearNotice = serde_json::from_str(json).unwrap();
    assert_eq!(
        read,
        notice("放假 元旦 2027-01-01 2027-01-03\n上班 春节 2027-02-14")
    );
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
}

/// The notices that the program brings would pass as imports, and give the same calendar.
#[test]
fn the_built_in_notices_pass_the_same_checks() {
    let mut calendar = WorkCalendar::default();
    for year in notices::BUILT_IN {
        let notice = YearNotice {
            year: year.year,
            document: year.document.to_owned(),
            holidays: year
                .holidays
                .iter()
                .map(|run| HolidayRun {
                    name: run.name.to_owned(),
                    first: run.first,
                    last: run.last,
                })
                .collect(),
            make_up_workdays: year
                .make_up
                .iter()
                .map(|(date, name)| MakeUpWorkday {
                    name: (*name).to_owned(),
                    date: *date,
                })
                .collect(),
        };
        calendar = calendar.announce(&notice).unwrap();
    }
    assert_eq!(calendar, WorkCalendar::built_in());
}
