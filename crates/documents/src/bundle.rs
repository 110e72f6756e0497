//! 压缩包: files that belong together, as a zip that every system opens.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

/// The longest name of a file or folder, in characters; a Chinese character takes three bytes, and
/// file systems end at 255.
const NAME_MAX_CHARS: usize = 60;

/// 包内文件, its folders separated by `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Packs the files, in their order. A name that is there already gets a number.
pub fn write(files: &[File]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = std::collections::BTreeSet::new();
    for file in files {
        let name = free_name(&file.name, |name| !names.contains(&name.to_lowercase()));
        names.insert(name.to_lowercase());
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(&file.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// The name, or with a number before its ending the first one that is free: `知识 (2).xlsx`.
pub fn free_name(name: &str, mut is_free: impl FnMut(&str) -> bool) -> String {
    if is_free(name) {
        return name.to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && !ending.contains('/') => {
            (stem, format!(".{ending}"))
        }
        _ => (name, String::new()),
    };
    let mut n = 2_u64;
    loop {
        let numbered = format!("{stem} ({n}){ending}");
        if is_free(&numbered) {
            return numbered;
        }
        n += 1;
    }
}

/// What a text may be called as a file or folder on every system: nothing that separates folders,
/// leads out of one, or is a device on Windows; not too long, never empty.
pub fn safe_name(text: &str) -> String {
    let visible = text.chars().map(|c| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c if c.is_control() || c.is_whitespace() => ' ',
        c => c,
    });
    let short: String = visible.take(NAME_MAX_CHARS).collect();
    let name = short.trim_matches([' ', '.']);
    let device = name.split('.').next().unwrap_or_default().to_uppercase();
    let is_device = matches!(device.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (device.len() == 4 && (device.starts_with("COM") || device.starts_with("LPT")));
    match name {
        "" => "未命名".to_owned(),
        name if is_device => format!("_{name}"),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_every_system_takes() {
        for (text, name) in [
            ("社保卡/电子 卡?", "社保卡_电子 卡_"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("", "未命名"),
            (" ... ", "未命名"),
            ("con", "_con"),
            ("LPT1.txt", "_LPT1.txt"),
            ("第一行\n第二行", "第一行 第二行"),
        ] {
            assert_eq!(safe_name(text), name);
        }
        assert_eq!(safe_name(&"水".repeat(200)).chars().count(), 60);
    }

    #[test]
    fn two_of_a_name_stand_side_by_side() {
        let file = |name: &str| File {
            name: name.to_owned(),
            bytes: name.as_bytes().to_vec(),
        };
        let bytes = write(&[
            file("水/停水.md"),
            file("水/停水.md"),
            file("水/停水 (2).md"),
        ]);
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes.unwrap())).unwrap();
        let names: Vec<String> = (0..zip.len())
            .map(|at| zip.by_index(at).unwrap().name().unwrap().into_owned())
            .collect();
        assert_eq!(
            names,
            ["水/停水.md", "水/停水 (2).md", "水/停水 (2) (2).md"]
        );
        assert_eq!(free_name("无后缀", |name| name != "无后缀"), "无后缀 (2)");
    }
}
