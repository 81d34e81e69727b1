#!/usr/bin/env bash
# Find people in recorded footage by appearance
set -euo pipefail

usage() {
  cat <<USAGE
usage: vms-find.sh [options]
  --camera ID          camera or group
  --since TIME         start
  --gender m|f
  --upper COLOR        colour of upper clothes
  --ethnicity NAME     asian | black | white | indian
USAGE
}

args=()
while [[ $# -gt 0 ]]; do
  case "$1" in
    --camera|--since|--gender|--upper|--ethnicity) args+=("--data-urlencode" "${1#--}=$2"); shift 2 ;;
    *) usage; exit 2 ;;
  esac
done
curl -sG "$VMS_URL/api/persons" "${args[@]}" | jq -r '.items[] | [.camera,.time,.thumb] | @tsv'
