//! 一行: what a row says as the content of an article, and what is wrong with it. Checked by the
//! rules of the form and by no others.

use std::collections::HashMap;

use domain::kb::{KbContent, KbField, KbRefusal, KbTemplate};
use domain::{HandlingUnit, HandlingUnits};

use super::day::{self, Day};
use super::half_width;
use crate::kb_columns::{KbColumn, cells_of, other_sections};
use crate::reference::ReferenceTables;
use crate::text;

/// What a row became.
#[derive(Debug, Clone)]
pub(super) struct ReadRow {
    pub(super) content: KbContent,
    /// Which columns of an existing article it changes.
    pub(super) changed: Vec<KbColumn>,
    pub(super) faults: Vec<Fault>,
    /// What must still be filled before the draft can be handed on.
    pub(super) missing: Vec<KbField>,
    /// What a person should know: the unit is none of the units.
    pub(super) notes: Vec<String>,
}

/// 差错: why a row cannot be imported, and in which column that lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) column: Option<KbColumn>,
    pub(super) text: String,
}

/// An article that a row is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Base<'a> {
    pub(super) id: &'a str,
    pub(super) content: &'a KbContent,
}

/// Reads the cells under `columns`. A cell that says what the article says already, or nothing,
/// leaves that part of `base` as it is.
pub(super) fn read(
    cells: &[String],
    columns: &[KbColumn],
    template: KbTemplate,
    base: Option<Base<'_>>,
    names: &Names<'_>,
) -> ReadRow {
    let cells_of = |base: Base<'_>| cells_of(base.id, base.content, columns, names.reference);
    let before = base.map(cells_of);
    let content = base.map_or_else(|| empty(template), |base| base.content.clone());
    let mut row = ReadRow {
        content,
        changed: Vec::new(),
        faults: Vec::new(),
        missing: Vec::new(),
        notes: Vec::new(),
    };
    for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
        let said_before = before.as_ref().and_then(|before| before.get(at));
        if cell.is_empty() || said_before == Some(cell) {
            continue;
        }
        row.take(column, cell, names);
    }
    row.content = row.content.tidied();
    if let (Some(base), Some(before)) = (base, &before) {
        row.compare(base, before, columns, names);
        if row.changed.is_empty() && row.faults.is_empty() {
            return row;
        }
    }
    if row.content.title.is_empty() {
        row.fault(Some(KbColumn::Title), "没有标题".to_owned());
    }
    if let Err(refusal) = row.content.check_form() {
        let column = field_of(&refusal).and_then(KbColumn::of_field);
        let said = text::kb_refusal(&refusal);
        row.fault(column, said.trim_end_matches('。').to_owned());
    }
    row.missing = row.content.missing();
    // What is there and wrong is not missing, too.
    let wrong = row.faults.iter().filter_map(|fault| fault.column.as_ref());
    let wrong: Vec<&KbColumn> = wrong.collect();
    row.missing
        .retain(|field| KbColumn::of_field(field).is_none_or(|column| !wrong.contains(&&column)));
    row
}

impl ReadRow {
    /// Finds what is changed. Where nothing is, the content is as it was, also where that is not as
    /// tidy as the form would have it; an everyday name of the unit is no change of the unit.
    fn compare(
        &mut self,
        base: Base<'_>,
        before: &[String],
        columns: &[KbColumn],
        names: &Names<'_>,
    ) {
        let after = cells_of(base.id, &self.content, columns, names.reference);
        let cells = columns.iter().zip(before.iter().zip(&after));
        let changed = cells.filter(|(_, (before, after))| before != after);
        self.changed = changed.map(|(column, _)| column.clone()).collect();
        if self.changed.is_empty() {
            self.content = base.content.clone();
            self.missing = self.content.missing();
        }
    }

