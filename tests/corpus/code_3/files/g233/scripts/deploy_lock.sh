#!/usr/bin/env bash
# Take a lock so that two deploys do not race each other.
set -euo pipefail

lock=/var/lock/face-api.deploy
exec 9>"$lock"
if ! flock -n 9; then
  echo "another deploy won the race, leaving" >&2
  exit 1
fi

origin=$(git remote get-url origin)
echo "deploying from $origin"
git fetch origin main
git reset --hard origin/main
docker compose up -d --build face-api
