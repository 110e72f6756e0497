//! 预览: every row with what would become of it, before anything is changed.

use std::collections::{BTreeSet, HashMap};

use desk_store::Reader;
use domain::kb::{DraftStage, KbContent};
use wire::Hash;

use super::known::{self, KnownArticles, Target};
use super::row::{self, Base, Names, ReadRow, name_key};
use super::source::Source;
use super::{KbImportChoice, KbImportState};
use crate::kb_columns::KbColumn;
use crate::reference::ReferenceTables;

/// A row, read and compared.
#[derive(Debug, Clone)]
pub(super) struct PlannedRow {
    pub(super) source: usize,
    pub(super) row: usize,
    pub(super) state: KbImportState,
    /// As an article of its own.
    pub(super) own: ReadRow,
    /// The article it is about or like, and that article as the row would make it.
    pub(super) target: Option<(Target, ReadRow)>,
    pub(super) row_hash: String,
    /// Whether a row that says the same was imported before this preview.
    pub(super) is_known: bool,
}

impl PlannedRow {
    /// What may be chosen, what is proposed first.
    pub(super) fn choices(&self) -> Vec<KbImportChoice> {
        use KbImportChoice as C;
        let draft_stage = self.target.as_ref().map(|(target, _)| target.draft_stage);
        let onto: &[C] = match draft_stage {
            None => &[],
            Some(None) => &[C::Change],
            // Somebody's draft is not written over unless a person says so.
            Some(Some(DraftStage::Writing)) => &[C::Beside, C::Change],
            Some(Some(DraftStage::AwaitsConfirmation | DraftStage::AwaitsReview)) => &[C::Beside],
        };
        let all: &[&[C]] = match self.state {
            KbImportState::Faulty | KbImportState::Same => &[&[C::Skip]],
            KbImportState::New => &[&[C::New, C::Skip]],
            KbImportState::Change => &[onto, &[C::New, C::Skip]],
            KbImportState::Alike | KbImportState::Imported => &[&[C::Skip, C::New], onto],
        };
        all.concat()
    }

    /// The row as it would be imported: onto its article, or as one of its own.
    pub(super) fn read(&self) -> &ReadRow {
        match (&self.target, self.state) {
            (Some((_, onto)), KbImportState::Change | KbImportState::Same) => onto,
            _ => &self.own,
        }
    }
}

/// Reads and compares every row of the sources that have titles.
pub(super) fn plan(
    reader: &Reader,
    sources: &[Source],
    reference: &ReferenceTables,
) -> anyhow::Result<Vec<PlannedRow>> {
    let names = &Names::of(reference);
    let units = &names.units;
    let known = KnownArticles::load(reader, units)?;
    let mut planned = Vec::new();
    let mut seen = SeenRows::default();
    for (source_at, source) in sources.iter().enumerate() {
        if !source.has_titles() {
            continue;
        }
        let id_column = source.columns.iter().position(|it| *it == KbColumn::Id);
        for (row_at, row) in source.rows.iter().enumerate() {
            let id = id_column.and_then(|at| row.cells.get(at));
            let id = id.map(String::as_str).filter(|id| !id.is_empty());
            let read = |base: Option<Base<'_>>| {
                row::read(&row.cells, &source.columns, source.template, base, names)
            };
            let mut own = read(None);
            if let Some(id) = id.filter(|id| !known.has(id)) {
                own.notes.push(format!(
                    "条目编号“{}”本机没有，按新条目看待",
                    row::shown(id)
                ));
            }
            let row_hash = hash_of(id, &own.content)?;
            let is_about = id
                .filter(|id| known.has(id))
                .or_else(|| known.named(&own.content.title, &own.content.unit, units));
            let imported = reader.kb_imported_as(&row_hash)?;
            let (is_known, before) = (imported.is_some(), imported.map(|id| id.0));
            let like = known.like(&own.content).map(|(id, _)| id);
            let target = is_about.or(before.as_deref()).or(like);
            let target = match target {
                Some(id) => known::target(reader, id)?,
                None => None,
            };
            let target = target.map(|target| {
                let onto = read(Some(Base {
                    id: &target.id.0,
                    content: &target.content,
                }));
                (target, onto)
            });
            let mut row = PlannedRow {
                source: source_at,
                row: row_at,
                state: KbImportState::New,
                own,
                target,
                row_hash,
                is_known,
            };
            row.state = state_of(&row, is_about.is_some());
            if row.state != KbImportState::Faulty {
                seen.compare(&mut row, sources, id);
            }
            planned.push(row);
        }
    }
    Ok(planned)
}

fn state_of(row: &PlannedRow, is_about: bool) -> KbImportState {
    if let Some((target, onto)) = &row.target
        && is_about
    {
        if onto.faults.is_empty() && onto.content == target.content {
            return KbImportState::Same;
        }
        if !onto.faults.is_empty() {
            return KbImportState::Faulty;
        }
        return if row.is_known {
            KbImportState::Imported
        } else {
            KbImportState::Change
        };
    }
    if !row.own.faults.is_empty() {
        return KbImportState::Faulty;
    }
    let says_nothing_new = row
        .target
        .as_ref()
        .is_some_and(|(target, onto)| onto.content == target.content);
    if row.is_known && says_nothing_new {
        return KbImportState::Same;
    }
    match (&row.target, row.is_known) {
        (_, true) => KbImportState::Imported,
        (Some(_), false) => KbImportState::Alike,
        (None, false) => KbImportState::New,
    }
}

/// What the rows before were about.
#[derive(Default)]
struct SeenRows {
    hashes: BTreeSet<String>,
    /// Where each title of a unit, and each number, stood first.
    names: HashMap<(String, String), String>,
    ids: HashMap<String, String>,
}

impl SeenRows {
    /// The same row twice is imported once; two rows of one title and unit contradict each other.
    fn compare(&mut self, row: &mut PlannedRow, sources: &[Source], id: Option<&str>) {
        let place = place_of(row, sources);
        if !self.hashes.insert(row.row_hash.clone()) {
            row.state = KbImportState::Same;
            return;
        }
        let content = &row.read().content;
        let name = (name_key(&content.title), name_key(&content.unit));
        let earlier = match id {
            Some(id) => self.ids.insert(id.to_owned(), place.clone()),
            None => None,
        };
        let earlier = earlier.or_else(|| self.names.insert(name, place));
        if let Some(earlier) = earlier {
            let said = format!("与{earlier}标题和责任单位相同，一件事只能有一条");
            row.own.fault(Some(KbColumn::Title), said.clone());
            if let Some((_, onto)) = &mut row.target {
                onto.fault(Some(KbColumn::Title), said);
            }
            row.state = KbImportState::Faulty;
        }
    }
}

/// Where a row stands, for people.
pub(super) fn place_of(row: &PlannedRow, sources: &[Source]) -> String {
    let source = sources.get(row.source);
    let found = source.and_then(|source| Some((source, source.rows.get(row.row)?)));
    found.map_or_else(String::new, |(source, row)| {
        source.place(row, sources.len() > 1)
    })
}

/// What a row says, as one number: the same row of the same file again has the same.
fn hash_of(id: Option<&str>, content: &KbContent) -> anyhow::Result<String> {
    let said = serde_json::to_vec(&(id, content))?;
    Ok(Hash::of(&said).to_string())
}
