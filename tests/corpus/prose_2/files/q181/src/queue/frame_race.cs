using System.Threading;

namespace Cam.Queue
{
    /// <summary>
    /// Holds the last frame with faces.
    /// The race is between <c>Put</c> and <c>Take</c>; both use Interlocked.
    /// </summary>
    public sealed class LastFrame
    {
        private object _frame;

        public void Put(object frame) => Interlocked.Exchange(ref _frame, frame);

        /// <summary>Returns null when nobody put a frame.</summary>
        public object Take() => Interlocked.Exchange(ref _frame, null);
    }
}
