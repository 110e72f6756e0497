//! Everything that speaks for or against two matters being the same, put together.

use chrono::NaiveDate;
use domain::matter::Place;

use super::given::DayAgreement;
use super::index::SAME_EVENT;
use super::near::Likeness;

/// 相同程度, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sameness {
    /// 同一诉求人同一事项.
    SameCallerSameMatter,
    /// 原文重复: the same text from somebody else, or sent once more by a superior.
    SameText,
    /// 同一事件: the same happening, told by others.
    SameEvent,
}

/// 地点比较.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlaceAgreement {
    SameDetail,
    SameVillage,
    SameTownship,
    /// One of them does not say where.
    Unknown,
    Elsewhere,
}

impl PlaceAgreement {
    /// Compares where two matters are, down to the door.
    pub fn of(one: &Place, other: &Place) -> Self {
        let is_same = |a: &str, b: &str| !a.is_empty() && a == b;
        let contradicts = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
        if contradicts(&one.township_code, &other.township_code)
            || contradicts(&one.village_code, &other.village_code)
        {
            Self::Elsewhere
        } else if is_same(&one.township_code, &other.township_code)
            && is_same(&one.detail, &other.detail)
        {
            Self::SameDetail
        } else if is_same(&one.village_code, &other.village_code) {
            Self::SameVillage
        } else if is_same(&one.township_code, &other.township_code) {
            Self::SameTownship
        } else {
            Self::Unknown
        }
    }
}

/// What two matters have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What the index says (`Alike::likeness`).
    pub likeness: f32,
    pub texts: Likeness,
    pub place: PlaceAgreement,
    /// 事发日, where both forms give one.
    pub days_told: DayAgreement,
    /// 同一对象: the names of estates, units and roads that both say.
    pub common_names: Vec<String>,
    /// Days between both; an event fades.
    pub days_apart: u32,
    pub is_same_caller: bool,
    pub is_same_category: bool,
}

/// 依据: one thing that speaks for it, to be shown beside the proposal.
#[derive(Clone, Debug, PartialEq)]
pub enum Ground {
    Caller,
    /// 原文: how much of the shorter text stands in the other.
    Text {
        contained: f32,
    },
    Place(PlaceAgreement),
    Name(String),
    Category,
    /// 同日发生, as both say.
    Happened(NaiveDate),
    /// 时间: days between both.
    Days(u32),
    /// 说法相近.
    Words {
        likeness: f32,
    },
}

/// From here on an earlier order is history, not the same event.
const EVENT_DAYS: u32 = 90;
/// 说法 so near that nothing else is needed.
const CLEARLY_ALIKE: f32 = 0.25;
/// A caller who says something so different has another matter.
const CALLER_LIKENESS: f32 = 0.04;

/// What the evidence speaks for, with its grounds; `None`: nothing worth showing.
pub fn sameness(evidence: &Evidence) -> Option<(Sameness, Vec<Ground>)> {
    let is_near = evidence.texts.is_near_duplicate();
    let elsewhere = evidence.place == PlaceAgreement::Elsewhere;
    let says_the_same_thing = says_the_same(
        evidence.likeness,
        &Common {
            place: evidence.place,
            days_told: evidence.days_told,
            has_name: !evidence.common_names.is_empty(),
            is_same_category: evidence.is_same_category,
        },
    );
    let sameness = if evidence.is_same_caller
        && (!elsewhere || is_near)
        && (is_near || evidence.likeness >= CALLER_LIKENESS || evidence.is_same_category)
    {
        Sameness::SameCallerSameMatter
    } else if is_near {
        // A form letter about two places is two matters; the text alone does not say so.
        if elsewhere {
            return None;
        }
        Sameness::SameText
    } else if says_the_same_thing && evidence.days_apart <= EVENT_DAYS {
        Sameness::SameEvent
    } else {
        return None;
    };
    Some((sameness, grounds(evidence, is_near)))
}

/// What two matters have in common besides their words.
#[derive(Clone, Copy, Debug)]
pub struct Common {
    pub place: PlaceAgreement,
    pub days_told: DayAgreement,
    /// Whether both name the same object.
    pub has_name: bool,
    pub is_same_category: bool,
}

