//! 工作站.

use center::Ledger as _;
use wire::DeskId;
use wording::time_text;

use super::{AdminRefusal, Lines};
use crate::office::Office;

pub(super) async fn allow_enrolment(office: &Office) -> Lines {
    let (code, good_until) = office.allow_enrolment().await?;
    Ok(vec![
        format!("登记码：{code}"),
        format!(
            "请在 {} 前在工作站上输入，只能用一次",
            time_text::moment(good_until)
        ),
    ])
}

pub(super) async fn list(office: &Office) -> Lines {
    let desks = office.readers.read(|reader| reader.ledger.desks()).await?;
    let seen = office.desks_seen();
    let lines = desks.into_iter().map(|desk| {
        let state = match (desk.is_revoked, desk.forked_at) {
            (true, _) => "已注销",
            (false, Some(_)) => "已隔离",
            (false, None) => "在用",
        };
        let last = seen.get(&desk.id).map_or_else(String::new, |seen| {
            format!(
                "{} 联系，程序 {}，时钟偏差 {} 秒",
                time_text::moment(seen.at),
                seen.program,
                seen.skew_ms / 1_000
            )
        });
        let number = desk.head.number;
        format!(
            "{}\t{state}\t{}\t已收 {number} 项\t{last}",
            desk.id.0, desk.machine
        )
    });
    Ok(lines.collect())
}

pub(super) async fn revoke(office: &Office, desk: DeskId) -> Lines {
    if office.revoke_desk(&desk).await? {
        Ok(vec![format!("工作站 {} 已注销，立即生效", desk.0)])
    } else {
        let desk = desk.0;
        Err(AdminRefusal::NoSuchDesk { desk }.into())
    }
}
