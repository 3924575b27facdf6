"""Makes the table that domain::cadence is held against: src/domain/cadence/oracle.csv.

    pip install python-dateutil==4.0.0 tzdata==2026.6
    python tests/oracle/recurrence.py > src/domain/cadence/oracle.csv

Days come from dateutil's recurrence rules, instants from Python's tzdata alone. The rules that are ours are said in its words:

- "every two weeks" counts from the first such weekday that is not before `starts`: relativedelta(weekday=TU(+1));
- a wall time that the clock leaps over is held as much later as it leaps: tz.resolve_imaginary;
- of a wall time that comes twice the first is meant: tz.enfold(fold=0).

A row is one rule: its first start in UTC, how many there are in the years, and the minutes from each start to the next
as runs, `10080*18 10020` being eighteen weeks and then one that is an hour short.
"""

import csv
import itertools
import sys
import zoneinfo
from datetime import datetime, time, timezone

import dateutil
import tzdata
from dateutil import rrule, tz
from dateutil.relativedelta import relativedelta

YEARS = 10
WEEKDAYS = {"Tue": rrule.TU, "Thu": rrule.TH, "Fri": rrule.FR, "Sat": rrule.SA, "Sun": rrule.SU}
EVERY = {"week": 1, "two_weeks": 2, "four_weeks": 4}
WEEKS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}

# Zone, weekday, wall time and first day. Clocks change on Sundays, but for Apia's: it had no Friday, 30 December 2011.
MEETINGS = [
    ("America/New_York", "Tue", "09:30", "2024-01-03"),
    ("America/New_York", "Sun", "02:30", "2024-01-01"),  # in the gap
    ("America/New_York", "Sun", "01:30", "2024-01-10"),  # in the fold
    ("Europe/London", "Thu", "16:00", "2024-02-01"),
    ("Europe/London", "Sun", "01:30", "2024-01-01"),  # in both
    ("Europe/London", "Tue", "00:15", "2024-01-01"),  # on the day before by UTC in summer
    ("Australia/Lord_Howe", "Tue", "09:30", "2024-01-01"),  # on the day before by UTC
    ("Australia/Lord_Howe", "Sun", "02:15", "2024-01-01"),  # in the gap, of half an hour
    ("Australia/Lord_Howe", "Sun", "01:45", "2024-01-08"),  # in the fold
    ("Pacific/Apia", "Tue", "09:30", "2024-01-01"),
    ("Pacific/Apia", "Fri", "09:30", "2009-01-05"),  # on the day that never was
    ("Pacific/Apia", "Sat", "03:30", "2009-01-05"),  # the night of its last clock changes
    ("Antarctica/Troll", "Tue", "09:30", "2024-01-01"),
    ("Antarctica/Troll", "Sun", "01:30", "2024-01-01"),  # in the gap of two hours, and in the fold
    ("Antarctica/Troll", "Sun", "02:45", "2024-01-08"),  # in both too
    ("Asia/Kolkata", "Tue", "09:30", "2024-01-01"),
    ("Asia/Kolkata", "Sun", "00:00", "2024-01-01"),
]


def rules(weekday):
    for every, interval in EVERY.items():
        yield every, "", {"freq": rrule.WEEKLY, "interval": interval, "byweekday": weekday}
    for week, n in WEEKS.items():
        yield "month", week, {"freq": rrule.MONTHLY, "byweekday": weekday(n)}


def instant(wall):
    return tz.resolve_imaginary(tz.enfold(wall, fold=0)).astimezone(timezone.utc)


def starts_of(rule, zone, weekday, at, first_day):
    anchor = datetime.combine(first_day, at, tzinfo=zone) + relativedelta(weekday=weekday(+1))
    until = datetime.combine(first_day + relativedelta(years=YEARS), time.max, tzinfo=zone)
    return [instant(wall) for wall in rrule.rrule(dtstart=anchor, until=until, **rule)]


def runs(starts):
    steps = [int((b - a).total_seconds()) // 60 for a, b in itertools.pairwise(starts)]
    grouped = ((step, len(list(same))) for step, same in itertools.groupby(steps))
    return " ".join(f"{step}*{count}" if count > 1 else str(step) for step, count in grouped)


def main():
    zoneinfo.reset_tzpath(to=[])  # not the machine's own zones
    print(f"# By tests/oracle/recurrence.py with dateutil {dateutil.__version__} and tzdata {tzdata.IANA_VERSION}.")
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["zone", "every", "week", "weekday", "time", "starts", "first", "count", "minutes"])
    for zone, weekday, at, first_day in MEETINGS:
        for every, week, rule in rules(WEEKDAYS[weekday]):
            day = datetime.fromisoformat(first_day).date()
            starts = starts_of(rule, zoneinfo.ZoneInfo(zone), WEEKDAYS[weekday], time.fromisoformat(at), day)
            first = starts[0].strftime("%Y-%m-%dT%H:%MZ")
            table.writerow([zone, every, week, weekday, at, first_day, first, len(starts), runs(starts)])


main()
