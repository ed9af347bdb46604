using System.Text.Json;

namespace Releases.Aws;

/// <summary>What becomes of an open promotion that this process no longer drives. ECS does what it was asked for, and nothing else.</summary>
internal static class DetachedPromotion
{
    /// <summary>Every service was asked.</summary>
    public const string LeftToEcs =
        "is left to ECS, which goes on and takes back what fails to start; nobody holds it to its limit or records its end before a command goes on with it";

    /// <summary>Its starter can no longer read it.</summary>
    public const string OutOfSight = "ECS goes on with what it was asked for, and nobody holds the promotion to its limit or records its end before a command takes it up";

    /// <summary>Somebody else has its lock.</summary>
    public static string DrivenBy(PromotionLock held) => $"goes on without you, driven by {held.Owner} as long as that lives";

    /// <summary>What only a driver can do, as what follows "once"; null: ECS continues by itself.</summary>
    public static string? WaitsUntil(Promotion open) => open.Status switch
    {
        PromotionStatus.Checking => "it is checked and ECS was asked for every service",
        PromotionStatus.Releasing => "its release commands have ended and ECS was asked for every service",
        PromotionStatus.RollingOut when open.Services.All(WasAsked) => null,
        PromotionStatus.RollingOut => "ECS was asked for every service",
        _ => "everything is back as it was before",
    };

    private static bool WasAsked(PromotionService service) =>
        service.Engine is { } notes && notes.Deserialize(EcsJson.Default.ServiceJournal) is { Forward.TookEffect: true };
}
