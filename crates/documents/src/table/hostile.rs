//! What a small file can be swollen to before a single cell is looked at.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{CELLS_MAX, ROWS_MAX};
use crate::{Part, ReadError};

/// Goes through the content of an ods and counts the cells that its repetitions make. Offices repeat
/// what is empty up to the end of the sheet, which costs nothing; what says anything may not be
/// repeated beyond the limits.
pub(super) fn check_repeats(content: &str) -> Result<(), ReadError> {
    let mut reader = Reader::from_str(content);
    let mut swollen = Swollen::default();
    loop {
        match reader.read_event().map_err(ReadError::broken)? {
            Event::Start(tag) => swollen.begin(&tag)?,
            Event::Empty(tag) => {
                swollen.begin(&tag)?;
                swollen.end(tag.local_name().as_ref())?;
            }
            Event::End(tag) => swollen.end(tag.local_name().as_ref())?,
            Event::DocType(_) => return Err(ReadError::broken("a document type inside")),
            Event::Eof => return Ok(()),
            Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_) => {}
        }
    }
}

#[derive(Default)]
struct Swollen {
    n_cells: usize,
    n_rows: usize,
    row_repeats: usize,
    /// The columns of the row under way: all, and up to the last that says anything.
    columns: usize,
    filled: usize,
    cell_repeats: usize,
    cell_says: bool,
}

impl Swollen {
    fn begin(&mut self, tag: &BytesStart<'_>) -> Result<(), ReadError> {
        match tag.local_name().as_ref() {
            "table" => self.n_rows = 0,
            "table-row" => {
                self.row_repeats = repeats(tag, "table:number-rows-repeated")?;
                (self.columns, self.filled) = (0, 0);
            }
            "table-cell" | "covered-table-cell" => {
                self.cell_repeats = repeats(tag, "table:number-columns-repeated")?;
                let value = tag.try_get_attribute("office:value-type");
                let value = value.map_err(ReadError::broken)?;
                let formula = tag.try_get_attribute("table:formula");
                self.cell_says = value.is_some() || formula.map_err(ReadError::broken)?.is_some();
            }
            "p" => self.cell_says = true,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) -> Result<(), ReadError> {
        match name {
            "table-cell" | "covered-table-cell" => {
                self.columns = self.columns.saturating_add(self.cell_repeats);
                if self.cell_says {
                    self.filled = self.columns;
                }
                self.cell_says = false;
            }
            "table-row" => {
                self.n_rows = self.n_rows.saturating_add(self.row_repeats);
                if self.filled > 0 {
                    let cells = self.filled.saturating_mul(self.row_repeats);
                    self.n_cells = self.n_cells.saturating_add(cells);
                    super::check_count(Part::Rows, self.n_rows, ROWS_MAX)?;
                    super::check_count(Part::Cells, self.n_cells, CELLS_MAX)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn repeats(tag: &BytesStart<'_>, name: &str) -> Result<usize, ReadError> {
    Ok(crate::word::attribute(tag, name)?
        .and_then(|text| text.parse().ok())
        .unwrap_or(1))
}
