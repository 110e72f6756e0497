//! 文书样式: the forms of 渠府办〔2023〕66号 as blanks, with a field wherever something is filled in.
//!
//! An office may put a docx of its own in the place of any of them ([`crate::word::fill_template`]); the
//! fields are the same.

mod example;
mod order;
mod report;
mod supervision;

use std::collections::BTreeSet;

pub use example::example;

use crate::form::{
    Align, Column, Form, GRID_COLUMNS, GridCell, GridRole, GridRow, Head, Page, Part, Span, Table,
    spans,
};

/// 文书种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormKind {
    /// 交办单.
    Dispatch,
    /// 应急转办单.
    EmergencyDispatch,
    /// 催办单.
    Urging,
    /// 督办单.
    Supervision,
    /// 约谈建议单.
    Admonition,
    /// 移送建议书.
    Referral,
    /// 退回单.
    SendBack,
    /// 延期申请单.
    ExtensionRequest,
    /// 甄别申请表.
    ScreeningRequest,
    /// 终结办理意见书.
    ClosureOpinion,
    /// 办结单.
    Completion,
    /// 日报.
    DailyReport,
    /// 周报.
    WeeklyReport,
    /// 月报.
    MonthlyReport,
    /// 工作专报.
    SpecialReport,
    /// 考核通报.
    Bulletin,
    /// 台账.
    Ledger,
}

impl FormKind {
    pub const ALL: [Self; 17] = [
        Self::Dispatch,
        Self::EmergencyDispatch,
        Self::Urging,
        Self::Supervision,
        Self::Admonition,
        Self::Referral,
        Self::SendBack,
        Self::ExtensionRequest,
        Self::ScreeningRequest,
        Self::ClosureOpinion,
        Self::Completion,
        Self::DailyReport,
        Self::WeeklyReport,
        Self::MonthlyReport,
        Self::SpecialReport,
        Self::Bulletin,
        Self::Ledger,
    ];

    /// What the form is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dispatch => "交办单",
            Self::EmergencyDispatch => "应急转办单",
            Self::Urging => "催办单",
            Self::Supervision => "督办单",
            Self::Admonition => "约谈建议单",
            Self::Referral => "移送建议书",
            Self::SendBack => "退回单",
            Self::ExtensionRequest => "延期申请单",
            Self::ScreeningRequest => "甄别申请表",
            Self::ClosureOpinion => "终结办理意见书",
            Self::Completion => "办结单",
            Self::DailyReport => "日报",
            Self::WeeklyReport => "周报",
            Self::MonthlyReport => "月报",
            Self::SpecialReport => "工作专报",
            Self::Bulletin => "考核通报",
            Self::Ledger => "台账",
        }
    }

    /// The blank that comes with the program.
    pub fn blank(self) -> Form {
        match self {
            Self::Dispatch => order::dispatch(),
            Self::EmergencyDispatch => order::emergency_dispatch(),
            Self::Urging => order::urging(),
            Self::Supervision => supervision::supervision(),
            Self::Admonition => supervision::admonition(),
            Self::Referral => supervision::referral(),
            Self::SendBack => order::send_back(),
            Self::ExtensionRequest => order::extension_request(),
            Self::ScreeningRequest => order::screening_request(),
            Self::ClosureOpinion => order::closure_opinion(),
            Self::Completion => order::completion(),
            Self::DailyReport | Self::WeeklyReport | Self::MonthlyReport => report::period(self),
            Self::SpecialReport => report::special(),
            Self::Bulletin => report::bulletin(),
            Self::Ledger => report::ledger(),
        }
    }

    /// The blank for an office to make its own of. Without charts: they are drawn of lists, and what
    /// Word draws cannot be filled in.
    pub fn template(self) -> Form {
        let mut form = self.blank();
        form.parts
            .retain(|part| !matches!(part, Part::Chart { .. }));
        form
    }

    /// The fields a blank of this kind may name; those of a list as `列表.字段`.
    pub fn fields(self) -> BTreeSet<String> {
        let mut fields = BTreeSet::new();
        let mut look = |text: &str| {
            for span in spans(text).into_iter().flatten() {
                if let Span::Field(name) = span {
                    fields.insert(name.to_owned());
                }
            }
        };
        let form = self.blank();
        look(&form.issuer);
        look(&form.title);
        look(&form.number);
        look(&form.basis);
        for part in &form.parts {
            match part {
                Part::Grid(rows) => {
                    for cell in rows.iter().flat_map(|row| &row.cells) {
                        look(&cell.text);
                        look(&cell.foot);
                    }
                }
                Part::Body(text) | Part::Note(text) => look(text),
                Part::Table(table) | Part::Chart { table, .. } => {
                    look(&table.caption);
                    table.rows.iter().flatten().for_each(|cell| look(cell));
                }
                Part::Closing(lines) => lines.iter().for_each(|line| look(line)),
            }
        }
        fields
    }
}

