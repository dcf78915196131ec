//! The cells lie on the published figures, and together they are the country.

use super::*;

fn of(region: &str) -> Vec<Cell> {
    cells(2023, region).unwrap()
}

fn sum(cells: &[Cell], of: impl Fn(&Cell) -> u32) -> u32 {
    cells.iter().map(of).sum()
}

#[test]
fn the_country_adds_up_to_what_is_published() {
    let all = of("Nederland");
    assert_eq!(sum(&all, |it| it.classes.total()), 127_340);
    assert_eq!(sum(&all, |it| it.advice), 143_210);
    assert_eq!(sum(&all, |it| it.classes.first), 40_615);
    assert_eq!(sum(&all, |it| it.classes.several), 43_080);
    assert_eq!(sum(&all, |it| it.classes.one), 5_475);
    assert_eq!(sum(&all, |it| it.classes.none), 1_815);
    assert_eq!(sum(&all, |it| it.classes.during), 16_915);
    assert_eq!(sum(&all, |it| it.classes.after), 12_895);
    assert_eq!(sum(&all, |it| it.classes.monitored), 6_545);
    assert_eq!(sum(&all, |it| it.investigations.completed), 7_350);
    assert_eq!(sum(&all, |it| it.investigations.judged), 5_595);
    assert_eq!(sum(&all, |it| it.investigations.confirmed[0]), 2_900);
    assert_eq!(sum(&all, |it| it.investigations.confirmed[2]), 1_500);
    assert_eq!(sum(&all, |it| it.melders[6]), 85_590);
    assert_eq!(sum(&all, |it| it.askers[10]), 63_200);
    assert_eq!((sum(&all, |it| it.trafficking[0]), sum(&all, |it| it.trafficking[1])), (590, 545));
    let mut organisations: Vec<_> = all.iter().map(|it| it.organisation).collect();
    organisations.sort();
    organisations.dedup();
    assert_eq!(organisations.len(), 25);
}

#[test]
fn every_province_has_its_vervolgmeldingen() {
    let all = of("Nederland");
    for (province, published) in
        [("Groningen", 795), ("Drenthe", 480), ("Noord-Holland", 7350), ("Limburg", 1740)]
    {
        let here: Vec<&Cell> =
            all.iter().filter(|it| it.places.iter().all(|it| it.province == province)).collect();
        let further: u32 = here.iter().map(|it| it.classes.further()).sum();
        assert_eq!(further, published, "{province}");
    }
    assert_eq!(sum(&all, |it| it.classes.further()), 36_355);
}

#[test]
fn what_is_dealt_fits_every_cell() {
    for cell in of("NL") {
        let meldingen = cell.classes.total();
        assert_eq!(cell.melders.iter().sum::<u32>(), meldingen);
        assert_eq!(cell.askers.iter().sum::<u32>(), cell.advice);
        assert_eq!(cell.outcomes.iter().sum::<u32>(), meldingen);
        assert!(cell.own() <= cell.classes.during);
        assert!(cell.classes.first > 0);
    }
}

#[test]
fn drenthe_has_its_casussen_and_its_own_part() {
    let drenthe = of("drenthe");
    assert_eq!(sum(&drenthe, |it| it.classes.total()), 1_905);
    assert_eq!(sum(&drenthe, |it| it.advice), 2_960);
    assert_eq!(sum(&drenthe, Cell::opened), 1_495);
    let part = of("GM1731");
    assert_eq!((part[0].classes.total(), part[0].advice, part[0].opened()), (105, 130, 80));
    let gelderland = of("Gelderland");
    assert_eq!(sum(&gelderland, |it| it.outcomes[1]), 4_335);
    assert_eq!(sum(&gelderland, |it| it.acute), 240);
}

#[test]
fn a_region_without_figures_says_which_there_are() {
    let refused = cells(2022, "Drenthe").map(|_| ()).unwrap_err().to_string();
    assert!(refused.contains("Nederland") && refused.contains("2023"), "{refused}");
    assert!(cells(2023, "Utrecht").is_err());
}
