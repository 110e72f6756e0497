//! What a case file says of instants, refusals and orders.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use domain::clock_face::{date_of, time_of, weekday_text};
use domain::extension::ExtensionRefusal;
use domain::time_limit::{LimitState, TimeLimit};
use domain::work_order::{
    Assignment, AssignmentNumber, CitedArticle, Conclusion, DispatchGround, Explained, Feedback,
    RatingRecord,
};
use domain::{Refusal, WorkOrder};

use crate::words;

/// `11-24`, with the year where it is not the case's own.
fn date(date: NaiveDate, year: i32) -> String {
    if date.year() == year {
        date.format("%m-%d").to_string()
    } else {
        date.format("%Y-%m-%d").to_string()
    }
}

/// The day and the time of day; midnight is 24:00 of the day before, as the regulation counts.
fn day_and_time(at: DateTime<Utc>) -> (NaiveDate, String) {
    let (date, time) = (date_of(at), time_of(at));
    if time == NaiveTime::MIN {
        return (date - Days::new(1), "24:00".to_owned());
    }
    let format = if time.format("%S%.f").to_string() == "00" {
        "%H:%M"
    } else {
        "%H:%M:%S%.f"
    };
    (date, time.format(format).to_string())
}

/// `11-24 24:00`.
pub(crate) fn instant(at: DateTime<Utc>, year: i32) -> String {
    let (day, time) = day_and_time(at);
    format!("{} {time}", date(day, year))
}

/// `11-24 周二 24:00`.
pub(crate) fn instant_with_weekday(at: DateTime<Utc>, year: i32) -> String {
    let (day, time) = day_and_time(at);
    format!("{} {} {time}", date(day, year), weekday_text(day))
}

