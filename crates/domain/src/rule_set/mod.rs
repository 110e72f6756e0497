//! The rules as dated data: what may change when a new regulation comes.
//!
//! A work order keeps the rule set it was accepted under (不溯及). [`RuleSet::parameters`] lists
//! every parameter with its article.

mod announced;
mod parameters;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

pub use self::announced::KnownLimits;
pub use self::parameters::{Parameter, ParameterValue};
use crate::kb::task::KbTaskKind;
use crate::matter::{MatterClass, MatterKind};
use crate::time_limit::{CloseOfDay, CountMode, Counting, OfficeHours, OpenInterval};

/// 规则集编号.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleSetId(pub String);

/// 规则集: the parameters of one regulation in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSet {
    pub id: RuleSetId,
    /// 文号.
    pub document: String,
    pub effective_from: NaiveDate,
    /// The last day on which orders are accepted under it; `None` while it is in force.
    pub effective_until: Option<NaiveDate>,
    /// 转办时限, working days from acceptance (第十一条(一)).
    pub dispatch_days: u32,
    /// 签收时限, working days from delivery (第十一条(二)).
    pub sign_days: u32,
    /// 办理时限 by kind, working days from delivery (第十一条(二)).
    pub handle_days: HandleDays,
    /// 计算方式: how working days are counted (决定 I-1).
    pub counting: Counting,
    /// 退回 (第十一条(二)).
    pub send_back: SendBackRules,
    /// 延期 (第十一条(三)).
    pub extension: ExtensionRules,
    /// 甄别 (第十二条(一)).
    pub screening: ScreeningRules,
    /// 特殊事项 (第十一条(四)).
    pub special: ResponseLimits,
    /// 特殊紧急事项 (第十一条(四)).
    pub special_emergency: ResponseLimits,
    /// 第一时间: minutes within which the center passes a special matter on, as the house aims at
    /// (第十一条(四), 决定 I-5). The statutory limit is that of any other matter.
    pub special_dispatch_minutes: u32,
    /// 待核实: working days for asking the units whether a matter is out of scope (第八条末款).
    pub verification_days: u32,
    /// 联络员 (第四条, 第六条(一)).
    pub liaison: LiaisonRules,
    /// 联系诉求人: hours the house gives a unit for the first contact; a hint, never a delay
    /// (第六条(二)).
    pub contact_hours: u32,
    /// 无法联系: attempts at different times of day before an order may end so (决定 I-17).
    pub contact_attempts: u32,
    /// 协办内部期限: working days before the end of the lead unit's limit (第十条).
    pub assisting_days_before_lead: u32,
    /// 终结办理: the same caller's same matter, at least so many times (第十二条(二), 决定 I-13).
    pub final_closure_min_count: u32,
    /// 突增预警 (第十六条).
    pub surge: SurgeRules,
    /// 约谈 (第十九条(一)).
    pub admonition: AdmonitionRules,
    /// 知识任务时限 (第十三条, 第六条(四)); the article names none, the house gives these.
    pub knowledge_tasks: KnowledgeTaskDays,
    /// 中心工作时间, on every working day.
    pub office_hours: CenterHours,
    /// 时钟偏差: seconds between desk and center from which people are warned (决定 I-18).
    pub clock_skew_seconds: u32,
    /// 内控目标 of a limit in working days, the time on its last day (决定 I-1).
    pub target_time: NaiveTime,
    /// 预警: hours before the target of a limit in working days at which people are told.
    pub warn_before_target_hours: u32,
    /// 预警: minutes before the end of a limit in natural hours at which people are told.
    pub warn_before_due_minutes: u32,
}

/// 办理时限: working days for each kind of matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandleDays {
    pub consultation: u32,
    pub help: u32,
    pub suggestion: u32,
    pub complaint: u32,
    pub report: u32,
}

impl HandleDays {
    fn of(self, kind: MatterKind) -> u32 {
        match kind {
            MatterKind::Consultation => self.consultation,
            MatterKind::Help => self.help,
            MatterKind::Suggestion => self.suggestion,
            MatterKind::Complaint => self.complaint,
            MatterKind::Report => self.report,
        }
    }
}

