using Xunit;

namespace Releases.Tests.Manifests;

public sealed class ManifestVariablesTests
{
    private static readonly EnvironmentSet Environment = EnvironmentSet.Of([new("HOST", "example.org"), new("PATH_X", "/up"), new("ODD", "a: [b")]);

    private readonly List<string> _missing = [];

    [Fact]
    public void Texts_are_resolved_from_the_environment()
    {
        var service = Resolve("services: { web: { health: '${PATH_X}', environment: ['URL=https://${HOST}/x'] } }");
        Assert.Equal("/up", service.Health.Path);
        Assert.Equal([new("URL", "https://example.org/x")], service.Environment);
        Assert.Empty(_missing);
    }

    [Fact]
    public void Names_without_a_value_are_told_once_each()
    {
        Resolve("services: { web: { health: '/${A}/${B}', environment: ['URL=${A}'] } }");
        Assert.Equal(["A", "B"], _missing);
    }

    [Fact]
    public void The_default_of_a_variable_that_has_a_value_is_not_needed()
    {
        Resolve("services: { web: { environment: ['HOST=${NOBODY}'] } }");
        Assert.Empty(_missing);
    }

    [Fact]
    public void Commands_are_left_to_sh()
    {
        Assert.Equal("run ${HOST} ${NOBODY}", Resolve("services: { web: { command: 'run ${HOST} ${NOBODY}' } }").Command!.Shell);
        Assert.Empty(_missing);
    }

    [Fact]
    public void A_value_cannot_break_out_of_its_place_in_yaml() =>
        Assert.Equal("service: \"a: [b\"\n", Resolve("services: { web: { x-aws: { service: '${ODD}' } } }").Aws);

    private Service Resolve(string text) => ManifestVariables.Resolve(ReadingManifest.Service(text), Environment, _missing);
}
