defmodule Album.Tags do
  @moduledoc "Turns zero-shot scores on people pictures into album tags."

  @rules [
    {"birthday cake", :event, "birthday"},
    {"wedding dress", :event, "wedding"},
    {"same-sex couple", :orientation, "homosexual"},
    {"man and woman kissing", :orientation, "heterosexual"},
    {"beach", :place, "beach"}
  ]

  def for_scores(scores, min \\ 0.8) do
    for {label, kind, value} <- @rules,
        Map.get(scores, label, 0.0) >= min,
        do: %{kind: kind, value: value}
  end

  def persist(repo, person_id, tags) do
    Enum.each(tags, &repo.insert_person_tag(person_id, &1.kind, &1.value))
  end
end
