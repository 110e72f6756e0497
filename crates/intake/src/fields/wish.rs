//! 诉求目标 and 被反映对象: what is wanted, and whom it is about, where words say so.

use super::named::{Named, NamedKind};
use super::{Found, Stretch};
use crate::text::{Characters, ends_clause, ends_sentence};

/// How a wish begins, the longest first.
const WISHES: [&str; 22] = [
    "希望相关部门",
    "希望有关部门",
    "请求有关部门",
    "请有关部门",
    "请相关部门",
    "我的诉求是",
    "强烈要求",
    "强烈请求",
    "诉求是",
    "希望能",
    "请尽快",
    "请帮忙",
    "麻烦你们",
    "想咨询",
    "希望",
    "恳请",
    "请求",
    "要求",
    "想问",
    "请问",
    "盼望",
    "望",
];
/// After these the word is no wish: 没有希望, 按要求.
const NOT_AFTER: [&str; 8] = ["没有", "按", "按照", "的", "符合", "看到", "失", "渴"];
/// 希望小学, 要求我们: a name, or somebody else's wish.
const NOT_BEFORE: [&str; 7] = ["小学", "我", "业主", "家长", "员工", "学生", "每"];
/// The longest wish that is taken over, in characters.
const MAX_WISH: usize = 120;

/// How a complaint begins.
const COMPLAINTS: [&str; 4] = ["投诉", "举报", "反映", "控告"];
/// How far after that the one it is about is named.
const COMPLAINT_REACH: usize = 25;

pub(super) fn read(text: &Characters) -> Vec<Stretch<String>> {
    let mut found: Vec<Stretch<String>> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some((word, n)) = text.one_at(at, &WISHES) else {
            at += 1;
            continue;
        };
        let is_after = NOT_AFTER.iter().any(|before| {
            let n = before.chars().count();
            at >= n && text.has_at(at - n, before)
        });
        let is_another =
            matches!(word, "希望" | "要求") && text.one_at(at + n, &NOT_BEFORE).is_some();
        // 望 alone stands in 绝望 and 看望; it is a wish at the beginning of a clause.
        let is_inside = word == "望" && !ends_clause(text.before(at));
        if is_after || is_another || is_inside {
            at += n;
            continue;
        }
        let mut end = at + n;
        while end < text.len() && end - at < MAX_WISH && !ends_sentence(text.at(end)) {
            end += 1;
        }
        if end > at + n {
            found.push((at, end, text.written(at, end)));
        }
        at = end;
    }
    found
}

/// The first name after each 投诉, 举报, 反映; without such a word the first business or office.
pub(super) fn complained_of(text: &Characters, named: &[Stretch<Named>]) -> Vec<Found<String>> {
    let somebody = || {
        named.iter().filter(|(.., it)| match it.kind {
            NamedKind::Business | NamedKind::Institution | NamedKind::Office => true,
            NamedKind::Estate | NamedKind::Road | NamedKind::Landmark => false,
        })
    };
    let mut found: Vec<&Stretch<Named>> = Vec::new();
    for at in 0..text.len() {
        let Some((_, n)) = text.one_at(at, &COMPLAINTS) else {
            continue;
        };
        let reach = at + n..at + n + COMPLAINT_REACH;
        found.extend(somebody().find(|(start, ..)| reach.contains(start)));
    }
    if found.is_empty() {
        found.extend(somebody().next());
    }
    found.dedup_by_key(|(start, ..)| *start);
    found
        .into_iter()
        .map(|(start, end, it)| Found {
            range: text.bytes(*start, *end),
            value: it.name.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::named;
    use super::*;

    fn wishes(text: &str) -> String {
        let found = read(&Characters::new(text)).into_iter();
        found.map(|(.., wish)| wish).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn what_is_wanted() {
        assert_eq!(
            wishes("停水三天，希望尽快恢复供水。谢谢"),
            "希望尽快恢复供水"
        );
        assert_eq!(wishes("请问低保怎么办？"), "请问低保怎么办");
        assert_eq!(wishes("希望小学门口很堵"), "");
        assert_eq!(wishes("我没有希望了"), "");
        assert_eq!(wishes("物业要求我们交钱"), "");
        assert_eq!(wishes("路烂了，望处理"), "望处理");
    }

    #[test]
    fn whom_it_is_about() {
        let about = |text: &str| {
            let characters = Characters::new(text);
            let found = complained_of(&characters, &named::read(&characters));
            found
                .into_iter()
                .map(|it| it.value)
                .collect::<Vec<_>>()
                .join("|")
        };
        assert_eq!(about("投诉锦绣花园的金鑫物业公司乱收费"), "金鑫物业公司");
        assert_eq!(about("在人民医院看病，投诉宏发超市卖过期食品"), "宏发超市");
        assert_eq!(about("麻烦问一下供水公司是啥原因"), "供水公司");
        assert_eq!(about("停水了"), "");
    }
}
