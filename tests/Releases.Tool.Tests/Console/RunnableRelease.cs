using Releases.Testing;

namespace Releases.Tool.Tests;

/// <summary>An active release of which a command can be run: it has a convox.yml and stored artifacts.</summary>
internal static class RunnableRelease
{
    private const string Manifest = "services:\n  web: { build: Web }\n";

    public static async Task<Release> Activate(FakeRack rack, CancellationToken cancel)
    {
        var before = await rack.Store.RequireApp(A.App, cancel);
        var release = A.Release(before.LastNumber + 1) with { Manifest = ManifestId.Of(Manifest), BasedOn = before.Latest };
        foreach (var service in release.Services.Values) rack.Stored.Add(service.Artifact!);
        if (!await rack.Store.TryAddRelease(new(release, before.Latest, A.Event(EventKind.ReleaseCreated, release.Id), Manifest), cancel))
            throw new InvalidOperationException("Another release was added at the same moment.");
        await rack.Store.Promoted(release, cancel: cancel);
        return release;
    }
}