/// 特殊事项反馈时限: the first response in natural hours, the progress in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseLimits {
    pub first_response_hours: u32,
    pub progress_days: u32,
    /// 内控, natural hours: a working day may end after a long holiday (决定 I-5).
    pub progress_target_hours: u32,
}

/// 退回规则 (第十一条(二), 决定 I-4、I-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendBackRules {
    /// 退回时限, working days from delivery.
    pub days: u32,
    /// 退回审核内控, office hours of the center.
    pub review_office_hours: u32,
    /// 驳回后补足: working days that are left at least after a rejection.
    pub days_left_after_rejection: u32,
    /// 反复退回: at which time the same order is reported (第二十一条(三)).
    pub warn_at_count: u32,
}

/// 约谈计次规则 (第十九条(一), 决定 I-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdmonitionRules {
    pub counting_year: CountingYear,
    /// Delays before the first talk is over count as one.
    pub merge_until_talk: bool,
}

/// 联络员规则: when a liaison is no longer "相对固定" (第六条(一)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiaisonRules {
    /// Months back from today in which changes count.
    pub settled_months: u32,
    /// 不固定: at so many changes in that time.
    pub unsettled_at_changes: u32,
}

/// 知识任务时限: working days from the day after a task is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnowledgeTaskDays {
    pub write: u32,
    pub update: u32,
    pub review: u32,
    pub correct: u32,
}

impl KnowledgeTaskDays {
    pub fn of(&self, kind: KbTaskKind) -> u32 {
        match kind {
            KbTaskKind::Write => self.write,
            KbTaskKind::Update => self.update,
            KbTaskKind::Review => self.review,
            KbTaskKind::Correct => self.correct,
        }
    }
}

/// 突增规则: when more matters come than usual (第十六条).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SurgeRules {
    /// Days before the last 24 hours that tell what is usual.
    pub baseline_days: u32,
    /// Hundredths of a standard deviation above the usual.
    pub z_hundredths: u32,
    /// So many in 24 hours are looked at in any case.
    pub n_in_a_day: u32,
}

/// 中心工作时间, which the regulation does not set: morning and afternoon of every working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CenterHours {
    pub morning: OpenInterval,
    pub afternoon: OpenInterval,
}

impl CenterHours {
    /// As hours to count by.
    pub fn office_hours(self) -> OfficeHours {
        OfficeHours::daily(&[self.morning, self.afternoon])
    }
}

/// 考核年度: within which delays of a unit are counted (第二十三条, 决定 I-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountingYear {
    /// 自然年.
    Calendar,
}

/// 延期规则 (第十一条(三), 决定 I-8、I-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExtensionRules {
    /// 一般延期: working days at most beyond the base limit.
    pub general_days: u32,
    /// 特别重大复杂: working days from delivery within which such a matter is to be completed.
    pub grave_total_days: u32,
    /// 超出②须说明: working days beyond the base limit that nothing but a law may exceed.
    pub exceptional_days: u32,
    /// 每单次数.
    pub max_per_order: u32,
    /// 咨询类延期: whether a consultation may be extended.
    pub consultation: ConsultationExtension,
    /// 建议提前: working days before the end by which to ask.
    pub advised_days_before: u32,
}

/// 咨询类延期: "咨询类工单原则上不予延期" (第十一条(三), 决定 I-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsultationExtension {
    /// 禁用.
    Disabled,
    /// 监督员已开.
    Enabled,
}

/// 甄别规则 (第十二条(一), 决定 I-11、I-12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreeningRules {
    /// 原则时限, working days after the rating is delivered.
    pub principle_days: u32,
    /// 县初审, working days after the request.
    pub review_days: u32,
    /// 补证, hours of working days.
    pub evidence_hours: u32,
}

