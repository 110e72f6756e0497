//! 审计: 核对 and 重新起算.

use wire::DeskId;
use wording::{text, time_text};

use super::{AdminRefusal, Lines};
use crate::audit::{self, DeskBreak};
use crate::office::Office;

/// Goes through the center's whole chain, and tells of each desk how far its own is kept here.
pub(super) async fn verify(office: &Office) -> Lines {
    let read = office
        .readers
        .read(|reader| Ok((audit::verify_all(reader)?, audit::desks(reader)?)));
    let (found, desks) = read.await?;
    let end = match found {
        Ok(end) => end,
        Err(broken) => {
            let finding = format!("审计第 {} 条{}", broken.n, text::audit_flaw(broken.flaw));
            return Err(AdminRefusal::NotSound { finding }.into());
        }
    };
    let own = format!("审计链核对无误\t共 {} 条\t末条摘要 {}", end.n, end.hash);
    let of_desks = desks.into_iter().map(|(desk, kept)| {
        let at = time_text::moment(kept.at);
        let state = match kept.broken {
            None => "相符",
            Some(DeskBreak::CutOff) => "异常：工作站的记录少于留存的条数",
            Some(DeskBreak::Rewritten) => "异常：工作站的记录与留存的不一致",
        };
        format!("工作站 {desk}\t留存到第 {} 条\t{at}\t{state}", kept.head.n)
    });
    Ok(std::iter::once(own).chain(of_desks).collect())
}

pub(super) async fn forget(office: &Office, desk: DeskId) -> Lines {
    let name = desk.0.clone();
    if office.forget_desk_audit(desk).await? {
        Ok(vec![format!(
            "工作站 {name} 的审计记录从下一次上报起重新留存"
        )])
    } else {
        Err(AdminRefusal::NoSuchDesk { desk: name }.into())
    }
}
