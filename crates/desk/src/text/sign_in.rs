//! Signing in and being there, in Chinese.

use chrono::{DateTime, TimeDelta, Utc};
use desk_store::Presence;

use crate::time_text;

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
        "{reached}，离线登录的期限已于 {}到期。请恢复网络后登录，或找值班长协助。",
        time_text::moment(since)
    )
}

pub(crate) fn struck_off() -> &'static str {
    "中心已不认得这台工作站（登记已注销，或中心恢复到了登记之前），不能登录。请向管理员要一个登记码，在下面重新登记；本机的内容都在。"
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
