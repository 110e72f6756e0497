//! What a small file can be swollen to before a single cell is looked at.

use std::io::{Cursor, Read as _};

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

/// Cells of all sheets of an xls together, empty ones between the first and the last included: the
/// library makes room for each of them before anybody can count.
const XLS_ROOM_MAX: u64 = 8_000_000;

/// Goes through the records of an xls and multiplies what its sheets may come to: the highest row and
/// column that any record names, for each sheet that is announced.
pub(super) fn check_room(bytes: &[u8]) -> Result<(), ReadError> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(ReadError::broken)?;
    let mut stream = file
        .open_stream("/Workbook")
        .or_else(|_| file.open_stream("/Book"))
        .map_err(ReadError::broken)?;
    let mut records = Vec::new();
    stream
        .read_to_end(&mut records)
        .map_err(ReadError::broken)?;
    let (mut n_sheets, mut n_rows, mut n_columns) = (0_u64, 0_u64, 0_u64);
    let mut rest = records.as_slice();
    while let Some((head, after)) = rest.split_first_chunk::<4>() {
        let [kind_low, kind_high, length_low, length_high] = *head;
        let kind = u16::from_le_bytes([kind_low, kind_high]);
        let length = usize::from(u16::from_le_bytes([length_low, length_high]));
        let Some((data, next)) = after.split_at_checked(length) else {
            break;
        };
        let at = |offset: usize| {
            let pair = data.get(offset..offset + 2);
            pair.and_then(|pair| pair.first_chunk::<2>())
                .map_or(0, |pair| u64::from(u16::from_le_bytes(*pair)))
        };
        match kind {
            BOUND_SHEET => n_sheets += 1,
            // First and last row in four bytes each, then the columns in two.
            DIMENSIONS if length >= 14 => {
                n_rows = n_rows.max(at(4) + (at(6) << 16));
                n_columns = n_columns.max(at(10));
            }
            DIMENSIONS => {
                n_rows = n_rows.max(at(2));
                n_columns = n_columns.max(at(6));
            }
            MUL_RK => {
                n_rows = n_rows.max(at(0) + 1);
                n_columns = n_columns.max(at(length.saturating_sub(2)) + 1);
            }
            kind if CELLS.contains(&kind) => {
                n_rows = n_rows.max(at(0) + 1);
                n_columns = n_columns.max(at(2) + 1);
            }
            _ => {}
        }
        rest = next;
    }
    let room = n_sheets
        .max(1)
        .saturating_mul(n_rows)
        .saturating_mul(n_columns);
    if room > XLS_ROOM_MAX {
        return Err(ReadError::TooMany {
            what: Part::Cells,
            limit: CELLS_MAX,
        });
    }
    Ok(())
}

/// Records of the format (MS-XLS 2.3.2).
const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const MUL_RK: u16 = 0x00BD;
/// Records of one cell each (`Number`, `Label`, `RString`, `BoolErr`, `RK`, `LabelSst`, `Formula`):
/// they begin with its row and column.
const CELLS: [u16; 7] = [0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x0006];

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn xls(records: &[(u16, &[u8])]) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        let mut stream = file.create_stream("/Workbook").unwrap();
        for (kind, data) in records {
            stream.write_all(&kind.to_le_bytes()).unwrap();
            let length = u16::try_from(data.len()).unwrap();
            stream.write_all(&length.to_le_bytes()).unwrap();
            stream.write_all(data).unwrap();
        }
        drop(stream);
        file.into_inner().into_inner()
    }

    #[test]
    fn an_xls_does_not_swell() {
        let last = [0xFF, 0xFF, 0xFF, 0x00];
        let usual = [0x10, 0x00, 0x05, 0x00];
        let wide = [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 0, 0];
        for (records, is_refused) in [
            (&[(BOUND_SHEET, &[][..]), (0x0203, &usual)][..], false),
            (&[(BOUND_SHEET, &[]), (0x0203, &last)], true),
            (&[(BOUND_SHEET, &[]), (DIMENSIONS, &wide)], true),
            (&[(0x0203, &[0xFF, 0x7F, 0x40, 0x00])], false),
        ] {
            let checked = check_room(&xls(records));
            assert_eq!(checked.is_err(), is_refused, "{records:?} {checked:?}");
        }
        // Thousands of sheets over one small part of the file.
        let mut many = vec![(BOUND_SHEET, &[][..]); 3_000];
        many.push((0x0203, &[0xFF, 0x00, 0x40, 0x00]));
        assert!(check_room(&xls(&many)).is_err());
        assert!(matches!(
            check_room(&[0xD0, 0xCF, 0x11, 0xE0]),
            Err(ReadError::Broken { .. })
        ));
    }
}
