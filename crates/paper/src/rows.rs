//! 表格: rows of cells, broken over pages where they must be.

use documents::form::{Align, GRID_COLUMNS, GridRole, GridRow, Table};

use crate::face::Face;
use crate::flow::{Flow, base};
use crate::line::{Line, Style, lines, single};
use crate::sheet::Ink;

const PADDING: f32 = 4.0;
const THIN: f32 = 0.5;
/// In forms, 五号; in tables a little less, and less again where there are many columns.
const GRID_TEXT: (f32, f32) = (10.5, 17.0);
const TABLE_TEXT: (f32, f32) = (9.5, 14.5);
const NARROW_TEXT: (f32, f32) = (8.5, 13.0);
const MANY_COLUMNS: usize = 9;
/// A row that is no higher than this share of a page is not broken, but goes to the next.
const WHOLE_SHARE: f32 = 0.3;
/// So many lines of a row that is broken stand together at least.
const TOGETHER_LINES: f32 = 3.0;

struct Cell {
    x: f32,
    width: f32,
    lines: Vec<Line>,
    align: Align,
    /// In the middle between top and bottom.
    is_centred: bool,
    is_filled: bool,
    /// At the foot, right.
    foot: Option<Line>,
    /// Drawn again on each page that the row goes on to.
    is_name: bool,
}

struct Row {
    cells: Vec<Cell>,
    line_height: f32,
    min_height: f32,
}

impl Row {
    fn height(&self) -> f32 {
        let of = |cell: &Cell| {
            let foot = cell.foot.iter().map(|_| self.line_height).sum::<f32>();
            tall(cell.lines.len(), self.line_height) + foot
        };
        let text = self.cells.iter().map(of).fold(0.0, f32::max);
        text.max(self.min_height) + PADDING * 2.0
    }

    /// Takes so many lines of each cell off the top; names stay in both pieces.
    fn split(&mut self, n_lines: usize) -> Self {
        let cells = self.cells.iter_mut().map(|cell| {
            let lines = if cell.is_name {
                cell.lines.clone()
            } else {
                let rest = cell.lines.split_off(n_lines.min(cell.lines.len()));
                std::mem::replace(&mut cell.lines, rest)
            };
            Cell {
                lines,
                foot: None,
                ..*cell
            }
        });
        Self {
            cells: cells.collect(),
            line_height: self.line_height,
            min_height: 0.0,
        }
    }

    fn draw(self, flow: &mut Flow) {
        let (height, top) = (self.height(), flow.y);
        let line_height = self.line_height;
        flow.draw(|sheet| {
            for cell in self.cells {
                if cell.is_filled {
                    sheet.items.push(crate::sheet::Item::Block {
                        x: cell.x,
                        y: top,
                        width: cell.width,
                        height,
                        ink: Ink::Pale,
                    });
                }
                sheet.frame(cell.x, top, cell.width, height, THIN);
                let text = tall(cell.lines.len(), line_height);
                let mut y = if cell.is_centred {
                    top + (height - text) / 2.0
                } else {
                    top + PADDING
                };
                for line in cell.lines {
                    let room = cell.width - PADDING * 2.0 - line.width();
                    let x = cell.x
                        + PADDING
                        + match cell.align {
                            Align::Left => 0.0,
                            Align::Middle => room / 2.0,
                            Align::Right => room,
                        };
                    let at = y + base(line_height, line.size);
                    sheet.text(x, at, line, Ink::Black);
                    y += line_height;
                }
                if let Some(foot) = cell.foot {
                    let x = cell.x + cell.width - PADDING * 2.0 - foot.width();
                    let at = top + height - PADDING - line_height + base(line_height, foot.size);
                    sheet.text(x.max(cell.x + PADDING), at, foot, Ink::Black);
                }
            }
        });
        flow.y += height;
    }
}

fn tall(n_lines: usize, line_height: f32) -> f32 {
    #[expect(clippy::cast_precision_loss, reason = "lines of a cell")]
    let n_lines = n_lines as f32;
    n_lines * line_height
}

/// Places a row; `head` is drawn again on each page it goes on to.
fn place(flow: &mut Flow, mut row: Row, head: Option<&dyn Fn() -> Row>) {
    loop {
        let room = flow.bottom - flow.y;
        let height = row.height();
        if height <= room {
            return row.draw(flow);
        }
        let is_whole = height <= flow.page_height() * WHOLE_SHARE;
        let too_little = room < row.line_height * TOGETHER_LINES + PADDING * 2.0;
        if (is_whole || too_little) && !flow.is_at_top() {
            flow.turn();
            if let Some(head) = head {
                head().draw(flow);
            }
            continue;
        }
        let n_lines = ((room - PADDING * 2.0) / row.line_height).max(1.0).floor();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least 1 and at most what a page has"
        )]
        let piece = row.split(n_lines as usize);
        let is_done = row
            .cells
            .iter()
            .all(|cell| cell.is_name || cell.lines.is_empty())
            && row.cells.iter().all(|cell| cell.foot.is_none());
        piece.draw(flow);
        if is_done {
            return;
        }
        row.min_height = 0.0;
        flow.turn();
        if let Some(head) = head {
            head().draw(flow);
        }
    }
}

