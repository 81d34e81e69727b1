package deploy

# models that must not be rolled out to any gate
banned := {"nationality_guess", "ethnic_guess", "faith_guess"}

default allow := false

allow {
    input.face.match_model != ""
    count({h | h := input.face.heads[_]; banned[h]}) == 0
}

deny[msg] {
    h := input.face.heads[_]
    banned[h]
    msg := sprintf("head %v is not permitted", [h])
}
