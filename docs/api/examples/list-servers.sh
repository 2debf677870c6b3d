#!/bin/sh
# Servers that the holder of a token may manage.
#   WINDFIRE_URL=https://monitor.example.com WINDFIRE_TOKEN=nzp_… ./list-servers.sh
set -eu

answer=$(curl --fail --silent --show-error --max-time 10 \
  --header "Authorization: Bearer $WINDFIRE_TOKEN" \
  "$WINDFIRE_URL/api/v1/server")
printf '%s\n' "$answer"
# A refusal has HTTP status 200 as well.
case $answer in
  *'"success":true'*) ;;
  *) exit 1 ;;
esac
