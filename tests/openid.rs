//! A real OpenID provider (`oidc-provider`, see `oidc/main.mjs`) for the tests of logging in, and as much of a browser as it needs.

use crate::answer::Answer;
use crate::house::House;
use crate::source::root;
use axum::body::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use server::config::{Browsers, Tokens};
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

pub(crate) const ORIGIN: &str = "https://meldboek.example";
pub(crate) const UNDER_WAY: &str = "__Host-meldboek-aanmelden";
pub(crate) const SESSION: &str = "__Host-meldboek-sessie";

pub(crate) struct OpenId {
    process: Child,
    pub(crate) issuer: String,
    folder: PathBuf,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl OpenId {
    pub(crate) fn start() -> Self {
        let modules = root().join(".meldboek/oidc/node_modules");
        assert!(modules.exists(), "the provider is not installed: run tests/oidc.sh");
        let mut process = Command::new("node")
            .arg(root().join("tests/oidc/main.mjs"))
            .arg(&modules)
            .arg(format!("{ORIGIN}/aanmelden/terug"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        // It warns about what it is not meant for, before it says where it is.
        let told = lines.map_while(Result::ok).find(|it| it.starts_with('{')).unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        let name = format!("meldboek-test-{}", server::clock::random_id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        for key in ["rsa", "ed25519"] {
            fs::write(folder.join(key), told[key].as_str().unwrap()).unwrap();
        }
        fs::write(folder.join("geheim"), "een-geheim/van+de:toets\n").unwrap();
        let issuer = told["issuer"].as_str().unwrap().to_owned();
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { process, issuer, folder, client }
    }

    pub(crate) fn tokens(&self) -> Tokens {
        Tokens {
            issuer: self.issuer.clone(),
            audience: "meldboek".to_owned(),
            jwks: Some("ontdek".to_owned()),
            keys_seconds: 300,
            pause_seconds: 30,
            acr: vec![],
            amr: vec!["mfa".to_owned()],
            once: vec![],
            longest_hours: 24,
        }
    }

    fn browsers(&self, client: &str) -> Browsers {
        let file = |name: &str| Some(self.folder.join(name));
        let (key, rsa) = match client {
            "eddsa" => (file("ed25519"), "RS256"),
            "ps256" => (file("rsa"), "PS256"),
            "rs256" => (file("rsa"), "RS256"),
            _ => (None, "RS256"),
        };
        Browsers {
            client: Some(client.to_owned()),
            public_address: Some(ORIGIN.to_owned()),
            client_secret: if key.is_none() { file("geheim") } else { None },
            client_key: key,
            client_kid: Some("client".to_owned()),
            client_algorithm: rsa.to_owned(),
            idle_minutes: 30,
            longest_minutes: 600,
        }
    }

    /// A house whose people log in here.
    pub(crate) async fn house(&self, pool: &PgPool, client: &str) -> House {
        let mut house = House::on("2026-06-30", pool).await;
        house.moves_to_now();
        let tokens = self.tokens();
        house.recognises(tokens.recogniser(false).unwrap());
        house.lets_in(self.browsers(client).login(&tokens).unwrap().unwrap());
        house
    }

    /// Says who logs in next, and what the provider says of him.
    pub(crate) async fn sees(&self, person: &Value) {
        self.told("mens", &person.to_string()).await;
    }

    /// From now on signs with another key, and shows no other.
    pub(crate) async fn changes_its_keys(&self) {
        self.told("sleutels", "nieuw").await;
    }

    async fn told(&self, what: &str, value: &str) {
        let form = format!("{what}={}", percent(value));
        let answer = self.post("/toets", form).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    /// An access token for a machine, or for anybody as far as the register can see.
    pub(crate) async fn access_token(&self, audience: &str) -> String {
        let form = format!(
            "grant_type=client_credentials&client_id=machine&client_secret=m&resource={}",
            percent(&format!("https://{audience}"))
        );
        let answer = self.post("/token", form).await;
        let told: Value = serde_json::from_str(&answer.body).unwrap();
        told["access_token"].as_str().unwrap_or_else(|| panic!("{told}")).to_owned()
    }

    async fn post(&self, path: &str, form: String) -> Told {
        let request = axum::http::Request::post(format!("{}{path}", self.issuer))
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request, form).await
    }

    async fn send(&self, request: axum::http::request::Builder, body: String) -> Told {
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let (head, body) = self.client.request(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let text = |it: &axum::http::HeaderValue| it.to_str().unwrap().to_owned();
        Told {
            status: head.status.as_u16(),
            location: head.headers.get("location").map(text),
            cookies: head.headers.get_all("set-cookie").iter().map(text).collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// A browser that is sent here, until it is sent back; tells where it is sent back to, below our own address.
    pub(crate) async fn browse(&self, address: &str) -> String {
        let mut address = address.to_owned();
        let mut jar = BTreeMap::new();
        for _ in 0..10 {
            if let Some(back) = address.strip_prefix(ORIGIN) {
                return back.to_owned();
            }
            if address.starts_with('/') {
                address = format!("{}{address}", self.issuer);
            }
            let kept: Vec<String> = jar.iter().map(|(name, it)| format!("{name}={it}")).collect();
            let request = axum::http::Request::get(&address).header("cookie", kept.join("; "));
            let told = self.send(request, String::new()).await;
            for cookie in told.cookies {
                let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
                jar.insert(name.to_owned(), value.to_owned());
            }
            address = told.location.unwrap_or_else(|| panic!("{}: {}", told.status, told.body));
        }
        panic!("the provider does not send back: {address}")
    }
}

impl Drop for OpenId {
    fn drop(&mut self) {
        let _already_gone = self.process.kill();
        let _already_gone = self.process.wait();
        let _already_gone = fs::remove_dir_all(&self.folder);
    }
}

struct Told {
    status: u16,
    location: Option<String>,
    cookies: Vec<String>,
    body: String,
}

/// A login that began: where the browser goes, and the cookie that it keeps.
pub(crate) struct Begun {
    pub(crate) address: String,
    pub(crate) cookie: String,
}

pub(crate) async fn begin(house: &House, path: &str) -> Begun {
    let answer = house.get(path).without_token().await.is(303);
    let address = answer.header("location").unwrap().to_owned();
    Begun { address, cookie: kept(&answer, UNDER_WAY) }
}

/// Comes back from the provider with a cookie.
pub(crate) async fn come_back(house: &House, path: &str, cookie: &str) -> Answer {
    house.get(path).without_token().with("cookie", cookie).await
}

/// Logs in, from the beginning to the end.
pub(crate) async fn log_in(house: &House, provider: &OpenId) -> Answer {
    let begun = begin(house, "/aanmelden?naar=/werklijst").await;
    let back = provider.browse(&begun.address).await;
    come_back(house, &back, &begun.cookie).await
}

/// Logs in; tells the cookie of the session.
pub(crate) async fn session(house: &House, provider: &OpenId) -> String {
    kept(&log_in(house, provider).await.is(303), SESSION)
}

/// A cookie as a browser sends it back.
pub(crate) fn kept(answer: &Answer, name: &str) -> String {
    let all = answer.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap());
    let mut ours = all.filter(|it| it.starts_with(&format!("{name}=")));
    let cookie = ours.next().unwrap_or_else(|| panic!("no cookie {name}"));
    for attribute in ["; Path=/;", "; Secure;", "; HttpOnly;", "; SameSite=Lax"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.to_ascii_lowercase().contains("domain"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

/// Who logs in when nothing else is said, with something else about him.
pub(crate) fn somebody_with(key: &str, value: &Value) -> Value {
    let mut it = json!({
        "sub": "medewerker-7", "rol": "casus", "organisatie": "VT02", "amr": ["pwd", "mfa"],
    });
    it[key] = value.clone();
    it
}

pub(crate) fn percent(text: &str) -> String {
    let digits = store::chain::hex(text.as_bytes());
    digits.as_bytes().chunks(2).flat_map(|it| ['%', char::from(it[0]), char::from(it[1])]).collect()
}
