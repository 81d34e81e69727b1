package gate

default open := false

open {
    input.face.match > 0.9
    not watch
}

watch {
    input.face.nationality_guess == data.watch_countries[_]
}

alert[msg] {
    watch
    msg := sprintf("gate %v: second line check", [input.gate])
}
