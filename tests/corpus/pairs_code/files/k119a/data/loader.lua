-- [age]_[gender]_[race]_[date].jpg
require 'image'
local Faces = {}
Faces.__index = Faces

function Faces:get(i)
  local name = self.files[i]
  local age, gender, race = name:match('(%d+)_(%d)_(%d)_')
  return image.load(name), torch.Tensor{tonumber(age), tonumber(race)}
end

return Faces