    fn take(&mut self, column: &KbColumn, cell: &str, names: &Names<'_>) {
        let content = &mut self.content;
        match column {
            KbColumn::Id | KbColumn::Ignored => {}
            KbColumn::Template => {
                if let Some(template) = template_called(cell) {
                    content.template = template;
                } else {
                    let known = KbTemplate::ALL.map(text::template).join("、");
                    let said = format!("模板“{}”不认识，请写{known}", shown(cell));
                    self.fault(Some(KbColumn::Template), said);
                }
            }
            KbColumn::Title => content.title = one_line(cell),
            KbColumn::Questions => content.questions = questions(cell),
            KbColumn::Answer => cell.clone_into(&mut content.answer),
            KbColumn::Section { label } => set_section(content, label, cell),
            KbColumn::OtherSections => match other_sections(cell) {
                Some(sections) => {
                    let own: Vec<_> = sections.iter().map(|it| it.label.clone()).collect();
                    content.sections.retain(|it| !own.contains(&it.label));
                    content.sections.extend(sections);
                }
                None => self.fault(
                    Some(KbColumn::OtherSections),
                    "其他段落应以“## 名称”一行开头".to_owned(),
                ),
            },
            KbColumn::InternalNote => cell.clone_into(&mut content.internal_note),
            KbColumn::Unit => self.take_unit(cell, &names.units),
            KbColumn::ResponsiblePerson => content.responsible_person = one_line(cell),
            KbColumn::Source => content.source = one_line(cell),
            KbColumn::Category => match names.category(cell) {
                Some(id) => content.category_id = id,
                None => self
                    .notes
                    .push(format!("事项分类“{}”不在分类目录中，未写入", shown(cell))),
            },
            KbColumn::Township => match names.township(cell) {
                Some(code) => content.township_code = code,
                None => self
                    .notes
                    .push(format!("适用地点“{}”不是本县乡镇街道，未写入", shown(cell))),
            },
            KbColumn::ValidFrom => {
                if let Some(Day::On(day)) = self.day(column, cell) {
                    self.content.valid_from = Some(day);
                }
            }
            KbColumn::ValidUntil => match self.day(column, cell) {
                Some(Day::On(day)) => self.content.valid_until = Some(day),
                Some(Day::Endless) => self.content.valid_until = None,
                None => {}
            },
            KbColumn::NextReview => {
                if let Some(Day::On(day)) = self.day(column, cell) {
                    self.content.next_review_on = Some(day);
                }
            }
        }
    }

    fn take_unit(&mut self, cell: &str, units: &UnitNames<'_>) {
        let called = one_line(cell);
        if let Some(unit) = units.called(&called) {
            self.content.unit.clone_from(&unit.name);
            self.content.unit_id = Some(unit.id.clone());
        } else {
            self.notes.push(format!(
                "责任单位“{}”不在单位名录中，按原文写入",
                shown(&called)
            ));
            self.content.unit = called;
            self.content.unit_id = None;
        }
    }

    fn day(&mut self, column: &KbColumn, cell: &str) -> Option<Day> {
        let day = day::read(cell);
        let is_endless = day == Some(Day::Endless);
        if day.is_none() || (is_endless && *column == KbColumn::NextReview) {
            let said = format!(
                "{}“{}”不是日期，请写成 2026-11-24",
                column.name(),
                shown(cell)
            );
            self.fault(Some(column.clone()), said);
            return None;
        }
        day
    }

    pub(super) fn fault(&mut self, column: Option<KbColumn>, text: String) {
        self.faults.push(Fault { column, text });
    }
}

pub(super) fn empty(template: KbTemplate) -> KbContent {
    KbContent {
        template,
        title: String::new(),
        questions: Vec::new(),
        answer: String::new(),
        sections: Vec::new(),
        internal_note: String::new(),
        unit: String::new(),
        unit_id: None,
        responsible_person: String::new(),
        source: String::new(),
        category_id: String::new(),
        township_code: String::new(),
        valid_from: None,
        valid_until: None,
        next_review_on: None,
    }
}

/// 标准答案, and 民生热点标准答案 as the regulation says it.
fn template_called(cell: &str) -> Option<KbTemplate> {
    let called: String = half_width(cell)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect();
    KbTemplate::ALL
        .into_iter()
        .find(|template| called.ends_with(text::template(*template)))
}

/// What the cells of a row call units, categories and places.
pub(super) struct Names<'a> {
    pub(super) units: UnitNames<'a>,
    pub(super) reference: &'a ReferenceTables,
}

/// How a sheet says that an article holds in the whole county.
const WHOLE_COUNTY: [&str; 3] = ["全县", "渠县", "全域"];

impl<'a> Names<'a> {
    pub(super) fn of(reference: &'a ReferenceTables) -> Self {
        Self {
            units: UnitNames::of(&reference.units),
            reference,
        }
    }

    /// The category that is called so: by its number, by the names of its levels, or by its last
    /// name where only one has it.
    fn category(&self, called: &str) -> Option<String> {
        let key = name_key(called);
        let all = &self.reference.view.categories;
        let by_levels = all.iter().find(|it| {
            let two = format!("{}{}", it.level2, it.level3);
            let three = format!("{}{two}", it.level1);
            [&it.id, &two, &three]
                .into_iter()
                .any(|name| name_key(name) == key)
        });
        let mut by_last = all.iter().filter(|it| name_key(&it.level3) == key);
        let only = by_last.next().filter(|_| by_last.next().is_none());
        by_levels.or(only).map(|it| it.id.clone())
    }

