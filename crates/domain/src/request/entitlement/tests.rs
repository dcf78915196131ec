//! Who may ask what, at which age: every combination, as the articles say.

use super::*;

const YES: &str = "ja";

/// Every way of asking at every age, able and not able, for one kind: what is answered, by line of the table.
fn answers(kind: Kind) -> String {
    let word = |asker: Asker| {
        asker.may_ask(kind).map_or_else(|bar| format!("{bar:?}"), |()| YES.to_owned())
    };
    let mut lines = Vec::new();
    for by in By::ALL.iter().copied() {
        let mut line = vec![by.code().to_owned()];
        for age in AgeClass::ALL.iter().copied() {
            for able in [true, false] {
                line.push(word(Asker { by, age, able }));
            }
        }
        lines.push(line.join(" "));
    }
    lines.join("\n")
}

fn says(kind: Kind, table: &str) {
    let words = |it: &str| it.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected: Vec<String> = table.trim().lines().map(words).collect();
    assert_eq!(answers(kind), expected.join("\n"));
}

/// Wmo 2015 art. 5.3.2 ([`crate::law::INSPECTION`]). Columns: below 12, 12 to 16, 16 or 17, adult; each able, then not able to weigh
/// his interests.
#[test]
fn inspection_is_for_a_child_itself_from_twelve_and_for_its_representative_below_sixteen() {
    let table = "
        zelf                        TooYoung TooYoung ja ja-not ja ja-not ja ja-not
        wettelijk-vertegenwoordiger ja ja ja ja AsksFrom16 ja AsksFrom16 ja
        mentor                      NoMentor NoMentor NoMentor NoMentor NoMentor NoMentor NoMentor ja
        gemachtigde                 TooYoung TooYoung ja ja-not ja ja-not ja ja-not
    ";
    says(Kind::Inspection, &table.replace("ja-not", "NotAble"));
    says(Kind::Correction, &table.replace("ja-not", "NotAble"));
}

/// Wmo 2015 art. 5.3.5 ([`crate::law::DESTRUCTION`]).
#[test]
fn destruction_is_not_done_on_request_of_a_child_below_twelve_nor_of_one_below_eighteen_who_is_not_able()
 {
    says(
        Kind::Destruction,
        "
        zelf                        TooYoung TooYoung ja NotAble ja NotAble ja ja
        wettelijk-vertegenwoordiger ja ja AsksFrom12 ja AsksFrom12 ja AsksFrom12 ja
        mentor                      NoMentor NoMentor NoMentor NoMentor NoMentor NoMentor NoMentor ja
        gemachtigde                 TooYoung TooYoung ja NotAble ja NotAble ja ja
    ",
    );
}

#[test]
fn everybody_may_have_his_own_words_added_whatever_his_age() {
    says(
        Kind::Statement,
        "
        zelf                        ja ja ja ja ja ja ja ja
        wettelijk-vertegenwoordiger ja ja ja ja AsksFrom16 ja AsksFrom16 ja
        mentor                      NoMentor NoMentor NoMentor NoMentor NoMentor NoMentor NoMentor ja
        gemachtigde                 ja ja ja ja ja ja ja ja
    ",
    );
}

#[test]
fn the_age_follows_from_the_birth_date_when_it_leaves_no_doubt() {
    let on = "2026-06-30".parse().unwrap();
    let age = |born: &str| AgeClass::on(born.parse().unwrap(), on);
    assert_eq!(age("2014-07-01"), Some(AgeClass::Below12));
    assert_eq!(age("2014-06-30"), Some(AgeClass::From12));
    assert_eq!(age("2010-07-01"), Some(AgeClass::From12));
    assert_eq!(age("2010-06-30"), Some(AgeClass::From16));
    assert_eq!(age("2008-06-30"), Some(AgeClass::Adult));
    // Known in part: of two classes, or of one after all.
    assert_eq!(age("2014"), None);
    assert_eq!(age("2014-06"), Some(AgeClass::From12));
    assert_eq!(age("1985"), Some(AgeClass::Adult));
    assert_eq!(age("2026"), Some(AgeClass::Below12));
    assert_eq!(age("2026-07-01"), None);
}

#[test]
fn the_published_lists_are_those_on_which_the_law_branches() {
    let codes =
        |list| crate::codes::values(list).iter().map(|it| it.code.as_str()).collect::<Vec<_>>();
    let of = |all: &[&'static str]| all.to_vec();
    assert_eq!(codes(By::LIST), of(&By::ALL.iter().map(|it| it.code()).collect::<Vec<_>>()));
    assert_eq!(
        codes(AgeClass::LIST),
        of(&AgeClass::ALL.iter().map(|it| it.code()).collect::<Vec<_>>())
    );
    assert_eq!(codes(Kind::LIST), of(&Kind::ALL.iter().map(|it| it.code()).collect::<Vec<_>>()));
    let outcomes = super::super::Outcome::ALL.iter().map(|it| it.code()).collect::<Vec<_>>();
    assert_eq!(codes(super::super::Outcome::LIST), outcomes);
    let grounds = super::super::Ground::ALL.iter().map(|it| it.code()).collect::<Vec<_>>();
    assert_eq!(codes(super::super::Ground::LIST), grounds);
}
