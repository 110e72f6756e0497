//! 单件文书: the forms about one order, filled in from what happened to it, as PDF or docx.
//!
//! Nothing is typed here: a form says what the order says. Who calls stands on it in part; the whole
//! number only when it is asked for, which is recorded as any reveal is, and never of an order that
//! hides its caller from units (第十七条).

mod story;
#[cfg(test)]
mod tests;
mod values;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use desk_store::Reveal;
use documents::blank::FormKind;
use documents::form::{Form, Values, Watermark, fill};
use documents::word;
use domain::WorkOrder;
use domain::clock_face::{date_of, time_of};
use domain::matter::MatterKind;
use domain::work_order::{Assignment, AssignmentNumber, AssignmentStage, fold};
use paper::PaperError;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use self::values::{CallerShown, Seen};
use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::export::{Cleared, Export, Extent, WantedExport};
use crate::handed::Handed;
use crate::handling::AssignmentChoice;
use crate::host::DeskHost;
use crate::text;
use crate::work_order::WorkOrderId;

/// What a form of an order is for, on its watermark.
const PURPOSE: &str = "办理工单";

/// 文书 that one order can be printed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum OrderForm {
    Dispatch,
    EmergencyDispatch,
    Urging,
    SendBack,
    ExtensionRequest,
    ScreeningRequest,
    ClosureOpinion,
    Completion,
}

/// As what a form is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FormOutput {
    Pdf,
    Docx,
}

