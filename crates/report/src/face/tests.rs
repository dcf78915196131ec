//! The faces: what a spreadsheet, a terminal and a reader get.

use super::csv::{Variant, csv};
use super::html::html;
use super::text::text;
use super::*;
use crate::disclosure::Profile;
use crate::sample::{self, counted, melding_place};
use crate::statistics;
use crate::trend::{self, Question};
use domain::area::{Areas, Boundaries};

fn report(profile: Profile) -> Report {
    trend::report(&sample::counts(), &sample::question(profile))
}

#[test]
fn numbers_are_in_dutch_notation() {
    let table =
        [(0, "0"), (999, "999"), (1905, "1.905"), (1_234_567, "1.234.567"), (-1200, "−1.200")];
    for (value, text) in table {
        assert_eq!(number(value), text);
    }
    assert_eq!((signed(5), signed(0)), ("+5".to_owned(), "0".to_owned()));
    assert_eq!(percent(0.319), "31,9 %");
}

#[test]
fn the_plain_csv_is_one_long_table() {
    let text = csv(&report(Profile::ROUNDED), Variant::Plain);
    let mut lines = text.split("\r\n");
    let heading = "tabel,teleenheid,definitie,dimensie1,code1,label1,dimensie2,code2,label2,dimensie3,code3,label3,periode,waarde,\
                   status,aandeel,profiel,zoalsBekendOp,grenzen,gemeenten,volledig";
    assert_eq!(lines.next(), Some(heading));
    let line = "meldingen-naar-vorm,meldingen,2019.1,vorm,kindermishandeling,Kindermishandeling,,,,,,,2023,25,afgerond,0.714,\
                afgerond5,2024-03-01T00:00:00Z,datum,,";
    assert!(lines.clone().any(|it| it == line));
    let hidden =
        "vorm,ouderenmishandeling,Ouderenmishandeling (ouder dan 65 jaar),,,,,,,2023,,geheim,,";
    assert!(lines.any(|it| it.contains(hidden)));
    let mut reader = ::csv::Reader::from_reader(text.as_bytes());
    assert!(reader.records().all(|it| it.is_ok_and(|it| it.len() == 21)));
}

#[test]
fn the_csv_for_excel_opens_right_in_dutch() {
    let text = csv(&report(Profile::ROUNDED), Variant::Excel);
    assert!(text.starts_with("\u{feff}tabel;teleenheid;"));
    assert!(text.contains(";2023;25;afgerond;0,714;afgerond5;"));
    assert!(text.contains("\"=\"\"0106\"\"\";Assen;"));
    assert!(text.contains("leeftijd;\"=\"\"25-44\"\"\""));
    assert!(text.ends_with("\r\n"));
}

#[test]
fn the_text_fits_a_terminal() {
    for profile in [Profile::Internal, Profile::ROUNDED] {
        let text = text(&report(profile));
        let widest = text.lines().map(|it| it.chars().count()).max();
        assert!(widest.is_some_and(|it| it <= 100), "{widest:?}");
        assert!(text.starts_with("Trendrapport 2023: Veilig Thuis Drenthe (VT02)\n"));
        assert!(text.lines().all(|it| it == it.trim_end()));
    }
}

#[test]
fn the_text_has_a_line_per_category() {
    let text = text(&report(Profile::ROUNDED));
    let line = text.lines().find(|it| it.starts_with("Kindermishandeling ")).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words, ["Kindermishandeling", "?", ".", "0", "15", "20", "+5", "100,0", "%"]);
    assert!(text.contains("\nMELDINGEN\n=========\n"));
}

