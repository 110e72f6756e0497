//! Signing in and being there, in Chinese.

use chrono::{DateTime, TimeDelta, Utc};
use desk_store::Presence;
use wire::SignInRefusal;

use crate::time_text;

pub(crate) fn sign_in_refusal(refusal: &SignInRefusal) -> String {
    match refusal {
        SignInRefusal::Wrong => "工号或密码不正确。".to_owned(),
        SignInRefusal::LockedUntil { until } => format!(
            "连续输错，账号已暂时锁定，{}后再试。如非本人操作，请告诉管理员。",
            time_text::moment(*until)
        ),
        SignInRefusal::Disabled => "您的账号已停用，请联系管理员。".to_owned(),
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

/// How long until the next try.
pub(crate) fn barred(wait: TimeDelta) -> String {
    let seconds = wait.num_seconds().max(1);
    if seconds < 60 {
        format!("连续输错，请 {seconds} 秒后再试。")
    } else {
        format!("连续输错，请 {} 分钟后再试。", (seconds + 59) / 60)
    }
}

pub(crate) fn offline_expired(reached: &str, since: DateTime<Utc>) -> String {
    format!(
        "{reached}，离线登录的期限已于 {}到期。请恢复网络后登录，或找班长协助。",
        time_text::moment(since)
    )
}

pub(crate) fn presence(what: Presence) -> &'static str {
    match what {
        Presence::SignedInOnline => "登录",
        Presence::SignedInOffline => "离线登录",
        Presence::Failed => "登录未成功",
        Presence::Barred => "暂停尝试",
        Presence::Locked => "锁定",
        Presence::LockedIdle => "超时锁定",
        Presence::Unlocked => "解锁",
        Presence::SignedOut => "退出登录",
        Presence::PasswordChanged => "修改密码",
        Presence::HandOverWritten => "交班",
        Presence::HandOverConfirmed => "接班",
        Presence::Enrolled => "本机登记到中心",
    }
}
