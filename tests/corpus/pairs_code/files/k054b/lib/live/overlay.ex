defmodule Live.Overlay do
  @moduledoc "Text over each box in the finish line picture."

  def lines(runner) do
    [
      "#{runner.bib}",
      "#{runner.race}",
      if(runner.dnf, do: "did not finish", else: nil)
    ]
    |> Enum.reject(&is_nil/1)
  end
end
