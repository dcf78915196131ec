//! How a name sounds, so that *Meijer* meets *Meyer*, *Visscher* *Visser* and *Mohammed* *Muhamed*. No library knows Dutch names and the
//! Arabic, Turkish and Polish names that are written in Dutch; this table does. Vowels after the first say little about who
//! somebody is, and most mistakes are made in them: they fall away.

use std::collections::BTreeSet;

/// Where a spelling has to stand.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Start,
    End,
    Anywhere,
    /// Before a vowel.
    Onset,
    /// Before e, i or y.
    Soft,
}
use At::{Anywhere, End, Onset, Soft, Start};

/// What is written one way and said in several: each way is a sound of the name.
const SAID_IN_MORE_WAYS: [(&str, At, &[&str]); 5] = [
    // Christiaan, Chantal, Chaib.
    ("ch", Start, &["k", "sh", "g"]),
    // Achterberg, Rachid, Achmed.
    ("ch", Anywhere, &["g", "sh", "h"]),
    ("kh", Anywhere, &["g", "k"]),
    // Cees, Cecilia.
    ("ce", Start, &["ke", "se"]),
    ("oua", Anywhere, &["wa", "oa"]),
];

/// A spelling and its sound; of those that fit, the first counts. A sound is one letter, or none.
const RULES: [(&str, At, &str); 65] = [
    ("tsch", Anywhere, "C"),
    ("schg", Anywhere, "SG"),
    ("sch", Start, "SG"),
    ("sch", Anywhere, "S"),
    ("tsj", Anywhere, "C"),
    ("tch", Anywhere, "C"),
    ("cz", Anywhere, "C"),
    ("sen", End, "S"),
    ("zen", End, "S"),
    ("sj", Anywhere, "S"),
    ("sh", Anywhere, "S"),
    ("sz", Anywhere, "S"),
    ("dj", Anywhere, "J"),
    ("auw", Anywhere, ""),
    ("ouw", Anywhere, ""),
    ("ou", Start, ""),
    ("dt", End, "T"),
    ("th", Anywhere, "T"),
    ("ph", Anywhere, "F"),
    ("ckx", Anywhere, "KS"),
    ("ck", Anywhere, "K"),
    ("qu", Anywhere, "KF"),
    ("gh", Anywhere, "G"),
    ("ij", Anywhere, ""),
    ("ay", Anywhere, ""),
    ("ey", Anywhere, ""),
    ("oy", Anywhere, ""),
    ("uy", Anywhere, ""),
    ("aj", Anywhere, ""),
    ("ej", Anywhere, ""),
    ("oj", Anywhere, ""),
    ("uj", Anywhere, ""),
    ("y", Onset, "J"),
    ("j", Anywhere, "J"),
    ("c", Soft, "S"),
    ("h", Start, "H"),
    ("h", Anywhere, ""),
    ("d", End, "T"),
    ("b", End, "P"),
    ("x", Anywhere, "KS"),
    ("b", Anywhere, "B"),
    ("c", Anywhere, "K"),
    ("d", Anywhere, "D"),
    ("f", Anywhere, "F"),
    ("g", Anywhere, "G"),
    ("k", Anywhere, "K"),
    ("l", Anywhere, "L"),
    ("m", Anywhere, "M"),
    ("n", Anywhere, "N"),
    ("p", Anywhere, "P"),
    ("q", Anywhere, "K"),
    ("r", Anywhere, "R"),
    ("s", Anywhere, "S"),
    ("t", Anywhere, "T"),
    ("v", Anywhere, "F"),
    ("w", Anywhere, "F"),
    ("z", Anywhere, "S"),
    ("ee", Anywhere, ""),
    ("ie", Anywhere, ""),
    ("a", Anywhere, ""),
    ("e", Anywhere, ""),
    ("i", Anywhere, ""),
    ("o", Anywhere, ""),
    ("u", Anywhere, ""),
    ("y", Anywhere, ""),
];
/// Spellings that leave no sound because they are silent, not because they are a vowel.
const SILENT: &str = "h";
/// The sound of any vowel at the beginning.
const VOWEL: char = 'A';
/// A name with several letters that are said in more ways would have too many sounds.
const MOST: usize = 6;

/// The sounds of a name in small letters without accents.
pub(super) fn sounds(name: &str) -> BTreeSet<String> {
    let mut spellings = vec![name.to_owned()];
    for (written, at, ways) in SAID_IN_MORE_WAYS {
        spellings =
            spellings.iter().flat_map(|it| said(it, written, at, ways)).take(MOST).collect();
    }
    spellings.iter().map(|it| sound(it)).filter(|it| !it.is_empty()).collect()
}

/// A spelling with one way of writing replaced by each way of saying it; as it was when it does not occur.
fn said(spelling: &str, written: &str, at: At, ways: &[&str]) -> Vec<String> {
    let place = spelling.match_indices(written).map(|(place, _)| place).find(|place| {
        // In sch and tch it is part of another sound.
        let apart = !spelling[..*place].ends_with(['s', 't']) || written != "ch";
        apart && fits(at, spelling, *place, written)
    });
    let Some(place) = place else { return vec![spelling.to_owned()] };
    let (before, after) = (&spelling[..place], &spelling[place + written.len()..]);
    ways.iter().map(|way| format!("{before}{way}{after}")).collect()
}

fn sound(name: &str) -> String {
    let mut sound = String::with_capacity(name.len());
    let mut place = 0;
    // Doubled letters sound once; the same sound after a vowel is another one.
    let mut last = "";
    while let Some(rest) = name.get(place..).filter(|it| !it.is_empty()) {
        let rule = RULES
            .iter()
            .find(|(written, at, _)| rest.starts_with(written) && fits(*at, name, place, written));
        let Some((written, _, said)) = rule else {
            // A digit, or a letter of another script, stands for itself.
            let other = rest.chars().next().unwrap_or_default();
            sound.push(other);
            place += other.len_utf8();
            last = "";
            continue;
        };
        if said.is_empty() && *written != SILENT {
            if place == 0 {
                sound.push(VOWEL);
            }
            last = "";
        } else if !said.is_empty() && *said != last {
            sound.push_str(said);
            last = &said[said.len() - 1..];
        }
        place += written.len();
    }
    sound
}

fn fits(at: At, name: &str, place: usize, written: &str) -> bool {
    let after = name.as_bytes().get(place + written.len());
    match at {
        Anywhere => true,
        Start => place == 0,
        End => after.is_none() && place > 0,
        Onset => after.is_some_and(|it| b"aeiouy".contains(it)),
        Soft => after.is_some_and(|it| b"eiy".contains(it)),
    }
}
