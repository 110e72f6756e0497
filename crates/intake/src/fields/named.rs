//! 小区、道路、单位: names that end like one. Where a name begins nobody writes; it is taken from the
//! last word that cannot belong to it.

use super::Stretch;
use crate::text::{Characters, ends_clause};

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NamedKind {
    /// 小区、花园.
    Estate,
    /// 路、街、大道.
    Road,
    /// 公司、物业、店.
    Business,
    /// 学校、医院.
    Institution,
    /// 局、所、中心、村委会.
    Office,
    /// 市场、广场、车站、桥.
    Landmark,
}

/// 名称.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub kind: NamedKind,
    pub name: String,
}

/// How names end; within a line the longer ones first.
const ENDINGS: [(NamedKind, &[&str]); 6] = [
    (
        NamedKind::Office,
        &[
            "便民服务中心",
            "业主委员会",
            "村民委员会",
            "居民委员会",
            "派出所",
            "居委会",
            "村委会",
            "业委会",
        ],
    ),
    (
        NamedKind::Institution,
        &[
            "卫生服务中心",
            "培训学校",
            "中心卫生院",
            "人民医院",
            "幼儿园",
            "卫生院",
            "养老院",
            "敬老院",
            "诊所",
            "中学",
            "小学",
            "医院",
        ],
    ),
    (
        NamedKind::Business,
        &[
            "有限责任公司",
            "物业管理公司",
            "有限公司",
            "物业公司",
            "培训机构",
            "加油站",
            "搅拌站",
            "养殖场",
            "养猪场",
            "大药房",
            "火锅店",
            "烧烤店",
            "售楼部",
            "公司",
            "物业",
            "超市",
            "酒店",
            "饭店",
            "餐馆",
            "网吧",
            "驾校",
            "药店",
            "银行",
        ],
    ),
    (
        NamedKind::Landmark,
        &[
            "农贸市场",
            "汽车站",
            "火车站",
            "客运站",
            "工业园",
            "市场",
            "广场",
            "大桥",
        ],
    ),
    (
        NamedKind::Estate,
        &["小区", "花园", "家园", "公寓", "新城", "苑"],
    ),
    (NamedKind::Road, &["大道", "路", "街"]),
];
/// A name is not longer than this before its ending.
const MAX_NAME: usize = 10;
/// Words after which a name begins.
const BEFORE_NAMES: [&str; 53] = [
    "一下", "我是", "我们", "住在", "家住", "位于", "投诉", "举报", "反映", "咨询", "请问", "关于",
    "对面", "旁边", "附近", "门口", "靠近", "希望", "要求", "前往", "路过", "发现", "购买", "买了",
    "老板", "因为", "由于", "现在", "就是", "那个", "这个", "一个", "一家", "这家", "那家", "整个",
    "每个", "部分", "所有", "以及", "建议", "请求", "昨天", "今天", "晚上", "县城", "天前", "认为",
    "开车", "骑车", "送到", "街道", "社区",
];
const SINGLE_BEFORE_NAMES: &str = "在从到去来向往我你他她它们是和与跟同对把被给让叫由于的了着过住找问因但就也还都有没这那某该本至离沿进出经及或每各全";
/// Names that are ordinary words.
const WORDS: [&str; 21] = [
    "马路",
    "公路",
    "道路",
    "一路",
    "思路",
    "线路",
    "铁路",
    "走路",
    "修路",
    "让路",
    "上街",
    "逛街",
    "大街",
    "水路",
    "电路",
    "水泥路",
    "泥路",
    "通路",
    "断头路",
    "小路",
    "人行道路",
];
/// After 路 and 街 these make another word: 路灯, 路面, 街道.
const NO_ROAD_BEFORE: &str = "灯面况道由费政人过线边";

pub(super) fn read(text: &Characters) -> Vec<Stretch<Named>> {
    let mut found: Vec<Stretch<Named>> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let Some((kind, n)) = ending_at(text, at) else {
            at += 1;
            continue;
        };
        let end = at + n;
        // 锦绣花园小区 is one name; it is taken with its last ending.
        let goes_on = ending_at(text, end).is_some_and(|(_, n)| n > 1);
        let is_another_word = n == 1 && NO_ROAD_BEFORE.contains(text.at(end));
        if !goes_on && !is_another_word {
            let floor = found.last().map_or(0, |(_, end, _)| *end);
            let start = begins(text, at, floor);
            let name = text.written(start, end);
            if start + 2 <= at && !WORDS.iter().any(|word| name.ends_with(word)) {
                found.push((start, end, Named { kind, name }));
            }
        }
        at = end;
    }
    found
}

/// The longest ending at a place.
fn ending_at(text: &Characters, at: usize) -> Option<(NamedKind, usize)> {
    let of_kind =
        |(kind, endings): &(NamedKind, &[&str])| text.one_at(at, endings).map(|(_, n)| (*kind, n));
    ENDINGS.iter().filter_map(of_kind).max_by_key(|(_, n)| *n)
}

/// Where the name before an ending begins.
fn begins(text: &Characters, ending: usize, floor: usize) -> usize {
    let mut start = ending;
    while start > floor && ending - start < MAX_NAME {
        let c = text.before(start);
        let is_after_word = BEFORE_NAMES.iter().any(|word| {
            let n = word.chars().count();
            start >= n && text.has_at(start - n, word)
        });
        let is_sign = ends_clause(c) || !c.is_alphanumeric();
        if is_after_word || is_sign || SINGLE_BEFORE_NAMES.contains(c) {
            break;
        }
        start -= 1;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let names: Vec<String> = read(&Characters::new(text))
            .into_iter()
            .map(|(.., it)| it.name)
            .collect();
        assert_eq!(names.join(" "), expected, "{text}");
    }

    #[test]
    fn names() {
        check("我住在锦绣花园小区三栋", "锦绣花园小区");
        check("渠光路的路灯坏了", "渠光路");
        check("投诉金鑫物业公司乱收费", "金鑫物业公司");
        check("在渠县第二中学门口摆摊", "渠县第二中学");
        check("濛山路口的井盖", "濛山路");
        check("路灯坏了，马路上没有灯", "");
        check("水泥路烂了", "");
        check("小区里面很吵", "");
    }
}
