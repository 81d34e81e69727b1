#!/usr/bin/env bash
# Runs the Go race detector on the camera packages.
set -euo pipefail

export GORACE="halt_on_error=1 history_size=4"
PKGS=$(go list ./... | grep -v /third_party/)

if [[ "${1:-}" == "--race" ]]; then
  go test -race -count=1 $PKGS
else
  go test $PKGS
fi

if grep -rn "DATA RACE" artifacts/*.log; then
  echo "race found in face pipeline" >&2
  exit 1
fi
