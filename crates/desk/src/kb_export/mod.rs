//! 知识导出: articles as a table, as something to read, or as the public version (第十三条, 第十四条).

mod public;
mod reading;

use std::collections::BTreeSet;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use desk_store::{KbFilter, Reader};
use documents::bundle;
use documents::table::COLUMNS_MAX;
use documents::watermark::Watermark;
use documents::workbook::{self, CELL_MAX_CHARS, Sheet};
use domain::clock_face::date_of;
use domain::kb::{KbArticleId, KbContent, KbStanding};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::export::{Export, Extent, WantedExport};
use crate::handed::Handed;
use crate::host::DeskHost;
use crate::kb_columns::{cells_of, columns_for};
use crate::kb_import::content_of;
use crate::kb_record::KbList;
use crate::reference::ReferenceTables;
use crate::text;

/// Articles of one export; a spreadsheet with more is opened by nobody.
const ARTICLES_MAX: usize = 50_000;
/// What an export of the knowledge is for, on its watermark.
const PURPOSE: &str = "知识库";

/// As what it is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbExportForm {
    /// xlsx, which can be imported again.
    Table,
    /// One docx to read.
    Document,
    /// A zip of Markdown files.
    Markdown,
    /// 公开版: JSON and a page to search in, as a zip.
    Public,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct KbExport {
    pub form: KbExportForm,
    /// A list of the editors; none for the whole knowledge base. The public version is always made
    /// of everything that is in use.
    pub list: Option<KbList>,
    /// 内部口径 and 责任人, too. Never in the public version.
    pub with_internal: bool,
}

/// An article as it is exported.
#[derive(Debug, Clone)]
struct Exported {
    id: String,
    content: KbContent,
    /// 使用中, 未发布, 示例.
    state_text: String,
}

/// 导出知识.
pub(crate) fn kb_export(
    host: &DeskHost,
    export: Export<'_>,
    request: KbExport,
) -> Result<Handed, CallError> {
    let desk = export.desk;
    let today = date_of(export.now);
    let export = if request.form == KbExportForm::Public || !request.with_internal {
        export.freely("what the knowledge says besides its internal notes is for everybody")
    } else {
        export.cleared(&WantedExport::Knowledge(request.clone()))?
    };
    let mark = export.watermark(PURPOSE);
    let day = today.format("%Y%m%d");
    if request.form == KbExportForm::Public {
        let articles = desk.store.read(|reader| public::articles(reader, today))?;
        let n = articles.len();
        let bytes = public::bundle(&articles, today, &mark)?;
        let name = format!("知识库公开版 {day}.zip");
        return host.hand_out(
            export,
            &name,
            bytes,
            format!("公开版共 {n} 条，解开后打开 index.html 即可查询。"),
        );
    }
    let articles = desk
        .store
        .read(|reader| exported(reader, request.list.map(|list| list.filter(today)), today))?;
    let names = &desk.reference;
    if articles.is_empty() {
        return Err(CallError::invalid("没有可以导出的条目。"));
    }
    if articles.len() > ARTICLES_MAX {
        return Err(CallError::invalid(format!(
            "一次最多导出 {ARTICLES_MAX} 条，请按清单分别导出。"
        )));
    }
    let with_internal = request.with_internal;
    let (name, bytes) = match request.form {
        KbExportForm::Table => ("知识表", table(&articles, with_internal, names, &mark)?),
        KbExportForm::Document => (
            "知识汇编",
            reading::document(&articles, with_internal, names, &mark)?,
        ),
        KbExportForm::Markdown | KbExportForm::Public => {
            let files = reading::markdown_files(&articles, with_internal, names, &mark);
            (
                "知识文稿",
                bundle::write(&files).context("Packing the Markdown")?,
            )
        }
    };
    let ending = match request.form {
        KbExportForm::Table => "xlsx",
        KbExportForm::Document => "docx",
        KbExportForm::Markdown | KbExportForm::Public => "zip",
    };
    let which = request.list.map_or("全部", KbList::title);
    let name = format!("{name}（{which}）{day}.{ending}");
    let internal = if with_internal {
        "，含内部口径和责任人，请勿外传"
    } else {
        ""
    };
    host.hand_out(
        export,
        &name,
        bytes,
        format!("已导出 {} 条{internal}。", articles.len()),
    )
}

