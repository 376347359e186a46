//! Kinds of changes of a record's files after it was signed.

use auditor::sample::write_signed_record;
use domain::record::checkpoint::Checkpoint;
use domain::record::note::Note;
use domain::record::tree::Hash;

use crate::mutations::{Kind, World};
use crate::support::{Folder, signer};

pub(crate) const KINDS: [Kind; 34] = [
    ("flip a bit in an entry", |w| flip(w, "tile/entries/000"), &[]),
    ("flip a bit in the last bundle", |w| flip(w, &last(w, "tile/entries")), &[]),
    ("swap two entries", swap_entries, &["tile-hash", "rulebook-first", "ballot-before-open"]),
    ("drop an entry", drop_entry, &["bundle-form"]),
    ("write an entry twice", double_entry, &["bundle-form"]),
    ("shorten a bundle", |w| shorten(w, "tile/entries/000"), &["bundle-form"]),
    ("remove a bundle", |w| remove(w, "tile/entries/000"), &["unreadable"]),
    ("flip a bit in a tile", |w| flip(w, "tile/0/000"), &["tile-hash"]),
    ("flip a bit in an upper tile", |w| flip(w, "tile/1/000.p/1"), &["tile-hash"]),
    ("flip a bit in the last tile", |w| flip(w, &last(w, "tile/0")), &["tile-hash"]),
    ("shorten a tile", |w| shorten(w, "tile/0/000"), &["tile-hash"]),
    ("lengthen a tile", |w| lengthen(w, &last(w, "tile/0")), &["tile-hash"]),
    ("remove a tile", |w| remove(w, "tile/1/000.p/1"), &["unreadable"]),
    ("change the plain lines", change_lines, &["entry-lines"]),
    ("forge the checkpoint's size", forge_size, &["checkpoint"]),
    ("forge the checkpoint's root", forge_root, &["checkpoint"]),
    ("flip a bit in the checkpoint", |w| flip(w, "checkpoint"), &["checkpoint"]),
    ("cut the checkpoint", |w| shorten(w, "checkpoint"), &["checkpoint"]),
    ("sign with a foreign key", foreign_signature, &["checkpoint"]),
    ("sign with a foreign key and show it", foreign_key, &["key"]),
    ("sign a wrong root", signed_root, &["root"]),
    ("sign more than there is", signed_size, &["unreadable"]),
    ("roll the log back", roll_back, &["rolled-back"]),
    ("fork the log", fork, &["root"]),
    (
        "change rulebook.json",
        |w| flip(w, "rulebook.json"),
        &["rulebook-form", "rulebook-hash", "origin"],
    ),
    ("remove rulebook.json", |w| remove(w, "rulebook.json"), &["unreadable"]),
    ("change result.json", |w| flip(w, "result.json"), &["result-hash"]),
    ("flip a bit in the cast-vote records", |w| flip(w, "cvr/public.csv"), &[]),
    ("drop a cast-vote record", |w| drop_row(w, "cvr/public.csv"), &["cvr-number", "cvr-count"]),
    ("write a cast-vote record twice", |w| double_row(w, "cvr/public.csv"), &["cvr-number"]),
    ("leave the last newline out", cut_newline, &["csv-row"]),
    ("flip a bit in the openings", |w| flip(w, "openings/public.csv"), &[]),
    ("drop an opening", |w| drop_row(w, "openings/public.csv"), &["opening-count"]),
    ("write an opening twice", |w| double_row(w, "openings/public.csv"), &["opening-order"]),
];

/// Flips one random bit, but not in the newline at the end.
fn flip(world: &mut World, name: &str) {
    let mut bytes = world.read(name);
    let place = world.below(bytes.len() - 1);
    bytes[place] ^= 1 << world.below(8);
    world.folder.put(name, bytes);
}

fn shorten(world: &mut World, name: &str) {
    let mut bytes = world.read(name);
    let length = 1 + world.below(bytes.len() - 1);
    bytes.truncate(length);
    world.folder.put(name, bytes);
}

fn lengthen(world: &mut World, name: &str) {
    let mut bytes = world.read(name);
    let more = 1 + world.below(64);
    bytes.extend(vec![0; more]);
    world.folder.put(name, bytes);
}

fn remove(world: &mut World, name: &str) {
    std::fs::remove_file(world.folder.join(name)).unwrap();
}

/// Returns the unfinished tile or bundle at the right edge.
fn last(world: &World, folder: &str) -> String {
    let folder = format!("{folder}/001.p");
    let entry = std::fs::read_dir(world.folder.join(&folder)).unwrap().next().unwrap().unwrap();
    format!("{folder}/{}", entry.file_name().to_string_lossy())
}

/// Writes the entries of the first bundle; the record is not signed again.
fn bundle(world: &World, entries: &[String]) {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend(u16::try_from(entry.len()).unwrap().to_be_bytes());
        bytes.extend(entry.as_bytes());
    }
    world.folder.put("tile/entries/000", bytes);
}

