//! What people bring: a category, a place, a way and a few words.

use domain::HandlingUnitId;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};

use crate::county::{County, name, phone};
use crate::dice::Dice;

/// What came over a township at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Disaster {
    pub(crate) class: MatterClass,
    pub(crate) category: &'static str,
    pub(crate) words: &'static str,
}

pub(crate) const FLOOD: Disaster = Disaster {
    class: MatterClass::SpecialEmergency,
    category: "内涝",
    words: "洪水漫上来了，低洼处房屋进水，有老人需要转移",
};
pub(crate) const NO_WATER: Disaster = Disaster {
    class: MatterClass::Special,
    category: "停水",
    words: "整片停水，没有接到通知",
};
pub(crate) const NO_POWER: Disaster = Disaster {
    class: MatterClass::Special,
    category: "停电",
    words: "整片停电，不知何时来电",
};

const CHANNELS: [(Channel, u64); 7] = [
    (Channel::Phone, 720),
    (Channel::Wechat, 110),
    (Channel::Website, 50),
    (Channel::App, 60),
    (Channel::Mailbox, 15),
    (Channel::ServiceHall, 25),
    (Channel::Transfer110, 20),
];
const KINDS: [(MatterKind, u64); 5] = [
    (MatterKind::Consultation, 330),
    (MatterKind::Help, 300),
    (MatterKind::Suggestion, 50),
    (MatterKind::Complaint, 280),
    (MatterKind::Report, 40),
];
const WISHES: [&str; 6] = [
    "尽快处理并回复",
    "查清原因，告知结果",
    "告知办理流程和材料",
    "派人到现场看一看",
    "依法查处",
    "给个明确的时间",
];
const SITUATIONS: [&str; 8] = [
    "已经好几天了",
    "前几天反映过，没人来",
    "昨天晚上开始的",
    "邻居也有同样的情况",
    "打过单位电话，没人接",
    "不清楚该找哪个部门",
    "影响出行和休息",
    "希望上门核实",
];

/// A matter and the unit whose it is.
pub(crate) fn matter(
    county: &County,
    dice: &mut Dice,
    disaster: Option<(Disaster, usize)>,
) -> (Matter, HandlingUnitId) {
    let view = &county.tables.view;
    // Few matters come often and most come seldom.
    let n = view.categories.len() as u64;
    let nth = dice.below(n).min(dice.below(n)).min(dice.below(n));
    let is_of = |words: &'static str| {
        move |it: &&wording::reference::Category| {
            it.level3.contains(words) || it.level2.contains(words)
        }
    };
    let of_disaster = disaster.and_then(|(it, _)| view.categories.iter().find(is_of(it.category)));
    let spread = usize::try_from(nth * 37 % n.max(1)).unwrap_or(0);
    let category = of_disaster.or_else(|| view.categories.get(spread));
    // Half of the people live in the streets around the seat of the county.
    let n_towns = view.townships.len() as u64;
    let town = match disaster {
        Some((_, town)) => town as u64,
        None if dice.per_mille(450) => dice.below(3),
        None => dice.below(n_towns),
    };
    let township = usize::try_from(town % n_towns.max(1)).ok();
    let township = township.and_then(|nth| view.townships.get(nth));
    let village = township.and_then(|it| dice.pick(&it.villages));
    let kind = match disaster {
        Some(_) => MatterKind::Help,
        None => dice.weighted(&KINDS).unwrap_or(MatterKind::Help),
    };
    let what = category.map_or("", |it| it.level3.as_str());
    let situation = match disaster {
        Some((it, _)) => it.words,
        None => dice.pick(&SITUATIONS).copied().unwrap_or_default(),
    };
    let place_name = village.map_or("", |it| it.name.as_str());
    let lead = category.map(|it| it.lead_unit.as_str()).unwrap_or_default();
    let of_town = township.map(|it| it.unit_id.as_str()).unwrap_or_default();
    let unit = if lead.is_empty() || (disaster.is_none() && dice.per_mille(300)) {
        of_town
    } else {
        lead
    };
    let unit = if unit.is_empty() {
        "unit-approval"
    } else {
        unit
    };
    let matter = Matter {
        caller: Caller {
            phone: phone(dice),
            name: if dice.per_mille(600) {
                name(dice)
            } else {
                String::new()
            },
            ..Caller::default()
        },
        channel: dice.weighted(&CHANNELS).unwrap_or(Channel::Phone),
        kind,
        class: disaster.map_or(MatterClass::Ordinary, |(it, _)| it.class),
        category_id: category.map(|it| it.id.clone()).unwrap_or_default(),
        title: String::new(),
        text: format!("{place_name}反映{what}的问题，{situation}。"),
        place: Place {
            township_code: township.map(|it| it.code.clone()).unwrap_or_default(),
            village_code: village.map(|it| it.code.clone()).unwrap_or_default(),
            detail: String::new(),
        },
        happened: String::new(),
        about: String::new(),
        wants: dice.pick(&WISHES).copied().unwrap_or_default().to_owned(),
        is_confidential: kind == MatterKind::Report || dice.per_mille(15),
        wants_call_back: dice.per_mille(500),
        origin: Origin::default(),
    };
    (matter, HandlingUnitId(unit.to_owned()))
}
