//! 参数表: every parameter of a rule set with its article, for people to read and compare.

use chrono::NaiveTime;

use super::{ConsultationExtension, CountingYear, RuleSet};
use crate::time_limit::{CloseOfDay, CountMode, OpenInterval};

/// 参数: one line of the table, with the article or the decision it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    pub term: &'static str,
    pub value: ParameterValue,
    pub article: &'static str,
}

/// 参数值, with its unit (决定 I-1 … I-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterValue {
    /// 工作日.
    WorkingDays(u32),
    /// 自然小时.
    Hours(u32),
    /// 工作日的小时, days off left out.
    HoursOnWorkingDays(u32),
    /// 工作小时, within office hours.
    OfficeHours(u32),
    /// 分钟.
    Minutes(u32),
    /// 秒.
    Seconds(u32),
    /// 自然日.
    Days(u32),
    /// 个月.
    Months(u32),
    /// 标准差, in hundredths.
    StandardDeviations(u32),
    /// 次.
    Times(u32),
    /// 每日时段.
    DailyHours(OpenInterval),
    /// 钟点.
    TimeOfDay(NaiveTime),
    /// 选项, by its name in the decision.
    Choice(&'static str),
}

impl RuleSet {
    /// 参数表, in the order of the articles. A new parameter does not build until it has a line.
    pub fn parameters(&self) -> Vec<Parameter> {
        use ParameterValue::{
            Choice, DailyHours, Days, Hours, HoursOnWorkingDays, Minutes, Months, OfficeHours,
            Seconds, StandardDeviations, TimeOfDay, Times, WorkingDays,
        };
        let Self {
            id: _,
            document: _,
            effective_from: _,
            effective_until: _,
            dispatch_days,
            sign_days,
            handle_days,
            counting,
            send_back,
            extension,
            screening,
            special,
            special_emergency,
            special_dispatch_minutes,
            verification_days,
            liaison,
            contact_hours,
            contact_attempts,
            assisting_days_before_lead,
            final_closure_min_count,
            surge,
            admonition,
            knowledge_tasks,
            office_hours,
            clock_skew_seconds,
            target_time,
            warn_before_target_hours,
            warn_before_due_minutes,
        } = self;
        let line = |term, value, article| Parameter {
            term,
            value,
            article,
        };
        let count_mode = match counting.count_mode {
            CountMode::NextDay => "次日起算",
            CountMode::SameClock => "同钟点",
        };
        let close_of_day = match counting.close_of_day {
            CloseOfDay::Midnight => "24:00",
            CloseOfDay::SixInTheEvening => "18:00",
        };
        let consultation_extension = match extension.consultation {
            ConsultationExtension::Disabled => "禁用",
            ConsultationExtension::Enabled => "监督员已开",
        };
        let counting_year = match admonition.counting_year {
            CountingYear::Calendar => "自然年",
        };
        let merge = if admonition.merge_until_talk {
            "是"
        } else {
            "否"
        };
        vec![
            line(
                "联络员相对固定",
                Months(liaison.settled_months),
                "第六条(一)",
            ),
            line(
                "联络员不固定：更换次数",
                Times(liaison.unsettled_at_changes),
                "第六条(一)",
            ),
            line("联系诉求人", Hours(*contact_hours), "第六条(二)"),
            line(
                "无法联系前的联系次数",
                Times(*contact_attempts),
                "决定 I-17",
            ),
            line(
                "不予受理核实",
                WorkingDays(*verification_days),
                "第八条末款",
            ),
            line(
                "协办先于主办",
                WorkingDays(*assisting_days_before_lead),
                "第十条",
            ),
            line("知识编写", WorkingDays(knowledge_tasks.write), "第十三条"),
            line(
                "知识更新",
                WorkingDays(knowledge_tasks.update),
                "第六条(四)",
            ),
            line(
                "知识复核",
                WorkingDays(knowledge_tasks.review),
                "第六条(四)",
            ),
            line("知识纠错", WorkingDays(knowledge_tasks.correct), "第十四条"),
            line("转办", WorkingDays(*dispatch_days), "第十一条(一)"),
            line("签收", WorkingDays(*sign_days), "第十一条(二)"),
            line(
                "办理：咨询",
                WorkingDays(handle_days.consultation),
                "第十一条(二)",
            ),
            line("办理：求助", WorkingDays(handle_days.help), "第十一条(二)"),
            line(
                "办理：意见建议",
                WorkingDays(handle_days.suggestion),
                "第十一条(二)",
            ),
            line(
                "办理：投诉",
                WorkingDays(handle_days.complaint),
                "第十一条(二)",
            ),
            line(
                "办理：举报",
                WorkingDays(handle_days.report),
                "第十一条(二)",
            ),
            line(
                "退回",
                WorkingDays(send_back.days),
                "第十一条(二)、决定 I-4",
            ),
            line(
                "退回审核内控",
                OfficeHours(send_back.review_office_hours),
                "第五条(三)、决定 I-7",
            ),
            line(
                "退回被驳后至少",
                WorkingDays(send_back.days_left_after_rejection),
                "决定 I-7",
            ),
            line(
                "反复退回预警",
                Times(send_back.warn_at_count),
                "第二十一条(三)",
            ),
            line(
                "一般延期",
                WorkingDays(extension.general_days),
                "第十一条(三)、决定 I-8",
            ),
            line(
                "特别重大复杂，送达起",
                WorkingDays(extension.grave_total_days),
                "第十一条(三)、决定 I-8",
            ),
            line(
                "须说明并经市明示同意的延期",
                WorkingDays(extension.exceptional_days),
                "第十一条(三)、决定 I-8",
            ),
            line("每单延期", Times(extension.max_per_order), "决定 I-9"),
            line(
                "咨询类延期",
                Choice(consultation_extension),
                "第十一条(三)、决定 I-9",
            ),
            line(
                "建议提前申请延期",
                WorkingDays(extension.advised_days_before),
                "决定 I-9",
            ),
            line(
                "特殊：初步响应",
                Hours(special.first_response_hours),
                "第十一条(四)",
            ),
            line(
                "特殊：进度",
                WorkingDays(special.progress_days),
                "第十一条(四)",
            ),
            line(
                "特殊：进度内控",
                Hours(special.progress_target_hours),
                "决定 I-5",
            ),
            line(
                "特殊紧急：初步响应",
                Hours(special_emergency.first_response_hours),
                "第十一条(四)",
            ),
            line(
                "特殊紧急：进度",
                WorkingDays(special_emergency.progress_days),
                "第十一条(四)",
            ),
            line(
                "特殊紧急：进度内控",
                Hours(special_emergency.progress_target_hours),
                "决定 I-5",
            ),
            line(
                "第一时间",
                Minutes(*special_dispatch_minutes),
                "第十一条(四)、决定 I-5",
            ),
            line(
                "甄别原则期",
                WorkingDays(screening.principle_days),
                "第十二条(一)、决定 I-11",
            ),
            line(
                "甄别初审",
                WorkingDays(screening.review_days),
                "第十二条(一)",
            ),
            line(
                "补证",
                HoursOnWorkingDays(screening.evidence_hours),
                "第十二条(一)、决定 I-12",
            ),
            line(
                "终结办理最少次数",
                Times(*final_closure_min_count),
                "第十二条(二)、决定 I-13",
            ),
            line("突增基线", Days(surge.baseline_days), "第十六条"),
            line(
                "突增偏离",
                StandardDeviations(surge.z_hundredths),
                "第十六条",
            ),
            line("突增：24小时内", Times(surge.n_in_a_day), "第十六条"),
            line(
                "约谈考核年度",
                Choice(counting_year),
                "第十九条(一)、决定 I-14",
            ),
            line("约谈前超期并计", Choice(merge), "第十九条(一)、决定 I-14"),
            line("计日方式", Choice(count_mode), "决定 I-1"),
            line("截止钟点", Choice(close_of_day), "决定 I-1"),
            line("内控目标钟点", TimeOfDay(*target_time), "决定 I-1"),
            line("预警：内控目标前", Hours(*warn_before_target_hours), "内控"),
            line(
                "预警：小时制到期前",
                Minutes(*warn_before_due_minutes),
                "内控",
            ),
            line("中心工作时间上午", DailyHours(office_hours.morning), "内控"),
            line(
                "中心工作时间下午",
                DailyHours(office_hours.afternoon),
                "内控",
            ),
            line("时钟偏差警告", Seconds(*clock_skew_seconds), "决定 I-18"),
        ]
    }
}
