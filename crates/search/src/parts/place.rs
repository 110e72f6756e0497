//! Places to go to: 县政务服务中心二楼3号窗口, 渠江街道…路…号.

use super::{Found, PartValue, characters::Characters, label::Heading, number};

/// The longest and the shortest name of a place, in characters.
const MAX_CHARACTERS: usize = 45;
const MIN_CHARACTERS: usize = 4;

/// What the name of a place ends with wherever it stands.
const ENDS: [&str; 26] = [
    "窗口",
    "专窗",
    "综合窗",
    "大厅",
    "办事厅",
    "营业厅",
    "政务服务中心",
    "便民服务中心",
    "便民服务站",
    "便民服务室",
    "服务中心",
    "服务站",
    "服务点",
    "派出所",
    "车管所",
    "管理所",
    "受理点",
    "代办点",
    "办公楼",
    "办公室",
    "办事处",
    "登记中心",
    "人民医院",
    "中医院",
    "仲裁院",
    "服务所",
];
/// Their first characters.
const ENDS_FIRST: &str = "窗专综大办营政便服派车管受代登人中仲";
/// What comes before the name of a place.
const LEADS: [&str; 14] = [
    "位于", "前往", "地址", "地点", "设在", "到", "去", "在", "往", "赴", "至", "向", ":", "找",
];
/// What no name of a place has inside.
const NOT_INSIDE: [&str; 19] = [
    "办理",
    "申请",
    "提交",
    "咨询",
    "领取",
    "可以",
    "需要",
    "应当",
    "负责",
    "公布",
    "如果",
    "不",
    "查询",
    "材料",
    "电话",
    "您",
    "由责任单位",
    "请",
    "以",
];

pub(super) fn find(text: &Characters, heading: &Heading) -> Vec<Found> {
    let mut found = Vec::new();
    let mut begin = 0;
    let mut goes_on = false;
    let mut place = 0;
    while place <= text.n() {
        let (is_end, is_or, after) = border(text, place);
        if is_end {
            let part = if heading.is_about_places() {
                whole(text, begin, place)
            } else {
                told(text, begin, place, goes_on)
            };
            goes_on = is_or && part.is_some();
            found.extend(part);
            begin = after;
            place = after;
        } else {
            place += 1;
        }
    }
    found
}

/// Whether a clause ends here, whether another place may follow at once, and where it begins.
fn border(text: &Characters, at: usize) -> (bool, bool, usize) {
    match text.at(at) {
        '\0' | '\n' | '\r' | '。' | ';' | '；' | '，' | ',' | '|' | '?' | '？' | '!' | '！' => {
            (true, false, at + 1)
        }
        // 2、3号窗口 is one place.
        '、' => {
            let is_number = |c: char| c.is_ascii_digit() || number::is_numeral(c);
            let is_inside = is_number(text.before(at)) && is_number(text.at(at + 1));
            (!is_inside, true, at + 1)
        }
        '或' => (true, true, at + 1 + usize::from(text.at(at + 1) == '者')),
        _ => (false, false, at + 1),
    }
}

/// A clause of a section that says where.
fn whole(text: &Characters, start: usize, end: usize) -> Option<Found> {
    // 办理地点：, written once more before the place.
    let colon = (start..end.min(start + 8)).find(|place| text.at(*place) == ':');
    let start = colon.map_or(start, |colon| colon + 1);
    let bracket = (start..end).find(|place| {
        text.at(*place) == '(' && text.text(*place, end).contains(['体', '核', '见', '所'])
    });
    let end = bracket.unwrap_or(end);
    let name = text.text(start, end);
    let is_place = ENDS.iter().any(|word| name.contains(word))
        || name.contains([
            '号', '楼', '路', '街', '镇', '乡', '局', '所', '站', '院', '厅', '室',
        ]);
    (is_place && !NOT_INSIDE.iter().any(|word| name.contains(word)))
        .then(|| part(text, start, end))
        .flatten()
}

/// The place that a clause names after 到, 在 or the like.
fn told(text: &Characters, start: usize, end: usize, goes_on: bool) -> Option<Found> {
    let last = last_of_place(text, start, end)?;
    let lead = (start..last)
        .rev()
        // 户籍所在地 is part of a name.
        .filter(|place| !matches!(text.before(*place), '所' | '现' | '存'))
        .find_map(|place| text.one_of(place, &LEADS).map(|(_, after)| after));
    let begin = match lead {
        Some(after) => after,
        None if goes_on || begins_like_a_place(text, start) => start,
        None => return None,
    };
    let name = text.text(begin, last);
    (!NOT_INSIDE.iter().any(|word| name.contains(word)))
        .then(|| part(text, begin, last))
        .flatten()
}

fn begins_like_a_place(text: &Characters, start: usize) -> bool {
    let start = text.gap(start);
    text.one_of(
        start,
        &[
            "县",
            "本县",
            "渠县",
            "达州市",
            "各乡镇",
            "户籍所在地",
            "居住地",
        ],
    )
    .is_some()
}

/// The place after the last word of a place in a clause.
fn last_of_place(text: &Characters, start: usize, end: usize) -> Option<usize> {
    (start..end)
        .filter_map(|place| {
            let may_end = ENDS_FIRST.contains(text.at(place));
            let named = may_end.then(|| text.one_of(place, &ENDS)).flatten();
            named
                .map(|(_, after)| after)
                .or_else(|| numbered(text, start, place))
        })
        .filter(|after| *after <= end)
        .max()
}

/// 二楼, 3层, 路12号, 5号窗.
fn numbered(text: &Characters, start: usize, at: usize) -> Option<usize> {
    let is_number = |c: char| c.is_ascii_digit() || (number::is_numeral(c) && c != '半');
    let before = text.before(at);
    if at == start || !is_number(before) {
        return None;
    }
    match text.at(at) {
        '楼' | '层' => Some(at + 1),
        '号' if text.at(at + 1) == '窗' => Some(at + 2),
        '号' => {
            let mut first = at;
            while first > start && is_number(text.before(first)) {
                first -= 1;
            }
            matches!(
                text.before(first),
                '路' | '街' | '道' | '巷' | '段' | '村' | '附'
            )
            .then_some(at + 1)
        }
        _ => None,
    }
}

fn part(text: &Characters, start: usize, end: usize) -> Option<Found> {
    let is_edge = |c: char| c.is_whitespace() || matches!(c, '*' | '`' | ':' | '：' | '-' | '、');
    let (mut start, mut end) = (start, end);
    while start < end && is_edge(text.at(start)) {
        start += 1;
    }
    while end > start && is_edge(text.before(end)) {
        end -= 1;
    }
    let name: String = text
        .text(start, end)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '`'))
        .collect();
    (MIN_CHARACTERS..=MAX_CHARACTERS)
        .contains(&name.chars().count())
        .then_some(Found {
            start,
            end,
            value: PartValue::Place(name),
        })
}
