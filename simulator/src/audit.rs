//! A second check of the record: `hanpyo-audit` mirrors it over HTTP and verifies it independently.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::check::{Rule, Violation};
use crate::error::{Result, SimulatorError};
use crate::output::print_line;
use crate::world::{RunSettings, World};

/// Returns the path of the auditor: the named one, or the one in the folder of the server's binary.
///
/// # Errors
/// [`SimulatorError`] if it does not exist. Only `--without-audit` skips the auditor.
pub fn find_auditor(setting: &RunSettings, named: Option<&Path>) -> Result<PathBuf> {
    let beside = setting.server.with_file_name("hanpyo-audit");
    let program = named.unwrap_or(&beside);
    program.canonicalize().map_err(SimulatorError::system_error(format!(
        "the auditor {} (build it with cargo build -p auditor, or see --without-audit)",
        program.display()
    )))
}

/// Runs the auditor on the record and adds what it finds to `violations`.
///
/// # Errors
/// [`SimulatorError`] if it cannot be run.
pub fn run_auditor(program: &Path, world: &World, violations: &mut Vec<Violation>) -> Result<()> {
    let mirror = world.cluster.run_folder().join("mirror");
    let record =
        format!("http://{}/record/{}", world.app.listening_address(), world.season.edition);
    let mut fetch = Command::new(program);
    fetch.arg("fetch").arg(&record).arg(&mirror);
    let mut verify = Command::new(program);
    verify.arg("verify").arg(&mirror);
    for (name, mut command) in [("fetch", fetch), ("verify", verify)] {
        let output = command.output().map_err(SimulatorError::system_error("hanpyo-audit"))?;
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let last = text.lines().rfind(|line| !line.is_empty()).unwrap_or("nothing").to_owned();
        print_line(format_args!("hanpyo-audit {name}: {last}"));
        if !output.status.success() {
            let what = format!("hanpyo-audit {name} ended with {}: {last}", output.status);
            violations.push(Violation::broken_rule(Rule::Record, what));
            break;
        }
    }
    Ok(())
}
