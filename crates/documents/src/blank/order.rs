//! 单件文书: the forms about one order.

use super::{SIGNED, cell, list, named, pair, plain, section, signed, wide};
use crate::form::{Align, Form, GRID_COLUMNS, GridRole, GridRow, Part};

/// Which order it is about.
fn of_the_order() -> Vec<GridRow> {
    vec![
        pair("工单编号", "受理时间"),
        pair("诉求类型", "事项分类"),
        pair("来源渠道", "上级编号"),
    ]
}

/// What is asked, and by whom as far as the unit may know it (第十七条); `more` below where it happened.
fn of_the_matter(more: Vec<GridRow>) -> Vec<GridRow> {
    let mut rows = vec![
        section("诉求情况"),
        pair("诉求人", "联系电话"),
        wide("事发地点", 1),
    ];
    rows.extend(more);
    rows.extend([
        wide("诉求标题", 1),
        wide("诉求内容", 7),
        wide("诉求目标", 1),
    ]);
    rows
}

fn rows(groups: [Vec<GridRow>; 3]) -> Vec<Part> {
    vec![Part::Grid(groups.into_iter().flatten().collect())]
}

/// Two people, each with room to sign.
fn two_signed(left: &str, right: &str) -> GridRow {
    let signed_by = |name: &str| {
        let mut value = cell(GridRole::Value, 4, "");
        "年　　月　　日　　时　　分".clone_into(&mut value.foot);
        [cell(GridRole::Label, 2, name), value]
    };
    GridRow {
        cells: signed_by(left)
            .into_iter()
            .chain(signed_by(right))
            .collect(),
        min_lines: 2,
    }
}

/// 交办单 (第十条, 第十一条).
pub(super) fn dispatch() -> Form {
    let rest = vec![
        section("交办情况"),
        pair("承办单位", "承办方式"),
        pair("协办单位", "派单依据"),
        pair("交办时间", "送达时间"),
        wide("交办意见", 2),
        pair("签收期限", "退回期限"),
        pair("办结期限", "事项等级"),
        named(
            "办理要求",
            "1. 接单后及时联系诉求人，办理后反馈结果，对办理结果负责（第六条（二））。\n\
             2. 不属本单位职责的，在退回期限前退回，写明理由、依据和转送建议；超期退回视为超期办理（第十一条（二））。\n\
             3. 不能按期办结的，在期限届满前申请延期并说明理由（第十一条（三））。\n\
             4. 答复由本单位审核人审核签名（第十八条）；不得泄露诉求人信息（第十七条）。",
            1,
        ),
        two_signed("交办人", "签收人"),
    ];
    let when_and_whom = vec![pair("事发时间", "诉求对象")];
    plain(
        "交办单",
        rows([of_the_order(), of_the_matter(when_and_whom), rest]),
        "第十条、第十一条",
    )
}

/// 应急转办单 (第十一条(四)), with what is told by telephone while the line is down (决定 I-19).
pub(super) fn emergency_dispatch() -> Form {
    let rest = vec![
        section("转办和报告"),
        pair("承办单位", "事项等级"),
        pair("转办时间", "电话送达时间"),
        pair("接听人", "接听电话"),
        wide("交办意见", 2),
        pair("属地政府", "报告时间"),
        pair("接报人", "报告方式"),
        pair("初步响应期限", "进度报告期限"),
        pair("办结期限", "签收期限"),
        named(
            "办理要求",
            "1. 特殊事项接单后3小时内初步响应、2个工作日内报告进度；特殊紧急事项2小时内初步响应、1个工作日内报告进度（第十一条（四））。\n\
             2. 时限按自然小时计算，不因夜间、节假日顺延。",
            1,
        ),
        signed("初步响应", "", SIGNED, 4),
        two_signed("转办人", "值班长"),
    ];
    plain(
        "应急转办单",
        // One page: when it happened and whom it is about stands in what was told.
        rows([of_the_order(), of_the_matter(Vec::new()), rest]),
        "第十一条（四）",
    )
}

/// 催办单 (第五条(一)).
pub(super) fn urging() -> Form {
    let rest = vec![
        section("催办情况"),
        pair("承办单位", "办理状态"),
        pair("办结期限", "剩余时间"),
        pair("催办次数", "催办时间"),
        pair("催办人", "催办方式"),
        wide("催办事由", 4),
        section("承办单位回执"),
        signed("办理进展", "", SIGNED, 5),
        signed("预计办结", "", SIGNED, 2),
    ];
    let order = vec![
        pair("工单编号", "受理时间"),
        pair("诉求类型", "事项分类"),
        wide("诉求标题", 1),
        wide("诉求内容", 5),
    ];
    plain(
        "催办单",
        rows([order, rest, Vec::new()]),
        "第五条（一）、第十一条",
    )
}

/// 退回单 (第十一条(二)).
pub(super) fn send_back() -> Form {
    let rest = vec![
        section("退回申请"),
        pair("退回单位", "承办方式"),
        pair("退回期限", "提交时间"),
        pair("是否超期", "派单依据"),
        wide("退回理由", 4),
        wide("退回依据", 3),
        wide("转送建议", 2),
        signed("单位负责人", "", SIGNED, 2),
        section("县中心审核"),
        pair("审核结果", "审核时间"),
        signed("审核意见", "{{审核意见}}", SIGNED, 3),
    ];
    plain(
        "退回单",
        rows([as_delivered(), rest, Vec::new()]),
        "第五条（三）、第十条、第十一条（二）",
    )
}

