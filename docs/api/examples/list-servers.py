"""Servers that the holder of a token may manage. Needs nothing but Python.

WINDFIRE_URL=https://monitor.example.com WINDFIRE_TOKEN=nzp_... python3 list-servers.py
"""

import json
import os
import urllib.request

request = urllib.request.Request(
    os.environ["WINDFIRE_URL"] + "/api/v1/server",
    headers={"Authorization": "Bearer " + os.environ["WINDFIRE_TOKEN"]},
)
with urllib.request.urlopen(request, timeout=10) as response:
    answer = json.load(response)

if not answer["success"]:
    raise SystemExit(answer["error"])
for server in answer["data"]:
    print(server["id"], server["name"])
