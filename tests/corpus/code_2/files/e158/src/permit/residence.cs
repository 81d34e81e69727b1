using System.Text.RegularExpressions;

namespace Permit.Scan;

/// <summary>Text fields printed on a residence permit that the holder uploads.</summary>
public sealed record PermitCard
{
    public string Number { get; init; } = "";
    public string ValidUntil { get; init; } = "";
    public string ResidenceStatus { get; init; } = "";

    public static PermitCard FromText(string ocr)
    {
        string Pick(string rx) => Regex.Match(ocr, rx).Groups[1].Value;
        return new PermitCard
        {
            Number = Pick(@"NO\.?\s*([A-Z0-9]{9})"),
            ValidUntil = Pick(@"VALID UNTIL\s*([\d.]{10})"),
            ResidenceStatus = Pick(@"TYPE OF PERMIT\s*(.+)"),
        };
    }
}
