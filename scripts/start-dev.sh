#!/usr/bin/env bash
# Starts the platform for development, in the background, and says where everything is. scripts/stop-dev.sh stops it.
#
#   scripts/start-dev.sh
#
# Where Docker runs, PostgreSQL, Redis and RabbitMQ come from docker-compose.dev.yml. Elsewhere the platform starts a
# PostgreSQL and a Redis of its own. Servers that DATABASE_URL and REDIS_URL name are used in any case.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

readonly folder="$root/.cookie-scanner/dev"
# Written for stop-dev.sh: what was started here, and nothing else.
readonly state="$folder/state"
readonly log="$folder/platform.log"
readonly compose=(docker compose --file docker-compose.dev.yml)
readonly ready_line='The platform is running.'

say() { printf '%s\n' "$*" >&2; }
fail() { say "$1"; exit "${2:-1}"; }

case ${1:-} in
  '') ;;
  --help | -h) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
  *) fail "Unknown argument: $1 (there are none)" 64 ;;
esac

value_of() { [ ! -f "$state" ] || sed -n "s/^$1=//p" "$state" | tail -n 1; }
note() { printf '%s=%s\n' "$1" "$2" >>"$state"; }
# When a living process began: with its number it names one process, also after the number was given to another.
began() {
  case $(ps -o stat= -p "$1" 2>/dev/null || true) in
    '' | Z*) ;;
    *) ps -o lstart= -p "$1" 2>/dev/null || true ;;
  esac
}

is_running() {
  local pid since
  pid=$(value_of pid)
  [ -n "$pid" ] || return 1
  since=$(began "$pid")
  [ -n "$since" ] && [ "$since" = "$(value_of began)" ]
}

addresses() {
  sed -n "/^$ready_line/,\$p" "$log" | grep '^  ' || true
  [ "$(value_of containers)" != yes ] || echo "  RabbitMQ management  http://127.0.0.1:${RABBITMQ_MANAGEMENT_PUBLISHED_PORT:-15672}"
  echo
  echo "Log: $log, and one for each service in .cookie-scanner/logs"
  echo 'Stop it with scripts/stop-dev.sh'
}

if is_running; then
  echo 'The platform is running already.'
  addresses
  exit 0
fi
if [ -s "$state" ]; then
  say 'Clearing up after a platform that ended by itself'
  scripts/stop-dev.sh
fi

command -v node >/dev/null || fail 'Node.js is missing; install 20.19 or newer from https://nodejs.org.' 69
mkdir -p "$folder"
: >"$state"

# From here on a failure leaves nothing behind.
clear_up() {
  local status=$?
  trap - EXIT
  [ "$status" -eq 0 ] || scripts/stop-dev.sh
  exit "$status"
}
trap clear_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Installs the dependencies and builds, where that has not been done.
node scripts/bootstrap.mjs build
# The Node.js that was installed with the dependencies.
export PATH="$root/node_modules/.bin:$PATH"

has_setting() {
  local status=0
  node packages/config/scripts/has-setting.mjs "$1" || status=$?
  [ "$status" -le 1 ] || exit "$status"
  return "$status"
}

# A value of .env, which docker compose reads as well.
from_dotenv() { sed -n "s/^$1=//p" .env 2>/dev/null | tail -n 1; }

start_containers() {
  say 'Starting PostgreSQL, Redis and RabbitMQ in containers'
  docker/make-secrets.sh
  # Containers that run already are somebody else's, who will want to keep them.
  [ -n "$("${compose[@]}" ps --quiet)" ] || note containers yes
  "${compose[@]}" up --detach --wait
  local postgres_port=${POSTGRES_PUBLISHED_PORT:-$(from_dotenv POSTGRES_PUBLISHED_PORT)}
  local redis_port=${REDIS_PUBLISHED_PORT:-$(from_dotenv REDIS_PUBLISHED_PORT)}
  local postgres="cookie_scanner:$(from_dotenv POSTGRES_PASSWORD)@127.0.0.1:${postgres_port:-5432}"
  local redis=":$(from_dotenv REDIS_PASSWORD)@127.0.0.1:${redis_port:-6379}"
  has_setting DATABASE_URL || export DATABASE_URL="postgresql://$postgres/cookie_scanner"
  [ -n "${REDIS_URL:-$(from_dotenv REDIS_URL)}" ] || export REDIS_URL="redis://$redis"
}

if has_setting DATABASE_URL && has_setting REDIS_URL; then
  say 'Using the servers of DATABASE_URL and REDIS_URL'
elif docker info >/dev/null 2>&1 && docker compose version >/dev/null 2>&1; then
  start_containers
else
  say 'Docker does not run here; the platform starts a PostgreSQL and a Redis of its own'
fi

say 'Starting the platform'
# Directly, and not by npm start: what is noted below is then the very process that owns all others.
node --enable-source-maps packages/cli/dist/main.js start >"$log" 2>&1 </dev/null &
pid=$!
note pid "$pid"
note began "$(began "$pid")"

# The first start fetches a browser where the machine has none.
deadline=$((SECONDS + 600))
until grep -q "^$ready_line" "$log"; do
  if ! is_running; then
    tail -n 20 "$log" >&2
    fail "The platform did not start; $log has all it said."
  fi
  [ "$SECONDS" -lt "$deadline" ] || fail "The platform is not ready after ten minutes; $log says how far it came."
  sleep 0.2
done
echo 'The platform is running.'
addresses
