//! 国务院办公厅关于部分节假日安排的通知, 2023 to 2026, as data.
//!
//! Dates: holiday-cn (MIT), compared with the notices' own text for 2023, 2025 and 2026. The
//! number of the notice for 2024 is 待核.

use chrono::NaiveDate;

pub(super) struct AnnouncedYear {
    pub(super) year: i32,
    pub(super) document: &'static str,
    pub(super) holidays: &'static [Holiday],
    pub(super) make_up: &'static [(NaiveDate, &'static str)],
}

/// A run of days off, both ends included.
pub(super) struct Holiday {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    pub(super) name: &'static str,
}

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    #[expect(
        clippy::expect_used,
        reason = "evaluated by the compiler: a wrong date does not build"
    )]
    NaiveDate::from_ymd_opt(year, month, day).expect("a date")
}

const fn off(first: NaiveDate, last: NaiveDate, name: &'static str) -> Holiday {
    Holiday { first, last, name }
}

pub(super) const BUILT_IN: &[AnnouncedYear] = &[
    AnnouncedYear {
        year: 2023,
        document: "国办发明电〔2022〕16号（2022-12-08）",
        holidays: &[
            off(day(2022, 12, 31), day(2023, 1, 2), "元旦"),
            off(day(2023, 1, 21), day(2023, 1, 27), "春节"),
            off(day(2023, 4, 5), day(2023, 4, 5), "清明节"),
            off(day(2023, 4, 29), day(2023, 5, 3), "劳动节"),
            off(day(2023, 6, 22), day(2023, 6, 24), "端午节"),
            off(day(2023, 9, 29), day(2023, 10, 6), "中秋节、国庆节"),
        ],
        make_up: &[
            (day(2023, 1, 28), "春节"),
            (day(2023, 1, 29), "春节"),
            (day(2023, 4, 23), "劳动节"),
            (day(2023, 5, 6), "劳动节"),
            (day(2023, 6, 25), "端午节"),
            (day(2023, 10, 7), "中秋节、国庆节"),
            (day(2023, 10, 8), "中秋节、国庆节"),
        ],
    },
    AnnouncedYear {
        year: 2024,
        document: "国办发明电〔2023〕7号（2023-10-25），文号待核",
        holidays: &[
            off(day(2024, 1, 1), day(2024, 1, 1), "元旦"),
            off(day(2024, 2, 10), day(2024, 2, 17), "春节"),
            off(day(2024, 4, 4), day(2024, 4, 6), "清明节"),
            off(day(2024, 5, 1), day(2024, 5, 5), "劳动节"),
            off(day(2024, 6, 10), day(2024, 6, 10), "端午节"),
            off(day(2024, 9, 15), day(2024, 9, 17), "中秋节"),
            off(day(2024, 10, 1), day(2024, 10, 7), "国庆节"),
        ],
        make_up: &[
            (day(2024, 2, 4), "春节"),
            (day(2024, 2, 18), "春节"),
            (day(2024, 4, 7), "清明节"),
            (day(2024, 4, 28), "劳动节"),
            (day(2024, 5, 11), "劳动节"),
            (day(2024, 9, 14), "中秋节"),
            (day(2024, 9, 29), "国庆节"),
            (day(2024, 10, 12), "国庆节"),
        ],
    },
    AnnouncedYear {
        year: 2025,
        document: "国办发明电〔2024〕12号（2024-11-12）",
        holidays: &[
            off(day(2025, 1, 1), day(2025, 1, 1), "元旦"),
            off(day(2025, 1, 28), day(2025, 2, 4), "春节"),
            off(day(2025, 4, 4), day(2025, 4, 6), "清明节"),
            off(day(2025, 5, 1), day(2025, 5, 5), "劳动节"),
            off(day(2025, 5, 31), day(2025, 6, 2), "端午节"),
            off(day(2025, 10, 1), day(2025, 10, 8), "国庆节、中秋节"),
        ],
        make_up: &[
            (day(2025, 1, 26), "春节"),
            (day(2025, 2, 8), "春节"),
            (day(2025, 4, 27), "劳动节"),
            (day(2025, 9, 28), "国庆节、中秋节"),
            (day(2025, 10, 11), "国庆节、中秋节"),
        ],
    },
    AnnouncedYear {
        year: 2026,
        document: "国办发明电〔2025〕7号（2025-11-04）",
        holidays: &[
            off(day(2026, 1, 1), day(2026, 1, 3), "元旦"),
            off(day(2026, 2, 15), day(2026, 2, 23), "春节"),
            off(day(2026, 4, 4), day(2026, 4, 6), "清明节"),
            off(day(2026, 5, 1), day(2026, 5, 5), "劳动节"),
            off(day(2026, 6, 19), day(2026, 6, 21), "端午节"),
            off(day(2026, 9, 25), day(2026, 9, 27), "中秋节"),
            off(day(2026, 10, 1), day(2026, 10, 7), "国庆节"),
        ],
        make_up: &[
            (day(2026, 1, 4), "元旦"),
            (day(2026, 2, 14), "春节"),
            (day(2026, 2, 28), "春节"),
            (day(2026, 5, 9), "劳动节"),
            (day(2026, 9, 20), "国庆节"),
            (day(2026, 10, 10), "国庆节"),
        ],
    },
];
