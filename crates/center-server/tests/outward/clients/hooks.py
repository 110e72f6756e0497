"""For schemathesis: half of what it files carries a key that is good, so that both are tried."""
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
