using Releases.Local.Tests.Storage;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests.Processes;

/// <summary>Commands whose reader has read enough, as after <c>| head -1</c>.</summary>
public sealed class ClosedPipeTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private Release _release = null!;
    private Build _build = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Every command that prints data and changes nothing, and its forms that have no end.</summary>
    public static TheoryData<string> Commands =>
    [
        "apps", "apps info hello", "builds", "builds info BUILD", "builds logs BUILD", "builds logs BUILD -f", "env", "env --reveal --json",
        "env get NAME", "events", "events --json", "logs", "logs --json", "logs -f", "logs -f --json", "logs --tail 0 -f", "promotions",
        "ps", "rack", "releases", "releases --json", "releases info RELEASE", "releases manifest RELEASE", "releases diff v1 v2", "scale",
        "services", "completion bash", "--help", "--version", "logs --help",
    ];

    public async ValueTask InitializeAsync()
    {
        HomeFolder.Create(_home.Home);
        await using var rack = LocalRack.Open(_home.Home, "local", TimeProvider.System);
        const string manifest = "services:\n  web: {}\n";
        var app = await rack.Store.App(cancel: Cancel);
        var first = A.Release() with { Manifest = ManifestId.Of(manifest) };
        Assert.True(await rack.Store.TryAddRelease(new(first, app.Latest, A.Event(EventKind.ReleaseCreated, first.Id),
            ManifestText: manifest), Cancel));
        _release = (await new EnvironmentRelease(rack, TimeProvider.System)
            .Create(new(A.App, new([new("NAME", "value")], []), null, A.Person), Cancel))!.Release;
        _build = A.Build(BuildStatus.Running) with { StartedAt = TimeProvider.System.GetUtcNow() };
        await rack.Store.SaveBuild(_build, Cancel);
        await rack.Store.AppendBuildLog(A.App, _build.Id, 0, "one\ntwo\n", Cancel);
        using var logs = new ServiceLogs(_home.Home, _ => { });
        for (var n = 0; n < 100; n++)
            logs.For(new(A.App, A.Web)).Write(TimeProvider.System, "web-1", _release.Id, $"line {n} {new string('x', 1000)}");
    }

    public ValueTask DisposeAsync()
    {
        _home.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task End_quietly(string line)
    {
        var words = line.Replace("BUILD", _build.Id.ToString(), StringComparison.Ordinal)
            .Replace("RELEASE", _release.Id.ToString(), StringComparison.Ordinal).Split(' ');
        using var tool = StartedTool.Start(_home.Home.Folder,
            new Dictionary<string, string> { ["CONVOX_HOME"] = _home.Home.Folder }, words);
        if (line.StartsWith("logs -f", StringComparison.Ordinal)) Assert.True(await tool.Output.ReadAsync(new byte[10], Cancel) > 0);
        tool.Output.Close();
        var (code, talk) = await tool.End(Cancel);
        Assert.True(code == 0, talk);
        Assert.DoesNotContain("error", talk, StringComparison.Ordinal);
    }
}
