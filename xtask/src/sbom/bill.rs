//! 软件物料清单, as `CycloneDX` 1.6. No time and no serial number: two bills are compared by what they say.

use serde_json::{Value, json};

use super::parts::Part;

pub(super) fn of(parts: &[Part]) -> String {
    let components: Vec<Value> = parts.iter().map(component).collect();
    let dependencies: Vec<Value> = parts
        .iter()
        .filter(|part| !part.needs.is_empty())
        .map(|part| json!({ "ref": part.purl, "dependsOn": part.needs }))
        .collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "hotline-desk",
                "name": "hotline-desk",
                "version": env!("CARGO_PKG_VERSION"),
                "licenses": [{ "expression": env!("CARGO_PKG_LICENSE") }],
            },
        },
        "components": components,
        "dependencies": dependencies,
    });
    format!("{bill:#}\n")
}

fn component(part: &Part) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": part.purl,
        "name": part.name,
        "version": part.version,
        "purl": part.purl,
        "licenses": [{ "expression": part.licence }],
    });
    if let (Some((algorithm, content)), Some(fields)) = (&part.hash, component.as_object_mut()) {
        fields.insert(
            "hashes".to_owned(),
            json!([{ "alg": algorithm, "content": content }]),
        );
    }
    component
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_names_each_part_once_with_what_it_needs() {
        let part = |name: &str, needs: &[&str]| Part {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: "MIT".to_owned(),
            purl: format!("pkg:cargo/{name}@1.0.0"),
            hash: Some(("SHA-256", "00ff".to_owned())),
            needs: needs
                .iter()
                .map(|it| format!("pkg:cargo/{it}@1.0.0"))
                .collect(),
        };
        let bill: Value = serde_json::from_str(&of(&[part("a", &["b"]), part("b", &[])])).unwrap();
        assert_eq!(bill["bomFormat"], "CycloneDX");
        assert_eq!(bill["components"][1]["hashes"][0]["content"], "00ff");
        assert_eq!(
            bill["dependencies"],
            json!([{ "ref": "pkg:cargo/a@1.0.0", "dependsOn": ["pkg:cargo/b@1.0.0"] }])
        );
    }
}
