//! Files in the MMDB format, written by the tests.

use std::time::{Duration, SystemTime};

use domain::fraud::NetworkClass;
use maxminddb::Reader;

use super::{NetworkFileError, NetworkFiles};

/// A value of the data section.
enum Value {
    Text(&'static str),
    Short(u16),
    Number(u32),
    Long(u64),
    /// A list without elements.
    EmptyList,
    Map(Vec<(&'static str, Value)>),
}

fn write_value(out: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Text(text) => {
            out.push(2 << 5 | u8::try_from(text.len()).unwrap());
            out.extend(text.as_bytes());
        }
        Value::Short(number) => {
            out.push(5 << 5 | 2);
            out.extend(number.to_be_bytes());
        }
        Value::Long(number) => {
            out.extend([8, 2]);
            out.extend(number.to_be_bytes());
        }
        Value::EmptyList => out.extend([0, 4]),
        Value::Number(number) => {
            out.push(6 << 5 | 4);
            out.extend(number.to_be_bytes());
        }
        Value::Map(pairs) => {
            out.push(7 << 5 | u8::try_from(pairs.len()).unwrap());
            for (key, value) in pairs {
                write_value(out, &Value::Text(key));
                write_value(out, value);
            }
        }
    }
}

/// Writes a file of these prefixes. An IPv4 prefix stands at the zeros of the IPv6 tree.
fn write_file(prefixes: &[(&str, u32, Value)], age: Duration) -> Vec<u8> {
    let mut data = Vec::new();
    let mut nodes: Vec<[Option<Result<usize, usize>>; 2]> = vec![[None; 2]];
    for (address, length, value) in prefixes {
        let (bits, length) = match address.parse().unwrap() {
            std::net::IpAddr::V4(address) => (u128::from(u32::from(address)), 96 + length),
            std::net::IpAddr::V6(address) => (u128::from(address), *length),
        };
        let mut at = 0;
        for depth in 0..length {
            let side = usize::from(bits >> (127 - depth) & 1 == 1);
            if depth + 1 == length {
                nodes[at][side] = Some(Err(data.len()));
            } else if let Some(Ok(next)) = nodes[at][side] {
                at = next;
            } else {
                nodes.push([None; 2]);
                nodes[at][side] = Some(Ok(nodes.len() - 1));
                at = nodes.len() - 1;
            }
        }
        write_value(&mut data, value);
    }
    let count = nodes.len();
    let mut file = Vec::new();
    for side in nodes.iter().flatten() {
        let record = match side {
            None => count,
            Some(Ok(node)) => *node,
            Some(Err(offset)) => count + 16 + offset,
        };
        file.extend(&u32::try_from(record).unwrap().to_be_bytes()[1..]);
    }
    file.extend([0; 16]);
    file.extend(data);
    file.extend(b"\xab\xcd\xefMaxMind.com");
    let built = (SystemTime::now() - age).duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let metadata = Value::Map(vec![
        ("node_count", Value::Number(u32::try_from(count).unwrap())),
        ("record_size", Value::Short(24)),
        ("ip_version", Value::Short(6)),
        ("database_type", Value::Text("test")),
        ("languages", Value::EmptyList),
        ("binary_format_major_version", Value::Short(2)),
        ("binary_format_minor_version", Value::Short(0)),
        ("build_epoch", Value::Long(built.as_secs())),
        // Empty, as in free sets.
        ("description", Value::Map(Vec::new())),
    ]);
    write_value(&mut file, &metadata);
    file
}

fn facts(system: u32, country: &'static str) -> Value {
    Value::Map(vec![
        ("autonomous_system_number", Value::Number(system)),
        ("country_code", Value::Text(country)),
    ])
}

const YOUNG: Duration = Duration::from_secs(3600);

fn files(written: Vec<Vec<u8>>) -> NetworkFiles {
    let mut files = NetworkFiles::default();
    for file in written {
        files.add_reader(Reader::from_source(file).unwrap()).unwrap();
    }
    files
}

fn sample(country: &'static str) -> Vec<u8> {
    let nested = Value::Map(vec![
        ("asn", Value::Text("AS9644")),
        ("country", Value::Map(vec![("iso_code", Value::Text("KR"))])),
    ]);
    let prefixes = [
        ("203.0.113.0", 24, facts(4766, "KR")),
        ("198.51.100.0", 24, facts(16509, "US")),
        ("192.0.2.0", 24, facts(13335, "US")),
        ("2001:db8:1::", 48, facts(64_500, country)),
        ("2001:db8:2::", 48, facts(64_501, "KR")),
        ("2001:db8:3::", 48, nested),
    ];
    write_file(&prefixes, YOUNG)
}

#[test]
fn two_files_that_agree_say_what_a_network_is() {
    let files = files(vec![sample("VN"), sample("VN")]);
    for (network, class) in [
        ("203.0.113.7", NetworkClass::Carrier),
        ("198.51.100.1", NetworkClass::Hosting),
        ("192.0.2.255", NetworkClass::Relay),
        ("2001:db8:1:2::/64", NetworkClass::Foreign),
        ("2001:db8:2:2::/64", NetworkClass::Broadband),
        ("2001:db8:3:2::/64", NetworkClass::Carrier),
        ("2001:db8:4:2::/64", NetworkClass::Unknown),
        ("8.8.8.8", NetworkClass::Unknown),
        ("", NetworkClass::Unknown),
        ("no address", NetworkClass::Unknown),
    ] {
        assert_eq!(files.classify_network(network), class, "{network}");
    }
}

#[test]
fn one_file_alone_and_files_that_differ_say_nothing() {
    let one = files(vec![sample("VN")]);
    let differ = files(vec![sample("VN"), sample("KR"), sample("VN")]);
    let none = NetworkFiles::default();
    for files in [&one, &differ, &none] {
        let class = files.classify_network("2001:db8:1:2::/64");
        assert_eq!(class, NetworkClass::Unknown);
    }
    assert_eq!(one.classify_network("198.51.100.1"), NetworkClass::Unknown);
    assert_eq!(differ.classify_network("198.51.100.1"), NetworkClass::Hosting);
}

#[test]
fn a_file_that_is_old_broken_or_none_is_not_used() {
    let mut files = NetworkFiles::default();
    let year = Duration::from_secs(366 * 24 * 3600);
    let old = write_file(&[("203.0.113.0", 24, facts(4766, "KR"))], year);
    let refused = files.add_reader(Reader::from_source(old).unwrap());
    assert!(matches!(refused, Err(NetworkFileError::Old)), "{refused:?}");
    for broken in [Vec::new(), b"not a file of networks".to_vec(), sample("KR")[..200].to_vec()] {
        assert!(Reader::from_source(broken).is_err());
    }
    // A pointer into nothing: the file is refused as a whole.
    let mut torn = sample("KR");
    torn[..3].copy_from_slice(&[0xff, 0xff, 0xff]);
    let torn = Reader::from_source(torn).unwrap();
    assert!(matches!(files.add_reader(torn), Err(NetworkFileError::Unreadable(_))));
    assert!(files.add_file(std::path::Path::new("/nowhere/networks.mmdb")).is_err());
}
