//! 排版: the parts of a form one under the other, on as many pages as they take.

use documents::form::{Form, Head, LineStyle, Page, Part, body_lines};

use crate::face::Face;
use crate::line::{Line, Style, lines, single};
use crate::sheet::{Ink, MM, Sheet};
use crate::{PAGES_MAX, PaperError, chart, rows};

const A4: (f32, f32) = (210.0 * MM, 297.0 * MM);

/// Top, right, bottom, left of the text, in millimetres: 版心 of GB/T 9704 for what has a red head.
const RED_MARGINS: [f32; 4] = [37.0, 26.0, 35.0, 28.0];
const PLAIN_MARGINS: [f32; 4] = [20.0, 20.0, 20.0, 20.0];

/// 三号 and 22 lines a page; 五号 in forms.
const RED_TEXT: (f32, f32) = (16.0, 28.9);
const PLAIN_TEXT: (f32, f32) = (12.0, 21.0);
const TITLE_SIZE: f32 = 22.0;
const TITLE_LINE: f32 = 32.0;
/// 发文机关标志 is at most so large.
const RED_HEAD_MAX: f32 = 46.0;
const SMALL: (f32, f32) = (9.0, 14.0);
/// Shares of the room to write by hand that are tried to save a page.
const LESS_ROOM: [f32; 2] = [0.7, 0.4];
/// A short title is spread: 交 办 单.
const SPREAD_MAX_CHARS: usize = 4;

pub(crate) struct Flow {
    pub(crate) sheets: Vec<Sheet>,
    /// How much of the room to write by hand is given.
    pub(crate) room: f32,
    size: (f32, f32),
    pub(crate) left: f32,
    pub(crate) width: f32,
    top: f32,
    pub(crate) bottom: f32,
    pub(crate) y: f32,
}

impl Flow {
    fn new(form: &Form, room: f32) -> Self {
        let size = match form.page {
            Page::Upright => A4,
            Page::Wide => (A4.1, A4.0),
        };
        let margins = match form.head {
            Head::Red => RED_MARGINS,
            Head::Plain => PLAIN_MARGINS,
        };
        let [top, right, bottom, left] = margins.map(|margin| margin * MM);
        let mut flow = Self {
            sheets: Vec::new(),
            room,
            size,
            left,
            width: size.0 - left - right,
            top,
            bottom: size.1 - bottom,
            y: top,
        };
        flow.turn();
        flow
    }

    /// Begins a new page.
    pub(crate) fn turn(&mut self) {
        self.sheets.push(Sheet {
            width: self.size.0,
            height: self.size.1,
            items: Vec::new(),
        });
        self.y = self.top;
    }

    /// Begins a new page unless there is so much room on this one.
    pub(crate) fn need(&mut self, height: f32) {
        if self.y + height > self.bottom && !self.is_at_top() {
            self.turn();
        }
    }

    pub(crate) fn is_at_top(&self) -> bool {
        self.y <= self.top
    }

    /// What a whole page has room for.
    pub(crate) fn page_height(&self) -> f32 {
        self.bottom - self.top
    }

    /// Draws on the page under way.
    pub(crate) fn draw(&mut self, draw: impl FnOnce(&mut Sheet)) {
        if let Some(sheet) = self.sheets.last_mut() {
            draw(sheet);
        }
    }

    /// Lines one under the other, each placed by its width.
    pub(crate) fn set(&mut self, lines: Vec<Line>, height: f32, ink: Ink, place: Place) {
        for line in lines {
            self.need(height);
            let room = self.width - line.width();
            let x = self.left
                + match place {
                    Place::Left => 0.0,
                    Place::Middle => room / 2.0,
                    Place::Right { behind } => room - behind,
                };
            let y = self.y + base(height, line.size);
            self.draw(|sheet| sheet.text(x, y, line, ink));
            self.y += height;
        }
    }
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    Left,
    Middle,
    Right { behind: f32 },
}

/// Where the base of a text lies in a line of a height: Chinese characters stand in its middle.
pub(crate) fn base(height: f32, size: f32) -> f32 {
    height / 2.0 + size * 0.38
}

/// Sets a form on its pages: with less room to write by hand where that saves one.
pub(crate) fn pages(form: &Form) -> Result<Vec<Sheet>, PaperError> {
    let mut fewest = pages_with(form, 1.0)?;
    let has_room = form.parts.iter().any(|part| matches!(part, Part::Grid(_)));
    if has_room && fewest.len() > 1 {
        for room in LESS_ROOM {
            let sheets = pages_with(form, room)?;
            if sheets.len() < fewest.len() {
                fewest = sheets;
                break;
            }
        }
    }
    number_pages(&mut fewest, form.head);
    Ok(fewest)
}

