//! 经过: each event of an order as one line of its story, in the words of the trade.

use domain::WorkOrder;
use domain::extension::ExtensionAsk;
use domain::work_order::{
    AssignmentNumber, ContactRecord, DispatchGround, EventKind, Explained, Feedback, LimitMove,
    Part, RatingRecord, Reply, TownshipReport,
};

use crate::reference::ReferenceTables;
use crate::{attachment, text, time_text};

/// What a line says: its title, and what was said or decided.
pub struct Line {
    pub title: String,
    pub detail: String,
}

/// Tells the story of one order: knows which unit each number of an assignment stands for.
pub struct Teller<'a> {
    pub order: &'a WorkOrder,
    pub reference: &'a ReferenceTables,
}

fn line(title: impl Into<String>, detail: impl Into<String>) -> Line {
    Line {
        title: title.into(),
        detail: detail.into(),
    }
}

/// 同意 / 不同意 with the reason behind it, where one was given.
fn ruled(is_accepted: bool, yes: &str, no: &str, reason: &str) -> String {
    let ruling = if is_accepted { yes } else { no };
    with_reason(ruling, reason)
}

fn with_reason(what: &str, reason: &str) -> String {
    if reason.is_empty() {
        what.to_owned()
    } else {
        format!("{what}：{reason}")
    }
}

