//! Sentences about finding people again. All of them are fictional; numbers are from the range for tests.

use super::sound::sounds;
use super::*;
use crate::codes::{List, find};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn card(told: Value) -> Card {
    Card::from(serde_json::from_value::<Told>(told).unwrap())
}

fn person(first: &str, last: &str, born: &str) -> Card {
    card(json!({ "voornamen": first, "achternaam": last, "geboortedatum": born }))
}

/// Whether one is found by the other at all, and how well they agree.
fn agreement(asked: &Card, known: &Card) -> Option<Match> {
    let meet = !keys(asked).is_disjoint(&keys(known));
    Query::of(asked).score(known).filter(|_| meet)
}

fn sound_alike(one: &str, other: &str) -> bool {
    let of = |name: &str| -> BTreeSet<String> {
        name::last_names(name).iter().flat_map(|it| sounds(it)).collect()
    };
    !of(one).is_disjoint(&of(other))
}

#[test]
fn names_that_sound_alike_have_a_sound_in_common() {
    let alike = [
        "Meijer Meyer Meier Maier",
        "Dijk Dyk Dijck Deijk",
        "Visser Visscher Fisser",
        "Jansen Janssen Janse",
        "Smit Smid Smidt Smith",
        "Kuiper Kuijper Kuyper Cuyper Cuijper",
        "Blauw Blau Blouw",
        "Hendriks Hendrix Hendricks Hendrickx",
        "Zwart Swart Swarth",
        "Bosch Bos",
        "Koning Coning Koningh",
        "Quinten Kwinten",
        "Philips Filips Fillips",
        "Vermeulen Fermeulen Vermeulin",
        "Schouten Schauten",
        "Mohammed Mohamed Muhammad Muhamed Mohammad",
        "Ahmed Achmed Ahmet Achmet",
        "Youssef Yousef Yusuf Joesoef Josef",
        "Rachid Rashid Rasjid Rachied",
        "Khalid Galid Chalid Khaled",
        "Djamila Jamila Yamila",
        "Hoessein Hussein Hussain Housain Husejn",
        "Jaouad Jawad",
        "Yildiz Jildis Yıldız",
        "Şahin Sahin Shahin Sjahin",
        "Kowalczyk Kovalczyk Kowaltsjik",
        "Nowak Novak",
        "Christiaan Kristiaan",
        "Cees Kees",
        "Chantal Shantal",
        "Ouali Wali",
        "El-Amrani Elamrani Amrani Amrany",
        "Đorđević Dordevic",
        "Müller Muller Mueller",
    ];
    for line in alike {
        let (first, others) = line.split_once(' ').unwrap();
        for other in others.split(' ') {
            let said = [first, other].map(|it| sounds(&name::fold(it)));
            assert!(sound_alike(first, other), "{first} and {other}: {said:?}");
        }
    }
}

#[test]
fn names_that_differ_in_sound_are_not_taken_for_each_other() {
    for (one, other) in [
        ("Mulder", "Muller"),
        ("Meijer", "Meijers"),
        ("Jansen", "Janssens"),
        ("Smit", "Smits"),
        ("Bakker", "Bakels"),
        ("Jansen", "Hansen"),
        ("Peters", "Peeks"),
        ("Willems", "Wilders"),
        ("Brouwer", "Bouwer"),
        ("Kok", "Kop"),
        ("Yilmaz", "Yildiz"),
        ("Hassan", "Hamza"),
        ("Fatima", "Farida"),
        ("Nowak", "Nowicz"),
    ] {
        assert!(!sound_alike(one, other), "{one} and {other}");
    }
}