#[test]
fn the_page_stands_by_itself_and_can_be_read_by_everyone() {
    let page = html(&report(Profile::ROUNDED));
    assert!(page.starts_with("<!doctype html>\n<html lang=\"nl\">"));
    for outside in ["src=", "href=\"http", "@import", "url(http", "<script"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<a class=\"skip\" href=\"#inhoud\">"));
    assert!(page.contains("@media print"));
    for chapter in crate::definition::Chapter::ALL {
        let (code, _) = chapter.name();
        assert!(page.contains(&format!("<a href=\"#hoofdstuk-{code}\">")));
        assert!(page.contains(&format!("<h2 id=\"hoofdstuk-{code}\">")));
    }
    let count = |part| page.matches(part).count();
    assert_eq!(count("<table"), count("<caption>"));
    assert_eq!(count("<svg "), count("<desc "));
    assert_eq!(count("<svg "), count("role=\"img\""));
    assert_eq!(count("<svg "), count("<title ") - count("<head>\n<title "));
    assert!(count("<svg ") > 15);
    assert_eq!(count("<th>"), 0);
}

#[test]
fn ids_on_the_page_are_unique() {
    let page = html(&report(Profile::ROUNDED));
    let ids: Vec<&str> =
        page.split(" id=\"").skip(1).filter_map(|it| it.split('"').next()).collect();
    let unique: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
}

#[test]
fn sentences_say_what_is_seen() {
    let page = html(&report(Profile::Internal));
    let seen = [
        "In 2023 kwamen 52 contacten binnen, 33 % meer dan in 2022.",
        "In 2023 zijn 20 adviezen gestart, 33 % meer dan in 2022.",
        "In 2023 kwamen 36 meldingen binnen, 33 % meer dan in 2022.",
        "Van de meldingen in 2023 was 44,4 % een eerste melding, 33,3 % een hermelding en 22,2 % een vervolgmelding.",
        "In 2023 staan 36 vermoedelijke slachtoffers in meldingen, 33 % meer dan in 2022; 66,7 % van hen is vrouw.",
        "In 2023 kwamen 8 meldingen met een bijzondere vorm van geweld binnen, 33 % meer dan in 2022.",
        "Van de beoordeelde meldingen in 2023 is 71,4 % binnen de norm van vijf werkdagen beoordeeld; 8 meldingen zijn nog niet \
         beoordeeld.",
        "In 2023 was 66,7 % van de veiligheidsbeoordelingen en 66,7 % van de oordelen van een onderzoek op tijd.",
        "Van de meldingen in 2023 kreeg 22,2 % vervolgstappen bij Veilig Thuis en 55,6 % een overdracht.",
        "In 2023 zijn 40 overdrachten verzonden, 33 % meer dan in 2022. Daarvan is 50,0 % aanvaard.",
        "In 2023 zijn 16 onderzoeken afgerond, 33 % meer dan in 2022.",
        "Van de onderzoeken waartoe in 2023 is besloten wacht 28,6 % nog.",
        "In 2023 zijn 8 diensten voorwaarden en vervolg afgerond, 33 % meer dan in 2022.",
        "In 2023: 12 tijdelijke huisverboden opgelegd.",
        "In 2023 zijn 8 casussen in de multidisciplinaire aanpak ingebracht, 33 % meer dan in 2022.",
        "In 2023 waren er 32 monitoringsmomenten, 33 % meer dan in 2022.",
        "Van de betrokkenen over wie in 2023 gegevens zijn vastgelegd is 50,0 % binnen de termijn geïnformeerd en 22,2 % nog niet.",
        "In 2023: 20 casussen geopend, 12 gesloten.",
        "In 2023: 8 casussen aangeboden aan een andere regio, 4 overgenomen.",
        "In 2023: 8 klachten vastgelegd bij een casus.",
        "Van de meldingen in 2023 is 10,0 % meer dan 30 dagen na ontvangst vastgelegd.",
    ];
    for sentence in seen {
        assert!(page.contains(&format!("<p class=\"seen\">{sentence}</p>")), "{sentence}");
    }
}

#[test]
fn an_empty_register_has_a_report_too() {
    for profile in [Profile::Internal, Profile::ROUNDED] {
        let report = trend::report(&[], &sample::question(profile));
        let page = html(&report);
        assert!(page.contains("In 2023 kwamen er geen meldingen binnen."));
        assert!(!page.contains("<svg "));
        assert!(text(&report).contains("Hiervan is niets geteld."));
        assert!(csv(&report, Variant::Plain).contains(",nul,"));
    }
}

