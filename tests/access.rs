//! Who may what: every route as every role, and as another organisation, compared with a committed table. Whoever adds a route adds
//! its line to `access.txt`, or this says so.

use crate::house::{Ask, House, id};
use crate::log::heads::{Folder, keeper_of};
use crate::steps::{self, at, make_case_for, other, step};
use crate::told::{WOMAN, but, call, melding, question};
use crate::verzoeken::{ready_for, request, request_step};
use axum::http::Method;
use domain::access::Role;
use serde_json::{Value, json};
use server::api::{ROUTES, Route};
use server::worker::demo_worker;
use sqlx::PgPool;

const TABLE: &str = include_str!("access.txt");

/// Somebody who may.
pub(crate) fn who_may(route: &Route) -> Role {
    let roles =
        [Role::CaseWorker, Role::Manager, Role::Privacy, Role::Auditor, Role::Administrator];
    let may = |role: &Role| {
        let line = TABLE.lines().find(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some(route.method) && words.next() == Some(route.path)
        });
        line.is_some_and(|line| line.split_whitespace().any(|it| it == role.name()))
    };
    roles.into_iter().find(may).unwrap_or(Role::Intake)
}

/// Makes what a route is about, with this number as its id; nothing for what comes into being by the route itself.
pub(crate) async fn make(house: &House, route: &Route, number: u128) {
    make_by(house, route, number, Role::CaseWorker).await;
}

/// The same, where it is of the worker with a role.
async fn make_by(house: &House, route: &Route, number: u128, role: Role) {
    if route.method == "put" {
        return;
    }
    if let Some(name) = of_a_casus(route) {
        return make_case_for(house, name, number).await;
    }
    if route.path == "/bewijzen/{positie}" {
        house.put(format!("/v1/contacten/{}", id(number)), &call()).await.is(201);
        return house.signed().await;
    }
    let noun = route.path.split('/').nth(1).unwrap();
    if noun == "verzoeken" {
        return ready_for(house, route, number).await;
    }
    if noun == "noodtoegang" {
        return opened_in_emergency(house, number, role).await;
    }
    let told = match noun {
        "contacten" => call(),
        "adviezen" => question(),
        "meldingen" => melding("2026-06-29"),
        "casussen" => json!({ "geopendOp": "2026-06-29" }),
        "personen" if route.path.contains("{id}") => json!({ "geslacht": "vrouw" }),
        _ => return,
    };
    house.put(format!("/v1/{noun}/{}", id(number)), &told).await.is(201);
    if route.path.ends_with("/samenvoegingen") || route.path.ends_with("/ontkoppelingen") {
        let other = json!({ "geslacht": "vrouw" });
        house.put(format!("/v1/personen/{}", id(number + 50)), &other).await.is(201);
    }
    if route.path.ends_with("/adresafscherming/opheffing") {
        // Who works with her may lift it, and the privacy officer.
        let case = number + 70;
        let opened = json!({ "geopendOp": "2026-06-29" });
        house.put(format!("/v1/casussen/{}", id(case)), &opened).await.is(201);
        let told = json!({ "persoon": id(number), "rollen": ["getuige"], "vanaf": "2026-06-29" });
        house.post(at(case, "betrokkenen"), &told).await.is(200);
        let assigned = json!({ "behandelaar": House::worker(), "op": "2026-06-30" });
        house.post(at(case, "toewijzingen"), &assigned).await.is(200);
        let path = format!("/v1/personen/{}/adresafscherming", id(number));
        let hidden = json!({ "op": "2026-06-30", "reden": "opvang" });
        house.post(path, &hidden).await.is(200);
    }
    if route.path.ends_with("/ontkoppelingen") {
        let path = format!("/v1/personen/{}/samenvoegingen", id(number));
        house.post(path, &merge(number)).await.is(200);
    }
}

/// A person, whose file somebody opened in an emergency: with this role if it may, for who may end it is who opened it.
async fn opened_in_emergency(house: &House, number: u128, role: Role) {
    let told = json!({ "geslacht": "vrouw" });
    house.put(format!("/v1/personen/{}", id(number)), &told).await.is(201);
    let by = if role == Role::Intake { Role::Intake } else { Role::CaseWorker };
    let path = format!("/v1/noodtoegang/{}", id(number));
    house.put(path, &emergency(number)).by(by).await.is(201);
}

fn emergency(number: u128) -> Value {
    json!({ "persoon": id(number), "reden": "acuut-gevaar", "toelichting": "Het kan niet wachten." })
}

