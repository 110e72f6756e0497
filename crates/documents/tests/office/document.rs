//! Every form as a docx.

use documents::blank::{FormKind, example};
use documents::form::{Part, Values, Watermark, fill};
use documents::word::{fill_template, write_form};

use crate::libreoffice::{Office, pdf_text};

/// What a form says where a reader looks first: its number, its first value, its last line.
fn marks(values_of: FormKind) -> Vec<String> {
    let form = fill(&values_of.blank(), &example(values_of)).unwrap();
    let mut marks = vec![form.number.clone(), form.basis.clone()];
    marks.extend(form.title.lines().map(str::to_owned));
    for part in &form.parts {
        match part {
            Part::Grid(rows) => {
                let cells = rows.iter().flat_map(|row| &row.cells);
                // What stands on one line in any font.
                let short = cells.filter(|cell| cell.text.chars().count() < 12);
                marks.extend(short.map(|cell| cell.text.clone()));
            }
            Part::Body(text) | Part::Note(text) => marks.extend(text.lines().map(str::to_owned)),
            Part::Table(table) => marks.push(table.caption.clone()),
            Part::Chart { table, .. } => {
                marks.push(table.caption.clone());
                marks.extend(table.rows.first().and_then(|row| row.first()).cloned());
            }
            Part::Closing(lines) => marks.extend(lines.iter().cloned()),
        }
    }
    let squeezed = |mark: String| mark.chars().filter(|c| !c.is_whitespace()).collect();
    let marks: Vec<String> = marks.into_iter().map(squeezed).collect();
    marks.into_iter().filter(|mark| !mark.is_empty()).collect()
}

#[test]
fn every_form_and_every_template_filled_in_is_opened_whole() {
    let office = Office::new();
    for kind in FormKind::ALL {
        let mut form = fill(&kind.blank(), &example(kind)).unwrap();
        form.watermark = Some(Watermark {
            person: "张三".to_owned(),
            at_text: "2026-11-24 09:15".to_owned(),
            purpose: "核对".to_owned(),
            serial: "W01-K7Q4M-X9P2T".to_owned(),
        });
        office.put(&format!("{kind:?}.docx"), &write_form(&form).unwrap());
    }
    let template = write_form(&FormKind::Dispatch.template()).unwrap();
    let filled = fill_template(&template, &example(FormKind::Dispatch), None).unwrap();
    office.put("Template.docx", &filled);
    let out = office.convert("pdf");
    for kind in FormKind::ALL {
        let (text, n_pages) = pdf_text(&out.join(format!("{kind:?}.pdf")));
        assert!((1..=4).contains(&n_pages), "{kind:?}: {n_pages} pages");
        for mark in marks(kind) {
            assert!(text.contains(&mark), "{kind:?} lacks {mark}: {text}");
        }
    }
    let (text, _) = pdf_text(&out.join("Template.pdf"));
    for mark in marks(FormKind::Dispatch) {
        assert!(text.contains(&mark), "the template lacks {mark}: {text}");
    }
    assert!(!text.contains("{{"), "{text}");
}

#[test]
fn what_a_citizen_wrote_is_text_and_no_markup() {
    let hostile = "</w:t></w:r></w:p><w:p/>&amp;&#65;{{编号}}\u{0}\u{B}<script>$x^2$";
    let shown = "</w:t></w:r></w:p><w:p/>&amp;&#65;{{编号}}<script>$x^2$";
    let values = |text: &str| -> Values {
        let mut values = example(FormKind::Completion);
        values.set("诉求标题", text);
        values
    };
    let office = Office::new();
    let form = fill(&FormKind::Completion.blank(), &values(hostile)).unwrap();
    office.put("form.docx", &write_form(&form).unwrap());
    let template = write_form(&FormKind::Completion.template()).unwrap();
    let filled = fill_template(&template, &values(hostile), None).unwrap();
    office.put("template.docx", &filled);
    let out = office.convert("pdf");
    for name in ["form.pdf", "template.pdf"] {
        let (text, _) = pdf_text(&out.join(name));
        assert!(text.contains(shown), "{name}: {text}");
    }
}
