//! Makes a page's `generated.ts` from its table of calls and the types they name.
//! Only tests run this.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use ts_rs::{Config, TS, TypeVisitor};

use crate::api_error::{ApiError, ErrorCode};
use crate::reference::wire_name;

const TAIL: &str = "\
/** What `call` answers: the value, and the tags of the queries that must be asked again. */
export type Reply<T> = { value: T; changed: string[] };
";

/// One line of the table as TypeScript needs it.
pub struct CallTypes {
    pub name: &'static str,
    pub request: String,
    pub response: String,
    pub provides: &'static [&'static str],
}

/// The declarations of all types met so far, by name.
pub struct Types {
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
    pub fn name_of<T: TS + 'static + ?Sized>(&mut self) -> String {
        self.visit::<T>();
        T::name(&self.config)
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let name = T::ident(&self.config);
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}", T::decl(&self.config));
            if let Some(known) = self.declared.get(&name) {
                assert!(*known == declaration, "two types are called {name}");
                return;
            }
            self.declared.insert(name, declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// The whole file: `head`, the unions of the domain's names, the types that `calls` names, the table.
pub fn generated_typescript(
    head: &str,
    unions: &[String],
    calls: impl FnOnce(&mut Types) -> Vec<CallTypes>,
) -> String {
    let mut types = Types::new();
    types.visit::<ErrorCode>();
    types.visit::<ApiError>();
    let calls = calls(&mut types);

    let mut text = head.to_owned();
    for declaration in unions.iter().chain(types.declared.values()) {
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
    } in &calls
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
    for CallTypes { name, provides, .. } in &calls {
        let tags: Vec<_> = provides.iter().map(|tag| format!("\"{tag}\"")).collect();
        writeln!(text, "  {name}: [{}],", tags.join(", ")).ok();
    }
    text.push_str("};\n");
    text
}

/// A domain enum without content, as the union of its names on the wire.
pub fn union<T: Serialize>(name: &str, all: &[T]) -> String {
    let names: Vec<_> = all
        .iter()
        .map(|value| format!("\"{}\"", wire_name(value)))
        .collect();
    format!("export type {name} = {};", names.join(" | "))
}
