//! Cover art for a case without a picture: a patchwork (조각보) generated from the case's id.

use std::fmt::Write as _;

use leptos::prelude::*;

/// The patchwork's columns, its rows, and the side of one cloth in the picture's units.
const ACROSS: u64 = 5;
const DOWN: u64 = 3;
const SIDE: u64 = 60;

/// A small pseudo-random generator (SplitMix64). The same case gets the same cover on any machine.
struct SplitMix64(u64);

impl SplitMix64 {
    fn from_seed(seed: [u8; 16]) -> Self {
        let folded = u128::from_le_bytes(seed);
        let high = u64::try_from(folded >> 64).unwrap_or_default();
        let low = u64::try_from(folded & u128::from(u64::MAX)).unwrap_or_default();
        Self(high ^ low.rotate_left(17))
    }

    /// Returns the next number below `limit`.
    fn next_below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// Returns the path of one cut of cloth in a square of 60 units, before it is turned.
fn cloth_path(kind: u64) -> &'static str {
    match kind {
        0 => "M0 0a60 60 0 0 1 60 60H0z",
        1 => "M0 0h60L0 60z",
        2 => "M0 0a60 60 0 0 1 60 60A60 60 0 0 1 0 0z",
        3 => "M30 8a22 22 0 1 0 0 44 22 22 0 0 0 0-44z",
        4 => "M0 30a30 30 0 0 1 60 0z",
        5 => "M0 0h60v20H0zM0 40h60v20H0z",
        6 => "M0 0a60 60 0 0 1 60 60H36A36 36 0 0 0 0 24z",
        _ => "M0 30h30v30H0zM30 0h30v30H30z",
    }
}

/// Adds one cloth to the picture. `size` is 2 for the one large cloth of the cover, else 1.
fn add_cloth(art: &mut String, needle: &mut SplitMix64, (column, row): (u64, u64), size: u64) {
    let ground =
        [0, 0, 1, 2, 0, 1, 3, 4][usize::try_from(needle.next_below(8)).unwrap_or_default()];
    let thread = (ground + 1 + needle.next_below(4)) % 5;
    let (x, y, side) = (column * SIDE, row * SIDE, SIDE * size);
    // Writing into a String cannot fail.
    let _ = write!(art, r#"<path class="c{ground}" d="M{x} {y}h{side}v{side}h-{side}z"/>"#);
    let kind = if size > 1 {
        [0, 2, 3, 4, 6][usize::try_from(needle.next_below(5)).unwrap_or_default()]
    } else {
        needle.next_below(11)
    };
    if kind > 7 {
        return;
    }
    let turn = needle.next_below(4) * 90;
    let d = cloth_path(kind);
    let _ = write!(
        art,
        r#"<path class="c{thread}" transform="translate({x} {y})scale({size})rotate({turn} 30 30)" d="{d}"/>"#
    );
}

/// Returns the whole patchwork as the inner text of an SVG of 300 by 180 units.
fn draw_patchwork(seed: [u8; 16]) -> String {
    let mut needle = SplitMix64::from_seed(seed);
    let large = (needle.next_below(ACROSS - 1), needle.next_below(DOWN - 1));
    let mut art = String::with_capacity(2048);
    for row in 0..DOWN {
        for column in 0..ACROSS {
            let covered =
                (large.0..large.0 + 2).contains(&column) && (large.1..large.1 + 2).contains(&row);
            if !covered {
                add_cloth(&mut art, &mut needle, (column, row), 1);
            }
        }
    }
    add_cloth(&mut art, &mut needle, large, 2);
    art
}

/// The cover of a case, drawn from its id. Its track chooses the palette. Decorative.
#[component]
pub fn Cover(
    /// The bytes of the case's id.
    seed: [u8; 16],
    /// The index of its track in the edition, counted from 0.
    track_index: usize,
) -> impl IntoView {
    let palette = (track_index % 4).to_string();
    view! {
        <svg class="cover" data-palette=palette viewBox="0 0 300 180" preserveAspectRatio="xMidYMid slice"
            aria-hidden="true" focusable="false"
            inner_html=draw_patchwork(seed)></svg>
    }
}

#[cfg(test)]
mod tests {
    use super::draw_patchwork;

    #[test]
    fn a_case_always_gets_the_same_cover_and_another_case_another() {
        assert_eq!(draw_patchwork([7; 16]), draw_patchwork([7; 16]));
        assert_ne!(draw_patchwork([7; 16]), draw_patchwork([8; 16]));
    }

    #[test]
    fn every_cover_is_small_and_drawn_in_the_five_cloths_only() {
        for seed in 0..=255_u8 {
            let mut bytes = [seed; 16];
            bytes[3] = seed.wrapping_mul(31);
            let art = draw_patchwork(bytes);
            assert!(art.len() < 4096, "{}", art.len());
            assert!(!art.contains("class=\"c5"));
        }
    }
}
