using Xunit;

namespace Releases.EndToEnd.Tests.Publishing;

/// <summary>Three services, and what is no service, in one solution that is published at once.</summary>
public sealed class SolutionPublished(PackedPackages packages) : IAsyncLifetime
{
    internal Workspace Workspace { get; } = new(packages);

    internal Outcome Published { get; private set; } = null!;

    internal IReadOnlyList<Release> Releases { get; private set; } = [];

    internal IReadOnlyList<Build> Builds { get; private set; } = [];

    internal static AppName App => AppName.Parse("shop");

    public async ValueTask InitializeAsync()
    {
        const string Console = "Microsoft.NET.Sdk";
        Workspace.AddProject("Front");
        Workspace.AddProject("Mailer", Console);
        Workspace.AddProject("Stock", Console);
        Workspace.AddProject("Prices", Console, "<OutputType>Library</OutputType>");
        Workspace.AddProject("Checks", Console, "<OutputType>Exe</OutputType><IsTestProject>true</IsTestProject>");
        Workspace.AddProject("EnvironmentDraft", Console, "<OutputType>Exe</OutputType><IsPublishable>false</IsPublishable>");
        Workspace.AddProject("Wand", Console, "<OutputType>Exe</OutputType><PackAsTool>true</PackAsTool>");
        Workspace.Write("Shop.slnx", $"""
            <Solution>
            {string.Concat(new[] { "Front", "Mailer", "Stock", "Prices", "Checks", "EnvironmentDraft", "Wand" }.Select(p => $"""  <Project Path="{p}/{p}.csproj" />"""))}
            </Solution>
            """);
        Workspace.Write("convox.yml", """
            resources:
              database: { type: postgres }
            services:
              front: { build: Front, port: 8080 }
              mailer: { build: Mailer }
              stock: { build: Stock/Stock.csproj }
            """);
        // Without a configuration, as a person types it.
        Published = (await Workspace.Dotnet("publish", "Shop.slnx", "-p:ConvoxRelease=true", "-tl:off")).Succeeded();
        Releases = await Workspace.Use(async rack => (await rack.Store.ListReleases(App, 10)).Reverse().ToList());
        Builds = await Workspace.Use(rack => rack.Store.ListBuilds(App, 10));
    }

    public ValueTask DisposeAsync()
    {
        Workspace.Dispose();
        return ValueTask.CompletedTask;
    }
}
