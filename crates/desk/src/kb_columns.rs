//! 知识表的列: what an article says as the cells of a row, written by the export and read by the
//! import. Both use this one table, so what was exported is what would be imported.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use documents::table::clean;
use domain::kb::{KB_TITLE_MAX_CHARS, KbContent, KbField, KbSection, KbTemplate};

use self::names::{NAMES, NOT_OURS, SECTION_ALIASES, SECTION_PREFIX};
use crate::kb_import::half_width;
use crate::reference::ReferenceTables;
use crate::text;

mod names;
#[cfg(test)]
mod tests;

/// 列: what the cells under a name say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KbColumn {
    /// 条目编号: which article the row is about.
    Id,
    Template,
    Title,
    Questions,
    Answer,
    Section {
        label: String,
    },
    /// 其他段落: those without a column of their own, each under a line `## 名称`.
    OtherSections,
    InternalNote,
    Unit,
    ResponsiblePerson,
    Source,
    Category,
    /// 适用地点.
    Township,
    ValidFrom,
    ValidUntil,
    NextReview,
    /// 不导入.
    Ignored,
}

impl KbColumn {
    /// The name at the head of the column.
    pub(crate) fn name(&self) -> String {
        if let Self::Section { label } = self {
            let prefix = if is_of_a_template(label) {
                ""
            } else {
                SECTION_PREFIX
            };
            return format!("{prefix}{label}");
        }
        let known = NAMES.iter().find(|(column, ..)| column == self);
        known.map_or("不导入", |(_, name, _)| name).to_owned()
    }

    /// How the window names it: `title`, `section:收费标准`; empty for what is not imported.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Id => "id",
            Self::Template => "template",
            Self::Title => "title",
            Self::Questions => "questions",
            Self::Answer => "answer",
            Self::Section { label } => return format!("section:{label}"),
            Self::OtherSections => "other_sections",
            Self::InternalNote => "internal_note",
            Self::Unit => "unit",
            Self::ResponsiblePerson => "responsible_person",
            Self::Source => "source",
            Self::Category => "category",
            Self::Township => "township",
            Self::ValidFrom => "valid_from",
            Self::ValidUntil => "valid_until",
            Self::NextReview => "next_review",
            Self::Ignored => "",
        }
        .to_owned()
    }

    /// The column of a key; `None` for a key that is none.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        if key.is_empty() {
            return Some(Self::Ignored);
        }
        if let Some(label) = key.strip_prefix("section:") {
            let label = label.trim();
            let fits = !label.is_empty() && label.chars().count() <= KB_TITLE_MAX_CHARS;
            return fits.then(|| Self::Section {
                label: label.to_owned(),
            });
        }
        NAMES
            .iter()
            .map(|(column, ..)| column)
            .find(|column| column.key() == key)
            .cloned()
    }

    /// What a name at the head of a column, or a label in a document, stands for; `None` where
    /// nobody told us.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        if let Some(label) = name.trim().strip_prefix(SECTION_PREFIX) {
            return Self::of_key(&format!("section:{label}"));
        }
        let bare = bare(name);
        let known = NAMES
            .iter()
            .find(|(_, own, others)| *own == bare || others.contains(&bare.as_str()));
        if let Some((column, ..)) = known {
            return Some(column.clone());
        }
        let section = SECTION_ALIASES
            .iter()
            .find(|(own, others)| *own == bare || others.contains(&bare.as_str()));
        section.map(|(label, _)| Self::Section {
            label: (*label).to_owned(),
        })
    }

    /// The column of what a refusal names.
    pub(crate) fn of_field(field: &KbField) -> Option<Self> {
        Some(match field {
            KbField::Title => Self::Title,
            KbField::Template => Self::Template,
            KbField::Questions => Self::Questions,
            KbField::Answer => Self::Answer,
            KbField::Section { label } => Self::Section {
                label: label.clone(),
            },
            KbField::InternalNote => Self::InternalNote,
            KbField::Unit => Self::Unit,
            KbField::ResponsiblePerson => Self::ResponsiblePerson,
            KbField::Source => Self::Source,
            KbField::Category => Self::Category,
            KbField::Township => Self::Township,
            KbField::Validity => Self::ValidUntil,
            KbField::NextReview => Self::NextReview,
            KbField::Reason | KbField::Evidence | KbField::Note => return None,
        })
    }

    fn is_internal(&self) -> bool {
        matches!(self, Self::InternalNote | Self::ResponsiblePerson)
    }
}

