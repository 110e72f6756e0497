//! 受理: from what was typed to a work order, in one durable step.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use desk_store::Writer;
use domain::clock_face::{at, date_of};
use domain::kb::KbArticleId;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::work_order::{
    AssignmentNumber, CitedArticle, DispatchForm, DispatchPlan, TownshipReport,
};
use domain::{Command, HandlingUnitId, WorkOrder};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::QueryCode;

use crate::attachment::Attached;
use crate::desk::Desk;
use crate::draft::check_id;
use crate::error::CallError;
use crate::handling::{RepeatOf, give_repeat, repeat_of};
use crate::kb_gap::{SearchOfCall, SearchedInCall};
use crate::text;

/// So many units besides the first are given one order.
const OTHER_UNITS_MAX: usize = 9;

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct CallerInput {
    pub phone: String,
    pub contact_phone: String,
    pub name: String,
    pub address: String,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
pub struct PlaceInput {
    pub township_code: String,
    pub village_code: String,
    pub detail: String,
}

/// The intake form as the window has it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct Intake {
    pub caller: CallerInput,
    #[ts(type = "Channel")]
    pub channel: Channel,
    #[ts(type = "MatterKind")]
    pub kind: MatterKind,
    #[ts(type = "MatterClass")]
    pub class: MatterClass,
    pub category_id: String,
    pub title: String,
    pub text: String,
    pub place: PlaceInput,
    /// 事发时间, as it was told. Drafts of older programs do not have it.
    #[serde(default)]
    pub happened: String,
    /// 诉求对象. Drafts of older programs do not have it.
    #[serde(default)]
    pub about: String,
    pub wants: String,
    pub is_confidential: bool,
    pub wants_call_back: bool,
}

/// What becomes of the order.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Outcome {
    /// 登记待派.
    Register,
    /// 当场答复.
    AnswerOnTheSpot {
        answer: String,
        article_id: Option<String>,
    },
    /// 派单.
    Dispatch {
        unit_id: String,
        opinion: String,
        /// 派单方式: to one unit, to several that each answer, or to a lead with others that assist.
        #[serde(default)]
        #[ts(type = "DispatchForm")]
        form: DispatchForm,
        /// 其他会签单位，或协办单位; none for a single unit.
        #[serde(default)]
        other_unit_ids: Vec<String>,
        /// 替代: the number of the assignment that was sent back and whose place the unit takes.
        #[serde(default)]
        #[ts(optional)]
        replaces: Option<u32>,
        /// 属地报告, which goes before the dispatch of a special matter or with it.
        #[serde(default)]
        report: Option<TownshipReportInput>,
    },
    /// 不予受理.
    RefuseOutOfScope {
        /// Null while none is chosen, which is refused.
        #[ts(type = "OutOfScopeClass | null")]
        class_id: Option<OutOfScopeClass>,
        guidance: String,
        legal_basis: String,
    },
    /// 转紧急.
    TransferToEmergency {
        /// Null while none is chosen, which is refused.
        #[ts(type = "EmergencyLine | null")]
        hotline: Option<EmergencyLine>,
        note: String,
    },
}

