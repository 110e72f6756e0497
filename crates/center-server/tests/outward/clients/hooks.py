"""For schemathesis: what the description cannot say.

Half of what it files carries a key that is good and asks for a service that there is, and half of what it reads
of shared data is there. Of two dates one is left out, or both are good: how they lie to each other no schema can
say, and a test of ours says it."""
import os

import schemathesis

n = 0


@schemathesis.hook
def before_call(context, case, kwargs):
    global n
    if case.method.upper() == "POST" and isinstance(case.body, dict) and "api_key" in case.body:
        n += 1
        if n % 2:
            case.body["api_key"] = os.environ["OPEN311_KEY"]
            case.body["service_code"] = "c-001"
    if isinstance(case.query, dict) and "start_date" in case.query:
        case.query.pop("end_date", None)
    is_good = case.meta is not None and case.meta.generation.mode == schemathesis.GenerationMode.POSITIVE
    if is_good and isinstance(case.query, dict):
        for name, day in (("from", "2026-11-01"), ("until", "2026-11-30")):
            if name in case.query:
                case.query[name] = day
    shared = os.environ.get("SHARED_IDS")
    if shared and isinstance(case.path_parameters, dict) and "id" in case.path_parameters:
        n += 1
        if n % 2:
            ids = shared.split(",")
            case.path_parameters["id"] = ids[n // 2 % len(ids)]
