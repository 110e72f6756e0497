//! 书写: what somebody wrote in Markdown, as parts of a form.
//!
//! A line of its own over a table says what becomes of it: `表：…` is its caption, `图：…` draws it as
//! bars and `折线图：…` as lines. So a chart is drawn of the numbers that stand in the text, and nobody can
//! correct the one and forget the other. Headings get the numerals of GB/T 9704 as they come.

use super::{Align, ChartKind, Column, LineStyle, Part, Table, body_lines};
use crate::markdown::{Piece, Run, to_pieces};

/// The narrowest and the widest column, in characters of its longest cell.
const COLUMN_CHARS: std::ops::RangeInclusive<usize> = 3..=16;

/// What stands over a table.
enum Over {
    Caption(String),
    Chart(ChartKind, String),
}

/// The text as parts. Every character that it shows is in them, in its order.
pub fn written(text: &str) -> Vec<Part> {
    let mut parts = Parts::default();
    let mut pieces = to_pieces(text).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Heading { level, text } => parts.heading(level, text.trim()),
            Piece::Item { mark, runs, .. } => {
                parts.lines.push(format!("{mark} {}", said(&runs)));
            }
            Piece::Table { rows } => parts.table(rows, None),
            Piece::Paragraph { runs } => {
                let text = said(&runs);
                let over = over(&text);
                match (over, pieces.peek()) {
                    (Some(over), Some(Piece::Table { .. })) => {
                        if let Some(Piece::Table { rows }) = pieces.next() {
                            parts.table(rows, Some(over));
                        }
                    }
                    (_, Some(_) | None) => parts.lines.push(text),
                }
            }
        }
    }
    parts.end_body();
    parts.done
}

#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    /// The lines of a body under way.
    lines: Vec<String>,
    n_first: u32,
    n_second: u32,
}

impl Parts {
    fn heading(&mut self, level: u8, text: &str) {
        // Whoever has put the numeral there means that one.
        let is_numbered = body_lines(text).any(|(style, _)| style != LineStyle::Text);
        let numeral = if level <= 2 {
            self.n_first += 1;
            self.n_second = 0;
            format!("{}、", numeral(self.n_first))
        } else {
            self.n_second += 1;
            format!("（{}）", numeral(self.n_second))
        };
        let numeral = if is_numbered { String::new() } else { numeral };
        self.lines.push(format!("{numeral}{text}"));
    }

    fn end_body(&mut self) {
        if !self.lines.is_empty() {
            let lines = std::mem::take(&mut self.lines);
            self.done.push(Part::Body(lines.join("\n")));
        }
    }

    fn table(&mut self, rows: Vec<Vec<String>>, over: Option<Over>) {
        self.end_body();
        let mut rows = rows.into_iter();
        let Some(head) = rows.next() else { return };
        let n_columns = head.len();
        let rows: Vec<Vec<String>> = rows
            .map(|mut row| {
                row.resize(n_columns, String::new());
                row
            })
            .collect();
        let columns = (head.into_iter().enumerate())
            .map(|(nth, name)| column(nth, name, &rows))
            .collect();
        let mut table = Table {
            caption: String::new(),
            columns,
            rows,
        };
        self.done.push(match over {
            Some(Over::Chart(kind, caption)) if !table.rows.is_empty() => {
                table.caption = caption;
                Part::Chart { kind, table }
            }
            Some(Over::Caption(caption) | Over::Chart(_, caption)) => {
                table.caption = caption;
                Part::Table(table)
            }
            None => Part::Table(table),
        });
    }
}

fn column(nth: usize, name: String, rows: &[Vec<String>]) -> Column {
    let cells = || rows.iter().filter_map(|row| row.get(nth));
    let widest = cells().chain([&name]).map(|it| it.chars().count()).max();
    let (narrow, wide) = (*COLUMN_CHARS.start(), *COLUMN_CHARS.end());
    let share = widest.unwrap_or(narrow).clamp(narrow, wide);
    let is_number = |text: &String| {
        let text = text.trim_start_matches(['+', '−', '-']);
        text.starts_with(|c: char| c.is_ascii_digit()) && !text.contains(|c: char| c > '\u{2E80}')
    };
    let is_figures =
        nth > 0 && cells().all(|it| is_number(it) || ["—", "持平", ""].contains(&it.as_str()));
    Column {
        name,
        share: u16::try_from(share).unwrap_or(u16::MAX),
        align: if is_figures {
            Align::Right
        } else {
            Align::Left
        },
    }
}

