using Xunit;

namespace Releases.Tests.Promotions;

/// <summary>What prevents a release's variables from reaching its processes is reported before anything is touched.</summary>
public sealed class VariablesOfServicesTests
{
    [Fact]
    public void A_default_refers_to_what_the_rack_gives()
    {
        var (spec, problems, required) = Resolve(
            "environment: ['V=${RELEASE} of ${APP}', 'N=${SERVICE}', 'P=${PORT}', 'D=${CONVOX_DATA}/x']\nservices: { web: { port: 80 } }");
        Assert.Empty(problems);
        Assert.Empty(required);
        Assert.EndsWith(" of hello", spec!.Environment["V"], StringComparison.Ordinal);
        Assert.Equal("web", spec.Environment["N"]);
        Assert.Equal(["PORT"], DeferredVariables.NamesIn(spec.Environment["P"]));
        Assert.Equal(["CONVOX_DATA"], DeferredVariables.NamesIn(spec.Environment["D"]));
        Assert.Empty(spec.ResolvedDefaults);
    }

    [Theory]
    [InlineData("environment: ['A=${B}', 'B=${A}']\nservices: { web: {} }",
        "defaults in convox.yml refer to each other in a loop: A → B → A.")]
    [InlineData("environment: ['A=${PORT}']\nservices: { web: {} }", "web refers to ${PORT}, which has no value there.")]
    [InlineData("services: { web: { port: 80, health: '/${PORT}' } }", "web refers to ${PORT}, which has no value there.")]
    [InlineData("environment: ['A.B=1', 'C']\nservices: { web: { command: 'dotnet App.dll' } }",
        "'command' of web is a string that sh runs, and sh drops variables whose names have '.' or '-': A.B.")]
    [InlineData("environment: ['A-B=1']\nservices: { web: { command: [dotnet, App.dll], release: migrate } }",
        "'release' of web is a string that sh runs, and sh drops variables whose names have '.' or '-': A-B.")]
    public void What_cannot_be_given_is_a_problem_of_its_own(string manifest, string message)
    {
        var (_, problems, required) = Resolve(manifest, KeyValuePair.Create("C", "1"));
        Assert.Equal((ProblemCode.Unresolvable, message), (Assert.Single(problems).Code, problems[0].Message));
        Assert.NotNull(problems[0].Remedy);
        Assert.Empty(required);
    }

    [Fact]
    public void A_program_that_no_shell_starts_gets_every_name()
    {
        var (spec, problems, _) = Resolve(
            "services: { web: { command: [dotnet, App.dll] } }", KeyValuePair.Create("Logging__LogLevel__Microsoft.AspNetCore", "Warning"),
            KeyValuePair.Create("ConnectionStrings__my-db", "x"));
        Assert.Empty(problems);
        Assert.Equal("Warning", spec!.Environment["Logging__LogLevel__Microsoft.AspNetCore"]);
        Assert.Contains("ConnectionStrings__my-db", spec.Secrets);
    }

    private static (ServiceSpec? Spec, List<Problem> Problems, IEnumerable<string> Required) Resolve(string text,
        params KeyValuePair<string, string>[] environment)
    {
        var manifest = ManifestReader.Read(text, "convox.yml").Require();
        var app = App.New(AppName.Parse("hello"), new() { At = DateTimeOffset.UnixEpoch, Kind = EventKind.AppCreated, By = "somebody" });
        var release = new Release
        {
            Id = ReleaseId.New(),
            Number = 1,
            App = app.Name,
            CreatedAt = DateTimeOffset.UnixEpoch,
            CreatedBy = "somebody",
            Services = manifest.Services.ToDictionary(s => s.Name, _ => new ReleaseService { Artifact = Artifact.ImageOf("image") }),
        };
        var (problems, required) = (new List<Problem>(), new SortedDictionary<string, List<ServiceName>>());
        var spec = new ServiceVariables(app, release, manifest, manifest.Services[0], EnvironmentSet.Of(environment), new([]), "local")
            .Resolve(required, problems);
        return (spec, problems, required.Keys);
    }
}
