//! The yardstick: PostgreSQL's pgbench inserts the same row, one row in each transaction.

use std::fs;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;

use crate::cluster::Cluster;
use crate::error::{Result, SimulatorError};

/// Returns a script that inserts a row with a value of the right type in each of these columns.
#[must_use]
pub fn insert_script(columns: &[(String, String)]) -> String {
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let values: Vec<&str> =
        columns.iter().map(|(name, kind)| value_expression(name, kind)).collect();
    format!("insert into bench_ballot ({}) values ({});\n", names.join(", "), values.join(", "))
}

/// Returns the cheapest SQL expression for a column, because the insert is what is measured.
fn value_expression(name: &str, kind: &str) -> &'static str {
    match (name, kind) {
        // The encrypted picks: about as long as three picks.
        ("sealed", _) => "decode(repeat('5a', 100), 'hex')",
        (_, "uuid") => "gen_random_uuid()",
        (_, "bytea") => "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())",
        (_, "uuid[]") => "array[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()]",
        (_, "timestamp with time zone") => "now()",
        (_, "boolean") => "false",
        (_, "integer" | "bigint" | "smallint") => "0",
        _ => "'x'",
    }
}

/// Runs the script with 32 clients for `seconds` and returns the transactions per second.
///
/// # Errors
/// [`SimulatorError`] if pgbench cannot be run, fails, or prints no rate.
pub async fn run_pgbench(cluster: &Cluster, script: &str, mode: &str, seconds: u64) -> Result<u64> {
    let file = cluster.run_folder().join("ballot.sql");
    let written = fs::write(&file, script)
        .and_then(|()| fs::set_permissions(&file, Permissions::from_mode(0o644)));
    written.map_err(SimulatorError::system_error("the script of pgbench"))?;
    let output = tokio::process::Command::new(cluster.program_path("pgbench"))
        .args(["-n", "-c", "32", "-j", "2", "-M", mode, "-T", &seconds.to_string(), "-f"])
        .arg(&file)
        .arg("-h")
        .arg(cluster.socket_folder())
        .args(["-U", "hanpyo", "hanpyo"])
        .stdin(Stdio::null())
        .output()
        .await
        .map_err(SimulatorError::system_error("pgbench"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    parse_rate(&text).filter(|_| output.status.success()).ok_or_else(|| {
        SimulatorError::condition_error(format!(
            "pgbench: {text} {}",
            String::from_utf8_lossy(&output.stderr)
        ))
    })
}

/// Returns the whole part of the line `tps = 12345.678 (without initial connection time)`.
fn parse_rate(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{insert_script, parse_rate};

    #[test]
    fn the_script_names_every_column() {
        let columns = [("poll_id", "uuid"), ("voter_key", "bytea"), ("admitted_at", "date")];
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind.to_owned()));
        let script = insert_script(&columns);
        assert!(script.starts_with("insert into bench_ballot (poll_id, voter_key, admitted_at)"));
        assert!(script.ends_with("'x');\n"));
    }

    #[test]
    fn the_rate_is_read_from_what_pgbench_says() {
        assert_eq!(parse_rate("latency = 1\ntps = 12712.5 (without initial)\n"), Some(12_712));
        assert_eq!(parse_rate("nothing"), None);
    }
}
