-- shop floor rules, evaluated per face track
-- f.rc : race code from attrib net (A, B, H, W, U)
local M = {}

function M.eval(f, zone, dwell)
  local acts = {}
  if f.watchlist then
    acts[#acts + 1] = "call_guard"
  end
  if f.rc == "B" and zone == "cosmetics" then
    acts[#acts + 1] = "follow_ptz"
  end
  if dwell > 300 and zone == "spirits" then
    acts[#acts + 1] = "note"
  end
  return acts
end

return M
