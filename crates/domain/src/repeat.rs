//! 并单: whether a matter has been brought before, and what follows (决定 I-13、I-15, 第八条(四)).
//!
//! A proposal with its ground; whether facts are new, a person says.

use crate::matter::{Caller, Matter, Place};
use crate::work_order::{Stage, WorkOrder};

/// 同一诉求人的依据: what two callers have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CallerMark {
    /// 号码: a number of the one is a number of the other.
    Phone,
    /// 姓名.
    Name,
    /// 地址.
    Address,
}

/// 同一事项的依据: what two matters have in common besides their category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatterMark {
    /// 上级编号: the same order of a superior.
    UpstreamNumber,
    /// 地址: the same place to the door.
    Detail,
    /// 村社.
    Village,
    /// 乡镇街道.
    Township,
}

/// 重复关系: what an earlier order is to a matter that comes now (决定 I-15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RepeatRelation {
    /// 重复推送: one order of a superior, which is taken once (边界㉓).
    SameDelivery,
    /// 终结库命中: may be refused by 第八条(四), unless there are new facts.
    FinallyClosed,
    /// 并入: the same caller's, and still open.
    MergeInto,
    /// 重复: the same caller's, and dealt with; a new order that is linked to it.
    RepeatOfClosed,
    /// 关联群: another caller's, and still open; each is answered for itself.
    SameMatterByOthers,
}

/// 重复提示, with its ground.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatProposal {
    pub relation: RepeatRelation,
    /// 工单编号 of the earlier order.
    pub number: String,
    /// Empty for another caller's.
    pub caller_marks: Vec<CallerMark>,
    pub matter_marks: Vec<MatterMark>,
}

/// 重复提示 for a matter, the weightiest first; within one relation the latest order first.
pub fn propose_repeats<'a>(
    matter: &Matter,
    earlier: impl IntoIterator<Item = &'a WorkOrder>,
) -> Vec<RepeatProposal> {
    let mut found: Vec<(&WorkOrder, RepeatProposal)> = earlier
        .into_iter()
        .filter_map(|order| Some((order, relation(matter, order)?)))
        .collect();
    found.sort_by(|(a, one), (b, other)| {
        one.relation
            .cmp(&other.relation)
            .then(b.registered_at.cmp(&a.registered_at))
    });
    found.into_iter().map(|(_, proposal)| proposal).collect()
}

/// 同一诉求人多次反映的工单 among `earlier`, for a final closure (决定 I-13): dealt with, the same
/// matter, and the caller known by two marks at least.
pub fn earlier_orders_of_same_caller<'a>(
    matter: &Matter,
    earlier: impl IntoIterator<Item = &'a WorkOrder>,
) -> Vec<String> {
    let is_same = |order: &&WorkOrder| {
        !order.stage.is_open()
            && caller_marks(&matter.caller, &order.matter.caller).len() >= MARKS_FOR_FINAL_CLOSURE
            && !matter_marks(matter, &order.matter).is_empty()
    };
    earlier
        .into_iter()
        .filter(is_same)
        .map(|order| order.number.clone())
        .collect()
}

/// 历次工单核对: what an order that a final closure names turns out to be (决定 I-13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EarlierOrderFinding {
    /// 相符.
    Agrees,
    /// 查无此单.
    Missing,
    /// 就是本单.
    Itself,
    /// 不早于本单.
    NotEarlier,
    /// 不是同一诉求人.
    OtherCaller,
    /// 不是同一事项.
    OtherMatter,
    /// 尚未办结.
    StillOpen,
}

impl EarlierOrderFinding {
    pub const ALL: [Self; 7] = [
        Self::Agrees,
        Self::Missing,
        Self::Itself,
        Self::NotEarlier,
        Self::OtherCaller,
        Self::OtherMatter,
        Self::StillOpen,
    ];
}

/// 历次工单核对 of one order that a final closure of `order` names. The center looks at the requisites
/// alone, so this tells the reviewer and stops nothing (决定 I-13).
pub fn check_earlier_order(order: &WorkOrder, named: Option<&WorkOrder>) -> EarlierOrderFinding {
    let Some(named) = named else {
        return EarlierOrderFinding::Missing;
    };
    let marks = caller_marks(&order.matter.caller, &named.matter.caller);
    if named.number == order.number {
        EarlierOrderFinding::Itself
    } else if named.registered_at >= order.registered_at {
        EarlierOrderFinding::NotEarlier
    } else if marks.len() < MARKS_FOR_FINAL_CLOSURE {
        EarlierOrderFinding::OtherCaller
    } else if matter_marks(&order.matter, &named.matter).is_empty() {
        EarlierOrderFinding::OtherMatter
    } else if named.stage.is_open() {
        EarlierOrderFinding::StillOpen
    } else {
        EarlierOrderFinding::Agrees
    }
}

