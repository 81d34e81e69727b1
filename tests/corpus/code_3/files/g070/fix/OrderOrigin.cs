namespace Tradeline.Fix
{
    /// <summary>Where an order came from (tag 1724, OrderOrigination).</summary>
    public enum OrderOrigin
    {
        Customer = 1,
        WithinFirm = 2,
        OtherBroker = 3,
        Algorithm = 4
    }

    public sealed class CounterParty
    {
        public string Lei { get; init; }
        public string Name { get; init; }
        public OrderOrigin Origin { get; init; }
        public decimal MinorityInterest { get; init; }
    }
}
