//! `meldboek serve`: listens until it is told to stop, and finishes what it accepted.

use super::Trouble;
use crate::app::{App, metrics};
use crate::clock::Clock;
use crate::config::{BadSettings, Browsers, Edges, Heads, Register, Serving, Tokens, areas};
use crate::outside::Outside;
use crate::tls::Tls;
use crate::witness::Witness;
use domain::id::Log;
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
    browsers: &Browsers,
    edges: &Edges,
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
        for log in Log::both(organisation) {
            store.follow(log);
        }
    }
    let mut app = App::new(store.clone(), Clock::Running, recogniser, serving.limits());
    app.smallest_shown = serving.smallest_shown;
    app.login = browsers.login(tokens)?.map(Arc::new);
    app.rates = Arc::new(edges.rates());
    app.areas = Arc::new(areas);
    app.security = Arc::new(security);
    app.looking = Arc::new(serving.looking.looking()?);
    app.keeper = heads.keeper(&store, register.demo)?;
    let file = |error| Trouble::File(serving.address.to_string(), error);
    let listener = TcpListener::bind(serving.address).await.map_err(file)?;
    let address = listener.local_addr().map_err(file)?;
    let edge = edges.edge(address)?;
    let scheme = if edge.tls.is_some() { "https" } else { "http" };
    println!("Meldboek luistert op {scheme}://{address}");
    tracing::info!(%address, "listening");
    tokio::spawn(keep_metrics_small());
    sign_heads(&app, heads)?;
    tokio::spawn(forget_expired(app.clone()));
    let (stop, stopping) = tokio::sync::watch::channel(());
    let told = async move {
        told_to_stop().await;
        let _nobody_waits = stop.send(());
    };
    if let Some(tls) = edge.tls.clone() {
        tokio::spawn(read_certificates_again(tls));
    }
    let serving_all = crate::edge::serve(listener, crate::api::router(&app), edge, told);
    tokio::select! {
        () = serving_all => {}
        // Whoever holds a connection open without asking anything does not keep the server from stopping.
        () = patience_after(stopping, app.limits.time) => tracing::warn!("stopped with connections open"),
    }
    store.stop();
    tracing::info!("stopped");
    Ok(())
}

/// Signs heads, and lets witnesses sign them too, for as long as the server runs.
fn sign_heads(app: &App, heads: &Heads) -> Result<(), Trouble> {
    let Some(keeper) = &app.keeper else {
        tracing::warn!("no heads are signed: there is no signing key");
        return Ok(());
    };
    tokio::spawn(keeper.clone().run());
    for address in &heads.witnesses {
        let outside = Outside::new().map_err(|error| Trouble::File(address.to_string(), error))?;
        tokio::spawn(Witness::at(address.clone(), keeper.clone(), outside).run());
    }
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

/// A certificate that was renewed is used from the moment that SIGHUP says so.
async fn read_certificates_again(tls: Tls) {
    let Ok(mut told) = signal(SignalKind::hangup()) else { return };
    while told.recv().await.is_some() {
        match tls.read_again() {
            Ok(()) => tracing::info!("the certificate was read again"),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(
                    error,
                    "the certificate could not be read again; the one of before stays"
                );
            }
        }
    }
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