/// The order as the unit was given it, for what the unit asks of it.
fn as_delivered() -> Vec<GridRow> {
    vec![
        pair("工单编号", "送达时间"),
        pair("诉求类型", "事项分类"),
        wide("诉求标题", 1),
        wide("诉求内容", 4),
    ]
}

/// 延期申请单 (第十一条(三)).
pub(super) fn extension_request() -> Form {
    let rest = vec![
        section("延期申请"),
        pair("申请单位", "申请时间"),
        pair("原办结期限", "申请延至"),
        pair("延长天数", "申请类别"),
        wide("延期理由", 5),
        signed("单位负责人", "", SIGNED, 2),
        section("审批"),
        signed("县中心审核", "{{县审意见}}", SIGNED, 3),
        signed("市中心批准", "{{市批意见}}", SIGNED, 3),
        pair("批准期限", "审批结果"),
        wide("向诉求人说明", 2),
    ];
    plain(
        "延期申请单",
        rows([as_delivered(), rest, Vec::new()]),
        "第十一条（三）",
    )
}

/// 甄别申请表 (第十二条(一)).
pub(super) fn screening_request() -> Form {
    let rest = vec![
        section("评价情况"),
        pair("评价送达时间", "满意度"),
        pair("解决情况", "不满意原因"),
        wide("评价说明", 2),
        section("甄别申请"),
        pair("申请单位", "提请时间"),
        pair("原则期限", "最迟期限"),
        wide("申请理由", 4),
        wide("逾期说明", 1),
        wide("佐证材料", 2),
        signed("单位负责人", "", SIGNED, 2),
        section("审核和裁定"),
        signed("县中心初审", "{{初审意见}}", SIGNED, 3),
        wide("补充证据", 2),
        signed("市中心裁定", "{{市裁定}}", SIGNED, 2),
    ];
    let order = vec![
        pair("工单编号", "办结时间"),
        wide("诉求标题", 1),
        wide("答复内容", 4),
    ];
    plain(
        "甄别申请表",
        rows([order, rest, Vec::new()]),
        "第十二条（一）",
    )
}

/// 终结办理意见书 (第十二条(二)).
pub(super) fn closure_opinion() -> Form {
    let order = vec![
        pair("工单编号", "诉求人"),
        pair("诉求类型", "事项分类"),
        wide("诉求标题", 1),
        wide("诉求内容", 4),
    ];
    let opinion = vec![
        section("终结意见"),
        pair("承办单位", "提出时间"),
        wide("调查事实", 7),
        wide("法律依据", 4),
    ];
    let rest = vec![
        wide("向诉求人解释", 4),
        signed(
            "单位负责人",
            "{{单位负责人}}",
            "（单位公章）　　　　　年　　月　　日",
            3,
        ),
        section("县中心要件审查"),
        pair("审查结果", "审查时间"),
        signed("审查意见", "{{审查意见}}", SIGNED, 3),
    ];
    let parts = vec![
        Part::Grid(order.into_iter().chain(opinion).collect()),
        Part::Table(list(
            "历次办理情况",
            "历次办理",
            &[
                ("序号", 1, Align::Middle),
                ("工单编号", 4, Align::Middle),
                ("受理时间", 4, Align::Middle),
                ("承办单位", 4, Align::Left),
                ("办理结果", 5, Align::Left),
            ],
        )),
        Part::Grid(rest),
        Part::Note(
            "终结后同一诉求人就同一事项再次提出、没有新事实和新理由的，不再受理（第八条（四））。"
                .to_owned(),
        ),
    ];
    plain("终结办理意见书", parts, "第八条（四）、第十二条（二）")
}

/// 办结单 (第六条(二), 第十八条).
pub(super) fn completion() -> Form {
    let order = vec![
        pair("工单编号", "受理时间"),
        pair("诉求类型", "事项分类"),
        pair("承办单位", "承办方式"),
        pair("送达时间", "办结期限"),
        pair("办结时间", "是否按时"),
        wide("诉求标题", 1),
        wide("诉求内容", 5),
    ];
    let contacts = vec![GridRow {
        cells: vec![cell(GridRole::Section, GRID_COLUMNS, "联系记录")],
        min_lines: 1,
    }];
    let contact = GridRow {
        cells: vec![
            cell(GridRole::Label, 2, "{{联系记录.序号}}"),
            cell(GridRole::Value, 4, "{{联系记录.时间}}"),
            cell(GridRole::Value, 2, "{{联系记录.结果}}"),
            cell(GridRole::Value, 4, "{{联系记录.说明}}"),
        ],
        min_lines: 1,
    };
    let rest = vec![
        contact,
        section("办理结果"),
        wide("答复内容", 7),
        wide("协办意见", 1),
        pair("反馈时间", "反馈方式"),
        pair("责任人", "审核人"),
        wide("延期情况", 1),
        signed("单位审核", "", "（单位公章）　　　　　年　　月　　日", 3),
    ];
    plain(
        "办结单",
        rows([order, contacts, rest]),
        "第六条（二）、第十一条、第十八条",
    )
}
