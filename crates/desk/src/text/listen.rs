//! The words for what is heard while somebody types.

use ::intake::fields::NamedKind;
use ::intake::quality::ConcernKind;
use ::intake::special::SpecialKind;

use crate::listen::GuessGround;
use crate::text::kind;

/// “停水”、“没水”.
pub(crate) fn quoted(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("“{word}”")).collect();
    quoted.join("、")
}

pub(crate) fn guess_ground(ground: GuessGround, words: &[&str]) -> String {
    match (ground, words.is_empty()) {
        (GuessGround::Keywords, true) => "没有明显的字句".to_owned(),
        (GuessGround::Keywords, false) => format!("原文有{}", quoted(words)),
        (GuessGround::Learnt, true) => "按本中心已确认的工单".to_owned(),
        (GuessGround::Learnt, false) => {
            format!("按本中心已确认的工单，原文有{}", quoted(words))
        }
    }
}

pub(crate) fn named_kind(kind: NamedKind) -> &'static str {
    match kind {
        NamedKind::Estate => "小区",
        NamedKind::Road => "道路",
        NamedKind::Business => "企业商户",
        NamedKind::Institution => "学校医院",
        NamedKind::Office => "机关单位",
        NamedKind::Landmark => "场所",
    }
}

pub(crate) fn special_kind(kind: SpecialKind) -> &'static str {
    match kind {
        SpecialKind::WaterOutage => "大面积停水",
        SpecialKind::PowerOutage => "大面积停电",
        SpecialKind::GasOutage => "大面积停气",
        SpecialKind::Pollution => "环境污染",
        SpecialKind::NaturalDisaster => "自然灾害",
        SpecialKind::Accident => "事故灾难",
        SpecialKind::PublicHealth => "公共卫生",
        SpecialKind::SocialSafety => "社会安全",
        SpecialKind::Violence => "暴力",
        SpecialKind::SelfHarm => "自伤",
        SpecialKind::Crowd => "群体聚集",
    }
}

pub(crate) fn concern(what: &ConcernKind) -> String {
    match what {
        ConcernKind::PlaceMissing => "没有写明地点，请问清后补上。".to_owned(),
        ConcernKind::TwoMatters => "像是两件事，请分开登记，一件诉求一个工单。".to_owned(),
        ConcernKind::Insult => "有不文明用语，转办前请改写。".to_owned(),
        ConcernKind::OthersPhone => "有他人的电话号码，请确认是否需要写入工单。".to_owned(),
        ConcernKind::IdentityNumber => "有身份证号，不应写入工单，请删去。".to_owned(),
        ConcernKind::KindContradicts { said } => {
            format!("从内容看更像{}，请核对诉求类型。", kind(*said))
        }
    }
}
