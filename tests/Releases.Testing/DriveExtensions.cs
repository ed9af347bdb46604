using Microsoft.Extensions.Time.Testing;

namespace Releases.Testing;

public static class DriveExtensions
{
    /// <summary>Drives a promotion once, as a process that is never interrupted for a time and sends no trace.</summary>
    public static Task<Promotion> Drive(this PromotionDriver driver, PromotionLock held, CancellationToken cancel)
    {
        var drive = new PromotionDrive(held);
        return driver.Drive(drive, new(drive, _ => { }, new FakeTimeProvider()), sendsTrace: false, cancel);
    }
}