impl Teller<'_> {
    pub fn tell(&self, event: &EventKind) -> Line {
        match event {
            EventKind::Registered {
                number,
                matter,
                rule_set,
            } => {
                let origin = &matter.origin;
                let from = if origin.is_own() {
                    String::new()
                } else {
                    format!(
                        "，来源 {} {}",
                        text::source(origin.source),
                        origin.upstream_number
                    )
                };
                line(
                    format!("登记 {}", text::kind(matter.kind)),
                    format!(
                        "编号 {number}{}，按规则集 {} 执行",
                        from.trim_end(),
                        rule_set.0
                    ),
                )
            }
            EventKind::LimitStarted { limit, assignment } => line(
                format!(
                    "{}{}时限起算",
                    self.of_unit(*assignment),
                    text::limit(limit.kind)
                ),
                format!(
                    "{}，到{}（{}）",
                    text::span(limit.span),
                    time_text::deadline(limit.due_at),
                    limit.kind.article()
                ),
            ),
            EventKind::LimitMoved {
                limit,
                assignment,
                because,
            } => {
                let name = format!("{}{}", self.of_unit(*assignment), text::limit(limit.kind));
                limit_moved(&name, &time_text::deadline(limit.due_at), because)
            }
            EventKind::AnsweredOnTheSpot { answer, article } => {
                let cited = article.as_ref().map_or_else(String::new, |article| {
                    format!("（引用知识 {} 第 {} 版）", article.id.0, article.version)
                });
                line("当场答复", format!("{answer}{cited}"))
            }
            EventKind::RefusedOutOfScope {
                class,
                guidance,
                legal_basis,
            } => {
                let basis = if legal_basis.is_empty() {
                    String::new()
                } else {
                    format!("（依据：{legal_basis}）")
                };
                line(
                    format!("不予受理，{}", class.article()),
                    format!("{guidance}{basis}"),
                )
            }
            EventKind::TransferredToEmergency {
                line: hotline,
                note,
            } => line(
                format!("转 {} {}", hotline.number(), text::line(*hotline)),
                note,
            ),
            EventKind::VerificationBegun { asked, question } => {
                line(format!("向{asked}核实"), question)
            }
            EventKind::VerificationRecorded {
                answered_by,
                finding,
            } => line("核实有结论", format!("{finding}（{answered_by}答复）")),
            EventKind::Dispatched {
                unit,
                opinion,
                part,
                by,
                replaces,
                rework_of,
            } => {
                let act = match (rework_of, replaces) {
                    (Some(_), _) => "重办派单",
                    (None, Some(_)) => "补派",
                    (None, None) => "派单",
                };
                let part = match part {
                    Part::Sole => String::new(),
                    Part::Countersigning | Part::Lead | Part::Assisting => {
                        format!("（{}）", text::part(*part))
                    }
                };
                let by = match by {
                    DispatchGround::Duty => String::new(),
                    DispatchGround::Coordination { .. }
                    | DispatchGround::Designation { .. }
                    | DispatchGround::Precedent { .. } => {
                        format!("　依据：{}", text::dispatch_ground(by))
                    }
                };
                line(
                    format!("{act} {}{part}", self.reference.unit_name(unit)),
                    format!("{opinion}{by}").trim().to_owned(),
                )
            }
            EventKind::CoordinationRequested { reason, units } => {
                let units: Vec<_> = units
                    .iter()
                    .map(|unit| self.reference.unit_name(unit))
                    .collect();
                let units = if units.is_empty() {
                    String::new()
                } else {
                    format!("（涉及{}）", units.join("、"))
                };
                line("提请专题协调", format!("{reason}{units}"))
            }
            EventKind::Designated { document } => {
                line("县政府办指定承办单位", format!("文号 {document}"))
            }
            EventKind::Delivered {
                delivered_at,
                answered_by,
                phone,
                assignment,
            } => {
                let at = time_text::moment(*delivered_at);
                // Of one unit its name is said where it was dispatched.
                let unit = if self.order.assignments.len() > 1 {
                    self.of_unit(*assignment)
                } else {
                    String::new()
                };
                if answered_by.is_empty() {
                    line(format!("{unit}送达"), format!("{at}，由中心送达"))
                } else {
                    line(
                        format!("{unit}电话送达"),
                        format!("{at}，接听人 {answered_by}，电话 {phone}"),
                    )
                }
            }
            EventKind::TownshipReported { report } => self.township_reported(report),
            EventKind::KindChangeRequested { kind, reason } => {
                line(format!("申请改为{}", text::kind(*kind)), reason)
            }
            EventKind::KindChangeRuled {
                is_approved,
                reason,
            } => line(
                "类型变更已审核",
                ruled(*is_approved, "同意", "不同意", reason),
            ),
            EventKind::ClassEscalated { class, reason } => {
                line(format!("升为{}事项", text::class(*class)), reason)
            }
            EventKind::UpstreamLimitSet { upstream, document } => line(
                format!("登记{}下达期限", text::superior(upstream.superior)),
                format!(
                    "到{}，文号 {document}",
                    time_text::deadline(upstream.due_at)
                ),
            ),
            EventKind::Urged {
                assignment,
                reason,
                method,
            } => line(
                format!("催办{}", self.unit(*assignment)),
                format!("{reason}（{method}）"),
            ),
            EventKind::UrgeReceived {
                assignment,
                answered_by,
            } => line(
                format!("{}已收到催办", self.unit(*assignment)),
                format!("回执人 {answered_by}"),
            ),
            EventKind::CallerCorrected { reason, .. } => line("更正诉求人信息", reason.clone()),
            EventKind::Supplemented { text, files } => line("补充", with_files(text, files)),
            EventKind::MergedInto { number } => line(format!("并入 {number}"), ""),
            EventKind::RepeatAbsorbed { number, text } => {
                line(format!("{number} 并入本单，作催办和补充"), text)
            }
            EventKind::LinkedTo { number } => line(format!("关联 {number}"), ""),
            EventKind::Withdrawn { reason } => line("撤回", reason),
            EventKind::SignedFor { assignment } => {
                line(format!("{}签收", self.unit(*assignment)), "")
            }
            EventKind::PassedDown {
                assignment,
                to,
                note,
            } => line(
                format!("{}二级转办 {to}", self.unit(*assignment)),
                note.clone(),
            ),
            EventKind::ContactRecorded {
                assignment,
                contact,
            } => self.contacted(*assignment, contact),
            EventKind::FirstResponded { assignment, text } => {
                line(format!("{}初步响应", self.unit(*assignment)), text)
            }
            EventKind::ProgressReported { assignment, text } => {
                line(format!("{}反馈进度", self.unit(*assignment)), text)
            }
            EventKind::SentBack {
                assignment,
                reason,
                basis,
                suggestion,
            } => line(
                format!("{}退回，待审", self.unit(*assignment)),
                format!("理由：{reason}\n依据：{basis}\n转送建议：{suggestion}"),
            ),
            EventKind::SendBackRuled {
                assignment,
                is_accepted,
                reason,
            } => line(
                format!("{}的退回已裁定", self.unit(*assignment)),
                ruled(*is_accepted, "同意退回", "驳回，继续办理", reason),
            ),
            EventKind::BindingReleased { assignment, reason } => {
                line(format!("放行{}退回", self.unit(*assignment)), reason)
            }
            EventKind::ExtensionRequested {
                assignment,
                ask,
                reason,
                lane,
                proposed_due_at,
            } => line(
                format!("{}申请延期", self.unit(*assignment)),
                format!(
                    "{}，{}，拟到{}：{reason}",
                    text::extension_lane(*lane),
                    asked(ask),
                    time_text::deadline(*proposed_due_at)
                ),
            ),
            EventKind::ExtensionReviewed {
                assignment,
                is_forwarded,
                reason,
            } => line(
                format!("县审{}的延期申请", self.unit(*assignment)),
                ruled(*is_forwarded, "同意，报市", "不予上报", reason),
            ),
            EventKind::CityRuled {
                granted_until,
                document,
                ..
            } => match granted_until {
                Some(until) => line(
                    "市批复：同意延期",
                    format!("到{}，文号 {document}", time_text::deadline(*until)),
                ),
                None => line("市批复：不同意延期", format!("文号 {document}")),
            },
            EventKind::ExtensionExplained { explained, .. } => match explained {
                Explained::ToCaller {
                    explained_at,
                    method,
                } => line(
                    "已向诉求人说明延期",
                    format!("{}，{method}", time_text::moment(*explained_at)),
                ),
                Explained::NotPossible { reason } => line("未能向诉求人说明延期", reason),
            },
            EventKind::OpinionSubmitted { assignment, text } => {
                line(format!("{}提交协办意见", self.unit(*assignment)), text)
            }
            EventKind::ReplySubmitted { assignment, reply } => line(
                format!("{}提交答复", self.unit(*assignment)),
                replied(reply),
            ),
            EventKind::ReplySigned { assignment } => {
                line(format!("{}内审签发", self.unit(*assignment)), "")
            }
            EventKind::ReplyRejected { assignment, reason } => {
                line(format!("{}内审退改", self.unit(*assignment)), reason)
            }
            EventKind::Completed => line("办结", ""),
            EventKind::FinalClosureRequested {
                assignment,
                opinion,
            } => line(
                format!("{}认定终结，待审", self.unit(*assignment)),
                format!(
                    "调查事实：{}\n依据：{}\n历次工单：{}\n解释记录：{}\n签名：{}",
                    opinion.facts,
                    opinion.legal_basis,
                    opinion.earlier_orders.join("、"),
                    opinion.explanation,
                    opinion.signed_by
                ),
            ),
            EventKind::FinalClosureReviewed {
                is_accepted,
                reason,
                ..
            } => line(
                "终结要件已审查",
                ruled(*is_accepted, "要件齐备", "要件不齐，继续办理", reason),
            ),
            EventKind::FinallyClosed => line("终结办理", "此后无新事实、新理由的同一诉求不再受理"),
            EventKind::ResultReturnRecorded { state } => {
                line("结果回传上级", text::result_return(*state))
            }
            EventKind::Rated { rating, .. } => rated(rating),
            EventKind::OwnCallBackRecorded { note } => line("自查回访（不计入考核）", note),
            EventKind::ScreeningRequested {
                assignment,
                reason,
                late_reason,
                evidence,
            } => {
                let mut detail = reason.clone();
                if !late_reason.is_empty() {
                    detail.push_str(&format!("\n迟交原因：{late_reason}"));
                }
                if !evidence.is_empty() {
                    detail.push_str(&format!("\n材料：{}", names_of(evidence)));
                }
                line(format!("{}申请甄别", self.unit(*assignment)), detail)
            }
            EventKind::ScreeningReviewed { review, reason, .. } => line(
                "甄别初审",
                with_reason(text::screening_review(*review), reason),
            ),
            EventKind::EvidenceSupplied {
                assignment,
                evidence,
            } => line(
                format!("{}补证", self.unit(*assignment)),
                names_of(evidence),
            ),
            EventKind::ScreeningRuled {
                is_removed,
                document,
                ..
            } => line(
                if *is_removed {
                    "市裁定：甄别成功，评价剔除"
                } else {
                    "市裁定：甄别不成立，评价有效"
                },
                format!("文号 {document}"),
            ),
            EventKind::ReworkOrdered { assignment, reason } => {
                line(format!("退回{}重办", self.unit(*assignment)), reason)
            }
            EventKind::Archived { outcome } => line("归档", text::archive_outcome(*outcome)),
            EventKind::DelayWrittenOff {
                assignment,
                limit,
                write_off,
                note,
            } => line(
                format!(
                    "核销{}的{}超期",
                    self.unit(*assignment),
                    text::limit(*limit)
                ),
                with_reason(text::write_off(*write_off), note),
            ),
        }
    }

    /// The name of the unit with that assignment.
    pub fn unit(&self, number: AssignmentNumber) -> &str {
        self.order
            .assignment(number)
            .map_or("承办单位", |it| self.reference.unit_name(&it.unit))
    }

    /// The unit's name with a space behind it, where the order has several units.
    pub fn of_unit(&self, number: Option<AssignmentNumber>) -> String {
        match number {
            Some(number) if self.order.assignments.len() > 1 => format!("{} ", self.unit(number)),
            Some(_) | None => String::new(),
        }
    }

    fn township_reported(&self, report: &TownshipReport) -> Line {
        line(
            format!("报告属地 {}", self.reference.unit_name(&report.township)),
            format!(
                "{}，接听人 {}，{}",
                time_text::moment(report.reported_at),
                report.answered_by,
                report.method
            ),
        )
    }

    fn contacted(&self, assignment: AssignmentNumber, contact: &ContactRecord) -> Line {
        let note = if contact.note.is_empty() {
            String::new()
        } else {
            format!("：{}", contact.note)
        };
        line(
            format!("{}联系诉求人", self.unit(assignment)),
            format!(
                "{}，{}{note}",
                time_text::moment(contact.contacted_at),
                text::contact_outcome(contact.outcome)
            ),
        )
    }
}

