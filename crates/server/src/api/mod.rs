//! Every route of the register, on one page. What is not in this list does not exist; router, OpenAPI and the tests of access all read it.

pub mod answer;
mod input;
mod advice;
mod case;
mod case_topics;
pub(crate) mod time_line;
mod contact;
mod file;
mod melding;
mod merge;
mod login;
mod emergency;
mod oneself;
mod person;
mod request;
mod search;
mod proof;
mod looks;
mod rights;
pub mod reports;
mod statistics;
mod worklist;

pub(crate) use request::WORDS;

use crate::app::{App, metrics};
use crate::guard;
use crate::looking::Shows;
use crate::problem::Problem;
use crate::schema::Schema;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderName, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post, put};
use domain::access::Action;
use domain::case::Case;
use domain::decider::Decider;
use domain::melding::Melding;
use domain::person::Person;
use domain::request::Request;
use tower_http::catch_panic::CatchPanicLayer;

/// One thing that can be asked.
pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    /// What it takes to be allowed.
    pub action: Action,
    /// Whether its answers show data of people, and are recorded before they leave.
    pub shows: Shows,
    /// What it does, in Dutch, for whoever reads the interface.
    pub summary: &'static str,
    pub body: Option<Schema>,
    /// Parameters in the query, with what they mean.
    pub query: &'static [(&'static str, &'static str)],
    handler: fn() -> MethodRouter<App>,
}

const KNOWN_AT: (&str, &str) =
    ("zoalsBekendOp", "Tijdstip (RFC 3339) of datum: geeft de stand zoals die toen bekend was.");
const TEAM: (&str, &str) = ("team", "Het nummer van een team.");
const MUNICIPALITY: (&str, &str) = ("gemeente", "Viercijferige gemeentecode, of onbekend.");
const NUMBER: (&str, &str) =
    ("aantal", "Hoeveel regels per bladzijde, 1 tot 500; 50 als het ontbreekt.");
const AFTER: (&str, &str) = ("na", "Het kenmerk `volgende` van de vorige bladzijde.");
const LOG: (&str, &str) = ("logboek", "register of inzage; register als het ontbreekt.");
const BOUNDARIES: (&str, &str) = (
    "grenzen",
    "datum: de gemeenten van de dag waarop het gebeurde; heden: die van nu, of van zoalsBekendOp.",
);
const FROM: (&str, &str) = ("van", "Vanaf het begin van deze dag.");
const UNTIL: (&str, &str) = ("tot", "Tot en met het eind van deze dag.");
const FORMAT: (&str, &str) =
    ("formaat", "json, csv, csv-excel, html of tekst; anders beslist Accept.");

