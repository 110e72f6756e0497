//! What a part is about: the words before it in its clause, or its heading.

use super::{
    Found, Part, PartValue,
    characters::{Characters, ends_clause},
};

/// The longest label, in characters; of longer words before a part the last are kept.
const MAX_LABEL_CHARACTERS: usize = 14;
/// So far the words before a part are looked at, in characters.
const REACH: usize = 40;

/// The heading that a text stands under, and what it says of the parts to expect.
pub(super) struct Heading {
    pub(super) text: String,
}

impl Heading {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.trim().to_owned(),
        }
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }

    pub(super) fn is_about_materials(&self) -> bool {
        self.has(&["材料", "证件", "携带", "需带"])
    }

    pub(super) fn is_about_places(&self) -> bool {
        self.has(&["地点", "地址", "窗口", "场所"])
    }

    pub(super) fn is_about_phones(&self) -> bool {
        self.has(&["电话", "热线", "联系方式"])
    }

    pub(super) fn is_about_hours(&self) -> bool {
        self.has(&[
            "办理时间",
            "工作时间",
            "办公时间",
            "营业时间",
            "开放时间",
            "服务时间",
            "接待时间",
        ])
    }

    pub(super) fn is_about_periods(&self) -> bool {
        self.has(&["时限", "期限"])
    }
}

/// Words that lead to a part and say nothing of what it is.
const LEADING_ON: [&str; 67] = [
    "收费标准为",
    "标准为",
    "分别为",
    "统一为",
    "一般为",
    "通常为",
    "调整为",
    "提高到",
    "拨打",
    "请拨打",
    "可拨打",
    "收取",
    "缴纳",
    "需要",
    "应当",
    "不超过",
    "大约",
    "一般",
    "通常",
    "预计",
    "将",
    "为",
    "是",
    "约",
    "按照",
    "按",
    "收",
    "缴",
    "交",
    "需",
    "须",
    "要",
    "共",
    "计",
    "到",
    "至",
    "自",
    "从",
    "于",
    "在",
    "打",
    "请",
    "可",
    "可以",
    "由",
    "已",
    "应",
    "至少",
    "只",
    "仅",
    "均",
    "都",
    "各",
    "的",
    "了",
    "会",
    "再",
    "即",
    "就",
    "有",
    "每",
    "达",
    "与",
    "或",
    "或者",
    "和",
    "及",
];
/// Words before what a part is about.
const LEADING_IN: [&str; 23] = [
    "其中", "另外", "同时", "并且", "并", "请", "可以", "可", "也", "如果", "如", "若", "凡",
    "对于", "还", "则", "即", "但", "而", "先", "再", "的", "须",
];

/// The label of the part between two places.
pub(super) fn of(
    text: &Characters,
    heading: &Heading,
    found: &Found,
    before: Option<(&Found, &Part)>,
) -> String {
    let is_material = matches!(found.value, PartValue::Material(_));
    let is_told_place =
        matches!(found.value, PartValue::Place(_)) && text.before(found.start) != ':';
    if is_material || is_told_place {
        return heading.text.clone();
    }
    let own = trimmed(&words_before(text, found.start));
    if own.contains(char::is_alphabetic) {
        return own;
    }
    // 0818-7222222、7222223 and 300元/次、500元/年: the second is about what the first is.
    if let Some((other, part)) = before
        && is_joined(text, other.end, found.start)
        && !part.label.is_empty()
    {
        return part.label.clone();
    }
    let after = trimmed(&words_after(text, found.end));
    let is_told_after = heading.text.is_empty() || heading.is_about_periods();
    if is_told_after && !after.is_empty() {
        return after;
    }
    heading.text.clone()
}

fn is_joined(text: &Characters, end: usize, start: usize) -> bool {
    let between = text.text(end.min(start), start);
    matches!(
        between.trim(),
        "" | "、" | "/" | "(" | "或" | "和" | "及" | "，或" | "、或" | "或者"
    )
}

/// The words of the clause before a part; those before a colon where the clause begins with it.
fn words_before(text: &Characters, start: usize) -> String {
    let first = start.saturating_sub(REACH);
    let mut end = start;
    while matches!(text.before(end), ' ' | '*' | '`' | ':' | '\u{3000}') {
        end -= 1;
    }
    // (0818-7222222) is about what stands before the bracket.
    if text.before(end) == '(' {
        end -= 1;
    }
    let mut begin = end;
    while begin > first && !ends_clause(text.before(begin)) && text.before(begin) != ':' {
        begin -= 1;
    }
    text.text(begin, end)
}

fn words_after(text: &Characters, end: usize) -> String {
    let mut last = end;
    while last < end + MAX_LABEL_CHARACTERS && !ends_clause(text.at(last)) && text.at(last) != ':' {
        last += 1;
    }
    text.text(end, last)
}

fn trimmed(words: &str) -> String {
    let mut words = words.trim_matches(|c: char| !c.is_alphanumeric());
    // 1. and ① number a line; a label begins with a word.
    let unnumbered = words.trim_start_matches(|c: char| c.is_ascii_digit());
    if unnumbered.starts_with(['.', '、', ')']) {
        words = unnumbered;
    }
    words = words.trim_start_matches(|c: char| !c.is_alphanumeric() || ('①'..='⑳').contains(&c));
    loop {
        let before = words.len();
        for word in LEADING_ON {
            words = words.strip_suffix(word).unwrap_or(words);
        }
        words = words.trim_end_matches(|c: char| !c.is_alphanumeric());
        if words.len() == before {
            break;
        }
    }
    for word in LEADING_IN {
        words = words.strip_prefix(word).unwrap_or(words);
    }
    let characters: Vec<char> = words
        .chars()
        .filter(|c| !matches!(c, '*' | '`' | ' '))
        .collect();
    let first = characters.len().saturating_sub(MAX_LABEL_CHARACTERS);
    let is_cut = first > 0;
    let begins_a_word = |c: char| !(c.is_ascii_digit() || matches!(c, '年' | '月' | '日' | '的'));
    characters
        .into_iter()
        .skip(first)
        .skip_while(|c| is_cut && !begins_a_word(*c))
        .collect()
}
