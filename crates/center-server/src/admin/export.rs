//! 导出、核对 and 状态.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use center::{Ledger as _, check_sqlite};
use serde::Serialize;
use wire::limit::{PAGE_ENTRIES_MAX, PAGE_MAX_BYTES};
use wording::time_text;

use super::{AdminRefusal, Lines};
use crate::folder::{new_private, sync_folder};
use crate::office::Office;
use crate::readers::Reader;

/// Every entry of the feed on a line of its own, to a file that is not there yet and that only its
/// owner reads: it has everything about everybody.
pub(super) async fn export(office: &Office, to: PathBuf) -> Lines {
    check_new(&to)?;
    let path = to.clone();
    let n_entries = office
        .readers
        .read(move |reader| write_entries(reader, &path))
        .await?;
    Ok(vec![format!("已导出 {n_entries} 条到 {}", to.display())])
}

fn write_entries(reader: &Reader, to: &Path) -> anyhow::Result<u64> {
    let mut seq = 0;
    let pages = std::iter::from_fn(|| {
        let page = reader
            .ledger
            .entries_after(seq, PAGE_ENTRIES_MAX, PAGE_MAX_BYTES);
        if let Ok(page) = &page {
            seq = page.last()?.seq;
        }
        Some(page)
    });
    let entries = pages.flat_map(|page| match page {
        Ok(page) => page.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    });
    write_lines(to, entries)
}

/// Nothing that is there is written over.
pub(super) fn check_new(to: &Path) -> Result<(), AdminRefusal> {
    if to.exists() {
        let file = to.display().to_string();
        return Err(AdminRefusal::FileThere { file });
    }
    Ok(())
}

/// Each on a line of its own, in a new file that only its owner reads; how many.
pub(super) fn write_lines<T: Serialize>(
    to: &Path,
    rows: impl IntoIterator<Item = anyhow::Result<T>>,
) -> anyhow::Result<u64> {
    let mut file = BufWriter::new(new_private(to)?);
    let mut n = 0;
    for row in rows {
        serde_json::to_writer(&mut file, &row?)?;
        file.write_all(b"\n")?;
        n += 1;
    }
    file.flush()?;
    file.get_ref().sync_all()?;
    to.parent().map_or(Ok(()), sync_folder)?;
    Ok(n)
}

/// Goes through the whole feed, and has SQLite go through its file.
pub(super) async fn verify(office: &Office) -> Lines {
    let database = office.config.database.clone();
    let verified = office.readers.read(move |reader| {
        if let Some(path) = database.file()
            && let Err(error) = check_sqlite(path)
        {
            return Ok(Err(format!("{error:#}")));
        }
        Ok(center::verify(&*reader.ledger).map_err(|error| format!("{error:#}")))
    });
    match verified.await? {
        Ok(end) => Ok(vec![format!(
            "核对无误：共 {} 条，末条摘要 {}",
            end.seq, end.hash
        )]),
        Err(finding) => Err(AdminRefusal::NotSound { finding }.into()),
    }
}

pub(super) async fn status(office: &Office) -> Lines {
    let (feed, epochs, desks) = office
        .readers
        .read(|reader| {
            let ledger = &reader.ledger;
            Ok((ledger.feed()?, ledger.epochs()?, ledger.desks()?))
        })
        .await?;
    let epoch = epochs
        .last()
        .context("There is an epoch from the beginning on");
    let epoch = epoch?;
    let n_in_use = desks.iter().filter(|desk| !desk.is_revoked).count();
    Ok(vec![
        format!("变更序号\t{}", feed.end.seq),
        format!("已异机备份到\t{}", feed.durable_seq),
        format!("页面已更新到\t{}", *office.drawn_to.borrow()),
        format!(
            "本期开始\t{}\t{}",
            time_text::moment(epoch.began_at),
            epoch.reason
        ),
        format!("在用工作站\t{n_in_use}"),
        format!("等待写入\t{}", office.writer.n_waiting()),
    ])
}
