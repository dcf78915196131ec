//! `meldboek serve`: listens until it is told to stop, and finishes what it accepted.

use super::Trouble;
use crate::app::{App, metrics};
use crate::clock::Clock;
use crate::config::{BadSettings, Heads, Register, Serving, Tokens, areas};
use std::net::SocketAddr;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::Duration;
use store::RecordedBy;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

pub(super) async fn serve(
    register: &Register,
    tokens: &Tokens,
    serving: &Serving,
    heads: &Heads,
) -> Result<(), Trouble> {
    if runs_as_root() {
        let why = "de server draait niet als root: start hem als een gewone gebruiker";
        return Err(Trouble::Plain(why.to_owned()));
    }
    if register.demo && tokens.jwks.is_none() && !serving.address.ip().is_loopback() {
        return Err(BadSettings::DemoIsOpen.into());
    }
    start_log();
    let recogniser = tokens.recogniser(register.demo)?;
    let areas = areas(serving.additions.as_deref())?;
    let security = serving.reporting.text(Clock::Running.now()).map_err(BadSettings::Reporting)?;
    let store = register.open(RecordedBy::Database).await?;
    tokio::spawn(store.clone().keep_erasing());
    for organisation in store.organisations().await? {
        store.follow(organisation);
    }
    let mut app = App::new(store.clone(), Clock::Running, recogniser, serving.limits());
    app.smallest_shown = serving.smallest_shown;
    app.areas = Arc::new(areas);
    app.security = Arc::new(security);
    app.looking = Arc::new(serving.looking.looking()?);
    app.keeper = heads.keeper(&store, register.demo)?;
    let file = |error| Trouble::File(serving.address.to_string(), error);
    let listener = TcpListener::bind(serving.address).await.map_err(file)?;
    let address = listener.local_addr().map_err(file)?;
    println!("Meldboek luistert op http://{address}");
    tracing::info!(%address, "listening");
    tokio::spawn(keep_metrics_small());
    if let Some(keeper) = &app.keeper {
        tokio::spawn(keeper.clone().run());
    } else {
        tracing::warn!("no heads are signed: there is no signing key");
    }
    tokio::spawn(forget_expired(app.clone()));
    let (stop, stopping) = tokio::sync::watch::channel(());
    let told = async move {
        told_to_stop().await;
        let _nobody_waits = stop.send(());
    };
    // With the address of the other end: it is recorded with each look.
    let router = crate::api::router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let serving_all = axum::serve(listener, router).with_graceful_shutdown(told);
    tokio::select! {
        served = serving_all => served.map_err(file)?,
        // Whoever holds a connection open without asking anything does not keep the server from stopping.
        () = patience_after(stopping, app.limits.time) => tracing::warn!("stopped with connections open"),
    }
    store.stop();
    tracing::info!("stopped");
    Ok(())
}

/// Measurements are gathered until somebody asks for them; when nobody does, they may not pile up.
async fn keep_metrics_small() {
    let mut every = tokio::time::interval(Duration::from_secs(10));
    loop {
        every.tick().await;
        metrics().run_upkeep();
    }
}

/// What came in and has expired is of no use to anybody.
async fn forget_expired(app: App) {
    let mut every = tokio::time::interval(Duration::from_mins(1));
    loop {
        every.tick().await;
        if let Err(error) = app.store.forget_expired(app.clock.now()).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "what has expired could not be forgotten");
        }
    }
}

/// Ends when a stop was told and the longest request that was accepted has had its time.
async fn patience_after(mut stopping: tokio::sync::watch::Receiver<()>, longest: Duration) {
    let _told_or_gone = stopping.changed().await;
    tokio::time::sleep(longest).await;
}

async fn told_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

fn runs_as_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Logs as JSON lines on standard error; what is logged is chosen with `MELDBOEK_LOG`.
fn start_log() {
    let filter = EnvFilter::try_from_env("MELDBOEK_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let _already_started = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .try_init();
}
