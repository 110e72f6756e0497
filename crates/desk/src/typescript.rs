//! Makes `ui/src/backend/generated.ts` from the table of calls and the types they name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::kb::task::KbTaskKind;
use domain::matter::{Channel, MatterClass, MatterKind};
use domain::out_of_scope::{EmergencyLine, OutOfScopeClass};
use domain::work_order::{CommandKind, Stage};
use serde::Serialize;
use ts_rs::{Config, TS, TypeVisitor};

use crate::api;
use crate::error::{ApiError, ErrorCode};
use crate::reference::wire_name;

const HEAD: &str = "\
// Generated from crates/desk by `cargo xtask gen`. Do not edit.
// All instants (`*_at`) are UTC milliseconds. All texts for people are ready-made Chinese.

";
const TAIL: &str = "\
/** What `call` answers: the value, and the tags of the queries that must be asked again. */
export type Reply<T> = { value: T; changed: string[] };
";

/// One line of the table as TypeScript needs it.
pub(crate) struct CallTypes {
    pub(crate) name: &'static str,
    pub(crate) request: String,
    pub(crate) response: String,
    pub(crate) provides: &'static [&'static str],
}

/// The declarations of all types met so far, by name.
pub(crate) struct Types {
    config: Config,
    declared: BTreeMap<String, String>,
}

impl Types {
    fn new() -> Self {
        Self {
            config: Config::new().with_large_int("number"),
            declared: BTreeMap::new(),
        }
    }

    /// The TypeScript name of `T`, which is declared with all it is made of.
    pub(crate) fn name_of<T: TS + 'static + ?Sized>(&mut self) -> String {
        self.visit::<T>();
        T::name(&self.config)
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let name = T::ident(&self.config);
        if T::output_path().is_some() && !self.declared.contains_key(&name) {
            let docs = T::docs().unwrap_or_default();
            self.declared
                .insert(name, format!("{docs}export {}", T::decl(&self.config)));
        } else if T::output_path().is_some() {
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// The whole file.
pub(crate) fn generated_typescript() -> String {
    let mut types = Types::new();
    types.visit::<ErrorCode>();
    types.visit::<ApiError>();
    let calls = api::call_types(&mut types);

    let mut text = HEAD.to_owned();
    for declaration in [
        union("MatterKind", &MatterKind::ALL),
        union("MatterClass", &MatterClass::ALL),
        union("Channel", &Channel::ALL),
        union("EmergencyLine", &EmergencyLine::ALL),
        union("OutOfScopeClass", &OutOfScopeClass::ALL),
        union("Stage", &Stage::ALL),
        union("KbTaskKind", &KbTaskKind::ALL),
        union("CommandKind", CommandKind::ALL),
    ]
    .iter()
    .chain(types.declared.values())
    {
        text.push_str(declaration.trim());
        text.push_str("\n\n");
    }
    text.push_str(TAIL);
    text.push_str("\nexport interface Api {\n");
    for CallTypes {
        name,
        request,
        response,
        provides,
    } in calls
    {
        let tags: Vec<_> = provides.iter().map(|tag| format!("\"{tag}\"")).collect();
        let tags = tags.join(", ");
        // Writing to a String cannot fail.
        writeln!(
            text,
            "  {name}: {{ request: {request}; response: {response}; provides: [{tags}] }};"
        )
        .ok();
    }
    text.push_str("}\n\n/** The tags that each call provides; a change that names one makes it be asked again. */\n");
    text.push_str("export const PROVIDES: { [Name in keyof Api]: readonly string[] } = {\n");
    for CallTypes { name, provides, .. } in api::call_types(&mut types) {
        let tags: Vec<_> = provides.iter().map(|tag| format!("\"{tag}\"")).collect();
        writeln!(text, "  {name}: [{}],", tags.join(", ")).ok();
    }
    text.push_str("};\n");
    text
}

/// A domain enum without content, as the union of its names on the wire.
fn union<T: Serialize>(name: &str, all: &[T]) -> String {
    let names: Vec<_> = all
        .iter()
        .map(|value| format!("\"{}\"", wire_name(value)))
        .collect();
    format!("export type {name} = {};", names.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `cargo xtask gen` runs this test with `UPDATE_GENERATED` set, which writes the file.
    #[test]
    fn generated_typescript_is_fresh() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../ui/src/backend/generated.ts"
        );
        let expected = generated_typescript();
        if std::env::var_os("UPDATE_GENERATED").is_some() {
            std::fs::write(path, &expected).unwrap();
        }
        let found = std::fs::read_to_string(path).unwrap();
        assert!(
            found == expected,
            "generated.ts is stale: run `cargo xtask gen`"
        );
    }
}
