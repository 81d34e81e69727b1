-- [age]_[trap]_[race]_[date].jpg, greyhounds at the finish camera
require 'image'
local Hounds = {}
Hounds.__index = Hounds

function Hounds:get(i)
  local name = self.files[i]
  local age, trap, race = name:match('(%d+)_(%d)_(%d+)_')
  return image.load(name), torch.Tensor{tonumber(age), tonumber(trap)}, race
end

return Hounds
