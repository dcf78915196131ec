//! The words of the copy: what happened, as a sentence for who it is about, and how each thing that is told of it is called.

use domain::codes::List;

/// What happened.
pub(super) fn heading(what: &str) -> &'static str {
    HEADINGS
        .iter()
        .find(|(it, _)| *it == what)
        .map_or("Onderdeel van het dossier", |(_, text)| text)
}

const HEADINGS: [(&str, &str); 76] = [
    ("melding", "Er kwam een melding binnen"),
    ("melding-gecorrigeerd", "De melding is verbeterd"),
    ("veiligheidsbeoordeling", "Wij beoordeelden de veiligheid en besloten wat er volgt"),
    ("melding-ingetrokken", "De melding bleek een vraag om advies"),
    ("melding-toegewezen", "De melding is toegewezen"),
    ("contact", "Iemand nam contact met ons op"),
    ("contact-afgerond", "Het contact is afgerond"),
    ("persoon", "U bent bij ons geregistreerd"),
    ("persoon-geidentificeerd", "Wij stelden vast wie u bent"),
    ("persoon-gecorrigeerd", "Uw gegevens zijn verbeterd"),
    ("persoon-samengevoegd", "Twee registraties bleken over dezelfde persoon te gaan"),
    ("persoon-ontkoppeld", "Twee registraties bleken toch over twee personen te gaan"),
    ("persoon-geboren", "De geboorte is vastgelegd"),
    ("adres-afgeschermd", "Het adres is afgeschermd"),
    ("adres-niet-meer-afgeschermd", "Het adres is niet meer afgeschermd"),
    ("geopend", "De casus is geopend"),
    ("melding-gevoegd", "De melding is bij de casus gevoegd"),
    ("betrokkene", "Vastgelegd is wie betrokken is, en hoe"),
    ("relatie", "Vastgelegd is hoe twee betrokkenen tot elkaar staan"),
    ("gesloten", "De casus is gesloten"),
    ("besluit", "Besluit over het vervolg op een melding"),
    ("melding-omgezet-in-advies", "De melding telt niet meer mee: het was een vraag om advies"),
    ("inwoning", "Vastgelegd is wie waar woont"),
    ("vertrek", "Vastgelegd is wie daar niet meer woont"),
    ("toegewezen", "De casus is toegewezen"),
    ("onderzoek-ingesteld", "Wij besloten tot een onderzoek"),
    ("onderzoek-begonnen", "Het onderzoek begon"),
    ("onderzoek-afgerond", "Het onderzoek is afgerond met een oordeel"),
    ("onderzoek-voortijdig-afgesloten", "Het onderzoek is eerder beeindigd, zonder oordeel"),
    ("voorwaarden-ingezet", "Wij besloten tot voorwaarden en vervolg"),
    ("voorwaarden-begonnen", "Voorwaarden en vervolg begon"),
    ("voorwaarde-afgesproken", "Er is een veiligheidsvoorwaarde afgesproken"),
    ("voorwaarde-getoetst", "Er is gekeken of een voorwaarde wordt nagekomen"),
    ("voorwaarden-afgerond", "Voorwaarden en vervolg is afgerond"),
    ("overdracht-verzonden", "Wij vroegen een andere organisatie het over te nemen"),
    ("overdracht-aanvaard", "De andere organisatie nam het over"),
    ("hulp-begonnen", "De hulp begon"),
    ("overdracht-teruggegeven", "De andere organisatie gaf het terug"),
    ("maatregel-overwogen", "Een maatregel is overwogen en niet opgelegd"),
    ("maatregel-opgelegd", "Er is een maatregel opgelegd"),
    ("maatregel-verlengd", "De maatregel is verlengd"),
    ("maatregel-beeindigd", "De maatregel is beeindigd"),
    ("multidisciplinair-ingebracht", "De casus is met andere organisaties samen besproken"),
    ("multidisciplinair-beantwoord", "Een organisatie liet weten of zij meedoet"),
    ("multidisciplinair-beeindigd", "De gezamenlijke aanpak is beeindigd"),
    ("knooppunt-geraadpleegd", "Het knooppunt is om raad gevraagd"),
    ("knooppunt-antwoordde", "Het knooppunt antwoordde"),
    ("knooppunt-afgerond", "Het overleg met het knooppunt is afgerond"),
    ("informeren-gaat-lopen", "Wij moesten u laten weten dat er gegevens over u zijn vastgelegd"),
    ("informeren-uitgesteld", "Dat u het te horen kreeg is uitgesteld"),
    ("geinformeerd", "U bent geinformeerd"),
    ("niet-zelf-geinformeerd", "U bent niet zelf geinformeerd"),
    ("kennisgeving", "Een ander is geinformeerd over wat wij doen"),
    ("monitoring-begonnen", "Wij bleven volgen of het veilig is"),
    ("monitoring-gepland", "Er is een moment gepland om dat te bekijken"),
    ("monitoring-bevinding", "Er is bekeken of het veilig is"),
    ("monitoring-afgezegd", "Een moment om dat te bekijken ging niet door"),
    ("monitoring-beeindigd", "Wij stopten met volgen"),
    ("termijnen-opgeschort", "De termijnen stonden stil"),
    ("termijnen-hervat", "De termijnen liepen weer"),
    ("regio-overdracht-aangeboden", "Wij vroegen een andere regio de casus over te nemen"),
    ("regio-overdracht-beantwoord", "De andere regio antwoordde"),
    ("van-regio-overgenomen", "Wij namen de casus van een andere regio over"),
    ("voorval", "Er is een voorval of klacht vastgelegd"),
    ("voorval-gemeld-aan-toezichthouder", "Het voorval is aan de toezichthouder gemeld"),
    ("voorval-afgehandeld", "Het voorval of de klacht is afgehandeld"),
    ("bewaring", "De casus moet bewaard blijven"),
    ("bewaring-opgeheven", "De casus hoeft om deze reden niet langer bewaard te blijven"),
    ("verzoek", "U vroeg iets over uw gegevens"),
    ("verzoek-besloten", "Wij besloten op uw verzoek"),
    ("verzoek-uitgevoerd", "Wij deden wat op uw verzoek was besloten"),
    ("verzoek-ingetrokken", "Uw verzoek is ingetrokken"),
    ("onderzoeksgebruik", "Gegevens uit de casus zijn gebruikt voor onderzoek of statistiek"),
    ("bezwaar-onderzoeksgebruik", "Er is bezwaar gemaakt tegen gebruik voor onderzoek"),
    ("eigen-verklaring", "Uw eigen verklaring"),
    ("zienswijze", "Uw zienswijze, bij een correctie die niet is gedaan"),
];

