//! Where a benchmark happens: a database, a folder and a key file of its own, so that it never touches a register.

use crate::cli::Trouble;
use crate::config::Register;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, fs};
use store::{RecordedBy, Store};

pub(super) struct Ground {
    pub(super) url: String,
    pub(super) key_url: String,
    pub(super) folder: PathBuf,
}

impl Ground {
    pub(super) async fn make(database_url: &str, what: &str) -> Result<Self, Trouble> {
        let name = format!("meldboek_bench_{}_{what}", std::process::id());
        let folder = env::temp_dir().join(&name);
        fs::create_dir_all(&folder).map_err(|why| file(&folder, why))?;
        let key_url = with_database(database_url, &format!("{name}_sleutels"));
        let ground = Self { url: with_database(database_url, &name), key_url, folder };
        store::bench::create(&ground.url).await?;
        if let Err(why) = store::migrate(&ground.url, &ground.key_url).await {
            ground.clear().await?;
            return Err(why.into());
        }
        Ok(ground)
    }

    pub(super) async fn store(&self, recorded_by: RecordedBy) -> Result<Store, Trouble> {
        let register = Register {
            database_url: self.url.clone(),
            key_database: self.key_url.clone(),
            key_file: Some(self.keys()),
            device: None,
            demo: true,
        };
        register.open(recorded_by).await
    }

    /// This same program, working on this ground.
    pub(super) fn ourselves(&self, arguments: &[&str]) -> Result<Command, Trouble> {
        let own = env::current_exe().map_err(|why| file(&self.folder, why))?;
        let mut command = Command::new(own);
        command
            .args(arguments)
            .env("DATABASE_URL", &self.url)
            .env("MELDBOEK_SLEUTELDATABASE", &self.key_url)
            .env("MELDBOEK_SLEUTELBESTAND", self.keys())
            .env("MELDBOEK_DEMO", "true")
            .env_remove("MELDBOEK_JWKS")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        Ok(command)
    }

    fn keys(&self) -> PathBuf {
        self.folder.join("sleutels.json")
    }

    /// Leaves nothing behind.
    pub(super) async fn clear(&self) -> Result<(), Trouble> {
        store::bench::drop(&self.url).await?;
        store::bench::drop(&self.key_url).await?;
        fs::remove_dir_all(&self.folder).map_err(|why| file(&self.folder, why))
    }
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').map_or((url, None), |(a, o)| (a, Some(o)));
    let host = address.find("://").map_or(0, |at| at + 3);
    let end = address[host..].find('/').map_or(address.len(), |at| host + at);
    let options = options.map(|it| format!("?{it}")).unwrap_or_default();
    format!("{}/{name}{options}", &address[..end])
}

/// Memory of a process in megabytes, now and at its highest; Linux tells.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    pub(super) now: f64,
    pub(super) highest: f64,
}

pub(super) fn memory(process: u32) -> Memory {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let megabytes = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
        let kilobytes = line.split_whitespace().next().and_then(|it| it.parse().ok());
        kilobytes.map_or(0.0, |it: f64| it / 1024.0)
    };
    Memory { now: megabytes("VmRSS:"), highest: megabytes("VmHWM:") }
}

pub(super) fn file(path: &std::path::Path, why: std::io::Error) -> Trouble {
    Trouble::File(path.display().to_string(), why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_database_is_on_the_same_server() {
        for (url, other) in [
            ("postgres://u:p@h:1/meldboek?host=/tmp/s", "postgres://u:p@h:1/b?host=/tmp/s"),
            ("postgres://h/meldboek", "postgres://h/b"),
            ("postgres://h", "postgres://h/b"),
        ] {
            assert_eq!(with_database(url, "b"), other);
        }
    }
}
