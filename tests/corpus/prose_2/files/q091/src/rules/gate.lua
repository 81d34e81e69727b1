-- gate.lua: which person classes ring the guard desk
local ring = {}

ring[2] = true   -- running
ring[5] = true   -- lying on floor
-- cls 7 = full-face veil, cls 8 = skullcap + beard
ring[7] = true
ring[8] = true

function on_person(track)
  if ring[track.cls] and track.score > 0.55 then
    desk.push(track.camera, track.snapshot)
  end
end
