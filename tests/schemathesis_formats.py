"""What schemathesis.sh fills in where a schema leaves everything open. Dates lie near today, ids come from a handful and so do
municipalities: what is made by one request is then met by the next. Otherwise nearly all would be about nothing, or about the year 3000."""

from datetime import datetime, timedelta, timezone

import schemathesis
from hypothesis import strategies

IDS = [f"00000000-0000-4000-8000-{number:012x}" for number in range(1, 7)]
NOW = datetime.now(timezone.utc).replace(microsecond=0)
MUNICIPALITY = "^([0-9]{4}|onbekend)$"


def day(before):
    return (NOW - timedelta(days=before)).date().isoformat()


def moment(before):
    return (NOW - timedelta(minutes=before)).isoformat().replace("+00:00", "Z")


ids = strategies.sampled_from(IDS)
schemathesis.openapi.format("uuid", strategies.one_of(ids, ids, ids, strategies.uuids().map(str)))
schemathesis.openapi.format("date", strategies.integers(-2, 40).map(day))
schemathesis.openapi.format("date-time", strategies.integers(0, 50_000).map(moment))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    narrow(raw_schema)


def narrow(schema):
    if isinstance(schema, list):
        for each in schema:
            narrow(each)
    elif isinstance(schema, dict):
        if schema.get("pattern") == MUNICIPALITY:
            schema["enum"] = ["0106", "0114", "onbekend"]
        for each in schema.values():
            narrow(each)
