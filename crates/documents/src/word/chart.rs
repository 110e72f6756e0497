//! A chart of a document, in the drawing language of Office: it stays a chart there, not a picture.

use super::form::attribute;
use super::write::DECLARATION;
use crate::form::{ChartKind, Table};

const COLORS: [&str; 2] = ["2B5C94", "C27322"];
/// In English Metric Units, of which a point has 12,700.
const POINT: usize = 12_700;

/// How high a chart is drawn.
pub(super) fn height(kind: ChartKind, table: &Table) -> usize {
    let points = match kind {
        ChartKind::Bars => 60 + 18 * table.rows.len().clamp(3, 30),
        ChartKind::Line => 210,
    };
    points * POINT
}

/// The whole part `chartN.xml`.
pub(super) fn chart_space(kind: ChartKind, table: &Table) -> String {
    let series: String = table
        .columns
        .iter()
        .skip(1)
        .enumerate()
        .map(|(n, column)| series(kind, table, n, &column.name))
        .collect();
    let title = text(&table.caption);
    let axes = r#"<c:axId val="1"/><c:axId val="2"/>"#;
    let (plot, category, value, order, crosses) = match kind {
        ChartKind::Bars => (
            format!(
                r#"<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>{series}<c:gapWidth val="60"/>{axes}</c:barChart>"#
            ),
            "l",
            "b",
            "maxMin",
            "max",
        ),
        ChartKind::Line => (
            format!(
                r#"<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>{series}<c:marker val="1"/>{axes}</c:lineChart>"#
            ),
            "b",
            "l",
            "minMax",
            "autoZero",
        ),
    };
    let legend = if table.columns.len() > 2 {
        r#"<c:legend><c:legendPos val="t"/><c:overlay val="0"/></c:legend>"#
    } else {
        ""
    };
    let gridlines = r#"<c:majorGridlines><c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="E3E5E8"/></a:solidFill></a:ln></c:spPr></c:majorGridlines>"#;
    let small = r#"<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="850"/></a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>"#;
    format!(
        r#"{DECLARATION}<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:roundedCorners val="0"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1100" b="0"/></a:pPr><a:r><a:rPr lang="zh-CN" sz="1100" b="0"/><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/>{plot}<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="{order}"/></c:scaling><c:delete val="0"/><c:axPos val="{category}"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{small}<c:crossAx val="2"/><c:crosses val="autoZero"/></c:catAx><c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="0"/><c:axPos val="{value}"/>{gridlines}<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>{small}<c:crossAx val="1"/><c:crosses val="{crosses}"/></c:valAx></c:plotArea>{legend}<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart></c:chartSpace>"#
    )
}

fn series(kind: ChartKind, table: &Table, n: usize, name: &str) -> String {
    let places = table.series();
    let n_places = places.len();
    let mut names = String::new();
    let mut values = String::new();
    for (at, (place, numbers)) in places.iter().enumerate() {
        let place = text(place);
        names.push_str(&format!(r#"<c:pt idx="{at}"><c:v>{place}</c:v></c:pt>"#));
        if let Some(number) = numbers.get(n).copied().flatten() {
            values.push_str(&format!(r#"<c:pt idx="{at}"><c:v>{number}</c:v></c:pt>"#));
        }
    }
    let color = COLORS.get(n % COLORS.len()).copied().unwrap_or("2B5C94");
    let fill = format!(r#"<a:solidFill><a:srgbClr val="{color}"/></a:solidFill>"#);
    // A dash tells series apart where colours are not printed.
    let dash = if n > 0 {
        r#"<a:prstDash val="dash"/>"#
    } else {
        ""
    };
    let (look, labels, end) = match kind {
        ChartKind::Bars => (
            format!("<c:spPr>{fill}</c:spPr><c:invertIfNegative val=\"0\"/>"),
            r#"<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>"#,
            "",
        ),
        ChartKind::Line => (
            format!(
                r#"<c:spPr><a:ln w="19050">{fill}{dash}</a:ln></c:spPr><c:marker><c:symbol val="square"/><c:size val="4"/><c:spPr>{fill}</c:spPr></c:marker>"#
            ),
            "",
            r#"<c:smooth val="0"/>"#,
        ),
    };
    let column = char::from(b'B' + u8::try_from(n % 24).unwrap_or_default());
    let last = n_places + 1;
    let name = text(name);
    format!(
        r#"<c:ser><c:idx val="{n}"/><c:order val="{n}"/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{name}</c:v></c:pt></c:strCache></c:strRef></c:tx>{look}{labels}<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache><c:ptCount val="{n_places}"/>{names}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache><c:formatCode>General</c:formatCode><c:ptCount val="{n_places}"/>{values}</c:numCache></c:numRef></c:val>{end}</c:ser>"#
    )
}

/// Escaping for attributes escapes what text needs, too.
fn text(text: &str) -> String {
    attribute(text)
}