fn pages_with(form: &Form, room: f32) -> Result<Vec<Sheet>, PaperError> {
    let mut flow = Flow::new(form, room);
    match form.head {
        Head::Red => red_head(&mut flow, form),
        Head::Plain => plain_head(&mut flow, form),
    }
    let imprint: Vec<&str> = match form.head {
        Head::Red => form.parts.iter().filter_map(note).collect(),
        Head::Plain => Vec::new(),
    };
    for (n, part) in form.parts.iter().enumerate() {
        place(&mut flow, form.head, part, form.parts.get(n + 1));
        if flow.sheets.len() > PAGES_MAX {
            return Err(PaperError::TooLong { limit: PAGES_MAX });
        }
    }
    flow.y += 4.0;
    small(&mut flow, &form.basis);
    if !imprint.is_empty() {
        place_imprint(&mut flow, &imprint.join("\n"));
    }
    Ok(flow.sheets)
}

fn note(part: &Part) -> Option<&str> {
    match part {
        Part::Note(text) => Some(text),
        Part::Grid(_) | Part::Body(_) | Part::Table(_) | Part::Chart { .. } | Part::Closing(_) => {
            None
        }
    }
}

fn plain_head(flow: &mut Flow, form: &Form) {
    let issuer = Style {
        face: Face::SongBold,
        size: 15.0,
    };
    let issuer = lines(&form.issuer, issuer, flow.width, 0.0);
    flow.set(issuer, 24.0, Ink::Black, Place::Middle);
    let title = Style {
        face: Face::SongBold,
        size: TITLE_SIZE,
    };
    let mut set = balanced(&form.title, title, flow.width);
    if form.title.chars().count() <= SPREAD_MAX_CHARS {
        set.iter_mut().for_each(spread);
    }
    flow.set(set, TITLE_LINE + 4.0, Ink::Black, Place::Middle);
    flow.y += 2.0;
    let number = Style {
        face: Face::Song,
        size: 10.5,
    };
    let number = lines(&form.number, number, flow.width, 0.0);
    flow.set(number, 18.0, Ink::Black, Place::Right { behind: 0.0 });
    flow.y += 2.0;
}

/// Room of a character between those of a short title.
fn spread(line: &mut Line) {
    let size = line.size;
    let n = line.characters.len().saturating_sub(1);
    for set in line.characters.iter_mut().take(n) {
        set.advance += size;
    }
}

fn red_head(flow: &mut Flow, form: &Form) {
    let mut style = Style {
        face: Face::SongBold,
        size: RED_HEAD_MAX,
    };
    let widest = single(&form.issuer, style).width();
    if widest > flow.width {
        style.size *= flow.width / widest;
    }
    let issuer = lines(&form.issuer, style, flow.width + 1.0, 0.0);
    flow.set(issuer, style.size * 1.3, Ink::Red, Place::Middle);
    flow.y += RED_TEXT.1;
    let (size, height) = RED_TEXT;
    let text = Style {
        face: Face::Song,
        size,
    };
    let number = lines(&form.number, text, flow.width, 0.0);
    flow.set(number, height, Ink::Black, Place::Middle);
    flow.y += 4.0 * MM;
    let (left, right, y) = (flow.left, flow.left + flow.width, flow.y);
    flow.draw(|sheet| sheet.rule((left, y), (right, y), 1.6, Ink::Red));
    flow.y += height * 1.5;
    let title = Style {
        face: Face::SongBold,
        size: TITLE_SIZE,
    };
    let title = balanced(&form.title, title, flow.width);
    flow.set(title, TITLE_LINE, Ink::Black, Place::Middle);
    flow.y += height * 0.8;
}

/// Lines of a title about equally long: one character alone on a line is no title.
fn balanced(text: &str, style: Style, width: f32) -> Vec<Line> {
    let widest = lines(text, style, width, 0.0);
    if text.contains('\n') {
        return widest;
    }
    let all: f32 = widest.iter().map(Line::width).sum();
    #[expect(clippy::cast_precision_loss, reason = "some lines")]
    let each = all / widest.len().max(1) as f32 + style.size * 1.5;
    let even = lines(text, style, each.min(width), 0.0);
    if even.len() == widest.len() {
        even
    } else {
        widest
    }
}

fn place(flow: &mut Flow, head: Head, part: &Part, next: Option<&Part>) {
    match part {
        Part::Grid(grid) => rows::grid(flow, grid),
        Part::Body(text) => {
            let closing = match next {
                Some(Part::Closing(closing)) => closing.len(),
                _ => 0,
            };
            body(flow, head, text, closing);
        }
        Part::Table(table) => rows::table(flow, table),
        Part::Chart { kind, table } => chart::place(flow, *kind, table),
        Part::Closing(closing) => close(flow, head, closing),
        Part::Note(text) => {
            if head == Head::Plain {
                flow.y += 4.0;
                small(flow, text);
            }
        }
    }
}

