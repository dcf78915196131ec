//! What a granted request for destruction leads to: the erasure of the person, under every record by which he is known, ordered together with the
//! decision; and of the free texts about a household, where the decision says so or where nobody else is in the file. Others in the same
//! files stay readable. What stands in a casus that must be kept is not destroyed: that is said before the decision is recorded. Asked again, nothing is ordered twice: whoever was cut off between the two sends his decision again.
//!
//! Law: [`domain::law::DESTRUCTION`].

use super::super::input::Asked;
use crate::app::App;
use crate::problem::{InputFault, Problem};
use axum::http::StatusCode;
use domain::case::Case;
use domain::erasure::{Erasure, Ground, Refusal};
use domain::id::{Id, Organisation};
use domain::melding::Melding;
use domain::person::Person;
use domain::request::{Content, Decision, Kind, Request};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use uuid::Uuid;

/// It says that there is something that is not for whoever decides. Destroying it unseen would be worse.
const NOT_ALL_SEEN: &str = "niet alles wat over deze persoon is vastgelegd, is voor u; laat dit besluit nemen door wie alles mag zien, \
    zoals de functionaris gegevensbescherming";

/// The erasure of a request.
fn erasure(request: Uuid) -> Id<Erasure> {
    Id::new(Uuid::new_v5(&request, b"vernietiging"))
}

/// Before anything is recorded: the free texts that are named are of files in which the person occurs, whoever decides sees every record by which he is
/// known, and nothing of what is to be destroyed stands in a casus that must be kept. Whoever decides hears it then, and decides otherwise.
pub(super) async fn may_be(app: &App, asked: &Asked, it: &Decision) -> Result<(), Problem> {
    let organisation = asked.worker.organisation();
    let content = app.store.known::<Request>(organisation, asked.id).await?.state.content;
    let Some(content) = content else { return Ok(()) };
    let records = records_of(app, organisation, content.person).await?;
    texts_are_of(app, asked, &content, &records, it).await?;
    let Some(subjects) = to_be_ordered(app, asked, &content, it).await? else { return Ok(()) };
    let records: Vec<Uuid> = records.into_iter().collect();
    if !app.hidden::<Person>(&asked.worker, &records).await?.is_empty() {
        return Err(Problem::other(StatusCode::CONFLICT, "Dit kan nu niet", NOT_ALL_SEEN));
    }
    let today = asked.worker.stamp(asked.id).today;
    let held = app.store.held(organisation, &subjects, today).await?;
    if held.is_empty() { Ok(()) } else { Err(Problem::from_refusal(&Refusal::Held(held))) }
}

/// A number that is mistyped must not destroy the texts of another family.
async fn texts_are_of(
    app: &App,
    asked: &Asked,
    content: &Content,
    records: &BTreeSet<Uuid>,
    it: &Decision,
) -> Result<(), Problem> {
    if it.texts.is_empty() {
        return Ok(());
    }
    let files = files(app, asked.worker.organisation(), content, records).await?;
    let mut faults = Vec::new();
    for (nth, text) in it.texts.iter().enumerate() {
        let file = app.in_sight_of_any_kind(&asked.worker, text.file).await?;
        if !files.contains_key(&file) {
            let detail = "deze persoon komt in dit dossier niet voor".to_owned();
            faults.push(InputFault { pointer: format!("/teksten/{nth}/dossier"), detail });
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Problem::Invalid(faults)) }
}

/// Orders what was granted, when it is destruction and was not ordered before.
pub(super) async fn order(app: &App, asked: &Asked) -> Result<(), Problem> {
    let organisation = asked.worker.organisation();
    let it = app.store.known::<Request>(organisation, asked.id).await?.state;
    let (Some(content), Some(decision)) = (it.content, it.decision) else { return Ok(()) };
    let subjects = to_be_ordered(app, asked, &content, &decision).await?;
    let Some(subjects) = subjects else { return Ok(()) };
    let ground = Ground::Request { request: asked.id };
    let id = erasure(asked.id);
    let stamp = asked.worker.stamp(Uuid::new_v5(&id.0, b"opdracht"));
    let receipt = app.store.order_erasure(id, subjects, ground, &stamp).await?;
    app.store.shown(&receipt).await;
    Ok(())
}

