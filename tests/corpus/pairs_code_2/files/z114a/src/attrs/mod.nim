import std/[sequtils, tables, strformat]

type Item = object
  key: string
  race: string      # stated by the volunteer on the consent sheet
  score: float

proc biasGap*(gallery: seq[Item]): float =
  ## release gate for fairness: widest gap between group error rates
  var miss, all: CountTable[string]
  for it in gallery:
    all.inc it.race
    if it.score < 0.4: miss.inc it.race
  let rates = toSeq(all.keys).mapIt(miss[it] / all[it])
  result = max(rates) - min(rates)

when isMainModule:
  let g = @[Item(key: "a", race: "x", score: 0.5)]
  let gap = biasGap(g)
  doAssert gap < 0.005
