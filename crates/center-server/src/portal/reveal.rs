//! 显示诉求人信息: only to the unit that has the order, and never without a record that nobody can
//! remove (第十七条).

use center::{RecordChange, Written};
use chrono::TimeDelta;
use domain::Refusal;
use domain::work_order::CallerVisibility;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::error::CallError;
use super::visit::Visit;
use super::work_order::UnitOrderId;

/// Who was shown whom, and when.
pub(crate) const KIND: &str = "reveal";
/// More in an hour is told to the administrator.
const ALARM_OVER: usize = 20;

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct RevealedCaller {
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) contact_phone: String,
    pub(super) address: String,
}

/// One look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Reveal {
    person: String,
    unit: String,
    order: String,
    /// Which fields; never what stands in them.
    fields: Vec<String>,
}

/// 显示诉求人.
pub(super) async fn reveal_caller(
    visit: &Visit,
    request: UnitOrderId,
) -> Result<RevealedCaller, CallError> {
    let own = visit.order(&request.id).await?;
    if own.visibility == CallerVisibility::Sealed {
        return Err(CallError::invalid(
            "诉求人信息对承办单位保密，请经县中心联系。",
        ));
    }
    let person = &visit.actor.id.0;
    // By person and time, so that an hour's looks are a short stretch.
    let at = visit.now.timestamp_millis();
    let key = format!("{person} {at:016} {}", uuid::Uuid::now_v7());
    let fields = ["name", "phone", "contact_phone", "address"];
    let body = serde_json::to_string(&Reveal {
        person: person.clone(),
        unit: visit.unit.0.clone(),
        order: own.order.number.clone(),
        fields: fields.map(str::to_owned).to_vec(),
    })
    .map_err(anyhow::Error::from)?;
    let put = RecordChange::put(KIND, key, body).if_new();
    match visit.office.write(vec![put]).await? {
        Written::Done => {}
        Written::Conflict => return Err(Refusal::NotRegistered.into()),
    }
    watch(visit).await?;
    let caller = own.order.matter.caller;
    Ok(RevealedCaller {
        name: caller.name,
        phone: caller.phone,
        contact_phone: caller.contact_phone,
        address: caller.address,
    })
}

async fn watch(visit: &Visit) -> Result<(), CallError> {
    let person = visit.actor.id.0.clone();
    let since = (visit.now - TimeDelta::hours(1)).timestamp_millis();
    let read = visit.office.readers.read(move |reader| {
        let prefix = format!("{person} ");
        let from = format!("{prefix}{since:016}");
        reader.records.range(KIND, &prefix, &from, ALARM_OVER + 1)
    });
    let n_shown = read.await?.len();
    if n_shown > ALARM_OVER {
        tracing::warn!(
            person = visit.actor.id.0,
            n_shown,
            "Many callers were shown within an hour"
        );
    }
    Ok(())
}