/// 表格式文书.
pub(crate) fn grid(flow: &mut Flow, rows: &[GridRow]) {
    let rows: Vec<Row> = rows.iter().map(|row| grid_row(flow, row)).collect();
    let heights: Vec<f32> = rows.iter().map(Row::height).collect();
    for (n, row) in rows.into_iter().enumerate() {
        let is_section = row.cells.len() == 1 && row.cells.iter().all(|cell| cell.is_name);
        if is_section {
            // What a line announces stands under it.
            let next = heights.get(n + 1).copied().unwrap_or_default();
            let whole = row.height() + next;
            flow.need(whole.min(flow.page_height() * WHOLE_SHARE));
        }
        place(flow, row, None);
    }
}

fn grid_row(flow: &Flow, row: &GridRow) -> Row {
    let (size, line_height) = GRID_TEXT;
    let mut x = flow.left;
    let cells = row.cells.iter().map(|cell| {
        let width = flow.width * f32::from(cell.span) / f32::from(GRID_COLUMNS);
        let face = match cell.role {
            GridRole::Label => Face::Hei,
            GridRole::Section => Face::HeiBold,
            GridRole::Value => Face::Song,
        };
        let is_value = cell.role == GridRole::Value;
        let foot = Style {
            face: Face::Song,
            size,
        };
        let lines = lines(&cell.text, Style { face, size }, width - PADDING * 2.0, 0.0);
        let is_short = lines.len() <= 1;
        let placed = Cell {
            x,
            width,
            lines,
            align: if is_value { Align::Left } else { Align::Middle },
            is_centred: !is_value || (is_short && row.min_lines <= 2 && cell.foot.is_empty()),
            is_filled: !is_value,
            foot: (!cell.foot.is_empty()).then(|| single(&cell.foot, foot)),
            is_name: !is_value,
        };
        x += width;
        placed
    });
    Row {
        cells: cells.collect(),
        line_height,
        min_height: (f32::from(row.min_lines) * flow.room).max(1.0) * line_height,
    }
}

/// 表, its names again on each page.
pub(crate) fn table(flow: &mut Flow, table: &Table) {
    let n_columns = table.columns.len();
    if n_columns == 0 {
        return;
    }
    let (size, line_height) = if n_columns > MANY_COLUMNS {
        NARROW_TEXT
    } else {
        TABLE_TEXT
    };
    let shares: u32 = table
        .columns
        .iter()
        .map(|column| u32::from(column.share))
        .sum();
    #[expect(clippy::cast_precision_loss, reason = "shares of some columns")]
    let unit = flow.width / shares.max(1) as f32;
    let (left, width) = (flow.left, flow.width);
    let cells_of = |texts: Vec<(&str, Align)>, face: Face, is_name: bool| -> Vec<Cell> {
        let mut x = left;
        let cells = texts
            .into_iter()
            .zip(&table.columns)
            .map(|((text, align), column)| {
                let width = unit * f32::from(column.share);
                let lines = lines(text, Style { face, size }, width - PADDING * 2.0, 0.0);
                let cell = Cell {
                    x,
                    width,
                    lines,
                    align,
                    is_centred: true,
                    is_filled: is_name,
                    foot: None,
                    is_name,
                };
                x += width;
                cell
            });
        cells.collect()
    };
    let head = || Row {
        cells: cells_of(
            table
                .columns
                .iter()
                .map(|column| (column.name.as_str(), Align::Middle))
                .collect(),
            Face::Hei,
            true,
        ),
        line_height,
        min_height: line_height,
    };
    flow.y += 6.0;
    // Caption and names stand with a first row.
    flow.need(head().height() * 3.0);
    if !table.caption.is_empty() {
        let style = Style {
            face: Face::Hei,
            size: 11.0,
        };
        let caption = lines(&table.caption, style, width, 0.0);
        flow.set(caption, 20.0, Ink::Black, crate::flow::Place::Middle);
    }
    head().draw(flow);
    for cells in &table.rows {
        let texts = table.columns.iter().enumerate().map(|(at, column)| {
            let text = cells.get(at).map_or("", String::as_str);
            (text, column.align)
        });
        let row = Row {
            cells: cells_of(texts.collect(), Face::Song, false),
            line_height,
            min_height: line_height,
        };
        place(flow, row, Some(&head));
        if flow.sheets.len() > crate::PAGES_MAX {
            return;
        }
    }
    if table.rows.is_empty() {
        let style = Style {
            face: Face::Song,
            size,
        };
        let none = Cell {
            x: left,
            width,
            lines: vec![single("无", style)],
            align: Align::Middle,
            is_centred: true,
            is_filled: false,
            foot: None,
            is_name: false,
        };
        let row = Row {
            cells: vec![none],
            line_height,
            min_height: line_height,
        };
        place(flow, row, Some(&head));
    }
    flow.y += 6.0;
}