/// `n_closing` lines of 落款 follow: they do not stand on a page without a line of the text.
fn body(flow: &mut Flow, head: Head, text: &str, n_closing: usize) {
    let (size, height) = match head {
        Head::Red => RED_TEXT,
        Head::Plain => PLAIN_TEXT,
    };
    if !flow.is_at_top() {
        flow.y += height / 4.0;
    }
    let n_lines = body_lines(text).count();
    for (n, (style, line)) in body_lines(text).enumerate() {
        let face = match style {
            LineStyle::First => Face::HeiBold,
            LineStyle::Second => Face::SongBold,
            LineStyle::Text => Face::Song,
        };
        // 主送: stands at the edge.
        let is_address = style == LineStyle::Text && line.ends_with('：') && flow_is_address(line);
        let indent = if is_address { 0.0 } else { size * 2.0 };
        if style != LineStyle::Text {
            // A heading stays with the text under it.
            flow.need(height * 3.0);
        }
        let set = lines(line, Style { face, size }, flow.width, indent);
        if n + 1 == n_lines && n_closing > 0 {
            #[expect(clippy::cast_precision_loss, reason = "some lines")]
            flow.need(height * (set.len().min(4) + n_closing + 2) as f32);
        }
        flow.set(set, height, Ink::Black, Place::Left);
    }
    flow.y += height / 4.0;
}

/// 各乡镇人民政府、街道办事处： is whom it is sent to.
fn flow_is_address(line: &str) -> bool {
    line.starts_with('各') || line.starts_with('县') && !line.contains(['，', '。'])
}

fn close(flow: &mut Flow, head: Head, closing: &[String]) {
    let (size, height) = match head {
        Head::Red => RED_TEXT,
        Head::Plain => PLAIN_TEXT,
    };
    #[expect(clippy::cast_precision_loss, reason = "some lines")]
    flow.need(height * (closing.len() as f32 + 1.0));
    flow.y += height;
    let style = Style {
        face: Face::Song,
        size,
    };
    let set: Vec<Line> = closing.iter().map(|line| single(line, style)).collect();
    let widest = set.iter().map(Line::width).fold(0.0, f32::max);
    for line in set {
        // Who and when stand over each other, right by four characters at the widest.
        let behind = size * 4.0 + (widest - line.width()) / 2.0;
        flow.set(vec![line], height, Ink::Black, Place::Right { behind });
    }
}

/// 版记, between two rules at the foot of the last page.
fn place_imprint(flow: &mut Flow, text: &str) {
    let (size, height) = (14.0, 24.0);
    let style = Style {
        face: Face::Song,
        size,
    };
    let inside = flow.width - size;
    let mut set = Vec::new();
    for line in text.lines() {
        // 报送： hangs, what follows stands under itself.
        let name = line.split_inclusive('：').next().unwrap_or_default();
        let hanging = single(name, style).width();
        let rest = line.strip_prefix(name).unwrap_or_default();
        for (n, mut line) in lines(rest, style, inside - hanging - size, 0.0)
            .into_iter()
            .enumerate()
        {
            if n == 0 {
                let mut first = single(name, style);
                first.characters.append(&mut line.characters);
                line = first;
                line.indent = size;
            } else {
                line.indent = size + hanging;
            }
            set.push(line);
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "some lines")]
    let tall = set.len() as f32 * height;
    flow.need(tall + height);
    flow.y = flow.bottom - tall;
    let (left, right) = (flow.left, flow.left + flow.width);
    let (top, bottom) = (flow.y, flow.bottom);
    flow.set(set, height - 0.01, Ink::Black, Place::Left);
    flow.draw(|sheet| {
        sheet.rule((left, top), (right, top), 1.0, Ink::Black);
        sheet.rule((left, bottom), (right, bottom), 1.0, Ink::Black);
    });
}

fn small(flow: &mut Flow, text: &str) {
    let style = Style {
        face: Face::Song,
        size: SMALL.0,
    };
    let set = lines(text, style, flow.width, 0.0);
    flow.set(set, SMALL.1, Ink::Grey, Place::Left);
}

/// — 1 —, at the outer edge of a red-headed paper, else in the middle with the number of pages.
fn number_pages(sheets: &mut [Sheet], head: Head) {
    let n_pages = sheets.len();
    for (n, sheet) in (1..).zip(sheets) {
        let (text, size) = match head {
            Head::Red => (format!("— {n} —"), 14.0),
            Head::Plain => (format!("第 {n} 页，共 {n_pages} 页"), 9.0),
        };
        let face = Face::Song;
        let line = single(&text, Style { face, size });
        let margin = RED_MARGINS.map(|margin| margin * MM);
        let [_, right, bottom, left] = margin;
        let (x, y) = match head {
            Head::Red if n % 2 == 1 => (
                sheet.width - right - size - line.width(),
                sheet.height - bottom + 7.0 * MM + size,
            ),
            Head::Red => (left + size, sheet.height - bottom + 7.0 * MM + size),
            Head::Plain => ((sheet.width - line.width()) / 2.0, sheet.height - 10.0 * MM),
        };
        let ink = match head {
            Head::Red => Ink::Black,
            Head::Plain => Ink::Grey,
        };
        sheet.text(x, y, line, ink);
    }
}
