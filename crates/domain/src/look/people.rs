//! Of whom an event tells: whoever is shown it, is shown something of these persons.

use crate::case::{
    assignment, conditions, follow_up, handover, hold, household, incident, informing,
    investigation, junction, measure, monitoring, multidisciplinary, restriction, suspension,
    transfer,
};
use crate::emergency::File;
use crate::melding::{Pair, Person};
use crate::{Event, advice, case, contact, emergency, erasure, look, melding, person, request};
use uuid::Uuid;

/// The persons of whom an event tells; `stream` is the id of its stream.
pub fn persons(stream: Uuid, event: &Event) -> Vec<Uuid> {
    match event {
        Event::Contact(contact::Event::Received { .. } | contact::Event::Concluded { .. })
        | Event::Advice(
            advice::Event::Started(_)
            | advice::Event::ContactAdded { .. }
            | advice::Event::Corrected { .. }
            | advice::Event::Closed { .. },
        )
        // Whom a look was about is for whoever may see looks.
        | Event::Look(
            look::Event::Searched { .. } | look::Event::Compared { .. } | look::Event::Looked(_),
        )
        | Event::Erasure(erasure::Event::Completed { .. })
        | Event::Emergency(emergency::Event::Ended { .. } | emergency::Event::Reviewed { .. }) => {
            vec![]
        }
        Event::Melding(it) => of_melding(it),
        Event::Case(it) => of_case(it),
        Event::Person(it) => of_person(stream, it),
        Event::Erasure(erasure::Event::Ordered { subjects, .. }) => subjects.clone(),
        Event::Request(it) => of_request(it),
        Event::Emergency(emergency::Event::Opened { file, .. }) => match file {
            File::Person(person) => vec![*person],
            File::Case(_) | File::Melding(_) => vec![],
        },
    }
}

fn of_melding(it: &melding::Event) -> Vec<Uuid> {
    match it {
        melding::Event::Received(content) => in_it(&content.persons, &content.pairs),
        melding::Event::Corrected { changes, .. } => in_it(
            changes.persons.as_deref().unwrap_or_default(),
            changes.pairs.as_deref().unwrap_or_default(),
        ),
        melding::Event::Assessed(_)
        | melding::Event::Withdrawn { .. }
        | melding::Event::Assigned { .. } => vec![],
    }
}

fn in_it(persons: &[Person], pairs: &[Pair]) -> Vec<Uuid> {
    persons.iter().map(|it| it.id).chain(pairs.iter().flat_map(both)).collect()
}

const fn both(pair: &Pair) -> [Uuid; 2] {
    [pair.victim, pair.perpetrator]
}

fn of_person(stream: Uuid, it: &person::Event) -> Vec<Uuid> {
    match it {
        person::Event::Merged { with, .. } | person::Event::Unmerged { with, .. } => {
            vec![stream, *with]
        }
        person::Event::Registered { .. }
        | person::Event::AddressHidden { .. }
        | person::Event::AddressShown { .. }
        | person::Event::Identified { .. }
        | person::Event::IdentityCorrected { .. }
        | person::Event::Born { .. } => vec![stream],
    }
}

fn of_case(it: &case::Event) -> Vec<Uuid> {
    use case::Event as E;
    match it {
        E::PersonInvolved { person, .. } => vec![*person],
        E::PairRecorded { pair, .. } => both(pair).to_vec(),
        E::Household(it) => of_household(it),
        E::Informing(it) => of_informing(it),
        E::Measure(it) => of_measure(it),
        E::Conditions(it) => of_conditions(it),
        E::Opened { .. }
        | E::MeldingJoined { .. }
        | E::Closed { .. }
        | E::Assignment(assignment::Event::Assigned { .. })
        | E::Restriction(restriction::Event::Placed { .. } | restriction::Event::Lifted { .. })
        | E::Hold(hold::Event::Placed { .. } | hold::Event::Lifted { .. })
        | E::FollowUp(
            follow_up::Event::Decided { .. }
            | follow_up::Event::Withdrawn { .. }
            | follow_up::Event::Corrected { .. },
        )
        | E::Investigation(
            investigation::Event::Decided { .. }
            | investigation::Event::Begun { .. }
            | investigation::Event::Concluded { .. }
            | investigation::Event::Ended { .. },
        )
        | E::Suspension(suspension::Event::Suspended { .. } | suspension::Event::Resumed { .. }) => {
            vec![]
        }
        E::Handover(it) => of_handover(it),
        E::Multidisciplinary(
            multidisciplinary::Event::PutIn { .. }
            | multidisciplinary::Event::Answered { .. }
            | multidisciplinary::Event::Ended { .. },
        )
        | E::Junction(
            junction::Event::Consulted { .. }
            | junction::Event::Answered { .. }
            | junction::Event::Concluded { .. },
        ) => vec![],
        E::Monitoring(it) => of_monitoring(it),
        E::Transfer(it) => of_transfer(it),
        E::Incident(it) => of_incident(it),
        E::Request(it) => of_asked(it),
        E::Research(it) => of_research(it),
    }
}

