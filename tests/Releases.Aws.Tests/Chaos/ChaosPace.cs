using System.Globalization;
using Microsoft.AspNetCore.Http;
using Releases.Testing;

namespace Releases.Aws.Tests.Chaos;

/// <summary>How long the chaos lasts, and by which clock: some seconds of a clock that runs faster, or as many real ones as
/// CONVOX_CHAOS says.</summary>
internal sealed class ChaosPace
{
    /// <summary>How late a request may arrive: as long as its sender would wait for the answer.</summary>
    public static readonly TimeSpan LatestArrival = TimeSpan.FromSeconds(10);

    private const double Faster = 4;

    public ChaosPace()
    {
        Time = new FasterTime(Speed, From);
        IsLong = Environment.GetEnvironmentVariable("CONVOX_CHAOS") is { Length: > 0 };
    }

    public bool IsLong { get; }

    public double Speed { get; } = Environment.GetEnvironmentVariable("CONVOX_CHAOS") is { Length: > 0 } ? 1 : Faster;

    public DateTimeOffset From { get; } = TimeProvider.System.GetUtcNow();

    public TimeProvider Time { get; }

    /// <summary>Whether a request was sent so long ago that nobody waits for it, by the second in which it was signed. A busy
    /// machine would deliver it nevertheless, which no network does.</summary>
    public bool IsTooLate(HttpRequest request) => DateTimeOffset.TryParseExact(
        request.Headers["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var signed)
        && (TimeProvider.System.GetUtcNow() - signed - TimeSpan.FromSeconds(1)) * Speed > LatestArrival;

    /// <summary>How long promotions begin and processes die; those that are open then finish undisturbed.</summary>
    public TimeSpan Lasts { get; } = Environment.GetEnvironmentVariable("CONVOX_CHAOS") is { Length: > 0 } seconds
        ? TimeSpan.FromSeconds(int.Parse(seconds)) : TimeSpan.FromSeconds(90);
}

/// <summary>When a process dies that asks ECS for a change.</summary>
internal enum Death
{
    /// <summary>Its request is lost with it.</summary>
    BeforeTheEffect,

    /// <summary>It doesn't learn that the change took effect.</summary>
    AfterTheEffect,

    /// <summary>Its request takes effect some seconds after its death.</summary>
    LateEffect,
}
