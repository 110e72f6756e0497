//! csv out: for programs, and for Excel, which takes a cell that begins with `=` for a formula.

use csv::Writer;

/// Excel knows UTF-8 by it.
const MARK: &[u8] = "\u{FEFF}".as_bytes();
/// What a program takes for the beginning of a formula.
const FORMULA_SIGNS: [char; 8] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋'];

/// Writes rows as csv in UTF-8. A text that a spreadsheet would calculate gets an apostrophe before it,
/// which spreadsheets take for “text follows”.
pub fn write<'a>(
    rows: impl IntoIterator<Item = impl IntoIterator<Item = &'a str>>,
) -> Result<Vec<u8>, csv::Error> {
    let mut out = MARK.to_vec();
    let mut writer = Writer::from_writer(&mut out);
    for row in rows {
        let cells: Vec<String> = row.into_iter().map(guarded).collect();
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

    #[test]
    fn nothing_is_a_formula_and_numbers_stay_numbers() {
        let rows = [
            vec!["工单", "数", "内容"],
            vec!["0018", "-2.5", "=HYPERLINK(\"http://x\",\"点\")"],
            vec!["+86138", "@SUM(A1)", " =1+1"],
            vec!["\t=1", "一,\"二\"\n三", "-无"],
        ];
        let bytes = write(rows.map(Vec::into_iter)).unwrap();
        assert_eq!(
            std::str::from_utf8(&bytes).unwrap(),
            "\u{FEFF}工单,数,内容\n0018,-2.5,\"'=HYPERLINK(\"\"http://x\"\",\"\"点\"\")\"\n'+86138,'@SUM(A1),' =1+1\n'\t=1,\"一,\"\"二\"\"\n三\",'-无\n"
        );
    }
}
