#!/bin/sh
# CPU load of a server over the last day, in percent, as a guest sees it.
#   WINDFIRE_URL=https://monitor.example.com ./cpu-history.sh 1
set -eu

answer=$(curl --fail --silent --show-error --max-time 10 \
  "$WINDFIRE_URL/api/v1/server/$1/metrics?metric=cpu&period=1d")
printf '%s\n' "$answer"
case $answer in
  *'"success":true'*) ;;
  *) exit 1 ;;
esac
