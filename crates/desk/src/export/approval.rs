//! 导出申请: what nobody takes out of the house alone. Whoever wants it asks for exactly that; another person at
//! this desk decides, and then it goes out once, within half an hour.
//!
//! Asked for and decided as a look at who called is ([`crate::reveal_request`]), and kept beside it. At a desk
//! that stands alone nobody can prove to be another person, so there nobody is asked: what is said of it is the
//! number, the purpose and the entry.

use chrono::{DateTime, Utc};
use desk_store::RevealRequest;
use domain::Actor;
use domain::export_approval::{APPROVAL_ASKED_FOR, APPROVED_FOR, ApprovalGround, approval_ground};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::Hash;

use crate::analysis::export::ExportFigure;
use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::kb_export::{self, KbExport};
use crate::ledger::{self, ExportLedger};
use crate::office::roles_at;
use crate::order_form::{self, PrintOrderForm};
use crate::permission::{self, EXPORT_DECIDERS};
use crate::reveal_request::{self, Kind};
use crate::{analysis, api, time_text};

/// What is wanted, as it would be exported.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "type", content = "request", rename_all = "snake_case")]
pub enum WantedExport {
    Ledger(ExportLedger),
    OrderForm(PrintOrderForm),
    Knowledge(KbExport),
    Figure(ExportFigure),
}

/// How much goes out.
pub(crate) struct Extent {
    pub(crate) n_rows: usize,
    /// Whether name and number of a caller are written out.
    pub(crate) names_caller: bool,
    /// 台账“全部工单”1,200 件.
    pub(crate) text: String,
    /// 用途.
    pub(crate) purpose: String,
}

/// 已申请.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ExportAsked {
    pub message: String,
}

/// A request to be decided.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AskedExport {
    pub id: String,
    /// 陈晓梅 1001 09:15 申请导出台账“全部工单”1,200 件，用于内部核对.
    pub text: String,
}

/// 批准 or 不同意.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DecideExport {
    pub request_id: String,
    pub is_granted: bool,
}

impl WantedExport {
    fn call(&self) -> &'static str {
        match self {
            Self::Ledger(_) => "export_ledger",
            Self::OrderForm(_) => "print_order_form",
            Self::Knowledge(_) => "kb_export",
            Self::Figure(_) => "export_figure",
        }
    }

    /// Names exactly this: whoever wants something else asks anew. A template is brought anew with every try.
    fn name(&self) -> Result<String, CallError> {
        let mut same = self.clone();
        if let Self::OrderForm(request) = &mut same {
            request.template_upload_id = None;
        }
        let form = serde_json::to_vec(&same).map_err(anyhow::Error::from)?;
        Ok(format!("export:{}", Hash::of(&form)))
    }

    fn extent(&self, desk: &Desk, now: DateTime<Utc>) -> Result<Extent, CallError> {
        match self {
            Self::Ledger(request) => ledger::extent(desk, request, now),
            Self::OrderForm(request) => order_form::extent(desk, request),
            Self::Knowledge(request) => kb_export::extent(desk, request, now),
            Self::Figure(request) => analysis::export::extent(desk, request, now),
        }
    }
}

/// Whether somebody may decide what another wants to export.
pub(crate) fn may_decide(person: &Actor, request: &RevealRequest) -> bool {
    person.holds_any(EXPORT_DECIDERS) && person.id != request.asked_by
}

/// Why it takes a second person, and how much it is; none where it takes none.
fn needed(
    desk: &Desk,
    wanted: &WantedExport,
    now: DateTime<Utc>,
) -> Result<Option<(ApprovalGround, Extent)>, CallError> {
    if !desk.link.is_enrolled() {
        return Ok(None);
    }
    let extent = wanted.extent(desk, now)?;
    let ground = approval_ground(extent.n_rows, extent.names_caller);
    Ok(ground.map(|ground| (ground, extent)))
}

