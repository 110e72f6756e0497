//! 填写: fields of a blank and what stands in their place.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use super::{Form, GridRow, Part, Table};

/// The longest name of a field, in characters; what is longer was not meant as one.
const FIELD_NAME_MAX_CHARS: usize = 40;

/// 要填的内容: a text for each field, and lists whose rows have fields of their own,
/// `{{工单.编号}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    texts: BTreeMap<String, String>,
    lists: BTreeMap<String, Vec<BTreeMap<String, String>>>,
}

/// Why a blank cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FillError {
    /// 没有这个字段.
    #[error("there is no field {name}")]
    UnknownField { name: String },
    /// 字段没有写完: `{{` without `}}`.
    #[error("a field has no end: {near}")]
    Unclosed { near: String },
    /// 列表字段 outside a row of a table, or of two lists in one row.
    #[error("the field {name} of a list stands outside the row of its list")]
    OutsideRow { name: String },
}

impl Values {
    pub fn set(&mut self, field: &str, text: impl Into<String>) {
        self.texts.insert(field.to_owned(), text.into());
    }

    /// Names a list, which may stay empty.
    pub fn list(&mut self, list: &str) {
        self.lists.entry(list.to_owned()).or_default();
    }

    /// Adds a row to a list.
    pub fn push(&mut self, list: &str, row: &[(&str, String)]) {
        let row = row
            .iter()
            .map(|(field, text)| ((*field).to_owned(), text.clone()));
        let rows = self.lists.entry(list.to_owned()).or_default();
        rows.push(row.collect());
    }

    /// The names of all fields that have a text, and of all lists.
    pub fn names(&self) -> BTreeSet<&str> {
        let names = self.texts.keys().chain(self.lists.keys());
        names.map(String::as_str).collect()
    }
}

/// A stretch of a blank's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span<'a> {
    Text(&'a str),
    Field(&'a str),
}

/// Parts a text at its fields.
pub(crate) fn spans(text: &str) -> Result<Vec<Span<'_>>, FillError> {
    let mut spans = Vec::new();
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once("{{") {
        let near = || FillError::Unclosed {
            near: inside.chars().take(20).collect(),
        };
        let (name, after) = inside.split_once("}}").ok_or_else(near)?;
        let name = name.trim();
        let is_name = !name.is_empty()
            && name.chars().count() <= FIELD_NAME_MAX_CHARS
            && !name.contains(['{', '}', '\n']);
        if !is_name {
            return Err(near());
        }
        if !before.is_empty() {
            spans.push(Span::Text(before));
        }
        spans.push(Span::Field(name));
        rest = after;
    }
    if !rest.is_empty() {
        spans.push(Span::Text(rest));
    }
    Ok(spans)
}

/// What fields mean at a place: those of the form, and in a row those of its list.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    values: &'a Values,
    row: Option<(&'a str, &'a BTreeMap<String, String>)>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(values: &'a Values) -> Self {
        Self { values, row: None }
    }

    /// The rows that a row of a table becomes: none of a list, it stays one.
    pub(crate) fn rows<'t>(
        self,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<Vec<Self>, FillError> {
        let mut list: Option<&'a str> = None;
        for text in texts {
            for span in spans(text)? {
                let (Span::Field(name), None) = (span, self.row) else {
                    continue;
                };
                let Some((of, _)) = name.split_once('.') else {
                    continue;
                };
                let known = self.values.lists.get_key_value(of);
                let Some((known, _)) = known else {
                    return Err(unknown(name));
                };
                if list.is_some_and(|list| list != known) {
                    let name = name.to_owned();
                    return Err(FillError::OutsideRow { name });
                }
                list = Some(known.as_str());
            }
        }
        let Some(list) = list else {
            return Ok(vec![self]);
        };
        let rows = self.values.lists.get(list).into_iter().flatten();
        let scopes = rows.map(|row| Self {
            values: self.values,
            row: Some((list, row)),
        });
        Ok(scopes.collect())
    }

    pub(crate) fn value(self, name: &str) -> Result<&'a str, FillError> {
        let text = match name.split_once('.') {
            None => self.values.texts.get(name),
            Some((list, field)) => {
                let Some((own, row)) = self.row else {
                    if self.values.lists.contains_key(list) {
                        let name = name.to_owned();
                        return Err(FillError::OutsideRow { name });
                    }
                    return Err(unknown(name));
                };
                if own == list { row.get(field) } else { None }
            }
        };
        text.map(String::as_str).ok_or_else(|| unknown(name))
    }

    fn text(self, blank: &str) -> Result<String, FillError> {
        let mut filled = String::new();
        for span in spans(blank)? {
            filled.push_str(match span {
                Span::Text(text) => text,
                Span::Field(name) => self.value(name)?,
            });
        }
        Ok(filled)
    }

    fn table(self, table: &Table) -> Result<Table, FillError> {
        let mut rows = Vec::new();
        for row in &table.rows {
            for scope in self.rows(row.iter().map(String::as_str))? {
                let cells = row.iter().map(|cell| scope.text(cell));
                rows.push(cells.collect::<Result<_, _>>()?);
            }
        }
        Ok(Table {
            caption: self.text(&table.caption)?,
            columns: table.columns.clone(),
            rows,
        })
    }

    fn grid_row(self, row: &GridRow) -> Result<GridRow, FillError> {
        let mut filled = row.clone();
        for cell in &mut filled.cells {
            cell.text = self.text(&cell.text)?;
            cell.foot = self.text(&cell.foot)?;
        }
        Ok(filled)
    }

    fn part(self, part: &Part) -> Result<Part, FillError> {
        Ok(match part {
            Part::Grid(rows) => {
                let mut filled = Vec::new();
                for row in rows {
                    let texts = row.cells.iter().map(|cell| cell.text.as_str());
                    for scope in self.rows(texts)? {
                        filled.push(scope.grid_row(row)?);
                    }
                }
                Part::Grid(filled)
            }
            Part::Body(text) => Part::Body(self.text(text)?),
            Part::Table(table) => Part::Table(self.table(table)?),
            Part::Chart { kind, table } => Part::Chart {
                kind: *kind,
                table: self.table(table)?,
            },
            Part::Closing(lines) => {
                let lines = lines.iter().map(|line| self.text(line));
                Part::Closing(lines.collect::<Result<_, _>>()?)
            }
            Part::Note(text) => Part::Note(self.text(text)?),
        })
    }
}

