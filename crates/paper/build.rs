//! Takes out of the system's Noto CJK fonts what forms need, so that the program carries its fonts.
//!
//! The fonts are collections of all East Asian faces with up to 27 MB each; they are no part of the
//! repository, and their Debian package is installed before anything is built (`cargo xtask setup`).
//! Of each face used, the glyphs of the characters below stay, with a table from character to glyph
//! and width beside them, which is all that typesetting asks of a font.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use subsetter::{GlyphRemapper, subset};
use ttf_parser::Face;

/// Where the fonts lie; another folder can be named for systems that keep them elsewhere.
const FOLDER_VARIABLE: &str = "HOTLINE_DESK_FONTS";
const FOLDER: &str = "/usr/share/fonts/opentype/noto";

/// File, name of the face in it, what it is called here, and whether it has every character that a
/// name or a place may be written with, or those of headings.
const FACES: [(&str, &str, &str, bool); 4] = [
    (
        "NotoSerifCJK-Regular.ttc",
        "Noto Serif CJK SC",
        "song",
        true,
    ),
    (
        "NotoSerifCJK-Bold.ttc",
        "Noto Serif CJK SC",
        "song-bold",
        false,
    ),
    ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC", "hei", false),
    (
        "NotoSansCJK-Bold.ttc",
        "Noto Sans CJK SC",
        "hei-bold",
        false,
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed={FOLDER_VARIABLE}");
    println!("cargo::rerun-if-changed=build.rs");
    let folder = std::env::var_os(FOLDER_VARIABLE).map_or_else(|| FOLDER.into(), PathBuf::from);
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo names OUT_DIR")?);
    let headings = heading_characters();
    for (file, family, name, is_whole) in FACES {
        let path = folder.join(file);
        println!("cargo::rerun-if-changed={}", path.display());
        let bytes = fs::read(&path).map_err(|error| {
            format!(
                "{}: {error}. Please install the fonts first: cargo xtask setup, or the Debian \
                 package fonts-noto-cjk; {FOLDER_VARIABLE} names another folder.",
                path.display()
            )
        })?;
        take_out(
            &bytes,
            family,
            (!is_whole).then_some(&headings),
            &out.join(name),
        )?;
    }
    Ok(())
}

/// Writes `NAME.otf` and `NAME.table`: for each character, in order, four bytes of it, two of its
/// glyph and two of its width in thousandths.
fn take_out(
    bytes: &[u8],
    family: &str,
    only: Option<&BTreeSet<char>>,
    out: &Path,
) -> Result<(), Box<dyn Error>> {
    let (index, face) = find_face(bytes, family)?;
    let mut characters = BTreeSet::new();
    let subtables = face.tables().cmap.ok_or("the font has no cmap")?.subtables;
    for subtable in subtables
        .into_iter()
        .filter(ttf_parser::cmap::Subtable::is_unicode)
    {
        subtable.codepoints(|codepoint| characters.extend(char::from_u32(codepoint)));
    }
    characters.retain(|&c| only.map_or_else(|| is_written_here(c), |only| only.contains(&c)));
    let mut remapper = GlyphRemapper::new();
    let mut table = Vec::new();
    let per_em = u32::from(face.units_per_em());
    for c in characters {
        let Some(glyph) = face.glyph_index(c) else {
            continue;
        };
        let new = remapper.remap(glyph.0);
        let advance = u32::from(face.glyph_hor_advance(glyph).unwrap_or_default());
        let advance = u16::try_from(advance * 1000 / per_em)?;
        table.extend_from_slice(&u32::from(c).to_le_bytes());
        table.extend_from_slice(&new.to_le_bytes());
        table.extend_from_slice(&advance.to_le_bytes());
    }
    let font = subset(bytes, index, &remapper)?;
    fs::write(out.with_extension("otf"), font)?;
    fs::write(out.with_extension("table"), table)?;
    Ok(())
}

fn find_face<'a>(bytes: &'a [u8], family: &str) -> Result<(u32, Face<'a>), Box<dyn Error>> {
    for index in 0..ttf_parser::fonts_in_collection(bytes).unwrap_or(1) {
        let face = Face::parse(bytes, index)?;
        let is_it = face.names().into_iter().any(|name| {
            name.name_id == ttf_parser::name_id::FAMILY
                && name.to_string().as_deref() == Some(family)
        });
        if is_it {
            return Ok((index, face));
        }
    }
    Err(format!("no face {family} in the collection").into())
}

/// What is written in China, names with rare characters included: all but Korean syllables and
/// private characters.
fn is_written_here(c: char) -> bool {
    !matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{E000}'..='\u{F8FF}' | '\u{FFA0}'..='\u{FFDF}')
}

/// GB 2312 and ASCII: whatever else stands in a heading is taken from the whole face.
fn heading_characters() -> BTreeSet<char> {
    let mut characters: BTreeSet<char> = (' '..='~').collect();
    characters.extend(['·', '—', '–', '‘', '’', '“', '”', '…']);
    for lead in 0xA1..=0xF7_u8 {
        for trail in 0xA1..=0xFE_u8 {
            let bytes = [lead, trail];
            let (text, had_errors) = encoding_rs::GBK.decode_without_bom_handling(&bytes);
            if !had_errors {
                characters.extend(text.chars());
            }
        }
    }
    characters
}
