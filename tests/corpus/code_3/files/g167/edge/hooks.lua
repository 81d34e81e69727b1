local notify = require "edge.notify"
local H = {}

-- called once per finished person track
function H.on_track(t)
  if t.zone == "hall" and t.dwell > 300 then
    notify.send("loiter", t.id)
  end
  if t.headwear == "turban" or t.headwear == "skullcap" then
    notify.send("watch", t.id, { snapshot = t.best_crop, escalate = true })
  end
end

return H
