//! The published JSON Schemas of `schemas/`, compiled once, and their faults in Dutch.

use crate::problem::InputFault;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;
use std::sync::LazyLock;

macro_rules! schemas {
    ($($name:ident = $file:literal $(/ $step:literal)?),+ $(,)?) => {
        /// The schemas of request bodies.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Schema { $($name),+ }

        impl Schema {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The file; of a topic of a casus, the step in it as well.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => concat!($file $(, "/", $step)?)),+ }
            }

            const fn text(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../../../schemas/", $file, ".json"))),+
                }
            }
        }
    };
}

schemas! {
    Contact = "contact",
    ContactConclusion = "contact-afronding",
    Advice = "advies",
    AdviceContact = "advies-contactmoment",
    AdviceCorrection = "advies-correctie",
    AdviceClosing = "advies-afsluiting",
    Melding = "melding",
    MeldingAssignment = "melding-toewijzing",
    MeldingCorrection = "melding-correctie",
    MeldingWithdrawal = "melding-intrekking",
    Assessment = "veiligheidsbeoordeling",
    Case = "casus",
    CaseMelding = "casus-melding",
    CasePerson = "casus-betrokkene",
    CasePair = "casus-relatie",
    CaseClosing = "casus-sluiting",
    Assignment = "casus-toewijzingen" / "toewijzing",
    MovedIn = "casus-huishouden" / "inwoning",
    MovedOut = "casus-huishouden" / "vertrek",
    InvestigationDecided = "casus-onderzoeken" / "besluit",
    InvestigationBegun = "casus-onderzoeken" / "begin",
    InvestigationConcluded = "casus-onderzoeken" / "oordeel",
    InvestigationEnded = "casus-onderzoeken" / "beeindiging",
    ConditionsDecided = "casus-voorwaarden" / "besluit",
    ConditionsBegun = "casus-voorwaarden" / "begin",
    ConditionAgreed = "casus-voorwaarden" / "afspraak",
    ConditionReviewed = "casus-voorwaarden" / "toetsing",
    ConditionsConcluded = "casus-voorwaarden" / "afronding",
    HandoverSent = "casus-overdrachten" / "verzending",
    HandoverAccepted = "casus-overdrachten" / "aanvaarding",
    HandoverStarted = "casus-overdrachten" / "begin",
    HandoverReturned = "casus-overdrachten" / "teruggave",
    MeasureConsidered = "casus-maatregelen" / "overweging",
    MeasureImposed = "casus-maatregelen" / "oplegging",
    MeasureExtended = "casus-maatregelen" / "verlenging",
    MeasureEnded = "casus-maatregelen" / "beeindiging",
    MultidisciplinaryPutIn = "casus-multidisciplinair" / "inbreng",
    MultidisciplinaryAnswered = "casus-multidisciplinair" / "antwoord",
    MultidisciplinaryEnded = "casus-multidisciplinair" / "beeindiging",
    JunctionConsulted = "casus-knooppunt" / "vraag",
    JunctionAnswered = "casus-knooppunt" / "antwoord",
    JunctionConcluded = "casus-knooppunt" / "afronding",
    PersonInformed = "casus-informeren" / "informeren",
    InformingPostponed = "casus-informeren" / "uitstel",
    InformingExempted = "casus-informeren" / "vrijstelling",
    OtherInformed = "casus-informeren" / "kennisgeving",
    MonitoringStarted = "casus-monitoring" / "begin",
    MonitoringPlanned = "casus-monitoring" / "planning",
    MonitoringHeld = "casus-monitoring" / "bevinding",
    MonitoringCancelled = "casus-monitoring" / "annulering",
    MonitoringEnded = "casus-monitoring" / "beeindiging",
    Suspended = "casus-opschortingen" / "opschorting",
    Resumed = "casus-opschortingen" / "hervatting",
    TransferOffered = "casus-regio-overdrachten" / "aanbod",
    TransferAnswered = "casus-regio-overdrachten" / "antwoord",
    TakenOver = "casus-regio-overdrachten" / "overname",
    IncidentRecorded = "casus-voorvallen" / "voorval",
    IncidentReported = "casus-voorvallen" / "toezichtmelding",
    IncidentSettled = "casus-voorvallen" / "afhandeling",
    RestrictionPlaced = "casus-afscherming" / "plaatsing",
    RestrictionLifted = "casus-afscherming" / "opheffing",
    EmergencyOpened = "noodtoegang" / "opening",
    EmergencyEnded = "noodtoegang" / "beeindiging",
    EmergencyReviewed = "noodtoegang" / "beoordeling",
    HoldPlaced = "casus-bewaring" / "plaatsing",
    HoldLifted = "casus-bewaring" / "opheffing",
    ResearchUsed = "casus-onderzoeksgebruik" / "gebruik",
    ResearchObjected = "casus-onderzoeksgebruik" / "bezwaar",
    Request = "verzoek",
    RequestExtended = "verzoek-behandeling" / "verlenging",
    RequestDecided = "verzoek-behandeling" / "besluit",
    RequestTold = "verzoek-behandeling" / "bekendmaking",
    RequestExecuted = "verzoek-behandeling" / "uitvoering",
    RequestWithdrawn = "verzoek-behandeling" / "intrekking",
    CopyDrafted = "verzoek-kopie" / "opstelling",
    CopyWeighed = "verzoek-kopie" / "afweging",
    CopyFixed = "verzoek-kopie" / "vaststelling",
    Person = "persoon",
    PersonIdentification = "persoon-identificatie",
    PersonCorrection = "persoon-correctie",
    PersonMerge = "persoon-samenvoeging",
    PersonUnmerge = "persoon-ontkoppeling",
    PersonBirth = "persoon-geboorte",
    AddressHidden = "persoon-adresafscherming" / "plaatsing",
    AddressShown = "persoon-adresafscherming" / "opheffing",
    PersonSearch = "personen-zoek",
}

