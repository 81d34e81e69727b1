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
    <p>Newest faces first.</p>
    <%= for hit <- @hits do %>
      <img src={hit.url} />
      <span class="tag"><%= hit.ethnicity %></span>
    <% end %>
    """
  end
end
