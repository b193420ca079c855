"""Writes messages and views, as JSON in a file, with the clients of Slack's own Python SDK, one line a step.

Messages and Home views at once; a modal when the command is typed with its number.
"""

import base64
import json
import sys
from threading import Event

from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

file, base_url, bot_token, app_token, channel, user = sys.argv[1:]
web = WebClient(token=bot_token, base_url=base_url)


def say(**step):
    print(json.dumps(step), flush=True)


def with_pictures(item):
    text = json.dumps(item["given"])
    for old, url in item["pictures"].items():
        if old not in text:
            continue
        content = base64.b64decode(url.split(",", 1)[1])
        done = web.files_upload_v2(content=content, filename="picture.png", title="A picture")
        text = text.replace(json.dumps(old), json.dumps(done["files"][0]["id"]))
    return json.loads(text)


def write(item):
    given = with_pictures(item)
    if item["kind"] == "home":
        return web.views_publish(user_id=user, view=given)
    more = {name: given[name] for name in ("text", "blocks") if name in given}
    if item["kind"] == "ephemeral":
        return web.chat_postEphemeral(channel=channel, user=user, **more)
    return web.chat_postMessage(channel=channel, **more, metadata=given.get("metadata"))


def attempt(item, work):
    try:
        say(id=item["id"], ok=work()["ok"])
    except Exception as error:
        say(id=item["id"], ok=False, why=str(error))


with open(file) as opened:
    items = json.load(opened)
for item in items:
    if item["kind"] != "modal":
        attempt(item, lambda: write(item))


def on_request(client, request):
    client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))
    if request.type != "slash_commands":
        return
    item = items[int(request.payload["text"])]
    view = item["given"]
    attempt(item, lambda: web.views_open(trigger_id=request.payload["trigger_id"], view=view))


sockets = SocketModeClient(app_token=app_token, web_client=web)
sockets.socket_mode_request_listeners.append(on_request)
sockets.connect()
say(id="ready", ok=True)
Event().wait()
