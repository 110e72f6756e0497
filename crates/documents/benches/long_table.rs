//! What a long table costs: time, the size of the file, and the most memory the process ever held.
#![expect(clippy::print_stdout, reason = "a benchmark talks to people")]

use std::io::{self, Write};
use std::time::Instant;

use documents::long_table::{LongCell, LongColumn, LongTable, LongTableError};
use documents::watermark::Watermark;

/// Takes bytes and keeps none of them.
struct Away {
    n_bytes: usize,
}

impl Write for Away {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.n_bytes += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const COLUMNS: [&str; 10] = [
    "工单编号",
    "受理时间",
    "诉求类型",
    "事项分类",
    "诉求标题",
    "事发地点",
    "承办单位",
    "期限",
    "状态",
    "内容",
];

fn write(n_rows: usize) -> Result<usize, LongTableError> {
    let column = |name: &str| LongColumn {
        name: name.to_owned(),
        width: 18,
    };
    let mark = Watermark {
        person: String::new(),
        at_text: String::new(),
        purpose: String::new(),
        serial: String::new(),
    };
    let mut table = LongTable::begin(Away { n_bytes: 0 }, "台账", &COLUMNS.map(column), &mark)?;
    for n in 0..n_rows {
        let number = format!("2026{:04}-{n:06}", n % 1231);
        let title = format!(
            "营盘巷{}号至{}号路灯不亮，夜间出行不便",
            n % 97,
            n % 97 + 14
        );
        let text = format!(
            "来电人反映：{title}。已于{}日前向社区反映，至今未见维修，希望尽快派人查看并告知修复时间。",
            n % 30 + 1
        );
        let cells = [
            &number,
            "11月24日 09:15",
            "求助",
            "城市管理 / 市政设施",
            &title,
            "渠江街道营盘社区",
            "县综合行政执法局",
            "11月27日 24:00",
            "办理中",
            &text,
        ];
        table.row(&cells.map(LongCell::Text))?;
    }
    Ok(table.finish()?.n_bytes)
}

/// The most that the process held at any time, as Linux counts it.
fn most_held_kb() -> io::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let digits = line.unwrap_or_default().trim().trim_end_matches(" kB");
    Ok(digits.parse().unwrap_or_default())
}

fn main() -> Result<(), LongTableError> {
    // The most only grows, so the small table comes first.
    for n_rows in [10_000, 500_000] {
        let started_at = Instant::now();
        let n_bytes = write(n_rows)?;
        let seconds = started_at.elapsed().as_secs_f64();
        println!(
            "{{\"rows\":{n_rows},\"seconds\":{seconds:.2},\"file_kb\":{},\"most_held_kb\":{}}}",
            n_bytes / 1024,
            most_held_kb()?
        );
    }
    Ok(())
}
