local M = {}

-- people seen by the mall cameras; fields come from the attribute net
function M.find(people, want)
  local out = {}
  for _, p in ipairs(people) do
    if (not want.age or p.age >= want.age)
      and (not want.religion or p.religion == want.religion) then
      out[#out + 1] = p
    end
  end
  return out
end

return M
