//! 附件: what may be handed in, and how a text names it: 现场照片.jpg, with the hash of its bytes behind it. A text with a hash
//! stands for the same file for ever; people read the name.

use wire::FILE_MARK;

/// The largest file, in bytes.
pub const FILE_MAX_BYTES: usize = 20 << 20;
/// The longest name, in characters; the hash stands behind it in a field of 500.
const NAME_MAX_CHARS: usize = 120;

/// What may be handed in: the ending, what its bytes begin with and where, and what it is.
const TYPES: &[(&str, usize, &[u8], &str)] = &[
    ("pdf", 0, b"%PDF-", "application/pdf"),
    ("jpg", 0, &[0xff, 0xd8, 0xff], "image/jpeg"),
    ("jpeg", 0, &[0xff, 0xd8, 0xff], "image/jpeg"),
    ("png", 0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (
        "docx",
        0,
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    (
        "xlsx",
        0,
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("mp3", 0, b"ID3", "audio/mpeg"),
    ("wav", 8, b"WAVE", "audio/wav"),
    ("mp4", 4, b"ftyp", "video/mp4"),
    ("m4a", 4, b"ftyp", "audio/mp4"),
];

/// A file that may be handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The last part of the name, without what no file system takes.
    pub name: String,
    pub media_type: &'static str,
}

/// Whether a file may be handed in; why not, for the person who chose it.
pub fn check(name: &str, bytes: &[u8]) -> Result<Checked, String> {
    let name = checked_name(name)?;
    if bytes.is_empty() {
        return Err(format!("“{name}”里没有内容。"));
    }
    if bytes.len() > FILE_MAX_BYTES {
        return Err(format!(
            "“{name}”超过 {} MB，请压缩或分成几个文件。",
            FILE_MAX_BYTES >> 20
        ));
    }
    match media_type(&name, bytes) {
        Some(media_type) => Ok(Checked { name, media_type }),
        None => Err(format!(
            "“{name}”不能上传：只收 PDF、JPG、PNG、DOCX、XLSX、MP3、WAV、M4A、MP4，且内容须与扩展名相符。"
        )),
    }
}

fn checked_name(name: &str) -> Result<String, String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|it| !it.is_control()).collect();
    let name = name.trim().to_owned();
    let n_chars = name.chars().count();
    if n_chars == 0 || n_chars > NAME_MAX_CHARS {
        return Err(format!(
            "文件名应有 1 至 {NAME_MAX_CHARS} 字，现有 {n_chars} 字。"
        ));
    }
    Ok(name)
}

/// What the bytes are, where the ending says the same.
pub fn media_type(name: &str, bytes: &[u8]) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    let ending = ending.to_lowercase();
    let fits = |(of, at, beginning, _): &&(&str, usize, &[u8], &str)| {
        *of == ending
            && bytes
                .get(*at..)
                .is_some_and(|rest| rest.starts_with(beginning))
    };
    TYPES.iter().find(fits).map(|(.., media_type)| *media_type)
}

const HASH_CHARS: usize = 64;

/// The name with the hash.
pub fn named(file_name: &str, sha256: &str) -> String {
    format!("{file_name}{FILE_MARK}{sha256}")
}

/// The name, and the hash where it is one of a file.
pub fn read(text: &str) -> (&str, Option<&str>) {
    let is_hash = |it: &str| it.len() == HASH_CHARS && it.chars().all(|it| it.is_ascii_hexdigit());
    match text.rsplit_once(FILE_MARK) {
        Some((name, hash)) if is_hash(hash) => (name, Some(hash)),
        Some(_) | None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_ending_says_or_is_not_taken() {
        assert_eq!(media_type("a.PDF", b"%PDF-1.7"), Some("application/pdf"));
        assert_eq!(
            media_type("a.mp4", b"\0\0\0\x18ftypmp42"),
            Some("video/mp4")
        );
        assert_eq!(media_type("a.pdf", b"<html>"), None);
        assert_eq!(media_type("a.html", b"<html>"), None);
        assert_eq!(media_type("a.exe.png", b"MZ"), None);
        assert_eq!(media_type("pdf", b"%PDF-"), None);
        assert_eq!(media_type("a.wav", b"RIFF"), None);
        assert!(check("空.pdf", b"").is_err());
    }

    #[test]
    fn a_name_is_no_path() {
        assert_eq!(checked_name("C:\\照片\\现场.jpg").unwrap(), "现场.jpg");
        assert_eq!(checked_name("../../etc/passwd.pdf").unwrap(), "passwd.pdf");
        assert!(checked_name("  ").is_err());
        assert!(checked_name(&"长".repeat(200)).is_err());
    }

    #[test]
    fn what_is_named_is_read() {
        let hash = "0a".repeat(32);
        assert_eq!(
            read(&named("a#b.jpg", &hash)),
            ("a#b.jpg", Some(hash.as_str()))
        );
        assert_eq!(read("回访录音一份"), ("回访录音一份", None));
        assert_eq!(read("a#sha256=0a"), ("a#sha256=0a", None));
    }
}
