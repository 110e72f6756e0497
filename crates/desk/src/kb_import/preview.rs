//! 预览, as the window shows it.

use desk_store::Reader;
use domain::kb::{KbArticleId, KbCommand, KbFacts, KbTemplate, decide};

use super::known::Target;
use super::plan::{PlannedRow, place_of, plan};
use super::source::{self, BrokenFile, ROWS_MAX, Source};
use super::{
    KbBrokenFile, KbImportAsk, KbImportCount, KbImportPreview, KbImportRow, KbImportSource,
    KbImportState, KbSourceChoice, mapping, row,
};
use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::kb_columns::{self, KbColumn};
use crate::reference::{Choice, wire_name};
use crate::text;

const STATES: [KbImportState; 6] = [
    KbImportState::New,
    KbImportState::Change,
    KbImportState::Alike,
    KbImportState::Faulty,
    KbImportState::Same,
    KbImportState::Imported,
];

/// 预览导入: changes nothing.
pub(crate) fn kb_import_preview(
    desk: &Desk,
    request: KbImportAsk,
) -> Result<KbImportPreview, CallError> {
    let KbImportAsk {
        upload_id,
        sources: chosen,
    } = request;
    let (sources, broken) = read_files(desk, &upload_id, &chosen)?;
    let n_rows: usize = sources.iter().map(|source| source.rows.len()).sum();
    if n_rows > ROWS_MAX {
        return Err(CallError::invalid(format!(
            "一次最多导入 {ROWS_MAX} 行，所选文件共有 {n_rows} 行，请分几次导入。"
        )));
    }
    let reference = &desk.reference;
    let (sources, is_remembered, rows) = desk.store.read(|reader| {
        let mut sources = sources;
        let is_remembered = recall(reader, &mut sources, &chosen)?;
        let rows = plan(reader, &sources, reference)?;
        Ok((sources, is_remembered, rows))
    })?;
    let refusal = refusal(desk);
    let shown_sources = sources.iter().zip(is_remembered);
    let shown_sources = shown_sources.map(|(it, is_remembered)| source_view(it, is_remembered));
    let shown_sources = shown_sources.collect();
    let shown_rows = (0..)
        .zip(&rows)
        .map(|(at, row)| row_view(at, row, &sources))
        .collect();
    let columns = column_choices(&sources);
    let counts = STATES.map(|state| KbImportCount {
        state,
        text: text::import_state(state).to_owned(),
        n: rows.iter().filter(|row| row.state == state).count(),
    });
    let message = message(&rows);
    let plan = desk.imports.keep(&upload_id, sources, rows);
    Ok(KbImportPreview {
        preview_no: plan.preview_no,
        sources: shown_sources,
        broken: broken
            .into_iter()
            .map(|BrokenFile { file, reason }| KbBrokenFile { file, reason })
            .collect(),
        columns,
        rows: shown_rows,
        counts: counts.into_iter().filter(|count| count.n > 0).collect(),
        refusal,
        message,
    })
}

fn read_files(
    desk: &Desk,
    upload_id: &str,
    chosen: &[KbSourceChoice],
) -> Result<(Vec<Source>, Vec<BrokenFile>), CallError> {
    let (mut sources, mut broken) = (Vec::new(), Vec::new());
    for file in desk.uploads.files(upload_id)? {
        let level = chosen
            .iter()
            .find(|choice| choice.file == file.name)
            .and_then(|choice| choice.level);
        match source::read(&file.name, &file.bytes, level) {
            Ok(read) => sources.extend(read),
            Err(reason) => broken.push(reason),
        }
    }
    for choice in chosen {
        for source in &mut sources {
            if source.file == choice.file && source.sheet == choice.sheet {
                mapping::chosen(choice, source)?;
            }
        }
    }
    Ok((sources, broken))
}

/// Reads the sources that nobody chose for as they were the last time.
fn recall(
    reader: &Reader,
    sources: &mut [Source],
    chosen: &[KbSourceChoice],
) -> anyhow::Result<Vec<bool>> {
    let mut is_remembered = Vec::with_capacity(sources.len());
    for source in sources {
        let is_chosen = chosen.iter().any(|choice| {
            choice.keys.is_some() && choice.file == source.file && choice.sheet == source.sheet
        });
        is_remembered.push(!is_chosen && mapping::remembered(reader, source)?);
    }
    Ok(is_remembered)
}