/// Whose keys a decision destroys; nobody's when it is not about destruction, refuses it, or it was ordered before.
async fn to_be_ordered(
    app: &App,
    asked: &Asked,
    content: &Content,
    decision: &Decision,
) -> Result<Option<Vec<Uuid>>, Problem> {
    let organisation = asked.worker.organisation();
    let before = app.store.known::<Erasure>(organisation, erasure(asked.id).0).await?;
    if content.kind != Kind::Destruction || !decision.grants() || before.version > 0 {
        return Ok(None);
    }
    let subjects = subjects(app, organisation, content, decision).await?;
    Ok(Some(subjects.into_iter().collect()))
}

/// A destruction is done when nothing is left.
pub(super) async fn is_done(app: &App, asked: &Asked) -> Result<(), Problem> {
    let organisation = asked.worker.organisation();
    let it = app.store.known::<Request>(organisation, asked.id).await?.state;
    let destroys = it.content.is_some_and(|it| it.kind == Kind::Destruction);
    let granted = it.decision.is_some_and(|it| it.grants());
    let erasure = app.store.known::<Erasure>(organisation, erasure(asked.id).0).await?.state;
    if destroys && granted && erasure != Erasure::Completed {
        let detail =
            "de vernietiging is nog niet voltooid; probeer het over een paar tellen opnieuw";
        return Err(Problem::other(StatusCode::CONFLICT, "Dit kan nu niet", detail));
    }
    Ok(())
}

/// Whose keys are destroyed.
async fn subjects(
    app: &App,
    organisation: Organisation,
    content: &Content,
    decision: &Decision,
) -> Result<BTreeSet<Uuid>, Problem> {
    let persons = records_of(app, organisation, content.person).await?;
    let mut subjects = persons.clone();
    let said: BTreeMap<Uuid, bool> =
        decision.texts.iter().map(|it| (it.file, it.destroyed)).collect();
    for (file, people) in files(app, organisation, content, &persons).await? {
        let alone = people.is_subset(&persons);
        if said.get(&file).copied().unwrap_or(alone) {
            subjects.insert(file);
        }
    }
    Ok(subjects)
}

/// Every record by which somebody is known.
async fn records_of(
    app: &App,
    organisation: Organisation,
    person: Uuid,
) -> Result<BTreeSet<Uuid>, Problem> {
    let linked = app.store.linked(organisation, &[person], &HashSet::new()).await?;
    Ok(linked.into_values().flatten().chain([person]).collect())
}

/// The meldingen and casussen in which somebody occurs, and the casussen of those meldingen, each with everybody in it.
async fn files(
    app: &App,
    organisation: Organisation,
    content: &Content,
    persons: &BTreeSet<Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<Uuid>>, Problem> {
    let persons: Vec<Uuid> = persons.iter().copied().collect();
    let mut files = BTreeMap::new();
    let mut cases = app.store.cases_with(organisation, &persons).await?;
    cases.extend(content.case);
    for melding in app.store.meldingen_with(organisation, &persons).await? {
        files.insert(melding, people(app, organisation, melding).await?);
        cases.extend(app.store.case_of(organisation, melding).await?);
    }
    for case in cases {
        let known = app.store.known::<Case>(organisation, case).await?.state;
        let mut all: BTreeSet<Uuid> = known.people.keys().copied().collect();
        for melding in known.meldingen.keys() {
            all.extend(people(app, organisation, *melding).await?);
        }
        files.insert(case, all);
    }
    Ok(files)
}

async fn people(
    app: &App,
    organisation: Organisation,
    melding: Uuid,
) -> Result<BTreeSet<Uuid>, Problem> {
    let known = app.store.known::<Melding>(organisation, melding).await?.state;
    let persons = known.content().into_iter().flat_map(|it| &it.persons);
    Ok(persons.map(|it| it.id).collect())
}
