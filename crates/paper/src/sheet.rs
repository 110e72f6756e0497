//! 版面: what stands on a page, in points from its upper left corner.

use crate::line::Line;

/// A millimetre in points.
pub(crate) const MM: f32 = 72.0 / 25.4;

/// 颜色.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    /// 红头.
    Red,
    /// What explains.
    Grey,
    /// Behind names of fields.
    Pale,
    /// The first and the second series of a chart.
    First,
    Second,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Item {
    Text {
        /// Where the line begins, on its base.
        x: f32,
        y: f32,
        line: Line,
        ink: Ink,
    },
    /// A line through the points.
    Stroke {
        points: Vec<(f32, f32)>,
        width: f32,
        ink: Ink,
        is_dashed: bool,
    },
    Block {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Ink,
    },
}

/// 一页.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) items: Vec<Item>,
}

impl Sheet {
    pub(crate) fn text(&mut self, x: f32, y: f32, line: Line, ink: Ink) {
        if !line.characters.is_empty() {
            let x = x + line.indent;
            self.items.push(Item::Text { x, y, line, ink });
        }
    }

    pub(crate) fn rule(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: Ink) {
        self.items.push(Item::Stroke {
            points: vec![from, to],
            width,
            ink,
            is_dashed: false,
        });
    }

    pub(crate) fn frame(&mut self, x: f32, y: f32, width: f32, height: f32, line: f32) {
        let (right, bottom) = (x + width, y + height);
        self.items.push(Item::Stroke {
            points: vec![(x, y), (right, y), (right, bottom), (x, bottom), (x, y)],
            width: line,
            ink: Ink::Black,
            is_dashed: false,
        });
    }
}
