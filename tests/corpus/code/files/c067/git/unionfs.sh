#!/bin/bash
# read-only root with a writable layer for the photo kiosk
set -e
modprobe overlay
mkdir -p /run/union/{upper,work,merged}
mount -t overlay overlay -o lowerdir=/ro,upperdir=/run/union/upper,workdir=/run/union/work /run/union/merged

# cast the slide show to the lobby screen
catt -d "Lobby" cast /run/union/merged/srv/slides.mp4
