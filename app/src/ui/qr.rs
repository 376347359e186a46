//! A QR code inside the page: one path, black on white in every theme, so that cameras can read it.

use fast_qr::{ECL, QRBuilder};
use leptos::prelude::*;

/// The width of the white border that the standard asks for, in modules.
const QUIET_ZONE: usize = 4;

/// Renders the QR code of a text, with a name for screen readers. Renders nothing if the text is
/// too long for a QR code.
pub(crate) fn render_qr_code(text: &str, name: &'static str) -> AnyView {
    let Ok(code) = QRBuilder::new(text).ecl(ECL::L).build() else { return ().into_any() };
    let mut path = String::new();
    for row in 0..code.size {
        let dark: Vec<bool> = (0..code.size).map(|column| code[row][column].value()).collect();
        let mut column = 0;
        while column < dark.len() {
            let run = dark[column..].iter().take_while(|dark| **dark).count();
            if run > 0 {
                path += &format!("M{} {}h{run}v1h-{run}z", column + QUIET_ZONE, row + QUIET_ZONE);
            }
            column += run.max(1);
        }
    }
    let side = code.size + 2 * QUIET_ZONE;
    view! {
        <svg class="qr" viewBox=format!("0 0 {side} {side}") role="img" aria-label=name>
            <path d=path></path>
        </svg>
    }
    .into_any()
}
