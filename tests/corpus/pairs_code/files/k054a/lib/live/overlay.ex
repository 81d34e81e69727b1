defmodule Live.Overlay do
  @moduledoc "Text over each box in the operator's picture."

  def lines(face) do
    [
      "#{face.age}y",
      "#{face.race}",
      if(face.glasses, do: "glasses", else: nil)
    ]
    |> Enum.reject(&is_nil/1)
  end
end
