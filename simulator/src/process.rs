//! Reads facts about processes from /proc and sends signals to them.

use std::fs;
use std::process::{Command, Stdio};

use crate::error::{Result, SimulatorError};

/// Sends a signal by its name: `KILL`, `STOP`, `CONT`, `TERM`. It is not an error if the process
/// has ended.
pub fn send_signal(pid: u32, name: &str) {
    let _ = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(pid.to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Returns the processes that this process has started.
#[must_use]
pub fn child_processes(parent: u32) -> Vec<u32> {
    let Ok(all) = fs::read_dir("/proc") else { return Vec::new() };
    all.flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid| stat_fields(*pid).and_then(|it| it.get(1)?.parse().ok()) == Some(parent))
        .collect()
}

/// Returns the fields of `/proc/<pid>/stat` from the state on. The name before it may contain any
/// character.
fn stat_fields(pid: u32) -> Option<Vec<String>> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(stat.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect())
}

/// Returns the processor time of a process and its ended children so far, in milliseconds.
#[must_use]
pub fn processor_millis(pid: u32) -> u64 {
    // The kernel reports hundredths of a second here, independent of its own tick.
    let ticks = |fields: Vec<String>| -> Option<u64> {
        fields.get(11..15)?.iter().map(|ticks| ticks.parse::<u64>().ok()).sum()
    };
    stat_fields(pid).and_then(ticks).unwrap_or(0) * 10
}

/// Returns the processor time of a process and its running children, in milliseconds.
#[must_use]
pub fn family_millis(pid: u32) -> u64 {
    processor_millis(pid) + child_processes(pid).into_iter().map(processor_millis).sum::<u64>()
}

/// Returns the peak memory of a process, in KiB (`VmHWM`).
#[must_use]
pub fn peak_memory_kib(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Returns how many files and sockets this process, and each process it starts, may have open.
/// `None` if there is no limit.
#[must_use]
pub fn open_file_limit() -> Option<u64> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Checks that so many files and sockets may be open, before a run of many minutes begins.
///
/// # Errors
/// [`SimulatorError::Wrong`] if the system allows fewer.
pub fn require_open_files(needed: u64) -> Result<()> {
    match open_file_limit().filter(|most| *most < needed) {
        Some(most) => Err(SimulatorError::condition_error(format!(
            "{most} files may be open, but this run needs {needed}: ulimit -n {needed}"
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{
        child_processes, open_file_limit, peak_memory_kib, require_open_files, send_signal,
    };

    #[test]
    fn as_many_files_may_be_open_as_a_shell_says() {
        let said = Command::new("sh").args(["-c", "ulimit -n"]).output().unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        assert_eq!(open_file_limit(), said.trim().parse::<u64>().ok());
    }

    #[test]
    fn a_run_that_needs_more_files_than_allowed_does_not_begin() {
        assert!(require_open_files(1).is_ok());
        let too_many = open_file_limit().map(|most| require_open_files(most + 1));
        assert!(too_many.is_none_or(|refused| refused.is_err()));
    }

    #[test]
    fn a_child_is_found_and_can_be_killed() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        assert!(child_processes(std::process::id()).contains(&child.id()));
        assert!(peak_memory_kib(child.id()).is_some());
        send_signal(child.id(), "KILL");
        assert!(!child.wait().unwrap().success());
        assert!(!child_processes(std::process::id()).contains(&child.id()));
    }
}
