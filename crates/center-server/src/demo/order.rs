//! One order of the demonstration, in the few words in which they differ.

use chrono::{DateTime, Utc};
use domain::HandlingUnitId;
use domain::matter::{Caller, Channel, Matter, MatterClass, MatterKind, Origin, Place};
use domain::work_order::{DispatchForm, DispatchPlan, TownshipReport};

use super::{STREET, WATER};

/// One order of the demonstration.
pub(super) struct Order {
    pub(super) id: &'static str,
    pub(super) number: &'static str,
    pub(super) unit: &'static str,
    pub(super) assisting: Option<&'static str>,
    pub(super) kind: MatterKind,
    pub(super) class: MatterClass,
    pub(super) category: &'static str,
    pub(super) text: &'static str,
    pub(super) happened: &'static str,
    pub(super) about: &'static str,
    pub(super) wants: &'static str,
    pub(super) opinion: &'static str,
    pub(super) place: (&'static str, &'static str),
    pub(super) caller: (&'static str, &'static str),
    pub(super) is_confidential: bool,
}

/// What most orders are like.
pub(super) const PLAIN: Order = Order {
    id: "",
    number: "",
    unit: WATER,
    assisting: None,
    kind: MatterKind::Help,
    class: MatterClass::Ordinary,
    category: "c-014",
    text: "",
    happened: "",
    about: "",
    wants: "",
    opinion: "请核实情况，依法办理并答复诉求人。",
    place: ("511725001001", ""),
    caller: ("", ""),
    is_confidential: false,
};

impl Order {
    pub(super) fn matter(&self) -> Matter {
        let (village, detail) = self.place;
        let (name, phone) = self.caller;
        Matter {
            caller: Caller {
                phone: phone.to_owned(),
                name: name.to_owned(),
                ..Caller::default()
            },
            channel: Channel::Phone,
            kind: self.kind,
            class: self.class,
            category_id: self.category.to_owned(),
            title: String::new(),
            text: self.text.to_owned(),
            place: Place {
                township_code: village.chars().take(9).collect(),
                village_code: village.to_owned(),
                detail: detail.to_owned(),
            },
            happened: self.happened.to_owned(),
            about: self.about.to_owned(),
            wants: self.wants.to_owned(),
            is_confidential: self.is_confidential,
            wants_call_back: true,
            origin: Origin::default(),
        }
    }

    pub(super) fn plan(&self, registered_at: DateTime<Utc>) -> DispatchPlan {
        let report = self.class.is_special().then(|| TownshipReport {
            township: HandlingUnitId(STREET.to_owned()),
            answered_by: "值班室 林芳".to_owned(),
            reported_at: registered_at,
            method: "电话".to_owned(),
        });
        let others = self
            .assisting
            .iter()
            .map(|id| HandlingUnitId((*id).to_owned()));
        DispatchPlan {
            form: if self.assisting.is_some() {
                DispatchForm::LeadAndAssisting
            } else {
                DispatchForm::Single
            },
            others: others.collect(),
            report,
            ..DispatchPlan::default()
        }
    }
}
