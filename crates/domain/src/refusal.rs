//! Why not: the kinds of refusal, and faults in the input, with a Dutch text for the worker.

use chrono::NaiveDate;
use thiserror::Error;
use uuid::Uuid;

/// What a refusal is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input breaks a rule; `faults` names each.
    Invalid,
    /// There is no such thing here.
    Absent,
    /// It is so already, or the state of affairs does not allow it.
    Conflict,
}

/// One fault in the input. `at` is the path of the field in the domain's own words, as far as one field is to blame.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub at: &'static str,
    pub why: Why,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Why {
    #[error("ligt in de toekomst: {0}")]
    Future(NaiveDate),
    #[error("ligt voor de ontvangst op {0}")]
    BeforeReceipt(NaiveDate),
    #[error("ligt na de veiligheidsbeoordeling op {0}")]
    AfterTheAssessment(NaiveDate),
    #[error("ligt voor {0}, toen de vorige stap was")]
    Before(NaiveDate),
    #[error("ligt na {0}: langer mag niet")]
    TooLong(NaiveDate),
    #[error("ligt voor {0}: korter mag niet; leg vast wanneer het eerder is beeindigd")]
    TooShort(NaiveDate),
    #[error("ligt na {0}, de laatste dag")]
    AfterLastDay(NaiveDate),
    #[error("ligt niet na {0}")]
    NotAfter(NaiveDate),
    #[error("over de vorm {0} staat er geen oordeel bij")]
    NotJudged(String),
    #[error("de vorm {0} staat er twee keer in")]
    FormTwice(String),
    #[error("bij de vorm {0} staat een aard van geweld, terwijl die vorm niet is bevestigd")]
    NatureNotConfirmed(String),
    #[error("het knooppunt is er voor huwelijksdwang en achterlating")]
    NotForTheJunction,
    #[error("dit is de eigen regio")]
    OwnRegion,
    #[error("het antwoord is ja of nee")]
    NoAnswer,
    #[error("{0} doet niet mee aan deze aanpak")]
    NotTakingPart(String),
    #[error("ligt voor 1 januari 2015, toen Veilig Thuis begon")]
    BeforeTheRegister,
    #[error("persoon {0} staat niet bij de personen van deze melding")]
    UnknownPerson(Uuid),
    #[error("persoon {0} staat er twee keer in")]
    PersonTwice(Uuid),
    #[error("slachtoffer en pleger zijn dezelfde persoon: {0}")]
    SamePerson(Uuid),
    #[error("de relatie van slachtoffer {0} tot pleger {1} staat er twee keer in")]
    PairTwice(Uuid, Uuid),
    #[error("persoon {0} staat in een relatie als {1}, maar heeft die rol niet")]
    RoleMissing(Uuid, &'static str),
    #[error("ouderenmishandeling geldt vanaf 65 jaar; slachtoffer {0} is {1}")]
    TooYoungForElderAbuse(Uuid, u8),
    #[error(
        "geweld tegen ouders geldt tot 65 jaar (daarna is het ouderenmishandeling); slachtoffer {0} is {1}"
    )]
    TooOldForParentAbuse(Uuid, u8),
    #[error("er staat geen enkele vorm van geweld of andere problematiek bij")]
    NoForm,
    #[error("de toets op acuut gevaar hoort bij de ontvangst: ja, nee of onbekend")]
    AcuteDangerNotChecked,
    #[error("er wordt niets gewijzigd")]
    NothingChanged,
    #[error("beantwoord op een moment voor de ontvangst")]
    AnsweredBeforeReceipt,
    #[error("een leeftijd van {0} jaar bestaat niet")]
    ImpossibleAge(u8),
    #[error("persoon {0} is ongeboren en heeft nog geen leeftijd")]
    UnbornWithAge(Uuid),
    #[error("medewerker {0} is genoemd en uitgesloten tegelijk")]
    NamedAndExcluded(Uuid),
    #[error("noem de medewerker om wiens familie of naaste het gaat: hij ziet deze casus nooit")]
    ColleagueNotExcluded,
    #[error("er staat niemand bij wiens gegevens vernietigd moeten worden")]
    NobodyToForget,
    #[error("een persoon wordt niet met zichzelf samengevoegd of van zichzelf losgemaakt")]
    WithItself,
    #[error(
        "een verzoek om vernietiging is schriftelijk; de drie maanden lopen vanaf het schriftelijke verzoek"
    )]
    NotInWriting,
    #[error("ontbreekt: een eigen verklaring wordt aan een casus toegevoegd")]
    NoFile,
    #[error("een weigering, ook een gedeeltelijke, heeft een grond")]
    GroundMissing,
    #[error("wat helemaal wordt toegewezen heeft geen grond van weigering")]
    GroundNotNeeded,
    #[error("{0} is bij dit verzoek ({1}) geen grond")]
    NotAGround(&'static str, &'static str),
    #[error("dossier {0} staat er twee keer in")]
    FileTwice(Uuid),
    #[error("er wordt niets vernietigd")]
    NothingDestroyed,
    #[error("zonder toestemming moet het onderzoek een algemeen belang dienen")]
    NoGeneralInterest,
    #[error("onderdeel {0} is er niet")]
    NoSuchItem(u32),
    #[error("onderdeel {0}: dit is geen reden voor {1}")]
    NotAReason(u32, &'static str),
    #[error(
        "onderdeel {0} zegt van wie de gegevens komen; dat wordt alleen getoond als de melder daarmee instemt"
    )]
    OriginIsHidden(u32),
    #[error("zonder toestemming moet het onderzoek niet anders kunnen worden gedaan")]
    PossibleOtherwise,
}

/// Collects what is wrong, so that a worker hears everything at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub fn add(&mut self, at: &'static str, why: Why) {
        self.0.push(Fault { at, why });
    }

    pub fn check(&mut self, at: &'static str, wrong: bool, why: Why) {
        if wrong {
            self.add(at, why);
        }
    }

    /// Nothing wrong, or everything that is.
    pub fn into_result<R>(self, refuse: impl FnOnce(Vec<Fault>) -> R) -> Result<(), R> {
        if self.0.is_empty() { Ok(()) } else { Err(refuse(self.0)) }
    }

    pub fn list(self) -> Vec<Fault> {
        self.0
    }
}

/// Writes the two functions of [`crate::decider::Refused`] for a refusal enum with an `Invalid(Vec<Fault>)` variant.
macro_rules! refused {
    ($refusal:ident { $($kind:ident: $($variant:pat_param)|+),+ $(,)? }) => {
        impl crate::decider::Refused for $refusal {
            fn kind(&self) -> crate::refusal::Kind {
                match self {
                    Self::Invalid(_) => crate::refusal::Kind::Invalid,
                    $($($variant)|+ => crate::refusal::Kind::$kind,)+
                }
            }

            fn faults(&self) -> &[crate::refusal::Fault] {
                if let Self::Invalid(faults) = self { faults } else { &[] }
            }
        }
    };
}
pub(crate) use refused;
