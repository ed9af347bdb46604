using Xunit;

namespace Releases.EndToEnd.Tests.Publishing.TwoProjects;

/// <summary>The tests that share <see cref="TwoWebProjects"/>.</summary>
[CollectionDefinition]
public sealed class PublishesOfTwoWebProjects : ICollectionFixture<TwoWebProjects>;

/// <summary>Two web projects, built once; each test publishes with <c>--no-build</c> into an app of its own.</summary>
public sealed class TwoWebProjects(PackedPackages packages) : IAsyncLifetime
{
    internal Workspace Workspace { get; } = new(packages);

    public async ValueTask InitializeAsync()
    {
        Workspace.AddProject("Front");
        Workspace.AddProject("Back");
        Workspace.Write("Broken/convox.yml", "services:\n  web:\n    port: 8080\n    helth: /up\n");
        Workspace.AddProject("Broken");
        Workspace.Write("Shop.slnx",
            """<Solution><Project Path="Front/Front.csproj" /><Project Path="Back/Back.csproj" /><Project Path="Broken/Broken.csproj" /></Solution>""");
        (await Workspace.Dotnet("build", "Shop.slnx", "-c", "Release", "-m:1")).Succeeded();
    }

    public ValueTask DisposeAsync()
    {
        Workspace.Dispose();
        return ValueTask.CompletedTask;
    }

    internal Task<Outcome> Publish(string project, string app, params IEnumerable<string> arguments) =>
        Workspace.Publish(project, ["--no-build", $"-p:ConvoxApp={app}", .. arguments]);

    internal Task<IReadOnlyList<Release>> Releases(string app) => Workspace.Use(rack => rack.Store.ListReleases(AppName.Parse(app), 10));

    internal Task<IReadOnlyList<Build>> Builds(string app) => Workspace.Use(rack => rack.Store.ListBuilds(AppName.Parse(app), 10));
}