static COMPILED: LazyLock<Vec<Validator>> = LazyLock::new(|| {
    let compile = |schema: &Schema| {
        let options = jsonschema::options().should_validate_formats(true);
        options.build(&schema.json()).expect("published schemas are valid")
    };
    Schema::ALL.iter().map(compile).collect()
});

impl Schema {
    /// The schema as published.
    pub fn json(self) -> Value {
        let file: Value = serde_json::from_str(self.text()).expect("published schemas are JSON");
        match self.name().split_once('/') {
            None => file,
            Some((_, step)) => file["$defs"][step].clone(),
        }
    }

    /// Everything in which a body differs from the schema.
    pub fn faults(self, body: &Value) -> Vec<InputFault> {
        let validator = &COMPILED[self as usize];
        if validator.is_valid(body) {
            return vec![];
        }
        validator.iter_errors(body).flat_map(|error| in_dutch(&error)).collect()
    }
}

fn in_dutch(error: &ValidationError<'_>) -> Vec<InputFault> {
    let at = error.instance_path().as_str().to_owned();
    let below = |key: &str| format!("{at}/{key}");
    let one = |detail: String| vec![InputFault { pointer: at.clone(), detail }];
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![InputFault { pointer: below(name), detail: "ontbreekt".to_owned() }]
        }
        Kind::AdditionalProperties { unexpected } => {
            let fault = |name: &String| InputFault {
                pointer: below(name),
                detail: "hoort hier niet".to_owned(),
            };
            unexpected.iter().map(fault).collect()
        }
        Kind::Type { .. } => one("is van de verkeerde soort".to_owned()),
        Kind::Format { format } => one(match format.as_str() {
            "uuid" => "geen UUID".to_owned(),
            "date" => "geen bestaande datum; verwacht JJJJ-MM-DD".to_owned(),
            "date-time" => "geen tijdstip met tijdzone".to_owned(),
            other => format!("niet in de vorm {other}"),
        }),
        Kind::AnyOf { .. } | Kind::OneOfNotValid { .. } => {
            one("geen datum of tijdstip met tijdzone".to_owned())
        }
        Kind::Pattern { .. } => one("niet in de verwachte vorm".to_owned()),
        Kind::MinLength { .. } => one("is leeg".to_owned()),
        Kind::MaxLength { limit } => one(format!("is langer dan {limit} tekens")),
        Kind::MinItems { limit } => one(format!("heeft minder dan {limit} waarden")),
        Kind::MaxItems { limit } => one(format!("heeft meer dan {limit} waarden")),
        Kind::UniqueItems => one("heeft een waarde twee keer".to_owned()),
        Kind::Minimum { limit } => one(format!("is kleiner dan {limit}")),
        Kind::Maximum { limit } => one(format!("is groter dan {limit}")),
        Kind::MinProperties { .. } => one("er wordt niets gewijzigd".to_owned()),
        _ => one("voldoet niet aan het schema".to_owned()),
    }
}
