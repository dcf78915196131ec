//! The figures: facts added up, as known at any moment. What was recorded in a month that is over changes no more, so it is kept summed;
//! only what was recorded since, or in the month of the moment that is asked for, is added up from the facts themselves.

use crate::{Failed, Store};
use chrono::{DateTime, Datelike, NaiveTime, Utc};
use domain::id::Organisation;
use futures_util::{StreamExt, TryStreamExt, stream};
use report::fact::{Counted, Month};
use sqlx::PgConnection;
use std::collections::HashMap;

/// Sums up the months of recording before that of the last event that was told: events are recorded in order, so nothing
/// is added to those any more.
pub(super) async fn sum_up(
    on: &mut PgConnection,
    generation: i16,
    organisation: Organisation,
    last: DateTime<Utc>,
) -> Result<(), Failed> {
    let until = start_of_month(last);
    let summed = sqlx::query_scalar!(
        "select until from fact_summed where generation = $1 and organisation = $2",
        generation,
        organisation.as_str()
    )
    .fetch_optional(&mut *on)
    .await?;
    if summed.is_some_and(|summed| summed >= until) {
        return Ok(());
    }
    sqlx::query!(
        "insert into fact_sum (generation, organisation, month, kind, recorded_before, weight)
         select $1, $2, month, kind,
                (date_trunc('month', recorded_at at time zone 'UTC') + interval '1 month') at time zone 'UTC', sum(weight)
         from fact where generation = $1 and organisation = $2 and recorded_at >= $3 and recorded_at < $4
         group by 3, 4, 5 having sum(weight) <> 0",
        generation,
        organisation.as_str(),
        summed.unwrap_or(DateTime::UNIX_EPOCH),
        until
    )
    .execute(&mut *on)
    .await?;
    sqlx::query!(
        "insert into fact_summed (generation, organisation, until) values ($1, $2, $3)
         on conflict (generation, organisation) do update set until = excluded.until",
        generation,
        organisation.as_str(),
        until
    )
    .execute(on)
    .await?;
    Ok(())
}

fn start_of_month(at: DateTime<Utc>) -> DateTime<Utc> {
    let date = at.date_naive();
    date.with_day(1).unwrap_or(date).and_time(NaiveTime::MIN).and_utc()
}

/// How many organisations are added up at the same time.
const AT_ONCE: usize = 3;

struct Row {
    month: Month,
    kind: i32,
    count: i64,
}

impl Store {
    /// How often each fact holds in each month from `from` to `to`, as known at a moment; of one organisation, or of all.
    pub async fn counted(
        &self,
        organisation: Option<Organisation>,
        from: Month,
        to: Month,
        as_known_at: DateTime<Utc>,
    ) -> Result<Vec<Counted>, Failed> {
        let all = match organisation {
            Some(one) => vec![one],
            None => self.organisations().await?,
        };
        let Some(any) = all.first().copied() else { return Ok(vec![]) };
        // The database shows one organisation at a time: the country is the sum of them.
        let each = all.into_iter().map(|it| self.weights(it, from, to, as_known_at));
        let mut each = stream::iter(each).buffer_unordered(AT_ONCE);
        let mut months: HashMap<i32, HashMap<Month, i64>> = HashMap::new();
        while let Some(rows) = each.try_next().await? {
            for row in rows {
                *months.entry(row.kind).or_default().entry(row.month).or_default() += row.count;
            }
        }
        self.facts(any, months).await
    }

    async fn weights(
        &self,
        organisation: Organisation,
        from: Month,
        to: Month,
        as_known_at: DateTime<Utc>,
    ) -> Result<Vec<Row>, Failed> {
        let mut on = self.inner.report.of(organisation).await?;
        let rows = sqlx::query_as!(
            Row,
            r#"select month as "month!", kind as "kind!", sum(weight) as "count!" from (
                   select s.month, s.kind, s.weight
                   from fact_summed d
                   join fact_sum s on s.generation = d.generation and s.organisation = d.organisation
                       and s.recorded_before <= least(d.until, $5)
                   where d.generation = (select live from projection where name = 'facts')
                     and d.organisation = $1 and s.month between $2 and $3
                   union all
                   select f.month, f.kind, f.weight
                   from fact_summed d cross join lateral (
                       select month, kind, weight from own_fact
                       where generation = d.generation and organisation = d.organisation
                         and recorded_at >= least(d.until, $5) and recorded_at <= $4 and month between $2 and $3 offset 0) f
                   where d.generation = (select live from projection where name = 'facts')
                     and d.organisation = $1) as weights
               group by month, kind having sum(weight) <> 0"#,
            organisation.as_str(),
            from,
            to,
            as_known_at,
            start_of_month(as_known_at)
        )
        .fetch_all(&mut *on)
        .await?;
        on.give_back();
        Ok(rows)
    }

    /// What was counted, by number of its kind, with what that kind is. Kinds are of no organisation: whichever asks.
    async fn facts(
        &self,
        organisation: Organisation,
        mut months: HashMap<i32, HashMap<Month, i64>>,
    ) -> Result<Vec<Counted>, Failed> {
        let kinds: Vec<i32> = months.keys().copied().collect();
        let mut on = self.inner.report.of(organisation).await?;
        let facts = sqlx::query!("select id, fact from fact_kind where id = any($1)", &kinds)
            .fetch_all(&mut *on)
            .await?;
        on.give_back();
        let mut counted = |id: i32, fact: &str| {
            let fact = serde_json::from_str(fact)?;
            let months = months.remove(&id).unwrap_or_default();
            Ok(Counted { fact, months: months.into_iter().collect() })
        };
        facts.into_iter().map(|row| counted(row.id, &row.fact)).collect()
    }
}
