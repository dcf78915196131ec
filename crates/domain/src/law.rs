//! The articles we cite, one constant each, with a dated link. The line that implements a rule names its constant.

/// An article of law: how it is cited, and where the text of that date stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Article {
    pub cite: &'static str,
    pub link: &'static str,
}

/// The five days for the safety assessment. "Days" are counted as working days: the practice of the field.
pub const ASSESSMENT: Article = Article {
    cite: "Uitvoeringsbesluit Wmo 2015 art. 4.1.7 lid 1",
    link: "https://wetten.overheid.nl/BWBR0035733/2026-01-01#Artikel4.1.7",
};
/// Advice and melding are two things; the tasks of Veilig Thuis.
pub const TASKS: Article = Article {
    cite: "Wmo 2015 art. 4.1.1 lid 2 en 3",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Artikel4.1.1",
};
/// When the origin of data stays hidden from the family.
pub const HIDDEN_REPORTER: Article = Article {
    cite: "Uitvoeringsbesluit Wmo 2015 art. 4.1.8 lid 3",
    link: "https://wetten.overheid.nl/BWBR0035733/2026-01-01#Artikel4.1.8",
};
/// Terms that end on a free day run on; short terms hold two working days.
pub const TERMS: Article = Article {
    cite: "Algemene termijnenwet art. 1-3",
    link: "https://wetten.overheid.nl/BWBR0002448/2010-10-10",
};
/// Every melding its own decision; an earlier one is neither changed nor overwritten; a closed case takes no melding.
pub const SEVERAL_MELDINGEN: Article = Article {
    cite: "Informatieprotocol Beleidsinformatie Veilig Thuis (2025) par. 3.1.2",
    link: "https://wetten.overheid.nl/BWBR0036096/2025-03-20",
};
/// The citizen service number, established at first contact.
pub const BSN: Article = Article {
    cite: "Wmo 2015 art. 5.2.9",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Artikel5.2.9",
};
/// The organisation itself is the controller.
pub const CONTROLLER: Article = Article {
    cite: "Wmo 2015 art. 5.1.6 lid 1",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Artikel5.1.6",
};
/// Elder abuse from 65 years, violence against parents below it.
pub const ELDER_ABUSE: Article = Article {
    cite: "Informatieprotocol Beleidsinformatie Veilig Thuis (2025) par. 8",
    link: "https://wetten.overheid.nl/BWBR0036096/2025-03-20",
};
/// Policy data never identify a person.
pub const POLICY_DATA: Article = Article {
    cite: "Uitvoeringsbesluit Wmo 2015 art. 4.3.1-4.3.3",
    link: "https://wetten.overheid.nl/BWBR0035733/2026-01-01#Artikel4.3.1",
};
/// Start of an investigation, and judgement within ten weeks of the decision.
pub const INVESTIGATION: Article = Article {
    cite: "Uitvoeringsbesluit Wmo 2015 art. 4.1.7",
    link: "https://wetten.overheid.nl/BWBR0035733/2026-01-01#Artikel4.1.7",
};
/// Two dates: the formal start is the date of the decision, the actual start the day on which somebody begins.
pub const FORMAL_START: Article = Article {
    cite: "Informatieprotocol Beleidsinformatie Veilig Thuis (2025) par. 4.1",
    link: "https://wetten.overheid.nl/BWBR0036096/2025-03-20",
};
/// Persons concerned are informed within four weeks of recording, postponed by two weeks at a time.
pub const INFORMING: Article = Article {
    cite: "Wmo 2015 art. 5.3.1",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Artikel5.3.1",
};
/// Veilig Thuis stays responsible until what follows has been placed.
pub const HANDOVER: Article = Article {
    cite: "Informatieprotocol Beleidsinformatie Veilig Thuis (2025) par. 3.7",
    link: "https://wetten.overheid.nl/BWBR0036096/2025-03-20",
};
/// Ten days; extended to four weeks in all.
pub const HUISVERBOD: Article = Article {
    cite: "Wet tijdelijk huisverbod art. 2 lid 1 en art. 9 lid 1",
    link: "https://wetten.overheid.nl/BWBR0024649",
};
/// Calamities, violence in giving help, complaints.
pub const INCIDENTS: Article = Article {
    cite: "Wmo 2015 art. 4.2.4-4.2.11",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Hoofdstuk4",
};
/// Who decides over data can show that they were handled properly: also who looked at them.
pub const ACCOUNTABILITY: Article = Article {
    cite: "Algemene verordening gegevensbescherming (EU) 2016/679 art. 5 lid 2",
    link: "https://eur-lex.europa.eu/eli/reg/2016/679/2016-05-04",
};
/// Inspection as soon as possible; not for a child below twelve or who cannot weigh its interests; the legal representative below sixteen,
/// unless against the interest of the child; refused for the privacy of another or for ending or investigating violence.
pub const INSPECTION: Article = Article {
    cite: "Wmo 2015 art. 5.3.2",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Artikel5.3.2",
};
/// Whoever is in the register may ask for correction.
pub const CORRECTION: Article = Article {
    cite: "Wmo 2015 art. 5.3.2 lid 5 en 6",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Artikel5.3.2",
};
/// Destruction within three months of the written request, unless keeping is of considerable interest to another or law forbids.
pub const DESTRUCTION: Article = Article {
    cite: "Wmo 2015 art. 5.3.5",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Artikel5.3.5",
};
/// How long data are kept. The text of 2015 says 15 years; the practice of today is 20. Since when that is the law, and in which words, is not
/// confirmed: the term is data, with a begin date.
pub const RETENTION: Article = Article {
    cite: "Wmo 2015 art. 5.3.4",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Artikel5.3.4",
};
/// Data for research or statistics without consent, under conditions; a note is made in the file.
pub const RESEARCH: Article = Article {
    cite: "Wmo 2015 art. 5.3.6",
    link: "https://wetten.overheid.nl/BWBR0035362/2026-01-01#Artikel5.3.6",
};
/// An answer within a month, two months longer when a request is complex or one of many; and within the month is said that it is.
pub const ANSWER_IN_A_MONTH: Article = Article {
    cite: "Algemene verordening gegevensbescherming (EU) 2016/679 art. 12 lid 3",
    link: "https://eur-lex.europa.eu/eli/reg/2016/679/2016-05-04",
};
/// Whoever asks is who he says he is.
pub const IDENTITY: Article = Article {
    cite: "Algemene verordening gegevensbescherming (EU) 2016/679 art. 12 lid 6",
    link: "https://eur-lex.europa.eu/eli/reg/2016/679/2016-05-04",
};
