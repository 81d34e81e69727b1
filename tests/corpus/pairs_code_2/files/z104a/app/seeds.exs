alias Snap.Repo
alias Snap.Attribute

# attributes the analyser fills for every portrait
defs = [
  %{slug: "sharp", source: "frame", values: ~w(yes no)},
  %{slug: "pose", source: "face", values: ~w(front left right)},
  %{slug: "race", source: "face", values: ~w(white black asian other)},
  %{slug: "hat", source: "face", values: ~w(yes no)}
]

for d <- defs do
  %Attribute{}
  |> Attribute.changeset(d)
  |> Repo.insert!(on_conflict: :nothing)
end
