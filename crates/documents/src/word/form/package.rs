//! What a docx says of its own parts.

use super::{DECLARATION, OFFICE};

pub(super) fn content_types(n_charts: usize) -> String {
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
    let mut parts = String::new();
    for (name, kind) in [
        ("document", "document.main"),
        ("styles", "styles"),
        ("settings", "settings"),
        ("fontTable", "fontTable"),
        ("header1", "header"),
        ("footer1", "footer"),
        ("footer2", "footer"),
    ] {
        parts.push_str(&format!(
            r#"<Override PartName="/word/{name}.xml" ContentType="{word}.{kind}+xml"/>"#
        ));
    }
    parts.push_str(r#"<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>"#);
    for n in 1..=n_charts {
        parts.push_str(&format!(
            r#"<Override PartName="/word/charts/chart{n}.xml" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/>"#
        ));
    }
    format!(
        r#"{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>{parts}</Types>"#
    )
}

pub(super) fn relations(n_charts: usize) -> String {
    let mut all = String::new();
    let mut relation = |id: &str, kind: &str, target: &str| {
        all.push_str(&format!(
            r#"<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"/>"#
        ));
    };
    relation("rIdStyles", "styles", "styles.xml");
    relation("rIdSettings", "settings", "settings.xml");
    relation("rIdFonts", "fontTable", "fontTable.xml");
    relation("rIdHeader", "header", "header1.xml");
    relation("rIdFooter", "footer", "footer1.xml");
    relation("rIdFooterEven", "footer", "footer2.xml");
    for n in 1..=n_charts {
        let target = format!("charts/chart{n}.xml");
        relation(&format!("rIdChart{n}"), "chart", &target);
    }
    format!(
        r#"{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{all}</Relationships>"#
    )
}
