//! csv out: for programs, and for Excel, which takes a cell that begins with `=` for a formula.

use csv::Writer;

use crate::watermark::Watermark;

/// Excel knows UTF-8 by it.
const MARK: &[u8] = "\u{FEFF}".as_bytes();
/// What a program takes for the beginning of a formula.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋'];

/// Writes rows as csv in UTF-8. A text that a spreadsheet would calculate gets an apostrophe before it,
/// which spreadsheets take for “text follows”. Whose it is, by `mark`, stands behind the names in a column
/// without cells, and hidden in the last name: programs go by the first.
pub fn write<'a>(
    rows: impl IntoIterator<Item = impl IntoIterator<Item = &'a str>>,
    mark: &Watermark,
) -> Result<Vec<u8>, csv::Error> {
    let mut out = MARK.to_vec();
    let mut writer = Writer::from_writer(&mut out);
    for (n, row) in rows.into_iter().enumerate() {
        let mut cells: Vec<String> = row.into_iter().map(guarded).collect();
        if n == 0 {
            if let Some(last) = cells.last_mut() {
                last.push_str(&mark.hidden());
            }
            cells.push(guarded(&mark.text()));
        } else {
            cells.push(String::new());
        }
        writer.write_record(&cells)?;
    }
    writer.flush()?;
    drop(writer);
    Ok(out)
}

fn guarded(cell: &str) -> String {
    let is_number = !cell.starts_with('+') && cell.parse::<f64>().is_ok_and(f64::is_finite);
    let may_be_calculated = cell.trim_start_matches(' ').starts_with(FORMULA_SIGNS);
    if may_be_calculated && !is_number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watermark::{serial_of, without_hidden};

    #[test]
    fn nothing_is_a_formula_and_numbers_stay_numbers() {
        let rows = [
            vec!["工单", "数", "内容"],
            vec!["0018", "-2.5", "=HYPERLINK(\"http://x\",\"点\")"],
            vec!["+86138", "@SUM(A1)", " =1+1"],
            vec!["\t=1", "一,\"二\"\n三", "-无"],
        ];
        let mark = Watermark {
            person: "张三".to_owned(),
            at_text: String::new(),
            purpose: String::new(),
            serial: "W01-K7Q4M-X9P2T".to_owned(),
        };
        let bytes = write(rows.map(Vec::into_iter), &mark).unwrap();
        assert_eq!(serial_of(&bytes), Some(mark.serial));
        assert_eq!(
            without_hidden(std::str::from_utf8(&bytes).unwrap()),
            "\u{FEFF}工单,数,内容,张三　导出编号 W01-K7Q4M-X9P2T\n0018,-2.5,\"'=HYPERLINK(\"\"http://x\"\",\"\"点\"\")\",\n'+86138,'@SUM(A1),' =1+1,\n'\t=1,\"一,\"\"二\"\"\n三\",'-无,\n"
        );
    }
}
