//! The people around a casus: who of them is informed when, who lives where, who of Veilig Thuis works on it, and who else is told.

use super::chance::Chance;
use super::diary::{Diary, Span, first_day};
use super::household::{Member, Slot};
use super::line::Act;
use super::plan::Visit;
use super::unfold::{Office, Told};
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use domain::case::{Command, assignment, household, informing};
use domain::codes::Code;
use domain::melding::{self, Person};
use domain::particulars::PartialDate;
use uuid::Uuid;

/// The fictional workers of an organisation, and their teams.
const WORKERS: usize = 8;
const TEAMS: usize = 3;

impl Office {
    /// A worker, and the team he is of.
    fn worker(&self, chance: &mut Chance) -> (Uuid, Uuid) {
        let nth = chance.below(WORKERS);
        (self.fictional("behandelaar", nth as u64), self.fictional("team", (nth % TEAMS) as u64))
    }

    /// Who is to assess a melding.
    pub(super) fn assign_melding(&mut self, told: &Told, chance: &mut Chance) {
        if !chance.happens(0.6) {
            return;
        }
        let (worker, team) = self.worker(chance);
        let at = told.recorded + Duration::seconds(20);
        let on = super::arrivals::today(at);
        let assign = melding::Command::Assign { worker, team: Some(team), on };
        self.put(told.id, at, Act::Melding(assign), chance);
    }

    /// Who works on a casus; some casussen go to another later on.
    pub(super) fn assign(&self, span: Span, diary: &mut Diary, chance: &mut Chance) {
        let (worker, team) = self.worker(chance);
        let on = first_day(span.from);
        let mut note = |on, worker, team| {
            let assign = assignment::Command::Assign { worker, team: Some(team), on };
            diary.note(on, Command::Assignment(assign));
        };
        note(on, worker, team);
        let other = self.worker(chance);
        if other.0 != worker && span.room(on) > 21 && chance.happens(0.15) {
            note(span.after(on, (7, 60), chance), other.0, other.1);
        }
    }

    /// What follows for those who take part from a melding on: they are informed, and it is known where they live.
    pub(super) fn attend_to(
        &mut self,
        visit: &Visit,
        told: &Told,
        joined: DateTime<Utc>,
        chance: &mut Chance,
    ) {
        // The duty to inform does not end with the casus.
        let span = Span { from: joined + Duration::seconds(1), until: None };
        let fresh = |id: Uuid| told.story.fresh.iter().find(|it| it.id == id);
        let mut diary = Diary::default();
        for it in &told.story.persons {
            if visit.laid.opens || fresh(it.id).is_some() {
                inform(it, visit.laid.recorded(), span, &mut diary, chance);
            }
        }
        self.write(visit.case, diary, span, chance);
        let number = visit.household.unwrap_or_default();
        let household = self.fictional("huishouden", number ^ u64::from(visit.laid.own) << 63);
        let at_home = |it: &&Member| it.slot != Slot::Relative;
        let mut at = span.from;
        for it in told.story.fresh.iter().filter(at_home) {
            let known = chance.happens(0.5).then(|| since(it, visit.about.day, chance)).flatten();
            let Some(from) = known else { continue };
            at += Duration::seconds(7);
            let move_in = household::Command::MoveIn { household, person: it.id, from };
            self.put(visit.case, at, Act::Case(Command::Household(move_in)), chance);
        }
    }
}

/// The year since when someone lives there.
fn since(it: &Member, day: NaiveDate, chance: &mut Chance) -> Option<PartialDate> {
    let years = i32::try_from(chance.below(15)).unwrap_or_default();
    let year = (day.year() - years).max(it.born.year());
    year.to_string().parse().ok()
}

/// One person: most within four weeks, some later, some are not to be told themselves. Shares are our estimate.
fn inform(it: &Person, from: NaiveDate, span: Span, diary: &mut Diary, chance: &mut Chance) {
    let (person, young) = (it.id, it.age.is_some_and(|age| age < 12));
    let mut note = |on, command| diary.note(on, Command::Informing(command));
    let exempt = |on, reason| informing::Command::Exempt { person, on, reason: Code::of(reason) };
    let (unit, way) = (chance.unit(), Code::of(chance.weighted(&WAYS)));
    if young && unit < 0.6 {
        let on = span.after(from, (0, 25), chance);
        return note(on, exempt(on, "via-wettelijk-vertegenwoordiger"));
    }
    let days = match unit {
        it if it < 0.84 => (0, 26),
        it if it < 0.92 => (30, 40),
        it if it < 0.94 => (44, 54),
        it if it < 0.98 => (30, 70),
        it if it < 0.99 => {
            let on = span.after(from, (5, 25), chance);
            let reason = chance.weighted(&[("al-geinformeerd", 0.6), ("onvindbaar", 0.4)]);
            return note(on, exempt(on, reason));
        }
        _ => return,
    };
    let postponed: &[(i64, i64)] = match unit {
        it if (0.84..0.92).contains(&it) => &[(12, 22)],
        it if (0.92..0.94).contains(&it) => &[(12, 22), (29, 35)],
        _ => &[],
    };
    for days in postponed {
        let on = span.after(from, *days, chance);
        let reason = Code::of(chance.weighted(&[("veiligheid", 0.7), ("onderzoek", 0.3)]));
        note(on, informing::Command::Postpone { person, on, reason });
    }
    let on = span.after(from, days, chance);
    note(on, informing::Command::Inform { person, on, way });
}

const WAYS: [(&str, f64); 5] = [
    ("mondeling", 0.3),
    ("telefonisch", 0.35),
    ("schriftelijk", 0.28),
    ("e-mail", 0.05),
    ("onbenoemd", 0.02),
];

/// The melder hears what becomes of it, and sometimes others do.
pub(super) fn tell(
    melding: Uuid,
    from: NaiveDate,
    span: Span,
    diary: &mut Diary,
    chance: &mut Chance,
) {
    const WHOM: [(&str, f64); 5] = [
        ("melder", 0.55),
        ("hulpverlenende-instantie", 0.06),
        ("politie", 0.03),
        ("raad-voor-de-kinderbescherming", 0.02),
        ("college-van-b-en-w", 0.002),
    ];
    for (whom, share) in WHOM {
        if chance.happens(share) {
            let on = Span { until: None, ..span }.after(from, (0, 12), chance);
            let whom = Code::of(whom);
            let tell = informing::Command::Tell { whom, on, melding: Some(melding) };
            diary.note_loose(on, Command::Informing(tell));
        }
    }
}