fn said(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// What a line over a table says of it; none where it is a text like any other.
fn over(text: &str) -> Option<Over> {
    let text = text.trim();
    if text.contains('\n') {
        return None;
    }
    let after = |start: &str| text.strip_prefix(start).map(|it| it.trim().to_owned());
    if let Some(caption) = after("表：") {
        return Some(Over::Caption(caption));
    }
    if let Some(caption) = after("图：") {
        return Some(Over::Chart(ChartKind::Bars, caption));
    }
    after("折线图：").map(|caption| Over::Chart(ChartKind::Line, caption))
}

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// 一, 十二, 二十; from a hundred on in digits, which no report has.
fn numeral(n: u32) -> String {
    let digit = |n: u32| DIGITS.get(n as usize).copied().unwrap_or('零').to_string();
    match (n / 10, n % 10) {
        (0, ones) => digit(ones),
        (10.., _) => n.to_string(),
        (tens, ones) => {
            let tens = if tens == 1 {
                String::new()
            } else {
                digit(tens)
            };
            let ones = if ones == 0 {
                String::new()
            } else {
                digit(ones)
            };
            format!("{tens}十{ones}")
        }
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    fn shown(text: &str) -> String {
        let table = |name: &str, table: &Table| {
            let columns = table.columns.iter().map(|it| {
                let align = match it.align {
                    Align::Left => "左",
                    Align::Middle => "中",
                    Align::Right => "右",
                };
                format!("{}（{align}{}）", it.name, it.share)
            });
            let columns: Vec<String> = columns.collect();
            let rows = table
                .rows
                .iter()
                .map(|row| format!("\n  {}", row.join(" | ")));
            let rows: String = rows.collect();
            format!("{name} {} {}{rows}", table.caption, columns.join(" | "))
        };
        let parts = written(text).into_iter().map(|part| match part {
            Part::Body(text) => text,
            Part::Table(it) => table("[表]", &it),
            Part::Chart { kind, table: it } => table(&format!("[{kind:?}]"), &it),
            Part::Grid(_) | Part::Closing(_) | Part::Note(_) => unreachable!("a text has none"),
        });
        parts.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_report_with_its_tables_and_charts() {
        let text = "本期受理 **12** 件。\n其中供水 7 件。\n\n## 总体情况\n\n### 供水\n1. 停水\n2. 水压\n\n折线图：受理走势\n\n| 日期 | 受理 |\n|---|---|\n| 11月25日 | 5 |\n| 11月26日 | 7 |\n\n## 三、工作建议\n表：主办单位\n\n| 单位 | 件数 | 环比 |\n|---|---|---|\n| 县水务局 | 7 | +40.0% |\n| 县住房和城乡建设局 | 1,205 | 持平 |\n\n图：没有表的图\n\n图：空表\n\n| 项目 | 件数 |\n|---|---|\n\n| 单列 |\n|---|\n| <b>粗</b> |";
        expect![[r#"
            本期受理 12 件。
            其中供水 7 件。
            一、总体情况
            （一）供水
            1. 停水
            2. 水压
            [Line] 受理走势 日期（左6） | 受理（右3）
              11月25日 | 5
              11月26日 | 7
            三、工作建议
            [表] 主办单位 单位（左9） | 件数（右5） | 环比（右6）
              县水务局 | 7 | +40.0%
              县住房和城乡建设局 | 1,205 | 持平
            图：没有表的图
            [表] 空表 项目（左3） | 件数（右3）
            [表]  单列（左8）
              <b>粗</b>"#]]
        .assert_eq(&shown(text));
    }

    #[test]
    fn numerals_of_headings() {
        let numerals = [1, 9, 10, 11, 20, 34, 99, 100].map(numeral);
        assert_eq!(
            numerals,
            ["一", "九", "十", "十一", "二十", "三十四", "九十九", "100"]
        );
    }
}