/// A name without what offices write around it: 标题（必填）*：.
fn bare(name: &str) -> String {
    let mut bare = String::new();
    let mut depth = 0_u32;
    for c in half_width(name).chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '*' | ':' | '★' => {}
            c if depth > 0 || c.is_whitespace() => {}
            c => bare.extend(c.to_lowercase()),
        }
    }
    bare
}

fn is_of_a_template(label: &str) -> bool {
    KbTemplate::ALL
        .iter()
        .any(|template| template.required_sections().contains(&label))
}

/// Every column that is a field of an article or a section that a template asks for.
pub(crate) fn fields() -> Vec<KbColumn> {
    let sections = KbTemplate::ALL
        .iter()
        .flat_map(|template| template.required_sections())
        .map(|&label| KbColumn::Section {
            label: label.to_owned(),
        });
    let own = NAMES.iter().map(|(column, ..)| column.clone());
    own.chain(sections).collect()
}

/// 对应建议: a column for each name. What nobody told us is a section of that name; each column is
/// proposed once.
pub(crate) fn proposed(names: &[String]) -> Vec<KbColumn> {
    let mut taken = BTreeSet::new();
    names
        .iter()
        .map(|name| {
            let is_nothing = name.is_empty() || NOT_OURS.contains(&bare(name).as_str());
            let column = match KbColumn::of_name(name) {
                Some(column) => column,
                None if is_nothing => KbColumn::Ignored,
                None => KbColumn::of_key(&format!("section:{name}")).unwrap_or(KbColumn::Ignored),
            };
            if column == KbColumn::Ignored || taken.insert(column.clone()) {
                column
            } else {
                KbColumn::Ignored
            }
        })
        .collect()
}

/// How many of the names are known: what tells a row of names from a title above it.
pub(crate) fn n_known(names: &[String]) -> usize {
    names
        .iter()
        .filter(|name| KbColumn::of_name(name).is_some())
        .count()
}

/// The template that a sheet with these columns is of, where its name or its columns tell.
pub(crate) fn template_of(called: &str, columns: &[KbColumn]) -> KbTemplate {
    let by_name = KbTemplate::ALL
        .into_iter()
        .find(|template| called.contains(text::template(*template)));
    let n_of = |template: KbTemplate| {
        let labels = template.required_sections().iter();
        labels
            .filter(|&&label| {
                columns.iter().any(
                    |column| matches!(column, KbColumn::Section { label: own } if own == label),
                )
            })
            .count()
    };
    by_name.unwrap_or_else(|| match () {
        () if n_of(KbTemplate::ServiceGuide) >= 2 => KbTemplate::ServiceGuide,
        () if n_of(KbTemplate::Policy) >= 1 => KbTemplate::Policy,
        () if n_of(KbTemplate::Interpretation) >= 1 => KbTemplate::Interpretation,
        () => KbTemplate::StandardAnswer,
    })
}

