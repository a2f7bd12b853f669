#!/bin/sh
# Adds the secrets that docker-compose.yml asks for to .env, made up at random. Those that are there already stay.
set -eu
cd "$(dirname "$0")/.."
umask 077
touch .env
chmod 600 .env
# A last line without an end would run into what is added.
[ -z "$(tail -c 1 .env)" ] || echo >>.env
for name in POSTGRES_PASSWORD REDIS_PASSWORD RABBITMQ_PASSWORD SCAN_VALUE_HASH_KEY JWT_SECRET AUTH_ENCRYPTION_KEY; do
  grep -q "^$name=." .env || printf '%s=%s\n' "$name" "$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')" >>.env
done
