//! 工作簿: xlsx as offices like it: a row of names that stays in sight, text that wraps.

use rust_xlsxwriter::{
    Color, DocProperties, Format, FormatAlign, FormatBorder, Workbook, XlsxError,
};

use crate::watermark::Watermark;

/// The font every office has or replaces without asking.
const FONT: &str = "宋体";
/// What Excel takes in one cell; longer texts are cut there by nobody but [`write`], which fails.
pub const CELL_MAX_CHARS: usize = 32_767;
const WIDTH_MIN: usize = 8;
const WIDTH_MAX: usize = 48;
/// A cell in which something is wrong, and a row that only explains.
const MARK: Color = Color::RGB(0x00FB_E6E3);
const QUIET: Color = Color::RGB(0x0057_5E66);
/// How high a line is, in points. Programs fit rows to their text by themselves, but not all of them
/// before somebody types; a row that explains must be read at once.
const LINE_HEIGHT: f64 = 16.0;
/// What Excel takes as the name of a sheet, in UTF-16 units.
const SHEET_NAME_MAX: usize = 31;
/// How wide the column is whose name is the watermark.
const MARK_WIDTH: f64 = 44.0;
/// Where the number of an export stands besides: a property of the file, and a name that stands for it.
pub(crate) const SERIAL_PROPERTY: &str = "ExportSerial";
pub(crate) const SERIAL_NAME: &str = "hotline_export";

/// 工作表: text only, so that no cell becomes a formula and no telephone number a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// At most 31 characters, none of `[]:*?/\`.
    pub name: String,
    pub names: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// 标出: cells in which something is wrong, as row and column from 0, the names not counted.
    pub marked: Vec<(usize, usize)>,
    /// 说明行: rows that only explain, counted as above.
    pub quiet_rows: Vec<usize>,
}

impl Sheet {
    pub fn new(name: &str, names: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            names: names.iter().map(|&name| name.to_owned()).collect(),
            rows: Vec::new(),
            marked: Vec::new(),
            quiet_rows: Vec::new(),
        }
    }

    /// How wide a column should be, in characters of a digit's width: as its longest line, within
    /// bounds.
    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        let lines = self.names.get(column).into_iter().chain(cells);
        let widest = lines.flat_map(|text| text.lines()).map(width_of).max();
        (widest.unwrap_or_default() + 2).clamp(WIDTH_MIN, WIDTH_MAX)
    }

    /// How many lines a row takes when its texts wrap.
    fn n_lines(&self, cells: &[String]) -> usize {
        let lines_of = |(column, text): (usize, &String)| -> usize {
            let width = self.width(column).saturating_sub(2).max(1);
            let lines = text
                .lines()
                .map(|line| width_of(line).div_ceil(width).max(1));
            lines.sum()
        };
        cells.iter().enumerate().map(lines_of).max().unwrap_or(1)
    }
}

/// A Chinese character is as wide as two digits.
fn width_of(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Writes a workbook. Fails when a name or a cell is longer than Excel takes. `mark` says whose it is: beside
/// the names, which stay in sight, under each printed page, and where nobody looks; none for an empty form.
pub fn write(sheets: &[Sheet], mark: Option<&Watermark>) -> Result<Vec<u8>, XlsxError> {
    let plain = Format::new()
        .set_font_name(FONT)
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin);
    let heading = plain.clone().set_bold().set_align(FormatAlign::Center);
    let marked = plain.clone().set_background_color(MARK);
    let quiet = plain.clone().set_font_color(QUIET).set_italic();
    let seen = quiet.clone().set_text_wrap().set_border(FormatBorder::None);
    let hidden = mark.map(Watermark::hidden).unwrap_or_default();
    let mut workbook = Workbook::new();
    if let Some(mark) = mark {
        let serial = mark.serial_text();
        let properties = DocProperties::new().set_custom_property(SERIAL_PROPERTY, serial.as_str());
        workbook.set_properties(&properties);
        workbook.define_name(SERIAL_NAME, &format!("=\"{serial}\""))?;
    }
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&sheet.name)?;
        worksheet.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(&sheet.names) {
            let name = format!("{name}{hidden}");
            worksheet.write_string_with_format(0, column, name, &heading)?;
            #[expect(clippy::cast_precision_loss, reason = "at most 48")]
            worksheet.set_column_width(column, sheet.width(usize::from(column)) as f64)?;
        }
        if let Some(mark) = mark {
            let text = mark.text();
            let column = u16::try_from(sheet.names.len()).unwrap_or(u16::MAX);
            worksheet.write_string_with_format(0, column, &text, &seen)?;
            worksheet.set_column_width(column, MARK_WIDTH)?;
            worksheet.set_footer(format!("&L{}&R第 &P 页，共 &N 页", text.replace('&', "&&")));
        }
        for ((row, at), cells) in (1..).zip(0..).zip(&sheet.rows) {
            let is_quiet = sheet.quiet_rows.contains(&at);
            if is_quiet {
                #[expect(clippy::cast_precision_loss, reason = "some lines")]
                let height = sheet.n_lines(cells) as f64 * LINE_HEIGHT;
                worksheet.set_row_height(row, height)?;
            }
            let usual = if is_quiet { &quiet } else { &plain };
            for ((column, n), text) in (0..).zip(0..).zip(cells) {
                let is_marked = sheet.marked.contains(&(at, n));
                let format = if is_marked { &marked } else { usual };
                worksheet.write_string_with_format(row, column, text, format)?;
            }
        }
    }
    workbook.save_to_buffer()
}

/// What a sheet may be called after a text: Excel takes some characters not at all, and no name
/// twice.
pub fn sheet_name(text: &str, is_free: impl Fn(&str) -> bool) -> String {
    let clean = text
        .chars()
        .filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control());
    let clean = clean.collect::<String>();
    let cut = |max: usize| {
        let mut n_units = 0;
        let fits = |c: &char| {
            n_units += c.len_utf16();
            n_units <= max
        };
        clean.trim().chars().take_while(fits).collect::<String>()
    };
    let name = match cut(SHEET_NAME_MAX) {
        name if name.is_empty() => "表".to_owned(),
        name => name,
    };
    if is_free(&name) {
        return name;
    }
    let numbered = (2_u64..).map(|n| {
        let number = format!("({n})");
        format!("{}{number}", cut(SHEET_NAME_MAX - number.len()))
    });
    numbered
        .into_iter()
        .find(|name| is_free(name))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets() {
        for (text, taken, name) in [
            ("办事指南", &[][..], "办事指南"),
            ("a/b:c*?[d]\\'e", &[], "abcde"),
            (" ", &[], "表"),
            ("办事指南", &["办事指南", "办事指南(2)"], "办事指南(3)"),
        ] {
            assert_eq!(sheet_name(text, |name| !taken.contains(&name)), name);
        }
        assert_eq!(sheet_name(&"水".repeat(40), |_| true).chars().count(), 31);
        assert_eq!(sheet_name(&"𠮷".repeat(40), |_| true).chars().count(), 15);
    }

    #[test]
    fn what_excel_does_not_take_is_not_written() {
        let mut sheet = Sheet::new("表", &["答案"]);
        sheet.rows.push(vec!["水".repeat(CELL_MAX_CHARS + 1)]);
        assert!(write(&[sheet], None).is_err());
    }
}
