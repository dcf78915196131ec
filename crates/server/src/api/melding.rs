//! Meldingen: received, assessed, corrected, turned into an advies.

use super::case::take_in_what_was_missed;
use super::input::{Asked, Body};
use crate::app::{App, Order};
use crate::body::{self, Fields};
use crate::problem::Problem;
use crate::schema::Schema;
use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use domain::case::follow_up::{Command as Means, Decision};
use domain::case::{Case, Stage};
use domain::codes::{self, Code, List};
use domain::decider::Stamp;
use domain::id::Id;
use domain::melding::{Changes, Command, Content, Melder, Melding, Pair, Person};
use domain::particulars::{Particular, melder_subject};
use uuid::Uuid;

/// `PUT /v1/meldingen/{id}`
pub(super) async fn receive(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.creation::<Melding>();
    let stamp = asked.worker.stamp(order.key);
    let (command, particulars) =
        body::command::<Melding, _>(&body, Schema::Melding, &stamp, |it| {
            let received = it.moment("ontvangenOp");
            let on = received.map_or(stamp.today, |it| it.on);
            let channel = it.code("kanaal", List::Channel, on);
            let contact = it.uuid("contact");
            let told = Told::of(it, on, asked.id);
            let content = Content {
                received: received?,
                channel: channel?,
                contact,
                melder: told.melder?,
                municipality: told.municipality?,
                persons: told.persons?,
                pairs: told.pairs?,
                forms: told.forms.unwrap_or_default(),
                natures: told.natures.unwrap_or_default(),
                duration: told.duration,
                children: told.children,
                acute_danger: told.acute_danger?,
            };
            Some((Command::Receive(content), told.particulars))
        })?;
    app.execute::<Melding>(&asked.worker, asked.id, order, command, particulars).await
}

/// `POST /v1/meldingen/{id}/correcties`
pub(super) async fn correct(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let known = app.store.known::<Melding>(stamp.organisation, asked.id).await?;
    let Some(before) = known.state.content() else { return Err(Problem::not_found()) };
    let (command, particulars) =
        body::command::<Melding, _>(&body, Schema::MeldingCorrection, &stamp, |it| {
            let reason = it.code("reden", List::CorrectionReason, stamp.today);
            let received = it.moment("ontvangenOp");
            // Codes are those of the day that it is about, not of the day of correcting.
            let on = received.map_or(before.received.on, |it| it.on);
            let channel = it.code("kanaal", List::Channel, on);
            let told = Told::of(it, on, asked.id);
            let changes = Changes {
                received,
                channel,
                melder: told.melder,
                municipality: told.municipality,
                persons: told.persons,
                pairs: told.pairs,
                forms: told.forms,
                natures: told.natures,
                duration: told.duration,
                children: told.children,
                acute_danger: told.acute_danger,
            };
            Some((Command::Correct { reason: reason?, changes }, told.particulars))
        })?;
    execute(&app, &asked, order, command, particulars).await
}

/// `POST /v1/meldingen/{id}/veiligheidsbeoordelingen`
pub(super) async fn assess(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, particulars) =
        body::command::<Melding, _>(&body, Schema::Assessment, &stamp, |it| {
            let on = it.date("op");
            let day = on.unwrap_or(stamp.today);
            let follow_up = it.code("uitkomst", List::FollowUp, day);
            let unsafety = it.codes("onveiligheid", List::Unsafety, day);
            let text = text_of(it, asked.id);
            Some((Command::Assess { on: on?, follow_up: follow_up?, unsafety }, text))
        })?;
    execute(&app, &asked, order, command, particulars).await
}

/// `POST /v1/meldingen/{id}/toewijzingen`
pub(super) async fn assign(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) =
        body::command::<Melding, _>(&body, Schema::MeldingAssignment, &stamp, |it| {
            let (worker, team, on) = (it.uuid("behandelaar"), it.uuid("team"), it.date("op"));
            Some((Command::Assign { worker: worker?, team, on: on? }, ()))
        })?;
    execute(&app, &asked, order, command, vec![]).await
}

/// `POST /v1/meldingen/{id}/intrekking`
pub(super) async fn withdraw(
    State(app): State<App>,
    asked: Asked,
    Body(body): Body,
) -> Result<Response, Problem> {
    let order = asked.action()?;
    let stamp = asked.worker.stamp(order.key);
    let (command, ()) =
        body::command::<Melding, _>(&body, Schema::MeldingWithdrawal, &stamp, |it| {
            let reason = it.code("reden", List::WithdrawalReason, stamp.today);
            Some((Command::Withdraw { reason: reason?, on: it.date("op")? }, ()))
        })?;
    execute(&app, &asked, order, command, vec![]).await
}