fn swap_entries(world: &mut World) {
    let mut entries = world.sample.entries[..256].to_vec();
    let (one, distance) = (world.below(256), 1 + world.below(255));
    entries.swap(one, (one + distance) % 256);
    bundle(world, &entries);
}

fn drop_entry(world: &mut World) {
    let mut entries = world.sample.entries[..256].to_vec();
    entries.remove(world.below(256));
    bundle(world, &entries);
}

fn double_entry(world: &mut World) {
    let mut entries = world.sample.entries[..256].to_vec();
    let entry = entries[255].clone();
    entries.push(entry);
    bundle(world, &entries);
}

fn change_lines(world: &mut World) {
    let mut lines = world.sample.entries[..256].to_vec();
    let place = world.below(256);
    lines[place].push('0');
    world.folder.put("entries/000", lines.join("\n") + "\n");
}

/// Returns the text lines of the checkpoint, and the text below them.
fn parts(world: &World) -> (Vec<String>, String) {
    let note = String::from_utf8(world.read("checkpoint")).unwrap();
    let (text, below) = note.split_once("\n\n").unwrap();
    (text.split('\n').map(str::to_owned).collect(), below.to_owned())
}

fn forge_size(world: &mut World) {
    let (mut text, below) = parts(world);
    text[1] = (world.sample.entries.len() - 1 - world.below(200)).to_string();
    world.folder.put("checkpoint", format!("{}\n\n{below}", text.join("\n")));
}

fn forge_root(world: &mut World) {
    let (mut text, below) = parts(world);
    text[2] = Hash::sha256_of(&world.below(1_000).to_be_bytes()).to_base64();
    world.folder.put("checkpoint", format!("{}\n\n{below}", text.join("\n")));
}

fn sign(world: &World, size: u64, root: Hash, seed: u8) -> String {
    let origin = format!("vote.example/record/{}", world.sample.edition);
    Checkpoint { origin, size, root }.sign(&signer(seed)).unwrap().to_string()
}

fn checkpoint(world: &World) -> Checkpoint {
    let note: Note = String::from_utf8(world.read("checkpoint")).unwrap().parse().unwrap();
    note.signed_text().parse().unwrap()
}

fn foreign_signature(world: &mut World) {
    let (checkpoint, seed) = (checkpoint(world), 8 + world.below(200));
    let seed = u8::try_from(seed).unwrap();
    world.folder.put("checkpoint", sign(world, checkpoint.size, checkpoint.root, seed));
}

fn foreign_key(world: &mut World) {
    let seed = u8::try_from(8 + world.below(200)).unwrap();
    write_signed_record(&world.sample, &signer(seed), world.folder.path()).unwrap();
}

fn signed_root(world: &mut World) {
    let (size, root) = (checkpoint(world).size, Hash::sha256_of(&world.below(1_000).to_be_bytes()));
    world.folder.put("checkpoint", sign(world, size, root, 7));
}

fn signed_size(world: &mut World) {
    let checkpoint = checkpoint(world);
    let size = checkpoint.size + 1 + world.below(1_000) as u64;
    world.folder.put("checkpoint", sign(world, size, checkpoint.root, 7));
}

/// Puts a larger checkpoint among those seen before.
fn roll_back(world: &mut World) {
    let checkpoint = checkpoint(world);
    let size = checkpoint.size + 1 + world.below(1_000) as u64;
    world.folder.put("seen/later", sign(world, size, checkpoint.root, 7));
}

/// Puts an earlier checkpoint over other entries among those seen before.
fn fork(world: &mut World) {
    let mut other = world.sample.clone();
    let size = 3 + world.below(other.entries.len() - 3);
    other.entries.truncate(size);
    let place = world.below(size);
    other.entries[place].push('0');
    let elsewhere = Folder::new();
    write_signed_record(&other, &signer(7), elsewhere.path()).unwrap();
    world.folder.put("seen/earlier", std::fs::read(elsewhere.join("checkpoint")).unwrap());
}

fn rows(world: &World, name: &str) -> Vec<String> {
    let text = String::from_utf8(world.read(name)).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn cut_newline(world: &mut World) {
    let name = ["cvr/public.csv", "openings/public.csv"][world.below(2)];
    let mut table = world.read(name);
    table.pop();
    world.folder.put(name, table);
}

fn drop_row(world: &mut World, name: &str) {
    let mut rows = rows(world, name);
    let row = 1 + world.below(rows.len() - 1);
    rows.remove(row);
    world.folder.put(name, rows.join("\n") + "\n");
}

fn double_row(world: &mut World, name: &str) {
    let mut rows = rows(world, name);
    let row = 1 + world.below(rows.len() - 1);
    rows.insert(row, rows[row].clone());
    world.folder.put(name, rows.join("\n") + "\n");
}
