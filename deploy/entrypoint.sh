#!/bin/sh
# Starts impasto in a container. A container listens to all addresses, and that needs a token: where
# none is given, one is made at the first start. It lies in the volume, where Prometheus reads it.
set -eu
file=${IMPASTO_TOKEN_FILE:-/data/token}
if [ "${1:-}" = serve ]; then
  umask 077
  if [ -n "${IMPASTO_TOKEN:-}" ]; then
    [ -n "${IMPASTO_TOKEN_FILE:-}" ] || printf '%s\n' "$IMPASTO_TOKEN" > "$file"
  elif [ ! -s "$file" ]; then
    python -c 'import secrets; print(secrets.token_urlsafe(32))' > "$file"
    echo "No token was given, so one was made: it lies in $file." >&2
    echo "The studio: http://127.0.0.1:${IMPASTO_PORT:-8000}/#token=$(cat "$file")" >&2
  fi
  IMPASTO_TOKEN=${IMPASTO_TOKEN:-$(cat "$file")}
  export IMPASTO_TOKEN
fi
exec impasto "$@"
