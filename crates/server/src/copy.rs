//! The inspection copy, from the files to what is read: all records about one casus up to a place in the log, and what the list of items leaves of
//! them. Made again from the same list it is the same copy, word for word.

pub(crate) mod content;
pub(crate) mod face;
mod words;

use crate::api::WORDS;
use crate::app::App;
use crate::problem::Problem;
use crate::worker::Worker;
use content::{Sealed, Told};
use domain::Event;
use domain::case::Case;
use domain::codes::{List, label};
use domain::concern::Part;
use domain::contact::Contact;
use domain::decider::{Decider, fold};
use domain::id::{Id, Organisation};
use domain::melding::Melding;
use domain::particulars::melder_subject;
use domain::person::Person;
use domain::request::Request;
use domain::request::copy::{Copy, Item, Mark, Record, draft};
use std::collections::{BTreeMap, BTreeSet};
use store::file::File;
use store::log::Recorded;
use uuid::Uuid;

/// The files that a copy is made from.
pub(crate) struct Dossier {
    person: Uuid,
    files: Vec<Source>,
    /// The melding to which a contact led.
    melding_of: BTreeMap<Uuid, Uuid>,
    /// The person's own words that stay in the file.
    words: Vec<Entry>,
    sealed: Sealed,
}

struct Source {
    stream: &'static str,
    id: Uuid,
    file: File,
}

impl Dossier {
    /// A casus, its meldingen with the contacts that led to them, and the person's own file, up to a position.
    pub(crate) async fn open(
        app: &App,
        organisation: Organisation,
        person: Uuid,
        case: Uuid,
        position: i64,
    ) -> Result<Self, Problem> {
        let (files, melding_of, words) = (vec![], BTreeMap::new(), vec![]);
        let mut all = Self { person, files, melding_of, words, sealed: Sealed::default() };
        all.add::<Case>(app, organisation, case, position).await?;
        let meldingen: Vec<Uuid> = all.state::<Case>(case).meldingen.into_keys().collect();
        for melding in meldingen {
            all.add::<Melding>(app, organisation, melding, position).await?;
            let contact = all.state::<Melding>(melding).content().and_then(|it| it.contact);
            if let Some(contact) = contact {
                all.add::<Contact>(app, organisation, contact, position).await?;
                all.melding_of.insert(contact, melding);
            }
        }
        all.add::<Person>(app, organisation, person, position).await?;
        all.add_words(app, organisation, case, position).await?;
        let told = all.files.iter().flat_map(|it| &it.file.particulars).map(|it| it.subject);
        let told: Vec<Uuid> = told.collect();
        all.sealed.addresses = app.store.hidden_addresses(organisation, &told).await?;
        Ok(all)
    }

    /// Whose address it never says.
    pub(crate) fn hidden(&self) -> BTreeSet<Uuid> {
        self.sealed.addresses.iter().copied().collect()
    }

    /// Leaves out as well what was left out when the list was made: it is the copy that was given.
    pub(crate) fn hide(&mut self, hidden: &BTreeSet<Uuid>) {
        self.sealed.addresses.extend(hidden);
    }

    /// Leaves out the melders who are not for a worker: whoever weighs what is shown need not know them.
    pub(crate) async fn seal_melders(&mut self, app: &App, worker: &Worker) -> Result<(), Problem> {
        let meldingen = self.files.iter().filter(|it| it.stream == Melding::STREAM);
        for id in meldingen.map(|it| it.id).collect::<Vec<_>>() {
            if app.seals_melder(worker, id).await? {
                self.sealed.melders.insert(melder_subject(id));
            }
        }
        Ok(())
    }

    async fn add_words(
        &mut self,
        app: &App,
        organisation: Organisation,
        case: Uuid,
        position: i64,
    ) -> Result<(), Problem> {
        for (id, it) in self.state::<Case>(case).requests.0 {
            if it.person != self.person || !it.keeps_words() {
                continue;
            }
            let request = Id::<Request>::new(id);
            let file = app.store.open_file_up_to(organisation, request, position).await?;
            let told = file.into_iter().flat_map(|it| it.particulars);
            let mut words = told.filter(|it| it.part == WORDS);
            let words = words.find_map(|it| it.content.readable().cloned());
            self.words.extend(words.map(|text| content::words(it.kind, it.on, &text)));
        }
        Ok(())
    }

    async fn add<D: Decider>(
        &mut self,
        app: &App,
        organisation: Organisation,
        id: Uuid,
        position: i64,
    ) -> Result<(), Problem> {
        let file = app.store.open_file_up_to(organisation, Id::<D>::new(id), position).await?;
        let stream = D::STREAM;
        self.files.extend(file.map(|file| Source { stream, id, file }));
        Ok(())
    }

    fn state<D: Decider>(&self, id: Uuid) -> D
    where
        D::Event: TryFrom<Event>,
    {
        let file = self.files.iter().find(|it| it.stream == D::STREAM && it.id == id);
        let events = file.into_iter().flat_map(|it| &it.file.events);
        let own: Vec<D::Event> = events.filter_map(|it| it.event.clone().try_into().ok()).collect();
        fold(&own)
    }

