//! Every route of the register, on one page. What is not in this list does not exist; router, OpenAPI and the tests of access all read it.

pub mod answer;
mod input;
mod advice;
mod case;
mod contact;
mod file;
mod melding;
mod person;
mod search;
pub mod reports;
mod worklist;

use crate::app::{App, metrics};
use crate::guard;
use crate::problem::Problem;
use crate::schema::Schema;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post, put};
use domain::access::Action;
use tower_http::catch_panic::CatchPanicLayer;

/// One thing that can be asked.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    /// What it takes to be allowed.
    pub action: Action,
    /// What it does, in Dutch, for whoever reads the interface.
    pub summary: &'static str,
    pub body: Option<Schema>,
    /// Parameters in the query, with what they mean.
    pub query: &'static [(&'static str, &'static str)],
    handler: fn() -> MethodRouter<App>,
}

const KNOWN_AT: (&str, &str) =
    ("zoalsBekendOp", "Tijdstip (RFC 3339) of datum: geeft de stand zoals die toen bekend was.");
const FORMAT: (&str, &str) =
    ("formaat", "json, csv, csv-excel, html of tekst; anders beslist Accept.");

macro_rules! route {
    ($method:ident $path:literal $action:ident $handler:expr, $summary:literal $(, body $body:ident)? $(, query $query:expr)?) => {
        Route {
            method: stringify!($method),
            path: $path,
            action: Action::$action,
            summary: $summary,
            body: { let _none: Option<Schema> = None; $(let _none = Some(Schema::$body);)? _none },
            query: { let _none: &'static [(&str, &str)] = &[]; $(let _none = $query;)? _none },
            handler: || $method($handler),
        }
    };
}

/// The routes, below `/v1`.
pub const ROUTES: &[Route] = &[
    route!(put "/contacten/{id}" LogContact contact::receive, "Een contact komt binnen", body Contact),
    route!(get "/contacten/{id}" ReadFile file::contact, "Een contact lezen", query &[KNOWN_AT]),
    route!(post "/contacten/{id}/afronding" LogContact contact::conclude, "Een contact eindigt", body ContactConclusion),
    route!(put "/adviezen/{id}" LogAdvice advice::start, "Een advies start", body Advice),
    route!(get "/adviezen/{id}" ReadFile file::advice, "Een advies lezen", query &[KNOWN_AT]),
    route!(post "/adviezen/{id}/contactmomenten" LogAdvice advice::add_contact, "Een volgend contact bij een advies", body AdviceContact),
    route!(post "/adviezen/{id}/correcties" Correct advice::correct, "Een advies corrigeren", body AdviceCorrection),
    route!(post "/adviezen/{id}/afsluiting" LogAdvice advice::close, "Een advies afsluiten", body AdviceClosing),
    route!(put "/meldingen/{id}" LogMelding melding::receive, "Een melding komt binnen", body Melding),
    route!(get "/meldingen/{id}" ReadFile file::melding, "Een melding lezen", query &[KNOWN_AT]),
    route!(get "/meldingen/{id}/dubbelingen" ReadFile search::duplicates, "Meldingen die over hetzelfde voorval kunnen gaan"),
    route!(post "/meldingen/{id}/veiligheidsbeoordelingen" Assess melding::assess, "Het besluit over een melding", body Assessment),
    route!(post "/meldingen/{id}/correcties" Correct melding::correct, "Een melding corrigeren", body MeldingCorrection),
    route!(post "/meldingen/{id}/intrekking" Assess melding::withdraw, "Een melding wordt een advies", body MeldingWithdrawal),
    route!(put "/casussen/{id}" WorkOnCase case::open, "Een casus opent", body Case),
    route!(get "/casussen/{id}" ReadFile file::case, "Een casus lezen", query &[KNOWN_AT]),
    route!(get "/casussen/{id}/tijdlijn" ReadFile file::timeline, "Wat er in een casus gebeurde, op volgorde", query &[KNOWN_AT]),
    route!(post "/casussen/{id}/meldingen" WorkOnCase case::join, "Een melding hoort bij een casus", body CaseMelding),
    route!(post "/casussen/{id}/betrokkenen" WorkOnCase case::involve, "Een persoon is betrokken bij een casus", body CasePerson),
    route!(post "/casussen/{id}/relaties" WorkOnCase case::record_pair, "Een relatie in een casus", body CasePair),
    route!(post "/casussen/{id}/sluiting" WorkOnCase case::close, "Een casus sluiten", body CaseClosing),
    route!(post "/personen/_zoek" SearchPersons search::persons, "Is deze persoon al bekend?", body PersonSearch),
    route!(put "/personen/{id}" RegisterPerson person::register, "Een persoon registreren", body Person),
    route!(get "/personen/{id}" ReadFile file::person, "Een persoon lezen", query &[KNOWN_AT]),
    route!(post "/personen/{id}/identificaties" RegisterPerson person::identify, "Een persoon is geidentificeerd", body PersonIdentification),
    route!(post "/personen/{id}/correcties" Correct person::correct, "De gegevens van een persoon corrigeren", body PersonCorrection),
    route!(get "/werklijst" ReadWorklist worklist::read, "Meldingen die op hun veiligheidsbeoordeling wachten, de dringendste eerst",
        query &[("soort", "veiligheidsbeoordeling"), ("vervaltVoor", "Alleen wat voor deze datum vervalt."),
            ("aantal", "Hoeveel regels per bladzijde, 1 tot 500; 50 als het ontbreekt."), ("na", "Het kenmerk `volgende` van de vorige bladzijde.")]),
    route!(get "/trendrapporten/{jaar}" ReadReport reports::trend, "De trendrapportage van een jaar",
        query &[KNOWN_AT, ("profiel", "intern of afgerond5."), ("definitie", "Versie van de definities; nu alleen 2019.1."), FORMAT]),
    route!(get "/statistieken" ReadStatistics reports::tables, "Welke tabellen er voor gemeenten zijn"),
    route!(get "/statistieken/{tabel}" ReadStatistics reports::statistic, "Een tabel voor een gemeente",
        query &[("periode", "Jaar, half jaar of maand: 2023, 2023H1, 2023-03."), ("gebied", "Viercijferige gemeentecode."), KNOWN_AT, FORMAT]),
];

/// The whole interface.
pub fn router(app: &App) -> Router {
    let _installed = metrics();
    let mut v1 = Router::new();
    for route in ROUTES {
        let guarded = (route.handler)()
            .route_layer(from_fn_with_state((app.clone(), route.action), guard::only_for));
        v1 = v1.route(route.path, guarded);
    }
    let v1 = v1.route("/openapi.json", get(openapi));
    Router::new()
        .nest("/v1", v1)
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(show_metrics))
        .fallback(guard::not_found)
        .method_not_allowed_fallback(guard::wrong_method)
        .layer(CatchPanicLayer::custom(guard::panicked))
        .layer(from_fn_with_state(app.clone(), guard::every_request))
        .with_state(app.clone())
}

async fn openapi() -> Response {
    let open = [(HeaderName::from_static("access-control-allow-origin"), "*")];
    (open, axum::Json(crate::openapi::document())).into_response()
}

async fn live() -> &'static str {
    "levend"
}

async fn ready(State(app): State<App>) -> Response {
    match app.store.ready().await {
        Ok(()) => "gereed".into_response(),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
            let detail = "de database antwoordt niet";
            Problem::other(StatusCode::SERVICE_UNAVAILABLE, "Niet gereed", detail).into_response()
        }
    }
}

async fn show_metrics(State(app): State<App>) -> String {
    // The distance between the two says whether the read models keep up, or stand still on an event.
    for (organisation, shown) in app.store.shown_positions() {
        let name = organisation.to_string();
        metrics::gauge!("meldboek_shown_position", "organisation" => name.clone())
            .set(shown as f64);
        if let Ok((position, _)) = app.store.head_at(organisation, app.clock.now()).await {
            metrics::gauge!("meldboek_log_position", "organisation" => name).set(position as f64);
        }
    }
    metrics().render()
}
