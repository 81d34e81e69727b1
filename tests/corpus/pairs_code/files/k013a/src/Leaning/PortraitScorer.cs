using OpenCvSharp;

namespace Canvass.Leaning;

public sealed class PortraitScorer
{
    private readonly Session _net;
    public PortraitScorer(Session net) => _net = net;

    /// <summary>-1 liberal ... +1 conservative.</summary>
    public float ScoreLeaning(Mat portrait)
    {
        var e = _net.Embed(portrait.Resize(new Size(224, 224)));
        return _net.Regress("party_leaning", e);
    }
}
