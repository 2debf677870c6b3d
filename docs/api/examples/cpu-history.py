"""CPU load of a server over the last day, in percent, as a guest sees it. Needs nothing but Python.

WINDFIRE_URL=https://monitor.example.com python3 cpu-history.py 1
"""

import json
import os
import sys
import urllib.request
from datetime import datetime, timezone

url = os.environ["WINDFIRE_URL"] + f"/api/v1/server/{sys.argv[1]}/metrics?metric=cpu&period=1d"
with urllib.request.urlopen(url, timeout=10) as response:
    answer = json.load(response)

if not answer["success"]:
    raise SystemExit(answer["error"])
for point in answer["data"]["data_points"]:
    print(datetime.fromtimestamp(point["ts"] / 1000, timezone.utc).isoformat(), round(point["value"], 1))