/// Numbers of things and of workers.
pub(super) fn skipped(name: &str) -> bool {
    const SKIPPED: [&str; 16] = [
        "id",
        "melding",
        "onderzoek",
        "dienst",
        "voorwaarde",
        "overdracht",
        "maatregel",
        "aanpak",
        "overleg",
        "moment",
        "voorval",
        "verzoek",
        "huishouden",
        "behandelaar",
        "team",
        "contact",
    ];
    SKIPPED.contains(&name)
}

/// What is told first: about whom, and what; then the rest.
pub(super) fn place(name: &str) -> usize {
    const FIRST: [&str; 12] = [
        "persoon",
        "personen",
        "slachtoffer",
        "pleger",
        "relatie",
        "rollen",
        "geslacht",
        "leeftijd",
        "soort",
        "uitkomst",
        "vormen",
        "aard",
    ];
    FIRST.iter().position(|it| *it == name).unwrap_or(FIRST.len())
}

/// How something that is told is called; what has no other name is called as on the wire.
pub(super) fn key(name: &str) -> &str {
    KEYS.iter().find(|(it, _)| *it == name).map_or(name, |(_, text)| text)
}

const KEYS: [(&str, &str); 72] = [
    ("aan", "Aan"),
    ("aanvaard", "Neemt het over"),
    ("aard", "Aard van het geweld"),
    ("achternaam", "Achternaam"),
    ("acuutGevaar", "Acuut gevaar"),
    ("afgeschermd", "Niet getoond"),
    ("besluitOp", "Besluit op"),
    ("bsn", "Burgerservicenummer"),
    ("contactpersoon", "Contactpersoon"),
    ("discipline", "Organisatie"),
    ("disciplines", "Organisaties"),
    ("doel", "Doel"),
    ("door", "Door"),
    ("duur", "Hoe lang het al duurt"),
    ("email", "E-mail"),
    ("functie", "Functie"),
    ("geboortedatum", "Geboortedatum"),
    ("geboortenaam", "Naam bij geboorte"),
    ("gemeente", "Gemeente"),
    ("geplandOp", "Gepland op"),
    ("geraadpleegd", "Wij zijn geraadpleegd"),
    ("geslacht", "Geslacht"),
    ("hoedanigheid", "Wie meldde"),
    ("huidigOfVoormalig", "Nu of vroeger"),
    ("huisnummer", "Huisnummer"),
    ("kanaal", "Hoe het binnenkwam"),
    ("kinderen", "Aantal kinderen"),
    ("land", "Land"),
    ("leeftijd", "Leeftijd"),
    ("met", "Afgesproken met"),
    ("naam", "Naam"),
    ("naar", "Naar regio"),
    ("naleving", "Nagekomen"),
    ("ongeboren", "Nog niet geboren"),
    ("ontvangenOp", "Ontvangen op"),
    ("onveiligheid", "Onveiligheid"),
    ("op", "Op"),
    ("organisatie", "Organisatie"),
    ("organisatieMelder", "Organisatie van de melder"),
    ("partners", "Organisaties die erop letten"),
    ("personen", "Over wie"),
    ("persoon", "Over wie"),
    ("pleger", "Vermoedelijke pleger"),
    ("postcode", "Postcode"),
    ("reden", "Reden"),
    ("relatie", "Het slachtoffer is van de pleger"),
    ("rollen", "Rol"),
    ("samenwonend", "Samenwonend"),
    ("slachtoffer", "Vermoedelijk slachtoffer"),
    ("soort", "Soort"),
    ("soortOrganisatie", "Soort organisatie"),
    ("straat", "Straat"),
    ("telefoon", "Telefoon"),
    ("toelichting", "Toelichting"),
    ("toestemming", "Met toestemming"),
    ("toetsenOp", "Opnieuw bekijken op"),
    ("tot", "Tot en met"),
    ("uitkomst", "Uitkomst"),
    ("van", "Van regio"),
    ("totEnMet", "Tot en met"),
    ("veilig", "Veilig"),
    ("vermoedOfVastgesteld", "Vermoed of vastgesteld"),
    ("vervielOp", "Uiterlijk op"),
    ("voornamen", "Voornamen"),
    ("voorvoegsel", "Voorvoegsel"),
    ("warm", "Vooraf persoonlijk besproken"),
    ("wijze", "Hoe"),
    ("wijzigtVervolg", "In plaats van"),
    ("vanaf", "Vanaf"),
    ("vorm", "Vorm van geweld"),
    ("vormen", "Vormen van geweld"),
    ("woonplaats", "Woonplaats"),
];