#[test]
fn a_name_is_one_name_in_every_spelling_of_its_prefix() {
    for (one, other) in [
        ("van der Berg", "v.d. Berg"),
        ("van der Berg", "v/d Berg"),
        ("van der Berg", "vd Berg"),
        ("van den Berg", "Vandenberg"),
        ("van der Berg", "Berg"),
        ("de Vries", "Vries"),
        ("'t Hart", "t Hart"),
        ("van ’t Hof", "Hof"),
        ("ten Cate", "Cate"),
        ("El Amrani", "Elamrani"),
        ("el-Amrani", "Amrani"),
        ("Al Hashimi", "Alhashimi"),
        ("Ben Ali", "Ali"),
        ("Vries-de Boer", "Boer"),
        ("de Vries - van den Berg", "Vries"),
        ("Oude Kamp", "Oudekamp"),
        ("Núñez", "Nunez"),
    ] {
        let of = |it: &str| name::last_names(it).into_iter().collect::<BTreeSet<_>>();
        assert!(
            !of(one).is_disjoint(&of(other)),
            "{one} and {other}: {:?} {:?}",
            of(one),
            of(other)
        );
    }
    assert_eq!(name::last_names("de"), ["de"]);
}

#[test]
fn a_whole_name_falls_apart_in_first_and_last_names() {
    for (whole, first, last) in [
        ("Testpersoon de Vries", Some("Testpersoon"), "de Vries"),
        ("Vries, T. de", Some("T."), "de Vries"),
        ("Berg, Jan Peter van den", Some("Jan Peter"), "van den Berg"),
        ("T. v.d. Berg", Some("T."), "v.d. Berg"),
        ("Mohammed El Amrani", Some("Mohammed"), "El Amrani"),
        ("Jan Bakker", Some("Jan"), "Bakker"),
        ("D. Jansen", Some("D."), "Jansen"),
        ("Jansen", None, "Jansen"),
        ("", None, ""),
    ] {
        assert_eq!(name::split(whole), (first.map(str::to_owned), last.to_owned()), "{whole}");
    }
}

#[test]
fn numbers_and_addresses_are_one_in_every_spelling() {
    for text in
        ["06-12345678", "0612345678", "+31 6 1234 5678", "0031612345678", "+31 (0)6 12345678"]
    {
        assert_eq!(name::phone(text), "612345678", "{text}");
    }
    assert_ne!(name::phone("+49 6 12345678"), name::phone("06 12345678"));
    for text in ["9401 AB", "9401ab", " 9401  Ab "] {
        assert_eq!(name::postcode(text), "9401ab", "{text}");
    }
    for (text, addition) in [("12", ""), ("12 A", "a"), ("12-a", "a"), ("12 bis", "bis")] {
        assert_eq!(name::house_number(text), ("12".to_owned(), addition.to_owned()), "{text}");
    }
}

#[test]
fn somebody_is_found_whatever_was_written_otherwise() {
    let known = person("Fatima Testina", "el Yaqoubi", "1987-04-11");
    for (asked, reason) in [
        (person("Fatima", "el Yaqoubi", "1987-04-11"), Reason::SameBirth),
        (person("Fatima", "Jacoubi", "1987-04-11"), Reason::LastNameSounds),
        (person("Fatima", "Yaqoubi", "1987-11-04"), Reason::SwappedBirth),
        (person("Fatima", "Yaqoubi", "1987-04-12"), Reason::OneDigitOff),
        (person("F.", "Yaqoubi", "1987"), Reason::SameInitial),
        (person("Fatma", "Yaqoubi", "1987-04"), Reason::FirstNameSounds),
        (person("Fatima", "Yaqobui", "1987"), Reason::SameYear),
        (card(json!({ "naam": "Yaqoubi, Fatima el" })), Reason::SameFirstName),
        (person("Yaqoubi", "Fatima", "1987-04-11"), Reason::NamesChanged),
    ] {
        let found = agreement(&asked, &known);
        assert!(
            found.as_ref().is_some_and(|it| it.reasons.contains(&reason)),
            "{reason:?}: {found:?}"
        );
    }
}

#[test]
fn somebody_is_found_by_number_telephone_or_address_alone() {
    let known = card(
        json!({ "naam": "Testpersoon Appel", "bsn": "999990019", "telefoon": "+31 6 00012345",
        "adres": { "postcode": "0000 AB", "huisnummer": "12 A" } }),
    );
    for (asked, reason) in [
        (json!({ "bsn": "999990019" }), Reason::SameBsn),
        (json!({ "telefoon": "06-00012345" }), Reason::SamePhone),
        (json!({ "adres": { "postcode": "0000ab", "huisnummer": "12" } }), Reason::SameAddress),
    ] {
        let found = agreement(&card(asked), &known).unwrap();
        assert_eq!(found.reasons, [reason]);
    }
}