/// 属地报告: who at the township was told, when, and how.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct TownshipReportInput {
    pub unit_id: String,
    pub answered_by: String,
    /// 报告时间 of the last 24 hours, as the county's clocks show it: 09:15; empty for just now.
    pub reported_time: String,
    pub method: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct Submit {
    pub draft_id: String,
    pub intake: Intake,
    pub outcome: Outcome,
    /// What the knowledge was searched for; none where nothing was typed there.
    #[serde(default)]
    pub searched: Option<SearchedInCall>,
    /// 是不是这些: an earlier order that the matter repeats.
    #[serde(default)]
    #[ts(optional)]
    pub repeat: Option<RepeatOf>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct Submitted {
    pub work_order_id: String,
    pub number: String,
    /// 查询码, as it is read out: 1234 5678.
    pub query_code: String,
    pub stage_text: String,
    /// What happened and what has not happened yet, in one sentence.
    pub message: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnOrder {
    pub work_order_id: String,
    /// The version the window showed.
    pub version: u32,
    pub outcome: Outcome,
}

/// 记录电话送达 of a special matter, just now.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RecordDelivery {
    pub work_order_id: String,
    pub version: u32,
    pub answered_by: String,
    pub phone: String,
}

impl From<Intake> for Matter {
    fn from(intake: Intake) -> Self {
        let CallerInput {
            phone,
            contact_phone,
            name,
            address,
        } = intake.caller;
        let PlaceInput {
            township_code,
            village_code,
            detail,
        } = intake.place;
        Self {
            caller: Caller {
                phone,
                contact_phone,
                name,
                address,
            },
            channel: intake.channel,
            kind: intake.kind,
            class: intake.class,
            category_id: intake.category_id,
            title: intake.title,
            text: intake.text,
            place: Place {
                township_code,
                village_code,
                detail,
            },
            happened: intake.happened,
            about: intake.about,
            wants: intake.wants,
            is_confidential: intake.is_confidential,
            wants_call_back: intake.wants_call_back,
            origin: Origin::default(),
        }
    }
}

/// The form of a matter that was given before, to be given again.
impl From<Matter> for Intake {
    fn from(matter: Matter) -> Self {
        let Caller {
            phone,
            contact_phone,
            name,
            address,
        } = matter.caller;
        let Place {
            township_code,
            village_code,
            detail,
        } = matter.place;
        Self {
            caller: CallerInput {
                phone,
                contact_phone,
                name,
                address,
            },
            channel: matter.channel,
            kind: matter.kind,
            class: matter.class,
            category_id: matter.category_id,
            title: matter.title,
            text: matter.text,
            place: PlaceInput {
                township_code,
                village_code,
                detail,
            },
            happened: matter.happened,
            about: matter.about,
            wants: matter.wants,
            is_confidential: matter.is_confidential,
            wants_call_back: matter.wants_call_back,
        }
    }
}

/// 提交: registers the matter and does the outcome, both or neither. The order takes the draft's
/// id, so a submit that is repeated because its answer was lost finds the order and says so.
pub(crate) fn submit(desk: &Desk, request: Submit) -> Result<Submitted, CallError> {
    check_id(&request.draft_id)?;
    let id = request.draft_id;
    let now = desk.now();
    let matter = Matter::from(request.intake);
    let searched = SearchOfCall::look_up(desk, request.searched);
    let (order, is_repeated) = desk.store.commit(|writer| -> Result<_, CallError> {
        if let Some(order) = writer.load_work_order(&id)? {
            return Ok((order, true));
        }
        let number = writer.next_number(date_of(now))?;
        let mut commands = vec![Command::Register {
            number,
            matter: Box::new(matter),
        }];
        commands.extend(desk.command_of(request.outcome, now)?);
        let repeat = request.repeat.as_ref();
        let earlier = repeat.map(|it| repeat_of(writer, it)).transpose()?;
        let earlier = earlier.map(|(named, command)| {
            commands.push(command);
            named
        });
        let order = desk.act(writer, &id, None, &commands, now)?;
        if let (Some(named), Some(repeat)) = (earlier, repeat) {
            give_repeat(desk, writer, &order, (named, repeat.relation), now)?;
        }
        if let Some(searched) = &searched {
            searched.note(writer, &order, date_of(now))?;
        }
        writer.delete_draft(&id)?;
        Ok((order, false))
    })?;
    Ok(submitted(id, &order, is_repeated))
}

/// The same outcomes for an order that was registered before.
pub(crate) fn act_on_order(desk: &Desk, request: ActOnOrder) -> Result<Submitted, CallError> {
    let now = desk.now();
    let command = desk
        .command_of(request.outcome, now)?
        .ok_or_else(|| CallError::Refused(domain::Refusal::AlreadyRegistered))?;
    desk.act_on(request.work_order_id, request.version, &command, now)
}

/// 记录电话送达.
pub(crate) fn record_delivery(
    desk: &Desk,
    request: RecordDelivery,
) -> Result<Submitted, CallError> {
    let now = desk.now();
    let command = Command::RecordDelivery {
        delivered_at: now,
        answered_by: request.answered_by,
        phone: request.phone,
        assignment: None,
    };
    desk.act_on(request.work_order_id, request.version, &command, now)
}

impl Desk {
    /// Gives one command to an order that is still as the window showed it.
    pub(crate) fn act_on(
        &self,
        id: String,
        shown: u32,
        command: &Command,
        now: DateTime<Utc>,
    ) -> Result<Submitted, CallError> {
        self.act_with_files((id, shown), command, &Attached::default(), now)
    }

    /// The same, with the files that the command names.
    pub(crate) fn act_with_files(
        &self,
        (id, shown): (String, u32),
        command: &Command,
        attached: &Attached,
        now: DateTime<Utc>,
    ) -> Result<Submitted, CallError> {
        let order = self.store.commit(|writer| -> Result<_, CallError> {
            let order = Self::load_as_shown(writer, &id, shown)?;
            attached.keep(writer, now)?;
            self.act(writer, &id, order, std::slice::from_ref(command), now)
        })?;
        Ok(submitted(id, &order, false))
    }

    fn load_as_shown(
        writer: &Writer,
        id: &str,
        shown: u32,
    ) -> Result<Option<WorkOrder>, CallError> {
        let order = writer.load_work_order(id)?;
        let now = order.as_ref().map_or(0, |order| order.version);
        CallError::check_shown(shown, now)?;
        Ok(order)
    }

    /// An order that is there, and still as the window showed it.
    pub(crate) fn load_shown(
        writer: &Writer,
        id: &str,
        shown: u32,
    ) -> Result<WorkOrder, CallError> {
        let order = Self::load_as_shown(writer, id, shown)?;
        order.ok_or(CallError::Refused(domain::Refusal::NotRegistered))
    }

    /// The command of an outcome; none for 登记待派.
    fn command_of(
        &self,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> Result<Option<Command>, CallError> {
        Ok(Some(match outcome {
            Outcome::Register => return Ok(None),
            Outcome::AnswerOnTheSpot { answer, article_id } => {
                let article = article_id.filter(|id| !id.is_empty());
                let article = article.map(|id| self.cited_article(&id)).transpose()?;
                Command::AnswerOnTheSpot { answer, article }
            }
            Outcome::Dispatch {
                unit_id,
                opinion,
                form,
                other_unit_ids,
                replaces,
                report,
            } => Command::Dispatch {
                unit: HandlingUnitId(unit_id),
                opinion,
                plan: DispatchPlan {
                    form,
                    others: others(other_unit_ids)?,
                    replaces: replaces.map(AssignmentNumber),
                    report: report.map(|report| reported(report, now)).transpose()?,
                    ..DispatchPlan::default()
                },
            },
            Outcome::RefuseOutOfScope {
                class_id,
                guidance,
                legal_basis,
            } => {
                let class = class_id.ok_or_else(|| CallError::invalid("请选择不予受理的类别。"))?;
                Command::RefuseOutOfScope {
                    class,
                    guidance,
                    legal_basis,
                }
            }
            Outcome::TransferToEmergency { hotline, note } => {
                let line = hotline.ok_or_else(|| CallError::invalid("请选择要转接的热线。"))?;
                Command::TransferToEmergency { line, note }
            }
        }))
    }

    fn cited_article(&self, id: &str) -> Result<CitedArticle, CallError> {
        let stored = self
            .store
            .read(|reader| Ok(reader.article(&KbArticleId(id.to_owned()))?))?;
        let stored =
            stored.ok_or_else(|| CallError::invalid("所引用的知识已不存在，请重新选择。"))?;
        Ok(CitedArticle {
            id: KbArticleId(id.to_owned()),
            version: stored.version,
        })
    }
}

fn others(unit_ids: Vec<String>) -> Result<Vec<HandlingUnitId>, CallError> {
    if unit_ids.len() > OTHER_UNITS_MAX {
        return Err(CallError::invalid(format!(
            "一件工单最多派给 {} 个单位。",
            OTHER_UNITS_MAX + 1
        )));
    }
    Ok(unit_ids.into_iter().map(HandlingUnitId).collect())
}

/// The report with the instant that is meant.
pub(crate) fn reported(
    report: TownshipReportInput,
    now: DateTime<Utc>,
) -> Result<TownshipReport, CallError> {
    let township = HandlingUnitId(report.unit_id);
    if township.0.is_empty() {
        return Err(CallError::invalid("请选择报告的属地乡镇（街道）。"));
    }
    Ok(TownshipReport {
        township,
        answered_by: report.answered_by,
        reported_at: reported_at(report.reported_time.trim(), now)?,
        method: report.method,
    })
}

/// The last instant of that minute that has been: of today, or of yesterday where today's has not
/// come yet. A call that was made in the minute of the registration then lies after it.
fn reported_at(time: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, CallError> {
    if time.is_empty() {
        return Ok(now);
    }
    let time = NaiveTime::parse_from_str(time, "%H:%M")
        .map_err(|_unreadable| CallError::invalid("报告时间请写成 09:15 的样子。"))?;
    let today = at(date_of(now), time);
    let minute = if today <= now {
        today
    } else {
        today - TimeDelta::days(1)
    };
    Ok(now.min(minute + TimeDelta::seconds(59)))
}

pub(crate) fn submitted(id: String, order: &WorkOrder, is_repeated: bool) -> Submitted {
    use domain::work_order::Stage;
    let message = if is_repeated {
        "这件诉求此前已保存，没有重复登记。"
    } else {
        match order.stage {
            Stage::Registered => "已登记，待派。",
            Stage::AnsweredOnTheSpot => "已当场答复办结，已保存在本机。",
            Stage::RefusedOutOfScope => "已登记不予受理告知，已保存在本机。",
            Stage::TransferredToEmergency => "已记录转接紧急热线，已保存在本机。",
            Stage::Dispatched if order.matter.class.is_special() => {
                "已保存在本机，未送达。特殊事项请立即电话送达，并记录接听人。"
            }
            Stage::Dispatched => "已保存在本机，未送达；联网后由中心送达承办单位。",
            Stage::Delivered => "已记录电话送达，签收和办理时限开始计算。",
            Stage::UnderVerification => "已发起核实，已保存在本机。",
            Stage::UnderCoordination => "已提请专题协调，转办时限暂停计算。",
            Stage::Completed => "已办结，已保存在本机。",
            Stage::Merged => "已并入，已保存在本机。",
            Stage::Withdrawn => "已撤回，已保存在本机。",
            Stage::FinallyClosed => "已终结办理，已保存在本机。",
            Stage::Archived => "已归档，已保存在本机。",
        }
    };
    Submitted {
        query_code: QueryCode::of(&id, &order.number).to_string(),
        work_order_id: id,
        number: order.number.clone(),
        stage_text: text::stage(order.stage).to_owned(),
        message: message.to_owned(),
    }
}
