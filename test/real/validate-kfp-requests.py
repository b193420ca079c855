"""Holds calls of the app and answers of its stand-in, as JSON on stdin, against the official client of Kubeflow Pipelines."""

import inspect
import json
import re
import sys

import kfp_server_api as kfp

client = kfp.ApiClient()
given = json.load(sys.stdin)
published = given["published"]


class Response:
    def __init__(self, data):
        self.data = json.dumps(data)


def lost(before, after, at=""):
    """Where the client reads something else than what was given: it skips names that it does not know."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [line for name in before for line in lost(before[name], after.get(name), f"{at}/{name}")]
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return [line for i, each in enumerate(before) for line in lost(each, after[i], f"{at}/{i}")]
    if isinstance(before, str) and isinstance(after, str) and instant(before) == instant(after):
        return []
    return [] if before == after else [f"{at}: {json.dumps(before)} became {json.dumps(after)}"]


def instant(text):
    return re.sub(r"(\.\d+)?(Z|\+00:00)$", "", text)


def read(value, model):
    return lost(value, client.sanitize_for_serialization(client.deserialize(Response(value), model)))


class Recorder(kfp.ApiClient):
    """Keeps what it would send. The generated methods hand everything over by position, so names come from there."""

    order = inspect.signature(kfp.ApiClient.call_api)

    def call_api(self, *args, **kwargs):
        call = self.order.bind(self, *args, **kwargs).arguments
        path = call["resource_path"]
        for name, value in (call.get("path_params") or {}).items():
            path = path.replace("{%s}" % name, value)
        self.sent = {
            "method": call["method"],
            "path": path,
            "query": {name: str(value) for name, value in call.get("query_params") or []},
            "body": self.sanitize_for_serialization(call.get("body")),
        }


def recorded(sdk, match, query, body):
    """What the client itself would send for this call."""
    name, method = sdk.split(".")
    recorder = Recorder()
    getattr(getattr(kfp, name)(recorder), method)(*match, *([] if body is None else [body]), **query)
    return recorder.sent


def route_of(call):
    for route in published["routes"]:
        pattern = "^" + re.sub(r"\{\w+\}", "([^/:]+)", route["path"]) + "$"
        match = re.match(pattern, call["path"])
        if match and route["method"] == call["method"]:
            return route, match.groups()
    return None, ()


def check(call):
    route, match = route_of(call)
    if route is None:
        return [f"{call['method']} {call['path']}: no such route"]
    where = f"{call['method']} {call['path']}"
    wrong = []
    body = call.get("body")
    if route.get("body"):
        wrong += [f"{where} body{line}" for line in read(body, "V2beta1" + route["body"])]
        body = client.deserialize(Response(body), "V2beta1" + route["body"])
    sent = recorded(route["sdk"], match, call["query"], body)
    ours = {"method": call["method"], "path": "/apis/v2beta1/" + call["path"], "query": call["query"], "body": call.get("body")}
    wrong += [f"{where} is sent otherwise by the client: {line}" for line in lost(ours, sent) + lost(sent, ours)]
    if "filter" in call["query"]:
        wrong += [f"{where} filter{line}" for line in read(json.loads(call["query"]["filter"]), "V2beta1Filter")]
    answer = call.get("answer")
    if answer:
        model = "GoogleRpcStatus" if answer["status"] >= 300 else "V2beta1" + route["answer"]
        if route["answer"] != "Nothing" or answer["status"] >= 300:
            wrong += [f"{where} answer{line}" for line in read(answer["body"], model)]
    return wrong


def model_of(name):
    return getattr(kfp, "V2beta1" + name, None) or getattr(kfp, name, None)


def same_type(ours, theirs):
    theirs = theirs.replace("V2beta1", "")
    if ours == theirs or ours == "object":  # What nobody looks into is said no closer than this.
        return True
    if ours == "dict(str, object)":
        return theirs.startswith("dict(str, ")
    return ours == "str" and hasattr(model_of(theirs), "allowable_values")


def check_published():
    """The shapes are data of ours: name by name as the client has them."""
    wrong = []
    for name, fields in published["shapes"].items():
        if name == "Nothing":
            continue
        theirs = model_of(name).openapi_types
        wrong += [f"{name}.{each}: not in the client" for each in fields.keys() - theirs.keys()]
        wrong += [f"{name}.{each}: not in the shape" for each in theirs.keys() - fields.keys()]
        for each in fields.keys() & theirs.keys():
            if not same_type(fields[each], theirs[each]):
                wrong.append(f"{name}.{each}: {fields[each]} is {theirs[each]} in the client")
    for name, words in published["words"].items():
        if words != model_of(name).allowable_values:
            wrong.append(f"{name}: the client has {model_of(name).allowable_values}")
    return wrong


wrong = check_published()
for call in given["calls"]:
    try:
        wrong += check(call)
    except Exception as error:
        wrong.append(f"{call['method']} {call['path']}: {type(error).__name__}: {error}")
print(json.dumps({"read": len(given["calls"]), "wrong": wrong}))
