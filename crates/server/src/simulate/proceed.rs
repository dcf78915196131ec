//! What follows in a casus on the decision about its first melding, until it closes.

use super::chance::Chance;
use super::days::working;
use super::diary::{Diary, Span};
use super::line::Act;
use super::people::tell;
use super::placing::{consult, hand_over, incident, measures, put_in, send, transfer};
use super::plan::Visit;
use super::process::{Ending, Process};
use super::services::{agree, investigate, monitor};
use super::unfold::{Office, Told};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::case::follow_up::{self, Decision};
use domain::case::{self, Command};
use domain::codes::Code;
use domain::melding;
use uuid::Uuid;

/// Casussen that close because the household moved (our estimate), and of the others those in which something happens besides.
const MOVED: f64 = 0.02;
const MONITORED: f64 = 0.35;
const HANDED_OVER: f64 = 0.45;
const MULTIDISCIPLINARY: f64 = 0.015;
const INCIDENTS: f64 = 0.003;

/// What a decision on a melding means for its casus, if it is one.
pub(super) fn taken_in(melding: Uuid, command: &melding::Command) -> Option<follow_up::Command> {
    match command {
        melding::Command::Assess { on, follow_up, .. } => {
            let decision = Decision { on: *on, follow_up: follow_up.clone() };
            Some(follow_up::Command::TakeIn { melding, decision })
        }
        melding::Command::Withdraw { on, .. } => {
            Some(follow_up::Command::LetGo { melding, on: *on })
        }
        melding::Command::Receive(_)
        | melding::Command::Correct { .. }
        | melding::Command::Assign { .. } => None,
    }
}

impl Office {
    /// Goes on with a casus: `decided` is the day on which the decision was recorded, when steps follow on it.
    pub(super) fn proceed(
        &mut self,
        (visit, process): (&Visit, &Process),
        told: &Told,
        (joined, decided): (DateTime<Utc>, Option<NaiveDate>),
        chance: &mut Chance,
    ) {
        self.line.expect(visit.case, process.joined);
        let span = Span { from: joined, until: visit.laid.closes };
        let mut diary = Diary::default();
        let day = visit.laid.recorded();
        self.assign(span, &mut diary, chance);
        measures(visit, &told.story, (day, span), &mut diary, chance);
        if chance.happens(INCIDENTS) {
            incident(day, span, &mut diary, chance);
        }
        let outcome = match decided {
            Some(on) => {
                let sequel = Sequel { visit, process, told, span, from: working(on) };
                self.follow(&sequel, &mut diary, chance)
            }
            None => "geen-vervolg",
        };
        if let Some(on) = visit.laid.closes {
            diary.note(on, Command::Close { on, outcome: Code::of(outcome) });
        }
        self.write(visit.case, diary, span, chance);
    }

    /// The steps, and how it ends.
    fn follow(&self, sequel: &Sequel<'_>, diary: &mut Diary, chance: &mut Chance) -> &'static str {
        let Sequel { visit, process, span, from, .. } = *sequel;
        consult(visit.about.special, from, span, diary, chance);
        if visit.outcome < 2 && span.room(from) > 30 && chance.happens(MULTIDISCIPLINARY) {
            put_in(from, span, diary, chance);
        }
        let done = sequel.serve(diary, chance);
        let monitored = done.and_then(|done| sequel.watch(done, diary, chance));
        if span.until.is_some() && !process.unanswered && chance.happens(MOVED) {
            transfer((done.unwrap_or(from), self.organisation), span, diary, chance);
            return "verhuisd-andere-regio";
        }
        let handed_over = done.is_some_and(|done| sequel.place(done, diary, chance));
        match visit.outcome {
            1 => "overgedragen",
            0 if monitored.is_some() => {
                chance.weighted(&[("veilig-na-monitoring", 0.8), ("hulp-belegd", 0.2)])
            }
            _ if handed_over => "overgedragen",
            2 => "geen-vervolg",
            0 => chance.weighted(&[("hulp-belegd", 0.88), ("anders", 0.12)]),
            _ => "hulp-belegd",
        }
    }

    /// What the casus of a melding takes in with what happens to that.
    pub(super) fn take_in_case(
        &mut self,
        case: Uuid,
        at: DateTime<Utc>,
        command: follow_up::Command,
        chance: &mut Chance,
    ) {
        self.put(case, at, Act::Case(case::Command::FollowUp(command)), chance);
    }

    /// Whoever is told about a melding besides the family.
    pub(super) fn answer(
        &mut self,
        (visit, told): (&Visit, &Told),
        (joined, decided): (DateTime<Utc>, NaiveDate),
        chance: &mut Chance,
    ) {
        let (span, mut diary) = (Span { from: joined, until: None }, Diary::default());
        tell(told.id, decided, span, &mut diary, chance);
        self.write(visit.case, diary, span, chance);
    }
}

/// A casus from the decision on: what follows on it.
#[derive(Clone, Copy)]
struct Sequel<'a> {
    visit: &'a Visit,
    process: &'a Process,
    told: &'a Told,
    span: Span,
    from: NaiveDate,
}

impl Sequel<'_> {
    /// Its own services. Says from which day on something else may follow; never, when one still runs.
    fn serve(&self, diary: &mut Diary, chance: &mut Chance) -> Option<NaiveDate> {
        let Self { visit, process, told, span, from } = *self;
        let mut done = Some(from);
        if let Some(it) = &process.investigation {
            investigate(it, (visit, told.id), span, diary, chance);
            done = match it.ending {
                Ending::Judged(_) | Ending::Early(_) | Ending::Runs => it.stay.ended,
                // The decision that ended it is the last.
                Ending::Adapted => Some(process.busy),
            };
        }
        if let Some(it) = process.conditions {
            let people: Vec<Uuid> = told.story.persons.iter().map(|it| it.id).collect();
            agree(it, (told.id, &people), span, diary, chance);
            done = done.zip(it.ended).map(|(one, other)| one.max(other));
        }
        done
    }

    /// Monitoring, when nothing of ours runs and no melding is to come in that should find it otherwise.
    fn watch(&self, done: NaiveDate, diary: &mut Diary, chance: &mut Chance) -> Option<NaiveDate> {
        let Self { visit, process, span, .. } = *self;
        let share = match visit.outcome {
            0 => MONITORED,
            1 => MONITORED / 4.0,
            _ => 0.0,
        };
        let quiet = working(done.max(process.busy) + Days::new(1));
        let wanted = chance.happens(share) && span.room(quiet) > 20 && visit.household.is_some();
        let from = process.monitored.or_else(|| {
            wanted
                .then(|| Span { until: Some(quiet + Days::new(10)), ..span })
                .map(|soon| working(soon.after(quiet, (0, 9), chance)))
        })?;
        monitor(from, span, diary, chance);
        Some(from)
    }

    /// Hands over: what was decided so, and some of what comes out of our own services.
    fn place(&self, done: NaiveDate, diary: &mut Diary, chance: &mut Chance) -> bool {
        let Self { visit, process, span, from, .. } = *self;
        if process.unanswered {
            send(span.after(from, (0, 6), chance), span, diary, chance);
            return false;
        }
        let hands_over = match visit.outcome {
            0 => span.room(done) > 2 && chance.happens(HANDED_OVER),
            1 => true,
            _ => false,
        };
        // What a later melding changed into it is handed over after the decision on that.
        let from = if process.hands_over { done.max(process.busy) } else { done };
        if hands_over || process.hands_over {
            hand_over(from, span, diary, chance);
        }
        hands_over || process.hands_over
    }
}
