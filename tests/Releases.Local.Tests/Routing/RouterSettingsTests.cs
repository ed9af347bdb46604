using Xunit;

namespace Releases.Local.Tests;

public sealed class RouterSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private LocalHome Home => new(_folder.FullName);

    [Fact]
    public void Nobody_is_trusted_unless_the_rack_is_told() => Assert.False(RouterSettings.Read(Home).BehindProxy);

    [Theory]
    [InlineData("""{ "behindProxy": true }""", true)]
    [InlineData("""{ "behindProxy": false, "later": 1 }""", false)]
    [InlineData("{}", false)]
    public void A_file_tells_it(string text, bool trusted)
    {
        File.WriteAllText(Home.RouterSettings, text);
        Assert.Equal(trusted, RouterSettings.Read(Home).BehindProxy);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{ "behindProxy": "yes" }""")]
    [InlineData("""{ "metricsPort": 0 }""")]
    [InlineData("""{ "metricsPort": 65536 }""")]
    public void A_file_that_cannot_be_read_is_a_problem_that_names_it(string text)
    {
        File.WriteAllText(Home.RouterSettings, text);
        var problem = Assert.Throws<ProblemException>(() => RouterSettings.Read(Home)).Problems[0];
        Assert.Equal(ProblemCode.RouterSettings, problem.Code);
        Assert.Contains(Home.RouterSettings, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_port_leaves_everything_else_in_the_file()
    {
        RouterSettings.SetMetricsPort(Home, null);
        Assert.Equal(new(false), RouterSettings.Read(Home));
        File.WriteAllText(Home.RouterSettings, """{ "behindProxy": true, "later": [1] }""");
        RouterSettings.SetMetricsPort(Home, 9464);
        Assert.Equal(new(true, 9464), RouterSettings.Read(Home));
        RouterSettings.SetMetricsPort(Home, null);
        Assert.Equal("""{"behindProxy":true,"later":[1]}""", File.ReadAllText(Home.RouterSettings));
        File.WriteAllText(Home.RouterSettings, "{ broken");
        Assert.Throws<ProblemException>(() => RouterSettings.SetMetricsPort(Home, 9464));
        Assert.Equal("{ broken", File.ReadAllText(Home.RouterSettings));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
