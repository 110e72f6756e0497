//! What is done with an order that was registered before.

use expect_test::expect;
use serde_json::json;

use crate::form::{answer, dispatch, draft_id, intake, refuse, register, transfer, with};
use crate::shown::{is_chinese_sentence, line, lines};
use crate::workstation::Workstation;

fn registered() -> Workstation {
    let workstation = Workstation::ready();
    workstation.submitted(1, &intake("路灯坏了"), &register());
    workstation
}

#[test]
fn each_outcome_after_registering() {
    let mut shown = String::new();
    for outcome in [
        answer("已联系路灯所。"),
        dispatch("unit-housing"),
        refuse("military", ""),
        transfer("122"),
    ] {
        let workstation = registered();
        let before = workstation.order(1)["version"].as_u64();
        let done = workstation.call("act_on_order", workstation.act(1, &outcome));
        shown.push_str(&(line(&done, &["number", "stage_text", "message"]) + "\n"));
        assert!(workstation.order(1)["version"].as_u64() > before);
        assert_eq!(workstation.n_orders(), 1);
    }
    expect![[r#"
        20261123-W01-0001 | 当场答复 | 已当场答复办结，已保存在本机。
        20261123-W01-0001 | 已派待送达 | 已保存在本机，未送达；联网后由中心送达承办单位。
        20261123-W01-0001 | 不予受理 | 已登记不予受理告知，已保存在本机。
        20261123-W01-0001 | 已转紧急热线 | 已记录转接紧急热线，已保存在本机。
    "#]]
    .assert_eq(&shown);
}

#[test]
fn a_window_that_shows_an_older_order_is_told_so() {
    let workstation = registered();
    let as_shown = workstation.act(1, &dispatch("unit-housing"));
    workstation.call("act_on_order", as_shown.clone());
    let told = "stale: 内容刚刚有变化，已重新显示，请核对后再操作。";
    assert_eq!(workstation.error("act_on_order", as_shown.clone()), told);
    let ahead = with(as_shown, "/version", 99);
    assert_eq!(workstation.error("act_on_order", ahead), told);
    let delivery = with(workstation.delivery(1), "/version", 0);
    assert_eq!(workstation.error("record_delivery", delivery), told);
}

#[test]
fn an_order_is_concluded_once() {
    let workstation = registered();
    workstation.call(
        "act_on_order",
        workstation.act(1, &dispatch("unit-housing")),
    );
    let before = workstation.order(1);
    let mut shown = String::new();
    for outcome in [
        register(),
        answer("好"),
        dispatch("unit-police"),
        refuse("military", ""),
        transfer("110"),
    ] {
        let error = workstation.error("act_on_order", workstation.act(1, &outcome));
        assert!(is_chinese_sentence(&error), "{error}");
        shown.push_str(&(error + "\n"));
    }
    expect![[r#"
        refused: 这件诉求已经登记过了。
        refused: 工单现在是“已派待送达”，不能进行“当场答复”。
        refused: 工单现在是“已派待送达”，不能进行“派单”。
        refused: 工单现在是“已派待送达”，不能进行“不予受理”。
        refused: 工单现在是“已派待送达”，不能进行“转紧急”。
    "#]]
    .assert_eq(&shown);
    assert_eq!(workstation.order(1), before);
}

/// What the window offers is what a call will allow.
#[test]
fn commands_come_with_the_reason_why_not() {
    let workstation = registered();
    let fields = ["command", "text", "refusal"];
    let mut shown = lines(&workstation.order(1)["commands"], &fields);
    workstation.call(
        "act_on_order",
        workstation.act(1, &dispatch("unit-housing")),
    );
    shown.push('\n');
    shown.push_str(&lines(&workstation.order(1)["commands"], &fields));
    expect![[r#"
        answer_on_the_spot | 当场答复 | null
        refuse_out_of_scope | 不予受理 | null
        transfer_to_emergency | 转紧急 | null
        begin_verification | 发起核实 | null
        record_verification | 记录核实结论 | 工单现在是“待派”，不能进行“记录核实结论”。
        dispatch | 派单 | null
        request_coordination | 提请专题协调 | null
        designate | 指定承办 | 指定承办须由县政府办、监督员操作。
        record_delivery | 记录电话送达 | 工单现在是“待派”，不能进行“记录电话送达”。
        confirm_delivery | 确认送达 | 确认送达须由中心操作。
        record_township_report | 记录属地报告 | 只有特殊、特殊紧急事项才需要这一步。
        request_kind_change | 申请变更类型 | null
        rule_on_kind_change | 审核类型变更 | 审核类型变更须由审核员、值班长操作。
        escalate_class | 升级事项等级 | null
        set_upstream_limit | 登记上级期限 | null
        urge | 催办 | 工单现在是“待派”，不能进行“催办”。
        record_urge_receipt | 记录催办回执 | 工单现在是“待派”，不能进行“记录催办回执”。
        supplement | 补充 | null
        merge_into | 并入 | null
        absorb_repeat | 接收并入 | null
        link_to | 关联 | null
        correct_caller | 更正诉求人信息 | null
        withdraw | 撤回 | null
        sign_for | 签收 | 签收须由承办联络员操作。
        pass_down | 二级转办 | 二级转办须由承办联络员操作。
        record_contact | 记录联系 | 工单现在是“待派”，不能进行“记录联系”。
        respond_first | 初步响应 | 工单现在是“待派”，不能进行“初步响应”。
        report_progress | 反馈进度 | 工单现在是“待派”，不能进行“反馈进度”。
        send_back | 退回 | 退回须由承办联络员操作。
        rule_on_send_back | 裁定退回 | 裁定退回须由审核员操作。
        release_binding | 放行退回 | 放行退回须由监督员操作。
        request_extension | 申请延期 | 申请延期须由承办联络员操作。
        review_extension | 县审延期 | 县审延期须由审核员操作。
        record_city_ruling | 登记市批复 | 登记市批复须由审核员、市中心、中心操作。
        explain_extension | 记录延期说明 | 工单现在是“待派”，不能进行“记录延期说明”。
        submit_opinion | 提交协办意见 | 提交协办意见须由承办联络员操作。
        submit_reply | 提交答复 | 提交答复须由承办联络员操作。
        sign_reply | 内审签发 | 内审签发须由单位审核人操作。
        reject_reply | 内审退改 | 内审退改须由单位审核人操作。
        request_final_closure | 认定终结 | 认定终结须由承办联络员操作。
        review_final_closure | 审查终结 | 审查终结须由审核员操作。
        record_result_return | 登记结果回传 | 工单现在是“待派”，不能进行“登记结果回传”。
        import_rating | 导入评价 | 导入评价须由市中心、中心操作。
        record_own_call_back | 记录自查回访 | 工单现在是“待派”，不能进行“记录自查回访”。
        request_screening | 申请甄别 | 申请甄别须由承办联络员操作。
        review_screening | 初审甄别 | 初审甄别须由审核员操作。
        supply_evidence | 补证 | 补证须由承办联络员操作。
        record_screening_ruling | 登记甄别结论 | 登记甄别结论须由审核员、市中心、中心操作。
        order_rework | 退回重办 | 退回重办须由审核员、值班长、监督员操作。
        archive | 归档 | 归档须由审核员、值班长、中心操作。
        write_off_delay | 核销超期 | 核销超期须由监督员操作。
        recount_limits | 重算时限 | 重算时限须由系统管理员、中心操作。

        answer_on_the_spot | 当场答复 | 工单现在是“已派待送达”，不能进行“当场答复”。
        refuse_out_of_scope | 不予受理 | 工单现在是“已派待送达”，不能进行“不予受理”。
        transfer_to_emergency | 转紧急 | 工单现在是“已派待送达”，不能进行“转紧急”。
        begin_verification | 发起核实 | 工单现在是“已派待送达”，不能进行“发起核实”。
        record_verification | 记录核实结论 | 工单现在是“已派待送达”，不能进行“记录核实结论”。
        dispatch | 派单 | 工单现在是“已派待送达”，不能进行“派单”。
        request_coordination | 提请专题协调 | 工单现在是“已派待送达”，不能进行“提请专题协调”。
        designate | 指定承办 | 指定承办须由县政府办、监督员操作。
        record_delivery | 记录电话送达 | 一般事项由中心服务器送达承办单位后才算送达；只有特殊、特殊紧急事项可以电话送达。
        confirm_delivery | 确认送达 | 确认送达须由中心操作。
        record_township_report | 记录属地报告 | 只有特殊、特殊紧急事项才需要这一步。
        request_kind_change | 申请变更类型 | null
        rule_on_kind_change | 审核类型变更 | 审核类型变更须由审核员、值班长操作。
        escalate_class | 升级事项等级 | null
        set_upstream_limit | 登记上级期限 | null
        urge | 催办 | null
        record_urge_receipt | 记录催办回执 | null
        supplement | 补充 | null
        merge_into | 并入 | 工单现在是“已派待送达”，不能进行“并入”。
        absorb_repeat | 接收并入 | null
        link_to | 关联 | null
        correct_caller | 更正诉求人信息 | null
        withdraw | 撤回 | null
        sign_for | 签收 | 签收须由承办联络员操作。
        pass_down | 二级转办 | 二级转办须由承办联络员操作。
        record_contact | 记录联系 | 承办单位的办理现在是“已派待送达”，不能进行“记录联系”。
        respond_first | 初步响应 | 承办单位的办理现在是“已派待送达”，不能进行“初步响应”。
        report_progress | 反馈进度 | 承办单位的办理现在是“已派待送达”，不能进行“反馈进度”。
        send_back | 退回 | 退回须由承办联络员操作。
        rule_on_send_back | 裁定退回 | 裁定退回须由审核员操作。
        release_binding | 放行退回 | 放行退回须由监督员操作。
        request_extension | 申请延期 | 申请延期须由承办联络员操作。
        review_extension | 县审延期 | 县审延期须由审核员操作。
        record_city_ruling | 登记市批复 | 登记市批复须由审核员、市中心、中心操作。
        explain_extension | 记录延期说明 | 工单现在是“已派待送达”，不能进行“记录延期说明”。
        submit_opinion | 提交协办意见 | 提交协办意见须由承办联络员操作。
        submit_reply | 提交答复 | 提交答复须由承办联络员操作。
        sign_reply | 内审签发 | 内审签发须由单位审核人操作。
        reject_reply | 内审退改 | 内审退改须由单位审核人操作。
        request_final_closure | 认定终结 | 认定终结须由承办联络员操作。
        review_final_closure | 审查终结 | 审查终结须由审核员操作。
        record_result_return | 登记结果回传 | 工单现在是“已派待送达”，不能进行“登记结果回传”。
        import_rating | 导入评价 | 导入评价须由市中心、中心操作。
        record_own_call_back | 记录自查回访 | 工单现在是“已派待送达”，不能进行“记录自查回访”。
        request_screening | 申请甄别 | 申请甄别须由承办联络员操作。
        review_screening | 初审甄别 | 初审甄别须由审核员操作。
        supply_evidence | 补证 | 补证须由承办联络员操作。
        record_screening_ruling | 登记甄别结论 | 登记甄别结论须由审核员、市中心、中心操作。
        order_rework | 退回重办 | 退回重办须由审核员、值班长、监督员操作。
        archive | 归档 | 归档须由审核员、值班长、中心操作。
        write_off_delay | 核销超期 | 核销超期须由监督员操作。
        recount_limits | 重算时限 | 重算时限须由系统管理员、中心操作。
    "#]].assert_eq(&shown);
}

#[test]
fn an_order_that_is_not_there() {
    let workstation = Workstation::ready();
    let id = draft_id(7);
    let told = "refused: 没有找到这件工单。";
    let outcome = answer("好");
    let act = json!({ "work_order_id": id, "version": 0, "outcome": outcome });
    assert_eq!(workstation.error("act_on_order", act), told);
    for name in ["work_order", "reveal_phone"] {
        assert_eq!(
            workstation.error(name, json!({ "id": id, "purpose": "call_back" })),
            told
        );
    }
    assert_eq!(workstation.n_orders(), 0);
}
