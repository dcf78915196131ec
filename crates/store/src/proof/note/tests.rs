//! Notes and keys against published values, and every change of a note refused.

use super::*;

/// The key and the note of the tests of golang.org/x/mod/sumdb/note.
const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const SECRET: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";

fn head(size: u64) -> Head {
    Head { origin: "meldboek.example/VT02".to_owned(), size, root: [5; 32] }
}

fn ours() -> Signer {
    Signer::of(&[3; 32]).unwrap()
}

#[test]
fn keys_and_signatures_are_those_that_others_make() {
    let signer = Signer::of(&STANDARD.decode(SECRET).unwrap()[1..]).unwrap();
    let key = signer.verifier("PeterNeumann");
    assert_eq!(key.to_string(), KEY);
    assert_eq!(KEY.parse(), Ok(key.clone()));
    let line = Signature::read(LINE).unwrap();
    assert_eq!((line.to_string().as_str(), line.number), (LINE, key.number()));
    assert!(key.verifies(TEXT.as_bytes(), &line.bytes));
    assert_eq!(signer.pair.sign(TEXT.as_bytes()).as_ref(), line.bytes);
}

#[test]
fn a_head_reads_as_it_was_written() {
    let note = ours().sign(head(12));
    let text = note.to_string();
    assert!(text.starts_with("meldboek.example/VT02\n12\nBQUF"), "{text}");
    assert_eq!(text.parse(), Ok(note.clone()));
    assert!(note.is_signed_by_one_of(&[ours().verifier("meldboek.example/VT02")]));
    // Another key, another name, and nobody at all.
    let other = Signer::of(&[4; 32]).unwrap();
    assert!(!note.is_signed_by_one_of(&[other.verifier("meldboek.example/VT02")]));
    assert!(!note.is_signed_by_one_of(&[ours().verifier("meldboek.example/VT03")]));
    assert!(!note.is_signed_by_one_of(&[]));
}

#[test]
fn whatever_bit_of_a_note_changes_it_is_no_longer_signed() {
    let text = ours().sign(head(12)).to_string();
    let trusted = [ours().verifier("meldboek.example/VT02")];
    for nth in 0..text.len() * 8 {
        let mut bytes = text.clone().into_bytes();
        bytes[nth / 8] ^= 1 << (nth % 8);
        let note = String::from_utf8(bytes).ok().and_then(|it| it.parse::<Note>().ok());
        assert!(note.is_none_or(|it| !it.is_signed_by_one_of(&trusted)), "bit {nth}");
    }
}

#[test]
fn a_witness_signs_the_time_as_well() {
    let note = ours().sign(head(12));
    let line = ours().cosign(&note.head, "getuige.example/een", 1_679_315_147);
    let key = ours().witness("getuige.example/een");
    assert!(key.holds(&note.head, &line));
    assert!(!key.holds(&head(13), &line));
    assert!(!ours().witness("getuige.example/twee").holds(&note.head, &line));
    let mut later = line.clone();
    later.bytes[7] ^= 1;
    assert!(!key.holds(&note.head, &later));
    // The same key of the other kind is another key.
    assert_ne!(ours().verifier("getuige.example/een").number(), key.number());
    assert_eq!(key.to_string().parse(), Ok(key));
    let all = Note { signatures: vec![note.signatures[0].clone(), line], ..note };
    assert_eq!(all.to_string().parse(), Ok(all));
}

#[test]
fn several_heads_stand_in_one_file() {
    let notes: Vec<Note> = (1..4).map(|size| ours().sign(head(size))).collect();
    let text: Vec<String> = notes.iter().map(ToString::to_string).collect();
    let read = |text: &str| Note::read_all(text).into_iter().collect::<Result<Vec<_>, _>>();
    assert_eq!(read(&text.join("\n")), Ok(notes.clone()));
    assert_eq!(read(&text.concat()), Ok(notes));
    assert_eq!(read(""), Ok(vec![]));
    let cut = &text.join("\n")[..text[0].len() + 30];
    let all = Note::read_all(cut);
    assert!(all[0].is_ok() && all[1].is_err(), "{all:?}");
}

#[test]
fn what_is_no_key_is_not_taken_for_one() {
    for wrong in ["", "naam", &KEY.replace("c74f", "c74e"), &KEY.replace("+AR", "+BR"), &KEY[..60]]
    {
        assert!(wrong.parse::<VerifierKey>().is_err(), "{wrong}");
    }
}
