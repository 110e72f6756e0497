"""指标慢算: the figures of a year once more, from the raw events of the feed, by the definitions alone.

Written from the formulas of the indicators: no limit is counted again here, and no state is folded by the
product's rules. `slow.py center.db YEAR AS_OF_MS TELEPHONE.jsonl` prints a line for each month, indicator and holder
that has something to count: points, and how many items.
"""

import collections
import datetime
import json
import sqlite3
import sys

BEIJING = datetime.timezone(datetime.timedelta(hours=8))
HOUR = 3_600_000
STORY = "SELECT subject, body FROM entry WHERE subject <> '' ORDER BY seq"


def month_of_act(at):
    day = datetime.datetime.fromtimestamp(at / 1000, BEIJING)
    return (day.year, day.month)


def month_of_end(at):
    # 24:00 of the last day belongs to the month that it ends.
    return month_of_act(at - 1)


class Part:
    """What one unit had of an order."""

    def __init__(self, unit):
        self.unit = unit
        self.limits = collections.defaultdict(list)
        self.delivered = self.signed = self.sent_back = self.completed = None
        self.contacts, self.responses, self.asked, self.granted = [], [], None, 0
        self.is_accepted = self.is_ruled = False
        self.rating = self.screening = self.removed = None

    def due(self, kind):
        return self.limits[kind][-1]["due_at"] if self.limits[kind] else None

    def stands_still(self, kind):
        suspensions = self.limits[kind][-1].get("suspensions", [])
        return bool(suspensions) and suspensions[-1].get("resumed_at") is None


def read(path):
    orders, tasks = collections.OrderedDict(), collections.OrderedDict()
    for subject, body in sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(STORY):
        entry = json.loads(body)
        if entry.get("entry") == "accepted":
            stories = {"order": orders, "task": tasks}.get(entry["story"]["of"])
            if stories is not None:
                stories.setdefault(subject, []).extend(entry["story"]["events"])
    return orders, tasks


def parts_of(events):
    """Every unit's part, the center's own limits for the dispatch, the deliveries."""
    parts, dispatch, deliveries = [], [], []
    for event in events:
        what, at = event["event"], event["occurred_at"]
        number = event.get("assignment")
        part = parts[number - 1] if number else None
        if what == "dispatched":
            parts.append(Part(event["unit"]))
        elif what in ("limit_started", "limit_moved"):
            limit = event["limit"]
            if part is None:
                if limit["kind"] == "dispatch":
                    dispatch.append(limit)
            elif what == "limit_started":
                part.limits[limit["kind"]].append(limit)
            else:
                part.limits[limit["kind"]][-1] = limit
        elif what == "delivered":
            part.delivered = event["delivered_at"]
            deliveries.append(event["delivered_at"])
        elif what == "signed_for":
            part.signed = at
        elif what == "contact_recorded":
            part.contacts.append(event["contact"]["contacted_at"])
        elif what == "first_responded":
            part.responses.append(at)
        elif what == "sent_back":
            part.sent_back = at
        elif what == "send_back_ruled":
            part.is_ruled, part.is_accepted = True, event["is_accepted"]
        elif what == "extension_requested":
            part.asked = at
        elif what == "city_ruled":
            part.asked = None
            part.granted += event["granted_until"] is not None
        elif what == "reply_signed":
            part.completed = at
        elif what == "rated" and part is not None:
            part.rating = event["rating"]
        elif what == "screening_requested":
            part.screening = at
        elif what == "screening_reviewed" and event["review"] == "deny":
            part.removed = False
        elif what == "screening_ruled":
            part.removed = event["is_removed"]
    return parts, dispatch, deliveries


def figures(count, orders, as_of):
    for events in orders.values():
        kinds = {event["event"] for event in events}
        is_turned_down = bool(kinds & {"refused_out_of_scope", "transferred_to_emergency"})
        if not is_turned_down:
            month = month_of_act(events[0]["occurred_at"])
            count(month, "Repeat", "center", 0)
            if events[0]["matter"]["kind"] == "consultation":
                answers = [it for it in events if it["event"] == "answered_on_the_spot"]
                count(month, "KbAdoption", "center", int(any(it.get("article") for it in answers)))
        parts, dispatch, deliveries = parts_of(events)
        if not is_turned_down and "answered_on_the_spot" not in kinds:
            dispatched(count, dispatch, deliveries, as_of)
        for event in events:
            if event["event"] == "rated" and not event.get("assignment"):
                rated(count, event["rating"], "center", None)
        for part in parts:
            handled_by(count, part, as_of)


def telephoned(count, lines, orders):
    by_number = {events[0]["number"]: events for events in orders.values()}
    for line in lines:
        if line["of"] == "search":
            month = month_of_act(line["searched_at"])
            count(month, "KbHit", "center", int(line["n_opened"] > 0))
            count(month, "KbNoResult", "center", int(line["n_results"] == 0))
            continue
        month, answered_at = month_of_act(line["asked_at"]), line["answered_at"]
        count(month, "CallAnswering", "center", int(answered_at is not None))
        if answered_at is None:
            continue
        count(month, "PromptCallAnswering", "center", int(answered_at - line["asked_at"] <= 15_000))
        if line["is_valid"] and all(number in by_number for number in line["orders"]):
            all_kinds = [[it["event"] for it in by_number[number]] for number in line["orders"]]
            at_once = ["answered_on_the_spot" in kinds and "dispatched" not in kinds for kinds in all_kinds]
            count(month, "DirectAnswer", "center", int(bool(at_once) and all(at_once)))


