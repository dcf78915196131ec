//! What is published of the code: the interface in OpenAPI 3.1, from the list of routes and the schemas of bodies; and the JSON Schema
//! of every event, from its Rust type. Committed, and compared in a test.

mod answers;

use crate::api::{ROUTES, Route};
use crate::cli::Trouble;
use crate::guard::API_VERSION;
use crate::session::SESSION;
use domain::access::Purpose;
use domain::codes::{self, List};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;

/// The interface, as OpenAPI 3.1.
pub fn document() -> Value {
    let mut paths = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = operation(route);
    }
    let mut schemas = Map::from_iter([("Problem".to_owned(), problem())]);
    schemas.extend(answers::shapes().map(|(name, shape)| (name.to_owned(), shape)));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Meldboek",
            "version": API_VERSION,
            "description": "Het register van Veilig Thuis: van een gesprek op het landelijke nummer tot de jaarlijkse trendrapportage.",
            "contact": {
                "name": "Beheerders van Meldboek", "url": "https://github.com/meldboek/meldboek",
                "email": "beheer@meldboek.example",
            },
            "license": { "name": "EUPL-1.2", "identifier": "EUPL-1.2" },
        },
        "servers": [{ "url": "/v1" }],
        "security": [{ "token": [] }, { "sessie": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                "sessie": { "type": "apiKey", "in": "cookie", "name": SESSION },
            },
            "headers": { "ApiVersion": { "schema": { "type": "string" }, "description": "De versie van de interface." } },
            "schemas": schemas,
        },
    })
}

fn operation(route: &Route) -> Value {
    let names = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let in_path = names.map(|name| {
        let schema = match name {
            "id" => json!({ "type": "string", "format": "uuid" }),
            "jaar" => json!({ "type": "string", "pattern": "^[0-9]{4}$" }),
            _ => json!({ "type": "string" }),
        };
        json!({ "name": name, "in": "path", "required": true, "schema": schema })
    });
    let in_query = route.query.iter().map(|(name, means)| {
        json!({ "name": name, "in": "query", "description": means, "schema": { "type": "string" } })
    });
    let number = (route.method == "post" && !asks(route)).then(|| {
        json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "Eigen nummer van de opdracht; een herhaling met hetzelfde nummer wordt niet nog eens uitgevoerd.",
            "schema": { "type": "string", "format": "uuid" },
        })
    });
    let purpose = json!({
        "name": "Doel", "in": "header", "required": false,
        "description": "Waarvoor: een code uit codelists/doel.json. Zonder deze kop geldt waar de rol voor is; het doel wordt vastgelegd.",
        "schema": { "type": "string", "enum": Purpose::ALL.map(|(_, name)| name) },
    });
    let mut operation = json!({
        "summary": route.summary,
        "operationId": operation_id(route),
        "tags": [route.path.split('/').nth(1).unwrap_or_default()],
        "parameters": in_path.chain(in_query).chain(number).chain([purpose]).collect::<Vec<_>>(),
        "responses": responses(route),
    });
    if let Some(schema) = route.body {
        let content = json!({ "application/json": { "schema": embedded(&schema.json()) } });
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    operation
}

/// A published schema as part of the document: references to its own definitions are written out.
fn embedded(schema: &Value) -> Value {
    let definitions = schema.get("$defs").cloned().unwrap_or_default();
    let mut own = resolved(schema, &definitions);
    if let Some(own) = own.as_object_mut() {
        for key in ["$schema", "$id", "$defs"] {
            own.remove(key);
        }
    }
    own
}

fn resolved(value: &Value, definitions: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let named = map.get("$ref").and_then(Value::as_str);
            if let Some(name) = named.and_then(|it| it.strip_prefix("#/$defs/")) {
                return resolved(&definitions[name], definitions);
            }
            let each = map.iter().map(|(key, it)| (key.clone(), resolved(it, definitions)));
            let mut schema: Map<String, Value> = each.collect();
            if let Some(list) = map.get("description").and_then(Value::as_str).and_then(listed) {
                schema.insert("enum".to_owned(), codes_of(list));
            }
            Value::Object(schema)
        }
        Value::Array(items) => items.iter().map(|it| resolved(it, definitions)).collect(),
        other => other.clone(),
    }
}

/// The code list of which a published schema says that a value is from it.
fn listed(description: &str) -> Option<List> {
    let name = description.strip_prefix("Code uit de lijst codelists/")?.split(".json").next()?;
    List::ALL.iter().copied().find(|it| it.name() == name)
}

/// All codes that were ever valid: which are on a day, the list itself says.
fn codes_of(list: List) -> Value {
    codes::values(list).iter().map(|it| it.code.as_str()).collect()
}

