//! Statements of observers: one spelling and one signature, by a key that is printable.

use super::sample;
use crate::record::key::{Cosigner, KeyError, Signer};
use crate::record::note::{Note, NoteError};
use crate::record::observed::{
    OBSERVER_KEY_BYTES, ResultStatement, SignedStatement, StatementError, read_statements,
    write_statements,
};
use crate::record::tree::Hash;

fn observed() -> ResultStatement {
    let origin = "vote.example/record/daejeon-2024".to_owned();
    ResultStatement { origin, index: 1_400_012, result: Hash::sha256_of(b"{}") }
}

fn observer(seed: u8) -> Signer {
    Signer::from_seed("press.example/observer", &[seed; 32]).unwrap()
}

#[test]
fn a_statement_is_four_lines() {
    let text = "hanpyo-observed/v1\nvote.example/record/daejeon-2024\n1400012\n\
                44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\n";
    assert_eq!(observed().to_string(), text);
    assert_eq!(text.parse::<ResultStatement>(), Ok(observed()));
}

#[test]
fn a_statement_with_another_spelling_is_none() {
    let text = observed().to_string();
    let digits = observed().result.to_string();
    for wrong in [
        String::new(),
        text.trim_end().to_owned(),
        format!("{text}\n"),
        format!("{text}more\n"),
        format!(" {text}"),
        text.replace('\n', "\r\n"),
        text.replace("/v1", "/v2"),
        text.replace("hanpyo-observed", "hanpyo.observed"),
        text.replace("vote.example/record/daejeon-2024", ""),
        text.replace("vote.example", "vote example"),
        text.replace("1400012", "01400012"),
        text.replace("1400012", "+1400012"),
        text.replace("1400012", "-1"),
        text.replace("1400012", ""),
        text.replace("1400012", "18446744073709551616"),
        text.replace(&digits, &digits.to_uppercase()),
        text.replace(&digits, &digits[1..]),
        text.replace(&digits, &format!("{digits}00")),
    ] {
        assert_eq!(wrong.parse::<ResultStatement>(), Err(StatementError::Format), "{wrong:?}");
    }
}

#[test]
fn what_is_signed_comes_back_and_no_bit_of_it_can_be_changed() {
    let signed = observed().sign(&observer(1)).unwrap();
    assert_eq!(signed.result_statement(), &observed());
    assert_eq!(signed.observer_key(), observer(1).verifier_key());
    let text = signed.to_string();
    assert_eq!(text.parse::<SignedStatement>().as_ref(), Ok(&signed));
    for flipped in sample::flips(&text) {
        assert!(flipped.parse::<SignedStatement>().is_err(), "{flipped:?}");
    }
}

#[test]
fn a_note_of_somebody_else_of_several_or_of_something_else_is_refused() {
    let good = observed().sign(&observer(1)).unwrap();
    let other = observer(2).verifier_key().clone();
    let refused = SignedStatement::from_key_and_note(other, good.signed_note().clone());
    assert_eq!(refused, Err(StatementError::Note(NoteError::Unsigned)));
    let mut two = good.signed_note().clone();
    two.add_signature(observer(2).sign_note_text(good.signed_note().signed_text())).unwrap();
    let refused = SignedStatement::from_key_and_note(good.observer_key().clone(), two);
    assert_eq!(refused, Err(StatementError::Others));
    let text = "vote.example/record/daejeon-2024\n5\nx\n";
    let else_signed = Note::with_signature(text, observer(1).sign_note_text(text)).unwrap();
    let refused = SignedStatement::from_key_and_note(good.observer_key().clone(), else_signed);
    assert_eq!(refused, Err(StatementError::Format));
}

#[test]
fn keys_that_cannot_be_shown_or_sign_something_else_are_refused() {
    for name in ["신문", "press\u{202e}example"] {
        let signer = Signer::from_seed(name, &[1; 32]).unwrap();
        assert_eq!(observed().sign(&signer), Err(StatementError::Unfit), "{name:?}");
    }
    let long = Signer::from_seed(&"a".repeat(OBSERVER_KEY_BYTES), &[1; 32]).unwrap();
    assert_eq!(observed().sign(&long), Err(StatementError::TooLong));
    let witness = Cosigner::from_seed("press.example/observer", &[1; 32]).unwrap();
    let text = observed().to_string();
    let note = Note::with_signature(&text, witness.cosign_checkpoint(&text, 1)).unwrap();
    let refused = SignedStatement::from_key_and_note(witness.verifier_key().clone(), note);
    assert_eq!(refused, Err(StatementError::Unfit));
}

#[test]
fn what_another_program_has_signed_is_read() {
    // Made with Python's cryptography from docs/record.md.
    let two = include_str!("../../../../fuzz/seeds/observed/two");
    let all: Vec<SignedStatement> = read_statements(two).collect::<Result<_, _>>().unwrap();
    assert!(all.iter().all(|signed| signed.result_statement() == &observed()));
    assert_eq!(all[0], observed().sign(&observer(1)).unwrap());
    assert_eq!(all[1].observer_key().key_name(), "union.example/observer");
    assert_eq!(write_statements(&all), two);
}

#[test]
fn several_observers_stand_in_one_file() {
    let all = [1, 2, 3].map(|seed| observed().sign(&observer(seed)).unwrap());
    let text = write_statements(&all);
    assert_eq!(read_statements(&text).collect::<Result<Vec<_>, _>>().unwrap(), all);
    assert_eq!(write_statements(&all[..1]), all[0].to_string());
    assert_eq!(write_statements(&all[..0]), "");
    for wrong in [
        String::new(),
        "\n".to_owned(),
        text.trim_end().to_owned(),
        format!("{text}\n"),
        format!("{text}-----\n"),
        format!("-----\n{text}"),
        text.replace("-----\n", "----\n"),
        text.replace("-----\n", ""),
    ] {
        assert!(read_statements(&wrong).any(|signed| signed.is_err()), "{wrong:?}");
    }
    let first = read_statements("no key\n\nno note\n").next();
    assert_eq!(first, Some(Err(StatementError::Key(KeyError::Format))));
}
