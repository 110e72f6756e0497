//! 工作簿: xlsx as offices like it: a row of names that stays in sight, text that wraps.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// The font every office has or replaces without asking.
const FONT: &str = "宋体";
/// What Excel takes in one cell; longer texts are cut there by nobody but [`write`], which fails.
pub const CELL_MAX_CHARS: usize = 32_767;
const WIDTH_MIN: usize = 8;
const WIDTH_MAX: usize = 48;

/// 工作表: text only, so that no cell becomes a formula and no telephone number a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// At most 31 characters, none of `[]:*?/\`.
    pub name: String,
    pub names: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    pub fn new(name: &str, names: &[&str]) -> Self {
        Self {
            name: name.to_owned(),
            names: names.iter().map(|&name| name.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// How wide a column should be, in characters of a digit's width: as its longest line, within
    /// bounds. A Chinese character is as wide as two digits.
    fn width(&self, column: usize) -> usize {
        let cells = self.rows.iter().filter_map(|row| row.get(column));
        let lines = self.names.get(column).into_iter().chain(cells);
        let widest = lines
            .flat_map(|text| text.lines())
            .map(|line| line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum())
            .max()
            .unwrap_or(0_usize);
        (widest + 2).clamp(WIDTH_MIN, WIDTH_MAX)
    }
}

/// Writes a workbook. Fails when a name or a cell is longer than Excel takes.
pub fn write(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let plain = Format::new()
        .set_font_name(FONT)
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border(FormatBorder::Thin);
    let heading = plain.clone().set_bold().set_align(FormatAlign::Center);
    let mut workbook = Workbook::new();
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&sheet.name)?;
        worksheet.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(&sheet.names) {
            worksheet.write_string_with_format(0, column, name, &heading)?;
            #[expect(clippy::cast_precision_loss, reason = "at most 48")]
            worksheet.set_column_width(column, sheet.width(usize::from(column)) as f64)?;
        }
        for (row, cells) in (1..).zip(&sheet.rows) {
            for (column, text) in (0..).zip(cells) {
                worksheet.write_string_with_format(row, column, text, &plain)?;
            }
        }
    }
    workbook.save_to_buffer()
}