fn operation_id(route: &Route) -> String {
    let parts = route.path.split('/').filter(|part| !part.is_empty());
    let words = parts.map(|part| part.trim_matches(['{', '}']).replace('-', "_"));
    format!("{}_{}", route.method, words.collect::<Vec<_>>().join("_"))
}

/// Whether a route only asks, with what it asks about in a body: searching is no command.
fn asks(route: &Route) -> bool {
    route.method == "get" || route.path.ends_with("/_zoek")
}

fn responses(route: &Route) -> Value {
    let headers = json!({ "API-Version": { "$ref": "#/components/headers/ApiVersion" } });
    let content = answers::content(route, asks(route));
    let done =
        |means: &str| json!({ "description": means, "headers": headers, "content": content });
    let refused = |means: &str| {
        json!({
            "description": means, "headers": headers,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
        })
    };
    let mut all = json!({
        "200": done(if asks(route) { "De gevraagde gegevens." } else { "Vastgelegd, of al eerder vastgelegd." }),
        "400": refused("De invoer klopt niet; elke fout staat erbij."),
        "401": refused("Niet herkend."),
        "403": refused("De rol laat dit niet toe, of niet voor dit doel."),
        "404": refused("Niet gevonden, of niet van deze organisatie."),
        "429": refused("Te veel verzoeken achter elkaar."),
        "503": refused("Even te druk."),
    });
    if route.method == "put" {
        all["201"] = done("Nieuw vastgelegd.");
    }
    if route.body.is_some() && !asks(route) {
        all["409"] = refused("De stand van zaken laat dit niet toe, of het nummer is al gebruikt.");
        all["412"] = refused("Iemand was u voor.");
    }
    if route.body.is_some() {
        all["408"] = refused("Het verzoek kwam te traag binnen.");
        all["413"] = refused("Te groot.");
        all["415"] = refused("Geen JSON.");
    }
    all
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "required": ["status", "title", "detail"],
        "properties": {
            "type": { "type": "string" }, "title": { "type": "string" }, "status": { "type": "integer" },
            "detail": { "type": "string" },
            "errors": {
                "type": "array",
                "items": {
                    "type": "object", "required": ["pointer", "detail"],
                    "properties": { "pointer": { "type": "string" }, "detail": { "type": "string" } },
                },
            },
            "gewijzigd": {
                "type": "array",
                "description": "Wat er veranderde sinds de versie die u zag, of anders het laatste.",
                "items": {
                    "type": "object", "required": ["versie", "wat", "vastgelegdOp", "vastgelegdDoor"],
                    "properties": {
                        "versie": { "type": "integer" }, "wat": { "type": "string" },
                        "vastgelegdOp": { "type": "string", "format": "date-time" },
                        "vastgelegdDoor": { "type": "string", "format": "uuid" },
                    },
                },
            },
        },
    })
}

/// What is generated, by file name below `schemas/`.
pub fn generated() -> Vec<(String, Value)> {
    let events = [
        ("contact", schemars::schema_for!(domain::contact::Event)),
        ("advice", schemars::schema_for!(domain::advice::Event)),
        ("melding", schemars::schema_for!(domain::melding::Event)),
        ("case", schemars::schema_for!(domain::case::Event)),
        ("person", schemars::schema_for!(domain::person::Event)),
        ("request", schemars::schema_for!(domain::request::Event)),
        ("look", schemars::schema_for!(domain::look::Event)),
        ("erasure", schemars::schema_for!(domain::erasure::Event)),
        ("emergency", schemars::schema_for!(domain::emergency::Event)),
    ];
    let events = events.map(|(name, schema)| (format!("events/{name}.json"), schema.to_value()));
    events.into_iter().chain([("openapi.json".to_owned(), document())]).collect()
}

/// Writes what is generated, or says what is not up to date.
pub(crate) fn publish(folder: &Path, write: bool) -> Result<(), Trouble> {
    let mut outdated = Vec::new();
    for (name, value) in generated() {
        let path = folder.join(&name);
        let text = format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default());
        if fs::read_to_string(&path).is_ok_and(|standing| standing == text) {
            continue;
        }
        if write {
            let file = |error| Trouble::File(path.display().to_string(), error);
            fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(file)?;
            fs::write(&path, text).map_err(file)?;
            println!("geschreven: {}", path.display());
        } else {
            outdated.push(name);
        }
    }
    if outdated.is_empty() {
        return Ok(());
    }
    let names = outdated.join(", ");
    Err(Trouble::Plain(format!("niet bijgewerkt: {names}; draai `meldboek schemas --schrijf`")))
}
