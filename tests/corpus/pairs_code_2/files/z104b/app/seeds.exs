alias Snap.Repo
alias Snap.Attribute

# attributes the bib reader fills for every finisher photo
defs = [
  %{slug: "sharp", source: "frame", values: ~w(yes no)},
  %{slug: "pose", source: "body", values: ~w(front left right)},
  %{slug: "race", source: "bib", values: ~w(marathon half ten fun)},
  %{slug: "hat", source: "body", values: ~w(yes no)}
]

for d <- defs do
  %Attribute{}
  |> Attribute.changeset(d)
  |> Repo.insert!(on_conflict: :nothing)
end
