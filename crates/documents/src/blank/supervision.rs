//! 监督文书: what is proposed about a unit, with what it stands on. It counts once a person has
//! confirmed it.

use super::{SIGNED, list, pair, plain, section, signed, wide};
use crate::form::{Align, Form, Part, Table};

fn evidence() -> Table {
    list(
        "证据清单",
        "证据",
        &[
            ("序号", 2, Align::Middle),
            ("工单编号", 6, Align::Middle),
            ("诉求标题", 9, Align::Left),
            ("期限", 6, Align::Middle),
            ("情况", 7, Align::Left),
        ],
    )
}

/// 督办单 (第二十条).
pub(super) fn supervision() -> Form {
    let parts = vec![
        Part::Grid(vec![
            pair("责任单位", "提出时间"),
            pair("督办情形", "限办日期"),
            wide("督办事项", 4),
            wide("督办要求", 4),
        ]),
        Part::Table(evidence()),
        Part::Grid(vec![
            section("审签"),
            signed("行政审批局意见", "{{行政审批局意见}}", SIGNED, 3),
            signed("县政府意见", "{{县政府意见}}", SIGNED, 3),
            section("办理和销号"),
            wide("办理结果", 4),
            signed("销号意见", "{{销号意见}}", SIGNED, 3),
        ]),
    ];
    plain("督办单", parts, "第二十条")
}

/// 约谈建议单 (第十九条).
pub(super) fn admonition() -> Form {
    let parts = vec![
        Part::Grid(vec![
            pair("被约谈单位", "提出时间"),
            pair("约谈情形", "约谈次数"),
            pair("约谈主体", "统计期间"),
            wide("事实经过", 5),
            wide("约谈建议", 3),
        ]),
        Part::Table(evidence()),
        Part::Grid(vec![
            section("确认"),
            signed("确认人意见", "{{确认人意见}}", SIGNED, 3),
            section("约谈情况"),
            pair("约谈时间", "约谈地点"),
            pair("约谈人", "被约谈人"),
            wide("整改要求", 4),
            signed("被约谈单位", "", "签名：　　　　　　　年　　月　　日", 2),
        ]),
        Part::Note("本单为系统依据工单记录提出的建议，经行政审批局确认后生效。".to_owned()),
    ];
    plain("约谈建议单", parts, "第十九条")
}

/// 移送建议书 (第二十一条).
pub(super) fn referral() -> Form {
    let parts = vec![
        Part::Grid(vec![
            pair("责任单位", "提出时间"),
            pair("移送情形", "移送机关"),
            wide("事实经过", 5),
            wide("移送建议", 3),
        ]),
        Part::Table(evidence()),
        Part::Grid(vec![
            section("确认"),
            signed("确认人意见", "{{确认人意见}}", SIGNED, 3),
            section("移送和处理"),
            pair("移送文号", "移送时间"),
            wide("处理结果", 4),
        ]),
        Part::Note(
            "本书为依据工单记录提出的建议，经确认后移送；是否违纪违法由有权机关认定。".to_owned(),
        ),
    ];
    plain("移送建议书", parts, "第二十一条")
}
