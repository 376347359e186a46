//! The command line, as `--help` shows it.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Reads the public record of a vote by itself and says whether it holds.
#[derive(Debug, Parser)]
#[command(
    name = "hanpyo-audit",
    version,
    arg_required_else_help = true,
    after_help = "\
Exit codes: 0 nothing that was checked is wrong; 1 something is wrong; 2 the input cannot be read; \
3 the network.
What each check proves, and what none can: docs/audit.md."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Mirrors a record into a folder; refuses a record that does not extend the one fetched before
    Fetch(FetchArgs),
    /// Checks a folder from end to end
    Verify(VerifyArgs),
    /// Counts ballots from plain files
    #[command(after_help = "\
BALLOTS is a CSV file: first line `ballot,picks`, then one row for each ballot: its number, a comma, the \
ids of the picked cases with `;` between them, in any order. Numbers may have gaps; none may come twice.
    ballot,picks
    1,0190b0c0-0000-7000-8000-000000000001;0190b0c0-0000-7000-8000-000000000007
RULEBOOK is rulebook.json of a record. Prints CSV: votes and, as exact fractions, the shares of the most \
votes, of the ballots and of all picks. The first row that is no valid ballot ends it with its line \
number and exit code 1.")]
    Recount(RecountArgs),
    /// Checks a voter's receipt file, offline
    Receipt(ReceiptArgs),
    /// Checks a signed note, such as the receipt of a case that was sent in, and prints its text
    Note(NoteArgs),
    /// Signs, as an observer, that the openings fit the result
    #[command(after_help = "\
An observer of one record:
    hanpyo-audit observe --new-key press.example/observer --seed observer.seed
    hanpyo-audit observe daejeon --seed observer.seed
FOLDER is a fetched record with openings/<poll>.csv of every poll in it. Everything that `verify` checks is \
checked first; where something is wrong or missing nothing is signed. Prints the signed note, which goes \
onto the record's page by the observer's link, with the key that --new-key printed.")]
    Observe(ObserveArgs),
    /// Cosigns checkpoints of a log as long as it only grows
    #[command(after_help = "\
A witness of one log:
    hanpyo-audit witness --new-key witness.example/press --seed witness.seed
    hanpyo-audit witness https://vote.example/record/daejeon-2024 --seed witness.seed --state witness.json
Or as a service that logs ask (C2SP tlog-witness, POST /add-checkpoint):
    hanpyo-audit witness --listen 127.0.0.1:7380 --log LOGKEY --seed witness.seed --state witness.json
Behind a web server that speaks TLS; the state must never be restored from a copy.")]
    Witness(WitnessArgs),
}

/// The arguments of `fetch`.
#[derive(Debug, Args)]
pub struct FetchArgs {
    /// Where the record is: https://…/record/<edition>
    pub url: String,
    /// Where to keep it
    pub folder: PathBuf,
    /// The log's key as the organiser prints it
    #[arg(long, value_name = "VKEY")]
    pub key: Option<String>,
    /// Also keep the entries as plain lines (`entries/…`)
    #[arg(long)]
    pub lines: bool,
}

/// The arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A folder that `fetch` has made
    pub folder: PathBuf,
    /// The log's key as the organiser prints it; without it the key in the folder is trusted
    #[arg(long, value_name = "VKEY")]
    pub key: Option<String>,
    /// A witness that must have cosigned the newest checkpoint; may be repeated
    #[arg(long = "witness", value_name = "VKEY")]
    pub witnesses: Vec<String>,
    /// Print the report as JSON
    #[arg(long)]
    pub json: bool,
}

/// The arguments of `recount`.
#[derive(Debug, Args)]
pub struct RecountArgs {
    /// The ballots, CSV
    pub ballots: PathBuf,
    /// rulebook.json
    pub rulebook: PathBuf,
    /// Which poll to count, if the rulebook has several
    #[arg(long, value_name = "SLUG")]
    pub poll: Option<String>,
    /// Compare with this result.json
    #[arg(long, value_name = "FILE")]
    pub result: Option<PathBuf>,
}

/// The arguments of `receipt`.
#[derive(Debug, Args)]
pub struct ReceiptArgs {
    /// The receipt file
    pub file: PathBuf,
    /// The log's key as the organiser prints it, or the file `key` of a fetched record
    #[arg(long, value_name = "VKEY|FILE")]
    pub key: String,
    /// The voter's opening, one line `opening/v1 …`
    #[arg(long, value_name = "FILE")]
    pub opening: Option<PathBuf>,
}

/// The arguments of `note`.
#[derive(Debug, Args)]
pub struct NoteArgs {
    /// The note
    pub file: PathBuf,
    /// The key that must have signed it
    #[arg(long, value_name = "VKEY")]
    pub key: String,
}

/// The arguments of `observe`.
#[derive(Debug, Args)]
pub struct ObserveArgs {
    /// A fetched folder, with the openings of every poll
    #[arg(required_unless_present = "new_key", conflicts_with = "new_key")]
    pub folder: Option<PathBuf>,
    /// The file of the observer's private key
    #[arg(long, value_name = "FILE")]
    pub seed: PathBuf,
    /// The log's key as the organiser prints it; without it the key in the folder is trusted
    #[arg(long, value_name = "VKEY", conflicts_with = "new_key")]
    pub key: Option<String>,
    /// Make a key of this name, write it to --seed, print its public half
    #[arg(long, value_name = "NAME")]
    pub new_key: Option<String>,
}

/// The arguments of `witness`.
#[derive(Debug, Args)]
pub struct WitnessArgs {
    /// A fetched folder, or the address of a record
    #[arg(value_name = "FOLDER|URL", conflicts_with_all = ["listen", "new_key"])]
    pub source: Option<String>,
    /// The file of the witness's private key
    #[arg(long, value_name = "FILE")]
    pub seed: PathBuf,
    /// The file that holds what was cosigned last; created on the first run
    #[arg(long, value_name = "FILE", required_unless_present = "new_key")]
    pub state: Option<PathBuf>,
    /// The key of a log that may be cosigned; several are allowed with --listen. Without it the key
    /// found at the folder or address is trusted on the first run
    #[arg(long = "log", value_name = "VKEY")]
    pub logs: Vec<String>,
    /// Write the cosignature here too
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Serve `POST /add-checkpoint` here
    #[arg(long, value_name = "ADDRESS:PORT", conflicts_with = "new_key")]
    pub listen: Option<SocketAddr>,
    /// Make a key of this name, write it to --seed, print its public half
    #[arg(long, value_name = "NAME")]
    pub new_key: Option<String>,
}
