using System.Text.Json;

namespace Releases.Aws;

/// <summary>
/// Describes what becomes of an open promotion that this process no longer drives. ECS does what it was asked to do, and nothing else.
/// </summary>
internal static class DetachedPromotion
{
    /// <summary>ECS was asked to update every service.</summary>
    public const string LeftToEcs =
        "continues on ECS, which rolls back services that fail to start. Its time limit and its outcome wait for the next command";

    /// <summary>Every service waits for the approval.</summary>
    public const string WaitsForApproval =
        "waits for its approval. Its time limit and its outcome wait for the next command";

    /// <summary>The command that started it can no longer read its status.</summary>
    public const string OutOfSight = "ECS continues the rollout. The promotion's time limit and its outcome wait for the next command";

    /// <summary>An agent of the rack is alive.</summary>
    public const string LeftToAgent = "continues in the background, driven by the rack's agent";

    /// <summary>What the command waits for until an agent has taken the promotion, as the words after "once".</summary>
    public const string UntilTaken = "the rack's agent has taken it";

    /// <summary>Someone else holds its lock.</summary>
    public static string DrivenBy(PromotionLock held) => $"continues in the background, driven by {held.Owner}";

    /// <summary>Returns what a driver has to do first, as the words after "once", or null if ECS continues by itself.</summary>
    public static string? WaitsUntil(Promotion open) => open.Status switch
    {
        PromotionStatus.Checking => "it is checked and ECS was asked to update every service",
        PromotionStatus.Releasing => "its release commands have finished and ECS was asked to update every service",
        PromotionStatus.RollingOut when open.WaitsForApproval => null,
        PromotionStatus.RollingOut when !open.Services.All(s => JournalOf(s) is { Forward.TookEffect: true }) =>
            "ECS was asked to update every service",
        PromotionStatus.RollingOut when open.Services.Any(WaitsForDriver) =>
            open.Hold is { ApprovedAt: null } ? "it waits for an approval" : "every service is ready and ECS was asked to move the traffic",
        PromotionStatus.RollingOut => null,
        _ => "everything is rolled back",
    };

    /// <summary>
    /// A request to continue is recorded before it is sent, so the service counts until ECS no longer shows it as waiting.
    /// </summary>
    private static bool WaitsForDriver(PromotionService service) => JournalOf(service) is { PauseStage: not null } journal
        && (!journal.ContinueAsked || service.Status == ServiceStatus.Healthy);

    private static ServiceJournal? JournalOf(PromotionService service) => service.Engine?.Deserialize(EcsJson.Default.ServiceJournal);
}
