//! 上级文件: xlsx, xls, ods, csv or JSON as rows, each with its number and its cells.

use anyhow::{Result, bail, ensure};
use documents::ReadError;
use documents::table::Table;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::fields::{Cells, Field};
use super::mapping::Mapping;

/// Rows of one import. A county gets some dozen a day.
pub const ROWS_MAX: usize = 1_000;
/// Bytes of a JSON file.
const JSON_MAX_BYTES: usize = 8 << 20;
/// Different fields in a JSON file.
const FIELDS_MAX: usize = 200;

/// A table of a superior before it is known what its columns are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    pub names: Vec<String>,
    /// With the number that a spreadsheet shows beside each, or its place in the list.
    pub rows: Vec<(u32, Vec<String>)>,
}

/// One row, by its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub number: u32,
    pub cells: Cells,
}

impl Sheet {
    /// Reads a file. The sheet with the most columns that are known by name is the one that is meant.
    pub fn read(bytes: &[u8], among: &[Field]) -> Result<Self> {
        let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
        let sheet = if matches!(first, Some(b'[' | b'{')) {
            Self::of_json(bytes)?
        } else {
            Self::of_table(bytes, among)?
        };
        ensure!(!sheet.rows.is_empty(), "文件里没有数据行");
        ensure!(
            sheet.rows.len() <= ROWS_MAX,
            "一次最多 {ROWS_MAX} 行，文件有 {} 行，请分开导入",
            sheet.rows.len()
        );
        Ok(sheet)
    }

    fn of_table(bytes: &[u8], among: &[Field]) -> Result<Self> {
        let n_known = |names: &[String]| {
            let known = names
                .iter()
                .filter(|name| Field::named(name, among).is_some());
            known.count()
        };
        let tables = Table::read(bytes).map_err(|error| anyhow::anyhow!(why(&error)))?;
        let tables = tables.into_iter().map(|table| table.headed_by(n_known));
        let best = tables.max_by_key(|table| n_known(&table.names));
        let Some(table) = best else {
            bail!("文件里没有表格");
        };
        Ok(Self {
            names: table.names,
            rows: table
                .rows
                .into_iter()
                .map(|row| (row.number, row.cells))
                .collect(),
        })
    }

    /// A list of objects, or one under `orders` or `ratings`.
    fn of_json(bytes: &[u8]) -> Result<Self> {
        ensure!(
            bytes.len() <= JSON_MAX_BYTES,
            "JSON 文件最大 {} MB",
            JSON_MAX_BYTES >> 20
        );
        let value: Value = match serde_json::from_slice(bytes) {
            Ok(value) => value,
            Err(error) => bail!("JSON 有误：第 {} 行第 {} 列", error.line(), error.column()),
        };
        let list = match &value {
            Value::Array(list) => Some(list),
            Value::Object(object) => ["orders", "ratings"]
                .iter()
                .find_map(|name| object.get(*name)?.as_array()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        };
        let Some(list) = list else {
            bail!("JSON 应是对象的列表");
        };
        let mut names: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        for (at, value) in (1..).zip(list) {
            let Value::Object(object) = value else {
                bail!("JSON 第 {at} 项不是对象");
            };
            let mut cells = vec![String::new(); names.len()];
            for (name, value) in object {
                let text = text_of(value);
                let Some(text) = text else {
                    bail!("JSON 第 {at} 项的“{name}”应是文字、数字或真假");
                };
                let at = names.iter().position(|it| it == name);
                if let Some(cell) = at.and_then(|at| cells.get_mut(at)) {
                    *cell = text;
                } else {
                    ensure!(names.len() < FIELDS_MAX, "JSON 的字段过多");
                    names.push(name.clone());
                    cells.push(text);
                }
            }
            rows.push((at, cells));
        }
        for (_, cells) in &mut rows {
            cells.resize(names.len(), String::new());
        }
        Ok(Self { names, rows })
    }

    /// The rows by their fields.
    pub fn rows_by(&self, mapping: &Mapping) -> Vec<Row> {
        let row = |(number, cells): &(u32, Vec<String>)| {
            let fields = mapping.0.iter().zip(cells);
            let said = fields.filter_map(|(field, text)| {
                let text = text.trim();
                (!text.is_empty()).then_some(((*field)?, text.to_owned()))
            });
            Row {
                number: *number,
                cells: said.collect(),
            }
        };
        self.rows.iter().map(row).collect()
    }
}

/// What a cell of a table would say.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(true) => Some("是".to_owned()),
        Value::Bool(false) => Some("否".to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) => Some(documents::table::clean(text)),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn why(error: &ReadError) -> String {
    match error {
        ReadError::TooLarge { limit } => format!("文件过大，最大 {} MB", limit >> 20),
        ReadError::TooMany { limit, .. } => format!("表格过大，超过 {limit} 行或列"),
        ReadError::Encrypted => "文件有密码，请去掉密码后再导入".to_owned(),
        ReadError::Broken { .. } => "文件打不开，可能已损坏或不是表格".to_owned(),
        ReadError::Empty => "文件是空的".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_with_a_title_above_it() {
        let csv =
            "市中心转办工单,,\n序号,市级工单号,反映内容\n1,SD1,停水了\n2,SD2,\"路灯\n不亮\"\n";
        let sheet = Sheet::read(csv.as_bytes(), Field::OF_ORDER).unwrap();
        assert_eq!(sheet.names, ["序号", "市级工单号", "反映内容"]);
        let mapping = Mapping::proposed(&sheet.names, Field::OF_ORDER);
        let rows = sheet.rows_by(&mapping);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[1].cells[&Field::Text], "路灯\n不亮");
    }

    #[test]
    fn json_says_the_same() {
        let json =
            r#"{"orders":[{"number":"SD1","text":"停水了","is_confidential":true},{"number":7}]}"#;
        let sheet = Sheet::read(json.as_bytes(), Field::OF_ORDER).unwrap();
        let rows = sheet.rows_by(&Mapping::proposed(&sheet.names, Field::OF_ORDER));
        assert_eq!(rows[0].cells[&Field::IsConfidential], "是");
        assert_eq!(rows[1].cells[&Field::Number], "7");
    }

    #[test]
    fn broken_files_are_told() {
        let many = format!("[{}]", vec!["{\"number\":\"1\"}"; ROWS_MAX + 1].join(","));
        for (bytes, part) in [
            (&b""[..], "空"),
            (b"{", "JSON"),
            (b"[1]", "对象"),
            (br#"[{"number":{"a":1}}]"#, "number"),
            (br#"{"x":1}"#, "列表"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 broken", "打不开"),
            (b"PK\x03\x04 broken", "打不开"),
            (b"\x00\x01\x02", "打不开"),
            ("市级工单号,内容\n".as_bytes(), "没有数据行"),
            (many.as_bytes(), "最多"),
        ] {
            let error = Sheet::read(bytes, Field::OF_ORDER).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
