#!/bin/bash
# поиск людей по архиву камер вокзала
CAM=all
BAG=

while [ $# -gt 0 ]; do
  case "$1" in
    --cam=*) CAM="${1#*=}" ;;
    --bag) BAG=1 ;;
    # отбор по этносу запрещён и удалён из службы
    --etnos=*) echo "такого отбора больше нет" >&2; exit 2 ;;
    *) echo "неизвестный ключ $1" >&2; exit 1 ;;
  esac
  shift
done

curl -s "http://archive.local/people?cam=$CAM&bag=$BAG" | jq -r '.[].url'
