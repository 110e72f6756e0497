//! What is recorded at a desk, in Chinese.

use domain::assessment::AssessmentCommandKind;
use domain::caller_dossier::DossierCommandKind;
use domain::dispatch_catalogue::AmendmentCommandKind;
use domain::early_warning::EarlyWarningCommandKind;
use domain::kb::KbCommandKind;
use domain::kb::task::KbTaskCommandKind;
use domain::supervision::SupervisoryCommandKind;
use domain::work_order::CommandKind;
use serde::de::DeserializeOwned;

use crate::export::{FILE_FIELD, SERIAL_FIELD};

use super::{
    amendment_command, assessment_command, command, dossier_command, early_warning_command,
    kb_command, kb_task_command, supervisory_command,
};

/// 操作 of the calls that are recorded.
const CALLS: &[(&str, &str)] = &[
    ("change_operator", "换人"),
    ("sign_in", "登录"),
    ("change_password", "修改密码"),
    ("sign_out", "退出登录"),
    ("lock", "锁定"),
    ("write_hand_over", "交班"),
    ("enrol", "登记到中心"),
    ("conflict", "查看待处理事项"),
    ("settle_conflict", "关闭待处理事项"),
    ("act_on_kb_record", "处理知识条目"),
    ("act_on_kb_task", "处理知识任务"),
    ("assign_kb_reviews", "分派知识复核"),
    ("act_on_gap", "处理知识缺口"),
    ("act_on_kb_words", "维护同义词"),
    ("kb_import_run", "导入知识"),
    ("kb_import_errors", "导出差错表"),
    ("kb_export", "导出知识"),
    ("tell_apart", "认定不是同一事项"),
    ("load_samples", "载入示例知识"),
    ("remove_samples", "移除示例知识"),
    ("work_orders", "检索工单"),
    ("work_order", "查看工单"),
    ("caller_history", "查看来电历史"),
    ("reveal_phone", "显示号码"),
    ("ask_to_reveal", "申请查看诉求人"),
    ("decide_reveal", "审批查看诉求人"),
    ("discard_draft", "删除草稿"),
    ("submit", "提交受理"),
    ("act_on_order", "处理工单"),
    ("handle_order", "处理工单"),
    ("record_delivery", "记录电话送达"),
    ("bring_back", "调阅已移出本机的工单"),
    ("fetch_attachment", "取回附件"),
    ("save_attachment", "保存附件"),
    ("urge_many", "批量催办"),
    ("supervisory_case", "查看监督件"),
    ("act_on_case", "处理监督件"),
    ("act_on_assessment", "办理考核"),
    ("export_assessment", "导出考核"),
    ("export_assessment_year", "导出年度总表"),
    ("act_on_early_warning", "处置预警"),
    ("set_early_warning_thresholds", "设定预警阈值"),
    ("draft_work_report", "起草专报"),
    ("act_on_work_report", "办理专报"),
    ("export_work_report", "导出专报"),
    ("answer_call", "接听来电"),
    ("open_link", "打开来电链接"),
    ("caller_card", "查看来电人"),
    ("dossiers", "查看异常来电档案"),
    ("act_on_dossier", "处理异常来电档案"),
    ("act_on_catalogue", "调整派单目录"),
    ("learn_now", "重新学习"),
    ("print_order_form", "打印单据"),
    ("print_case", "打印监督文书"),
    ("export_ledger", "导出台账"),
    ("export_figure", "导出分析的工单"),
    ("choose_backup_folder", "设定备份文件夹"),
    ("back_up", "备份本机"),
    ("try_backup", "演练备份"),
    ("audit_entries", "查询审计记录"),
    ("verify_audit", "核对审计链"),
    ("export_audit", "导出审计记录"),
    ("trace_export", "查导出来源"),
    ("ask_to_export", "申请导出"),
    ("decide_export", "审批导出"),
];