fn told_in_emergency(route: &Route, number: u128) -> Option<Value> {
    let on = "2026-06-30";
    Some(match (route.method, route.path) {
        ("put", "/noodtoegang/{id}") => but(emergency(number), "/persoon", json!(id(WOMAN))),
        ("post", "/noodtoegang/{id}/beeindiging") => json!({}),
        ("post", "/noodtoegang/{id}/beoordeling") => json!({ "oordeel": "terecht" }),
        ("post", "/personen/{id}/adresafscherming") => json!({ "op": on, "reden": "opvang" }),
        ("post", "/personen/{id}/adresafscherming/opheffing") => json!({ "op": on }),
        _ => return None,
    })
}

fn merge(number: u128) -> Value {
    json!({ "met": id(number + 50), "reden": "anders", "op": "2026-06-30" })
}

/// The name of a step of the process of a casus.
fn of_a_casus(route: &Route) -> Option<&'static str> {
    steps::routes().find(|(it, _)| it.path == route.path).map(|(_, name)| name)
}

/// A right body for a route.
pub(crate) fn told(route: &Route, number: u128) -> Option<Value> {
    let on = "2026-06-30";
    if let Some(name) = of_a_casus(route) {
        return Some(step(name, number).1);
    }
    if let Some(told) = told_in_emergency(route, number) {
        return Some(told);
    }
    Some(match (route.method, route.path) {
        ("get", _) => return None,
        (_, "/contacten/{id}") => call(),
        (_, "/contacten/{id}/afronding") => json!({ "uitkomst": "advies" }),
        (_, "/adviezen/{id}") => question(),
        (_, "/adviezen/{id}/contactmomenten") => json!({ "op": on, "kanaal": "chat" }),
        (_, "/adviezen/{id}/correcties" | "/meldingen/{id}/correcties") => {
            json!({ "reden": "anders", "gemeente": "0114" })
        }
        (_, "/adviezen/{id}/afsluiting" | "/personen/{id}/geboorte") => json!({ "op": on }),
        (_, "/meldingen/{id}") => melding(on),
        (_, "/meldingen/{id}/veiligheidsbeoordelingen") => {
            json!({ "op": on, "uitkomst": "overdracht" })
        }
        (_, "/meldingen/{id}/toewijzingen") => json!({ "behandelaar": id(1), "op": on }),
        (_, "/meldingen/{id}/intrekking") => json!({ "op": on, "reden": "anders" }),
        (_, "/casussen/{id}") => json!({ "geopendOp": on }),
        ("put", "/verzoeken/{id}") => request(number),
        (_, path) if path.starts_with("/verzoeken/") => request_step(path),
        (_, "/personen/_zoek") => json!({ "bsn": "999990019" }),
        (_, "/personen/{id}") => json!({ "geslacht": "man" }),
        (_, "/personen/{id}/identificaties") => {
            json!({ "op": on, "gegevens": { "bsn": "onbekend" } })
        }
        (_, "/personen/{id}/correcties") => {
            json!({ "op": on, "reden": "anders", "gegevens": { "bsn": "onbekend" } })
        }
        (_, "/personen/{id}/samenvoegingen" | "/personen/{id}/ontkoppelingen") => merge(number),
        (method, path) => {
            panic!("{method} {path} has no body here: add one, and a line in access.txt")
        }
    })
}

pub(crate) fn ask<'h>(house: &'h House, route: &Route, number: u128, role: Role) -> Ask<'h> {
    let path = route
        .path
        .replace("{id}", &id(number).to_string())
        .replace("{jaar}", "2026")
        .replace("{positie}", "1");
    let path = path.replace("{tabel}", "meldingen?periode=2026&gebied=0106");
    let method = Method::from_bytes(route.method.to_uppercase().as_bytes()).unwrap();
    let mut ask = house.ask(method, format!("/v1{path}")).for_areas(&["0106"]).by(role);
    if let Some(body) = told(route, number) {
        ask = ask.json(&body);
    }
    if route.method == "post" { ask.numbered(0xB000_0000 + number) } else { ask }
}

