"""Archives: members are unpacked beside, stripped as a folder is, and packed again."""
