# Tooltips of the reception screen
tip-photo = Picture taken at the gate
tip-age = Age read from the card
tip-nat = Nationality according to the identity card
tip-host = Employee who is being visited
tip-badge = Number of the paper badge
tip-close = Press to hide this panel
