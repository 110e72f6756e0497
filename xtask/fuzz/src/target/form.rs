//! Forms as browsers send them, and the links of a telephone system.

use anyhow::Result;
use center_server::form::Form;

use super::{Taken, Target};

pub(super) struct Forms;

impl Target for Forms {
    fn name(&self) -> &'static str {
        "form"
    }

    fn share(&self) -> u64 {
        1_600
    }

    fn seeds(&self) -> Result<Vec<Vec<u8>>> {
        let seeds = [
            "q=%E5%81%9C%E6%B0%B4+%E4%BA%86&status=open,closed&attribute%5Bkind%5D=help",
            "service_code=c-001&description=%3Cb%3E&first_name=%E4%B8%89&api_key=x",
            "number=20261123-W01-0001&code=1234+5678",
        ];
        Ok(seeds.map(|it| it.as_bytes().to_vec()).to_vec())
    }

    fn take(&mut self, input: &[u8]) -> Taken {
        let Ok(form) = Form::read(input) else {
            return Taken::Refused;
        };
        for name in ["q", "status", "description", "attribute[kind]"] {
            let is_strange = |text: &str| text.contains('\0') || text.trim() != text;
            if form.get(name).is_some_and(is_strange)
                || form.list(name).iter().any(|it| is_strange(it))
            {
                return Taken::Wrong("a value that no form has".to_owned());
            }
        }
        Taken::Accepted
    }
}