/// What was said, and the names of what came with it.
fn with_files(said: &str, files: &[String]) -> String {
    let names = names_of(files);
    match (said, names.as_str()) {
        (said, "") => said.to_owned(),
        ("", names) => format!("附件：{names}"),
        (said, names) => format!(
            "{said}
附件：{names}"
        ),
    }
}

/// The names of what was handed in, without their hashes.
fn names_of(evidence: &[String]) -> String {
    let names: Vec<&str> = evidence.iter().map(|it| attachment::read(it).0).collect();
    names.join("、")
}

fn limit_moved(name: &str, due: &str, because: &LimitMove) -> Line {
    match because {
        LimitMove::Suspended => line(format!("{name}时限暂停"), "暂停期间不计时"),
        LimitMove::Resumed => line(format!("{name}时限恢复"), format!("到{due}")),
        LimitMove::Extended => line(format!("{name}时限延长"), format!("到{due}，市已批准")),
        LimitMove::Upstream => line(
            format!("{name}时限按上级期限"),
            format!("到{due}，上级期限更早"),
        ),
        LimitMove::KindChanged => line(
            format!("{name}时限重算"),
            format!("到{due}，诉求类型已变更"),
        ),
        LimitMove::CalendarChanged { notice } => line(
            format!("{name}时限重算"),
            format!("到{due}，日历变更（{notice}）"),
        ),
    }
}

