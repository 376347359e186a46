//! Measures how long a sheet takes: `cargo run -p press --example many -- FONT BOLD COUNT OUT
//! [seats]`.

use press::{Fonts, Sheet, SheetFormat, Slip};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let read = |path: &str| std::fs::read(path).expect("the font is there").into();
    let fonts = Fonts { regular: read(&arguments[0]), bold: read(&arguments[1]) };
    let count: u32 = arguments[2].parse().expect("a number of slips");
    let format = if arguments.len() > 4 { SheetFormat::Seats } else { SheetFormat::Slips };
    let sheet = Sheet {
        format,
        title: "2024 대전 사회복지 우수사례 공모전".to_owned(),
        poll: "입주민 투표 Residents' vote".to_owned(),
        head: "2024 대전 사회복지 우수사례 공모전 · 입주민 투표 · 2026-11-21".to_owned(),
        lines: vec![
            "QR을 찍거나 아래 주소에서 번호를 적어 주세요. 2024. 11. 28.(목) 18:00까지.".to_owned(),
            "Scan, or type the code at the address below, until Thu 28 Nov 2024 18:00.".to_owned(),
        ],
        address: "vote.example.kr/editions/daejeon-2024/vote".to_owned(),
        language: "ko",
    };
    let group = |number: u32| format!("{:04X}", number % 65_536);
    let slip = |number: u32| {
        let code = [7, 11, 13, 17].map(|prime| group(number.wrapping_mul(prime * 7_919))).to_vec();
        let link = format!(
            "https://vote.example.kr/editions/daejeon-2024/vote/residents#code={}",
            code.concat()
        );
        let label = match format {
            SheetFormat::Slips => format!("{}동 {}호", 101 + number / 100, 101 + number % 100),
            SheetFormat::Seats => format!("A{}", number + 1),
        };
        Slip { label, code, link }
    };
    let slips: Vec<Slip> = (0..count).map(slip).collect();
    let began = std::time::Instant::now();
    let pdf = press::print_sheet(&fonts, &sheet, &slips).expect("a PDF");
    eprintln!("{count} slips, {} bytes, {:?}", pdf.len(), began.elapsed());
    std::fs::write(&arguments[3], pdf).expect("the PDF can be written");
}