pub(crate) fn refusal(refusal: &Refusal, year: i32) -> String {
    let between = |earliest: &DateTime<Utc>, latest: &DateTime<Utc>| {
        format!(
            "不在 {} 与 {} 之间",
            instant(*earliest, year),
            instant(*latest, year)
        )
    };
    match refusal {
        Refusal::AlreadyRegistered => "已登记过".to_owned(),
        Refusal::NotRegistered => "尚未登记".to_owned(),
        Refusal::WrongStage { command, stage } => {
            format!("{}不能{}", words::stage(*stage), words::command(*command))
        }
        Refusal::NotPermitted { command, roles } => {
            let roles: Vec<_> = roles.iter().map(|role| words::role(*role)).collect();
            format!("{}须由{}", words::command(*command), roles.join("、"))
        }
        Refusal::TextMissing { field } => format!("{}为空", words::field(*field)),
        Refusal::TextTooLong {
            field,
            max_chars,
            n_chars,
        } => format!("{}有{n_chars}字，至多{max_chars}字", words::field(*field)),
        Refusal::TooManyFiles { max_files } => format!("一次至多附{max_files}个文件"),
        Refusal::PhoneInvalid { field } => format!("{}不是电话号码", words::field(*field)),
        Refusal::UnitUnknown { unit } => format!("{}不是承办单位", unit.0),
        Refusal::LegalBasisMissing { class } => format!("{}须写明法律依据", class.article()),
        Refusal::TransferInstead => "紧急事项应当转接".to_owned(),
        Refusal::DeliveryNeedsCenter => "一般事项由中心确认送达".to_owned(),
        Refusal::DeliveryTimeImpossible {
            delivered_at,
            earliest,
            latest,
        } => format!(
            "送达 {} {}",
            instant(*delivered_at, year),
            between(earliest, latest)
        ),
        Refusal::TimeImpossible {
            field,
            at,
            earliest,
            latest,
        } => format!(
            "{} {} {}",
            words::field(*field),
            instant(*at, year),
            between(earliest, latest)
        ),
        Refusal::SamePerson { command } => format!("{}须由另一人", words::command(*command)),
        Refusal::NotYourUnit { unit } => format!("由{}承办，非本单位", unit.0),
        Refusal::AssignmentUnknown { assignment } => format!("没有承办单{}", assignment.0),
        Refusal::AssignmentNotNamed => "未指明承办单".to_owned(),
        Refusal::WrongAssignmentStage { command, stage } => format!(
            "承办单{}不能{}",
            words::assignment_stage(*stage),
            words::command(*command)
        ),
        Refusal::NotForPart { command, part } => {
            format!("{}单位不能{}", words::part(*part), words::command(*command))
        }
        Refusal::TownshipReportMissing => "未报告属地".to_owned(),
        Refusal::UnitsMissing => "只有一个单位".to_owned(),
        Refusal::UnitTwice { unit } => format!("{}重复", unit.0),
        Refusal::UnitHasPart { unit } => format!("{}已有承办单", unit.0),
        Refusal::Bound { ground: by } => format!("{}，不得退回", ground(by)),
        Refusal::PrecedentNotApplicable { id } => format!("先例{id}不适用"),
        Refusal::NotBound => "并无约束，不必放行".to_owned(),
        Refusal::KindUnchanged => "类型未变".to_owned(),
        Refusal::CallerUnchanged => "诉求人没有变化".to_owned(),
        Refusal::KindChangePending => "已有改类待审".to_owned(),
        Refusal::NoKindChange => "没有改类待审".to_owned(),
        Refusal::ClassNotHigher => "等级只能升高".to_owned(),
        Refusal::NotSpecial => "不是特殊事项".to_owned(),
        Refusal::Extension(refusal) => extension_refusal(refusal, year),
        Refusal::ExtensionPending => "已有延期待批".to_owned(),
        Refusal::NoExtension { command } => {
            format!("没有延期等着{}", words::command(*command))
        }
        Refusal::ExtensionUnexplained => "延期未向诉求人说明".to_owned(),
        Refusal::ContactMissing => "没有联系记录".to_owned(),
        Refusal::AttemptsMissing { n_made, n_needed } => {
            format!("不同时段联系了{n_made}次，须{n_needed}次")
        }
        Refusal::FirstResponseMissing => "没有初步响应".to_owned(),
        Refusal::OpinionsMissing { assignments } => {
            format!("缺协办意见{}", numbers(assignments))
        }
        Refusal::OpinionsNotCited { assignments } => {
            format!("未引用协办意见{}", numbers(assignments))
        }
        Refusal::TooFewForFinalClosure { n_orders, n_needed } => {
            format!("反映{n_orders}次，须{n_needed}次")
        }
        Refusal::NotFromSuperior => "不是上级交办".to_owned(),
        Refusal::AlreadyRated => "已有评价".to_owned(),
        Refusal::NotRatedBad => "没有不满意评价".to_owned(),
        Refusal::AlreadyScreened => "已甄别过".to_owned(),
        Refusal::ScreeningCutOff { cut_off_at } => {
            format!("甄别已于 {} 截止", instant(*cut_off_at, year))
        }
        Refusal::ScreeningReasonMissing { principle_due_at } => {
            format!("过了 {} 的原则期，须说明", instant(*principle_due_at, year))
        }
        Refusal::NoScreening { command } => format!("没有甄别等着{}", words::command(*command)),
        Refusal::EvidenceTooLate { due_at } => {
            format!("补证已于 {} 逾期", instant(*due_at, year))
        }
        Refusal::ScreeningOpen { cut_off_at } => {
            format!("甄别至 {} 未了", instant(*cut_off_at, year))
        }
        Refusal::NoDelay { limit } => format!("{}没有超期", words::limit(*limit)),
        Refusal::NothingMoves => "没有时限变动".to_owned(),
        Refusal::SameOrder => "是同一工单".to_owned(),
    }
}

fn extension_refusal(refusal: &ExtensionRefusal, year: i32) -> String {
    match refusal {
        ExtensionRefusal::AfterDue { due_at, .. } => {
            format!("已于 {} 到期", instant(*due_at, year))
        }
        ExtensionRefusal::Consultation => "咨询类不予延期".to_owned(),
        ExtensionRefusal::NoneLeft { n_granted } => format!("已延期{n_granted}次"),
        ExtensionRefusal::NotLonger => "不多于原期限".to_owned(),
        ExtensionRefusal::OverGeneral { at_most, .. } => {
            format!("一般至多{at_most}个工作日")
        }
        ExtensionRefusal::StatementMissing { at_most } => {
            format!("超过{at_most}个工作日须监督员说明")
        }
        ExtensionRefusal::OverExceptional { at_most, .. } => format!("至多{at_most}个工作日"),
        ExtensionRefusal::LawMissing => "未引法条".to_owned(),
    }
}

