//! Folders for records, and the key that signs them.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use auditor::sample::{Plan, PollPlan, Sample, build_sample_record, write_signed_record};
use auditor::verify::report::Report;
use auditor::verify::{TrustedKeys, verify_record};
use domain::record::checkpoint::Checkpoint;
use domain::record::key::Signer;

/// A folder that is deleted when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("audit-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn poll(slug: &str, ballots: u64) -> PollPlan {
    PollPlan { slug: slug.to_owned(), ballots, picks: 3, exact: false, may_change: false }
}

pub(crate) fn signer(seed: u8) -> Signer {
    Signer::from_seed("vote.example/record/sample-2024", &[seed; 32]).unwrap()
}

/// Returns a record of one poll with holds and rulings, about 300 entries: more than one bundle.
pub(crate) fn small() -> Sample {
    build_sample_record(&Plan { cases: 9, ..Plan::one_poll(280) })
}

pub(crate) fn write(sample: &Sample, folder: &Folder) -> Checkpoint {
    write_signed_record(sample, &signer(7), folder.path()).unwrap()
}

/// Returns the report of a record that can be read.
pub(crate) fn report(folder: &Folder) -> Report {
    verify_record(folder.path(), &TrustedKeys::default()).unwrap()
}
