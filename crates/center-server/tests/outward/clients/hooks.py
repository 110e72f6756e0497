"""For schemathesis: what the description cannot say.

Half of what it files carries a key that is good and asks for a service that there is. Of two dates one is left
out: that they lie within ninety days no schema can say, and a test of ours says it."""
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
