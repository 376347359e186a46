//! The search of the gallery: finds cases by the keys that type them, and forgives one wrong key.

use domain::ids::CaseId;
use domain::limits;
use domain::search::{SearchWords, has_nearly};
use sqlx::PgConnection;

use super::GalleryFilter;
use super::queries::{self, KeyPatterns, SearchedCase};
use crate::cases::OrderSeed;
use crate::editions::Edition;
use crate::{Backend, Result};

/// Most cases that are looked at for a wrong key. More would be no search.
const MOST_NEARLY: i64 = 2_000;

/// Fewest keys of a word that is looked for in stories, too: the index knows three keys and more, and every story has
/// each shorter word.
const STORY_KEYS: usize = 3;

/// How well a case fits a search: the place of the field that has every word, of title, organisation, summary and
/// story.
type Rank = usize;

/// Finds the cases of a search, the best first; equally good ones in the visitor's order. If none has every word, those
/// follow in which one key is wrong.
pub(super) async fn search_cases(
    connection: &mut PgConnection,
    edition: &Edition,
    filter: &GalleryFilter,
    seed: OrderSeed,
) -> Result<Vec<CaseId>> {
    let words = filter.search_words();
    let longest = words.longest_word();
    let contains = like_pattern(longest);
    let patterns = KeyPatterns {
        story: (longest.len() >= STORY_KEYS).then(|| contains.clone()),
        head: [contains.clone(), contains],
        all: words.other_words().map(like_pattern).collect(),
    };
    let most = i64::try_from(limits::CASES).unwrap_or(i64::MAX);
    let found =
        queries::find_searched_cases(connection, edition.id, filter, &patterns, most).await?;
    // What is in none of the shorter fields is in the story.
    let rank = |case: &SearchedCase| {
        Some(rank_case(&words, case, |field, word| field.contains(word)).unwrap_or(Rank::MAX))
    };
    let exact = sort_by_rank(&found, seed, rank);
    let (true, Some((begin, end))) = (exact.is_empty(), words.halves()) else { return Ok(exact) };
    let patterns =
        KeyPatterns { head: [begin, end].map(like_pattern), story: None, all: Vec::new() };
    let near = queries::find_searched_cases(connection, edition.id, filter, &patterns, MOST_NEARLY)
        .await?;
    Ok(sort_by_rank(&near, seed, |case| rank_case(&words, case, has_nearly)))
}

fn rank_case(
    words: &SearchWords,
    case: &SearchedCase,
    has: impl Fn(&str, &str) -> bool,
) -> Option<Rank> {
    let title = format!("{}\n{}", case.title, case.title_en);
    words.rank_fields(&[&title, &case.organisation, &case.summary], has)
}

fn sort_by_rank(
    cases: &[SearchedCase],
    seed: OrderSeed,
    rank: impl Fn(&SearchedCase) -> Option<Rank>,
) -> Vec<CaseId> {
    let mut ranked: Vec<(CaseId, Rank)> =
        cases.iter().filter_map(|case| Some((case.id, rank(case)?))).collect();
    ranked.sort_by_cached_key(|(case, rank)| (*rank, seed.sort_key(*case)));
    ranked.into_iter().map(|(case, _)| case).collect()
}

/// Returns the pattern of a text that contains these keys as they are.
fn like_pattern(keys: &str) -> String {
    let mut pattern = String::from("%");
    for key in keys.chars() {
        if matches!(key, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(key);
    }
    pattern.push('%');
    pattern
}

impl Backend {
    /// Stores the keys of submitted cases that have none, because an older version has stored them. Returns how many.
    ///
    /// # Errors
    /// [`Error::Database`](crate::Error::Database).
    pub async fn fill_search_keys(&self) -> Result<usize> {
        let mut filled = 0;
        loop {
            let mut connection = self.acquire_connection().await?;
            let cases = queries::cases_without_keys(&mut connection).await?;
            if cases.is_empty() {
                return Ok(filled);
            }
            for id in cases {
                if let Some(case) = crate::cases::queries::find_case(&mut connection, id).await? {
                    queries::store_search_keys(&mut connection, id, &case.search_keys()).await?;
                    filled += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::GalleryFilter;
    use super::like_pattern;

    fn words(search: &str) -> Vec<String> {
        let filter = GalleryFilter { search: search.to_owned(), ..GalleryFilter::default() };
        filter.search_words().word_keys().to_vec()
    }

    #[test]
    fn what_is_searched_for_is_never_a_pattern() {
        assert_eq!(like_pattern("100%_\\"), "%100\\%\\_\\\\%");
        assert_eq!(words("복지  관"), ["qhrwl", "rhks"]);
        assert_eq!(words("a\0b"), ["ab"]);
        assert!(words(" \t\0 ").is_empty());
        assert_eq!(words(&"한".repeat(500))[0].len(), 300, "its first hundred letters");
    }
}
