//! 可见范围: how much of a caller somebody at the desk sees who has not asked for more (第十七条). Numbers are
//! masked for everybody; showing one is an act of its own, with an end and a record.

use ::intake::identity;
use desk_store::WorkOrderRecord;
use domain::matter::{Caller, MatterKind};
use domain::{Actor, Role};
use wording::mask;

use crate::reference::ReferenceTables;

/// Who speaks with callers and handles what they bring.
const HANDLERS: &[Role] = &[
    Role::Operator,
    Role::Dispatcher,
    Role::ShiftLead,
    Role::Reviewer,
    Role::Supervisor,
];

/// Whether the person may look for orders by what callers are called and have said.
pub(crate) fn searches_people(person: &Actor) -> bool {
    person.holds_any(HANDLERS)
}

/// So many of the words that may tell who speaks are shown.
const IDENTIFIES_MAX: usize = 5;

/// What one person sees of one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// 经办: name, place and text as they were taken down.
    Handler,
    /// 经办保密件、举报件: everything but who it is.
    Sealed,
    /// 不经办: the matter, the township, and nobody.
    Bystander,
}

impl Sight {
    pub(crate) fn of(person: &Actor, kind: MatterKind, is_confidential: bool) -> Self {
        if !person.holds_any(HANDLERS) {
            Self::Bystander
        } else if is_confidential || kind == MatterKind::Report {
            Self::Sealed
        } else {
            Self::Handler
        }
    }

    pub(crate) fn sees_name(self) -> bool {
        self == Self::Handler
    }

    pub(crate) fn name(self, name: &str) -> String {
        if self.sees_name() {
            name.to_owned()
        } else {
            mask::masked_name(name)
        }
    }

    /// 三汇镇 where no more need be known.
    pub(crate) fn place(self, reference: &ReferenceTables, record: &WorkOrderRecord) -> String {
        match self {
            Self::Handler | Self::Sealed => record.place_text.clone(),
            Self::Bystander => {
                let names = reference.view.townships.iter().map(|it| it.name.as_str());
                let mut of_it = names.filter(|name| record.place_text.starts_with(name));
                of_it.next().unwrap_or_default().to_owned()
            }
        }
    }

    /// A title is the beginning of what was said.
    pub(crate) fn title(self, record: &WorkOrderRecord) -> String {
        let caller = Caller {
            name: record.caller_name.clone(),
            phone: record.phone.clone(),
            contact_phone: record.contact_phone.clone(),
            ..Caller::default()
        };
        self.about(&caller, &record.title)
    }

    /// What was said, with every number in it that is a person's masked for who does not handle it.
    pub(crate) fn text(self, text: &str) -> String {
        match self {
            Self::Handler | Self::Sealed => text.to_owned(),
            Self::Bystander => mask::masked_in_text(text),
        }
    }

    /// A text about an order of that caller: who it is has no place in it, however it was written there.
    pub(crate) fn about(self, caller: &Caller, text: &str) -> String {
        if self == Self::Handler {
            return text.to_owned();
        }
        let mut told = text.to_owned();
        if caller.name.chars().count() > 1 {
            told = told.replace(&caller.name, &mask::masked_name(&caller.name));
        }
        for number in [&caller.phone, &caller.contact_phone] {
            if !number.is_empty() {
                told = told.replace(number.as_str(), &mask::masked(number));
            }
        }
        if !caller.address.is_empty() {
            told = told.replace(&caller.address, "（地址已隐去）");
        }
        self.text(&told)
    }

    /// 自我透露: what in the text of a sealed matter may tell who brought it, for whoever gives it away.
    pub(crate) fn identifies(self, caller: &Caller, text: &str) -> Vec<String> {
        if self != Self::Sealed {
            return Vec::new();
        }
        let told = identity::told(text).into_iter();
        let words = told.filter_map(|it| text.get(it.range).map(|word| self.about(caller, word)));
        words.take(IDENTIFIES_MAX).collect()
    }

    /// 查询码: who has it reads the order at the citizens' page.
    pub(crate) fn query_code(self, code: String) -> String {
        match self {
            Self::Handler | Self::Sealed => code,
            Self::Bystander => String::new(),
        }
    }
}