/// `2、3`.
fn numbers(assignments: &[AssignmentNumber]) -> String {
    let numbers: Vec<_> = assignments.iter().map(|it| it.0.to_string()).collect();
    numbers.join("、")
}

fn ground(ground: &DispatchGround) -> String {
    match ground {
        DispatchGround::Duty => "按职责".to_owned(),
        DispatchGround::Coordination { document } => format!("协调明确 {document}"),
        DispatchGround::Designation { document } => format!("指定 {document}"),
        DispatchGround::Precedent { id, document } => format!("先例 {id} {document}"),
    }
}

/// The order as a case file ends: a line for what it is, one for what was done, one for each limit.
pub(crate) fn order(order: Option<&WorkOrder>, year: i32) -> String {
    let Some(order) = order else {
        return "未登记\n".to_owned();
    };
    let mut text = format!(
        "{} {} {} 「{}」\n",
        words::stage(order.stage),
        words::matter_kind(order.matter.kind),
        words::matter_class(order.matter.class),
        quoted(&order.matter.title)
    );
    if let Some(conclusion) = &order.conclusion {
        writeln!(text, "  {}", conclusion_line(conclusion, year)).unwrap();
    }
    for line in further_lines(order, year) {
        writeln!(text, "  {line}").unwrap();
    }
    for (limit, state) in &order.limits {
        writeln!(text, "  {}", limit_line(limit, *state, year)).unwrap();
    }
    for assignment in &order.assignments {
        writeln!(text, "  {}", assignment_line(assignment)).unwrap();
        for line in assignment_details(assignment, year) {
            writeln!(text, "    {line}").unwrap();
        }
        for (limit, state) in &assignment.limits {
            writeln!(text, "    {}", limit_line(limit, *state, year)).unwrap();
        }
    }
    text
}

/// What the units of an order are late with at `now`, a line for each limit (决定 I-18).
pub(crate) fn delays(order: &WorkOrder, now: DateTime<Utc>, year: i32) -> String {
    let mut text = String::new();
    for assignment in &order.assignments {
        for delay in assignment.delays_at(now) {
            let done = delay.done_at.map_or_else(
                || "未办理".to_owned(),
                |done_at| format!("{} 才办理", instant(done_at, year)),
            );
            let written_off = delay
                .written_off
                .map(|ground| format!("，已核销：{}", words::write_off(ground)))
                .unwrap_or_default();
            writeln!(
                text,
                "  超期 {} {} 自 {} {done}{written_off}",
                assignment.unit.0,
                words::limit(delay.limit),
                instant(delay.overdue_at, year)
            )
            .unwrap();
        }
    }
    text
}

/// What else is known of an order, where there is anything.
fn further_lines(order: &WorkOrder, year: i32) -> Vec<String> {
    let mut lines = Vec::new();
    if !order.matter.origin.is_own() {
        let origin = &order.matter.origin;
        lines.push(format!(
            "{} {}",
            words::source(origin.source),
            origin.upstream_number
        ));
    }
    if let Some(verification) = &order.verification {
        let finding = verification.finding.as_ref().map_or_else(
            || "未答".to_owned(),
            |(answered_by, finding)| format!("{answered_by}答「{finding}」"),
        );
        lines.push(format!(
            "核实 {}「{}」{finding}",
            verification.asked, verification.question
        ));
    }
    if let Some(change) = &order.kind_change {
        lines.push(format!(
            "申请改为{}「{}」",
            words::matter_kind(change.kind),
            change.reason
        ));
    }
    for report in &order.township_reports {
        lines.push(format!(
            "属地 {} {} {} {}",
            report.township.0,
            report.answered_by,
            instant(report.reported_at, year),
            report.method
        ));
    }
    for upstream in &order.upstream {
        lines.push(format!(
            "{}期限 {}",
            words::superior(upstream.superior),
            instant(upstream.due_at, year)
        ));
    }
    lines.extend(
        order
            .supplements
            .iter()
            .map(|text| format!("补充「{text}」")),
    );
    lines.extend(order.absorbed.iter().map(|number| format!("接收 {number}")));
    lines.extend(order.links.iter().map(|number| format!("关联 {number}")));
    lines.extend(
        order
            .merged_into
            .iter()
            .map(|number| format!("并入 {number}")),
    );
    lines.extend(
        order
            .result_return
            .map(|state| words::result_return(state).to_owned()),
    );
    lines.extend(order.rating.iter().map(|it| format!("评价 {}", rating(it))));
    if order.n_own_call_backs > 0 {
        lines.push(format!("自查回访 {} 次", order.n_own_call_backs));
    }
    lines.extend(
        order
            .archived
            .map(|outcome| words::archive_outcome(outcome).to_owned()),
    );
    lines
}

