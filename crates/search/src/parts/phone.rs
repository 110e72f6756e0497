//! Telephone numbers: landlines with or without area code, mobiles, 400 numbers, service numbers,
//! extensions.

use super::{Found, PartValue, characters::Characters, label::Heading};

/// A number to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// The digits alone, with the area code where it is written.
    pub digits: String,
    /// 转 2; empty for none.
    pub extension: String,
}

impl Phone {
    /// Whether it is the same line: one may be written without its area code.
    pub fn is_same_line(&self, other: &Self) -> bool {
        let is_local = |phone: &Self| (7..=8).contains(&phone.digits.len());
        let same = self.digits == other.digits
            || (is_local(self)
                && other.digits.starts_with('0')
                && other.digits.ends_with(&self.digits))
            || (is_local(other)
                && self.digits.starts_with('0')
                && self.digits.ends_with(&other.digits));
        same && self.extension == other.extension
    }
}

/// Words that say that a number is called.
const CALLED: [&str; 22] = [
    "电话",
    "热线",
    "拨打",
    "致电",
    "联系",
    "咨询",
    "传真",
    "手机",
    "拨",
    "打",
    "请打",
    "座机",
    "值班室",
    "服务台",
    "电话号码",
    "联系方式",
    "报警",
    "投诉",
    "举报",
    "客服",
    "抢修",
    "Tel",
];
/// How far before a number such a word may stand, in characters of the same clause.
const CALLED_REACH: usize = 14;

/// What is counted with these is no telephone number.
const COUNTED: &str =
    "元万亿个人户名年月日天号%平米公吨度次件条亩分套小千种项家座辆台头本张份页倍岁周斤克立级级式";

const EMERGENCY: [&str; 4] = ["110", "119", "120", "122"];

pub(super) fn read(
    text: &Characters,
    heading: &Heading,
    at: usize,
    before: Option<&Found>,
) -> Option<(Phone, usize)> {
    let first = text.at(at);
    let is_start = first.is_ascii_digit() || (first == '(' && text.at(at + 1) == '0');
    let previous = text.before(at);
    if !is_start
        || previous.is_ascii_alphanumeric()
        || matches!(previous, '.' | '-' | '/' | '第' | '〔' | '_' | '@')
    {
        return None;
    }
    let (digits, groups, end) = row(text, at);
    let is_called = heading.is_about_phones()
        || is_called(text, at)
        || before.is_some_and(|part| follows_a_phone(text, part, at));
    let is_number = is_line(&digits, &groups, is_called)
        && !counts(text, &digits, end, is_called)
        && !matches!(text.at(end), '.' if text.at(end + 1).is_ascii_digit());
    if !is_number {
        return None;
    }
    let (extension, end) = extension(text, &digits, end);
    Some((Phone { digits, extension }, end))
}

/// The digits that stand together, with single hyphens, spaces and brackets as numbers are grouped.
fn row(text: &Characters, at: usize) -> (String, Vec<usize>, usize) {
    let is_bracketed = text.at(at) == '(';
    let start = at + usize::from(is_bracketed);
    let mut end = digits_end(text, start);
    let mut digits = text.text(start, end);
    let mut groups = vec![end - start];
    if is_bracketed {
        if text.at(end) != ')' {
            return (String::new(), Vec::new(), at);
        }
        end += 1;
    }
    loop {
        let is_joint = matches!(text.at(end), '-' | ' ');
        let may_touch = is_bracketed && groups.len() == 1;
        if !is_joint && !may_touch {
            break;
        }
        let start = end + usize::from(is_joint);
        let next = digits_end(text, start);
        if !may_follow(&digits, &groups, next - start) {
            break;
        }
        digits.push_str(&text.text(start, next));
        groups.push(next - start);
        end = next;
    }
    (digits, groups, end)
}

fn digits_end(text: &Characters, at: usize) -> usize {
    let mut end = at;
    while text.at(end).is_ascii_digit() {
        end += 1;
    }
    end
}

/// Whether a group of `n` digits goes on with a telephone number that begins so.
fn may_follow(digits: &str, groups: &[usize], n: usize) -> bool {
    let first = digits.chars().next();
    match (first, groups) {
        // 0818-7222222, 010-12345678, 0818-722 2222
        (Some('0'), [3 | 4]) => matches!(n, 7 | 8 | 3 | 4),
        // 400-123-4567, 800-1234-567
        (Some('4' | '8'), [3]) => matches!(n, 3 | 4 | 7) && digits.ends_with("00"),
        (Some('4' | '8'), [3, a]) => a + n == 7,
        // 138 0818 1234
        (Some('1'), [3]) => n == 4 && !digits.starts_with("12") && !digits.starts_with("11"),
        (Some('0'), [3 | 4, 3 | 4]) | (Some('1'), [3, 4]) => n == 4,
        _ => false,
    }
}

fn is_line(digits: &str, groups: &[usize], is_called: bool) -> bool {
    let starts = |with: &[&str]| with.iter().any(|start| digits.starts_with(start));
    match digits.len() {
        3 => EMERGENCY.contains(&digits),
        5 => starts(&["123", "95", "96", "100"]) || (is_called && starts(&["1", "9"])),
        6 => is_called && starts(&["95", "96", "12"]),
        7 | 8 if groups.len() == 1 => is_called && !starts(&["0", "1"]),
        10 => starts(&["400", "800"]) || starts(&["010", "02"]),
        11 if starts(&["0"]) => true,
        11 => starts(&["13", "14", "15", "16", "17", "18", "19"]),
        12 => starts(&["03", "04", "05", "06", "07", "08", "09"]),
        _ => false,
    }
}

/// Whether something is counted with the number. A short number that is called may be followed by
/// anybody (12345人工服务), but never by money.
fn counts(text: &Characters, digits: &str, end: usize, is_called: bool) -> bool {
    let next = text.at(text.gap(end));
    let is_bound = is_called && digits.len() <= 6;
    if is_bound {
        matches!(next, '元' | '万' | '%')
    } else {
        digits.len() <= 8 && COUNTED.contains(next)
    }
}

/// Whether the words of the clause before say that a number is called.
fn is_called(text: &Characters, at: usize) -> bool {
    let first = at.saturating_sub(CALLED_REACH);
    let mut start = at;
    while start > first
        && !matches!(
            text.before(start),
            '\n' | '。' | ';' | '；' | '，' | ',' | '|'
        )
    {
        start -= 1;
    }
    (start..at).any(|place| {
        CALLED
            .iter()
            .any(|word| text.word(place, word).is_some_and(|end| end <= at))
    })
}

/// 0818-7222222、7222223: the second is a number too.
fn follows_a_phone(text: &Characters, part: &Found, at: usize) -> bool {
    let between = text.text(part.end, at);
    matches!(part.value, PartValue::Phone(_))
        && matches!(
            between.trim(),
            "、" | "," | "，" | "/" | "或" | "和" | "或者" | ";" | "；" | ""
        )
}

fn extension(text: &Characters, digits: &str, at: usize) -> (String, usize) {
    let start = if let Some((_, end)) = text.one_of(text.gap(at), &["转分机", "转", "分机"]) {
        text.gap(end)
    } else if text.at(at) == '-' && digits.len() >= 7 {
        at + 1
    } else {
        return (String::new(), at);
    };
    let mut end = start;
    while text.at(end).is_ascii_digit() {
        end += 1;
    }
    if (1..=5).contains(&(end - start)) {
        (text.text(start, end), end)
    } else {
        (String::new(), at)
    }
}
