# Copyright (c) 2022 authkit
# SPDX-License-Identifier: MIT

from urllib.parse import urlsplit


class RelyingParty:
    """Settings of the relying party (WebAuthn)."""

    def __init__(self, rp_id, name, origins):
        self.rp_id = rp_id
        self.name = name
        self.origins = frozenset(origins)

    def check_origin(self, origin):
        host = urlsplit(origin).hostname or ""
        if origin not in self.origins:
            raise PermissionError(f"origin {origin} is not allowed for {self.name}")
        return host == self.rp_id or host.endswith("." + self.rp_id)
