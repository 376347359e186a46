//! Days on which offices in Korea are closed: weekends, and the public holidays of the years whose list is known.
//!
//! Source: Regulations on Holidays of Public Offices (관공서의 공휴일에 관한 규정), articles 2 and 3, and the yearly almanac
//! (월력요항) of the Korea AeroSpace Administration. 1 May and 17 July are public holidays since 2026.

use chrono::{Datelike as _, Duration, NaiveDate, Weekday};

use super::{Instant, seoul_offset};

/// Why offices are closed on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestDay {
    /// A Saturday that is no public holiday.
    Saturday,
    /// A Sunday that is no other public holiday.
    Sunday,
    /// A public holiday with a name.
    Holiday(Holiday),
}

/// A public holiday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holiday {
    /// 1월 1일
    NewYear,
    /// 설날, three days
    LunarNewYear,
    /// 3·1절
    IndependenceMovement,
    /// 노동절, since 2026
    Labour,
    /// 어린이날
    Children,
    /// 부처님 오신 날
    Buddha,
    /// 선거일, of elections at the end of a term
    Election,
    /// 현충일
    Memorial,
    /// 제헌절, since 2026
    Constitution,
    /// 광복절
    Liberation,
    /// 추석, three days
    Chuseok,
    /// 개천절
    Foundation,
    /// 한글날
    Hangul,
    /// 기독탄신일
    Christmas,
    /// 대체공휴일, for one that fell on a day on which offices are closed anyway
    Substitute,
}

/// The last year whose public holidays are listed. Of later years only the weekends are known.
pub const LAST_LISTED_YEAR: i32 = 2027;

/// The public holidays by year, month and day, in their order. The list of a year appears in the summer before it.
const HOLIDAYS: [(i32, u32, u32, Holiday); 46] = [
    (2026, 1, 1, Holiday::NewYear),
    (2026, 2, 16, Holiday::LunarNewYear),
    (2026, 2, 17, Holiday::LunarNewYear),
    (2026, 2, 18, Holiday::LunarNewYear),
    (2026, 3, 1, Holiday::IndependenceMovement),
    (2026, 3, 2, Holiday::Substitute),
    (2026, 5, 1, Holiday::Labour),
    (2026, 5, 5, Holiday::Children),
    (2026, 5, 24, Holiday::Buddha),
    (2026, 5, 25, Holiday::Substitute),
    (2026, 6, 3, Holiday::Election),
    (2026, 6, 6, Holiday::Memorial),
    (2026, 7, 17, Holiday::Constitution),
    (2026, 8, 15, Holiday::Liberation),
    (2026, 8, 17, Holiday::Substitute),
    (2026, 9, 24, Holiday::Chuseok),
    (2026, 9, 25, Holiday::Chuseok),
    (2026, 9, 26, Holiday::Chuseok),
    (2026, 10, 3, Holiday::Foundation),
    (2026, 10, 5, Holiday::Substitute),
    (2026, 10, 9, Holiday::Hangul),
    (2026, 12, 25, Holiday::Christmas),
    (2027, 1, 1, Holiday::NewYear),
    (2027, 2, 6, Holiday::LunarNewYear),
    (2027, 2, 7, Holiday::LunarNewYear),
    (2027, 2, 8, Holiday::LunarNewYear),
    (2027, 2, 9, Holiday::Substitute),
    (2027, 3, 1, Holiday::IndependenceMovement),
    (2027, 5, 1, Holiday::Labour),
    (2027, 5, 3, Holiday::Substitute),
    (2027, 5, 5, Holiday::Children),
    (2027, 5, 13, Holiday::Buddha),
    (2027, 6, 6, Holiday::Memorial),
    (2027, 7, 17, Holiday::Constitution),
    (2027, 7, 19, Holiday::Substitute),
    (2027, 8, 15, Holiday::Liberation),
    (2027, 8, 16, Holiday::Substitute),
    (2027, 9, 14, Holiday::Chuseok),
    (2027, 9, 15, Holiday::Chuseok),
    (2027, 9, 16, Holiday::Chuseok),
    (2027, 10, 3, Holiday::Foundation),
    (2027, 10, 4, Holiday::Substitute),
    (2027, 10, 9, Holiday::Hangul),
    (2027, 10, 11, Holiday::Substitute),
    (2027, 12, 25, Holiday::Christmas),
    (2027, 12, 27, Holiday::Substitute),
];

/// Returns the last day of a window in Korea: of one that closes at midnight the day before.
#[must_use]
pub fn last_day_of_window(closes: Instant) -> NaiveDate {
    (closes - Duration::seconds(1)).with_timezone(&seoul_offset()).date_naive()
}

/// Returns why offices are closed on a day in Korea; `None` if they are open, as far as the list says.
#[must_use]
pub fn find_rest_day(day: NaiveDate) -> Option<RestDay> {
    let listed = HOLIDAYS.iter().find(|(year, month, date, _)| {
        (*year, *month, *date) == (day.year(), day.month(), day.day())
    });
    match (listed, day.weekday()) {
        (Some((.., holiday)), _) => Some(RestDay::Holiday(*holiday)),
        (None, Weekday::Sat) => Some(RestDay::Saturday),
        (None, Weekday::Sun) => Some(RestDay::Sunday),
        (None, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, date: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, date).unwrap()
    }

    #[test]
    fn every_listed_day_exists_and_they_are_in_order() {
        let days = HOLIDAYS.map(|(year, month, date, _)| day(year, month, date));
        assert!(days.is_sorted_by(|one, next| one < next));
        assert!(days.iter().all(|day| day.year() <= LAST_LISTED_YEAR));
    }

    #[test]
    fn a_substitute_day_follows_a_holiday_that_was_lost_and_is_a_working_day() {
        for (at, (year, month, date, holiday)) in HOLIDAYS.into_iter().enumerate() {
            let on = day(year, month, date);
            let weekend = matches!(on.weekday(), Weekday::Sat | Weekday::Sun);
            if holiday == Holiday::Substitute {
                assert!(!weekend, "{on}");
                continue;
            }
            // Article 3: not for New Year and Memorial Day. A lunar holiday that falls on a Saturday is not made up for.
            let never = matches!(holiday, Holiday::NewYear | Holiday::Memorial | Holiday::Election);
            let lunar = matches!(holiday, Holiday::LunarNewYear | Holiday::Chuseok);
            let lost = if lunar { on.weekday() == Weekday::Sun } else { weekend && !never };
            let made_up =
                HOLIDAYS[at..].iter().take(4).any(|(.., next)| *next == Holiday::Substitute);
            assert!(made_up || !lost, "{on} {holiday:?}");
        }
    }

    #[test]
    fn weekends_and_holidays_are_told_apart_and_midnight_belongs_to_the_day_before() {
        assert_eq!(find_rest_day(day(2026, 7, 17)), Some(RestDay::Holiday(Holiday::Constitution)));
        assert_eq!(find_rest_day(day(2026, 5, 24)), Some(RestDay::Holiday(Holiday::Buddha)));
        assert_eq!(find_rest_day(day(2026, 11, 28)), Some(RestDay::Saturday));
        assert_eq!(find_rest_day(day(2029, 1, 7)), Some(RestDay::Sunday));
        assert_eq!(find_rest_day(day(2026, 11, 30)), None);
        let closes = |text: &str| super::super::parse_local_minute(text).unwrap();
        assert_eq!(last_day_of_window(closes("2026-11-30T00:00")), day(2026, 11, 29));
        assert_eq!(last_day_of_window(closes("2026-11-30T18:00")), day(2026, 11, 30));
    }
}