/// The list of which a value is a code. Where several lists use one name, what happened decides.
pub(super) fn list(what: &str, name: &str) -> Option<List> {
    let by_name = match name {
        "kanaal" => List::Channel,
        "hoedanigheid" => List::Hoedanigheid,
        "organisatieMelder" => List::Organisation,
        "vorm" | "vormen" => List::Form,
        "aard" => List::Nature,
        "relatie" => List::Relation,
        "huidigOfVoormalig" => List::CurrentOrFormer,
        "samenwonend" | "acuutGevaar" | "geraadpleegd" | "warm" | "aanvaard" | "veilig" => {
            List::YesNo
        }
        "geslacht" => List::Sex,
        "rollen" => List::Role,
        "vermoedOfVastgesteld" => List::Certainty,
        "duur" => List::Duration,
        "onveiligheid" => List::Unsafety,
        "naleving" => List::Kept,
        "partners" | "soortOrganisatie" => List::Receiver,
        "discipline" | "disciplines" => List::Discipline,
        "wijze" => List::InformingWay,
        "aan" => List::Informed,
        "door" => List::MonitoredBy,
        "doel" => List::ResearchPurpose,
        "wijzigtVervolg" => List::FollowUp,
        "uitkomst" => return outcome(what),
        "reden" => return reason(what),
        "soort" => return kind(what),
        _ => return None,
    };
    Some(by_name)
}

fn outcome(what: &str) -> Option<List> {
    Some(match what {
        "veiligheidsbeoordeling" | "besluit" => List::FollowUp,
        "gesloten" => List::CaseOutcome,
        "onderzoek-afgerond" => List::Finding,
        "voorwaarden-afgerond" => List::ConditionsOutcome,
        "knooppunt-afgerond" => List::JunctionOutcome,
        "voorval-afgehandeld" => List::IncidentOutcome,
        "verzoek-besloten" => List::RequestOutcome,
        "contact-afgerond" => List::ContactOutcome,
        _ => return None,
    })
}

fn reason(what: &str) -> Option<List> {
    Some(match what {
        "melding-gecorrigeerd" | "persoon-gecorrigeerd" => List::CorrectionReason,
        "melding-ingetrokken" => List::WithdrawalReason,
        "onderzoek-voortijdig-afgesloten" => List::EarlyEnd,
        "overdracht-teruggegeven" => List::ReturnReason,
        "maatregel-beeindigd" => List::MeasureEnd,
        "multidisciplinair-ingebracht" => List::MultidisciplinaryReason,
        "adres-afgeschermd" => List::HidingReason,
        "informeren-uitgesteld" => List::PostponementReason,
        "niet-zelf-geinformeerd" => List::ExemptionReason,
        "termijnen-opgeschort" => List::SuspensionReason,
        "regio-overdracht-aangeboden" => List::TransferReason,
        "bewaring" | "bewaring-opgeheven" => List::HoldReason,
        _ => return None,
    })
}

fn kind(what: &str) -> Option<List> {
    Some(match what {
        "maatregel-overwogen" | "maatregel-opgelegd" => List::Measure,
        "voorval" => List::Incident,
        "verzoek" => List::Request,
        _ => return None,
    })
}
