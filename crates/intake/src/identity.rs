//! 自我透露: words by which whoever reads a matter can tell who brought it, for the person who is about to
//! give a report away (第十七条). A unit that is reported must not learn it from the text either.
//!
//! People tell who they are by saying what they are to the matter: neighbour, father, bookkeeper, the one
//! who was there. That is endless; what they say without telling it is not: that they ask, wish, think, saw
//! somebody. So whatever the first person says counts, but for a list of what tells nothing, and numbers
//! that are a person's. It is a warning: too much of it costs a look, too little a person.

use std::ops::Range;

use crate::text::{Characters, ends_clause};

/// So many places of one text are told.
const MAX_TOLD: usize = 20;
/// So much of what is said of oneself is pointed at.
const REACH: usize = 16;
/// So many digits in a row are a person's number.
const PERSONAL_DIGITS: usize = 7;
/// Words for oneself, the longer first.
const SELF: [&str; 7] = ["我们家", "我们", "我家", "本人", "咱们", "咱", "我"];
/// What the first person says without telling who it is, right behind the word for oneself.
const TELLS_NOTHING: [&str; 46] = [
    "想",
    "要举报",
    "要反映",
    "要投诉",
    "要求",
    "要问",
    "要咨询",
    "希望",
    "认为",
    "觉得",
    "感觉",
    "建议",
    "举报",
    "反映",
    "投诉",
    "咨询",
    "请求",
    "请问",
    "问",
    "发现",
    "听说",
    "听人说",
    "看到有",
    "看见有",
    "不知道",
    "不晓得",
    "不清楚",
    "不明白",
    "怀疑",
    "相信",
    "支持",
    "理解",
    "担心",
    "来反映",
    "来举报",
    "这里要",
    "也希望",
    "还想",
    "就想",
    "国",
    "县",
    "市",
    "省",
    "党",
    "区应",
    "镇应",
];
/// What goes before a number or a name by which somebody is reached.
const REACHED_BY: [&str; 6] = ["微信号", "微信是", "qq", "邮箱", "身份证", "门牌号"];

/// What gives somebody away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Clue {
    /// What the first person says of itself.
    Speaker,
    /// A telephone, an identity card, an account.
    Number,
}

/// One place of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Bytes of the text, on character boundaries.
    pub range: Range<usize>,
    pub clue: Clue,
}

/// Everything by which the text may tell who speaks, in its order.
pub fn told(text: &str) -> Vec<Told> {
    let characters = Characters::new(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < characters.len() && found.len() < MAX_TOLD {
        let here = number_at(&characters, at)
            .map(|end| (end, Clue::Number))
            .or_else(|| speaker_at(&characters, at).map(|end| (end, Clue::Speaker)));
        at = match here {
            Some((end, clue)) => {
                let range = characters.bytes(at, end);
                found.push(Told { range, clue });
                end
            }
            None => at + 1,
        };
    }
    found
}

/// Where what is said of oneself ends that begins here.
fn speaker_at(text: &Characters, at: usize) -> Option<usize> {
    let (_, n_word) = text.one_at(at, &SELF)?;
    let behind = at + n_word;
    if text.one_at(behind, &TELLS_NOTHING).is_some() {
        return None;
    }
    let reach = text.len().min(behind + REACH);
    let end = (behind..reach).find(|place| ends_clause(text.at(*place)));
    Some(end.unwrap_or(reach))
}

/// Where the number ends that begins here, or the word by which somebody is reached.
fn number_at(text: &Characters, at: usize) -> Option<usize> {
    if let Some((_, n_word)) = text.one_at(at, &REACHED_BY) {
        return Some(at + n_word);
    }
    if !text.at(at).is_ascii_digit() || text.before(at).is_ascii_digit() {
        return None;
    }
    let (mut end, mut n_digits) = (at, 0);
    loop {
        let c = text.at(end);
        if c.is_ascii_digit() {
            n_digits += 1;
        } else if c != '-' || !text.at(end + 1).is_ascii_digit() {
            break;
        }
        end += 1;
    }
    // The number of an order goes on with the desk that gave it.
    (n_digits >= PERSONAL_DIGITS && text.at(end) != '-').then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pointed_at() {
        let text = "我想举报砂场。我就住在它对面，电话13800001111。";
        let words: Vec<&str> = told(text)
            .into_iter()
            .map(|it| text.get(it.range).unwrap())
            .collect();
        assert_eq!(words, ["我就住在它对面", "13800001111"]);
        assert!(told("工单20261126-W01-0001里说的事").is_empty());
    }
}
