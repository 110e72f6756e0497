//! Materials to bring: the items of a section such as 申请材料, and 需携带…、…和….

use super::{Found, PartValue, characters::Characters, label::Heading};

/// The longest name of one material, in characters.
const MAX_CHARACTERS: usize = 60;

const BRING: [&str; 20] = [
    "携带",
    "请带",
    "请带上",
    "请带齐",
    "请带好",
    "需带上",
    "带上",
    "带齐",
    "带好",
    "须带",
    "需带",
    "可带",
    "凭",
    "持",
    "提供",
    "提交",
    "准备",
    "出示",
    "备齐",
    "带",
];

/// Their first characters.
const BRING_FIRST: &str = "携请带须需可凭持提准出备";

/// What the name of a material ends with.
const ENDS: [&str; 52] = [
    "证",
    "簿",
    "户口本",
    "原件",
    "复印件",
    "影印件",
    "照片",
    "相片",
    "证明",
    "证书",
    "表",
    "书",
    "合同",
    "协议",
    "发票",
    "票据",
    "收据",
    "执照",
    "驾照",
    "护照",
    "存折",
    "卡",
    "病历",
    "病历资料",
    "诊断",
    "记录",
    "报告",
    "清单",
    "凭证",
    "材料",
    "资料",
    "单",
    "公章",
    "印章",
    "证件",
    "函",
    "批复",
    "图纸",
    "章程",
    "名册",
    "存单",
    "户口页",
    "首页",
    "副本",
    "正本",
    "决议",
    "账号",
    "说明",
    "意见",
    "文件",
    "流水",
    "方案",
];
/// Words that end so and are none.
const NO_ENDS: [&str; 28] = [
    "保证",
    "认证",
    "公证",
    "验证",
    "查证",
    "取证",
    "办证",
    "领证",
    "补证",
    "换证",
    "代表",
    "发表",
    "填表",
    "简单",
    "下单",
    "买单",
    "刷卡",
    "补卡",
    "办卡",
    "图书",
    "秘书",
    "按照",
    "依照",
    "拍照",
    "参照",
    "意见书面",
    "接单",
    "派单",
];
/// What is said of how many copies, behind the name.
const COPIES: [&str; 10] = [
    "一份",
    "两份",
    "各一份",
    "各1份",
    "1份",
    "2份",
    "一式两份",
    "一式三份",
    "2张",
    "1张",
];

pub(super) fn find(text: &Characters, heading: &Heading) -> Vec<Found> {
    if heading.is_about_materials() {
        listed(text)
    } else {
        told(text)
    }
}

/// Every item of a section of materials.
fn listed(text: &Characters) -> Vec<Found> {
    let mut found = Vec::new();
    let ends_item = |c: char| matches!(c, '\n' | '\r' | ';' | '；' | '。' | '|');
    for (start, end) in pieces(text, 0, text.n(), ends_item) {
        let (start, end) = without_number(text, start, end);
        let names = pieces(text, start, end, |c| c == '、');
        let names = names
            .iter()
            .flat_map(|(start, end)| split_at_and(text, *start, *end))
            .collect::<Vec<_>>();
        if names.len() > 1
            && names
                .iter()
                .all(|(start, end)| is_material(text, *start, *end))
        {
            found.extend(
                names
                    .iter()
                    .filter_map(|(start, end)| part(text, *start, *end)),
            );
        } else if is_material(text, start, end) || is_plain_item(text, start, end) {
            found.extend(part(text, start, end));
        }
    }
    found
}

/// 请携带身份证、户口簿到…: what follows the verb, as long as it is the name of a material.
fn told(text: &Characters) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.n() {
        if !BRING_FIRST.contains(text.at(at)) {
            at += 1;
            continue;
        }
        let Some((_, after)) = text
            .one_of(at, &BRING)
            .filter(|_| !is_inside_a_word(text, at))
        else {
            at += 1;
            continue;
        };
        let ends_list = |c: char| {
            matches!(
                c,
                '。' | ';' | '；' | '\n' | '\r' | '，' | ',' | '|' | '?' | '？'
            )
        };
        let end = (after..text.n())
            .find(|place| ends_list(text.at(*place)))
            .unwrap_or(text.n());
        let end = before_verb(text, after, end);
        at = after;
        for (start, end) in pieces(text, after, end, |c| c == '、') {
            let names = split_at_and(text, start, end);
            let n_before = found.len();
            for (start, end) in &names {
                if is_material(text, *start, *end) {
                    found.extend(part(text, *start, *end));
                    at = at.max(*end);
                }
            }
            if found.len() == n_before {
                break;
            }
        }
    }
    found
}

/// 坚持, 支持, 凭什么.
fn is_inside_a_word(text: &Characters, at: usize) -> bool {
    matches!(
        text.before(at),
        '坚' | '支' | '保' | '主' | '维' | '任' | '附' | '连' | '文' | '凭'
    )
}

