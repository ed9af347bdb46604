namespace Releases.Aws;

/// <summary>What begins and drives the promotions of a rack on AWS, in whichever process: a command, the console, an agent.</summary>
/// <param name="store">The records.</param>
/// <param name="begin">Begins them.</param>
/// <param name="driver">Drives them.</param>
/// <param name="engine">Rolls them out.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsPromotions(IReleaseStore store, BeginPromotion begin, PromotionDriver driver, EcsEngine engine, TimeProvider time)
{
    public IReleaseStore Store => store;

    public TimeProvider Time => time;

    /// <summary>What the driver before had sent may still arrive.</summary>
    public void TakenOver() => engine.TakenOver();

    public PromotionSupervisor Supervise(SupervisorOptions options) => new(store, begin, driver, options, time);
}