fn rating(rating: &RatingRecord) -> String {
    let reason = rating
        .reason
        .map(|reason| format!("（{}）", words::dissatisfaction_reason(reason)))
        .unwrap_or_default();
    format!(
        "{}{reason} {}",
        words::satisfaction(rating.satisfaction),
        words::solved(rating.solved)
    )
}

/// `1 县水务局 主办 办理中 指定 渠府办函〔2026〕3号`.
fn assignment_line(assignment: &Assignment) -> String {
    let mut line = format!(
        "{} {} {} {}",
        assignment.number.0,
        assignment.unit.0,
        words::part(assignment.part),
        words::assignment_stage(assignment.stage)
    );
    if assignment.ground != DispatchGround::Duty {
        write!(line, " {}", ground(&assignment.ground)).unwrap();
    }
    if let Some(replaced) = assignment.replaces {
        write!(line, " 替{}", replaced.0).unwrap();
    }
    if let Some(reworked) = assignment.rework_of {
        write!(line, " 重办{}", reworked.0).unwrap();
    }
    line
}

/// How far a unit has come, a line for each thing it did or was done about it.
fn assignment_details(assignment: &Assignment, year: i32) -> Vec<String> {
    let mut lines = Vec::new();
    for part in &assignment.passed_down_to {
        lines.push(format!("二级转办 {part}"));
    }
    for contact in &assignment.contacts {
        lines.push(format!(
            "联系 {} {}",
            instant(contact.contacted_at, year),
            words::contact_outcome(contact.outcome)
        ));
    }
    let said = |what: &str, text: &String| format!("{what}「{}」", quoted(text));
    lines.extend(
        assignment
            .first_response
            .iter()
            .map(|it| said("初步响应", it)),
    );
    lines.extend(assignment.progress.iter().map(|it| said("进度", it)));
    if assignment.n_urges > 0 {
        lines.push(format!(
            "催办 {} 次，回执 {} 次",
            assignment.n_urges, assignment.n_urges_received
        ));
    }
    if let Some(send_back) = &assignment.send_back {
        let ruling = send_back.ruling.as_ref().map_or_else(
            || "待审".to_owned(),
            |it| format!("{}「{}」", words::ruling(it.is_accepted), it.reason),
        );
        lines.push(format!(
            "退回 {}「{}」「{}」转「{}」{ruling}",
            instant(send_back.sent_back_at, year),
            send_back.reason,
            send_back.basis,
            send_back.suggestion
        ));
    }
    if assignment.is_released {
        lines.push("已放行退回".to_owned());
    }
    if let Some(extension) = &assignment.extension {
        let explained = match &extension.explained {
            None => "未说明".to_owned(),
            Some(Explained::ToCaller { explained_at, .. }) => {
                format!("{} 已说明", instant(*explained_at, year))
            }
            Some(Explained::NotPossible { reason }) => format!("未能说明「{reason}」"),
        };
        lines.push(format!(
            "延期 申请至 {} {}，{explained}",
            instant(extension.proposed_due_at, year),
            words::extension_stage(extension.stage)
        ));
    }
    lines.extend(
        assignment
            .assisting_opinion
            .iter()
            .map(|it| said("协办意见", it)),
    );
    if let Some(reply) = &assignment.reply {
        let feedback = match &reply.feedback {
            Feedback::Given { given_at, method } => {
                format!("{} {method}反馈", instant(*given_at, year))
            }
            Feedback::CallerNotReached => "无法联系".to_owned(),
        };
        let cited = if reply.cited_opinions.is_empty() {
            String::new()
        } else {
            format!("，引用{}", numbers(&reply.cited_opinions))
        };
        let signed = assignment
            .signed_by
            .as_ref()
            .map_or_else(|| "未签发".to_owned(), |by| format!("{}签发", by.0));
        lines.push(format!(
            "答复「{}」{} {feedback}{cited}，{signed}",
            quoted(&reply.text),
            reply.responsible_person
        ));
    }
    if let Some(opinion) = &assignment.closure_opinion {
        lines.push(format!(
            "终结意见「{}」依据「{}」历次 {} {}签 解释「{}」",
            opinion.facts,
            opinion.legal_basis,
            opinion.earlier_orders.join("、"),
            opinion.signed_by,
            opinion.explanation
        ));
    }
    if let Some(completed_at) = assignment.completed_at {
        lines.push(format!("办结 {}", instant(completed_at, year)));
    }
    lines.extend(
        assignment
            .rating
            .iter()
            .map(|it| format!("评价 {}", rating(it))),
    );
    if let Some(screening) = &assignment.screening {
        let late = if screening.late_reason.is_empty() {
            String::new()
        } else {
            format!("（迟：{}）", screening.late_reason)
        };
        lines.push(format!(
            "甄别「{}」{late} {}",
            screening.reason,
            words::screening_stage(screening.stage)
        ));
    }
    for (limit, ground) in &assignment.written_off {
        lines.push(format!(
            "核销{}超期：{}",
            words::limit(*limit),
            words::write_off(*ground)
        ));
    }
    lines
}

