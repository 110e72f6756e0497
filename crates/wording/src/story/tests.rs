//! A line for each kind of event that a workstation alone does not make. Those that it makes stand
//! in the stories of `handling` and of the calls.

use std::fmt::Write as _;

use domain::work_order::{Event, fold};
use expect_test::expect;

use super::*;

const REGISTERED: &str = r#"{"occurred_at":1795396530125,"actor":"1001","event":"registered","number":"20261123-W01-0001","matter":{"caller":{"phone":"","contact_phone":"","name":"","address":""},"channel":"phone","kind":"help","class":"ordinary","category_id":"","title":"停水","text":"停水","place":{"township_code":"","village_code":"","detail":""},"wants":"","is_confidential":false,"wants_call_back":true,"origin":{"source":"city","upstream_number":"达市〔2026〕7号"}},"rule_set":"QX-2023-66"}"#;
const LIMIT: &str = r#""limit":{"kind":"handle","span":{"working_days":3},"started_at":1795396530125,"due_at":1795708800000,"target_at":null,"warn_at":1795672800000}"#;

/// A lead and an assisting unit have the order; then comes what the test is about.
const DISPATCHED: [&str; 2] = [
    r#""event":"dispatched","unit":"unit-water-affairs","opinion":"请核实","part":"lead","by":{"ground":"precedent","id":"p-1","document":"渠府办纪〔2025〕3号"}"#,
    r#""event":"dispatched","unit":"unit-housing","opinion":"请协助","part":"assisting","by":{"ground":"duty"}"#,
];

const EVENTS: &[&str] = &[
    r#""event":"verification_begun","asked":"县水务局","question":"是否属供水范围""#,
    r#""event":"verification_recorded","answered_by":"孙科长","finding":"属供水范围""#,
    r#""event":"coordination_requested","reason":"职责交叉","units":["unit-water-affairs","unit-housing"]"#,
    r#""event":"designated","document":"渠府办函〔2026〕5号""#,
    r#""event":"kind_change_requested","kind":"complaint","reason":"诉求人要求追责""#,
    r#""event":"kind_change_ruled","is_approved":true,"reason":"属实""#,
    r#""event":"class_escalated","class":"special","reason":"停水面积扩大""#,
    r#""event":"upstream_limit_set","upstream":{"superior":"province","due_at":1795708800000},"document":"川热线〔2026〕1号""#,
    r#""event":"limit_moved","assignment":1,LIMIT,"because":{"because":"upstream"}"#,
    r#""event":"limit_moved","assignment":1,LIMIT,"because":{"because":"kind_changed"}"#,
    r#""event":"limit_moved","assignment":1,LIMIT,"because":{"because":"calendar_changed","notice":"国办发明电〔2026〕9号"}"#,
    r#""event":"urge_received","assignment":1,"answered_by":"李主任""#,
    r#""event":"repeat_absorbed","number":"20261123-W01-0002","text":"还是没有水""#,
    r#""event":"linked_to","number":"20261123-W01-0003""#,
    r#""event":"binding_released","assignment":1,"reason":"机构职能已调整""#,
    r#""event":"city_ruled","assignment":1,"granted_until":null,"document":"达市热线〔2026〕9号""#,
    r#""event":"extension_explained","assignment":1,"explained":"to_caller","explained_at":1795396530125,"method":"电话""#,
    r#""event":"extension_explained","assignment":1,"explained":"not_possible","reason":"号码停机""#,
    r#""event":"opinion_submitted","assignment":2,"text":"二次供水设施完好""#,
    r#""event":"final_closure_requested","assignment":1,"opinion":{"facts":"管道已修复","legal_basis":"《城市供水条例》","earlier_orders":["20261001-W01-0001","20261010-W01-0004"],"signed_by":"钱局长","explanation":"11月23日电话解释"}"#,
    r#""event":"final_closure_reviewed","assignment":1,"is_accepted":false,"reason":"缺解释记录""#,
    r#""event":"result_return_recorded","state":"received""#,
    r#""event":"rework_ordered","assignment":1,"reason":"答复未说明原因""#,
    r#""event":"rated","assignment":1,"rating":{"satisfaction":"dissatisfied","solved":"no","reason":"beside_the_point","note":"答非所问","rated_at":1795396530125}"#,
    r#""event":"screening_requested","assignment":1,"reason":"诉求超出政策","late_reason":"材料调取","evidence":["通话录音"]"#,
    r#""event":"screening_reviewed","assignment":1,"review":"ask_evidence","reason":"缺现场照片""#,
    r#""event":"evidence_supplied","assignment":1,"evidence":["现场照片"]"#,
    r#""event":"screening_ruled","assignment":1,"is_removed":false,"document":"达市热线〔2026〕12号""#,
    r#""event":"delay_written_off","assignment":1,"limit":"handle","write_off":"force_majeure","note":"洪水断路""#,
    r#""event":"completed""#,
    r#""event":"archived","outcome":"dissatisfied""#,
    r#""event":"merged_into","number":"20261123-W01-0009""#,
    r#""event":"withdrawn","reason":"诉求人撤回""#,
    r#""event":"finally_closed""#,
];

