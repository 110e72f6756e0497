//! 图: bars and lines of a table, drawn with rules and blocks.

use documents::form::{ChartKind, Table};

use crate::face::Face;
use crate::flow::{Flow, Place};
use crate::line::{Style, lines, single};
use crate::sheet::{Ink, Item};

/// More places are not told apart; the table beside the chart has them all.
const PLACES_MAX: usize = 40;
const SIZE: f32 = 8.5;
const STYLE: Style = Style {
    face: Face::Song,
    size: SIZE,
};
const BAR: f32 = 15.0;
const NAME_WIDTH: f32 = 110.0;
const VALUE_WIDTH: f32 = 40.0;
const LINE_HEIGHT: f32 = 150.0;
const AXIS_WIDTH: f32 = 34.0;
const N_STEPS: u8 = 4;

pub(crate) fn place(flow: &mut Flow, kind: ChartKind, table: &Table) {
    let mut places = table.series();
    let n_left_out = places.len().saturating_sub(PLACES_MAX);
    places.truncate(PLACES_MAX);
    if places.is_empty() {
        return;
    }
    let names: Vec<&str> = table
        .columns
        .iter()
        .skip(1)
        .map(|column| column.name.as_str())
        .collect();
    let most = places
        .iter()
        .flat_map(|(_, values)| values.iter().flatten())
        .fold(0.0_f64, |most, &value| most.max(value));
    let top = rounded_up(most);
    let height = match kind {
        ChartKind::Bars => bars_height(places.len(), names.len()),
        ChartKind::Line => LINE_HEIGHT + 24.0,
    };
    flow.need((height + 46.0).min(flow.page_height()));
    flow.y += 8.0;
    let caption = Style {
        face: Face::Hei,
        size: 11.0,
    };
    let caption = lines(&table.caption, caption, flow.width, 0.0);
    flow.set(caption, 20.0, Ink::Black, Place::Middle);
    if names.len() > 1 {
        legend(flow, &names);
    }
    match kind {
        ChartKind::Bars => bars(flow, table, &places, top),
        ChartKind::Line => lines_of(flow, &places, names.len(), top),
    }
    if n_left_out > 0 {
        let told = single(
            &format!("图中只列前 {PLACES_MAX} 项，另有 {n_left_out} 项见表。"),
            STYLE,
        );
        flow.set(vec![told], 14.0, Ink::Grey, Place::Left);
    }
    flow.y += 8.0;
}

fn bars_height(n_places: usize, n_series: usize) -> f32 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "at most 40 places of some series"
    )]
    let n_bars = (n_places * n_series.max(1)) as f32;
    #[expect(clippy::cast_precision_loss, reason = "at most 40")]
    let n_places = n_places as f32;
    n_bars * (BAR - 5.0) + n_places * 5.0
}

/// The end of the axis: 1, 2 or 5 with zeros, times the steps.
fn rounded_up(most: f64) -> f64 {
    let steps = f64::from(N_STEPS);
    let each = (most / steps).max(f64::MIN_POSITIVE);
    let power = 10_f64.powf(each.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|n| n * power)
        .find(|step| *step >= each * 0.999_999)
        .unwrap_or(each);
    // Orders are whole: an axis of 0.5 would count halves of them.
    if most <= steps { steps } else { step * steps }
}

#[expect(clippy::cast_possible_truncation, reason = "a share of a page")]
fn share(value: f64, top: f64) -> f32 {
    (value / top).clamp(0.0, 1.0) as f32
}

fn ink(series: usize) -> Ink {
    if series == 0 { Ink::First } else { Ink::Second }
}