/// Where a form of the county begins its articles.
const REGULATION: &str = "依据《渠县12345政务服务便民热线运行管理办法》（渠府办〔2023〕66号）";
const ISSUER: &str = "渠县12345政务服务便民热线";
const SIGNED: &str = "签名：　　　　　　　年　　月　　日";

fn plain(title: &str, parts: Vec<Part>, articles: &str) -> Form {
    Form {
        issuer: ISSUER.to_owned(),
        title: title.to_owned(),
        number: "编号：{{编号}}".to_owned(),
        head: Head::Plain,
        page: Page::Upright,
        parts,
        basis: format!("{REGULATION}{articles}。"),
        watermark: None,
    }
}

fn cell(role: GridRole, span: u8, text: &str) -> GridCell {
    GridCell {
        text: text.to_owned(),
        role,
        span,
        foot: String::new(),
    }
}

/// Two fields beside each other, each named as it is filled.
fn pair(left: &str, right: &str) -> GridRow {
    let field = |name: &str| {
        [
            cell(GridRole::Label, 2, name),
            cell(GridRole::Value, 4, &format!("{{{{{name}}}}}")),
        ]
    };
    GridRow {
        cells: field(left).into_iter().chain(field(right)).collect(),
        min_lines: 1,
    }
}

/// A field over the whole width, so many lines high at least.
fn wide(name: &str, min_lines: u8) -> GridRow {
    named(name, &format!("{{{{{name}}}}}"), min_lines)
}

fn named(name: &str, text: &str, min_lines: u8) -> GridRow {
    GridRow {
        cells: vec![
            cell(GridRole::Label, 2, name),
            cell(GridRole::Value, GRID_COLUMNS - 2, text),
        ],
        min_lines,
    }
}

/// A field with room for a signature under it.
fn signed(name: &str, text: &str, foot: &str, min_lines: u8) -> GridRow {
    let mut row = named(name, text, min_lines);
    for cell in row.cells.iter_mut().skip(1) {
        foot.clone_into(&mut cell.foot);
    }
    row
}

fn section(text: &str) -> GridRow {
    GridRow {
        cells: vec![cell(GridRole::Section, GRID_COLUMNS, text)],
        min_lines: 1,
    }
}

/// A table of a list, a column for each field: name, field, share, how it is set.
fn list(caption: &str, of: &str, columns: &[(&str, u16, Align)]) -> Table {
    let field = |name: &str| format!("{{{{{of}.{name}}}}}");
    Table {
        caption: caption.to_owned(),
        rows: vec![columns.iter().map(|(name, ..)| field(name)).collect()],
        columns: columns
            .iter()
            .map(|&(name, share, align)| Column {
                name: name.to_owned(),
                share,
                align,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::fill;

    #[test]
    fn every_blank_can_be_filled_and_every_row_is_whole() {
        for kind in FormKind::ALL {
            let form = fill(&kind.blank(), &example(kind)).unwrap();
            assert!(
                [&form.title, &form.issuer]
                    .iter()
                    .any(|it| it.contains(kind.name())),
                "{kind:?}"
            );
            assert!(form.basis.contains("第"), "{kind:?} names no article");
            for part in &form.parts {
                if let Part::Grid(rows) = part {
                    for row in rows {
                        let span: u8 = row.cells.iter().map(|cell| cell.span).sum();
                        assert_eq!(span, GRID_COLUMNS, "{kind:?} {row:?}");
                    }
                }
            }
        }
    }
}
