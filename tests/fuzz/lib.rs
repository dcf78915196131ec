//! What the fuzz targets call: `inputs.rs` is shared with the tests, which replay what was kept. Targets that need a register have one in the
//! empty database of `DATABASE_URL`.
#![expect(dead_code, reason = "of the house that the tests share only a part is needed here")]

#[path = "../answer.rs"]
mod answer;
#[path = "../house.rs"]
mod house;
#[path = "../keys.rs"]
mod keys;
mod inputs;
mod log;

use house::House;
use sqlx::PgPool;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::runtime::Runtime;

struct Register {
    runtime: Runtime,
    house: House,
    runs: AtomicU32,
}

static REGISTER: LazyLock<Register> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let house = runtime.block_on(open());
    Register { runtime, house, runs: AtomicU32::new(1) }
});

async fn open() -> House {
    let server = std::env::var("DATABASE_URL").expect("DATABASE_URL names an empty database");
    let pool = PgPool::connect(&server).await.unwrap();
    store::MIGRATOR.run(&pool).await.unwrap();
    House::on("2026-06-30", &pool).await
}

pub fn requests(data: &[u8]) {
    let Register { runtime, house, runs } = &*REGISTER;
    let run = runs.fetch_add(1, Ordering::Relaxed);
    runtime.block_on(inputs::requests(house, run, data));
}

pub fn tokens(data: &[u8]) {
    let Register { runtime, house, .. } = &*REGISTER;
    runtime.block_on(inputs::tokens(house, data));
}

pub fn events(data: &[u8]) {
    inputs::events(data);
}

pub fn verifier(data: &[u8]) {
    log::verifier(data);
}

pub fn heads(data: &[u8]) {
    log::heads(data);
}

pub fn search(data: &[u8]) {
    inputs::search(data);
}

pub fn texts(data: &[u8]) {
    inputs::texts(data);
}
