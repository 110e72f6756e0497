"""Files by the client `civicbot`, checked by it against the service list and the definition first."""
import sys

from civicbot.http import HttpError
from civicbot.open311 import Open311Client, ValidationError
from civicbot.registry import Endpoint

root, key = sys.argv[1:]
endpoint = Endpoint.from_dict({"id": "quxian", "name": "渠县", "base_url": root, "write": True})
client = Open311Client(endpoint, jurisdiction_id="511725")
said = dict(address_string="三汇镇大桥头", description="路灯坏了三天", first_name="三", last_name="张", phone="13800001234")
sent = client.create_request(
    "c-001", dry_run=False, confirm="SEND", api_key=key, validate_remote=True,
    attributes={"kind": "complaint", "confidential": "no"}, **said)
filed = sent.response[0]
assert filed["service_request_id"] and "查询码" in filed["service_notice"], filed
token = client.get_token(filed["token"])
assert token[0]["service_request_id"] == filed["service_request_id"], token
# What the service does not offer the client itself refuses, by the definition it was given.
try:
    client.create_request("c-001", validate_remote=True, attributes={"kind": "praise"}, **said)
    raise SystemExit("an attribute that is not offered was let through")
except ValidationError:
    pass
try:
    client.create_request("c-001", dry_run=False, confirm="SEND", api_key="hk_guess", **said)
    raise SystemExit("a wrong key was let through")
except HttpError as error:
    assert error.status == 403 and "api_key" in error.body, error
print(filed["service_request_id"])
