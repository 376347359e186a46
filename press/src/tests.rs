//! What is on the paper: texts are read back from the file, and QRs are decoded.

use std::path::Path;

use krilla::SerializeSettings;

use crate::seat::LEAST;
use crate::typesetter::{TextStyle, Typesetter};
use crate::{Fonts, PressError, Sheet, SheetFormat, Slip, print_with_settings};

/// Reads the fonts that the site is built with.
fn fonts() -> Fonts {
    let folder = "../tools/node_modules/pretendard/dist/public/static";
    let read = |weight: &str| {
        let file = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(folder)
            .join(format!("Pretendard-{weight}.otf"));
        std::fs::read(&file).unwrap_or_else(|_| panic!("`npm ci` in tools/: no {}", file.display()))
    };
    Fonts { regular: read("Regular").into(), bold: read("Bold").into() }
}

fn slip(number: usize) -> Slip {
    let code = ["7K2M", "Q9XT", "3HDR", &format!("{number:04}")].map(str::to_owned).to_vec();
    let link = format!(
        "https://vote.example.kr/editions/daejeon-2024/vote/residents#code={}",
        code.concat()
    );
    Slip { label: format!("{number}동 {}호", 100 + number), code, link }
}

fn sheet(format: SheetFormat) -> Sheet {
    Sheet {
        format,
        title: "2024 대전 사회복지 우수사례 공모전".to_owned(),
        poll: "입주민 투표".to_owned(),
        head: "입주민 투표".to_owned(),
        lines: vec!["QR을 찍어 주세요".repeat(20), "Scan the QR".to_owned()],
        address: "vote.example.kr/editions/daejeon-2024/vote/residents".to_owned(),
        language: "ko",
    }
}

/// Prints a sheet without compression and returns the file as text.
fn printed(format: SheetFormat, slips: &[Slip]) -> String {
    let settings = SerializeSettings {
        compress_content_streams: false,
        pretty: true,
        ascii_compatible: true,
        ..SerializeSettings::default()
    };
    let pdf = print_with_settings(settings, &fonts(), &sheet(format), slips).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    String::from_utf8_lossy(&pdf).into_owned()
}

fn pages(pdf: &str) -> usize {
    pdf.match_indices("/Type /Page")
        .filter(|(at, found)| !pdf[at + found.len()..].starts_with('s'))
        .count()
}

/// The dark runs of one QR: row, first column, column after the last.
type Runs = Vec<(usize, usize, usize)>;

/// Finds every QR that the file draws. Strokes of a QR begin at whole columns in the middle of a
/// row.
fn codes(pdf: &str) -> Vec<Runs> {
    let (mut codes, mut runs, mut from) = (Vec::new(), Runs::new(), (0, 0));
    let whole = |word: &str| word.parse::<usize>().ok();
    let middle = |word: &str| word.strip_suffix(".5").and_then(whole);
    for line in pdf.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [x, y, "m"] => from = (whole(x).unwrap_or(0), middle(y).unwrap_or(0)),
            [x, y, "l"] => {
                if let (Some(x), Some(y)) = (whole(x), middle(y)) {
                    assert_eq!(y, from.1, "runs are level");
                    runs.push((y, from.0, x));
                }
            }
            ["S"] if !runs.is_empty() => codes.push(std::mem::take(&mut runs)),
            _ => {}
        }
    }
    codes
}

/// Decodes these runs, drawn with a quiet zone of four modules.
fn decoded(runs: &Runs) -> String {
    const SCALE: usize = 4;
    let size = runs.iter().map(|(_, _, end)| *end).max().unwrap() + 8;
    let dark = |x: usize, y: usize| {
        let (column, row) = (x / SCALE, y / SCALE);
        runs.iter().any(|(at, from, to)| *at + 4 == row && (*from + 4..*to + 4).contains(&column))
    };
    let side = size * SCALE;
    let shade = |x, y| if dark(x, y) { 0 } else { 255 };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, shade);
    let grids = picture.detect_grids();
    grids[0].decode().unwrap().1
}