/// A form, and for which units it can be printed.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OrderFormState {
    pub form: OrderForm,
    /// 交办单.
    pub text: String,
    /// Why it cannot be printed; null when it can.
    pub refusal: Option<String>,
    pub assignments: Vec<AssignmentChoice>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct OrderForms {
    pub forms: Vec<OrderFormState>,
    /// Why the caller cannot be named; null when that is possible.
    pub caller_refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PrintOrderForm {
    pub work_order_id: String,
    pub form: OrderForm,
    /// Which unit's; null where the order has only one that it can be.
    pub assignment: Option<u32>,
    pub output: FormOutput,
    /// 写明诉求人: name and number whole; recorded.
    pub with_caller: bool,
    /// 本单位模板: an uploaded docx with fields, in the place of the program's own form; null for none.
    pub template_upload_id: Option<String>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct OrderFormTemplate {
    pub form: OrderForm,
}

impl OrderForm {
    const ALL: [Self; 8] = [
        Self::Dispatch,
        Self::EmergencyDispatch,
        Self::Urging,
        Self::SendBack,
        Self::ExtensionRequest,
        Self::ScreeningRequest,
        Self::ClosureOpinion,
        Self::Completion,
    ];

    fn kind(self) -> FormKind {
        match self {
            Self::Dispatch => FormKind::Dispatch,
            Self::EmergencyDispatch => FormKind::EmergencyDispatch,
            Self::Urging => FormKind::Urging,
            Self::SendBack => FormKind::SendBack,
            Self::ExtensionRequest => FormKind::ExtensionRequest,
            Self::ScreeningRequest => FormKind::ScreeningRequest,
            Self::ClosureOpinion => FormKind::ClosureOpinion,
            Self::Completion => FormKind::Completion,
        }
    }

    /// Whether there is something of this unit that the form would say.
    fn is_for(self, order: &WorkOrder, assignment: &Assignment) -> bool {
        match self {
            Self::Dispatch => true,
            Self::EmergencyDispatch => order.matter.class.is_special(),
            Self::Urging => assignment.n_urges > 0,
            Self::SendBack => assignment.send_back.is_some(),
            Self::ExtensionRequest => assignment.extension.is_some(),
            Self::ScreeningRequest => {
                let is_bad = assignment
                    .rating
                    .as_ref()
                    .is_some_and(|rating| rating.satisfaction.is_bad());
                is_bad || assignment.screening.is_some()
            }
            Self::ClosureOpinion => assignment.closure_opinion.is_some(),
            Self::Completion => match assignment.stage {
                AssignmentStage::Completed | AssignmentStage::FinallyClosed => true,
                AssignmentStage::Dispatched
                | AssignmentStage::Delivered
                | AssignmentStage::SignedFor
                | AssignmentStage::SendBackReview
                | AssignmentStage::SentBack
                | AssignmentStage::AwaitingSignature
                | AssignmentStage::FinalClosureReview
                | AssignmentStage::Withdrawn => false,
            },
        }
    }
}

/// 可以打印的文书 of an order.
pub(crate) fn order_forms(desk: &Desk, request: WorkOrderId) -> Result<OrderForms, CallError> {
    let order = desk
        .store
        .read(|reader| reader.load_work_order(&request.id).map_err(Into::into))?;
    let order = order.ok_or(CallError::Refused(domain::Refusal::NotRegistered))?;
    let forms = OrderForm::ALL.into_iter().map(|form| {
        let assignments: Vec<AssignmentChoice> = order
            .assignments
            .iter()
            .filter(|assignment| form.is_for(&order, assignment))
            .map(|assignment| choice(desk, assignment))
            .collect();
        let refusal = if order.assignments.is_empty() {
            Some(text::NOT_DISPATCHED)
        } else if assignments.is_empty() {
            Some(text::nothing_for_form(form))
        } else {
            None
        };
        OrderFormState {
            form,
            text: form.kind().name().to_owned(),
            refusal: refusal.map(str::to_owned),
            assignments,
        }
    });
    Ok(OrderForms {
        forms: forms.collect(),
        caller_refusal: hides_caller(&order).then(|| text::CALLER_SEALED.to_owned()),
    })
}

fn choice(desk: &Desk, assignment: &Assignment) -> AssignmentChoice {
    AssignmentChoice {
        number: assignment.number.0,
        text: format!(
            "{}（{}，{}）",
            desk.reference.unit_name(&assignment.unit),
            text::part(assignment.part),
            text::assignment_stage(assignment.stage)
        ),
    }
}

/// 举报件、保密件: a form goes to a unit, which may not know who calls.
fn hides_caller(order: &WorkOrder) -> bool {
    order.matter.is_confidential || order.matter.kind == MatterKind::Report
}

/// How much a form takes out of the house: one order, with or without who calls.
pub(crate) fn extent(desk: &Desk, request: &PrintOrderForm) -> Result<Extent, CallError> {
    let id = &request.work_order_id;
    let order = desk.store.read(|reader| Ok(reader.load_work_order(id)?))?;
    let order = order.ok_or(CallError::Refused(domain::Refusal::NotRegistered))?;
    if request.with_caller && hides_caller(&order) {
        return Err(CallError::invalid(text::CALLER_SEALED));
    }
    let form = request.form.kind().name();
    let caller = if request.with_caller {
        "，写明诉求人"
    } else {
        ""
    };
    Ok(Extent {
        n_rows: 1,
        names_caller: request.with_caller,
        text: format!("{form} {}{caller}", order.number),
        purpose: PURPOSE.to_owned(),
    })
}

/// 打印文书.
pub(crate) fn print_order_form(
    host: &DeskHost,
    export: Export<'_>,
    request: PrintOrderForm,
) -> Result<Handed, CallError> {
    let (desk, now) = (export.desk, export.now);
    let export = export.cleared(&WantedExport::OrderForm(request.clone()))?;
    let id = &request.work_order_id;
    let events = desk.store.read(|reader| Ok(reader.events_of(id)?))?;
    let events: Vec<_> = events.into_iter().map(|stored| stored.event).collect();
    let order = fold(&events).ok_or(CallError::Refused(domain::Refusal::NotRegistered))?;
    let form = request.form;
    let assignment = chosen(form, &order, request.assignment)?;
    let caller = match (hides_caller(&order), request.with_caller) {
        (true, true) => return Err(CallError::invalid(text::CALLER_SEALED)),
        (true, false) => CallerShown::Sealed,
        (false, false) => CallerShown::InPart,
        (false, true) => {
            // Before it is handed out: if this cannot be written down, it is not.
            record_reveals(desk, id, now)?;
            CallerShown::Whole
        }
    };
    let facts = desk.facts(now);
    let seen = Seen {
        reference: &desk.reference,
        calendar: &desk.calendar,
        rules: facts.rule_set_of(&order),
        person: &|person| desk.person_text(person),
        order: &order,
        events: &events,
        assignment,
        caller,
        now,
    };
    let kind = form.kind();
    let name = format!("{} {}-{}", kind.name(), order.number, assignment.number.0);
    let values = values::of(&seen);
    match &request.template_upload_id {
        None => hand_out(host, export, kind, &values, PURPOSE, request.output, &name),
        Some(upload_id) => {
            let bytes = by_template(desk, upload_id, values, &export.watermark(PURPOSE))?;
            let message = format!("{}已按本单位模板生成。", kind.name());
            host.hand_out(export, &format!("{name}.docx"), bytes, message)
        }
    }
}

/// Fills the office's own docx, which may say itself who printed it.
fn by_template(
    desk: &Desk,
    upload_id: &str,
    mut values: Values,
    watermark: &Watermark,
) -> Result<Vec<u8>, CallError> {
    values.set("打印人", &*watermark.person);
    values.set("打印时间", &*watermark.at_text);
    let files = desk.uploads.files(upload_id)?;
    let template = files.first();
    let template = template.ok_or_else(|| CallError::invalid("请选择模板文件。"))?;
    word::fill_template(&template.bytes, &values, Some(watermark))
        .map_err(|error| CallError::invalid(text::template_error(&template.name, &error)))
}

/// 模板: the program's own form as a docx with its fields, for an office to make its own of.
pub(crate) fn order_form_template(
    host: &DeskHost,
    request: OrderFormTemplate,
) -> Result<Handed, CallError> {
    let kind = request.form.kind();
    let bytes = word::write_form(&kind.template()).context("Writing the template")?;
    host.hand_out_blank(
        &format!("{}模板.docx", kind.name()),
        &bytes,
        "双大括号里的是字段，可以移动、删除或重复，其余文字和版式随意修改。".to_owned(),
    )
}

fn chosen(
    form: OrderForm,
    order: &WorkOrder,
    number: Option<u32>,
) -> Result<&Assignment, CallError> {
    let mut possible = order
        .assignments
        .iter()
        .filter(|assignment| form.is_for(order, assignment));
    let found = match number {
        Some(number) => possible.find(|it| it.number == AssignmentNumber(number)),
        None => match (possible.next(), possible.next()) {
            (Some(only), None) => Some(only),
            (Some(_), Some(_)) => {
                return Err(CallError::Refused(domain::Refusal::AssignmentNotNamed));
            }
            (None, _) => None,
        },
    };
    found.ok_or_else(|| {
        CallError::invalid(if order.assignments.is_empty() {
            text::NOT_DISPATCHED
        } else {
            text::nothing_for_form(form)
        })
    })
}

fn record_reveals(desk: &Desk, id: &str, now: DateTime<Utc>) -> Result<(), CallError> {
    desk.store.commit(|writer| {
        for field in ["name", "phone"] {
            writer.append_reveal(&Reveal {
                id: new_id(),
                work_order_id: id.to_owned(),
                actor_id: desk.operator.id.clone(),
                field: field.to_owned(),
                purpose: "print".to_owned(),
                revealed_at: now,
            })?;
        }
        Ok(())
    })
}

/// Fills the blank of a kind and hands it out under a name.
pub(crate) fn hand_out(
    host: &DeskHost,
    export: Cleared<'_>,
    kind: FormKind,
    values: &Values,
    purpose: &str,
    output: FormOutput,
    name: &str,
) -> Result<Handed, CallError> {
    let mut form = fill(&kind.blank(), values).with_context(|| format!("Filling {kind:?}"))?;
    form.watermark = Some(export.watermark(purpose));
    hand_out_form(host, export, &form, kind.name(), output, name)
}

/// Hands out a form that is filled in; `what` it is called when it is told that it was made.
pub(crate) fn hand_out_form(
    host: &DeskHost,
    export: Cleared<'_>,
    form: &Form,
    what: &str,
    output: FormOutput,
    name: &str,
) -> Result<Handed, CallError> {
    let now = export.now;
    let made = format!("{what}已生成");
    match output {
        FormOutput::Docx => {
            let bytes = word::write_form(form).context("Writing the form")?;
            host.hand_out(export, &format!("{name}.docx"), bytes, format!("{made}。"))
        }
        FormOutput::Pdf => {
            let printed = paper::print(form, date_of(now).and_time(time_of(now)));
            let printed = printed.map_err(|error| match error {
                PaperError::TooLong { limit } => CallError::invalid(format!(
                    "超过 {limit} 页，不能生成 PDF，请缩小范围，或导出为 Excel。"
                )),
                PaperError::Unwritten { .. } => CallError::Fault(error.into()),
            })?;
            let missing: String = printed.missing.iter().collect();
            let message = if missing.is_empty() {
                format!("{made}，共 {} 页。", printed.n_pages)
            } else {
                format!(
                    "{made}，共 {} 页。字库中没有“{missing}”，以〓代替，请手写补上。",
                    printed.n_pages
                )
            };
            host.hand_out(export, &format!("{name}.pdf"), printed.bytes, message)
        }
    }
}