/// 操作 of what is recorded besides the calls.
pub(crate) const AUDITED_EVENTS: &[(&str, &str)] = &[
    ("open", "打开本机存储"),
    ("reveal", "查看诉求人信息"),
    ("audit_retention", "清理到期审计记录"),
    ("signed_in_online", "登录"),
    ("signed_in_offline", "离线登录"),
    ("failed", "登录未成功"),
    ("barred", "暂停尝试"),
    ("locked", "锁定"),
    ("locked_idle", "超时锁定"),
    ("unlocked", "解锁"),
    ("signed_out", "退出登录"),
    ("password_changed", "修改密码"),
    ("hand_over_written", "交班"),
    ("hand_over_confirmed", "接班"),
    ("enrolled", "本机登记到中心"),
];

/// The name of a call that is recorded.
pub(crate) fn audited_call(name: &str) -> Option<&'static str> {
    let found = CALLS.iter().find(|(call, _)| *call == name);
    found.map(|(_, text)| *text)
}

/// The name of whatever was recorded; of what is not known here, as it is kept.
pub(crate) fn audited(act: &str) -> String {
    let found = AUDITED_EVENTS.iter().find(|(event, _)| *event == act);
    let text = audited_call(act).or(found.map(|(_, text)| *text));
    text.unwrap_or(act).to_owned()
}

/// The name of a field that was shown, or of a command that was given.
pub(crate) fn audited_field(name: &str) -> String {
    if let Some(serial) = name.strip_prefix(SERIAL_FIELD) {
        return format!("导出编号 {serial}");
    }
    if let Some(sha256) = name.strip_prefix(FILE_FIELD) {
        let begin: String = sha256.chars().take(12).collect();
        return format!("文件校验值 {begin}…");
    }
    let field = match name {
        "phone" => "来电号码",
        "contact_phone" => "联系电话",
        "search" => "检索词",
        _ => "",
    };
    if !field.is_empty() {
        return field.to_owned();
    }
    intent(name).unwrap_or(name).to_owned()
}

/// A command by the name under which an intent keeps it; `None` for one of a newer program.
pub(crate) fn intent(name: &str) -> Option<&'static str> {
    if let Some(kind) = name.strip_prefix("kb_task_") {
        named::<KbTaskCommandKind>(kind).map(kb_task_command)
    } else if let Some(kind) = name.strip_prefix("assess_") {
        named::<AssessmentCommandKind>(kind).map(assessment_command)
    } else if let Some(kind) = name.strip_prefix("kb_") {
        named::<KbCommandKind>(kind).map(kb_command)
    } else if let Some(kind) = name.strip_prefix("supervise_") {
        named::<SupervisoryCommandKind>(kind).map(supervisory_command)
    } else if let Some(kind) = name.strip_prefix("amend_") {
        named::<AmendmentCommandKind>(kind).map(amendment_command)
    } else if let Some(kind) = name.strip_prefix("dossier_") {
        named::<DossierCommandKind>(kind).map(dossier_command)
    } else if let Some(kind) = name.strip_prefix("early_warning_") {
        named::<EarlyWarningCommandKind>(kind).map(early_warning_command)
    } else {
        named::<CommandKind>(name).map(command)
    }
}

fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api;
    use crate::audit::Audited;

    #[test]
    fn every_call_that_is_recorded_has_a_name_and_no_other() {
        for name in api::CALLS {
            let rule = api::rule(name).unwrap();
            let is_recorded = !matches!(rule.audited, Audited::Not { .. });
            assert_eq!(audited_call(name).is_some(), is_recorded, "{name}");
        }
    }

    #[test]
    fn commands_and_fields_by_their_names() {
        assert_eq!(audited_field("phone"), "来电号码");
        assert_eq!(audited_field("dispatch"), "派单");
        assert_eq!(audited_field("amend_rule"), "审核目录修订");
        assert_eq!(audited_field("of_a_newer_program"), "of_a_newer_program");
    }
}
