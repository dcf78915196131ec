//! `/v1/standen` and `/v1/bewijzen`: whoever has a receipt gets proof that it is in the log, which he can verify without us.

use crate::house::{House, id};
use crate::log::heads::{Folder, keeper_of, signer};
use crate::told::{call, melding};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::access::Role;
use serde_json::Value;
use sqlx::PgPool;
use store::chain::{Hash, unhex};
use store::proof::note::Note;
use store::proof::tree;

async fn house(pool: &PgPool, folder: &Folder) -> House {
    let mut house = House::on("2026-06-30", pool).await;
    let keeper = keeper_of(&house.app.store, folder);
    house.signs(keeper);
    house
}

/// A call, and a melding; answers with their receipts.
async fn told(house: &House) -> [Value; 2] {
    let call = house.put(format!("/v1/contacten/{}", id(1)), &call()).await.is(201);
    let melding = house.put(format!("/v1/meldingen/{}", id(2)), &melding("2026-06-29")).await;
    [call.json()["bewijs"].clone(), melding.is(201).json()["bewijs"].clone()]
}

fn hash(text: &Value) -> Hash {
    STANDARD.decode(text.as_str().unwrap()).unwrap().try_into().unwrap()
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_worker_proves_with_his_receipt_that_it_is_in_the_log(pool: PgPool) {
    let folder = Folder::new();
    let house = house(&pool, &folder).await;
    let receipts = told(&house).await;
    let early = house.get(receipts[0]["nagaan"].as_str().unwrap()).await.is(404);
    assert!(early.text().contains("binnen een minuut"));
    house.signed().await;
    for receipt in &receipts {
        let proof = house.get(receipt["nagaan"].as_str().unwrap()).await.is(200).json();
        let note: Note = proof["stand"].as_str().unwrap().parse().unwrap();
        assert_eq!(receipt["oorsprong"], note.head.origin.as_str());
        assert!(note.is_signed_by_one_of(&[signer().verifier("meldboek.example/VT02")]));
        let chain = unhex(receipt["keten"].as_str().unwrap()).unwrap();
        let path: Vec<Hash> = proof["pad"].as_array().unwrap().iter().map(hash).collect();
        let nth = receipt["positie"].as_u64().unwrap() - 1;
        assert!(tree::is_included(&chain, nth, note.head.size, &path, &note.head.root));
    }
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn a_receipt_that_does_not_belong_to_the_log_is_told_so(pool: PgPool) {
    let folder = Folder::new();
    let house = house(&pool, &folder).await;
    told(&house).await;
    house.signed().await;
    let other = "ab".repeat(32);
    house.get(format!("/v1/bewijzen/1?keten={other}")).await.is(409);
    for nowhere in ["3", "999999999999"] {
        house.get(format!("/v1/bewijzen/{nowhere}")).await.is(404);
    }
    for wrong in ["0", "-1", "een", "9999999999999999999999"] {
        house.get(format!("/v1/bewijzen/{wrong}")).await.names(&[("positie", "geheel getal")]);
    }
    house.get("/v1/bewijzen/1?keten=ab").await.names(&[("keten", "64")]);
    house.get("/v1/bewijzen/1?logboek=alles").await.names(&[("logboek", "register, inzage")]);
    house.get("/v1/bewijzen/1?sleutel=1").await.names(&[("sleutel", "onbekende")]);
}

#[sqlx::test(migrator = "store::MIGRATOR")]
async fn the_heads_of_a_log_are_shown_page_by_page(pool: PgPool) {
    let folder = Folder::new();
    let house = house(&pool, &folder).await;
    for number in 1..=3 {
        house.put(format!("/v1/contacten/{}", id(number)), &call()).await.is(201);
        house.signed().await;
    }
    let first = house.get("/v1/standen?aantal=2").by(Role::Auditor).await.is(200).json();
    let sizes = |page: &Value| -> Vec<u64> {
        page["standen"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["grootte"].as_u64().unwrap())
            .collect()
    };
    assert_eq!((sizes(&first), &first["volgende"]), (vec![3, 2], &Value::from(2)));
    let last = house.get("/v1/standen?aantal=2&onder=2").await.is(200).json();
    assert_eq!((sizes(&last), last.get("volgende")), (vec![1], None));
    let key = signer().verifier("meldboek.example/VT02").to_string();
    assert_eq!(first["controlesleutel"], key.as_str());
    let shown: Vec<&str> = first["standen"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|it| it["stand"].as_str().unwrap())
        .collect();
    let outside: Vec<String> = folder.heads().iter().skip(1).map(ToString::to_string).collect();
    assert_eq!(shown, outside);
    // Of each log its own, and of another organisation nothing of ours.
    assert_eq!(sizes(&house.get("/v1/standen?logboek=inzage").await.is(200).json()), [0; 0]);
    assert_eq!(sizes(&house.get("/v1/standen").of("VT03").await.is(200).json()), [0; 0]);
    house.get("/v1/standen?aantal=501").await.names(&[("aantal", "1 tot 500")]);
    house.get("/v1/standen?onder=0").await.names(&[("onder", "vanaf 1")]);
}
