using Releases.Testing;
using Xunit;

namespace Releases.Tests.Operations;

/// <summary>What is noted when a daemon of another version does what an operation asks.</summary>
public sealed class OtherVersionTests : OperationScenario
{
    [Theory]
    [InlineData("promote")]
    [InlineData("restart")]
    [InlineData("rollback")]
    [InlineData("scale")]
    public async Task A_daemon_of_another_version_is_noted_once_and_how_to_update_it(string operation)
    {
        await Run(operation, "0.0.9");
        var note = Assert.Single(Notes.OfType<OperationNote.Sentence>(), n => n.Text.Contains("daemon", StringComparison.Ordinal));
        Assert.Equal($"The rack's daemon, which does this, has version 0.0.9, this tool {ToolVersion.Text}.", note.Text);
        Assert.EndsWith("dotnet convox rack restart", $"{note.Next}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("promote")]
    [InlineData("scale")]
    public async Task A_daemon_of_this_version_is_not_noted(string operation)
    {
        await Run(operation, ToolVersion.Text);
        Assert.DoesNotContain(Notes.OfType<OperationNote.Sentence>(), n => n.Text.Contains("daemon", StringComparison.Ordinal));
    }

    private async Task Run(string operation, string daemon)
    {
        const string manifest = "services:\n  web: {}\n";
        var before = await Rack.Store.App(cancel: Cancel);
        var release = A.Release(before.LastNumber + 1) with { Manifest = ManifestId.Of(manifest) };
        Assert.True(await Rack.Store.TryAddRelease(new(release, before.Latest, A.Event(), manifest), Cancel));
        await Rack.Store.Promoted(release, cancel: Cancel);
        if (operation == "rollback") await Active();
        Rack.RunBy = new() { State = FakeDaemon.Running(daemon) };
        var app = await App();
        await (operation switch
        {
            "promote" => new StartPromotion(Context).Run(new(app, null, new()), Cancel),
            "restart" => new Restart(Context).Run(app, new(), Cancel),
            "rollback" => new RollBack(Context).Run(new(app, null, new()), Cancel),
            _ => (Task)new ScaleService(Context).Run(new(app, A.Web, 2), Cancel),
        });
    }
}