    /// All records, in the order in which they were recorded.
    fn recorded(&self) -> Vec<(&Source, &Recorded)> {
        let of_one = |it| move |event| (it, event);
        let mut all: Vec<(&Source, &Recorded)> =
            self.files.iter().flat_map(|it| it.file.events.iter().map(of_one(it))).collect();
        all.sort_by_key(|(_, it)| it.position);
        all
    }

    /// The draft of what is shown.
    pub(crate) fn draft(&self) -> Vec<Item> {
        let record = |(source, it): (&Source, &'_ Recorded)| {
            let own = source.file.particulars.iter().filter(|own| own.version == it.version);
            let subjects = own.map(|own| own.subject).collect();
            (source.stream, source.id, it.version, it.event.clone(), subjects)
        };
        let all: Vec<_> = self.recorded().into_iter().map(record).collect();
        let records: Vec<Record<'_>> = all
            .iter()
            .map(|(stream, file, version, event, subjects)| {
                let (stream, file, version) = (*stream, *file, *version);
                Record { stream, file, version, event, subjects: Vec::clone(subjects) }
            })
            .collect();
        draft(self.person, &records, &self.melding_of)
    }

    /// What an item says; `None` when it cannot be read any more.
    pub(crate) fn told(&self, item: &Item) -> Option<Told> {
        let same = |it: &&Source| it.stream == item.stream && it.id == item.file;
        let source = self.files.iter().find(same)?;
        let recorded = source.file.events.iter().find(|it| it.version == item.version)?;
        let own = source.file.particulars.iter().filter(|own| own.version == item.version);
        let particulars: Vec<_> = own.collect();
        Some(content::of(&recorded.event, item.part, &particulars, &self.names(), &self.sealed))
    }

    /// All who occur in it.
    pub(crate) fn everybody(&self) -> Vec<Uuid> {
        self.names().into_keys().collect()
    }

    /// How each person is called in the copy: you, or a letter.
    fn names(&self) -> BTreeMap<Uuid, String> {
        let mut others: Vec<Uuid> = Vec::new();
        for (_, it) in self.recorded() {
            for person in content::persons_in(&it.event) {
                if person != self.person && !others.contains(&person) {
                    others.push(person);
                }
            }
        }
        let letter = |nth: u8| format!("betrokkene {}", char::from(b'A' + nth % 26));
        let others = others.into_iter().zip(0u8..).map(|(person, nth)| (person, letter(nth)));
        others.chain([(self.person, "u".to_owned())]).collect()
    }
}

/// One record in the copy.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub(crate) struct Entry {
    #[serde(rename = "op")]
    pub(crate) on: String,
    #[serde(rename = "wat")]
    pub(crate) heading: String,
    #[serde(rename = "inhoud")]
    pub(crate) lines: Vec<Line>,
    /// Why parts of it are left out.
    #[serde(rename = "afgeschermd", skip_serializing_if = "Vec::is_empty")]
    pub(crate) masked: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub(crate) struct Line {
    #[serde(rename = "naam")]
    pub(crate) name: String,
    #[serde(rename = "waarde")]
    pub(crate) value: String,
}

/// What is read of a copy: what is shown, and how much is not, by reason.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub(crate) struct Shown {
    #[serde(rename = "onderdelen")]
    pub(crate) entries: Vec<Entry>,
    #[serde(rename = "nietGetoond")]
    pub(crate) left_out: BTreeMap<String, usize>,
}

/// What the list leaves of the files. Of a record that is masked as a whole nothing is told but why.
pub(crate) fn shown(dossier: &Dossier, copy: &Copy) -> Shown {
    let mut shown = Shown { entries: vec![], left_out: BTreeMap::new() };
    let items = &copy.draft.items;
    for record in items.chunk_by(|a, b| record_of(a) == record_of(b)) {
        let (mut entry, mut masked): (Option<Entry>, Vec<String>) = (None, vec![]);
        for item in record {
            if item.mark != Mark::Shown {
                let why = label(List::CopyReason, item.reason.as_str()).to_owned();
                *shown.left_out.entry(why.clone()).or_default() += 1;
                masked.push(why);
                continue;
            }
            let Some(told) = dossier.told(item) else { continue };
            let entry = entry.get_or_insert_with(|| {
                let (on, heading) = (told.on.clone(), told.heading.clone());
                Entry { on, heading, lines: vec![], masked: vec![] }
            });
            if item.part == Part::Whole {
                entry.heading = told.heading;
            }
            entry.lines.extend(told.lines);
        }
        if let Some(mut entry) = entry {
            masked.sort();
            masked.dedup();
            entry.masked = masked;
            shown.entries.push(entry);
        }
    }
    shown.entries.extend(dossier.words.clone());
    shown
}

fn record_of(it: &Item) -> (&str, Uuid, i32) {
    (&it.stream, it.file, it.version)
}
