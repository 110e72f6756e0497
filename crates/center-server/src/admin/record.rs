//! 审计: 核对、导出 and 重新起算.

use std::path::PathBuf;

use audit::{Break, Head};
use wire::DeskId;
use wording::{text, time_text};

use super::export::{check_new, write_lines};
use super::{AdminRefusal, Lines};
use crate::audit::{self as kept, DeskAudit, DeskBreak, Pages};
use crate::office::Office;

/// What is said of one desk's chain.
struct OfDesk {
    desk: String,
    kept: DeskAudit,
    copy: Result<Head, Break>,
}

/// Goes through the center's whole chain and what is copied of the desks', and tells of each desk how far
/// its own is kept here.
pub(super) async fn verify(office: &Office) -> Lines {
    let read = office.readers.read(|reader| {
        let mut desks = Vec::new();
        for (desk, kept) in kept::desks(reader)? {
            let copy = kept::verify_copy(reader, &desk, &kept)?;
            desks.push(OfDesk { desk, kept, copy });
        }
        Ok((kept::verify_all(reader)?, desks))
    });
    let (found, desks) = read.await?;
    let end = match found {
        Ok(end) => end,
        Err(broken) => {
            let finding = format!("审计第 {} 条{}", broken.n, text::audit_flaw(broken.flaw));
            return Err(AdminRefusal::NotSound { finding }.into());
        }
    };
    let damaged = desks.iter().find_map(|it| Some((it, it.copy.err()?)));
    if let Some((of, broken)) = damaged {
        let flaw = text::audit_flaw(broken.flaw);
        let finding = format!("工作站 {} 的审计副本第 {} 条{flaw}", of.desk, broken.n);
        return Err(AdminRefusal::NotSound { finding }.into());
    }
    let own = format!("审计链核对无误\t共 {} 条\t末条摘要 {}", end.n, end.hash);
    let of_desks = desks.into_iter().map(|OfDesk { desk, kept, .. }| {
        let at = time_text::moment(kept.at);
        let state = match (kept.broken, kept.copy_broken) {
            (None, None) => "相符".to_owned(),
            (Some(DeskBreak::CutOff), _) => "异常：工作站的记录少于留存的条数".to_owned(),
            (Some(DeskBreak::Rewritten), _) => "异常：工作站的记录与留存的不一致".to_owned(),
            (None, Some(n)) => format!("异常：工作站报来的第 {n} 条接不上副本"),
        };
        format!(
            "工作站 {desk}\t留存到第 {} 条\t副本到第 {} 条\t{at}\t{state}",
            kept.head.n, kept.copied.n
        )
    });
    Ok(std::iter::once(own).chain(of_desks).collect())
}

/// 导出 what is here of a desk's chain, or, where none is named, of the center's own: an entry on each line,
/// with its hash and that of the one before, to a file that is not there yet and that only its owner reads.
pub(super) async fn export(office: &Office, desk: Option<DeskId>, to: PathBuf) -> Lines {
    check_new(&to)?;
    let path = to.clone();
    let name = desk.as_ref().map(|it| it.0.clone()).unwrap_or_default();
    let written = office.readers.read(move |reader| {
        let Some(desk) = desk else {
            return write_lines(&path, Pages::of_center(reader)).map(Some);
        };
        match kept::desk_audit(&*reader.records, &desk.0)? {
            None => Ok(None),
            Some(kept) => write_lines(&path, Pages::of_desk(reader, &desk.0, &kept)).map(Some),
        }
    });
    match written.await? {
        Some(n) => Ok(vec![format!("已导出 {n} 条到 {}", to.display())]),
        None => Err(AdminRefusal::NoSuchDesk { desk: name }.into()),
    }
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
