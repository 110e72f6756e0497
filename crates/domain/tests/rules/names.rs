//! The names of every variant of the enums that a test must cover in full.

use domain::refusal::Field;
use domain::time_limit::LimitKind;
use domain::work_order::EventKind;
use domain::{Command, Refusal};

/// Makes a function that names the variant of a value, and the list of all names. The function is
/// an exhaustive match: a new variant does not build until it stands in the list, and a test that
/// goes through the list then asks for it.
macro_rules! variant_names {
    ($name_of:ident, $all:ident, $type:ident, $($variant:ident),* $(,)?) => {
        pub(crate) fn $name_of(value: &$type) -> &'static str {
            match value {
                $($type::$variant { .. } => stringify!($variant),)*
            }
        }

        pub(crate) const $all: &[&str] = &[$(stringify!($variant)),*];
    };
}

variant_names!(
    refusal_name,
    REFUSALS,
    Refusal,
    AlreadyRegistered,
    NotRegistered,
    WrongStage,
    NotPermitted,
    TextMissing,
    TextTooLong,
    PhoneInvalid,
    UnitUnknown,
    LegalBasisMissing,
    TransferInstead,
    DeliveryNeedsCenter,
    DeliveryTimeImpossible,
);

variant_names!(
    field_name,
    FIELDS,
    Field,
    Text,
    Title,
    Wants,
    CallerName,
    CallerAddress,
    CallerPhone,
    ContactPhone,
    PlaceDetail,
    Answer,
    Opinion,
    Guidance,
    LegalBasis,
    TransferNote,
    AnsweredBy,
    DeliveryPhone,
);

variant_names!(
    command_name,
    COMMANDS,
    Command,
    Register,
    AnswerOnTheSpot,
    RefuseOutOfScope,
    TransferToEmergency,
    Dispatch,
    RecordDelivery,
);

variant_names!(
    event_name,
    EVENTS,
    EventKind,
    Registered,
    LimitStarted,
    AnsweredOnTheSpot,
    RefusedOutOfScope,
    TransferredToEmergency,
    Dispatched,
    Delivered,
);

variant_names!(
    limit_kind_name,
    LIMIT_KINDS,
    LimitKind,
    Dispatch,
    SignFor,
    FirstResponse,
    Progress,
    Handle,
    SendBack,
    ScreeningReview,
    Evidence,
);
