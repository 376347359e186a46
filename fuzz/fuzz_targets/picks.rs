//! Picks from a text and from a form's ids in any order: the same choice always gives the same
//! text.

#![no_main]

use domain::ballot::Picks;
use domain::ids::CaseId;
use domain::limits::MAX_PICKS;
use domain::rulebook::PicksRule;
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        if let Some(picks) = Picks::from_canonical_text(text) {
            assert_eq!(picks.canonical_text(), text);
            assert!((1..=usize::from(MAX_PICKS)).contains(&picks.as_slice().len()));
        }
        // A form sends one id in each field.
        let ids: Result<Vec<CaseId>, _> = text.split(['\n', '&']).map(str::parse).collect();
        check(ids.unwrap_or_default());
    }
    // Two bytes make an id, so that ids repeat and are in any order.
    let (ids, _) = bytes.as_chunks::<2>();
    let ids = ids.iter().map(|id| CaseId(Uuid::from_u128(u16::from_be_bytes(*id).into())));
    check(ids.collect());
});

fn check(mut ids: Vec<CaseId>) {
    let Ok(picks) = Picks::from_case_ids(&ids, PicksRule::AtMost(MAX_PICKS)) else { return };
    assert_eq!(Picks::from_canonical_text(&picks.canonical_text()).as_ref(), Some(&picks));
    ids.reverse();
    assert_eq!(Picks::from_case_ids(&ids, PicksRule::AtMost(MAX_PICKS)), Ok(picks));
}