/// Whether two matters tell of one happening, by how alike they are (`Alike::likeness`) and what else
/// they have in common.
pub fn says_the_same(likeness: f32, common: &Common) -> bool {
    let is_there = matches!(
        common.place,
        PlaceAgreement::SameDetail | PlaceAgreement::SameVillage | PlaceAgreement::SameTownship
    );
    likeness >= SAME_EVENT
        && common.place != PlaceAgreement::Elsewhere
        && common.days_told != DayAgreement::Apart
        && (likeness >= CLEARLY_ALIKE || common.has_name || (is_there && common.is_same_category))
}

fn grounds(evidence: &Evidence, is_near: bool) -> Vec<Ground> {
    let mut grounds = Vec::new();
    if evidence.is_same_caller {
        grounds.push(Ground::Caller);
    }
    if is_near {
        grounds.push(Ground::Text {
            contained: evidence.texts.contained,
        });
    }
    match evidence.place {
        PlaceAgreement::SameDetail | PlaceAgreement::SameVillage | PlaceAgreement::SameTownship => {
            grounds.push(Ground::Place(evidence.place));
        }
        PlaceAgreement::Unknown | PlaceAgreement::Elsewhere => {}
    }
    grounds.extend(evidence.common_names.iter().cloned().map(Ground::Name));
    if evidence.is_same_category {
        grounds.push(Ground::Category);
    }
    if let DayAgreement::SameDay(day) = evidence.days_told {
        grounds.push(Ground::Happened(day));
    }
    if !is_near && evidence.likeness >= SAME_EVENT {
        grounds.push(Ground::Words {
            likeness: evidence.likeness,
        });
    }
    grounds.push(Ground::Days(evidence.days_apart));
    grounds
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::same::near::Shingles;

    fn evidence(one: &str, other: &str, likeness: f32) -> Evidence {
        Evidence {
            likeness,
            texts: Shingles::of(one).likeness(&Shingles::of(other)),
            place: PlaceAgreement::Unknown,
            days_told: DayAgreement::Unknown,
            common_names: Vec::new(),
            days_apart: 2,
            is_same_caller: false,
            is_same_category: true,
        }
    }

    fn said(evidence: &Evidence) -> Option<Sameness> {
        sameness(evidence).map(|(sameness, _)| sameness)
    }

    #[test]
    fn the_table_of_cases() {
        let text = "锦绣花园小区昨天开始停水，五百多户没有水用，请尽快处理";
        let other = "我们小区没有水了，锦绣花园的，什么时候来";
        let mut same_text = evidence(text, text, 0.9);
        assert_eq!(said(&same_text), Some(Sameness::SameText));
        same_text.place = PlaceAgreement::Elsewhere;
        assert_eq!(said(&same_text), None, "a form letter about another place");
        same_text.is_same_caller = true;
        assert_eq!(said(&same_text), Some(Sameness::SameCallerSameMatter));

        let mut event = evidence(text, other, 0.12);
        assert_eq!(said(&event), None, "words alone are too little");
        event.common_names = vec!["锦绣花园".to_owned()];
        assert_eq!(said(&event), Some(Sameness::SameEvent));
        event.days_apart = 200;
        assert_eq!(said(&event), None, "an event fades");
        event.days_apart = 2;
        event.days_told = DayAgreement::Apart;
        assert_eq!(said(&event), None, "another day's happening");
        event.is_same_caller = true;
        assert_eq!(said(&event), Some(Sameness::SameCallerSameMatter));
        event.is_same_caller = false;
        event.days_told = DayAgreement::Unknown;
        event.place = PlaceAgreement::Elsewhere;
        assert_eq!(said(&event), None);
    }

    #[test]
    fn every_proposal_has_its_grounds() {
        let text = "锦绣花园小区昨天开始停水，五百多户没有水用，请尽快处理";
        let mut evidence = evidence(text, text, 0.9);
        evidence.is_same_caller = true;
        evidence.place = PlaceAgreement::SameVillage;
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        evidence.days_told = DayAgreement::SameDay(day);
        let (_, grounds) = sameness(&evidence).unwrap();
        assert_eq!(
            grounds,
            [
                Ground::Caller,
                Ground::Text { contained: 1.0 },
                Ground::Place(PlaceAgreement::SameVillage),
                Ground::Category,
                Ground::Happened(day),
                Ground::Days(2),
            ]
        );
    }
}
