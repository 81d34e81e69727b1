"""Take an attribute out of a copy of what was scanned, and prove that it is gone.

findings → `Plan` of disjoint edits (`untag.strip.plan`) → a copy (`untag.strip.apply`) → `Proof`
(`untag.strip.prove`). One editor a format, in `untag.strip.editors`.
"""
