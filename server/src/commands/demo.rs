//! The demonstration season. It is loaded once, and its sign-ins are printed at every start.

use std::path::Path;
use std::process::ExitCode;

use backend::Backend;
use backend::demonstration::SamplePicture;

use super::{OpenBackend, command_settings, print_line};
use crate::StartError;
use crate::config::CommonArgs;

/// The season that comes with the program: the real one of 2024, with invented cases marked.
const SEASON: &str = include_str!("../../../data/daejeon-2024.json");

/// What each of the pictures shows, and of which case of the season it is.
const PICTURES_FILE: &str = include_str!("../../../data/pictures/pictures.json");
/// The drawings of the invented cases, in the order of [`PICTURES_FILE`].
const PICTURES: [&[u8]; 22] = [
    include_bytes!("../../../data/pictures/02.jpg"),
    include_bytes!("../../../data/pictures/03.jpg"),
    include_bytes!("../../../data/pictures/04.jpg"),
    include_bytes!("../../../data/pictures/05.jpg"),
    include_bytes!("../../../data/pictures/06.jpg"),
    include_bytes!("../../../data/pictures/07.jpg"),
    include_bytes!("../../../data/pictures/08.jpg"),
    include_bytes!("../../../data/pictures/09.jpg"),
    include_bytes!("../../../data/pictures/10.jpg"),
    include_bytes!("../../../data/pictures/11.jpg"),
    include_bytes!("../../../data/pictures/12.jpg"),
    include_bytes!("../../../data/pictures/13.jpg"),
    include_bytes!("../../../data/pictures/14.jpg"),
    include_bytes!("../../../data/pictures/15.jpg"),
    include_bytes!("../../../data/pictures/16.jpg"),
    include_bytes!("../../../data/pictures/17.jpg"),
    include_bytes!("../../../data/pictures/18.jpg"),
    include_bytes!("../../../data/pictures/19.jpg"),
    include_bytes!("../../../data/pictures/20.jpg"),
    include_bytes!("../../../data/pictures/21.jpg"),
    include_bytes!("../../../data/pictures/22.jpg"),
    include_bytes!("../../../data/pictures/23.jpg"),
];

/// A line of [`PICTURES_FILE`].
#[derive(serde::Deserialize)]
struct PictureLine {
    case: usize,
    alt: domain::text::Bilingual,
}

fn sample_pictures() -> Vec<SamplePicture> {
    let lines: Vec<PictureLine> = serde_json::from_str(PICTURES_FILE).unwrap_or_default();
    let pictures = lines.into_iter().zip(PICTURES);
    pictures.map(|(line, file)| SamplePicture { case: line.case, file, alt: line.alt.ko }).collect()
}

/// Runs `hanpyo demo`: loads the season and prints its sign-ins.
pub(super) async fn run_demo(
    common: &CommonArgs,
    season: Option<&Path>,
) -> Result<ExitCode, StartError> {
    let text = match season {
        Some(path) => std::fs::read_to_string(path).map_err(|error| {
            StartError::file_error(format!("the season file {}", path.display()), error)
        })?,
        None => SEASON.to_owned(),
    };
    let base = OpenBackend::open_with_settings(common, command_settings(true)).await?;
    let loaded = base.backend.load_demonstration(&text).await;
    base.close_database().await;
    let demonstration = loaded.map_err(super::check::season_error)?;
    print_sign_ins(&demonstration);
    Ok(ExitCode::SUCCESS)
}

/// Loads the demonstration season before `serve` answers requests, and prints where everything is.
pub(super) async fn load_demonstration(
    backend: &Backend,
    url: &str,
    common: &CommonArgs,
) -> Result<(), StartError> {
    print_line(format_args!(
        "opening the demonstration season (the first time takes a few seconds) …"
    ));
    let demonstration =
        backend.load_demonstration(SEASON).await.map_err(super::check::season_error)?;
    let phases = backend.load_demonstration_phases(SEASON, &sample_pictures()).await;
    phases.map_err(super::check::season_error)?;
    print_line(format_args!(""));
    print_line(format_args!("  the site           {url}/"));
    print_line(format_args!("  the parts          {url}/parts"));
    print_line(format_args!(
        "  mails land in      {url}/outbox  ({})",
        common.mail_folder().display()
    ));
    print_sign_ins(&demonstration);
    print_line(format_args!(""));
    Ok(())
}

fn print_sign_ins(demonstration: &backend::demonstration::Demonstration) {
    print_line(format_args!("  sign in at         /sign-in"));
    for sign_in in &demonstration.sign_ins {
        print_line(format_args!(
            "    {:<14} {}  {}",
            sign_in.role.as_str(),
            sign_in.email,
            sign_in.password
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::{PICTURES, SEASON, sample_pictures};

    #[test]
    fn every_invented_case_of_the_demonstration_has_a_drawing() {
        let season = domain::season::Season::parse_season_file(SEASON).unwrap();
        let cases = season.cases.iter().enumerate();
        let invented: Vec<usize> =
            cases.filter(|(_, case)| case.sample).map(|(at, _)| at).collect();
        let pictures = sample_pictures();
        assert_eq!(pictures.iter().map(|picture| picture.case).collect::<Vec<_>>(), invented);
        assert_eq!(pictures.len(), PICTURES.len());
        assert!(pictures.iter().all(|picture| picture.alt.ends_with("그린 그림")));
    }
}
