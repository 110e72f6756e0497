//! The commands about what is kept of people, and what is taken out.

use anyhow::{Context as _, Result, bail};
use domain::ActorId;

use super::words::{Words, absolute};
use crate::admin::{AdminRequest, Proof, TwoPeople};

pub(super) fn retention(words: &mut Words) -> Result<AdminRequest> {
    Ok(match words.word("retention 后面的动作")?.as_str() {
        "due" => AdminRequest::RetentionDue {
            on: words
                .value("--on")?
                .map(|day| day.parse().with_context(|| format!("{day} 不是日期")))
                .transpose()?,
        },
        "redact" => AdminRequest::RedactDue {
            people: two_people(words)?,
        },
        other => bail!("没有命令 retention {other}"),
    })
}

pub(super) fn person(words: &mut Words) -> Result<AdminRequest> {
    let what = words.word("person 后面的动作")?;
    let phone = words.word("电话")?;
    Ok(match what.as_str() {
        "export" => AdminRequest::ExportPerson {
            phone,
            to: absolute(&words.needed("--to")?)?,
        },
        "redact" => AdminRequest::RedactPerson {
            phone,
            people: two_people(words)?,
        },
        other => bail!("没有命令 person {other}"),
    })
}

/// Their passwords are asked for; they stand on no command line.
fn two_people(words: &mut Words) -> Result<TwoPeople> {
    let proof = |number: String| Proof {
        number: ActorId(number),
        password: String::new(),
    };
    Ok(TwoPeople {
        asked_by: proof(words.needed("--by")?),
        granted_by: proof(words.needed("--granted-by")?),
    })
}
