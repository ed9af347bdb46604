using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class InitTests : Typing
{
    public InitTests()
    {
        Sdk = new(Folder);
        Dotnet = Sdk.Run;
    }

    private FakeSdk Sdk { get; }

    private string Written => File.ReadAllText(Path.Combine(Folder, "convox.yml"));

    [Fact]
    public async Task Names_each_program_of_a_solution_by_what_its_project_has_of_its_own_and_a_deploy_takes_it()
    {
        foreach (var web in (string[])["Acme.Shop.Api", "Acme.Shop.Front.Site"]) Sdk.Project($"src/{web}/{web}.csproj");
        Sdk.Project("src/Acme.Shop.Mailer/Acme.Shop.Mailer.fsproj", web: false);
        Assert.Equal(1, await Type("build"));
        Assert.Contains("or write a convox.yml that names the services: dotnet convox init", Talk, StringComparison.Ordinal);

        Assert.Equal(0, await Type("init"));
        Assert.Equal(Written, Data);
        Assert.EndsWith($"Wrote {Folder}/convox.yml. Deploy it: dotnet convox deploy\n", Talk, StringComparison.Ordinal);
        Assert.EndsWith(
            """
            services:
              api:
                build: src/Acme.Shop.Api
                port: 8080
              front-site:
                build: src/Acme.Shop.Front.Site
                port: 8080
              worker:
                build: src/Acme.Shop.Mailer

            """.ReplaceLineEndings("\n"), Written, StringComparison.Ordinal);

        Assert.Equal(0, await Type("build"));
        Assert.Empty((await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0].Missing);
    }

    [Fact]
    public async Task Leaves_no_half_of_one_on_a_full_disk()
    {
        using var disk = new SmallDisk(64);
        Assert.True(SmallDisk.Bind(disk.Path, Folder));
        try
        {
            Sdk.Project("Front/Front.csproj");
            disk.Fill(0);
            Assert.Equal(1, await Type("init"));
            Assert.Equal(
                $"error {ProblemCode.Unclear}: the disk under '{Folder}/convox.yml' is full. Nothing was written. "
                    + "Free some space, or make the folder writable, and run this again.\n", Talk);
            Assert.False(File.Exists(Path.Combine(Folder, "convox.yml")));
        }
        finally
        {
            SmallDisk.Unbind(Folder);
        }
    }

    [Fact]
    public async Task Never_overwrites_one()
    {
        Sdk.Project("Front/Front.csproj");
        File.WriteAllText(Path.Combine(Folder, "convox.yml"), "# mine");
        Assert.Equal(1, await Type("init"));
        Assert.Equal(
            $"error {ProblemCode.Unclear}: {Folder}/convox.yml already exists; nothing changed. Add services to it, or delete it and run this again.\n", Talk);
        Assert.Equal("# mine", Written);
        Assert.Empty(Sdk.Runs);
    }

    [Fact]
    public async Task Takes_the_names_of_an_AppHost_and_leaves_it_out()
    {
        Sdk.Project("Shop.Api/Shop.Api.csproj");
        Sdk.Project("Shop.Site/Shop.Site.csproj");
        Sdk.Project("AppHost/AppHost.csproj", web: false);
        Sdk.Hosts.Add(Path.Combine(Folder, "AppHost", "AppHost.csproj"));
        File.WriteAllText(Path.Combine(Folder, "AppHost", "AppHost.cs"), """
            var api = builder.AddProject<Projects.Shop_Api>("prices").WithReference(db);
            builder.AddProject<Projects.Shop_Site>(name);
            """);
        Assert.Equal(0, await Type("init"));
        Assert.Contains("note: AppHost/AppHost.csproj is not deployed; only the project names in it are used.", Talk,
            StringComparison.Ordinal);
        Assert.Contains("  prices:\n    build: Shop.Api\n", Written, StringComparison.Ordinal);
        Assert.Contains("  web:\n    build: Shop.Site\n", Written, StringComparison.Ordinal);
        Assert.DoesNotContain("AppHost\n", Written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1/Shop.Api.csproj", "2/Shop-Api.csproj", "api", "api-2")]
    [InlineData("x/9.csproj", "y/_.csproj", "web", "web-2")]
    [InlineData("it's #1: yes/Böse.Api.csproj", "{no}/Böse.System.csproj", "api", "web")]
    [InlineData("a/Örtlich.csproj", "b/E\u0301tranger.fsproj", "etranger", "ortlich")]
    [InlineData("a/Łódź-Straße_Ærø.csproj", "b/注文.csproj", "lodz-strasse-aero", "web")]
    [InlineData("a/Acme.Très.Long.Service.Name.Which.Keeps.Growing.csproj", "b/R&D+Ops.csproj", "acme-tres-long-service-name-which-keeps",
        "r-d-ops")]
    [InlineData("a/Thisisonesinglewordwithmorethanfortyletters.csproj", "b/Short.csproj", "short", "thisisonesinglewordwithmorethanfortylett")]
    [InlineData("a/Rather.Long.Names.That.Go.On.And.On.Without.Any.End.One.csproj", "b/Short.csproj",
        "rather-long-names-that-go-on-and-on", "short")]
    public async Task Whatever_projects_and_folders_are_called_what_it_writes_can_be_read(string one, string other,
        string first, string second)
    {
        Sdk.Project(one);
        Sdk.Project(other);
        Assert.Equal(0, await Type("init"));
        var manifest = ManifestReader.Read(Written, "convox.yml").Require();
        Assert.Equal([first, second], manifest.Services.Select(s => s.Name.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(0, await Type("build"));
    }

    [Fact]
    public async Task Of_a_folder_without_a_program_writes_nothing()
    {
        Assert.Equal(1, await Type("init"));
        Sdk.Project("Shared/Shared.csproj");
        Sdk.Libraries.Add(Path.Combine(Folder, "Shared", "Shared.csproj"));
        Assert.Equal(1, await Type("init"));
        Assert.Contains("tool or pages that run in a browser. Nothing changed. Go to", Talk, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Folder, "convox.yml")));
    }
}