fn asked(ask: &ExtensionAsk) -> String {
    match ask {
        ExtensionAsk::Complicated { days } | ExtensionAsk::Grave { days, .. } => {
            format!("延 {days} 个工作日")
        }
        ExtensionAsk::Statutory { last_day, law } => {
            format!("按{law}到{}", time_text::date(*last_day))
        }
    }
}

fn replied(reply: &Reply) -> String {
    let feedback = match &reply.feedback {
        Feedback::Given { given_at, method } => {
            format!("{}向诉求人反馈，{method}", time_text::moment(*given_at))
        }
        Feedback::CallerNotReached => "多次联系诉求人未果".to_owned(),
    };
    format!(
        "{}\n署名负责人 {}；{feedback}",
        reply.text, reply.responsible_person
    )
}

fn rated(rating: &RatingRecord) -> Line {
    let reason = rating.reason.map_or_else(String::new, |reason| {
        format!("，原因：{}", text::dissatisfaction_reason(reason))
    });
    let note = if rating.note.is_empty() {
        String::new()
    } else {
        format!("。{}", rating.note)
    };
    line(
        format!("市回访评价：{}", text::satisfaction(rating.satisfaction)),
        format!("{}{reason}{note}", text::solved(rating.solved)),
    )
}

#[cfg(test)]
mod tests;
