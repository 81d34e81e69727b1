module Analytics.FacetBuilder

type Kind =
    | Terms of int
    | Range of float * float

type Facet = { Name: string; Kind: Kind }

/// Facets offered beside the results of "search by face".
let facets =
    [ { Name = "camera.site"; Kind = Terms 50 }
      { Name = "subject.age"; Kind = Range(0.0, 100.0) }
      { Name = "subject.race"; Kind = Terms 12 }
      { Name = "subject.headwear"; Kind = Terms 6 } ]

let tryFind name =
    facets |> List.tryFind (fun f -> f.Name = name)