fn conclusion_line(conclusion: &Conclusion, year: i32) -> String {
    match conclusion {
        Conclusion::Answer { answer, article } => {
            let source = article
                .as_ref()
                .map(|CitedArticle { id, version }| format!(" 引用 {} 第{version}版", id.0))
                .unwrap_or_default();
            format!("答复「{}」{source}", quoted(answer))
        }
        Conclusion::OutOfScope {
            class,
            guidance,
            legal_basis,
        } => format!(
            "{} 引导「{}」 依据「{}」",
            class.article(),
            quoted(guidance),
            quoted(legal_basis)
        ),
        Conclusion::Transfer { line, note } => {
            format!("转 {} 「{}」", line.number(), quoted(note))
        }
        Conclusion::Dispatch {
            unit,
            opinion,
            dispatched_at,
        } => format!(
            "派 {} {} 意见「{}」",
            unit.0,
            instant(*dispatched_at, year),
            quoted(opinion)
        ),
    }
}

fn limit_line(limit: &TimeLimit, state: LimitState, year: i32) -> String {
    let target = limit.target_at.map_or_else(
        || "无".to_owned(),
        |target_at| instant_with_weekday(target_at, year),
    );
    let state = match state {
        LimitState::Running => "进行中".to_owned(),
        LimitState::Met { at } => format!("按时 {}", instant(at, year)),
        LimitState::MetLate { at } => format!("超期 {}", instant(at, year)),
        LimitState::Lifted { at } => format!("免除 {}", instant(at, year)),
    };
    let state = if limit.is_suspended() {
        format!("{state} 暂停")
    } else {
        state
    };
    format!(
        "{} 截止 {} 目标 {target} 预警 {} {state} {}",
        padded(words::limit(limit.kind), 4),
        instant_with_weekday(limit.due_at, year),
        instant(limit.warn_at, year),
        limit.kind.article()
    )
}

/// The text, or its beginning and its length where it is long.
fn quoted(text: &str) -> String {
    let n_chars = text.chars().count();
    if n_chars <= 40 {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(5).collect();
    format!("{beginning}…共{n_chars}字")
}

/// Filled up with full-width spaces to `n_chars`, so that columns of Chinese words stand in line.
pub(crate) fn padded(word: &str, n_chars: usize) -> String {
    let missing = n_chars.saturating_sub(word.chars().count());
    format!("{word}{}", "　".repeat(missing))
}
