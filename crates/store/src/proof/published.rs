//! Heads outside the database: a file per log in a folder, one head after another, each at the disk before the next is signed. Whoever can
//! change the database should not be able to change this folder; a copy elsewhere is better still.

use super::note::Note;
use crate::Failed;
use domain::id::Log;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

/// In how many last bytes the last head surely stands.
const TAIL: u64 = 16 * 1024;
/// Where the signatures of a head begin.
const SIGNED: &[u8] = "\n\n— ".as_bytes();

#[derive(Clone, Debug)]
pub struct Published(PathBuf);

impl Published {
    pub fn in_folder(folder: &Path) -> Self {
        Self(folder.to_owned())
    }

    fn file(&self, log: Log) -> PathBuf {
        self.0.join(format!("{}.standen", log.to_string().replace('/', "-")))
    }

    /// The last head that was written. What the power cut off halfway is no head, and is taken away.
    pub(super) async fn last(&self, log: Log) -> Result<Option<Note>, Failed> {
        let path = self.file(log);
        aside(path.clone(), move || last(&path)).await
    }

    pub(super) async fn append(&self, log: Log, notes: Vec<Note>) -> Result<(), Failed> {
        let path = self.file(log);
        aside(path.clone(), move || append(&path, &notes)).await
    }
}

/// Files have no place among what must not wait.
async fn aside<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Failed> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| Failed::Stopping)?;
    done.map_err(|error| Failed::Published(path.display().to_string(), error))
}

fn last(path: &Path) -> io::Result<Option<Note>> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let from = file.metadata()?.len().saturating_sub(TAIL);
    let mut end = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.read_to_end(&mut end)?;
    let whole = whole(&end);
    if !end[whole..].trim_ascii().is_empty() {
        OpenOptions::new().write(true).open(path)?.set_len(from + whole as u64)?;
    }
    let unreadable =
        || io::Error::new(io::ErrorKind::InvalidData, "de laatste stand is onleesbaar");
    let last = Note::read_all(&String::from_utf8_lossy(&end[..whole])).pop();
    last.map(|it| it.map_err(|_| unreadable())).transpose()
}

/// Where the last head ends of which all is there.
fn whole(text: &[u8]) -> usize {
    let mut before = text.len();
    while let Some(at) = text[..before].windows(SIGNED.len()).rposition(|it| it == SIGNED) {
        if let Some(end) = text[at + 2..].iter().position(|it| *it == b'\n') {
            return at + 2 + end + 1;
        }
        before = at + SIGNED.len() - 1;
    }
    0
}

fn append(path: &Path, notes: &[Note]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = !path.exists();
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    let all: Vec<String> = notes.iter().map(ToString::to_string).collect();
    // In one piece: nobody reads half of it.
    file.write_all(format!("{}\n", all.join("\n")).as_bytes())?;
    file.sync_all()?;
    if let Some(folder) = path.parent().filter(|_| new) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::note::{Head, Signer};
    use super::*;

    fn note(size: u64) -> Note {
        let origin = "meldboek.example/VT02".to_owned();
        Signer::of(&[3; 32]).unwrap().sign(Head { origin, size, root: [1; 32] })
    }

    #[test]
    fn what_was_cut_off_anywhere_is_no_head_and_what_was_before_it_stays() {
        let folder = std::env::temp_dir().join(format!("meldboek-standen-{}", std::process::id()));
        let path = folder.join("VT02.standen");
        let (one, two) = (format!("{}\n", note(1)), format!("{}\n", note(2)));
        for cut in 0..two.len() {
            let _none = fs::remove_file(&path);
            append(&path, &[note(1), note(2)]).unwrap();
            // Only whole letters are read.
            if !two.is_char_boundary(cut) {
                continue;
            }
            fs::write(&path, format!("{one}{}", &two[..cut])).unwrap();
            // The empty line behind a head is not part of it.
            let whole = cut + 1 == two.len();
            assert_eq!(last(&path).unwrap(), Some(note(if whole { 2 } else { 1 })), "{cut}");
            append(&path, &[note(3)]).unwrap();
            let all = Note::read_all(&fs::read_to_string(&path).unwrap());
            let all: Vec<u64> = all.into_iter().map(|it| it.unwrap().head.size).collect();
            assert_eq!(all, if whole { vec![1, 2, 3] } else { vec![1, 3] }, "{cut}");
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
