//! 要素 as chips show them: each with its value, ready to be taken over, and where it stands.

use ::intake::fields::{Amount, Fields, Found, NameGround, PlaceReading, Precision, TimeReading};
use chrono::{Datelike as _, NaiveDate, Timelike as _};
use domain::clock_face::{at, weekday_text};
use domain::matter::Place;
use serde::Serialize;
use ts_rs::TS;

use super::span::{Span, Spans};
use crate::intake::PlaceInput;
use crate::reference::ReferenceTables;
use crate::{text, time_text};

/// So many of the objects go into the field 诉求对象.
const OBJECTS_MAX: usize = 3;
/// So many places are told, what one name may mean among them.
const MAX_PLACES: usize = 6;
/// 分 of a 元.
const CENTS: u64 = 100;

/// A word of the text that fills a field.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardWord {
    /// What the field takes.
    pub value: String,
    /// What it is: 小区, 道路… Empty where the field says so.
    pub kind_text: String,
    pub span: Span,
}

/// 地点, down to the village where it was said.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardPlace {
    pub place: PlaceInput,
    pub text: String,
    /// Why it is this one: 原文“三汇那边”，简称.
    pub ground: String,
    pub span: Span,
    /// Whether the same words may mean another place of the list as well.
    pub is_ambiguous: bool,
}

/// 事发时间.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardTime {
    pub from_at: i64,
    /// 11月25日（周三）20时许起.
    pub text: String,
    pub is_since: bool,
    pub span: Span,
}

/// 要素, each kind in the order of the text; the likelier place first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardFields {
    pub places: Vec<HeardPlace>,
    pub times: Vec<HeardTime>,
    /// 被反映对象.
    pub objects: Vec<HeardWord>,
    /// 小区、道路、单位.
    pub names: Vec<HeardWord>,
    /// 诉求目标.
    pub wants: Vec<HeardWord>,
    pub phones: Vec<HeardWord>,
    pub plates: Vec<HeardWord>,
    pub amounts: Vec<HeardWord>,
    /// 身份证号: where one stands. It is not to be kept.
    pub identity_numbers: Vec<Span>,
}

impl HeardFields {
    pub(super) fn of(
        fields: &Fields,
        said: &str,
        spans: &Spans,
        reference: &ReferenceTables,
        today: NaiveDate,
    ) -> Self {
        let words = |found: &[Found<String>]| -> Vec<HeardWord> {
            let word = |it: &Found<String>| heard(spans, it, &it.value, "");
            found.iter().map(word).collect()
        };
        let mut places: Vec<HeardPlace> = (fields.places.iter())
            .flat_map(|found| heard_places(found, said, spans, reference))
            .collect();
        places.truncate(MAX_PLACES);
        Self {
            places,
            times: (fields.times.iter())
                .map(|found| HeardTime {
                    from_at: at(found.value.from.date(), found.value.from.time())
                        .timestamp_millis(),
                    text: told_time(&found.value, today),
                    is_since: found.value.is_since,
                    span: spans.span(&found.range),
                })
                .collect(),
            objects: words(&fields.complained_of),
            names: (fields.named.iter())
                .map(|it| {
                    let kind_text = text::named_kind(it.value.kind);
                    heard(spans, it, &it.value.name, kind_text)
                })
                .collect(),
            wants: words(&fields.wants),
            phones: words(&fields.phones),
            plates: words(&fields.plates),
            amounts: (fields.amounts.iter())
                .map(|it| heard(spans, it, &told_amount(it.value), ""))
                .collect(),
            identity_numbers: spans.all(&fields.identity_numbers),
        }
    }
}

/// The place that what was said names first and most likely; `None` where it names none.
pub(super) fn likeliest_place(fields: &Fields) -> Option<Place> {
    let reading = &fields.places.first()?.value;
    let candidate = reading.candidates.first()?;
    Some(Place {
        township_code: candidate.township_code.clone(),
        village_code: candidate.village_code.clone(),
        detail: reading.detail.clone(),
    })
}

/// 事发时间 that was told first, as the field takes it; empty where none was.
pub(super) fn likeliest_time(fields: &Fields, today: NaiveDate) -> String {
    let first = fields.times.first();
    first.map_or_else(String::new, |found| told_time(&found.value, today))
}

/// 诉求对象 as the field takes them: the first few.
pub(super) fn likeliest_objects(fields: &Fields) -> String {
    let objects = fields.complained_of.iter().take(OBJECTS_MAX);
    let objects: Vec<&str> = objects.map(|it| it.value.as_str()).collect();
    objects.join("、")
}

fn heard<T>(spans: &Spans, found: &Found<T>, value: &str, kind_text: &str) -> HeardWord {
    HeardWord {
        value: value.to_owned(),
        kind_text: kind_text.to_owned(),
        span: spans.span(&found.range),
    }
}

fn heard_places<'a>(
    found: &'a Found<PlaceReading>,
    said: &'a str,
    spans: &'a Spans,
    reference: &'a ReferenceTables,
) -> impl Iterator<Item = HeardPlace> + 'a {
    let reading = &found.value;
    let is_ambiguous = reading.candidates.len() > 1;
    reading.candidates.iter().map(move |candidate| {
        let place = Place {
            township_code: candidate.township_code.clone(),
            village_code: candidate.village_code.clone(),
            detail: reading.detail.clone(),
        };
        HeardPlace {
            text: reference.place_text(&place),
            place: PlaceInput {
                township_code: place.township_code,
                village_code: place.village_code,
                detail: place.detail,
            },
            ground: place_ground(
                said.get(found.range.clone()).unwrap_or_default(),
                candidate.ground,
            ),
            span: spans.span(&found.range),
            is_ambiguous,
        }
    })
}

fn place_ground(words: &str, ground: NameGround) -> String {
    let how = match ground {
        NameGround::Full => "全称",
        NameGround::OtherEnding => "名称后缀不同",
        NameGround::Former => "曾用名",
        NameGround::Local => "本地名称",
        NameGround::Short => "简称",
    };
    format!("原文“{words}”，{how}")
}

/// 3600元, 12.50元.
fn told_amount(amount: Amount) -> String {
    let (yuan, cents) = (amount.cents / CENTS, amount.cents % CENTS);
    if cents == 0 {
        format!("{yuan}元")
    } else {
        format!("{yuan}.{cents:02}元")
    }
}

/// As exactly as it was told, and no more, and so that it is read again as the same day: the year stands
/// with what is still to come and with what was in another year.
fn told_time(reading: &TimeReading, today: NaiveDate) -> String {
    let since = if reading.is_since { "起" } else { "" };
    let (date, time) = (reading.from.date(), reading.from.time());
    let day = if date.year() == today.year() && date <= today {
        time_text::day(date)
    } else {
        format!("{}（{}）", time_text::date(date), weekday_text(date))
    };
    let told = match reading.precision {
        Precision::Minute => format!("{day}{:02}:{:02}", time.hour(), time.minute()),
        Precision::Hour => format!("{day}{}时许", time.hour()),
        Precision::PartOfDay => format!("{day}{}", part_of_day(time.hour())),
        Precision::Day => day,
        Precision::Month => {
            let whole = time_text::date(date);
            whole
                .split_inclusive('月')
                .next()
                .unwrap_or(&whole)
                .to_owned()
        }
    };
    format!("{told}{since}")
}

fn part_of_day(hour: u32) -> &'static str {
    match hour {
        0..=4 => "凌晨",
        5..=7 => "早上",
        8..=11 => "上午",
        12..=13 => "中午",
        14..=18 => "下午",
        _ => "晚上",
    }
}
