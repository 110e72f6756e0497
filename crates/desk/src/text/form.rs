//! Why a form cannot be printed.

use crate::order_form::OrderForm;

pub(crate) const NOT_DISPATCHED: &str = "工单还没有派给承办单位。";
pub(crate) const CALLER_SEALED: &str = "举报件、保密件不向承办单位写明诉求人，由县中心中转联系。";

/// What the order has not got that the form would say.
pub(crate) fn nothing_for_form(form: OrderForm) -> &'static str {
    match form {
        OrderForm::Dispatch => NOT_DISPATCHED,
        OrderForm::EmergencyDispatch => "不是特殊事项，请用交办单。",
        OrderForm::Urging => "还没有催办过。",
        OrderForm::SendBack => "承办单位没有退回。",
        OrderForm::ExtensionRequest => "承办单位没有申请延期。",
        OrderForm::ScreeningRequest => "没有不满意的评价。",
        OrderForm::ClosureOpinion => "承办单位没有提出终结。",
        OrderForm::Completion => "承办单位还没有办结。",
    }
}
