//! Why a file could not be read.

use documents::{Part, ReadError};

/// Without a full stop: it stands behind the name of the file.
pub(crate) fn read_error(error: &ReadError) -> String {
    match error {
        ReadError::TooLarge { limit } => {
            format!(
                "文件（或解开后的内容）超过 {} MB，请拆成几个文件",
                limit >> 20
            )
        }
        ReadError::TooMany { what, limit } => {
            let what = match what {
                Part::Sheets => "工作表",
                Part::Rows => "行",
                Part::Columns => "列",
                Part::Cells => "单元格",
                Part::Paragraphs => "段落",
            };
            format!("{what}数超过 {limit}，请拆成几个文件")
        }
        ReadError::Encrypted => {
            "文件加了密码，或是旧版 Word 文档，请去掉密码并另存为新格式后再导入".to_owned()
        }
        ReadError::Broken { .. } => {
            "文件已损坏，或不是这种格式，请用办公软件打开后另存一份再导入".to_owned()
        }
        ReadError::Empty => "文件里没有内容".to_owned(),
    }
}
