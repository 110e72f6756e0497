//! 写出 PDF: what stands on the pages, in the file's own syntax. PDF/A-2u, which archives ask for:
//! every font is inside, and every glyph says which character it is.

use chrono::{Datelike as _, NaiveDateTime, Timelike as _};
use documents::form::{Form, Watermark};
use krilla::color::rgb;
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};

use crate::PaperError;
use crate::face::Face;
use crate::line::{Line, Set, Style, single};
use crate::sheet::{Ink, Item, Sheet};

const CREATOR: &str = "渠县12345热线工作台";
const WATERMARK: Style = Style {
    face: Face::Song,
    size: 13.0,
};
const WATERMARK_OPACITY: f32 = 0.1;
const WATERMARK_ANGLE: f32 = -28.0;

pub(crate) fn pdf(form: &Form, sheets: &[Sheet], at: NaiveDateTime) -> Result<Vec<u8>, PaperError> {
    let failed = |error: String| PaperError::Unwritten { detail: error };
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_U)
        .finish();
    let configuration = configuration.map_err(|error| failed(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let title = format!("{} {}", form.title, form.number);
    let serial = form.watermark.as_ref().map(Watermark::serial_text);
    document.set_metadata(
        Metadata::new()
            .keywords(serial.into_iter().filter(|it| !it.is_empty()).collect())
            .title(title.trim().to_owned())
            .creation_date(date(at))
            .creator(CREATOR.to_owned())
            .language("zh-CN".to_owned()),
    );
    for sheet in sheets {
        let settings = PageSettings::from_wh(sheet.width, sheet.height);
        let settings = settings.ok_or_else(|| failed("a page without a size".to_owned()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        if let Some(watermark) = &form.watermark {
            tile(&mut surface, sheet, watermark);
        }
        for item in &sheet.items {
            draw(&mut surface, item);
        }
        surface.finish();
        page.finish();
    }
    document
        .finish()
        .map_err(|error| failed(format!("{error:?}")))
}

/// Beijing is eight hours ahead of UTC, always.
fn date(at: NaiveDateTime) -> DateTime {
    let of = |number: u32| u8::try_from(number).unwrap_or_default();
    DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(of(at.month()))
        .day(of(at.day()))
        .hour(of(at.hour()))
        .minute(of(at.minute()))
        .second(of(at.second()))
        .utc_offset_hour(8)
        .utc_offset_minute(0)
}

fn color(ink: Ink) -> rgb::Color {
    match ink {
        Ink::Black => rgb::Color::new(0, 0, 0),
        Ink::Red => rgb::Color::new(0xD2, 0x1F, 0x1F),
        Ink::Grey => rgb::Color::new(0x55, 0x5B, 0x63),
        Ink::Pale => rgb::Color::new(0xF1, 0xF2, 0xF4),
        Ink::First => rgb::Color::new(0x2B, 0x5C, 0x94),
        Ink::Second => rgb::Color::new(0xC2, 0x73, 0x22),
    }
}

fn fill(ink: Ink, opacity: NormalizedF32) -> Fill {
    Fill {
        paint: color(ink).into(),
        opacity,
        ..Fill::default()
    }
}

fn draw(surface: &mut Surface<'_>, item: &Item) {
    match item {
        Item::Text { x, y, line, ink } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*ink, NormalizedF32::ONE)));
            text(surface, *x, *y, line);
        }
        Item::Stroke {
            points,
            width,
            ink,
            is_dashed,
        } => {
            let mut path = PathBuilder::new();
            for (n, (x, y)) in points.iter().enumerate() {
                if n == 0 {
                    path.move_to(*x, *y);
                } else {
                    path.line_to(*x, *y);
                }
            }
            let dash = is_dashed.then(|| StrokeDash {
                array: vec![5.0, 3.0],
                offset: 0.0,
            });
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: color(*ink).into(),
                width: *width,
                dash,
                ..Stroke::default()
            }));
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
        Item::Block {
            x,
            y,
            width,
            height,
            ink,
        } => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*ink, NormalizedF32::ONE)));
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

/// A line, in as many pieces as it has faces.
fn text(surface: &mut Surface<'_>, x: f32, y: f32, line: &Line) {
    let mut at = x;
    for piece in line
        .characters
        .chunk_by(|a, b| a.glyph.face == b.glyph.face)
    {
        let Some(font) = piece.first().and_then(|set| set.glyph.face.font()) else {
            continue;
        };
        let mut said = String::new();
        let glyphs: Vec<KrillaGlyph> = piece
            .iter()
            .map(|Set { c, glyph, advance }| {
                let from = said.len();
                said.push(*c);
                KrillaGlyph {
                    glyph_id: GlyphId::new(u32::from(glyph.id)),
                    text_range: from..said.len(),
                    x_advance: advance / line.size,
                    x_offset: 0.0,
                    y_offset: 0.0,
                    y_advance: 0.0,
                    location: None,
                }
            })
            .collect();
        surface.draw_glyphs(
            Point::from_xy(at, y),
            &glyphs,
            font,
            &said,
            line.size,
            false,
        );
        at += piece.iter().map(|set| set.advance).sum::<f32>();
    }
}

/// 水印 over the whole page, under the text.
fn tile(surface: &mut Surface<'_>, sheet: &Sheet, watermark: &Watermark) {
    let line = single(&watermark.text(), WATERMARK);
    let (step_x, step_y) = (line.width() + 60.0, 110.0);
    let reach = sheet.width + sheet.height;
    let opacity = NormalizedF32::new(WATERMARK_OPACITY).unwrap_or(NormalizedF32::ONE);
    surface.set_stroke(None);
    surface.set_fill(Some(fill(Ink::Black, opacity)));
    let turn = Transform::from_rotate_at(WATERMARK_ANGLE, sheet.width / 2.0, sheet.height / 2.0);
    surface.push_transform(&turn);
    let mut y = (sheet.height - reach) / 2.0;
    let mut is_odd = false;
    while y < reach {
        let shift = if is_odd { step_x / 2.0 } else { 0.0 };
        let mut x = (sheet.width - reach) / 2.0 - shift;
        while x < reach {
            text(surface, x, y, &line);
            x += step_x;
        }
        y += step_y;
        is_odd = !is_odd;
    }
    surface.pop();
}