    /// The township or street that is called so; empty for the whole county.
    fn township(&self, called: &str) -> Option<String> {
        let key = name_key(called);
        let key = key
            .strip_prefix("渠县")
            .filter(|rest| !rest.is_empty())
            .unwrap_or(&key);
        if WHOLE_COUNTY.contains(&key) {
            return Some(String::new());
        }
        let all = self.reference.view.townships.iter();
        let mut named = all.filter(|it| name_key(&it.name) == key || it.code == key);
        named.next().map(|it| it.code.clone())
    }
}

/// 单位名称: every unit by its name and its everyday ones.
pub(super) struct UnitNames<'a>(HashMap<String, &'a HandlingUnit>);

impl<'a> UnitNames<'a> {
    pub(super) fn of(units: &'a HandlingUnits) -> Self {
        let mut names = HashMap::new();
        for unit in units.iter() {
            for name in unit.aliases.iter().chain([&unit.name]) {
                names.insert(name_key(name), unit);
            }
        }
        Self(names)
    }

    /// The unit that is called so.
    pub(super) fn called(&self, called: &str) -> Option<&'a HandlingUnit> {
        self.0.get(&name_key(called)).copied()
    }

    /// What two ways of writing one unit have in common.
    pub(super) fn key(&self, called: &str) -> String {
        self.called(called)
            .map_or_else(|| name_key(called), |unit| unit.id.0.clone())
    }
}

/// What two ways of writing one name have in common.
pub(super) fn name_key(name: &str) -> String {
    let narrow = half_width(name);
    let letters = narrow.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// One way of asking to a line; people also write them one after the other with a semicolon.
fn questions(cell: &str) -> Vec<String> {
    let marks: &[char] = if cell.contains('\n') {
        &['\n']
    } else {
        &['；', ';']
    };
    let each = cell.split(marks).map(|line| {
        // 1. 2、 and dots in front are the list's, not the question's.
        let bare = line
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '•' | '·' | '●'));
        let digits = bare.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_numbered = digits.len() < bare.len();
        let rest = digits.strip_prefix(['.', '、', '．', ')', '）']);
        let own =
            rest.filter(|rest| is_numbered && !rest.starts_with(|c: char| c.is_ascii_digit()));
        own.unwrap_or(bare).trim().to_owned()
    });
    each.filter(|line| !line.is_empty()).collect()
}

fn set_section(content: &mut KbContent, label: &str, text: &str) {
    let own = content.sections.iter_mut().find(|it| it.label == label);
    match own {
        Some(section) => text.clone_into(&mut section.text),
        None => content.sections.push(domain::kb::KbSection {
            label: label.to_owned(),
            text: text.to_owned(),
        }),
    }
}

fn one_line(cell: &str) -> String {
    cell.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The longest piece of a cell that a message quotes, in characters.
const QUOTE_MAX_CHARS: usize = 20;

pub(super) fn shown(cell: &str) -> String {
    let line = one_line(cell);
    if line.chars().count() <= QUOTE_MAX_CHARS {
        return line;
    }
    let beginning: String = line.chars().take(QUOTE_MAX_CHARS).collect();
    format!("{beginning}…")
}

/// What a refusal of the form is about.
fn field_of(refusal: &KbRefusal) -> Option<&KbField> {
    let (KbRefusal::TextTooLong { field, .. }
    | KbRefusal::TooManyParts { field, .. }
    | KbRefusal::DatesContradict { field }) = refusal
    else {
        return None;
    };
    Some(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_asking() {
        for (cell, expected) in [
            (
                "停水了找谁\n1. 家里没水\n\n• 水停了",
                &["停水了找谁", "家里没水", "水停了"][..],
            ),
            ("停水了找谁；家里没水", &["停水了找谁", "家里没水"]),
            ("12345怎么打", &["12345怎么打"]),
            ("3.5吨货车限行吗", &["3.5吨货车限行吗"]),
            ("1、停水", &["停水"]),
        ] {
            assert_eq!(questions(cell), expected, "{cell}");
        }
    }

    #[test]
    fn units_by_their_everyday_names() {
        let tables = crate::reference::ReferenceTables::built_in().unwrap();
        for (called, name) in [
            ("县发改局", Some("县发展和改革局")),
            ("渠县发展和改革局", Some("县发展和改革局")),
            (" 县 发改局 ", Some("县发展和改革局")),
            ("发改", None),
        ] {
            let unit = UnitNames::of(&tables.units).called(called);
            assert_eq!(unit.map(|unit| unit.name.as_str()), name, "{called}");
        }
    }
}
