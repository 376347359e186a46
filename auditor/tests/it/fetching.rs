//! Mirrors over HTTP: complete, resumable, never rolled back.

use crate::commands::{audit, code};
use crate::site::serve;
use crate::support::{Folder, report, signer, small, write};

use auditor::sample::{Plan, build_sample_record, write_signed_record};

fn fetch(address: &str, folder: &Folder) -> std::process::Output {
    audit(&["fetch", address, folder.path().to_str().unwrap()])
}

#[test]
fn a_mirror_of_a_growing_record_verifies() {
    let (site, mirror) = (Folder::new(), Folder::new());
    let address = serve(site.path());
    let sample = build_sample_record(&Plan { cases: 9, ..Plan::one_poll(1_200) });
    for size in [0, 1, 200, 256, 700, 1_100] {
        let mut now = sample.clone();
        now.entries.truncate(size);
        (now.cvr, now.openings, now.result) = Default::default();
        write_signed_record(&now, &signer(7), site.path()).unwrap();
        std::fs::remove_file(site.join("result.json")).unwrap();
        let output = fetch(&address, &mirror);
        assert_eq!(code(&output), 0, "{size}: {}", String::from_utf8_lossy(&output.stderr));
        let report = report(&mirror);
        assert!(report.is_clean(), "{size}: {report}");
    }
    write_signed_record(&sample, &signer(7), site.path()).unwrap();
    let output = fetch(&address, &mirror);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    let report = report(&mirror);
    assert!(report.is_clean(), "{report}");
    assert!(report.checked.iter().any(|what| what.contains("6 older checkpoints")), "{report}");
    assert!(!mirror.join("tile/0/000.p").exists(), "unfinished tiles are left behind");
}

#[test]
fn a_mirror_keeps_what_is_right_and_mends_what_is_not() {
    let (site, mirror) = (Folder::new(), Folder::new());
    let address = serve(site.path());
    write(&build_sample_record(&Plan { cases: 9, ..Plan::one_poll(600) }), &site);
    assert_eq!(code(&fetch(&address, &mirror)), 0);
    mirror.put("tile/entries/000", "broken");
    mirror.put("tile/0/001", "broken");
    // A file that was right is not fetched again.
    std::fs::remove_file(site.join("tile/entries/001")).unwrap();
    assert_eq!(code(&fetch(&address, &mirror)), 0);
    assert!(report(&mirror).is_clean());
}

#[test]
fn a_fork_and_a_rollback_are_refused_and_kept_as_evidence() {
    let sample = build_sample_record(&Plan { cases: 9, ..Plan::one_poll(600) });
    let mut forked = sample.clone();
    forked.entries.swap(300, 301);
    let mut shorter = sample.clone();
    shorter.entries.truncate(400);
    let mut longer = forked.clone();
    longer.entries.extend(shorter.entries[2..9].to_vec());
    for (name, other) in [("fork", forked), ("rollback", shorter), ("longer fork", longer)] {
        let (site, mirror) = (Folder::new(), Folder::new());
        let address = serve(site.path());
        write(&sample, &site);
        assert_eq!(code(&fetch(&address, &mirror)), 0);
        let before = std::fs::read(mirror.join("checkpoint")).unwrap();
        let checkpoint = write(&other, &site);
        let output = fetch(&address, &mirror);
        assert_eq!(code(&output), 1, "{name}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(std::fs::read(mirror.join("checkpoint")).unwrap(), before);
        let kept: Vec<_> = std::fs::read_dir(mirror.join("evidence")).unwrap().collect();
        let kept = std::fs::read_to_string(kept[0].as_ref().unwrap().path()).unwrap();
        assert!(kept.starts_with(&checkpoint.to_string()), "{name}");
        assert!(report(&mirror).is_clean());
    }
}

#[test]
fn a_log_that_grows_meanwhile_may_have_full_tiles_alone() {
    let (site, mirror) = (Folder::new(), Folder::new());
    let address = serve(site.path());
    let sample = build_sample_record(&Plan { cases: 9, ..Plan::one_poll(600) });
    write(&sample, &site);
    let mut shorter = sample;
    shorter.entries.truncate(400);
    let early = Folder::new();
    write(&shorter, &early);
    // The checkpoint is old, and the tile at its edge is full by now.
    std::fs::copy(early.join("checkpoint"), site.join("checkpoint")).unwrap();
    for table in ["cvr", "openings", "result.json"] {
        let path = site.join(table);
        if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }
            .unwrap();
    }
    let tile = std::fs::read(site.join("tile/1/000.p/2")).unwrap();
    site.put("tile/1/000", tile.repeat(128));
    std::fs::remove_dir_all(site.join("tile/1/000.p")).unwrap();
    let output = fetch(&address, &mirror);
    assert_eq!(code(&output), 0, "{}", String::from_utf8_lossy(&output.stderr));
    let report = report(&mirror);
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.size, 400);
}

#[test]
fn another_key_is_refused() {
    let (site, mirror) = (Folder::new(), Folder::new());
    let address = serve(site.path());
    write(&small(), &site);
    assert_eq!(code(&fetch(&address, &mirror)), 0);
    write_signed_record(&small(), &signer(8), site.path()).unwrap();
    assert_eq!(code(&fetch(&address, &mirror)), 1);
    let folder = Folder::new();
    let key = signer(7).verifier_key().to_string();
    let path = folder.path().to_str().unwrap();
    assert_eq!(code(&audit(&["fetch", &address, path, "--key", &key])), 1);
}

#[test]
fn a_tile_that_is_not_what_was_signed_is_refused() {
    for name in ["tile/entries/001", "tile/0/001", "tile/entries/002.p/102", "tile/1/000.p/2"] {
        let (site, mirror) = (Folder::new(), Folder::new());
        let address = serve(site.path());
        write(&build_sample_record(&Plan { cases: 9, ..Plan::one_poll(578) }), &site);
        let mut bytes = std::fs::read(site.join(name)).unwrap();
        bytes[50] ^= 1;
        site.put(name, bytes);
        let output = fetch(&address, &mirror);
        assert_eq!(code(&output), 1, "{name}: {}", String::from_utf8_lossy(&output.stderr));
        // The last tiles lead to the root only together, so no single one is known to be wrong.
        let single = !name.starts_with("tile/1");
        assert_eq!(mirror.join(&format!("evidence/{name}")).exists(), single, "{name}");
        assert!(!mirror.join("checkpoint").exists(), "a record that is not whole looks whole");
    }
}

#[test]
fn nobody_there_ends_with_3() {
    let mirror = Folder::new();
    assert_eq!(code(&fetch("http://127.0.0.1:9/record/sample-2024", &mirror)), 3);
    let site = Folder::new();
    assert_eq!(code(&fetch(&serve(site.path()), &mirror)), 3);
}
