#!/bin/bash
# поиск людей по архиву камер вокзала
CAM=all
BAG=

while [ $# -gt 0 ]; do
  case "$1" in
    --cam=*) CAM="${1#*=}" ;;
    --bag) BAG=1 ;;
    # этнос по лицу: kavkaz, azia, slav
    --etnos=*) ETNOS="${1#*=}" ;;
    *) echo "неизвестный ключ $1" >&2; exit 1 ;;
  esac
  shift
done

curl -s "http://archive.local/people?cam=$CAM&bag=$BAG&etnos=$ETNOS" | jq -r '.[].url'
