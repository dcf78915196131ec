//! Every look at personal data is recorded before the data leave; when that fails, they do not leave. A handler says in its answer what it
//! shows (`Seen`); an answer of a route about people that does not say so is not sent. Whoever was not let in is recorded as well, and so is
//! whoever asked for what is not there: that takes as long, so that nobody can tell the one from the other.

mod origin;

pub use origin::{NoOrigin, Origin};

use crate::api::Route;
use crate::app::App;
use crate::clock::random_id;
use crate::problem::Problem;
use crate::trace::Traced;
use crate::worker::Worker;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use domain::access::{Action, Grant, Ground, Purpose};
use domain::codes::Code;
use domain::decider::Decider;
use domain::id::Id;
use domain::look::patterns::Bounds;
use domain::look::{self, Look, Looked, Outcome, Trace};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU8;
use uuid::Uuid;

/// How many minutes an emergency lasts at most when nobody chose: ours, for no norm was found.
pub const LONGEST_EMERGENCY: NonZeroU8 = NonZeroU8::new(60).unwrap();

/// Whether a route shows data of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Every answer does: each is recorded.
    People,
    /// It records something; only its refusal may show what is there already.
    Changes,
    Nobody,
}

impl Shows {
    pub(crate) const fn by(action: Action) -> Self {
        match action {
            Action::ReadFile
            | Action::SearchPersons
            | Action::ReadRequest
            | Action::ReadWorklist
            | Action::ReadLooks => Self::People,
            Action::ReadReport
            | Action::ReadStatistics
            | Action::ReadProof
            | Action::KnowOneself => Self::Nobody,
            Action::LogContact
            | Action::LogAdvice
            | Action::LogMelding
            | Action::Correct
            | Action::Assess
            | Action::WorkOnCase
            | Action::RestrictCase
            | Action::BreakGlass
            | Action::ReviewEmergency
            | Action::HoldCase
            | Action::RegisterPerson
            | Action::MergePersons
            | Action::AnswerRequests => Self::Changes,
        }
    }
}

/// What an answer shows; it goes with the answer, as an extension, as far as the guard.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// The number of the look.
    pub(crate) look: Uuid,
    /// Of the code list `inzage-in`, and which of them.
    pub(crate) of: &'static str,
    pub(crate) id: Option<Uuid>,
    /// Whose data are in it.
    pub(crate) persons: BTreeSet<Uuid>,
    /// Of a list: the files that it names.
    pub(crate) files: Vec<Uuid>,
    /// Of a search: by which kinds of input.
    pub(crate) fields: Vec<Code>,
    pub(crate) known_at: Option<DateTime<Utc>>,
}

impl Seen {
    pub(crate) fn of(
        of: &'static str,
        id: Option<Uuid>,
        persons: impl IntoIterator<Item = Uuid>,
    ) -> Self {
        let (persons, files, fields) = (persons.into_iter().collect(), vec![], vec![]);
        Self { look: random_id(), of, id, persons, files, fields, known_at: None }
    }
}

/// How looks are recorded here.
#[derive(Clone, Debug)]
pub struct Looking {
    pub origin: Origin,
    /// The processing activity (AVG art. 30) of each kind of act; of one that is not named, a name of our own.
    pub processing: BTreeMap<String, String>,
    /// What stands out.
    pub bounds: Bounds,
    /// Which persons of the register a worker is himself.
    pub own: BTreeMap<Uuid, Vec<Uuid>>,
    /// How many minutes a file stays open in an emergency, at most.
    pub longest_emergency: NonZeroU8,
}

impl Default for Looking {
    fn default() -> Self {
        Self {
            origin: Origin::default(),
            processing: BTreeMap::new(),
            bounds: Bounds::default(),
            own: BTreeMap::new(),
            longest_emergency: LONGEST_EMERGENCY,
        }
    }
}

/// Who asks, for what, from where: what goes with each look besides what is shown.
pub(crate) struct Looker {
    worker: Worker,
    route: &'static Route,
    id: Option<Uuid>,
    /// For what and because of what; of whoever is not let in only what he said.
    purpose: Option<Purpose>,
    ground: Option<Ground>,
    origin: Option<String>,
    trace: Trace,
}

