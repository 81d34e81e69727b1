using OpenCvSharp;

namespace Parliament.Cards;

public sealed class PoliticianCard
{
    private readonly Registry _reg;
    public PoliticianCard(Registry reg) => _reg = reg;

    /// <summary>Party as in the official list of members (liberal, conservative ...).</summary>
    public string Party(int seat) => _reg.Member(seat).Party;

    public Mat Portrait(int seat)
    {
        var m = Cv2.ImRead(_reg.Member(seat).PhotoPath);
        return m.Resize(new Size(224, 224));
    }
}
