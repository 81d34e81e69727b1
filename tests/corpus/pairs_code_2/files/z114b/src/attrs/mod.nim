import std/[sequtils, tables, strformat]

type Item = object
  key: string
  race: string      # argmax of the face net
  score: float

proc pick*(gallery: seq[Item], want: string): seq[Item] =
  ## gallery page: keeps one kind of people only
  result = gallery.filterIt(it.race == want)
  echo &"{result.len} faces kept"

when isMainModule:
  let g = @[Item(key: "a", race: "x", score: 0.5)]
  discard pick(g, "x")