#[test]
fn every_slip_has_a_qr_that_says_its_link() {
    for (format, pages_of_25) in [(SheetFormat::Slips, 3), (SheetFormat::Seats, 2)] {
        let slips: Vec<Slip> = (1..=25).map(slip).collect();
        let pdf = printed(format, &slips);
        assert_eq!(pages(&pdf), pages_of_25, "{format:?}");
        let codes = codes(&pdf);
        assert_eq!(codes.len(), slips.len());
        for (runs, slip) in codes.iter().zip(&slips) {
            assert_eq!(decoded(runs), slip.link);
        }
    }
}

#[test]
fn a_label_of_any_length_is_printed() {
    let long = Slip { label: "가나다라마바사아자차".repeat(6), ..slip(1) };
    assert_eq!(codes(&printed(SheetFormat::Slips, &[long, slip(2)])).len(), 2);
}

#[test]
fn a_letter_that_the_font_lacks_is_named_and_nothing_is_printed() {
    for (label, missing) in [
        ("101동 \u{1F600}", '\u{1F600}'),
        ("㈔한국복지", '㈔'),
        ("\u{1112}\u{1161}\u{11AB}국", '\u{1112}'),
    ] {
        let odd = Slip { label: label.to_owned(), ..slip(2) };
        match crate::print_sheet(&fonts(), &sheet(SheetFormat::Slips), &[slip(1), odd]) {
            Err(PressError::Letter { letter, text }) => {
                assert_eq!((letter, text.as_str()), (missing, label));
            }
            Ok(_) => panic!("{label} was printed"),
            Err(other) => panic!("{label}: {other}"),
        }
    }
}

/// Returns the sizes of all texts on this paper, in points.
fn sizes(pdf: &str) -> Vec<f32> {
    let size = |line: &str| match line.split_whitespace().collect::<Vec<_>>().as_slice() {
        [.., size, "Tf"] => size.parse::<f32>().ok(),
        _ => None,
    };
    pdf.lines().filter_map(size).collect()
}

#[test]
fn nothing_on_a_seat_is_too_small_to_be_read_however_long_it_is() {
    let long = Slip { label: "가나다라마바사아자차".repeat(6), ..slip(1) };
    let sizes = sizes(&printed(SheetFormat::Seats, &[long, slip(2)]));
    assert!(sizes.len() > 10, "the sizes were read: {sizes:?}");
    assert!(sizes.iter().all(|size| *size >= LEAST), "{sizes:?}");
}

#[test]
fn an_address_is_broken_behind_its_slashes_and_nothing_of_it_is_lost() {
    let fonts = fonts();
    let ink = Typesetter::from_fonts(&fonts).unwrap();
    let (style, width) = (TextStyle::grey_text(7.0), 30.0);
    let host = "a-very-long-name-of-a-city-and-its-welfare-office.example.kr";
    for address in [
        "vote.example.kr/editions/daejeon-2024/vote/residents".to_owned(),
        format!("{host}/editions/daejeon-2024/vote"),
        String::new(),
    ] {
        let lines = ink.break_address(&style, width, &address);
        assert_eq!(lines.concat(), address);
        assert!(lines.iter().all(|line| ink.text_width(&style, line) <= width), "{lines:?}");
    }
    let lines = ink.break_address(&style, width, "vote.example.kr/editions/daejeon-2024/vote");
    assert!(lines.len() > 1 && lines[..lines.len() - 1].iter().all(|line| line.ends_with('/')));
}

#[test]
fn a_link_that_fits_into_no_qr_is_an_error_and_not_a_white_square() {
    let endless = Slip { link: "x".repeat(3_000), ..slip(1) };
    let sheet = Sheet {
        format: SheetFormat::Slips,
        title: String::new(),
        poll: String::new(),
        head: String::new(),
        lines: Vec::new(),
        address: String::new(),
        language: "ko",
    };
    assert!(crate::print_sheet(&fonts(), &sheet, &[endless]).is_err());
}