/// The columns of an export of these articles: the sections that templates ask for first, then the
/// others as they come, as many as `max_columns` leaves room for.
pub(crate) fn columns_for<'a>(
    contents: impl Iterator<Item = &'a KbContent> + Clone,
    with_internal: bool,
    max_columns: usize,
) -> Vec<KbColumn> {
    let is_used = |label: &str| {
        contents.clone().any(|content| {
            content
                .sections
                .iter()
                .any(|section| section.label == label)
                || content.template.required_sections().contains(&label)
        })
    };
    let required = KbTemplate::ALL
        .iter()
        .flat_map(|template| template.required_sections());
    let mut labels: Vec<String> = required
        .filter(|label| is_used(label))
        .map(|&label| label.to_owned())
        .collect();
    let mut seen: BTreeSet<String> = labels.iter().cloned().collect();
    let room = max_columns.saturating_sub(NAMES.len());
    for section in contents.clone().flat_map(|content| &content.sections) {
        if !seen.contains(&section.label) {
            seen.insert(section.label.clone());
            labels.push(section.label.clone());
        }
    }
    labels.truncate(room);
    let mut columns = Vec::new();
    for (column, ..) in NAMES {
        if column == KbColumn::OtherSections {
            columns.extend(labels.iter().map(|label| KbColumn::Section {
                label: label.clone(),
            }));
        }
        if with_internal || !column.is_internal() {
            columns.push(column);
        }
    }
    columns
}

/// The cells of an article under those columns, each as a spreadsheet gives it back.
pub(crate) fn cells_of(
    id: &str,
    content: &KbContent,
    columns: &[KbColumn],
    names: &ReferenceTables,
) -> Vec<String> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let has_column = |section: &KbSection| {
        let n = content
            .sections
            .iter()
            .filter(|it| it.label == section.label);
        n.count() == 1
            && columns.iter().any(
                |column| matches!(column, KbColumn::Section { label } if *label == section.label),
            )
    };
    columns
        .iter()
        .map(|column| match column {
            KbColumn::Id => id.to_owned(),
            KbColumn::Template => text::template(content.template).to_owned(),
            KbColumn::Title => content.title.clone(),
            KbColumn::Questions => content.questions.join("\n"),
            KbColumn::Answer => content.answer.clone(),
            KbColumn::Section { label } => {
                let own = content.sections.iter().find(|it| it.label == *label);
                own.filter(|it| has_column(it))
                    .map_or_else(String::new, |section| section.text.clone())
            }
            KbColumn::OtherSections => {
                let others = content.sections.iter().filter(|it| !has_column(it));
                others.map(section_text).collect::<Vec<_>>().join("\n")
            }
            KbColumn::InternalNote => content.internal_note.clone(),
            KbColumn::Unit => content.unit.clone(),
            KbColumn::ResponsiblePerson => content.responsible_person.clone(),
            KbColumn::Source => content.source.clone(),
            KbColumn::Category => names.category_text(&content.category_id).to_owned(),
            KbColumn::Township => names.township_text(&content.township_code).to_owned(),
            KbColumn::ValidFrom => day(content.valid_from),
            KbColumn::ValidUntil => day(content.valid_until),
            KbColumn::NextReview => day(content.next_review_on),
            KbColumn::Ignored => String::new(),
        })
        .map(|cell| clean(&cell))
        .collect()
}

/// `## 名称` and the text; a line of the text that would begin a section is told apart.
fn section_text(section: &KbSection) -> String {
    let lines = section.text.lines().map(|line| match line {
        line if line.trim_start_matches('\\').starts_with("## ") => format!("\\{line}"),
        line => line.to_owned(),
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    format!("## {}\n{text}", section.label)
}

/// The sections that a cell of 其他段落 has; `None` where it does not begin with one.
pub(crate) fn other_sections(cell: &str) -> Option<Vec<KbSection>> {
    let mut sections: Vec<KbSection> = Vec::new();
    for line in cell.lines() {
        if let Some(label) = line.strip_prefix("## ") {
            sections.push(KbSection {
                label: label.trim().to_owned(),
                text: String::new(),
            });
            continue;
        }
        let section = match sections.last_mut() {
            Some(section) => section,
            None if line.trim().is_empty() => continue,
            None => return None,
        };
        let is_escaped = line.starts_with('\\') && line.trim_start_matches('\\').starts_with("## ");
        let line = if is_escaped {
            line.strip_prefix('\\').unwrap_or(line)
        } else {
            line
        };
        if !section.text.is_empty() {
            section.text.push('\n');
        }
        section.text.push_str(line);
    }
    for section in &mut sections {
        section.text = section.text.trim().to_owned();
    }
    Some(sections)
}
