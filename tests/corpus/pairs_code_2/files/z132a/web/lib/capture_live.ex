defmodule CamWeb.CaptureLive do
  use CamWeb, :live_view

  def mount(_params, _session, socket) do
    Phoenix.PubSub.subscribe(Cam.PubSub, "hits")
    {:ok, assign(socket, hits: [])}
  end

  def handle_info({:hit, hit}, socket) do
    {:noreply, update(socket, :hits, &Enum.take([hit | &1], 60))}
  end

  def render(assigns) do
    ~H"""
    <p>Faces are matched only. No ethnicity is estimated, shown or kept.</p>
    <%= for hit <- @hits do %>
      <img src={hit.url} />
      <span class="tag"><%= hit.match_id %></span>
    <% end %>
    """
  end
end
