using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>A quarter of an hour after everything in <see cref="A"/>, and from there as the machine's clock goes: a browser has no
/// other.</summary>
internal sealed class RunningTime : TimeProvider
{
    private readonly long _began = System.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => A.Moment + TimeSpan.FromMinutes(15) + System.GetElapsedTime(_began);
}