/// The request that lets it out; none where it takes no second person.
pub(super) fn granted(
    desk: &Desk,
    wanted: &WantedExport,
    now: DateTime<Utc>,
) -> Result<Option<String>, CallError> {
    let Some((ground, _)) = needed(desk, wanted, now)? else {
        return Ok(None);
    };
    let name = wanted.name()?;
    let since = now - APPROVAL_ASKED_FOR - APPROVED_FOR;
    let (last, is_made) = desk.store.read(|reader| {
        let requests = reader.reveal_requests_of(&name, since)?;
        let mut own = requests
            .into_iter()
            .filter(|it| it.asked_by == desk.operator.id);
        let last = own.next();
        let is_made = match &last {
            Some(request) => reader.is_export_made(&request.id)?,
            None => false,
        };
        Ok((last, is_made))
    })?;
    let needs = |told: String| CallError::NeedsApproval { ground, told };
    let Some(last) = last.filter(|_| !is_made) else {
        return Err(needs(String::new()));
    };
    match &last.decision {
        None if last.asked_at + APPROVAL_ASKED_FOR > now => Err(CallError::invalid(
            "已申请批准，请等值班长或督办员在本机登录处理。",
        )),
        None => Err(needs("上次申请没有人处理，已经过期。".to_owned())),
        Some(decision) if !decision.is_granted => {
            let by = desk.person_text(&decision.by);
            Err(needs(format!("{by} 没有同意上次申请。")))
        }
        Some(decision) if decision.at + APPROVED_FOR > now => Ok(Some(last.id)),
        Some(_) => Err(needs("上次的批准已经过期。".to_owned())),
    }
}

/// 申请导出.
pub(crate) fn ask_to_export(desk: &Desk, request: WantedExport) -> Result<ExportAsked, CallError> {
    let rule = api::rule(request.call());
    let rule = rule.ok_or_else(|| CallError::invalid("没有这种导出。"))?;
    permission::check(rule.who, &roles_at(desk))?;
    let now = desk.now();
    let Some((_, extent)) = needed(desk, &request, now)? else {
        return Err(CallError::invalid("这项导出不须批准，请直接导出。"));
    };
    let name = request.name()?;
    desk.store.commit(|writer| {
        reveal_request::keep(
            writer,
            &RevealRequest {
                id: new_id(),
                work_order_id: name,
                purpose: extent.purpose,
                export_text: extent.text,
                asked_by: desk.operator.id.clone(),
                asked_at: now,
                decision: None,
            },
        )
    })?;
    Ok(ExportAsked {
        message: "已申请批准，请值班长或督办员在本机登录，在工单页处理；批准后 30 分钟内导出一次。"
            .to_owned(),
    })
}

/// What the person may decide.
pub(crate) fn export_requests(desk: &Desk, (): ()) -> Result<Vec<AskedExport>, CallError> {
    let since = desk.now() - APPROVAL_ASKED_FOR;
    let open = desk
        .store
        .read(|reader| Ok(reader.open_reveal_requests(since)?))?;
    let asked = open
        .iter()
        .filter(|it| !it.export_text.is_empty() && may_decide(&desk.operator, it))
        .map(|it| AskedExport {
            id: it.id.clone(),
            text: asked_text(desk, it),
        });
    Ok(asked.collect())
}

/// 批准导出, or not.
pub(crate) fn decide_export(desk: &Desk, request: DecideExport) -> Result<(), CallError> {
    desk.store.commit(|writer| {
        let asked = writer.reveal_request(&request.request_id)?;
        let asked = asked.filter(|it| !it.export_text.is_empty());
        reveal_request::decide(writer, desk, Kind::Export, asked, request.is_granted)
    })
}

pub(crate) fn asked_text(desk: &Desk, request: &RevealRequest) -> String {
    format!(
        "{} {}申请导出{}，用于{}",
        desk.person_text(&request.asked_by),
        time_text::moment(request.asked_at),
        request.export_text,
        request.purpose,
    )
}
