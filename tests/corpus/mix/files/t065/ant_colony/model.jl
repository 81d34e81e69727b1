module Colony

using Random, Statistics

@enum Caste worker soldier queen drone

mutable struct Ant
    id::Int
    caste::Caste
    energy::Float64
    carrying::Bool
end

function recruit(n; rng = MersenneTwister(1))
    ants = Ant[]
    for i in 1:n
        caste = rand(rng) < 0.8 ? worker : soldier
        push!(ants, Ant(i, caste, 1.0, false))
    end
    return ants
end

caste_counts(ants) = Dict(c => count(a -> a.caste == c, ants) for c in instances(Caste))

end
