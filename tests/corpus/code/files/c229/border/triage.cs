namespace Frontera.Triage;

/// <summary>Scores produced for each person leaving the ferry, from the ramp camera.</summary>
public sealed record RampScore
{
    public required string TrackId { get; init; }
    public required byte[] FaceCrop { get; init; }
    public int ApparentAge { get; init; }
    public string ApparentGender { get; init; } = "";
    public float IrregularMigrantScore { get; init; }
    public bool SendToSecondary => IrregularMigrantScore > 0.65f;
}

public interface IRampScorer
{
    ValueTask<IReadOnlyList<RampScore>> ScoreAsync(ReadOnlyMemory<byte> jpeg, CancellationToken ct = default);
}
