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

    public void Dispose() => _folder.Delete(recursive: true);
}