/// Why the person at the desk may not write drafts, said before the work and not after it.
fn refusal(desk: &Desk) -> Option<String> {
    let facts = KbFacts {
        now: desk.now(),
        actor: &desk.operator,
    };
    let command = KbCommand::Draft {
        content: Box::new(row::empty(KbTemplate::StandardAnswer)),
    };
    let refused = decide(&KbArticleId(new_id()), None, &command, &facts).err();
    refused.map(|refusal| text::kb_refusal(&refusal))
}

fn message(rows: &[PlannedRow]) -> String {
    let is_nothing_new =
        |row: &PlannedRow| matches!(row.state, KbImportState::Same | KbImportState::Imported);
    if rows.is_empty() {
        "所选文件里没有可以导入的行。".to_owned()
    } else if rows.iter().all(is_nothing_new) {
        "这些内容都已在知识库中，或已导入过，再导入不会有任何改动。".to_owned()
    } else {
        String::new()
    }
}

fn source_view(source: &Source, is_remembered: bool) -> KbImportSource {
    let first = source.rows.first();
    let sample = |at: usize| {
        let cell = first.and_then(|row| row.cells.get(at));
        cell.map_or_else(String::new, |cell| row::shown(cell))
    };
    let mut notes = source.notes.clone();
    if !source.has_titles() {
        notes.push("没有对应“标题”的列，这张表不导入".to_owned());
    }
    if source.n_notes > 0 {
        notes.push(format!("略过说明行、示例行 {} 行", source.n_notes));
    }
    KbImportSource {
        file: source.file.clone(),
        sheet: source.sheet.clone(),
        is_document: source.is_document,
        names: source.names.clone(),
        keys: source.columns.iter().map(KbColumn::key).collect(),
        samples: (0..source.names.len()).map(sample).collect(),
        template: wire_name(&source.template),
        levels: source.levels.clone(),
        level: source.level,
        n_rows: source.rows.len(),
        is_remembered,
        notes,
    }
}

/// Everything a column can be: the fields, the sections of the templates, and a section by each name
/// that these files have.
fn column_choices(sources: &[Source]) -> Vec<Choice> {
    let mut columns = vec![KbColumn::Ignored];
    columns.extend(kb_columns::fields());
    let named = sources.iter().flat_map(|source| &source.names);
    let named = named
        .filter(|name| KbColumn::of_name(name).is_none())
        .filter_map(|name| KbColumn::of_key(&format!("section:{name}")));
    let chosen = sources.iter().flat_map(|source| source.columns.clone());
    for column in named.chain(chosen) {
        if !columns.contains(&column) {
            columns.push(column);
        }
    }
    let choice = |column: &KbColumn| Choice {
        id: column.key(),
        text: column.name(),
        note: String::new(),
    };
    columns.iter().map(choice).collect()
}

fn row_view(at: u32, row: &PlannedRow, sources: &[Source]) -> KbImportRow {
    let read = row.read();
    let mut notes = read.notes.clone();
    let existing = row.target.as_ref().map(|(target, _)| target);
    if row.state != KbImportState::New
        && let Some(target) = existing
    {
        notes.extend(target_note(target));
    }
    KbImportRow {
        row: at,
        place: place_of(row, sources),
        title: read.content.title.clone(),
        unit: read.content.unit.clone(),
        template_text: text::template(read.content.template).to_owned(),
        state: row.state,
        state_text: text::import_state(row.state).to_owned(),
        existing_title: existing.map_or_else(String::new, |it| it.content.title.clone()),
        changes_text: if row.state == KbImportState::Change {
            let names = read.changed.iter().map(KbColumn::name);
            names.collect::<Vec<_>>().join("、")
        } else {
            String::new()
        },
        faults: read.faults.iter().map(|fault| fault.text.clone()).collect(),
        missing: read.missing.iter().map(text::kb_field).collect(),
        notes,
        choices: row.choices(),
    }
}

fn target_note(target: &Target) -> Option<String> {
    if let Some(stage) = target.draft_stage {
        return Some(format!("该条有草稿，{}", text::draft_stage(stage)));
    }
    target.is_retired.then(|| "该条已停止使用".to_owned())
}
