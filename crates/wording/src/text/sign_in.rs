//! Why somebody is not let in, or a password not taken.

use wire::SignInRefusal;

use crate::time_text;

pub fn sign_in_refusal(refusal: &SignInRefusal) -> String {
    match refusal {
        SignInRefusal::Wrong => "工号或密码不正确。".to_owned(),
        SignInRefusal::LockedUntil { until } => format!(
            "连续输错，账号已暂时锁定，{}后再试。如非本人操作，请告诉管理员。",
            time_text::moment(*until)
        ),
        SignInRefusal::Disabled => "您的账号已停用，请联系管理员。".to_owned(),
        SignInRefusal::Expired => "初始密码已过期，请让管理员重新发放。".to_owned(),
        SignInRefusal::TooSimple {
            min_chars,
            plain_min_chars,
        } => format!(
            "密码太简单：至少 {min_chars} 个字符，含大写、小写、数字、符号中的三类；或不分类别至少 {plain_min_chars} 个字符。"
        ),
        SignInRefusal::TooLong { max_chars } => format!("密码最多 {max_chars} 个字符。"),
        SignInRefusal::TooCommon => "这个密码太常见，或含有本人姓名、工号，请换一个。".to_owned(),
        SignInRefusal::Unchanged => "新密码与原密码相同，请换一个。".to_owned(),
    }
}
