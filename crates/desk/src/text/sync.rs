//! What the center made of an intent, and what stands in the way of sync, in Chinese: what it is, and
//! what a person should do about it.

use wire::{CodeFault, Conflict, EntryBody, Flag, TooOld};

use crate::sync::{Alert, NotBroughtBack, NotEnrolled};

/// What became of it, in a word.
pub(crate) fn verdict_title(body: Option<&EntryBody>) -> &'static str {
    match body {
        None => "需要升级查看",
        Some(EntryBody::Accepted(_)) => "已采纳，有提示",
        Some(EntryBody::Redirected { .. }) => "已转至并入的工单",
        Some(EntryBody::Refused(refused)) if refused.conflict.is_settled() => "未重复办理",
        Some(EntryBody::Refused(_)) => "未采纳",
        Some(EntryBody::LateFact(_)) => "事后事实",
        Some(EntryBody::Parked(_)) => "暂存",
        Some(EntryBody::Recovered { .. }) => "待认领",
        Some(EntryBody::DeskQuarantined { .. }) => "工作站已隔离",
        Some(EntryBody::ReferenceChanged { .. }) => "参照表已更新",
        Some(EntryBody::DeskEnrolled { .. }) => "工作站已登记",
        Some(EntryBody::EpochBegan { .. }) => "中心已恢复",
        Some(EntryBody::Redacted(_)) => "已涂销",
    }
}

/// What stands where what was said is at the center alone.
pub(crate) const PUT_AWAY: &str = "已移出本机";

/// 已移出本机, and how the last try to have it back ended.
pub(crate) fn put_away(tried: Option<NotBroughtBack>) -> &'static str {
    match tried {
        None => "办结已久，谁反映的、说了什么已移出本机，中心有全文。",
        Some(NotBroughtBack::NotTold) => {
            "办结已久，内容已移出本机。刚才没有调到：连不上中心，或中心的版本太旧。请再试。"
        }
        Some(NotBroughtBack::OtherStory) => {
            "办结已久，内容已移出本机。中心给出的与本机留存的校验不符，没有采用，请告诉管理员。"
        }
    }
}

/// Why not.
pub(crate) fn conflict(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::NotThere => "中心没有这件单：它的登记没有被采纳，或还没有送到。",
        Conflict::AlreadyDispatched => "已由他人派给同一单位，没有重复派单。",
        Conflict::DispatchedElsewhere => "已由他人派给别的单位。",
        Conflict::NotWithUnit => "工单已不在该单位：已被收回，或已派给别的单位。",
        Conflict::StaleExtension => "已有另一项延期，或延期正在审批。",
        Conflict::WrongRound => "您看到之后，工单又派出过一轮，这一步是按前一轮办的。",
        Conflict::Closed => "工单已经办结。",
        Conflict::Merged => "工单已并入另一件。",
        Conflict::DoneAlready => "这一步已由他人办过。",
        Conflict::StageChanged => "工单已进入别的环节，这一步不再适用。",
        Conflict::NotAuthorised => "办理时您已没有这项权限。",
        Conflict::ArticleChanged => "条目已由他人修改。",
        Conflict::ContentRefused => "内容不符合中心的规则。",
    }
}

/// What to do about it.
pub(crate) fn conflict_advice(conflict: Conflict) -> &'static str {
    match conflict {
        Conflict::NotThere => "请先查登记那一条的处理结果；登记补上后，再重新提交这一步。",
        Conflict::AlreadyDispatched | Conflict::DoneAlready => "不需要再办，知悉即可。",
        Conflict::DispatchedElsewhere => {
            "请看现在派给了谁：同意就关闭；仍应由您选的单位办理，请与现在的承办单位联系退回，裁定后再派。"
        }
        Conflict::NotWithUnit => "请打开工单看现在由谁办理，再决定是否重新办。",
        Conflict::StaleExtension => "请看现有的延期，够用就关闭；仍不够时重新申请。",
        Conflict::WrongRound => "请打开工单看新一轮的经过，确认仍要办再重新提交。",
        Conflict::Closed => "如有新的情况，可在工单上补充；确需重办，请值班长处理。",
        Conflict::Merged => "请打开并入的那一件，在那里办理。",
        Conflict::StageChanged => "请打开工单看现在的环节，需要时按现在的环节办理。",
        Conflict::NotAuthorised => "请交值班长或有权限的人办理；您写的内容在下面，可以复制。",
        Conflict::ArticleChanged => "请打开条目看他人的修改，再把您的修改补上。",
        Conflict::ContentRefused => "请按提示改正后重新提交。",
    }
}

/// What is odd about something that was taken.
pub(crate) fn flag(flag: &Flag) -> String {
    match flag {
        Flag::ClockDoubtful => {
            "本机时钟与中心相差太多，办理时间按中心的时间计。请核对时限，并校准时钟。".to_owned()
        }
        Flag::PossibleRepeat { number } => {
            format!("疑似与 {number} 是同一诉求人的同一件事，请核对是否并入。")
        }
        Flag::NumberTwice { subject: _ } => {
            "另有一件工单编号相同（两台工作站离线时各自编号），请按标题区分。".to_owned()
        }
        Flag::CitesRetiredArticle { article: _ } => {
            "答复引用的知识已停用，请核对答复是否仍然正确。".to_owned()
        }
        Flag::KeptBeside => "他人先改了这一条，您的修改已另存为修改稿，没有覆盖。".to_owned(),
        Flag::OtherRuleSet => "中心按另一版规则处理，时限以中心为准。".to_owned(),
        Flag::FormerRights => "您现在已没有这项权限；因为事情发生时有，已照记。".to_owned(),
    }
}