fn unknown(name: &str) -> FillError {
    FillError::UnknownField {
        name: name.to_owned(),
    }
}

/// Fills a blank. Values are text wherever they stand; fields in them are not looked for.
pub fn fill(blank: &Form, values: &Values) -> Result<Form, FillError> {
    let scope = Scope::new(values);
    let parts = blank.parts.iter().map(|part| scope.part(part));
    Ok(Form {
        issuer: scope.text(&blank.issuer)?,
        title: scope.text(&blank.title)?,
        number: scope.text(&blank.number)?,
        head: blank.head,
        page: blank.page,
        parts: parts.collect::<Result<_, _>>()?,
        basis: scope.text(&blank.basis)?,
        watermark: blank.watermark.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::{Align, Column, Head, Page};

    fn blank(text: &str, cells: &[&str]) -> Form {
        let column = |name: &str| Column {
            name: name.to_owned(),
            share: 1,
            align: Align::Left,
        };
        Form {
            issuer: String::new(),
            title: "交办单".to_owned(),
            number: "{{编号}}".to_owned(),
            head: Head::Plain,
            page: Page::Upright,
            parts: vec![
                Part::Body(text.to_owned()),
                Part::Table(Table {
                    caption: String::new(),
                    columns: vec![column("单位")],
                    rows: vec![cells.iter().map(|&cell| cell.to_owned()).collect()],
                }),
            ],
            basis: String::new(),
            watermark: None,
        }
    }

    fn values() -> Values {
        let mut values = Values::default();
        values.set("编号", "20261124-0001");
        values.set("内容", "{{编号}}{{密码}}路灯不亮");
        values.push("单位", &[("名称", "城管局".to_owned())]);
        values.push("单位", &[("名称", "街道办".to_owned())]);
        values.list("附件");
        values
    }

    #[test]
    fn a_text_that_looks_like_a_field_stays_text() {
        let filled = fill(&blank("反映：{{ 内容 }}。", &["{{单位.名称}}"]), &values()).unwrap();
        assert_eq!(filled.number, "20261124-0001");
        assert_eq!(
            filled.parts.first(),
            Some(&Part::Body("反映：{{编号}}{{密码}}路灯不亮。".to_owned()))
        );
        let Some(Part::Table(table)) = filled.parts.get(1) else {
            panic!("the table is there");
        };
        assert_eq!(table.rows, [["城管局"], ["街道办"]]);
    }

    #[test]
    fn what_is_wrong_with_a_blank_is_named() {
        let unknown = |name: &str| FillError::UnknownField {
            name: name.to_owned(),
        };
        let outside = |name: &str| FillError::OutsideRow {
            name: name.to_owned(),
        };
        for (text, cells, error) in [
            ("{{诉求}}", &[][..], unknown("诉求")),
            ("", &["{{单位.电话}}"], unknown("单位.电话")),
            ("", &["{{科室.名称}}"], unknown("科室.名称")),
            ("{{单位.名称}}", &[], outside("单位.名称")),
            (
                "",
                &["{{单位.名称}}", "{{附件.名称}}"],
                outside("附件.名称"),
            ),
            (
                "见{{内容",
                &[],
                FillError::Unclosed {
                    near: "内容".to_owned(),
                },
            ),
            (
                "{{}}",
                &[],
                FillError::Unclosed {
                    near: "}}".to_owned(),
                },
            ),
        ] {
            assert_eq!(fill(&blank(text, cells), &values()), Err(error), "{text}");
        }
    }

    #[test]
    fn an_empty_list_is_no_row() {
        let filled = fill(&blank("", &["{{附件.名称}}"]), &values()).unwrap();
        let Some(Part::Table(table)) = filled.parts.get(1) else {
            panic!("the table is there");
        };
        assert!(table.rows.is_empty());
    }
}
