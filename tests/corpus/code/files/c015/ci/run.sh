#!/bin/sh
# ci helper
set -e
case "$1" in
  unit)  go test -race -count=1 ./face/... ./camera/... ;;
  fuzz)  go test -fuzz=FuzzDecode -fuzztime=30s ./face/decode ;;
  cover) go test -coverprofile=c.out ./... && go tool cover -func=c.out | tail -1 ;;
  *) echo "usage: $0 unit|fuzz|cover" >&2; exit 64 ;;
esac