fn event(body: &str) -> Event {
    let body = body.replace("LIMIT", LIMIT);
    let text = format!(r#"{{"occurred_at":1795396530125,"actor":"1001",{body}}}"#);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn every_other_kind_of_event_has_its_line() {
    let registered: Event = serde_json::from_str(REGISTERED).unwrap();
    let mut history = vec![registered];
    history.extend(DISPATCHED.map(event));
    let order = fold(&history).unwrap();
    let reference = ReferenceTables::built_in().unwrap();
    let teller = Teller {
        order: &order,
        reference: &reference,
    };
    history.extend(EVENTS.iter().copied().map(event));
    let mut shown = String::new();
    for event in &history {
        let Line { title, detail } = teller.tell(&event.kind);
        writeln!(shown, "{title} | {detail}").unwrap();
    }
    expect![[r#"
        登记 求助 | 编号 20261123-W01-0001，来源 市中心转办 达市〔2026〕7号，按规则集 QX-2023-66 执行
        派单 县水务局（主办） | 请核实　依据：先例（渠府办纪〔2025〕3号）
        派单 县住房城乡建设局（协办） | 请协助
        向县水务局核实 | 是否属供水范围
        核实有结论 | 属供水范围（孙科长答复）
        提请专题协调 | 职责交叉（涉及县水务局、县住房城乡建设局）
        县政府办指定承办单位 | 文号 渠府办函〔2026〕5号
        申请改为投诉 | 诉求人要求追责
        类型变更已审核 | 同意：属实
        升为特殊事项 | 停水面积扩大
        登记省下达期限 | 到11月26日（周四）24:00，文号 川热线〔2026〕1号
        县水务局 办理时限按上级期限 | 到11月26日（周四）24:00，上级期限更早
        县水务局 办理时限重算 | 到11月26日（周四）24:00，诉求类型已变更
        县水务局 办理时限重算 | 到11月26日（周四）24:00，日历变更（国办发明电〔2026〕9号）
        县水务局已收到催办 | 回执人 李主任
        20261123-W01-0002 并入本单，作催办和补充 | 还是没有水
        关联 20261123-W01-0003 | 
        放行县水务局退回 | 机构职能已调整
        市批复：不同意延期 | 文号 达市热线〔2026〕9号
        已向诉求人说明延期 | 11月23日（周一）09:15，电话
        未能向诉求人说明延期 | 号码停机
        县住房城乡建设局提交协办意见 | 二次供水设施完好
        县水务局认定终结，待审 | 调查事实：管道已修复
        依据：《城市供水条例》
        历次工单：20261001-W01-0001、20261010-W01-0004
        解释记录：11月23日电话解释
        签名：钱局长
        终结要件已审查 | 要件不齐，继续办理：缺解释记录
        结果回传上级 | 上级已接收
        退回县水务局重办 | 答复未说明原因
        市回访评价：不满意 | 未解决，原因：答非所问。答非所问
        县水务局申请甄别 | 诉求超出政策
        迟交原因：材料调取
        材料：通话录音
        甄别初审 | 需补证：缺现场照片
        县水务局补证 | 现场照片
        市裁定：甄别不成立，评价有效 | 文号 达市热线〔2026〕12号
        核销县水务局的办理超期 | 不可抗力：洪水断路
        办结 | 
        归档 | 不满意归档
        并入 20261123-W01-0009 | 
        撤回 | 诉求人撤回
        终结办理 | 此后无新事实、新理由的同一诉求不再受理
    "#]].assert_eq(&shown);
}