/// Where the list of materials ends because what is done with them begins.
fn before_verb(text: &Characters, start: usize, end: usize) -> usize {
    const VERBS: [&str; 14] = [
        "到",
        "前往",
        "去",
        "向",
        "办理",
        "即可",
        "就可",
        "后",
        "在",
        "进行",
        "申请办",
        "报",
        "申领",
        "交",
    ];
    let mut depth = 0_usize;
    for place in start..end {
        match text.at(place) {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && text.one_of(place, &VERBS).is_some() && place > start {
            return place;
        }
    }
    end
}

/// The stretches between separators that stand in no bracket.
fn pieces(
    text: &Characters,
    start: usize,
    end: usize,
    separates: impl Fn(char) -> bool,
) -> Vec<(usize, usize)> {
    let mut pieces = Vec::new();
    let mut begin = start;
    let mut depth = 0_usize;
    for place in start..end {
        match text.at(place) {
            '(' | '《' => depth += 1,
            ')' | '》' => depth = depth.saturating_sub(1),
            '\n' => depth = 0,
            _ => {}
        }
        if depth == 0 && separates(text.at(place)) {
            pieces.push((begin, place));
            begin = place + 1;
        }
    }
    pieces.push((begin, end));
    pieces
        .into_iter()
        .map(|(start, end)| trimmed(text, start, end))
        .filter(|(start, end)| start < end)
        .collect()
}

/// 身份证和户口簿: two, where both are materials.
fn split_at_and(text: &Characters, start: usize, end: usize) -> Vec<(usize, usize)> {
    for place in start + 1..end {
        let and = text.one_of(place, &["以及", "和", "及", "与", "或者", "或"]);
        if let Some((_, after)) = and
            && after < end
        {
            let first = trimmed(text, start, place);
            let second = trimmed(text, after, end);
            // 原件及复印件 are of one material.
            let is_one = ["复印件", "影印件", "副本", "盖章"]
                .iter()
                .any(|word| text.word(after, word).is_some());
            if !is_one
                && is_material(text, first.0, first.1)
                && is_material(text, second.0, second.1)
            {
                let mut names = vec![first];
                names.extend(split_at_and(text, second.0, second.1));
                return names;
            }
        }
    }
    vec![(start, end)]
}

fn trimmed(text: &Characters, start: usize, end: usize) -> (usize, usize) {
    let is_edge =
        |c: char| c.is_whitespace() || matches!(c, '*' | '`' | ':' | '：' | '-' | '•' | '·');
    let (mut start, mut end) = (start, end);
    while start < end && is_edge(text.at(start)) {
        start += 1;
    }
    while end > start && is_edge(text.before(end)) {
        end -= 1;
    }
    (start, end)
}

/// Without `1.`, `(2)`, ③ before the name.
fn without_number(text: &Characters, start: usize, end: usize) -> (usize, usize) {
    let mut at = start;
    if matches!(text.at(at), '①'..='⑳') {
        return trimmed(text, at + 1, end);
    }
    let is_open = text.at(at) == '(';
    at += usize::from(is_open);
    let digits = at;
    while text.at(at).is_ascii_digit() || super::number::is_numeral(text.at(at)) {
        at += 1;
    }
    let is_number = at > digits && at <= digits + 2;
    let is_closed = if is_open {
        text.at(at) == ')'
    } else {
        matches!(text.at(at), '.' | '、' | ')')
    };
    if is_number && is_closed {
        trimmed(text, at + 1, end)
    } else {
        (start, end)
    }
}

/// Whether the name ends like a material, whatever is said of copies or in brackets behind it.
fn is_material(text: &Characters, start: usize, end: usize) -> bool {
    let name = text.text(start, end);
    let mut name = name.trim();
    while let Some(without) = name
        .strip_suffix(')')
        .and_then(|rest| rest.rfind('(').and_then(|at| rest.get(..at)))
    {
        name = without.trim();
    }
    for copies in COPIES {
        name = name.strip_suffix(copies).unwrap_or(name).trim();
    }
    let n = name.chars().count();
    (2..=MAX_CHARACTERS).contains(&n)
        && ENDS.iter().any(|word| name.ends_with(word))
        && !NO_ENDS.iter().any(|word| name.ends_with(word))
        && !["不需", "无需", "不用", "无", "不得"]
            .iter()
            .any(|word| name.starts_with(word))
}

/// An item of a list of materials that is short and no sentence.
fn is_plain_item(text: &Characters, start: usize, end: usize) -> bool {
    const TELLS: [&str; 14] = [
        "由", "请", "如", "无", "按", "以", "可", "应", "不", "详见", "暂", "其他", "等", "：",
    ];
    let name = text.text(start, end);
    let n = name.chars().count();
    (2..=24).contains(&n) && !TELLS.iter().any(|word| name.contains(word)) && !name.contains('，')
}

fn part(text: &Characters, start: usize, end: usize) -> Option<Found> {
    let (start, end) = trimmed(text, start, end);
    let name: String = text
        .text(start, end)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '`'))
        .collect();
    (start < end).then_some(Found {
        start,
        end,
        value: PartValue::Material(name),
    })
}
