//! Why a form cannot be printed, or a template not be filled.

use documents::form::FillError;
use documents::word::TemplateError;

use super::read_error;
use crate::order_form::OrderForm;

pub(crate) const NOT_DISPATCHED: &str = "工单还没有派给承办单位。";
/// What is told to who wants to know alone.
pub(crate) const REVEAL_TAKES_TWO: &str = "举报件、保密件的诉求人须另一人批准才能查看：请先选用途申请，再请值班长或督办员在本机登录批准。";
pub(crate) const CALLER_SEALED: &str = "举报件、保密件不向承办单位写明诉求人，由县中心中转联系。";

/// Before what says itself who speaks is given to a unit.
pub(crate) const TELLS_WHO_SPEAKS: &str = "单位可能从这些话看出是谁反映的，派单前请核对：";

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

/// What is wrong with an office's own docx, by its name.
pub(crate) fn template_error(name: &str, error: &TemplateError) -> String {
    match error {
        TemplateError::Read(error) => format!("“{name}”：{}。", read_error(error)),
        TemplateError::Fill(FillError::UnknownField { name: field }) => {
            format!("“{name}”里的字段“{field}”没有对应的内容，请对照程序导出的模板改正。")
        }
        TemplateError::Fill(FillError::Unclosed { near }) => {
            format!("“{name}”里有字段没有写完，在“{near}”附近，字段应写成 {{{{承办单位}}}}。")
        }
        TemplateError::Fill(FillError::OutsideRow { name: field }) => {
            format!("“{name}”里的“{field}”是列表的字段，要放在同一个表格的一行里。")
        }
        TemplateError::Active { what } => {
            format!("“{name}”含有宏或外部链接（{what}），请另存为不含宏的 docx 并断开链接。")
        }
        TemplateError::TooLarge { .. } => format!("“{name}”内容过多，不能用作模板。"),
    }
}
