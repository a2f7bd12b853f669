#!/usr/bin/env bash
# Makes the database ready: creates it when it does not exist, brings it to the newest schema and, with --seed, adds a
# demonstration workspace. Safe to repeat.
#
#   scripts/setup-database.sh [--seed]
#
# Uses the PostgreSQL of DATABASE_URL (environment, .env or CONFIG_FILE). Without one it uses the PostgreSQL that the
# checkout brings along, the one of npm start.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '%s\n' "$*" >&2; }
fail() { say "$1"; exit "${2:-1}"; }

seed=no
for argument in "$@"; do
  case $argument in
    --seed) seed=yes ;;
    --help | -h) sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) fail "Unknown argument: $argument (there is only --seed)" 64 ;;
  esac
done

command -v node >/dev/null || fail 'Node.js is missing; install 20.19 or newer from https://nodejs.org.' 69

# Installs the dependencies and builds, where that has not been done.
node scripts/bootstrap.mjs build
# The Node.js that was installed with the dependencies.
export PATH="$root/node_modules/.bin:$PATH"

if [ "$seed" = yes ] && ! node -e 'process.exit(require("./package.json").scripts["db:seed"] ? 0 : 1)'; then
  fail 'This checkout has no npm script db:seed.'
fi

steps='npm run --silent db:migrate'
[ "$seed" = no ] || steps="$steps && npm run --silent db:seed"

status=0
node packages/config/scripts/has-setting.mjs DATABASE_URL || status=$?
case $status in
  0)
    say 'Using the PostgreSQL of DATABASE_URL.'
    bash -c "$steps"
    ;;
  1)
    say 'DATABASE_URL is not set; using the PostgreSQL of this checkout.'
    node scripts/embedded-database.mjs bash -c "$steps"
    ;;
  *) exit "$status" ;;
esac
say 'The database is ready.'
