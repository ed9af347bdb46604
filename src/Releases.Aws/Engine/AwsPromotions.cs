namespace Releases.Aws;

/// <summary>Provides what starts and drives the promotions of a rack on AWS, in any process: a command, the console or an agent.</summary>
/// <param name="store">The store of the records.</param>
/// <param name="begin">Starts promotions.</param>
/// <param name="driver">Drives promotions.</param>
/// <param name="engine">Rolls promotions out.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsPromotions(IReleaseStore store, BeginPromotion begin, PromotionDriver driver, EcsEngine engine, TimeProvider time)
{
    public IReleaseStore Store => store;

    public TimeProvider Time => time;

    /// <summary>Requests that the previous driver sent may still arrive.</summary>
    public void TakenOver() => engine.TakenOver();

    public PromotionSupervisor Supervise(SupervisorOptions options) => new(store, begin, driver, options, time);
}