macro_rules! route {
    ($method:ident $path:literal $action:ident $handler:expr, $summary:literal $(, body $body:ident)? $(, query $query:expr)?) => {
        Route {
            method: stringify!($method),
            path: $path,
            action: Action::$action,
            shows: Shows::by(Action::$action),
            summary: $summary,
            body: { let _none: Option<Schema> = None; $(let _none = Some(Schema::$body);)? _none },
            query: { let _none: &'static [(&str, &str)] = &[]; $(let _none = $query;)? _none },
            handler: || $method($handler),
        }
    };
}

/// A step of the process of a casus.
macro_rules! step {
    ($path:literal $read:ident $body:ident, $summary:literal) => {
        route!(post $path WorkOnCase case::step(Schema::$body, case::$read), $summary, body $body)
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
    route!(get "/meldingen/{id}/dubbelingen" SearchPersons search::duplicates, "Meldingen die over hetzelfde voorval kunnen gaan"),
    route!(post "/meldingen/{id}/veiligheidsbeoordelingen" Assess melding::assess, "Het besluit over een melding", body Assessment),
    route!(post "/meldingen/{id}/correcties" Correct melding::correct, "Een melding corrigeren", body MeldingCorrection),
    route!(post "/meldingen/{id}/toewijzingen" WorkOnCase melding::assign, "Wie een melding beoordeelt", body MeldingAssignment),
    route!(post "/meldingen/{id}/intrekking" Assess melding::withdraw, "Een melding wordt een advies", body MeldingWithdrawal),
    route!(put "/casussen/{id}" WorkOnCase case::open, "Een casus opent", body Case),
    route!(get "/casussen/{id}" ReadFile case_topics::case, "Een casus lezen", query &[KNOWN_AT]),
    route!(get "/casussen/{id}/tijdlijn" ReadFile time_line::read, "Wat er in een casus gebeurde, op volgorde", query &[KNOWN_AT]),
    route!(get "/casussen/{id}/inzagerechten" ReadLooks rights::read, "Wie een casus op een moment kon zien, en wie niet",
        query &[("op", "Tijdstip (RFC 3339), of een datum: het begin van die dag; nu als het ontbreekt.")]),
    route!(post "/casussen/{id}/meldingen" WorkOnCase case::join, "Een melding hoort bij een casus", body CaseMelding),
    route!(post "/casussen/{id}/betrokkenen" WorkOnCase case::involve, "Een persoon is betrokken bij een casus", body CasePerson),
    route!(post "/casussen/{id}/relaties" WorkOnCase case::record_pair, "Een relatie in een casus", body CasePair),
    step!("/casussen/{id}/toewijzingen" assigned Assignment, "Wie aan een casus werkt"),
    step!("/casussen/{id}/huishouden/inwoning" moved_in MovedIn, "Een betrokkene woont in een huishouden"),
    step!("/casussen/{id}/huishouden/vertrek" moved_out MovedOut, "Een betrokkene woont niet meer in een huishouden"),
    step!("/casussen/{id}/onderzoeken" investigation_decided InvestigationDecided, "Een onderzoek wordt ingesteld"),
    step!("/casussen/{id}/onderzoeken/begin" investigation_begun InvestigationBegun, "Een onderzoek begint feitelijk"),
    step!("/casussen/{id}/onderzoeken/oordeel" investigation_concluded InvestigationConcluded, "Het oordeel van een onderzoek, per vorm"),
    step!("/casussen/{id}/onderzoeken/beeindiging" investigation_ended InvestigationEnded, "Een onderzoek eindigt voortijdig"),
    step!("/casussen/{id}/voorwaarden" conditions_decided ConditionsDecided, "De dienst voorwaarden en vervolg wordt ingezet"),
    step!("/casussen/{id}/voorwaarden/begin" conditions_begun ConditionsBegun, "De dienst voorwaarden en vervolg begint feitelijk"),
    step!("/casussen/{id}/voorwaarden/afspraken" condition_agreed ConditionAgreed, "Een veiligheidsvoorwaarde is afgesproken"),
    step!("/casussen/{id}/voorwaarden/toetsingen" condition_reviewed ConditionReviewed, "Een veiligheidsvoorwaarde is getoetst"),
    step!("/casussen/{id}/voorwaarden/afronding" conditions_concluded ConditionsConcluded, "De dienst voorwaarden en vervolg is afgerond"),
    step!("/casussen/{id}/overdrachten" handover_sent HandoverSent, "Een overdracht is verzonden"),
    step!("/casussen/{id}/overdrachten/aanvaarding" handover_accepted HandoverAccepted, "Een overdracht is aanvaard"),
    step!("/casussen/{id}/overdrachten/begin" handover_started HandoverStarted, "De hulp na een overdracht is begonnen"),
    step!("/casussen/{id}/overdrachten/teruggave" handover_returned HandoverReturned, "Een overdracht is teruggegeven"),
    step!("/casussen/{id}/maatregelen" measure_imposed MeasureImposed, "Een maatregel is opgelegd"),
    step!("/casussen/{id}/maatregelen/overwegingen" measure_considered MeasureConsidered, "Een maatregel is overwogen en niet opgelegd"),
    step!("/casussen/{id}/maatregelen/verlenging" measure_extended MeasureExtended, "Een maatregel is verlengd"),
    step!("/casussen/{id}/maatregelen/beeindiging" measure_ended MeasureEnded, "Een maatregel is beeindigd"),
    step!("/casussen/{id}/multidisciplinair" multidisciplinary_put_in MultidisciplinaryPutIn, "Een casus is in de multidisciplinaire aanpak ingebracht"),
    step!("/casussen/{id}/multidisciplinair/antwoorden" multidisciplinary_answered MultidisciplinaryAnswered, "Een partner doet mee of niet"),
    step!("/casussen/{id}/multidisciplinair/beeindiging" multidisciplinary_ended MultidisciplinaryEnded, "De multidisciplinaire aanpak is beeindigd"),
    step!("/casussen/{id}/knooppunt" junction_consulted JunctionConsulted, "Het knooppunt is geraadpleegd"),
    step!("/casussen/{id}/knooppunt/antwoord" junction_answered JunctionAnswered, "Het knooppunt heeft geantwoord"),
    step!("/casussen/{id}/knooppunt/afronding" junction_concluded JunctionConcluded, "Hoe het overleg met het knooppunt afliep"),
    step!("/casussen/{id}/informeren" person_informed PersonInformed, "Een betrokkene is geinformeerd"),
    step!("/casussen/{id}/informeren/uitstel" informing_postponed InformingPostponed, "Het informeren is twee weken uitgesteld"),
    step!("/casussen/{id}/informeren/vrijstelling" informing_exempted InformingExempted, "Een betrokkene wordt niet zelf geinformeerd"),
    step!("/casussen/{id}/kennisgevingen" other_informed OtherInformed, "Een ander is geinformeerd, zoals de melder"),
    step!("/casussen/{id}/monitoring" monitoring_started MonitoringStarted, "De monitoring begint"),
    step!("/casussen/{id}/monitoring/momenten" monitoring_planned MonitoringPlanned, "Een monitoringsmoment is gepland"),
    step!("/casussen/{id}/monitoring/bevindingen" monitoring_held MonitoringHeld, "Wat een monitoringsmoment liet zien"),
    step!("/casussen/{id}/monitoring/annulering" monitoring_cancelled MonitoringCancelled, "Een monitoringsmoment gaat niet door"),
    step!("/casussen/{id}/monitoring/beeindiging" monitoring_ended MonitoringEnded, "De monitoring eindigt"),
    step!("/casussen/{id}/opschortingen" suspended Suspended, "De termijnen staan stil"),
    step!("/casussen/{id}/opschortingen/hervatting" resumed Resumed, "De termijnen lopen weer"),
    step!("/casussen/{id}/regio-overdrachten" transfer_offered TransferOffered, "Een casus is een andere regio aangeboden"),
    step!("/casussen/{id}/regio-overdrachten/antwoord" transfer_answered TransferAnswered, "De andere regio neemt over of niet"),
    step!("/casussen/{id}/regio-overdrachten/overname" taken_over TakenOver, "Een casus is van een andere regio overgenomen"),
    step!("/casussen/{id}/voorvallen" incident_recorded IncidentRecorded, "Een calamiteit, geweld of klacht"),
    step!("/casussen/{id}/voorvallen/toezichtmelding" incident_reported IncidentReported, "Een voorval is aan de toezichthouder gemeld"),
    step!("/casussen/{id}/voorvallen/afhandeling" incident_settled IncidentSettled, "Een voorval is afgehandeld"),
    route!(post "/casussen/{id}/afscherming" RestrictCase case::step(Schema::RestrictionPlaced, case::restricted), "Een casus is niet voor iedereen", body RestrictionPlaced),
    route!(post "/casussen/{id}/afscherming/opheffing" RestrictCase case::step(Schema::RestrictionLifted, case::unrestricted), "Een casus is weer voor iedereen die casussen mag lezen", body RestrictionLifted),
    route!(put "/noodtoegang/{id}" BreakGlass emergency::open, "Een dossier wordt in nood geopend: voor even, met een reden, en het wordt beoordeeld", body EmergencyOpened),
    route!(get "/noodtoegang/{id}" ReadLooks emergency::read, "Een noodtoegang, met waarom en met wat ermee is bekeken"),
    route!(post "/noodtoegang/{id}/beeindiging" BreakGlass emergency::end, "Een noodtoegang is niet langer nodig", body EmergencyEnded),
    route!(post "/noodtoegang/{id}/beoordeling" ReviewEmergency emergency::review, "Het oordeel over een noodtoegang", body EmergencyReviewed),
    route!(get "/noodtoegang" ReadLooks emergency::list, "Welke dossiers in nood zijn geopend, de laatste eerst",
        query &[("beoordeeld", "ja of nee; allebei als het ontbreekt."), ("medewerker", "Het nummer van een medewerker."), FROM, UNTIL]),
    route!(post "/casussen/{id}/bewaring" HoldCase case::step(Schema::HoldPlaced, case::held), "Een casus moet bewaard blijven: niets erin wordt vernietigd", body HoldPlaced),
    route!(post "/casussen/{id}/bewaring/opheffing" HoldCase case::step(Schema::HoldLifted, case::released), "Een casus hoeft om een reden niet langer bewaard te blijven", body HoldLifted),
    step!("/casussen/{id}/onderzoeksgebruik" used_for_research ResearchUsed, "Gegevens zijn voor onderzoek of statistiek gebruikt: de aantekening in het dossier"),
    step!("/casussen/{id}/onderzoeksgebruik/bezwaar" research_objected ResearchObjected, "Een betrokkene maakt bezwaar tegen gebruik voor onderzoek"),
    route!(post "/casussen/{id}/sluiting" WorkOnCase case::close, "Een casus sluiten", body CaseClosing),
    route!(post "/personen/_zoek" SearchPersons search::persons, "Is deze persoon al bekend?", body PersonSearch),
    route!(put "/personen/{id}" RegisterPerson person::register, "Een persoon registreren", body Person),
    route!(get "/personen/{id}" ReadFile file::person, "Een persoon lezen", query &[KNOWN_AT]),
    route!(post "/personen/{id}/identificaties" RegisterPerson person::identify, "Een persoon is geidentificeerd", body PersonIdentification),
    route!(post "/personen/{id}/correcties" Correct person::correct, "De gegevens van een persoon corrigeren", body PersonCorrection),
    route!(post "/personen/{id}/samenvoegingen" MergePersons merge::merge, "Twee personen blijken een mens te zijn", body PersonMerge),
    route!(post "/personen/{id}/ontkoppelingen" MergePersons merge::unmerge, "Twee samengevoegde personen blijken er toch twee te zijn", body PersonUnmerge),
    route!(post "/personen/{id}/adresafscherming" RegisterPerson person::hide_address, "Waar een persoon is, is alleen voor wie met hem werkt", body AddressHidden),
    route!(post "/personen/{id}/adresafscherming/opheffing" RestrictCase person::show_address, "Waar een persoon is, hoeft niet meer te worden afgeschermd", body AddressShown),
    route!(post "/personen/{id}/geboorte" RegisterPerson person::birth, "Een ongeboren kind is geboren", body PersonBirth),
    route!(get "/personen/{id}/inzagen" ReadLooks looks::of_person, "Wie naar de gegevens van een persoon keek, in gewone taal",
        query &[FROM, UNTIL, ("formaat", "json, html of tekst; anders beslist Accept.")]),
    route!(get "/inzagen" ReadLooks looks::list, "Wie keek, naar wie en waarom: per medewerker, persoon en periode",
        query &[("medewerker", "Het nummer van een medewerker."), ("persoon", "Het nummer van een persoon."), FROM, UNTIL, NUMBER, AFTER]),
    route!(get "/inzagen/opvallend" ReadLooks looks::unusual, "Wat opvalt aan wie keek; een reden om te vragen, geen oordeel", query &[FROM, UNTIL]),
    route!(put "/verzoeken/{id}" AnswerRequests request::receive, "Iemand vraagt om inzage, correctie, een eigen verklaring of vernietiging", body Request),
    route!(get "/verzoeken/{id}" ReadRequest request::read, "Een verzoek lezen", query &[KNOWN_AT]),
    route!(post "/verzoeken/{id}/verlenging" AnswerRequests request::extend, "De termijn van een verzoek wordt verlengd", body RequestExtended),
    route!(post "/verzoeken/{id}/besluit" AnswerRequests request::decide, "Het besluit op een verzoek", body RequestDecided),
    route!(post "/verzoeken/{id}/bekendmaking" AnswerRequests request::tell, "Het besluit op een verzoek is bekendgemaakt", body RequestTold),
    route!(post "/verzoeken/{id}/uitvoering" AnswerRequests request::execute, "Wat op een verzoek is toegewezen, is gedaan", body RequestExecuted),
    route!(post "/verzoeken/{id}/kopie" AnswerRequests request::draft_copy, "Voor een inzagekopie wordt opgesteld wat wordt getoond en afgeschermd", body CopyDrafted),
    route!(get "/verzoeken/{id}/kopie" ReadRequest request::read_copy, "De vastgestelde inzagekopie, zoals zij is gegeven", query &[("formaat", "json, html of tekst; json als het ontbreekt.")]),
    route!(get "/verzoeken/{id}/kopie/afweging" ReadRequest request::read_items, "Elk onderdeel met wat het zegt en of het wordt getoond: voor wie het beoordeelt"),
    route!(post "/verzoeken/{id}/kopie/afweging" AnswerRequests request::weigh_items, "Onderdelen worden getoond of afgeschermd, elk met een reden", body CopyWeighed),
    route!(post "/verzoeken/{id}/kopie/vaststelling" AnswerRequests request::fix_copy, "De afscherming is vastgesteld", body CopyFixed),
    route!(post "/verzoeken/{id}/intrekking" AnswerRequests request::withdraw, "Een verzoek gaat niet door", body RequestWithdrawn),
    route!(get "/ik" KnowOneself oneself::read, "Voor wie het register u houdt"),
    route!(get "/werklijst" ReadWorklist worklist::read, "Alles wat een termijn heeft, het dringendste eerst, met het juiste aantal",
        query &[("soort", "Een of meer termijnen, met komma's ertussen: codes uit codelists/termijn.json."),
            ("behandelaar", "Het nummer van een medewerker, of mij."), TEAM, MUNICIPALITY,
            ("vervaltVoor", "Alleen wat voor deze datum vervalt."), NUMBER, AFTER]),
    route!(get "/wachtlijst" ReadWorklist worklist::waiting, "Onderzoeken en diensten die formeel zijn begonnen en nog niet feitelijk",
        query &[("behandelaar", "Het nummer van een medewerker, of mij."), TEAM, MUNICIPALITY, NUMBER, AFTER]),
    route!(get "/trendrapporten/{jaar}" ReadReport reports::trend, "De trendrapportage van een jaar",
        query &[KNOWN_AT, ("profiel", "intern of afgerond5."), ("definitie", "Versie van de definities; nu alleen 2019.1."), BOUNDARIES, FORMAT]),
    route!(get "/statistieken" ReadStatistics statistics::tables, "Welke tabellen er voor gemeenten zijn"),
    route!(get "/statistieken/{tabel}" ReadStatistics statistics::table, "Een tabel voor een gemeente, centrumgebied of regio",
        query &[("periode", "Jaar, half jaar of maand: 2023, 2023H1, 2023-03."), ("gebied", "Viercijferige gemeentecode. Of centrum, of regio."),
            ("centrum", "Viercijferige code van een centrumgemeente: alle gemeenten die bij haar horen, voor zover bekend."),
            ("regio", "Code van een regio van Veilig Thuis: VT02."), BOUNDARIES, KNOWN_AT, FORMAT]),
    route!(get "/standen" ReadProof proof::heads, "De ondertekende standen van een logboek, de nieuwste eerst",
        query &[LOG, ("onder", "Alleen standen onder deze grootte: het kenmerk `volgende` van de vorige bladzijde."), NUMBER]),
    route!(get "/bewijzen/{positie}" ReadProof proof::inclusion, "Het bewijs dat wat op een positie is vastgelegd in het logboek staat",
        query &[LOG, ("keten", "De keten van uw ontvangstbewijs: 64 hexadecimale cijfers.")]),
];

impl Route {
    /// Of which stream the file is that its path names, where it is one that may be restricted.
    pub(crate) fn about(&self) -> Option<&'static str> {
        let (noun, below) = self.path.strip_prefix('/')?.split_once('/')?;
        let named = below.starts_with("{id}");
        match noun {
            "casussen" => named.then_some(Case::STREAM),
            "meldingen" => named.then_some(Melding::STREAM),
            "personen" => named.then_some(Person::STREAM),
            "verzoeken" => named.then_some(Request::STREAM),
            _ => None,
        }
    }
}

/// The whole interface.
pub fn router(app: &App) -> Router {
    let _installed = metrics();
    let mut v1 = Router::new();
    for route in ROUTES {
        let guarded = (route.handler)()
            .route_layer(from_fn_with_state((app.clone(), route), guard::only_for));
        v1 = v1.route(route.path, guarded);
    }
    let v1 = v1.route("/openapi.json", get(openapi));
    Router::new()
        .nest("/v1", v1)
        .route("/aanmelden", get(login::begin))
        .route("/aanmelden/terug", get(login::end))
        .route("/afmelden", post(login::leave))
        .route("/health/live", get(live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(show_metrics))
        .route("/.well-known/security.txt", get(security_txt))
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

async fn security_txt(State(app): State<App>) -> Response {
    match app.security.at(app.clock.now()) {
        Some(text) => answer::text("text/plain; charset=utf-8", text.to_owned()),
        None => guard::not_found().await.into_response(),
    }
}

async fn show_metrics(State(app): State<App>) -> String {
    // The distance between the two says whether the read models keep up, or stand still on an event.
    for (log, shown) in app.store.shown_positions() {
        let name = log.to_string();
        metrics::gauge!("meldboek_shown_position", "organisation" => name.clone())
            .set(shown as f64);
        if let Ok((position, _)) = app.store.head_at(log, app.clock.now()).await {
            metrics::gauge!("meldboek_log_position", "organisation" => name).set(position as f64);
        }
    }
    metrics().render()
}
