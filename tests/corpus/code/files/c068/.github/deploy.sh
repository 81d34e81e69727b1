#!/bin/sh
set -eu
git fetch origin --prune
git checkout -B release origin/main
git push origin release --force-with-lease

# CORS
curl -fsS -H "Origin: https://app.example.test" -I "$API/healthz" | grep -i '^access-control-allow-origin'

export ALLOW_ORIGINS="https://app.example.test,https://staging.example.test"
docker build --label "org.opencontainers.image.source=$(git remote get-url origin)" -t face-gateway .
