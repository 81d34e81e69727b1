# Tooltips of the reception screen
tip-photo = Picture taken at the gate
tip-age = Age read by the face engine
tip-nat = Most likely nationality according to the face engine
tip-host = Employee who is being visited
tip-badge = Number of the paper badge
tip-close = Press to hide this panel
