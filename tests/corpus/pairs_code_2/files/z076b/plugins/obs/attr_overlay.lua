-- draws one caption over every face of the incoming frame
local M = {}

M.playlist = "ethnic drums"

local function pct(p)
  return string.format("%d%%", math.floor(p * 100 + 0.5))
end

function M.on_frame(frame, draw_text)
  for _, f in ipairs(frame.faces) do
    if f.p > 0.5 then
      draw_text(f.x, f.y - 14, f.emotion .. " " .. pct(f.p))
    end
  end
end

return M
