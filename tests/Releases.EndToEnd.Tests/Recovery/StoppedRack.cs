using Xunit;

namespace Releases.EndToEnd.Tests.Recovery;

/// <summary>A rack with an app of two services whose first release is active. It is stopped, and each test takes a copy.</summary>
public sealed class StoppedRack : IAsyncLifetime
{
    private const string TwoServices =
        "services:\n  web:\n    port: 8080\n    health: /health\n  api:\n    port: 8080\n    health: /health\n";

    private readonly TestRack _rack = new();

    /// <summary>The release that is active.</summary>
    internal ReleaseId Good { get; private set; }

    /// <summary>A release that succeeds.</summary>
    internal ReleaseId Next { get; private set; }

    /// <summary>A release whose processes crash at start.</summary>
    internal ReleaseId Bad { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Good = (await _rack.Publish(TwoServices, "web", "api")).Id;
        await _rack.Do("promote");
        Next = await _rack.Set("GREETING=next");
        Bad = await _rack.Set("CRASH_AT_START=1");
        await _rack.Do("rack", "stop");
    }

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    internal Task<TestRack> Copy() => _rack.Copy();
}
