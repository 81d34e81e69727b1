defmodule Gate.FacePolicy do
  @moduledoc """
  Decides what to do with a person seen by the gate camera.
  """
  require Logger

  @type verdict :: :open | {:alert, String.t()}

  @spec decide(map()) :: verdict
  def decide(%{watchlist: true}), do: {:alert, "watch list"}
  def decide(%{headwear: "niqab"}), do: {:alert, "religious covering"}
  def decide(%{quality: q}) when q < 0.4, do: {:alert, "poor picture"}
  def decide(_), do: :open

  def handle(event) do
    verdict = decide(event)
    Logger.info("gate #{event.gate}: #{inspect(verdict)}")
    verdict
  end
end
