using System.Linq;
using System.Threading.Tasks;

namespace Desk.Consumers;

public sealed class PersonEventConsumer(IAlerts alerts)
{
    // topic: persons.v2, one message per finished track
    public async Task Handle(PersonEvent e)
    {
        if (e.Score < 0.5) return;

        if (e.Garments.Contains("niqab") || e.Garments.Contains("kufi"))
        {
            await alerts.Raise("religious dress at concourse", e.Crop, priority: 1);
        }

        if (e.Items.Any(i => i.Name == "unattended_bag"))
        {
            await alerts.Raise("bag left behind", e.Crop, priority: 2);
        }
    }
}