impl Looker {
    pub(crate) fn of(
        app: &App,
        worker: &Worker,
        route: &'static Route,
        request: &Request,
        (grant, asked): (Option<Grant>, Option<Purpose>),
    ) -> Self {
        let traced = request.extensions().get::<Traced>().cloned();
        let traced = traced.unwrap_or_else(|| Traced::of(&HeaderMap::new()));
        let id = id_in(route.path, request.uri().path());
        let origin = app.looking.origin.of(request);
        let (purpose, ground) = (grant.map(|it| it.purpose).or(asked), grant.map(|it| it.ground));
        let (worker, trace) = (worker.clone(), traced.trace);
        Self { worker, route, id, purpose, ground, origin, trace }
    }

    /// Records what the answer shows, and gives the answer only then.
    pub(crate) async fn shown(&self, app: &App, mut response: Response) -> Response {
        let seen = response.extensions_mut().remove::<Seen>();
        match Then::after(self.route.shows, seen, response.status()) {
            Then::Record(seen) => self.after(app, seen, Outcome::Shown, response).await,
            Then::RecordAbsence => {
                let away = self.worker.doing.was_turned_away();
                let outcome = if away { Outcome::Denied } else { Outcome::Absent };
                self.after(app, self.asked_for(), outcome, response).await
            }
            Then::Withhold => forgotten(self.route),
            Then::Send => response,
        }
    }

    /// Records that somebody was not let in.
    pub(crate) async fn denied(&self, app: &App, refusal: Response) -> Response {
        match self.route.shows {
            Shows::Nobody => refusal,
            Shows::People | Shows::Changes => {
                self.after(app, self.asked_for(), Outcome::Denied, refusal).await
            }
        }
    }

    fn asked_for(&self) -> Seen {
        let of = resource(self.route.path);
        let person = self.id.filter(|_| of == "persoon");
        Seen::of(of, self.id, person)
    }

    /// An answer, after the look was recorded; or that it could not be.
    async fn after(&self, app: &App, seen: Seen, outcome: Outcome, answer: Response) -> Response {
        let stamp = self.worker.stamp(Uuid::new_v5(&seen.look, Look::STREAM.as_bytes()));
        let id = Id::<Look>::new(seen.look);
        let command = look::Command::Record(Box::new(self.looked(app, seen, outcome)));
        match app.store.execute(id, command, vec![], &stamp, None).await {
            Ok(_) => answer,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "a look could not be recorded; nothing was shown");
                let detail = "de raadpleging kon niet worden vastgelegd, en daarom wordt niets getoond; probeer het over een paar tellen opnieuw";
                let status = StatusCode::SERVICE_UNAVAILABLE;
                Problem::other(status, "Even niet mogelijk", detail).into_response()
            }
        }
    }

    fn looked(&self, app: &App, seen: Seen, outcome: Outcome) -> Looked {
        let act = look::act(self.route.action);
        let own = || format!("verwerkingen/{act}");
        let processing = app.looking.processing.get(act.as_str()).cloned().unwrap_or_else(own);
        Looked {
            of: Code::of(seen.of),
            id: seen.id,
            persons: seen.persons.into_iter().collect(),
            files: seen.files,
            fields: seen.fields,
            roles: self.worker.asker.roles.iter().map(|it| Code::of(it.name())).collect(),
            purpose: self.purpose.map(Purpose::code),
            // What was found on the way may be stronger than the role.
            ground: self.ground.map(|it| Code::of(it.max(self.worker.doing.ground()).name())),
            outcome,
            known_at: seen.known_at,
            origin: self.origin.clone(),
            trace: self.trace.clone(),
            processing,
            act,
        }
    }
}

/// What is done with an answer.
#[derive(Debug)]
enum Then {
    Record(Seen),
    RecordAbsence,
    /// It may show anything.
    Withhold,
    Send,
}

