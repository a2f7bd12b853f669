#!/usr/bin/env bash
# Stops what scripts/start-dev.sh started, and nothing else. Data stays. Safe to repeat.
#
#   scripts/stop-dev.sh
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

readonly state="$root/.cookie-scanner/dev/state"
readonly compose=(docker compose --file docker-compose.dev.yml)
# Above the 30 seconds that the platform gives each of its services.
readonly patience_seconds=90

say() { printf '%s\n' "$*" >&2; }

case ${1:-} in
  '') ;;
  --help | -h) sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
  *) say "Unknown argument: $1 (there are none)"; exit 64 ;;
esac

value_of() { sed -n "s/^$1=//p" "$state" | tail -n 1; }

if [ ! -f "$state" ]; then
  say 'Nothing to stop: scripts/start-dev.sh has started nothing here.'
  exit 0
fi

pid=$(value_of pid)
# The number may belong to another process by now; that one began at another time.
is_ours() {
  [ -n "$pid" ] || return 1
  case $(ps -o stat= -p "$pid" 2>/dev/null || true) in
    '' | Z*) return 1 ;;
    *) [ "$(ps -o lstart= -p "$pid" 2>/dev/null || true)" = "$(value_of began)" ] ;;
  esac
}

if is_ours; then
  say 'Stopping the platform'
  kill -TERM "$pid"
  deadline=$((SECONDS + patience_seconds))
  while is_ours; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "The platform (process $pid) does not stop; .cookie-scanner/dev/platform.log says why."
      exit 1
    fi
    sleep 0.1
  done
fi

if [ "$(value_of containers)" = yes ]; then
  say 'Stopping the containers; their data stays'
  "${compose[@]}" down
fi

rm -f "$state"
say 'Stopped.'