const fn of_handover(it: &handover::Event) -> Vec<Uuid> {
    match it {
        handover::Event::Sent { .. }
        | handover::Event::Accepted { .. }
        | handover::Event::Started { .. }
        | handover::Event::Returned { .. } => vec![],
    }
}

const fn of_monitoring(it: &monitoring::Event) -> Vec<Uuid> {
    match it {
        monitoring::Event::Started { .. }
        | monitoring::Event::Planned { .. }
        | monitoring::Event::Held { .. }
        | monitoring::Event::Cancelled { .. }
        | monitoring::Event::Ended { .. } => vec![],
    }
}

const fn of_transfer(it: &transfer::Event) -> Vec<Uuid> {
    match it {
        transfer::Event::Offered { .. }
        | transfer::Event::Answered { .. }
        | transfer::Event::TakenOver { .. } => vec![],
    }
}

const fn of_incident(it: &incident::Event) -> Vec<Uuid> {
    match it {
        incident::Event::Recorded { .. }
        | incident::Event::Reported { .. }
        | incident::Event::Settled { .. } => vec![],
    }
}

fn of_household(it: &household::Event) -> Vec<Uuid> {
    match it {
        household::Event::MovedIn { person, .. } | household::Event::MovedOut { person, .. } => {
            vec![*person]
        }
    }
}

fn of_informing(it: &informing::Event) -> Vec<Uuid> {
    match it {
        informing::Event::Required { person, .. }
        | informing::Event::Postponed { person, .. }
        | informing::Event::Informed { person, .. }
        | informing::Event::Exempted { person, .. } => vec![*person],
        informing::Event::Told { .. } => vec![],
    }
}

fn of_measure(it: &measure::Event) -> Vec<Uuid> {
    match it {
        measure::Event::Imposed { person, .. } => person.iter().copied().collect(),
        measure::Event::Considered { .. }
        | measure::Event::Extended { .. }
        | measure::Event::Ended { .. } => vec![],
    }
}

fn of_conditions(it: &conditions::Event) -> Vec<Uuid> {
    match it {
        conditions::Event::Agreed { with, .. } => with.clone(),
        conditions::Event::Decided { .. }
        | conditions::Event::Begun { .. }
        | conditions::Event::Reviewed { .. }
        | conditions::Event::Concluded { .. } => vec![],
    }
}

fn of_request(it: &request::Event) -> Vec<Uuid> {
    match it {
        request::Event::Received(content) => vec![content.person],
        request::Event::Extended { .. }
        | request::Event::Decided(_)
        | request::Event::Told { .. }
        | request::Event::Executed { .. }
        | request::Event::Withdrawn { .. }
        | request::Event::Copy(_) => vec![],
    }
}

fn of_asked(it: &case::request::Event) -> Vec<Uuid> {
    use case::request::Event as E;
    match it {
        E::Asked { person, .. }
        | E::Answered { person, .. }
        | E::Executed { person, .. }
        | E::Withdrawn { person, .. } => vec![*person],
    }
}

fn of_research(it: &case::research::Event) -> Vec<Uuid> {
    match it {
        case::research::Event::Used { persons, .. } => persons.clone(),
        case::research::Event::Objected { person, .. } => vec![*person],
    }
}