#[test]
fn text_from_outside_cannot_become_markup() {
    let mut counts = sample::counts();
    counts.push(counted(202_301, 50, melding_place("<script>&", &["<b>\"'"])));
    let question = Question { organisation: None, ..sample::question(Profile::Internal) };
    let page = html(&trend::report(&counts, &question));
    assert!(!page.contains("<script") && !page.contains("<b>"));
    assert!(page.contains("&lt;script&gt;&amp;") && page.contains("&lt;b&gt;&quot;&#39;"));
}

#[test]
fn statistics_have_the_same_faces() {
    let period: Period = "2023H1".parse().unwrap();
    let area = Area::Municipality("0106".to_owned());
    let boundaries = Boundaries::OfTheDate;
    let extent = Areas::default().extent(area, &period.first_days(), boundaries).unwrap();
    let question = statistics::Question {
        table: "meldingen-naar-vorm",
        period,
        extent: &extent,
        as_known_at: "2024-03-01T00:00:00Z".parse().unwrap(),
        standing: &[],
        threshold: 8,
    };
    let report = statistics::table(&sample::counts(), &question).unwrap();
    let page = html(&report);
    assert!(page.contains("<h1>Veilig Thuis in gemeente Assen (0106), 1e helft 2023</h1>"));
    assert!(page.contains("In de 1e helft van 2023 kwamen 10 meldingen binnen."));
    assert!(csv(&report, Variant::Plain).contains(",2023H1,10,afgerond,"));
    assert!(csv(&report, Variant::Plain).contains(",datum,GM0106,ja\r\n"));
    assert!(text(&report).contains("1e helft 2023"));
}

/// Of a table by itself, and of the report: in which boundaries, and what happened to what was divided.
#[test]
fn every_face_says_in_which_boundaries_was_counted() {
    let of = |boundaries| {
        let question = Question { boundaries, ..sample::question(Profile::Internal) };
        let report = trend::report(&sample::counts(), &question);
        let faces = [text(&report), html(&report), serde_json::to_string(&report).unwrap()];
        (faces.map(|it| it.replace('\n', " ").replace("&#39;", "'")), csv(&report, Variant::Plain))
    };
    let (then, rows) = of(Boundaries::OfTheDate);
    assert!(
        then.iter().all(|it| it.contains("in de gemeentegrenzen van de dag waarop het gebeurde."))
    );
    assert!(rows.contains(",datum,,\r\n"));
    let (now, rows) = of(Boundaries::On(NaiveDate::from_ymd_opt(2024, 3, 1).unwrap()));
    for part in [
        "in de gemeentegrenzen van 1 maart 2024: een opgeheven gemeente telt mee",
        "Verdeelde gemeenten tellen geheel bij hun grootste deel:",
        "Winsum bij Het Hogeland",
        "Maasdonk bij 's-Hertogenbosch",
    ] {
        assert!(now.iter().all(|it| it.contains(part)), "{part}");
    }
    assert!(rows.contains(",heden 2024-03-01,,\r\n"));
}

#[test]
fn a_centre_area_of_which_not_all_is_known_says_so_to_readers() {
    let period: Period = "2023".parse().unwrap();
    let area = Area::Centre("0193".to_owned());
    let extent =
        Areas::default().extent(area, &period.first_days(), Boundaries::OfTheDate).unwrap();
    let question = statistics::Question {
        table: "meldingen",
        period,
        extent: &extent,
        as_known_at: "2024-03-01T00:00:00Z".parse().unwrap(),
        standing: &[],
        threshold: 8,
    };
    let report = statistics::table(&sample::counts(), &question).unwrap();
    for face in [text(&report), html(&report)].map(|it| it.replace('\n', " ")) {
        assert!(face.contains("Veilig Thuis in het centrumgebied Zwolle (0193), 2023"), "{face}");
        assert!(face.contains("Dalfsen (0148)") && face.contains("Zwolle (0193)"));
        assert!(face.contains("niet bekend of dit alle gemeenten van het centrumgebied zijn"));
    }
    assert!(
        csv(&report, Variant::Plain).contains("GM0193")
            && csv(&report, Variant::Plain).contains(",nee\r\n")
    );
}