/// How much an export of the knowledge takes out of the house: articles with internal notes and the names of
/// who answers for them.
pub(crate) fn extent(
    desk: &Desk,
    request: &KbExport,
    now: DateTime<Utc>,
) -> Result<Extent, CallError> {
    let today = date_of(now);
    let filter = request.list.map(|list| list.filter(today));
    let n_rows = if request.with_internal && request.form != KbExportForm::Public {
        desk.store
            .read(|reader| Ok(exported(reader, filter, today)?.len()))?
    } else {
        0
    };
    let which = request.list.map_or("全部", KbList::title);
    Ok(Extent {
        n_rows,
        names_caller: false,
        text: format!("知识“{which}”{n_rows} 条，含内部口径和责任人"),
        purpose: PURPOSE.to_owned(),
    })
}

/// The articles of a list, or all with those that came with the program.
fn exported(
    reader: &Reader,
    filter: Option<KbFilter>,
    today: chrono::NaiveDate,
) -> anyhow::Result<Vec<Exported>> {
    let mut ids = Vec::new();
    reader.every_kb_row(filter.unwrap_or(KbFilter::All), |row| {
        ids.push(row.id);
        Ok(())
    })?;
    let mut articles = Vec::with_capacity(ids.len());
    for id in &ids {
        let record = reader.load_kb_record(id)?;
        let record = record.context("A row of a list has a record")?;
        if let Some(content) = content_of(&record) {
            let standing = text::standing(record.standing_on(today));
            let draft = record.draft.as_ref();
            let draft = draft.map(|draft| format!("，{}", text::draft_stage(draft.stage)));
            articles.push(Exported {
                id: id.0.clone(),
                content,
                state_text: format!("{standing}{}", draft.unwrap_or_default()),
            });
        }
    }
    if filter.is_none() {
        let known: BTreeSet<&KbArticleId> = ids.iter().collect();
        reader.all_articles(|stored| {
            if !known.contains(&stored.article.id) {
                articles.push(Exported {
                    id: stored.article.id.0.clone(),
                    state_text: if stored.is_sample {
                        "示例".to_owned()
                    } else {
                        text::standing(KbStanding::InUse).to_owned()
                    },
                    content: stored.article.into(),
                });
            }
            Ok(())
        })?;
    }
    Ok(articles)
}

/// A row for each article, under the names that the import knows; the state is for people.
fn table(
    articles: &[Exported],
    with_internal: bool,
    names: &ReferenceTables,
    mark: &Watermark,
) -> Result<Vec<u8>, CallError> {
    let contents = articles.iter().map(|article| &article.content);
    let columns = columns_for(contents, with_internal, COLUMNS_MAX - 1);
    let mut sheet = Sheet::new("知识", &[]);
    sheet.names = columns
        .iter()
        .map(crate::kb_columns::KbColumn::name)
        .collect();
    sheet.names.push("状态".to_owned());
    for article in articles {
        let mut cells = cells_of(&article.id, &article.content, &columns, names);
        let too_long = columns
            .iter()
            .zip(&cells)
            .find(|(_, cell)| cell.encode_utf16().count() > CELL_MAX_CHARS);
        if let Some((column, _)) = too_long {
            return Err(CallError::invalid(format!(
                "《{}》的{}太长，放不进表格的一格，请改为导出文稿。",
                article.content.title,
                column.name()
            )));
        }
        cells.push(article.state_text.clone());
        sheet.rows.push(cells);
    }
    Ok(workbook::write(&[sheet], Some(mark)).context("Writing the table")?)
}