/// The line of a route: who may, and what another organisation gets when it asks about ours.
async fn line(house: &House, route: &'static Route, first: u128) -> String {
    let mut allowed = Vec::new();
    for (number, (role, name)) in (first..).zip(Role::ALL) {
        if ask(house, route, number, role).without_token().await.status != 401 {
            return format!("{} {} takes somebody without a token", route.method, route.path);
        }
        // Of what is not there nothing is refused or allowed but by the role.
        if route.method != "put" && ask(house, route, 0xFFFF, role).await.status == 403 {
            continue;
        }
        make_by(house, route, number, role).await;
        let answer = ask(house, route, number, role).await;
        match answer.status {
            403 => {}
            200 | 201 => allowed.push((role, name)),
            other => panic!("{} {} as {name}: {other} {}", route.method, route.path, answer.text()),
        }
    }
    let names: Vec<&str> = allowed.iter().map(|(_, name)| *name).collect();
    let elsewhere = match allowed.first() {
        Some((role, _)) => elsewhere(house, route, first + 9, *role).await,
        None => "-".to_owned(),
    };
    let mut within = Vec::new();
    for (number, (role, name)) in (first + 20..).zip(&allowed) {
        within.push((of_a_restricted_casus(house, route, number, *role).await, *name));
    }
    let within = in_one_column(&within);
    let (method, path, names) = (route.method, route.path, names.join(" "));
    format!("{method:<4} {path:<46} {names:<28} {elsewhere} {within}")
}

/// What holds for the first role that may, and what differs for others.
fn in_one_column(told: &[(String, &str)]) -> String {
    let Some((first, _)) = told.first() else { return "-".to_owned() };
    let others = told.iter().filter(|(it, _)| it != first);
    others.fold(first.clone(), |column, (it, name)| format!("{column} {name}:{it}"))
}

/// What is told of a file in a restricted casus: to whoever works on it, and to whoever does not.
async fn of_a_restricted_casus(
    house: &House,
    route: &'static Route,
    number: u128,
    role: Role,
) -> String {
    let noun = route.path.split('/').nth(1).unwrap();
    let may_be_restricted = ["casussen", "meldingen", "personen", "verzoeken"].contains(&noun);
    if route.method == "put" || !route.path.contains("{id}") || !may_be_restricted {
        return "-".to_owned();
    }
    make(house, route, number).await;
    let case = if noun == "casussen" { number } else { number + 60 };
    if noun != "casussen" {
        let meldingen = if noun == "meldingen" { vec![id(number)] } else { vec![] };
        let opened = json!({ "geopendOp": "2026-06-29", "meldingen": meldingen });
        house.put(format!("/v1/casussen/{}", id(case)), &opened).await.is(201);
    }
    // A request is as hidden as whom it is about.
    let person = if noun == "verzoeken" { WOMAN } else { number };
    if noun == "personen" || noun == "verzoeken" {
        let told = json!({ "persoon": id(person), "rollen": ["getuige"], "vanaf": "2026-06-29" });
        house.post(at(case, "betrokkenen"), &told).await.is(200);
    }
    let named =
        json!({ "op": "2026-06-30", "reden": "anders", "medewerkers": [demo_worker(role)] });
    house.post(at(case, "afscherming"), &named).await.is(200);
    // First whoever does not: what the other does may change what there is.
    let stranger = ask(house, route, number, role).who(0x1234).await.status;
    let own = ask(house, route, number, role).await.status;
    // The same two persons are in every casus here: to the next route they are to be there again. Who lifted it already is refused.
    let lifted = json!({ "op": "2026-06-30" });
    house.post(at(case, "afscherming/opheffing"), &lifted).by(Role::Privacy).await;
    format!("{own}/{stranger}")
}

/// What another organisation is told of something that there is here; of what is nowhere it must be told exactly the same.
async fn elsewhere(house: &House, route: &Route, number: u128, role: Role) -> String {
    make(house, route, number).await;
    if route.path == "/casussen/{id}/meldingen" {
        // The melding is its own, so that only the casus is somebody else's.
        for number in [number, 0xFFFE] {
            let path = format!("/v1/meldingen/{}", id(other(number)));
            house.put(path, &melding("2026-06-29")).of("VT03").await.is(201);
        }
    }
    let ours = ask(house, route, number, role).of("VT03").await;
    if ours.status >= 400 {
        let nowhere = ask(house, route, 0xFFFE, role).of("VT03").await;
        assert_eq!((ours.status, &ours.body), (nowhere.status, &nowhere.body), "{}", route.path);
    }
    ours.status.to_string()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn every_route_answers_every_role_and_every_organisation_as_the_table_says(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    let folder = Folder::new();
    house.signs(keeper_of(&house.app.store, &folder));
    let mut found = Vec::new();
    for (nth, route) in (1..).zip(ROUTES) {
        found.push(line(&house, route, nth * 100).await);
    }
    let expected: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
    let found: Vec<&str> = found.iter().map(|line| line.trim_end()).collect();
    assert!(found == expected, "access.txt is to say:\n{}\n", found.join("\n"));
}
