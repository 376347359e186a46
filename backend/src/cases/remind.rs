//! Reminders of drafts before the call closes: seven days, one day and three hours before, never at night.

mod queries;

use chrono::{DateTime, Duration, NaiveTime, Timelike as _, Utc};
use domain::schedule::{Phase, seoul_offset};
use phrases::news as words;
use sqlx::PgConnection;

use super::letters;
use crate::editions::Edition;
use crate::mail::format_korean_end;
use crate::{Backend, Result};

/// The night by Korean time, in hours: from the first until the second.
const NIGHT: (u32, u32) = (22, 8);

/// The hour of the evening before, for a reminder that falls in the night.
const EVENING: u32 = 19;

/// How long after its instant a reminder is still sent.
const LATE: Duration = Duration::hours(3);

/// A reminder of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reminder {
    /// Seven days before the close.
    Week,
    /// One day before.
    Day,
    /// Three hours before.
    Hours,
}

impl Reminder {
    /// All of them, the last one first.
    const ALL: [Self; 3] = [Self::Hours, Self::Day, Self::Week];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Day => "day",
            Self::Hours => "hours",
        }
    }

    /// When it is sent. One that falls in the night is sent in the evening before.
    fn due_at(self, closes: DateTime<Utc>) -> DateTime<Utc> {
        let before = match self {
            Self::Week => Duration::days(7),
            Self::Day => Duration::days(1),
            Self::Hours => Duration::hours(3),
        };
        let due = closes - before;
        let local = due.with_timezone(&seoul_offset());
        let hour = local.hour();
        if (NIGHT.1..NIGHT.0).contains(&hour) {
            return due;
        }
        let evening_of = if hour < NIGHT.1 { local - Duration::days(1) } else { local };
        let evening = NaiveTime::from_hms_opt(EVENING, 0, 0).unwrap_or_default();
        let evening = evening_of.date_naive().and_time(evening).and_local_timezone(seoul_offset());
        evening.single().map_or(due, |evening| evening.with_timezone(&Utc))
    }

    /// The reminder that is due now, if one is. The last one is sent until the close. An earlier one that is hours late,
    /// because no server ran, is left out: a draft that was begun meanwhile would be reminded at once.
    fn due_now(closes: DateTime<Utc>, now: DateTime<Utc>) -> Option<Self> {
        let local = now.with_timezone(&seoul_offset());
        let day = (NIGHT.1..NIGHT.0).contains(&local.hour());
        let is_due = |reminder: &Self| {
            let due = reminder.due_at(closes);
            let end = if *reminder == Self::Hours { closes } else { due + LATE };
            (due..end).contains(&now)
        };
        let due = Self::ALL.into_iter().find(is_due)?;
        (day && now < closes).then_some(due)
    }
}

impl Backend {
    /// Reminds the organisations whose drafts are not sent in. Rehearsals write to nobody, except those of a
    /// demonstration.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub async fn remind_of_drafts(&self) -> Result<()> {
        for edition in self.public_editions().await? {
            let writes = !edition.rehearsal || self.settings().demonstration;
            if !writes || edition.current_phase() != Phase::Call {
                continue;
            }
            let closes = edition.schedule.windows.call.closes;
            if let Some(reminder) = Reminder::due_now(closes, edition.now) {
                self.send_reminders(&edition, reminder).await?;
            }
        }
        Ok(())
    }

    async fn send_reminders(&self, edition: &Edition, reminder: Reminder) -> Result<()> {
        let (backend, edition) = (self.clone(), edition.clone());
        self.run_in_transaction(move |connection| {
            Box::pin(async move {
                let closes = edition.schedule.windows.call.closes;
                let drafts =
                    queries::note_reminders(connection, edition.id, reminder.as_str(), closes);
                for draft in drafts.await? {
                    queue_reminders(&backend, connection, &edition, &draft).await?;
                }
                Ok(())
            })
        })
        .await
    }
}

async fn queue_reminders(
    backend: &Backend,
    connection: &mut PgConnection,
    edition: &Edition,
    drafts: &queries::OpenDrafts,
) -> Result<()> {
    let closes = edition.schedule.windows.call.closes;
    let link = format!("{}/organisation", backend.settings().public_url);
    let titles: Vec<String> = drafts.titles.iter().map(|title| format!("· {title}")).collect();
    let about = (edition, drafts.organisation);
    letters::queue_member_letters(connection, &backend.keys, about, |lang| {
        let contest = lang.choose_text(&edition.title.ko, &edition.title.en);
        let until = format_korean_end(lang, closes);
        let body = words::remind_body(lang, contest, &link, titles.join("\n"), &until);
        (words::remind_subject(lang, &until), body)
    })
    .await
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::Reminder;

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}:00+09:00")
            .parse::<DateTime<chrono::FixedOffset>>()
            .unwrap()
            .with_timezone(&Utc)
    }

    #[test]
    fn reminders_come_in_time_and_never_at_night() {
        // A close at midnight: the last one at nine in the evening.
        let closes = at("2026-11-30T00:00");
        assert_eq!(Reminder::Hours.due_at(closes), at("2026-11-29T21:00"));
        assert_eq!(Reminder::Day.due_at(closes), at("2026-11-28T19:00"), "midnight is night");
        assert_eq!(Reminder::Week.due_at(closes), at("2026-11-22T19:00"));
        // A close in the morning: in the evening before.
        assert_eq!(Reminder::Hours.due_at(at("2026-11-30T09:00")), at("2026-11-29T19:00"));
        assert_eq!(Reminder::Hours.due_at(at("2026-11-30T18:00")), at("2026-11-30T15:00"));
        assert_eq!(Reminder::Day.due_at(at("2026-11-30T18:00")), at("2026-11-29T18:00"));
    }

    #[test]
    fn a_reminder_is_sent_in_its_three_hours_alone() {
        let closes = at("2026-11-30T18:00");
        for (now, due) in [
            ("2026-11-23T17:59", None),
            ("2026-11-23T18:00", Some(Reminder::Week)),
            ("2026-11-23T20:59", Some(Reminder::Week)),
            ("2026-11-23T21:00", None),
            ("2026-11-29T18:00", Some(Reminder::Day)),
            ("2026-11-30T15:00", Some(Reminder::Hours)),
            ("2026-11-30T18:00", None),
        ] {
            assert_eq!(Reminder::due_now(closes, at(now)), due, "{now}");
        }
    }
}