#[test]
fn a_name_of_birth_is_a_name_and_a_former_one_too() {
    let mut known =
        card(json!({ "voornamen": "Test", "achternaam": "Kers", "geboortenaam": "de Pruim" }));
    known.add(serde_json::from_value(json!({ "achternaam": "Braam" })).unwrap());
    for last in ["Kers", "Braam"] {
        let found = agreement(&person("Test", last, "1987"), &known).unwrap();
        assert_eq!(found.reasons, [Reason::SameLastName, Reason::SameFirstName], "{last}");
    }
    let found = agreement(&person("Test", "Pruim", "1987"), &known).unwrap();
    assert_eq!(found.reasons, [Reason::SameBirthName, Reason::SameFirstName]);
}

#[test]
fn what_was_corrected_is_not_found_any_more_and_the_rest_stays() {
    let mut known = card(
        json!({ "naam": "Testpersoon Appel", "geboortedatum": "1987-04-11", "bsn": "999990019" }),
    );
    let right = || serde_json::from_value(json!({ "achternaam": "Peer", "bsn": "onbekend" }));
    let mut of_one_source = known.clone();
    known.correct(&known.clone(), right().unwrap());
    assert_eq!(known, person("Testpersoon", "Peer", "1987-04-11"));
    // What another source told is not corrected by this one.
    of_one_source.correct(&card(json!({ "bsn": "999990019" })), right().unwrap());
    assert!(agreement(&card(json!({ "naam": "Testpersoon Appel" })), &of_one_source).is_some());
    assert!(agreement(&card(json!({ "bsn": "999990019" })), &of_one_source).is_none());
    assert!(agreement(&card(json!({ "naam": "Testpersoon Appel" })), &known).is_none());
    assert!(agreement(&card(json!({ "bsn": "999990019" })), &known).is_none());
}

#[test]
fn what_contradicts_counts_against_somebody() {
    let known = person("Test", "Appel", "1987-04-11");
    let same = agreement(&known, &known).unwrap().score;
    assert!(same >= STRONG);
    for other in [
        person("Test", "Appel", "1951-09-30"),
        person("Roos", "Appel", "1987-04-11"),
        person("Test", "Hazelnoot", "1987-04-11"),
    ] {
        let found = agreement(&other, &known);
        assert!(found.as_ref().is_none_or(|it| it.score < STRONG && it.score < same), "{found:?}");
    }
    assert!(agreement(&person("Roos", "Hazelnoot", "1951-09-30"), &known).is_none());
}

/// What somebody types may not make a search as heavy as he likes.
#[test]
fn a_name_of_a_hundred_words_has_few_keys() {
    let words = "chacha kees ".repeat(16);
    let endless = card(json!({ "voornamen": words, "achternaam": words, "geboortenaam": words,
        "geboortedatum": "1987", "adres": { "postcode": "0000AB" } }));
    assert!(keys(&endless).len() < 200, "{}", keys(&endless).len());
}

#[test]
fn a_last_name_alone_finds_nobody() {
    for asked in [json!({ "achternaam": "Appel" }), json!({ "voornamen": "Test" }), json!({})] {
        assert!(keys(&card(asked)).is_empty());
    }
}

#[test]
fn every_reason_has_its_code_and_every_kind_of_key_its_own_number() {
    for reason in Reason::ALL {
        assert!(find(List::MatchReason, reason.code()).is_some(), "{}", reason.code());
    }
    assert_eq!(crate::codes::values(List::MatchReason).len(), Reason::ALL.len());
    let all =
        card(json!({ "naam": "Testpersoon Appel", "bsn": "999990019", "telefoon": "06-00012345",
        "geboortedatum": "1987-04-11", "adres": { "postcode": "0000AB", "huisnummer": "12" } }));
    let kinds: BTreeSet<u8> = keys(&all).iter().map(|it| it.kind.number()).collect();
    assert_eq!(kinds, (1..=10).collect());
}

#[test]
fn a_card_is_not_printed() {
    assert!(!format!("{:?}", person("Test", "Appel", "1987-04-11")).contains("Appel"));
}