/// Executes a command of a melding, together with what it means for its casus: both are recorded, or neither.
async fn execute(
    app: &App,
    asked: &Asked,
    order: Order,
    command: Command,
    particulars: Vec<Particular>,
) -> Result<Response, Problem> {
    let stamp = asked.worker.stamp(order.key);
    let means = match &command {
        Command::Receive(_) | Command::Assign { .. } => None,
        Command::Assess { on, follow_up, .. } => {
            let decision = Decision { on: *on, follow_up: follow_up.clone() };
            Some(Means::TakeIn { melding: asked.id, decision })
        }
        Command::Withdraw { on, .. } => Some(Means::LetGo { melding: asked.id, on: *on }),
        Command::Correct { changes, .. } => {
            let moved = changes.received.is_some() || changes.municipality.is_some();
            moved.then(|| Means::Correct {
                melding: asked.id,
                on: stamp.today,
                received_on: changes.received.map(|it| it.on),
                municipality: changes.municipality.clone(),
            })
        }
    };
    let case = match &means {
        Some(means) => going_on_in(app, &stamp, asked.id, means).await?,
        None => None,
    };
    let decides = means.is_some();
    let (Some(case), Some(means)) = (case, means) else {
        let worker = &asked.worker;
        let answer = app.execute::<Melding>(worker, asked.id, order, command, particulars).await?;
        let case = app.store.case_of(stamp.organisation, asked.id).await?.filter(|_| decides);
        if let Some(case) = case {
            take_in_what_was_missed(app, worker, case).await?;
        }
        return Ok(answer);
    };
    let id = Id::<Melding>::new(asked.id);
    let (first, means) = ((id, command, particulars), domain::case::Command::FollowUp(means));
    let second = (Id::<Case>::new(case), means);
    let outcome = app.store.execute_both(first, second, &stamp, order.seen).await;
    app.answered(&asked.worker, id, order, outcome).await
}

/// The casus in which this has its meaning. A melding may have joined one that was closed before its decision, in the days when that
/// was not refused: it has its own decision all the same, and the casus keeps what it was.
async fn going_on_in(
    app: &App,
    stamp: &Stamp,
    melding: Uuid,
    means: &Means,
) -> Result<Option<Uuid>, Problem> {
    let Some(case) = app.store.case_of(stamp.organisation, melding).await? else { return Ok(None) };
    let known = app.store.known::<Case>(stamp.organisation, case).await?;
    let over = matches!(known.state.stage, Stage::Closed { .. });
    let goes_on = !over || matches!(means, Means::Correct { .. });
    Ok(goes_on.then_some(case))
}

/// What a body tells of a melding; a field that is absent is `None`. Particulars are taken out on the way.
struct Told {
    melder: Option<Melder>,
    municipality: Option<Code>,
    persons: Option<Vec<Person>>,
    pairs: Option<Vec<Pair>>,
    forms: Option<Vec<Code>>,
    natures: Option<Vec<Code>>,
    duration: Option<Code>,
    children: Option<u8>,
    acute_danger: Option<Code>,
    particulars: Vec<Particular>,
}

impl Told {
    fn of(it: &Fields<'_>, on: NaiveDate, melding: Uuid) -> Self {
        let mut particulars = text_of(it, melding);
        let melder = it.inner("melder", |melder| {
            let subject = melder_subject(melding);
            particulars.extend(super::person::particulars(melder, subject, "melder"));
            Some(Melder {
                hoedanigheid: melder.code("hoedanigheid", List::Hoedanigheid, on)?,
                organisation: melder.code("organisatie", List::Organisation, on),
                // Hidden unless somebody says that it need not be: the safe side.
                hidden_from_family: melder.flag("anoniemVoorGezin").unwrap_or(true),
            })
        });
        let persons = it.each("personen", |person| told_person(person, on)).map(|told| {
            let (persons, theirs): (Vec<Person>, Vec<Vec<Particular>>) = told.into_iter().unzip();
            particulars.extend(theirs.into_iter().flatten());
            persons
        });
        Self {
            melder,
            municipality: it.municipality("gemeente", on),
            persons,
            pairs: it.each("relaties", |pair| told_pair(pair, on)),
            forms: it.has("vormen").then(|| it.codes("vormen", List::Form, on)),
            natures: it.has("aard").then(|| it.codes("aard", List::Nature, on)),
            duration: it.code("duur", List::Duration, on),
            children: it.number("kinderen"),
            acute_danger: it.code("acuutGevaar", List::YesNo, on),
            particulars,
        }
    }
}

fn told_person(it: &Fields<'_>, on: NaiveDate) -> Option<(Person, Vec<Particular>)> {
    let id = it.uuid("id")?;
    let born = super::person::birth_date(it);
    let unborn = super::person::unborn(it);
    // The age of that day is kept; the birth date itself is sealed.
    let age_then = born.filter(|_| !unborn).and_then(|born| born.age_on(on));
    let age = it.number("leeftijd").or(age_then);
    let person = Person {
        id,
        roles: it.codes("rollen", List::Role, on),
        // Without it the body is refused; but his relations are not to blame for that.
        sex: it.code_or("geslacht", List::Sex, on, codes::UNKNOWN),
        age,
        unborn,
        address_hidden: it.code("adresafscherming", List::HidingReason, on),
    };
    Some((person, super::person::particulars(it, id, "person")))
}

/// The relation of a victim to a perpetrator; what was not asked is not made up.
pub(super) fn told_pair(it: &Fields<'_>, on: NaiveDate) -> Option<Pair> {
    Some(Pair {
        victim: it.uuid("slachtoffer")?,
        perpetrator: it.uuid("pleger")?,
        relation: it.code("relatie", List::Relation, on)?,
        current_or_former: it.code_or(
            "huidigOfVoormalig",
            List::CurrentOrFormer,
            on,
            codes::UNKNOWN,
        ),
        cohabiting: it.code_or("samenwonend", List::YesNo, on, codes::NOT_ASKED),
        forms: it.codes("vormen", List::Form, on),
        natures: it.codes("aard", List::Nature, on),
        certainty: it.code_or("vermoedOfVastgesteld", List::Certainty, on, "vermoed"),
    })
}

/// Free text: sealed under the key of a melding or a casus when it is about the whole household, or of a person.
pub(super) fn text_of(it: &Fields<'_>, subject: Uuid) -> Vec<Particular> {
    let content = it.value("toelichting").filter(|it| it.is_string()).map(ToString::to_string);
    content.map(|content| Particular { subject, part: "text", content }).into_iter().collect()
}