/// Its name; what it means; what to do.
pub(crate) fn alert(alert: Alert, figure: i64) -> (&'static str, String, &'static str) {
    match alert {
        Alert::AuditBroken => (
            "审计记录异常",
            "本机的审计记录与中心留存的不一致：可能恢复过旧数据，也可能被人改动。".to_owned(),
            "请立即告诉管理员和审计员，不要重装本机。",
        ),
        Alert::Offline => (
            "离线",
            "连不上中心。受理、答复、派单都照常，保存在本机，连上后自动上传。".to_owned(),
            "不需要做什么。超过半天仍离线，请检查网线或告诉管理员。",
        ),
        Alert::DeskTooOld => (
            "需要升级",
            "本机程序的版本低于中心要求，暂停与中心同步。".to_owned(),
            "请尽快升级本机程序；其间照常受理，内容不会丢。",
        ),
        Alert::CenterTooOld => (
            "中心需要升级",
            "中心程序的版本低于本机，暂停同步。".to_owned(),
            "请告诉管理员升级中心；其间照常受理。",
        ),
        Alert::Unauthorised => (
            "未登记或已注销",
            "中心不认得这台工作站：登记已注销，或中心恢复到了登记之前。".to_owned(),
            "请向管理员要一个登记码，在下面重新登记。本机的内容都在。",
        ),
        Alert::Quarantined => (
            "已隔离",
            "中心发现有两台工作站用同一个编号（磁盘被复制，或本机从旧备份恢复后继续用过）。为免错乱，中心不再直接采纳本机的操作，待上传的内容已转给班长逐条认领。".to_owned(),
            "请向管理员要一个登记码，在下面重新登记，即可恢复正常。",
        ),
        Alert::ClockOff => (
            "时钟偏差",
            format!("本机时钟比中心{}。", skew(figure)),
            "请校准本机时钟（Windows：设置—时间；麒麟、统信：控制中心—时间）。相差超过两分钟时，时限按中心的时间计。",
        ),
        Alert::CenterRestored => (
            "中心已恢复备份",
            format!("中心从备份恢复，少了 {figure} 条记录，本机正在把自己的补传回去。"),
            "不需要做什么。补传完成前，个别工单可能显示为较早的状态。",
        ),
        Alert::DeskRestored => (
            "本机已恢复到较早日期",
            format!("本机数据被恢复到了较早的日期，{figure} 条操作已从中心取回。"),
            "请核对今天的草稿是否还在；草稿只存在本机，取不回。",
        ),
        Alert::Missing => (
            "中心缺失",
            format!("中心缺第 {figure} 号起的操作，而本机已清理，无法补传。"),
            "请把这一提示告诉管理员，由中心从备份或别的工作站核对。",
        ),
        Alert::Malformed => (
            "中心不接受",
            "中心不接受本机发出的内容，多半是程序的问题。".to_owned(),
            "请把这一提示告诉管理员；其间照常受理，内容不会丢。",
        ),
        Alert::Differs => (
            "核对不一致",
            format!("本机整理出的内容与中心在第 {figure} 条处不一致，编号 HD-{figure}。已记入日志，正在按中心的记录重新整理；待上传的操作不受影响。"),
            "请把编号告诉管理员。整理后仍不一致的，这里会一直显示。",
        ),
        Alert::SameAgain => (
            "核对已一致",
            format!("本机曾与中心在第 {figure} 条处不一致，编号 HD-{figure}；重新整理后已一致。"),
            "请把编号告诉管理员，便于查明原因。",
        ),
        Alert::StoreFailed => (
            "本机存储出错",
            "同步的内容没能写入本机，将自动重试。".to_owned(),
            "请检查磁盘空间；反复出现请告诉管理员。",
        ),
    }
}

/// 快 3 分 5 秒.
fn skew(skew_ms: i64) -> String {
    let seconds = skew_ms.unsigned_abs() / 1000;
    let way = if skew_ms >= 0 { "快" } else { "慢" };
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{way} {seconds} 秒"),
        (0, minutes, seconds) => format!("{way} {minutes} 分 {seconds} 秒"),
        (hours, minutes, _) => format!("{way} {hours} 小时 {minutes} 分"),
    }
}

/// Why a desk was not enrolled, and what to try.
pub(crate) fn not_enrolled(why: NotEnrolled) -> &'static str {
    match why {
        NotEnrolled::Unreachable => "连不上这个地址。请核对地址和网线，或问管理员中心是否开着。",
        NotEnrolled::NotOfTheCode => {
            "这个地址上的中心与登记码不符。请核对地址；若无误，请停下并告诉管理员，可能有人冒充中心。"
        }
        NotEnrolled::CodeNotGood => "登记码已用过、已过期或已作废，请向管理员要一个新的。",
        NotEnrolled::TooOld(TooOld::Desk) => "本机程序的版本低于中心要求，请先升级本机程序。",
        NotEnrolled::TooOld(TooOld::Center) => "中心程序的版本低于本机，请管理员先升级中心。",
        NotEnrolled::Fault => "登记没有完成，请重试；仍不行请告诉管理员。",
    }
}

pub(crate) fn code_fault(fault: CodeFault) -> String {
    match fault {
        CodeFault::WrongLength { n_digits } => {
            format!("登记码共 32 位，现在是 {n_digits} 位，请核对。")
        }
        CodeFault::Mistyped => "登记码有输错的地方，请逐组核对。".to_owned(),
    }
}