impl RuleSet {
    /// 渠府办〔2023〕66号, in force since the day it was issued (第二十四条).
    pub fn qx_2023_66() -> Self {
        #[expect(clippy::expect_used, reason = "constants")]
        let (effective_from, target_time) = (
            NaiveDate::from_ymd_opt(2023, 5, 15).expect("a date"),
            NaiveTime::from_hms_opt(18, 0, 0).expect("a time of day"),
        );
        Self {
            id: RuleSetId("QX-2023-66".to_owned()),
            document: "渠府办〔2023〕66号".to_owned(),
            effective_from,
            effective_until: None,
            dispatch_days: 1,
            sign_days: 1,
            handle_days: HandleDays {
                consultation: 2,
                help: 3,
                suggestion: 3,
                complaint: 5,
                report: 5,
            },
            counting: Counting {
                count_mode: CountMode::NextDay,
                close_of_day: CloseOfDay::Midnight,
            },
            send_back: SendBackRules {
                days: 1,
                review_office_hours: 4,
                days_left_after_rejection: 1,
                warn_at_count: 3,
            },
            extension: ExtensionRules {
                general_days: 3,
                grave_total_days: 7,
                exceptional_days: 7,
                max_per_order: 1,
                consultation: ConsultationExtension::Disabled,
                advised_days_before: 1,
            },
            screening: ScreeningRules {
                principle_days: 2,
                review_days: 1,
                evidence_hours: 24,
            },
            special: ResponseLimits {
                first_response_hours: 3,
                progress_days: 2,
                progress_target_hours: 48,
            },
            special_emergency: ResponseLimits {
                first_response_hours: 2,
                progress_days: 1,
                progress_target_hours: 24,
            },
            special_dispatch_minutes: 15,
            verification_days: 1,
            liaison: LiaisonRules {
                settled_months: 12,
                unsettled_at_changes: 2,
            },
            contact_hours: 24,
            contact_attempts: 3,
            assisting_days_before_lead: 1,
            final_closure_min_count: 3,
            surge: SurgeRules {
                baseline_days: 7,
                z_hundredths: 300,
                n_in_a_day: 5,
            },
            knowledge_tasks: KnowledgeTaskDays {
                write: 5,
                update: 3,
                review: 5,
                correct: 1,
            },
            admonition: AdmonitionRules {
                counting_year: CountingYear::Calendar,
                merge_until_talk: true,
            },
            office_hours: CenterHours {
                morning: OpenInterval {
                    opens: 9 * 60,
                    closes: 12 * 60,
                },
                afternoon: OpenInterval {
                    opens: 14 * 60,
                    closes: 18 * 60,
                },
            },
            clock_skew_seconds: 60,
            target_time,
            warn_before_target_hours: 4,
            warn_before_due_minutes: 30,
        }
    }

    /// 办理时限 of a kind, in working days.
    pub fn handle_days(&self, kind: MatterKind) -> u32 {
        self.handle_days.of(kind)
    }

    /// The limits of 第十一条(四), where the class has them.
    pub fn response_limits(&self, class: MatterClass) -> Option<ResponseLimits> {
        match class {
            MatterClass::Ordinary => None,
            MatterClass::Special => Some(self.special),
            MatterClass::SpecialEmergency => Some(self.special_emergency),
        }
    }
}

/// 规则集目录: every rule set an order may be pinned to; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSets {
    first: RuleSet,
    later: Vec<RuleSet>,
    announced: Vec<KnownLimits>,
}

impl RuleSets {
    /// The rule sets that the program brings.
    pub fn built_in() -> Self {
        Self {
            first: RuleSet::qx_2023_66(),
            later: Vec::new(),
            announced: vec![KnownLimits::sc_2025()],
        }
    }

    /// The rule set for an order accepted on `date`: of those in force, the one that came last.
    /// Before the first of them, the first: there is no other to go by.
    pub fn in_force_on(&self, date: NaiveDate) -> &RuleSet {
        self.iter()
            .filter(|set| set.effective_from <= date)
            .filter(|set| set.effective_until.is_none_or(|last| date <= last))
            .max_by_key(|set| set.effective_from)
            .unwrap_or(&self.first)
    }

    /// The rule set of that number.
    pub fn get(&self, id: &RuleSetId) -> Option<&RuleSet> {
        self.iter().find(|set| set.id == *id)
    }

    /// The same with one rule set more, for orders accepted from its first day on.
    #[must_use]
    pub fn with(mut self, later: RuleSet) -> Self {
        self.later.push(later);
        self
    }

    /// 已公布未启用的规则: shown, never in force.
    pub fn announced(&self) -> &[KnownLimits] {
        &self.announced
    }

    fn iter(&self) -> impl Iterator<Item = &RuleSet> {
        std::iter::once(&self.first).chain(&self.later)
    }
}

#[cfg(test)]
mod tests;
