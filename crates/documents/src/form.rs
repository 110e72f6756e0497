//! 文书: what a form of the office says, before it is a docx or a PDF.
//!
//! A form is data: the word writer ([`crate::word::write_form`]) and the typesetter of `paper` draw
//! the same [`Form`]. What is filled in stands as `{{工单编号}}` in a blank; [`fill()`] puts values
//! there, once, so that a text which looks like a field itself stays text.

mod fill;
mod written;

pub use fill::{FillError, Values, fill};
pub(crate) use fill::{Scope, Span, spans};
pub use written::written;

pub use crate::watermark::Watermark;

/// The columns of a [`Grid`] line that all cells of a row share.
pub const GRID_COLUMNS: u8 = 12;

/// 文书.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Who it comes from, over the title or in red.
    pub issuer: String,
    pub title: String,
    /// 编号 or 发文字号; empty for none.
    pub number: String,
    pub head: Head,
    pub page: Page,
    pub parts: Vec<Part>,
    /// 依据: the articles, small under the form.
    pub basis: String,
    pub watermark: Option<Watermark>,
}

/// 版头.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// The issuer, the title under it, and the number at the right.
    Plain,
    /// 红头 after GB/T 9704: the issuer in red, the number, a red line, then the title.
    Red,
}

/// 纸张.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// A4 纵向.
    Upright,
    /// A4 横向, for tables with many columns.
    Wide,
}

/// A piece of a form, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// 表格式文书: names and what is filled in beside them.
    Grid(Vec<GridRow>),
    /// 正文: paragraphs, one a line; 一、 and （一） make headings.
    Body(String),
    /// 表.
    Table(Table),
    /// 图, drawn of a table: its first column names the places, the others are numbers.
    Chart { kind: ChartKind, table: Table },
    /// 落款, at the right: who, and when.
    Closing(Vec<String>),
    /// A remark in small print.
    Note(String),
}

/// A row of a [`Part::Grid`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    pub cells: Vec<GridCell>,
    /// So many lines high at least: room to write by hand.
    pub min_lines: u8,
}

/// A cell of a [`GridRow`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridCell {
    pub text: String,
    pub role: GridRole,
    /// How many of the [`GRID_COLUMNS`] it takes.
    pub span: u8,
    /// 签名、日期, at the foot of the cell.
    pub foot: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GridRole {
    /// A name of a field, in the middle.
    Label,
    /// What is filled in.
    Value,
    /// A line over the whole width that says what follows.
    Section,
}

/// 表.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Above the table; empty for none.
    pub caption: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// How wide it is, as a share of all.
    pub share: u16,
    pub align: Align,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Middle,
    Right,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// 柱状图.
    Bars,
    /// 折线图.
    Line,
}

/// How a line of a [`Part::Body`] is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineStyle {
    /// 一级标题 一、: 黑体.
    First,
    /// 二级标题 （一）: bold.
    Second,
    Text,
}

/// A heading is short and is no sentence.
const HEADING_MAX_CHARS: usize = 40;
const NUMERALS: &str = "一二三四五六七八九十";

/// The lines of a body that say anything, each with its style (GB/T 9704 的结构层次序数).
pub fn body_lines(text: &str) -> impl Iterator<Item = (LineStyle, &str)> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| (line_style(line), line))
}

fn line_style(line: &str) -> LineStyle {
    if line.chars().count() > HEADING_MAX_CHARS || line.ends_with(['。', '；', '：', ';', ':']) {
        return LineStyle::Text;
    }
    let after_numeral = |text: &str| {
        let rest = text.trim_start_matches(|c| NUMERALS.contains(c));
        (rest.len() < text.len())
            .then(|| rest.chars().next())
            .flatten()
    };
    if after_numeral(line) == Some('、') {
        return LineStyle::First;
    }
    let inside = line.strip_prefix('（').and_then(after_numeral);
    if inside == Some('）') {
        LineStyle::Second
    } else {
        LineStyle::Text
    }
}

impl Table {
    /// The numbers of a chart: each row's name and its values, none where a cell is no number.
    pub fn series(&self) -> Vec<(&str, Vec<Option<f64>>)> {
        self.rows
            .iter()
            .map(|row| {
                let (name, values) = match row.split_first() {
                    Some((name, values)) => (name.as_str(), values),
                    None => ("", &[][..]),
                };
                let values = values.iter().map(|value| number(value));
                (name, values.collect())
            })
            .collect()
    }
}

/// 12, 12.5, 98.2%.
fn number(text: &str) -> Option<f64> {
    let text = text.trim().trim_end_matches('%');
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_a_body() {
        let text = "一、总体情况\n（二）投诉举报\n本周受理 120 件。\n\n十二、下步打算\n一、本项自公布之日起施行。\n（见附件）";
        let styles: Vec<LineStyle> = body_lines(text).map(|(style, _)| style).collect();
        assert_eq!(
            styles,
            [
                LineStyle::First,
                LineStyle::Second,
                LineStyle::Text,
                LineStyle::First,
                LineStyle::Text,
                LineStyle::Text
            ]
        );
    }

    #[test]
    fn what_is_no_number_is_no_bar() {
        let row = ["城管局", "12", "98.5%", "未发生", "NaN"].map(str::to_owned);
        let table = Table {
            caption: String::new(),
            columns: Vec::new(),
            rows: vec![row.to_vec()],
        };
        let values = vec![Some(12.0), Some(98.5), None, None];
        assert_eq!(table.series(), [("城管局", values)]);
    }
}
