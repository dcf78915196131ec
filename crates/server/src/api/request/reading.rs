//! A request as it is read, and what a casus shows of the requests about it: also the own words that belong in its file.

use super::super::file::{answer, details, everybody, fold, open, texts};
use super::super::input::{Asked, Asking};
use crate::app::App;
use crate::looking::Seen;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::Response;
use domain::case::Case;
use domain::deadline::Deadline;
use domain::id::{Id, Organisation};
use domain::particulars::requester_subject;
use domain::request::copy::{Copy, Mark};
use domain::request::{Content, Decision, Request, Texts};
use serde_json::{Value, json};
use uuid::Uuid;

/// The own words of who asks.
pub(crate) const WORDS: &str = "words";
/// Who asks for another.
pub(super) const REQUESTER: &str = "requester";

/// `GET /v1/verzoeken/{id}`
pub(in crate::api) async fn read(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
) -> Result<Response, Problem> {
    let file = open::<Request>(&app, &asked, &asking).await?;
    let it: Request = fold(&file.events);
    let mut body = it.content.as_ref().map_or_else(|| json!({}), content);
    let person = it.content.as_ref().map_or(asked.id, |it| it.person);
    let term = it.deadline();
    let own = |part: &str| {
        let own = file.particulars.iter().filter(|it| it.part == part);
        own.filter_map(|it| it.content.readable().cloned()).next_back()
    };
    let more = json!({
        "vervaltOp": it.due_on(), "binnenTermijn": term.as_ref().and_then(Deadline::within), "verlengdOp": it.extended_on,
        "besluit": it.decision.as_ref().map(decision), "bekendgemaaktOp": it.told_on, "uitgevoerdOp": it.executed_on,
        "ingetrokkenOp": it.withdrawn_on, "tekst": own(WORDS),
        "gegevensVerzoeker": details(&file.particulars, requester_subject(asked.id), REQUESTER),
        "toelichtingen": texts(&file.particulars, person),
        "kopie": it.copy.as_ref().map(copy),
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let seen = Seen::of("verzoek", Some(asked.id), everybody(&file));
    Ok(answer(seen, &file, body))
}

fn content(it: &Content) -> Value {
    let bar = it.asker.may_ask(it.kind).err();
    json!({
        "soort": it.kind, "persoon": it.person, "casus": it.case, "verzoeker": it.asker.by,
        "leeftijdsgroep": it.asker.age, "kanBelangenAfwegen": it.asker.able, "vaststellingIdentiteit": it.identity,
        "ontvangenOp": it.on, "schriftelijk": it.in_writing,
        "bevoegd": bar.is_none(), "nietBevoegdOmdat": bar.map(|it| it.to_string()),
    })
}

/// How far a copy is, and up to where in the log it goes.
fn copy(it: &Copy) -> Value {
    let count = |mark| it.draft.items.iter().filter(|it| it.mark == mark).count();
    json!({
        "casus": it.draft.case, "opgesteldOp": it.draft.on, "vastgesteldOp": it.fixed_on,
        "positie": it.draft.position, "keten": it.draft.chain, "getoond": count(Mark::Shown),
        "afgeschermd": count(Mark::Masked), "teBeoordelen": count(Mark::Undecided),
    })
}

fn decision(it: &Decision) -> Value {
    let texts = |it: &Texts| json!({ "dossier": it.file, "vernietigen": it.destroyed });
    json!({
        "op": it.on, "uitkomst": it.outcome, "gronden": it.grounds, "vaststellingIdentiteit": it.identity,
        "teksten": it.texts.iter().map(texts).collect::<Vec<_>>(),
    })
}

/// The requests about a casus, with the words that stay in its file.
pub(in crate::api) async fn in_case(app: &App, asked: &Asked, it: &Case) -> Result<Value, Problem> {
    let mut all = Vec::new();
    for (id, request) in &it.requests.0 {
        let words = if request.keeps_words() {
            words_of(app, asked.worker.organisation(), *id).await?
        } else {
            None
        };
        let outcome = request.outcome.as_ref();
        all.push(json!({
            "verzoek": id, "persoon": request.person, "soort": request.kind, "op": request.on,
            "besluitOp": outcome.map(|(on, _)| on), "uitkomst": outcome.map(|(_, outcome)| outcome),
            "uitgevoerdOp": request.executed_on, "ingetrokkenOp": request.withdrawn_on, "tekst": words,
        }));
    }
    Ok(Value::Array(all))
}

/// The own words of who asked, as long as his key is there.
async fn words_of(
    app: &App,
    organisation: Organisation,
    request: Uuid,
) -> Result<Option<Value>, Problem> {
    let file = app.store.open_file(organisation, Id::<Request>::new(request), None).await?;
    let told = file.into_iter().flat_map(|it| it.particulars);
    Ok(told.filter(|it| it.part == WORDS).find_map(|it| it.content.readable().cloned()))
}
