//! Names, numbers and addresses in one spelling, however they were written: without accents, capitals, hyphens and prefixes.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What stands before a last name, and is left out, abbreviated or written together as it comes. Letters alone are abbreviations.
const PREFIXES: [&str; 49] = [
    "aan", "abou", "abu", "ait", "al", "ben", "bij", "bin", "bint", "d", "da", "de", "del",
    "della", "den", "der", "des", "di", "do", "dos", "du", "el", "h", "het", "ibn", "in", "la",
    "le", "onder", "op", "os", "s", "t", "te", "ten", "ter", "tot", "uit", "uijt", "ul", "v",
    "van", "vd", "vdr", "voor", "von", "zu", "zum", "zur",
];
/// The same where it is written together with the name.
const WRITTEN_ON: [&str; 6] = ["vander", "vanden", "vande", "van", "el", "al"];
/// What is left of a name from which a prefix was cut has to be a name.
const SHORTEST: usize = 4;
/// Of somebody with more first names the first ones are used.
const FIRST_NAMES: usize = 3;
/// And of a last name so many parts: every one multiplies the keys, and no real name has more.
const PARTS: usize = 5;

/// Small letters and digits without accents; what is neither becomes a space.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.nfkd().filter(|it| !is_combining_mark(*it)).flat_map(char::to_lowercase) {
        match letter {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            it if it.is_alphanumeric() => folded.push(it),
            // A capital İ leaves its dot behind when it is made small.
            it if is_combining_mark(it) => {}
            _ => folded.push(' '),
        }
    }
    folded
}

/// A whole name as one text, in first names (if any) and last name with its prefix: `Testpersoon de Vries`, or `Vries, T. de`.
pub(super) fn split(name: &str) -> (Option<String>, String) {
    if let Some((last, rest)) = name.split_once(',') {
        let words: Vec<&str> = rest.split_whitespace().collect();
        // The first is a first name, also when it is one letter.
        let firsts = words.iter().rposition(|it| !is_prefix(it)).unwrap_or(0) + 1;
        let firsts = firsts.min(words.len());
        let prefix = words[firsts..].join(" ");
        let last = format!("{prefix} {}", last.trim());
        return (joined(&words[..firsts]), last.trim().to_owned());
    }
    let words: Vec<&str> = name.split_whitespace().collect();
    // A prefix stands before a name of its own.
    let own = words.iter().rposition(|it| !is_prefix(it)).unwrap_or(0);
    let from_prefix = (1..own).find(|at| is_prefix(words[*at]));
    let at = from_prefix.unwrap_or(words.len().saturating_sub(1));
    (joined(&words[..at]), words[at..].join(" "))
}

fn joined(words: &[&str]) -> Option<String> {
    (!words.is_empty()).then(|| words.join(" "))
}

fn is_prefix(word: &str) -> bool {
    let folded = fold(word);
    let mut parts = folded.split_whitespace().peekable();
    parts.peek().is_some() && parts.all(|it| PREFIXES.contains(&it))
}

/// The names by which somebody with this last name may be looked for: each part of a double name, without its prefix; two words
/// also written together; what was written together also apart.
pub(super) fn last_names(text: &str) -> Vec<String> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split_whitespace().collect();
    let own = words.iter().copied().filter(|it| !PREFIXES.contains(it));
    let mut own: Vec<&str> = own.take(PARTS).collect();
    if own.is_empty() {
        own.extend(words.last());
    }
    let mut names: Vec<String> = own.iter().map(|it| (*it).to_owned()).collect();
    if let ([one, other], false) = (own.as_slice(), text.contains('-')) {
        names.push(format!("{one}{other}"));
    }
    for name in own {
        let cut = WRITTEN_ON.iter().find_map(|it| name.strip_prefix(it));
        names.extend(cut.filter(|it| it.len() >= SHORTEST).map(str::to_owned));
    }
    names
}

/// First names and initials.
pub(super) fn first_names(text: &str) -> Vec<String> {
    fold(text).split_whitespace().take(FIRST_NAMES).map(str::to_owned).collect()
}

/// A telephone number as the digits after the country and the first zero: `+31 6 1234-5678` is `0612345678`.
pub(super) fn phone(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let international =
        digits.strip_prefix("00").or(text.trim().starts_with('+').then_some(&digits));
    // Dutch numbers are written without and with the zero that falls away behind the country: +31 (0)6.
    let dutch = international.map_or(digits.as_str(), |it| it.strip_prefix("31").unwrap_or(it));
    dutch.trim_start_matches('0').to_owned()
}

/// A postcode without spaces, in small letters.
pub(super) fn postcode(text: &str) -> String {
    fold(text).split_whitespace().collect()
}

/// A house number and what follows it: `12 A-bis` is 12 and `abis`.
pub(super) fn house_number(text: &str) -> (String, String) {
    let folded: String = fold(text).split_whitespace().collect();
    let digits = folded.find(|it: char| !it.is_ascii_digit()).unwrap_or(folded.len());
    let (number, addition) = folded.split_at(digits);
    (number.to_owned(), addition.to_owned())
}
