using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>A web project in a git repository, without a convox.yml: published, given a variable, published again with a change to a
/// tracked file that is not built.</summary>
public sealed class PublishedTwice(PackedPackages packages) : IAsyncLifetime
{
    internal Workspace Workspace { get; } = new(packages);

    internal Outcome First { get; private set; } = null!;

    internal string GitHubOutput { get; private set; } = "";

    /// <summary>v1 is the first publish, v2 the change of the environment, v3 the second publish.</summary>
    internal IReadOnlyList<Release> Releases { get; private set; } = [];

    internal static AppName App => AppName.Parse("shop");

    public async ValueTask InitializeAsync()
    {
        var output = Path.Combine(Path.GetDirectoryName(Workspace.Folder)!, "github-output");
        Workspace.AddProject("Storefront");
        Workspace.Write(".gitignore", "bin/\nobj/\n");
        Workspace.Write("notes.md", "Nothing yet.");
        await Workspace.Git("init", "--quiet");
        await Workspace.Git("add", ".");
        await Workspace.Git("commit", "--quiet", "-m", "open the shop\n\nAt last.");
        await File.WriteAllTextAsync(output, "");
        Workspace.Variables["GITHUB_OUTPUT"] = output;
        First = (await Workspace.Publish("Storefront")).Succeeded();
        GitHubOutput = await File.ReadAllTextAsync(output);

        await Workspace.Use(async rack => await new EnvironmentRelease(rack, TimeProvider.System).Create(
            new(App, new([new("GREETING", "good day")], []), From: null, By: "a person")));
        Workspace.Write("notes.md", "Sell something.");
        (await Workspace.Publish("Storefront")).Succeeded();
        Releases = await Workspace.Use(async rack => (await rack.Store.ListReleases(App, 10)).Reverse().ToList());
    }

    public ValueTask DisposeAsync()
    {
        Workspace.Dispose();
        return ValueTask.CompletedTask;
    }
}