def updated(count, tasks, as_of):
    """A task is one piece: the first day that was missed, or the last hand-over that was in time."""
    for events in tasks.values():
        due = missed = done = None
        for event in events:
            what = event["command"]
            if what == "assign":
                unit = event["unit"]
            elif what == "deliver":
                done = event["occurred_at"]
                if missed is None and done > end_of_day(due):
                    missed = due
            elif what in ("return", "cancel"):
                done = None
            due = event.get("due_on") or due
        if events[-1]["command"] == "cancel":
            continue
        end = end_of_day(missed or due)
        if missed is not None or (done is None and as_of > end):
            count(month_of_end(end), "TimelyKbUpdate", unit, 0)
        elif done is not None:
            count(month_of_act(done), "TimelyKbUpdate", unit, 1)


def end_of_day(day):
    began = datetime.datetime.fromisoformat(day).replace(tzinfo=BEIJING)
    return int(began.timestamp() * 1000) + 24 * HOUR


def dispatched(count, limits, deliveries, as_of):
    for nth, limit in enumerate(limits):
        due = limit["due_at"]
        done = deliveries[nth] if nth < len(deliveries) else None
        if done is not None and done <= due:
            count(month_of_act(done), "TimelyDispatch", "center", 1)
        elif done is not None or as_of > due:
            count(month_of_end(due), "TimelyDispatch", "center", 0)


def rated(count, rating, holder, removed):
    month = month_of_act(rating["rated_at"])
    count(month, "Solved", holder, 100 if rating["solved"] == "yes" else 0)
    if removed is not True:
        said = rating["satisfaction"]
        good = said in ("very_satisfied", "satisfied", "fairly_satisfied")
        weights = {"very_satisfied": 100, "satisfied": 100, "fairly_satisfied": 80}
        count(month, "Satisfaction", holder, int(good))
        count(month, "WeightedSatisfaction", holder, weights.get(said, 0))


def handled_by(count, part, as_of):
    unit = part.unit
    if part.rating:
        rated(count, part.rating, unit, part.removed)
    if part.screening is not None and part.removed is not None:
        count(month_of_act(part.screening), "SuccessfulScreening", unit, int(part.removed))
    if part.delivered is None:
        return
    delivered = month_of_act(part.delivered)
    count(delivered, "SendBack", unit, int(part.sent_back is not None))
    count(delivered, "Extension", unit, int(part.granted > 0))
    if part.sent_back is not None:
        sent_back = month_of_act(part.sent_back)
        count(sent_back, "LateSendBack", unit, int(part.sent_back > part.due("send_back")))
        if part.is_ruled:
            count(sent_back, "AcceptedSendBack", unit, int(part.is_accepted))
    if part.completed is not None:
        count(month_of_act(part.completed), "Rework", unit, 0)
    signed(count, part, as_of)
    contacted(count, part, as_of)
    responded(count, part, as_of)
    completed(count, part, as_of)


def signed(count, part, as_of):
    due = part.due("sign_for")
    acts = [at for at in (part.signed, part.sent_back) if at is not None]
    done = min(acts) if acts else None
    if done is not None and done <= due:
        if done == part.signed:
            count(month_of_act(done), "TimelySigning", part.unit, 1)
    elif done is not None or as_of > due:
        count(month_of_end(due), "TimelySigning", part.unit, 0)


def contacted(count, part, as_of):
    due = part.delivered + 24 * HOUR
    first = min(part.contacts) if part.contacts else None
    if first is not None and first <= due:
        count(month_of_act(first), "Contact", part.unit, 1)
        return
    gave_up = part.sent_back is not None and (part.is_accepted or not part.is_ruled)
    if gave_up and part.sent_back <= due:
        return
    if as_of > due:
        count(month_of_end(due), "Contact", part.unit, 0)


def responded(count, part, as_of):
    due = part.due("first_response")
    if due is None:
        return
    first = part.responses[0] if part.responses else None
    if first is not None and first <= due:
        count(month_of_act(first), "TimelyFirstResponse", part.unit, 1)
    elif first is not None or as_of > due:
        count(month_of_end(due), "TimelyFirstResponse", part.unit, 0)


def completed(count, part, as_of):
    late = []
    if part.sent_back is not None and part.sent_back > part.due("send_back"):
        late.append(part.due("send_back"))
    due, done = part.due("handle"), part.completed
    is_still = part.stands_still("handle")
    if part.sent_back is not None and part.is_accepted:
        if not is_still and part.sent_back > due:
            late.append(due)
    elif done is not None:
        if done > due:
            late.append(due)
    elif as_of > due and part.asked is None and not is_still:
        late.append(due)
    if late:
        month, on_time = month_of_end(min(late)), 0
    elif done is not None:
        month, on_time = month_of_act(done), 1
    else:
        return
    count(month, "TimelyCompletion", part.unit, on_time)
    count(month, "Overdue", part.unit, 1 - on_time)


def main():
    path, year, as_of, telephone = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    sums = collections.Counter()

    def count(month, indicator, holder, points):
        sums[(month, indicator, holder, "points")] += points
        sums[(month, indicator, holder, "items")] += 1

    orders, tasks = read(path)
    figures(count, orders, as_of)
    updated(count, tasks, as_of)
    with open(telephone, encoding="utf-8") as lines:
        telephoned(count, map(json.loads, lines), orders)
    for month, indicator, holder in sorted({key[:3] for key in sums if key[0][0] == year}):
        points = sums[(month, indicator, holder, "points")]
        items = sums[(month, indicator, holder, "items")]
        print(f"{month[1]:02} {indicator} {holder} {points} {items}")


main()
