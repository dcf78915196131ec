//! `/.well-known/security.txt`: where somebody who found a weakness can tell of it, in the words of RFC 9116, and never an address that
//! nobody stands for any more.

use crate::house::{House, noon};
use chrono::{DateTime, Utc};
use server::security_txt::Reporting;
use sqlx::PgPool;
use std::sync::Arc;

const PATH: &str = "/.well-known/security.txt";

/// The value of each line with this name.
fn values<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let line = |it: &'t str| it.strip_prefix(name)?.strip_prefix(": ");
    text.lines().filter_map(line).collect()
}

fn expires(text: &str) -> DateTime<Utc> {
    let said = values(text, "Expires");
    assert_eq!(said.len(), 1, "{text}");
    said[0].parse().unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn everybody_may_read_where_a_weakness_is_reported(pool: PgPool) {
    let house = House::on("2026-06-30", &pool).await;
    let answer = house.get(PATH).without_token().await.is(200);
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    let text = answer.text();
    assert_eq!(values(&text, "Contact"), ["mailto:security@meldboek.example"]);
    assert_eq!(values(&text, "Preferred-Languages"), ["nl, en"]);
    // The policy is the one in this repository.
    assert!(values(&text, "Policy")[0].ends_with("/SECURITY.md"), "{text}");
    assert!(include_str!("../SECURITY.md").contains("security@meldboek.example"));
    // Nothing else than what RFC 9116 knows.
    let known = ["Contact", "Expires", "Preferred-Languages", "Canonical", "Policy"];
    for line in text.lines() {
        assert!(known.iter().any(|it| line.starts_with(&format!("{it}: "))), "{line}");
    }
    house.put(PATH, &serde_json::Value::Null).without_token().await.is(405);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_address_that_may_be_old_is_not_shown(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    let until = expires(&house.get(PATH).without_token().await.is(200).text());
    let days = (until - noon("2026-06-30")).num_days();
    assert!((1..=365).contains(&days), "{days}");
    house.moves_to("2026-12-26");
    house.get(PATH).without_token().await.is(200);
    house.moves_to("2026-12-27");
    house.get(PATH).without_token().await.is(404);
    // Whoever starts it anew has it again.
    house.app.security = Arc::new(Reporting::default().text(noon("2026-12-27")).unwrap());
    house.moves_to("2026-12-28");
    house.get(PATH).without_token().await.is(200);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn an_organisation_says_whom_to_tell_and_until_when(pool: PgPool) {
    let mut house = House::on("2026-06-30", &pool).await;
    let own = Reporting {
        contacts: ["https://vt.example/melden", "tel:+31-00-0000000"].map(str::to_owned).to_vec(),
        until: "2027-01-01".parse().ok(),
        canonical: Some("https://vt.example/.well-known/security.txt".to_owned()),
    };
    house.app.security = Arc::new(own.text(noon("2026-06-30")).unwrap());
    house.moves_to("2026-06-30");
    let text = house.get(PATH).without_token().await.is(200).text();
    assert_eq!(values(&text, "Contact"), ["https://vt.example/melden", "tel:+31-00-0000000"]);
    assert_eq!(values(&text, "Canonical"), ["https://vt.example/.well-known/security.txt"]);
    // The day itself begins at midnight in the Netherlands.
    assert_eq!(values(&text, "Expires"), ["2026-12-31T23:00:00Z"]);
}

#[test]
fn what_nobody_could_use_is_refused_at_the_start() {
    let contact = |it: &str| Reporting { contacts: vec![it.to_owned()], ..Reporting::default() };
    let until = |it: &str| Reporting { until: it.parse().ok(), ..Reporting::default() };
    let insecure = Some("http://vt.example/security.txt".to_owned());
    let wrong = [
        (contact("security@vt.example"), "begint niet met mailto:"),
        (contact("mailto:"), "begint niet met mailto:"),
        (contact("https://vt.example/\nExpires: 2099-01-01T00:00:00Z"), "begint niet met mailto:"),
        (until("2026-06-30"), "is voorbij"),
        (until("2027-08-01"), "meer dan een jaar"),
        (Reporting { canonical: insecure, ..Reporting::default() }, "https://"),
    ];
    for (given, why) in wrong {
        let refused = given.text(noon("2026-06-30")).unwrap_err().to_string();
        assert!(refused.contains(why), "{given:?}: {refused}");
    }
}
