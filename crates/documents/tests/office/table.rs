//! Tables as xlsx, read by a program that had no hand in writing them.

use documents::long_table::{LongCell, LongColumn, LongTable};

use documents::watermark::without_hidden;

use crate::libreoffice::Office;
use crate::watermark::mark;

#[test]
fn a_long_table_is_read_as_it_was_written() {
    let column = |name: &str| LongColumn {
        name: name.to_owned(),
        width: 16,
    };
    let columns = ["工单编号", "内容", "件数"].map(column);
    let mark = mark();
    let mut table = LongTable::begin(Vec::new(), "台账", &columns, &mark).unwrap();
    let mut expected = format!("工单编号,内容,件数,{}\n", mark.text());
    let hostile = ["=1+1", "@SUM(1)", "+86138", "'0018", "_x0041_", "<b>&amp;"];
    for (n, text) in (0_u32..).zip(hostile.iter().cycle().take(3_000)) {
        let number = format!("{n:08}");
        let cells = [
            LongCell::Text(&number),
            LongCell::Text(text),
            LongCell::Number(f64::from(n)),
        ];
        table.row(&cells).unwrap();
        expected.push_str(&format!("{number},{text},{n},\n"));
    }
    let office = Office::new();
    office.put("table.xlsx", &table.finish().unwrap());
    // Comma, no quotes, UTF-8; every cell as it stands there, formulas as formulas.
    let out = office.convert("csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true");
    let read = std::fs::read_to_string(out.join("table.csv")).unwrap();
    let read = without_hidden(read.trim_start_matches('\u{FEFF}'));
    assert_eq!(read, expected);
}
