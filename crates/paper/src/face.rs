//! 字体: the faces that the program carries, and what typesetting asks of them.

use std::sync::OnceLock;

use krilla::text::Font;

/// 字体. 仿宋 has no free face that covers names; 宋体 stands in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// 宋体: the text. It has every character that is written in China.
    Song,
    /// 粗宋, in the place of 小标宋: titles.
    SongBold,
    /// 黑体: names of fields.
    Hei,
    /// 粗黑: headings.
    HeiBold,
}

/// 〓 stands where no face has the character.
const MISSING: char = '〓';

struct Carried {
    font: &'static [u8],
    table: &'static [u8],
}

macro_rules! carried {
    ($name:literal) => {
        Carried {
            font: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".otf")),
            table: include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".table")),
        }
    };
}

const SONG: Carried = carried!("song");
const SONG_BOLD: Carried = carried!("song-bold");
const HEI: Carried = carried!("hei");
const HEI_BOLD: Carried = carried!("hei-bold");

/// A line of a table: character, glyph, width, as `build.rs` writes them.
const ENTRY: usize = 8;

/// A character in the face that has it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Glyph {
    pub(crate) face: Face,
    pub(crate) id: u16,
    /// In ems.
    pub(crate) advance: f32,
    /// The character itself is in no face.
    pub(crate) is_missing: bool,
}

impl Face {
    const ALL: [Self; 4] = [Self::Song, Self::SongBold, Self::Hei, Self::HeiBold];

    fn carried(self) -> &'static Carried {
        match self {
            Self::Song => &SONG,
            Self::SongBold => &SONG_BOLD,
            Self::Hei => &HEI,
            Self::HeiBold => &HEI_BOLD,
        }
    }

    /// The font, read once; none if the program carries something else than a font.
    pub(crate) fn font(self) -> Option<Font> {
        static FONTS: OnceLock<Vec<(Face, Option<Font>)>> = OnceLock::new();
        let fonts = FONTS.get_or_init(|| {
            let font = |face: Self| (face, Font::new(face.carried().font.into(), 0));
            Self::ALL.map(font).to_vec()
        });
        let found = fonts.iter().find(|(face, _)| *face == self);
        found.and_then(|(_, font)| font.clone())
    }

    /// The glyph of a character: in this face, else in 宋体, else 〓.
    pub(crate) fn glyph(self, c: char) -> Option<Glyph> {
        let own = self.own_glyph(c);
        let or_song = own.or_else(|| Self::Song.own_glyph(c));
        or_song.or_else(|| {
            let stand_in = Self::Song.own_glyph(MISSING)?;
            Some(Glyph {
                is_missing: true,
                ..stand_in
            })
        })
    }

    fn own_glyph(self, c: char) -> Option<Glyph> {
        let (entries, _) = self.carried().table.as_chunks::<ENTRY>();
        let key = |&[a, b, c, d, ..]: &[u8; ENTRY]| u32::from_le_bytes([a, b, c, d]);
        let at = entries.binary_search_by_key(&u32::from(c), key).ok()?;
        let &[.., low, high, width_low, width_high] = entries.get(at)?;
        let width = u16::from_le_bytes([width_low, width_high]);
        Some(Glyph {
            face: self,
            id: u16::from_le_bytes([low, high]),
            advance: f32::from(width) / 1000.0,
            is_missing: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_face_is_a_font_with_the_characters_of_headings() {
        for face in Face::ALL {
            assert!(face.font().is_some(), "{face:?}");
            for c in "渠县12345政务服务便民热线：（一）〔2026〕、—".chars() {
                let glyph = face.glyph(c).unwrap();
                assert_eq!((glyph.face, glyph.is_missing), (face, false), "{c}");
                assert!(glyph.id > 0 && glyph.advance > 0.0);
            }
        }
    }

    #[test]
    fn a_rare_character_comes_from_the_whole_face_and_an_unknown_one_is_marked() {
        for c in "䶮𠮷硐禑㛃".chars() {
            let glyph = Face::Hei.glyph(c).unwrap();
            assert!(!glyph.is_missing, "{c}");
        }
        let unknown = Face::Song.glyph('\u{10_FFFD}').unwrap();
        assert!(unknown.is_missing);
        assert_eq!(Some(unknown.id), Face::Song.glyph('〓').map(|it| it.id));
    }
}