fn value_text(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn legend(flow: &mut Flow, names: &[&str]) {
    let y = flow.y;
    let mut x = flow.left + AXIS_WIDTH;
    for (series, name) in names.iter().enumerate() {
        let line = single(name, STYLE);
        let width = line.width();
        flow.draw(|sheet| {
            sheet.items.push(Item::Stroke {
                points: vec![(x, y + 6.0), (x + 20.0, y + 6.0)],
                width: 2.0,
                ink: ink(series),
                is_dashed: series > 0,
            });
            sheet.text(x + 24.0, y + 9.0, line, Ink::Black);
        });
        x += width + 44.0;
    }
    flow.y += 16.0;
}

/// Bars that lie, so that names of units can be read.
fn bars(flow: &mut Flow, table: &Table, places: &[(&str, Vec<Option<f64>>)], top: f64) {
    let room = flow.width - NAME_WIDTH - VALUE_WIDTH;
    let axis = flow.left + NAME_WIDTH;
    for ((name, values), row) in places.iter().zip(&table.rows) {
        let height = bars_height(1, values.len());
        flow.need(height);
        let y = flow.y;
        let mut shown = single(name, STYLE);
        if shown.width() > NAME_WIDTH - 8.0 {
            shown = shortened(name, NAME_WIDTH - 8.0);
        }
        flow.draw(|sheet| {
            let x = axis - 6.0 - shown.width();
            sheet.text(x, y + height / 2.0 + SIZE * 0.38, shown, Ink::Black);
            sheet.rule((axis, y), (axis, y + height), 0.6, Ink::Black);
            let mut at = y + 2.5;
            for (series, value) in values.iter().enumerate() {
                let Some(value) = *value else {
                    at += BAR - 5.0;
                    continue;
                };
                let width = share(value, top) * room;
                sheet.items.push(Item::Block {
                    x: axis,
                    y: at,
                    width,
                    height: BAR - 6.0,
                    ink: ink(series),
                });
                // As it is written in the table.
                let text = row.get(series + 1).map_or("", String::as_str);
                let text = single(text, STYLE);
                sheet.text(axis + width + 4.0, at + 4.5 + SIZE * 0.38, text, Ink::Black);
                at += BAR - 5.0;
            }
        });
        flow.y += height;
    }
}

fn shortened(name: &str, width: f32) -> crate::line::Line {
    let mut n = name.chars().count();
    loop {
        let text: String = name.chars().take(n).chain(['…']).collect();
        let line = single(&text, STYLE);
        if line.width() <= width || n == 0 {
            return line;
        }
        n -= 1;
    }
}

fn lines_of(flow: &mut Flow, places: &[(&str, Vec<Option<f64>>)], n_series: usize, top: f64) {
    let (left, y) = (flow.left + AXIS_WIDTH, flow.y + 6.0);
    let width = flow.width - AXIS_WIDTH - 12.0;
    #[expect(clippy::cast_precision_loss, reason = "at most 40 places")]
    let step = width / places.len() as f32;
    #[expect(clippy::cast_precision_loss, reason = "at most 40 places")]
    let x_of = |at: usize| left + step * (at as f32 + 0.5);
    flow.draw(|sheet| {
        for n in 0..=N_STEPS {
            let part = f32::from(n) / f32::from(N_STEPS);
            let at = y + LINE_HEIGHT * (1.0 - part);
            let ink = if n == 0 { Ink::Black } else { Ink::Pale };
            sheet.rule((left, at), (left + width, at), 0.6, ink);
            let value = top * f64::from(n) / f64::from(N_STEPS);
            let text = single(&value_text(value), STYLE);
            let x = left - 6.0 - text.width();
            sheet.text(x, at + SIZE * 0.38, text, Ink::Grey);
        }
        // As many names as there is room for.
        let widest = places.iter().map(|(name, _)| single(name, STYLE).width());
        let widest = widest.fold(1.0, f32::max) + 4.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a small number of places"
        )]
        let each = (widest / step).ceil().max(1.0) as usize;
        for (at, (name, _)) in places.iter().enumerate().step_by(each) {
            let text = single(name, STYLE);
            let x = x_of(at) - text.width() / 2.0;
            sheet.text(x, y + LINE_HEIGHT + 14.0, text, Ink::Black);
        }
        for series in 0..n_series {
            let mut points = Vec::new();
            for (at, (_, values)) in places.iter().enumerate() {
                let Some(value) = values.get(series).copied().flatten() else {
                    continue;
                };
                let point = (x_of(at), y + LINE_HEIGHT * (1.0 - share(value, top)));
                points.push(point);
                sheet.items.push(Item::Block {
                    x: point.0 - 1.8,
                    y: point.1 - 1.8,
                    width: 3.6,
                    height: 3.6,
                    ink: ink(series),
                });
            }
            if points.len() > 1 {
                sheet.items.push(Item::Stroke {
                    points,
                    width: 1.4,
                    ink: ink(series),
                    is_dashed: series > 0,
                });
            }
        }
    });
    flow.y += LINE_HEIGHT + 24.0;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_axis_is_round() {
        for (most, top) in [
            (0.0, 4.0),
            (3.0, 4.0),
            (7.0, 8.0),
            (98.5, 100.0),
            (130.0, 200.0),
        ] {
            assert!(
                (rounded_up(most) - top).abs() < 1e-9,
                "{most}: {}",
                rounded_up(most)
            );
        }
    }
}
