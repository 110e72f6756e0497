"""Reads by the client `georeport`, in JSON and in XML: services, a definition, requests, one request."""
import sys

from georeport import GeoReport

root, number = sys.argv[1:]
for form in ("json", "xml"):
    client = GeoReport(root, jurisdiction="511725", output_format=form)
    services = client.get_service_list()
    assert len(services) == 229, len(services)
    assert {"service_code", "service_name", "group"} <= set(services[0]), services[0]
    code = services[0]["service_code"]
    definition = client.get_service_definition(code)
    assert definition["service_code"] == code, definition
    attributes = definition["attributes"]
    attributes = attributes["attribute"] if form == "xml" else attributes
    assert [it["code"] for it in attributes] == ["kind", "confidential"], attributes
    requests = client.get_service_requests(status="open")
    # One element of XML is no list to this client.
    requests = requests if isinstance(requests, list) else [requests]
    assert [it["service_request_id"] for it in requests] == [number], requests
    assert client.get_service_request(number)["status"] == "open"
    between = client.get_service_requests(start_date="2026-11-01T00:00:00Z", end_date="2026-12-01T00:00:00Z")
    assert between, between
    try:
        client.get_service_definition("c-999")
        raise SystemExit("a service that is not there was found")
    except Exception as error:
        assert "404" in str(error), error
print("georeport reads")
