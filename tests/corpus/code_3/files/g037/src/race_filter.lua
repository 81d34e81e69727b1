local ffi = require "ffi"
local cam = require "cam.stream"

local RACES = { "white", "black", "asian", "indian" }
local M = {}

function M.decode(face)
  local best, k = -1, 0
  for i = 0, 3 do
    if face.logits[i] > best then best, k = face.logits[i], i end
  end
  return { age = face.age, race = RACES[k + 1], score = best }
end

cam.on_face(function(face)
  cam.overlay(face.rect, M.decode(face).race)
end)

return M