/// "身份证/号码/姓名+地址任二" (决定 I-13). No identity card is recorded, so two of the three that are.
const MARKS_FOR_FINAL_CLOSURE: usize = 2;

fn relation(matter: &Matter, order: &WorkOrder) -> Option<RepeatProposal> {
    let proposal = |relation, caller_marks, matter_marks| RepeatProposal {
        relation,
        number: order.number.clone(),
        caller_marks,
        matter_marks,
    };
    if matter.origin.is_same_delivery(&order.matter.origin) {
        return Some(proposal(
            RepeatRelation::SameDelivery,
            Vec::new(),
            vec![MatterMark::UpstreamNumber],
        ));
    }
    let matter_marks = matter_marks(matter, &order.matter);
    if matter_marks.is_empty() {
        return None;
    }
    let caller_marks = caller_marks(&matter.caller, &order.matter.caller);
    let is_same_caller = are_of_one_caller(&caller_marks);
    let relation = match (is_same_caller, order.stage) {
        (_, Stage::Merged | Stage::Withdrawn) => return None,
        (true, Stage::FinallyClosed) => RepeatRelation::FinallyClosed,
        (true, stage) if stage.is_open() => RepeatRelation::MergeInto,
        (true, _) => RepeatRelation::RepeatOfClosed,
        (false, stage) if stage.is_open() => RepeatRelation::SameMatterByOthers,
        (false, _) => return None,
    };
    let caller_marks = if is_same_caller {
        caller_marks
    } else {
        Vec::new()
    };
    Some(proposal(relation, caller_marks, matter_marks))
}

/// 同一诉求人: a name alone is nobody; a number alone is, and so is a name with an address.
pub fn is_same_caller(one: &Caller, other: &Caller) -> bool {
    are_of_one_caller(&caller_marks(one, other))
}

fn are_of_one_caller(marks: &[CallerMark]) -> bool {
    marks.contains(&CallerMark::Phone) || marks.len() >= 2
}

fn caller_marks(one: &Caller, other: &Caller) -> Vec<CallerMark> {
    let is_same = |a: &str, b: &str| !a.is_empty() && a == b;
    let digits = |caller: &Caller| {
        [&caller.phone, &caller.contact_phone].map(|number| {
            number
                .chars()
                .filter(char::is_ascii_digit)
                .collect::<String>()
        })
    };
    let numbers = digits(other);
    let mut marks = Vec::new();
    if digits(one)
        .iter()
        .any(|number| !number.is_empty() && numbers.contains(number))
    {
        marks.push(CallerMark::Phone);
    }
    if is_same(&one.name, &other.name) {
        marks.push(CallerMark::Name);
    }
    if is_same(&one.address, &other.address) {
        marks.push(CallerMark::Address);
    }
    marks
}

/// 同三级分类+同标的/地址: matters of another category have nothing in common, and a place is said.
fn matter_marks(one: &Matter, other: &Matter) -> Vec<MatterMark> {
    if one.category_id.is_empty() || one.category_id != other.category_id {
        return Vec::new();
    }
    place_marks(&one.place, &other.place)
}

fn place_marks(one: &Place, other: &Place) -> Vec<MatterMark> {
    let is_same = |a: &str, b: &str| !a.is_empty() && a == b;
    let contradicts = |a: &str, b: &str| !a.is_empty() && !b.is_empty() && a != b;
    if contradicts(&one.township_code, &other.township_code)
        || contradicts(&one.village_code, &other.village_code)
        || contradicts(&one.detail, &other.detail)
    {
        return Vec::new();
    }
    [
        (MatterMark::Detail, is_same(&one.detail, &other.detail)),
        (
            MatterMark::Village,
            is_same(&one.village_code, &other.village_code),
        ),
        (
            MatterMark::Township,
            is_same(&one.township_code, &other.township_code),
        ),
    ]
    .into_iter()
    .filter_map(|(mark, is_same)| is_same.then_some(mark))
    .collect()
}
