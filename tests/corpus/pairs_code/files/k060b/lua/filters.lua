local M = {}

-- heroes in the tavern; fields come from the character sheet, face is a sprite id
function M.find(heroes, want)
  local out = {}
  for _, h in ipairs(heroes) do
    if (not want.level or h.level >= want.level)
      and (not want.religion or h.religion == want.religion) then
      out[#out + 1] = h
    end
  end
  return out
end

return M
