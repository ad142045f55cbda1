//! Imports point one way: the `use` lines against the layer table.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Modules by layer, the lowest first.
const LAYERS: [&[&str]; 5] = [
    &["error", "packed", "simd", "candidate", "activity", "text", "places", "taxonomy", "cv", "query", "rank"],
    &["store", "embed", "engine"],
    &["ingest", "export", "indexing", "search", "population", "evaluation", "tasks"],
    &["config", "http", "telemetry", "ui"],
    &["app", "cli"],
];

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

fn source_files(dir: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Module → modules that its files name as `crate::…`, tests aside.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&root, &mut files);
    let mut imports: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let relative = file.strip_prefix(&root).unwrap();
        let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
        let module = first.trim_end_matches(".rs").to_owned();
        let is_test = relative.components().any(|part| part.as_os_str().to_string_lossy().starts_with("tests"));
        if is_test || ["lib", "main"].contains(&module.as_str()) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        let named = imports.entry(module).or_default();
        for line in code.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
            named.extend(modules_named_in(line));
        }
        named.extend(grouped_modules(code));
    }
    imports
}

/// The modules of `crate::module` paths in a line.
fn modules_named_in(line: &str) -> impl Iterator<Item = String> + '_ {
    line.match_indices("crate::").filter_map(|(at, found)| {
        let rest = &line[at + found.len()..];
        let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        (!name.is_empty()).then_some(name)
    })
}

/// The modules of `use crate::{ … }` groups: names at their top level.
fn grouped_modules(code: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for (at, found) in code.match_indices("use crate::{") {
        let (mut depth, mut name) = (0, String::new());
        for letter in code[at + found.len()..].chars() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => modules.push(std::mem::take(&mut name)),
                _ if depth == 0 => name.push(letter),
                _ => {}
            }
        }
        modules.push(name);
    }
    let top = |name: String| name.trim().split("::").next().unwrap_or_default().to_owned();
    modules.into_iter().map(top).filter(|name| !name.is_empty()).collect()
}

#[test]
fn every_module_has_a_layer() {
    for module in imports().keys() {
        assert!(layer_of(module).is_some(), "src/{module} stands in no layer");
    }
}

#[test]
fn imports_point_to_earlier_layers() {
    for (module, named) in imports() {
        let layer = layer_of(&module).unwrap();
        let later: Vec<&String> = named.iter().filter(|other| layer_of(other) > Some(layer)).collect();
        assert!(later.is_empty(), "src/{module} imports from later layers: {later:?}");
    }
}

#[test]
fn no_layer_has_a_cycle() {
    let imports = imports();
    for layer in LAYERS {
        for start in layer {
            let mut reached: BTreeSet<&str> = BTreeSet::new();
            let mut open = vec![*start];
            while let Some(module) = open.pop() {
                let named = imports.get(module).into_iter().flatten().map(String::as_str);
                for next in named.filter(|next| layer.contains(next) && *next != module) {
                    assert_ne!(next, *start, "{start} imports itself by way of {module}");
                    if reached.insert(next) {
                        open.push(next);
                    }
                }
            }
        }
    }
}

#[test]
fn the_scan_sees_what_it_must() {
    let code = "use crate::{\n    query::{self, Plan},\n    text,\n};\nlet x = crate::store::Store::open();";
    assert_eq!(grouped_modules(code), ["query", "text"]);
    assert_eq!(modules_named_in("let x = crate::store::Store::open();").collect::<Vec<_>>(), ["store"]);
    assert!(imports()["search"].contains("engine"));
}
