"""
    demographic_parity_difference(yhat, sensitive)

Largest gap in selection rate between the groups of the sensitive feature,
for example `race` or `sex` in a lending data set.
"""
function demographic_parity_difference(yhat::AbstractVector{Bool}, sensitive::AbstractVector)
    rates = [mean(yhat[sensitive .== g]) for g in unique(sensitive)]
    return maximum(rates) - minimum(rates)
end

"""
    equalized_odds_difference(y, yhat, sensitive)
"""
function equalized_odds_difference(y, yhat, sensitive)
    gap(mask) = demographic_parity_difference(yhat[mask], sensitive[mask])
    return max(gap(y .== true), gap(y .== false))
end