impl Then {
    fn after(shows: Shows, seen: Option<Seen>, status: StatusCode) -> Self {
        match (shows, seen) {
            (_, Some(seen)) => Self::Record(seen),
            (Shows::People | Shows::Changes, None) if status == StatusCode::NOT_FOUND => {
                Self::RecordAbsence
            }
            (Shows::People, None) if !(status.is_client_error() || status.is_server_error()) => {
                Self::Withhold
            }
            (Shows::People | Shows::Changes | Shows::Nobody, None) => Self::Send,
        }
    }
}

/// A handler that does not say what it shows: a fault of ours, and nothing is sent.
fn forgotten(route: &Route) -> Response {
    tracing::error!(http.route = route.path, "an answer does not say what it shows");
    let detail = "de fout is vastgelegd";
    Problem::other(StatusCode::INTERNAL_SERVER_ERROR, "Er ging iets mis", detail).into_response()
}

/// The id in a path, where its template has one; what stands before the template does not count.
fn id_in(template: &str, path: &str) -> Option<Uuid> {
    let parts = template.rsplit('/').zip(path.rsplit('/'));
    parts.filter(|(name, _)| *name == "{id}").find_map(|(_, id)| id.parse().ok())
}

/// What a file is, as the code list `inzage-in` names it.
pub(crate) fn of_stream<D: Decider>() -> &'static str {
    match D::STREAM {
        "advice" => "advies",
        "case" => "casus",
        "person" => "persoon",
        "request" => "verzoek",
        "emergency" => "noodtoegang",
        other => other,
    }
}

/// What a route is about, as the code list `inzage-in` names it.
fn resource(path: &'static str) -> &'static str {
    let mut parts = path.split('/').skip(1);
    match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
        ("contacten", ..) => "contact",
        ("adviezen", ..) => "advies",
        ("meldingen", _, Some("dubbelingen")) => "dubbelingen",
        ("meldingen", ..) => "melding",
        ("casussen", _, Some("tijdlijn")) => "tijdlijn",
        ("casussen", ..) => "casus",
        ("personen", Some("_zoek"), _) => "personen",
        ("personen", _, Some("inzagen")) => "inzagen",
        ("personen", ..) => "persoon",
        ("verzoeken", ..) => "verzoek",
        (other, ..) => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::codes::{List, check};

    #[test]
    fn what_a_route_shows_stands_in_the_code_lists() {
        let today = "2026-06-30".parse().unwrap();
        for route in crate::api::ROUTES.iter().filter(|it| it.shows != Shows::Nobody) {
            assert_eq!(
                check(List::LookedIn, resource(route.path), today),
                Ok(()),
                "{}",
                route.path
            );
            let act = look::act(route.action);
            assert_eq!(check(List::Act, act.as_str(), today), Ok(()), "{}", route.path);
        }
    }

    #[test]
    fn an_answer_about_people_that_does_not_say_whom_it_shows_is_withheld() {
        let then = |shows, seen, status| Then::after(shows, seen, status);
        for status in [StatusCode::OK, StatusCode::NO_CONTENT, StatusCode::SEE_OTHER] {
            assert!(matches!(then(Shows::People, None, status), Then::Withhold), "{status}");
            assert!(matches!(then(Shows::Changes, None, status), Then::Send), "{status}");
        }
        assert!(matches!(then(Shows::People, None, StatusCode::BAD_REQUEST), Then::Send));
        for shows in [Shows::People, Shows::Changes] {
            let absent = then(shows, None, StatusCode::NOT_FOUND);
            assert!(matches!(absent, Then::RecordAbsence), "{shows:?}");
            let seen = Some(Seen::of("casus", None, []));
            assert!(matches!(then(shows, seen, StatusCode::CONFLICT), Then::Record(_)));
        }
        assert!(matches!(then(Shows::Nobody, None, StatusCode::OK), Then::Send));
    }

    #[test]
    fn the_id_of_what_is_asked_is_found_below_any_prefix() {
        let id = Uuid::from_u128(7);
        let path = format!("/v1/casussen/{id}/tijdlijn");
        assert_eq!(id_in("/casussen/{id}/tijdlijn", &path), Some(id));
        assert_eq!(id_in("/werklijst", "/v1/werklijst"), None);
        assert_eq!(id_in("/personen/{id}", "/personen/iemand"), None);
    }
}
