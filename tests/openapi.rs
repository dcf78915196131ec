//! `/v1/openapi.json`: the interface as it is published, and as it is.

use crate::house::House;
use serde_json::Value;
use server::api::ROUTES;
use server::openapi::document;
use sqlx::PgPool;
use std::collections::BTreeSet;

fn operations(document: &Value) -> Vec<(String, String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let each = |(path, methods): (&String, &'_ Value)| (path.clone(), methods.clone());
    let names: Vec<(String, Value)> = paths.iter().map(each).collect();
    let mut all = Vec::new();
    for (path, methods) in names {
        for method in methods.as_object().unwrap().keys() {
            all.push((method.clone(), path.clone(), &document["paths"][&path][method]));
        }
    }
    all
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn everybody_may_read_the_interface_from_everywhere(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let answer = house.get("/v1/openapi.json").without_token().await.is(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json(), document());
}

#[test]
fn every_route_is_in_the_interface_and_nothing_else() {
    let document = document();
    let published: BTreeSet<(String, String)> =
        operations(&document).into_iter().map(|(method, path, _)| (method, path)).collect();
    let there: BTreeSet<(String, String)> =
        ROUTES.iter().map(|it| (it.method.to_owned(), it.path.to_owned())).collect();
    assert_eq!(published, there);
    assert_eq!(ROUTES.len(), there.len(), "a route stands on the page twice");
}

#[test]
fn the_interface_has_the_shape_of_openapi_3_1() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    for key in ["title", "version", "description"] {
        assert!(document["info"][key].is_string(), "{key}");
    }
    // NLgov API Design Rules: whom to ask, and under which licence.
    for key in ["name", "url", "email"] {
        assert!(document["info"]["contact"][key].is_string(), "{key}");
    }
    assert_eq!(document["info"]["license"]["identifier"], "EUPL-1.2");
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{at}: twice");
        assert!(operation["summary"].as_str().is_some_and(|it| !it.is_empty()), "{at}");
        let asked: BTreeSet<&str> = path.split(['{', '}']).skip(1).step_by(2).collect();
        let parameters = operation["parameters"].as_array().unwrap();
        let named = parameters.iter().filter(|it| it["in"] == "path" && it["required"] == true);
        assert_eq!(
            named.map(|it| it["name"].as_str().unwrap()).collect::<BTreeSet<_>>(),
            asked,
            "{at}"
        );
        assert_eq!(operation.get("requestBody").is_some(), method != "get", "{at}");
    }
}

#[test]
fn every_operation_says_how_it_refuses_and_with_which_version() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let answers = operation["responses"].as_object().unwrap();
        for status in ["200", "400", "401", "403", "404", "503"] {
            assert!(answers.contains_key(status), "{at}: {status}");
        }
        for (status, answer) in answers {
            assert_eq!(
                answer["headers"]["API-Version"]["$ref"], "#/components/headers/ApiVersion",
                "{at}"
            );
            let problem = &answer["content"]["application/problem+json"]["schema"]["$ref"];
            let refuses = status.as_str() >= "400";
            assert_eq!(problem == "#/components/schemas/Problem", refuses, "{at}: {status}");
        }
    }
}

/// What is asked in a form of one's choice comes in each of them; everything else is JSON of which the shape is known.
#[test]
fn every_operation_says_in_which_forms_and_shapes_it_answers() {
    let document = document();
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        let content = &operation["responses"]["200"]["content"];
        let schema = &content["application/json"]["schema"];
        assert!(schema.is_object(), "{at}");
        let format = operation["parameters"].as_array().unwrap().iter();
        let chosen = format.filter(|it| it["name"] == "formaat").count() == 1;
        assert_eq!(content.as_object().unwrap().len(), if chosen { 4 } else { 1 }, "{at}");
        if method != "get" && !path.ends_with("/_zoek") {
            assert_eq!(schema["$ref"], "#/components/schemas/Vastgelegd", "{at}");
        }
    }
}

#[test]
fn a_code_is_published_with_the_list_from_which_it_is() {
    let document = document();
    let body = &document["paths"]["/contacten/{id}"]["put"]["requestBody"]["content"];
    let channel = &body["application/json"]["schema"]["properties"]["kanaal"];
    let listed = domain::codes::values(domain::codes::List::Channel).iter();
    let listed: Vec<&str> = listed.map(|it| it.code.as_str()).collect();
    assert_eq!(channel["enum"], serde_json::json!(listed));
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_receipt_and_a_worklist_are_as_the_interface_says_that_they_are(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let shape = |name: &str| {
        jsonschema::draft202012::new(&document()["components"]["schemas"][name]).unwrap()
    };
    let told = crate::told::melding("2026-06-29");
    let path = "/v1/meldingen/00000000-0000-0000-0000-000000000001";
    let receipt = house.put(path, &told).await.is(201).json();
    assert!(shape("Vastgelegd").is_valid(&receipt), "{receipt}");
    let file = house.get(path).await.is(200).json();
    assert!(shape("Stuk").is_valid(&file), "{file}");
    let waiting = house.get("/v1/werklijst").await.is(200).json();
    assert_eq!(waiting["aantal"], 1);
    assert!(shape("Werklijst").is_valid(&waiting), "{waiting}");
}

#[test]
fn every_reference_in_the_interface_leads_somewhere_and_every_schema_compiles() {
    let document = document();
    follow(&document, &document);
    for (method, path, operation) in operations(&document) {
        let Some(body) = operation.get("requestBody") else { continue };
        let schema = &body["content"]["application/json"]["schema"];
        assert!(schema["properties"].is_object(), "{method} {path}");
        jsonschema::draft202012::new(schema).unwrap();
    }
    jsonschema::draft202012::new(&document["components"]["schemas"]["Problem"]).unwrap();
}

fn follow(document: &Value, at: &Value) {
    match at {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                let there = document.pointer(reference.trim_start_matches('#'));
                assert!(there.is_some(), "{reference} leads nowhere");
            }
            map.values().for_each(|it| follow(document, it));
        }
        Value::Array(all) => all.iter().for_each(|it| follow(document, it)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_refusal_is_as_the_interface_says_that_it_is(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let problem =
        jsonschema::draft202012::new(&document()["components"]["schemas"]["Problem"]).unwrap();
    let path = "/v1/contacten/00000000-0000-0000-0000-000000000001";
    for answer in [
        house.put(path, &Value::Null).await.is(400),
        house.get(path).await.is(404),
        house.get("/v1/werklijst?soort=x").await.is(400),
        house.get(path).without_token().await.is(401),
    ] {
        assert!(problem.is_valid(&answer.json()), "{}", answer.text());
    }
}
