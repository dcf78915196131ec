//! What a route answers when it does what was asked: the media types, and the shape of the JSON. Loose where a file shows what is known, and
//! nothing else: a field that is not known is left out or null there.

use crate::api::Route;
use serde_json::{Map, Value, json};

/// The content of the answer of a route.
pub(super) fn content(route: &Route, asks: bool) -> Value {
    let mut media = Map::new();
    media.insert("application/json".to_owned(), json!({ "schema": shape(route, asks) }));
    // What is asked in a form of one's choice comes in each of them.
    if route.query.iter().any(|(name, _)| *name == "formaat") {
        for kind in ["text/csv", "text/html", "text/plain"] {
            media.insert(kind.to_owned(), json!({ "schema": { "type": "string" } }));
        }
    }
    Value::Object(media)
}

fn shape(route: &Route, asks: bool) -> Value {
    match route.path {
        _ if !asks => reference("Vastgelegd"),
        "/werklijst" | "/wachtlijst" => reference("Werklijst"),
        "/personen/_zoek" => looked("kandidaten"),
        "/meldingen/{id}/dubbelingen" => looked("dubbelingen"),
        "/statistieken" => with("tabellen"),
        path if path.ends_with("/{id}") => reference("Stuk"),
        _ => json!({ "type": "object" }),
    }
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn with(list: &str) -> Value {
    let listed = json!({ "type": "array", "items": { "type": "object" } });
    json!({ "type": "object", "required": [list], "properties": { list: listed } })
}

/// What was shown, and the number under which it was recorded that it was.
fn looked(list: &str) -> Value {
    let mut shape = with(list);
    shape["required"] = json!(["raadpleging", list]);
    shape["properties"]["raadpleging"] = json!({ "type": "string", "format": "uuid" });
    shape
}

/// The shapes that several routes answer with.
pub(super) fn shapes() -> [(&'static str, Value); 3] {
    [("Vastgelegd", recorded()), ("Stuk", file()), ("Werklijst", worklist())]
}

fn recorded() -> Value {
    let proof = json!({
        "type": "object", "required": ["organisatie", "positie"],
        "properties": {
            "organisatie": { "type": "string" }, "positie": { "type": "integer", "minimum": 0 },
            "keten": { "type": "string", "pattern": "^[0-9a-f]{64}$" },
            "vastgelegdOp": { "type": "string", "format": "date-time" },
        },
    });
    json!({
        "type": "object", "required": ["id", "versie", "bewijs"],
        "description": "Het bewijs van vastlegging: waar het in het logboek staat, en de keten tot daar.",
        "properties": {
            "id": { "type": "string", "format": "uuid" }, "versie": { "type": "integer", "minimum": 0 }, "bewijs": proof,
        },
    })
}

fn file() -> Value {
    json!({
        "type": "object", "required": ["id", "versie"],
        "description": "Een stuk zoals het staat, of zoals het toen bekend was. Persoonsgegevens ontbreken als zij vernietigd zijn.",
        "properties": {
            "id": { "type": "string", "format": "uuid" }, "versie": { "type": "integer", "minimum": 0 },
            "vastgelegdOp": { "type": "string", "format": "date-time" }, "gewijzigdOp": { "type": "string", "format": "date-time" },
        },
    })
}

fn worklist() -> Value {
    let id = json!({ "type": "string", "format": "uuid" });
    let line = json!({
        "type": "object", "required": ["soort", "soortLabel", "betreft", "vanaf", "teLaat", "nadert", "gemeente"],
        "properties": {
            "soort": { "type": "string" }, "soortLabel": { "type": "string" }, "melding": id, "casus": id, "betreft": id,
            "vanaf": { "type": "string", "format": "date" }, "vervaltOp": { "type": ["string", "null"], "format": "date" },
            "teLaat": { "type": "boolean" }, "nadert": { "type": "boolean" }, "gemeente": { "type": "string" },
        },
    });
    json!({
        "type": "object", "required": ["aantal", "aantallen", "regels"],
        "description": "Wat wacht, het dringendste eerst.",
        "properties": {
            "aantal": { "type": "integer", "minimum": 0 },
            "aantallen": { "type": "object", "additionalProperties": { "type": "integer", "minimum": 0 } },
            "regels": { "type": "array", "items": line }, "volgende": { "type": "string" },
        },
    })
}
