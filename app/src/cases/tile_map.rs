//! A map of the neighbourhoods as tiles of one size, each about where it lies: a way into the gallery.
//!
//! A map is known for Daejeon alone. An edition whose neighbourhoods are not all on it has none, and the list of
//! neighbourhoods is the way in. The places of 79 tiles follow the boundaries of 2021; three neighbourhoods are newer and were
//! placed by hand. A tile may lie one place beside where it belongs.

use std::collections::HashMap;
use std::sync::LazyLock;

use backend::editions::{District, Neighbourhood, TracksAndDistricts};
use domain::ids::NeighbourhoodId;
use leptos::prelude::*;
use phrases::{Lang, cases as words};

use crate::words::cases;

/// Column and row of each neighbourhood, by the short name of its district and its own name. Columns count from the west, rows
/// from the north, both from 0.
type Places = HashMap<String, HashMap<String, [u16; 2]>>;

static DAEJEON: LazyLock<Places> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../data/daejeon-tiles.json"))
        .expect("the file is checked by a test")
});

/// Side of a tile with its gap, in units of the drawing.
const STEP: u16 = 64;
/// Side of a tile.
const SIDE: u16 = 60;

struct Tile<'a> {
    district: usize,
    place: &'a Neighbourhood,
    column: u16,
    row: u16,
}

/// Returns the tiles of these districts; `None` if one of their neighbourhoods is not on the map.
fn find_tiles(districts: &[District]) -> Option<Vec<Tile<'_>>> {
    let mut tiles = Vec::new();
    for (index, district) in districts.iter().enumerate() {
        for place in &district.neighbourhoods {
            let [column, row] = *DAEJEON.get(&district.slug)?.get(&place.name)?;
            tiles.push(Tile { district: index, place, column, row });
        }
    }
    (!tiles.is_empty()).then_some(tiles)
}

/// Shows the map, folded: a tile with cases leads to them. `address` is that of the gallery with one neighbourhood.
pub(crate) fn tile_map_section(
    lang: Lang,
    places: &TracksAndDistricts,
    counts: &HashMap<NeighbourhoodId, i64>,
    chosen: Option<NeighbourhoodId>,
    address: impl Fn(NeighbourhoodId) -> String,
) -> Option<AnyView> {
    let tiles = find_tiles(&places.districts)?;
    let (columns, rows) = tiles.iter().fold((0, 0), |(columns, rows), tile| {
        (columns.max(tile.column + 1), rows.max(tile.row + 1))
    });
    let shown = tiles
        .iter()
        .map(|tile| {
            let cases = counts.get(&tile.place.id).copied().unwrap_or_default();
            tile_view(lang, places, tile, (cases, chosen == Some(tile.place.id)), &address)
        })
        .collect_view();
    // The line of a chosen tile is drawn over its edge.
    let view_box = format!("-4 -4 {} {}", columns * STEP + 4, rows * STEP + 4);
    let legend = places
        .districts
        .iter()
        .enumerate()
        .map(|(index, district)| {
            let name = lang.choose_text(&district.name.ko, &district.name.en).to_owned();
            view! { <li data-district=(index % 5).to_string()>{name}</li> }
        })
        .collect_view();
    let section = view! {
        <details class="map-fold">
            <summary>{words::map(lang)}</summary>
            <p class="muted small">{words::map_text(lang)}</p>
            <ul class="tile-legend cluster">{legend}</ul>
            <div class="tile-map" role="region" aria-label=words::map(lang) tabindex="0">
                <svg viewBox=view_box role="group" aria-label=words::map(lang)>{shown}</svg>
            </div>
        </details>
    };
    Some(section.into_any())
}

fn tile_view(
    lang: Lang,
    places: &TracksAndDistricts,
    tile: &Tile<'_>,
    (cases, chosen): (i64, bool),
    address: impl Fn(NeighbourhoodId) -> String,
) -> AnyView {
    let (x, y) = (tile.column * STEP, tile.row * STEP);
    let name = tile.place.name.clone();
    let district = places.districts.get(tile.district);
    let district = district.map(|district| lang.choose_text(&district.name.ko, &district.name.en));
    let said = words::map_tile(lang, cases, district.unwrap_or_default(), &name);
    let group = (tile.district % 5).to_string();
    let number = (cases > 0).then(|| {
        view! {
            <text class="tile-count" x=(x + SIDE / 2).to_string() y=(y + 46).to_string()
                text-anchor="middle">{cases.to_string()}</text>
        }
    });
    let size = if name.chars().count() > 4 { "small" } else { "usual" };
    let drawn = view! {
        <rect x=x.to_string() y=y.to_string() width=SIDE.to_string() height=SIDE.to_string()
            rx="8"/>
        <text class="tile-name" data-size=size x=(x + SIDE / 2).to_string()
            y=(y + 24).to_string() text-anchor="middle" lang=cases::korean_mark(lang)>{name}</text>
        {number}
    };
    if cases == 0 {
        return view! {
            <g class="tile" data-district=group data-empty="" aria-hidden="true">{drawn}</g>
        }
        .into_any();
    }
    let here = chosen.then_some("true");
    view! {
        <a class="tile" data-district=group href=address(tile.place.id) aria-label=said
            aria-current=here>{drawn}</a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::DAEJEON;

    #[test]
    fn every_neighbourhood_of_the_season_has_a_tile_of_its_own() {
        let season: serde_json::Value =
            serde_json::from_str(include_str!("../../../data/daejeon-2024.json")).unwrap();
        let (mut cells, mut count) = (HashSet::new(), 0);
        for district in season["districts"].as_array().unwrap() {
            let tiles = &DAEJEON[district["slug"].as_str().unwrap()];
            let names = district["neighbourhoods"].as_array().unwrap();
            assert_eq!(tiles.len(), names.len(), "{}", district["slug"]);
            for name in names {
                let cell = tiles[name.as_str().unwrap()];
                assert!(cells.insert(cell), "{name}: two tiles at {cell:?}");
                count += 1;
            }
        }
        assert_eq!(count, 82);
    }
}
