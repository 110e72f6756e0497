//! The words for what is heard while somebody types.

use ::intake::fields::NamedKind;
use ::intake::learn::{GateVerdict, TrainRefusal};
use ::intake::quality::ConcernKind;
use ::intake::special::SpecialKind;

use ::intake::same::{Ground, PlaceAgreement};
use domain::repeat::{CallerMark, MatterMark, RepeatProposal};

use crate::learning::Learnt;
use crate::listen::GuessGround;
use crate::listen::same::SameRelation;
use crate::text::kind;
use crate::time_text;

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

pub(crate) fn same_relation(relation: SameRelation) -> &'static str {
    match relation {
        SameRelation::SameDelivery => "疑似上级重复推送",
        SameRelation::FinallyClosed => "同一诉求人同一事项，已终结办理",
        SameRelation::MergeInto => "同一诉求人，未办结",
        SameRelation::RepeatOfClosed => "同一诉求人，已办结",
        SameRelation::SameMatterByOthers => "他人反映同一事项，未办结",
        SameRelation::SameText => "他人原文相同，已办结",
    }
}

pub(crate) fn same_advice(relation: SameRelation) -> &'static str {
    match relation {
        SameRelation::SameDelivery => "核对上级编号，同一件不重复登记。",
        SameRelation::FinallyClosed => "如无新的事实和理由，可按第八条(四)告知不予受理。",
        SameRelation::MergeInto => "可并入该工单，作为催办和补充，不新计时限。",
        SameRelation::RepeatOfClosed => "登记新工单，并关联原工单。",
        SameRelation::SameMatterByOthers => "登记新工单，并与该工单关联，分别答复。",
        SameRelation::SameText => "可参照该工单的答复。",
    }
}

/// One thing that speaks for it; nothing for what is not worth saying.
pub(crate) fn same_ground(ground: &Ground) -> Option<String> {
    Some(match ground {
        Ground::Caller => "同一诉求人".to_owned(),
        Ground::Text { .. } => "原文大部分相同".to_owned(),
        Ground::Place(PlaceAgreement::SameDetail) => "同一地址".to_owned(),
        Ground::Place(PlaceAgreement::SameVillage) => "同一村社".to_owned(),
        Ground::Place(PlaceAgreement::SameTownship) => "同一乡镇街道".to_owned(),
        Ground::Place(PlaceAgreement::Unknown | PlaceAgreement::Elsewhere) => return None,
        Ground::Name(name) => format!("都提到“{name}”"),
        Ground::Category => "同一分类".to_owned(),
        Ground::Happened(day) => format!("都说是{}的事", time_text::day(*day)),
        Ground::Days(0) => "24 小时内".to_owned(),
        Ground::Days(days) => format!("{days} 天前"),
        Ground::Words { .. } => "说法相近".to_owned(),
    })
}

pub(crate) fn repeat_grounds(proposal: &RepeatProposal) -> Vec<String> {
    let callers = proposal.caller_marks.iter().map(|mark| match mark {
        CallerMark::Phone => "同一号码",
        CallerMark::Name => "同一姓名",
        CallerMark::Address => "同一住址",
    });
    let matters = proposal.matter_marks.iter().map(|mark| match mark {
        MatterMark::UpstreamNumber => "同一上级编号",
        MatterMark::Detail => "同一分类、同一地址",
        MatterMark::Village => "同一分类、同一村社",
        MatterMark::Township => "同一分类、同一乡镇街道",
    });
    callers.chain(matters).map(str::to_owned).collect()
}

/// What became of a learning, after what was learnt.
pub(crate) fn learnt<M>(learnt: &Learnt<M>) -> String {
    match learnt {
        Learnt::Replaces { measure, .. } => {
            format!(
                "已换用新模型，留作检验的工单上前三命中 {:.1}%",
                measure.top3 * 100.0
            )
        }
        Learnt::Kept {
            verdict: GateVerdict::Worse { .. },
        } => "未换用，留作检验的工单上不如现用模型".to_owned(),
        Learnt::Kept { .. } | Learnt::Refused(TrainRefusal::TooFew { .. }) => {
            "未换用，已确认的工单还太少".to_owned()
        }
        Learnt::Refused(TrainRefusal::TooMany { .. }) => "未学习，工单太多".to_owned(),
        Learnt::Refused(TrainRefusal::Classes { .. } | TrainRefusal::UnknownClass { .. }) => {
            "未学习，已确认的工单类别太少".to_owned()
        }
    }
}

pub(crate) fn still_reading(n_read: usize) -> String {
    format!("正在读取历史工单，已读 {n_read} 件，暂时查不全。")
}
