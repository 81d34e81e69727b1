module Heads

using Flux

"Branches on top of the pooled face feature (256 values)."
function branches()
    return (
        age = Dense(256 => 1),
        pose = Dense(256 => 3),
        race = Dense(256 => 5),
    )
end

struct FaceNet{B,H}
    backbone::B
    heads::H
end

Flux.@functor FaceNet

function (m::FaceNet)(x)
    z = m.backbone(x)
    return map(h -> h(z), m.heads)
end

end
