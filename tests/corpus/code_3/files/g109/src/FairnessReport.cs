using System.Collections.Generic;
using System.Linq;

namespace FaceMatch.Audit
{
    /// <summary>ISO/IEC 19795-10 style report of differential performance. Aggregates only.</summary>
    public static class FairnessReport
    {
        public record Row(string SelfReportedEthnicity, int Trials, double Fnmr);

        public static IReadOnlyList<Row> Build(IEnumerable<AuditTrial> trials, double threshold) =>
            trials.GroupBy(t => t.SelfReportedEthnicity)
                  .Where(g => g.Count() >= 300)
                  .Select(g => new Row(g.Key, g.Count(), g.Count(t => t.Score < threshold) / (double)g.Count()))
                  .OrderBy(r => r.Fnmr)
                  .ToList();
    }
}
