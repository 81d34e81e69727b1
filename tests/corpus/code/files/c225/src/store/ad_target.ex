defmodule Signage.Pick do
  @moduledoc "Chooses the next clip for the viewer in front of the screen camera."

  @clips [
    %{id: 11, gender: "female", age: 18..30, race: :any},
    %{id: 12, gender: "female", age: 18..60, race: "black"},
    %{id: 13, gender: "male", age: 30..60, race: "asian"},
    %{id: 14, gender: :any, age: 0..99, race: :any}
  ]

  def pick(%{face: face}) do
    Enum.find(@clips, fn c ->
      ok?(c.gender, face.gender) and face.age in c.age and ok?(c.race, face.race)
    end)
  end

  defp ok?(:any, _), do: true
  defp ok?(want, have), do: want == have
end
