using Releases.Testing;
using Xunit;

namespace Releases.Tests.Manifests;

/// <summary>Manifests as people write them for Convox, in the style of public ones, are read without a dead end.</summary>
public sealed class ManifestCorpusTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Releases.Tests", "Manifests", "Corpus");

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.yml").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_read(string name)
    {
        var text = Text(name);
        var reading = ReadingManifest.Read(text);
        Assert.Empty(reading.Problems);
        var services = text.Split('\n').First(l => l.StartsWith("# services: ", StringComparison.Ordinal))["# services: ".Length..].Trim();
        Assert.Equal(services, string.Join(' ', reading.Manifest!.Services.Select(s => s.Name)));
        Assert.All(reading.Warnings, w => Assert.NotNull(w.Location));
        Assert.True(ManifestSchema.Accepts(text));
        Assert.Empty(ReadingManifest.Read(text.ReplaceLineEndings("\r\n")).Problems);
    }

    /// <summary>With every required variable set, nothing that a manifest refers to is left open.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Has_nothing_open_once_its_required_variables_are_set(string name)
    {
        var manifest = ReadingManifest.Read(Text(name)).Require();
        foreach (var service in manifest.Services)
        {
            EnvironmentDeclaration[] declared = [.. manifest.Environment, .. service.Environment];
            var required = declared.Where(d => d is { Default: null, IsEverything: false }).Select(d => d.Key).Distinct().ToList();
            var environment = EnvironmentSet.Of(required.Select(k => KeyValuePair.Create(k, "set")));
            var given = new[] { "APP", "BUILD", "BUILD_DESCRIPTION", "BUILD_GIT_SHA", "RACK", "RELEASE", "SERVICE" }
                .ToDictionary(n => n, n => n.ToLowerInvariant());
            var scope = new VariableScope(environment, declared, given,
                service.Port is null ? new HashSet<string> { "CONVOX_DATA" } : new HashSet<string> { "CONVOX_DATA", "PORT" });
            ManifestVariables.Resolve(service, scope);
            var variables = ProcessEnvironment.Of(declared, environment, scope);
            Assert.Empty(scope.Missing);
            Assert.Empty(scope.Loops);
            Assert.All(required, k => Assert.Equal("set", variables[k]));
        }
    }

    [Fact]
    public void There_are_at_least_thirty() => Assert.InRange(Names.Count, 30, int.MaxValue);

    [Theory]
    [InlineData("shared-list", "web", "A=1 B=${A}2 DATABASE_URL C=3")]
    [InlineData("shared-list", "worker", "B=${A}2 DATABASE_URL QUEUES=default,low A=9")]
    [InlineData("shared-map", "api", "LOG_LEVEL=debug RETRIES=3 VERBOSE=on SENTRY_DSN")]
    [InlineData("passwords", null,
        "PASSWORD=pa$$word TEMPLATE=Hello $${NAME}, you owe $5 JSON={\"a\":{\"b\":[1,2]},\"c\":\"$d\"} REGEX=^[a-z]+$ EMPTY= URL=postgres://u:p@host:5432/db?sslmode=require&a=b")]
    public void Declares_what_it_says(string name, string? service, string declared)
    {
        var manifest = ReadingManifest.Read(Text(name)).Require();
        var read = service is null ? manifest.Environment : manifest.Find(ServiceName.Parse(service))!.Environment;
        Assert.Equal(declared, string.Join(' ', read.Select(d => d.Default is null ? d.Key : $"{d.Key}={d.Default}")));
    }

    [Theory]
    [InlineData("rails", "web", 2, 10)]
    [InlineData("django", "worker", 1, 3)]
    [InlineData("shared-map", "web", 1, 30)]
    [InlineData("autoscale", "web", 2, 20)]
    [InlineData("timers-only-worker", "jobs", 0, null)]
    [InlineData("go-api", "api", 3, null)]
    public void Starts_with_the_least_of_its_range(string name, string service, int count, int? most)
    {
        var read = ReadingManifest.Read(Text(name)).Require().Find(ServiceName.Parse(service))!;
        Assert.Equal((count, most), (read.Scale.Count, read.Scale.Most));
        Assert.Contains("scale.count", read.Stated);
    }

    [Fact]
    public void A_size_of_zero_is_left_to_the_rack()
    {
        var scale = ReadingManifest.Read(Text("go-api")).Require().Services[0].Scale;
        Assert.Equal((null, null), (scale.Cpu, scale.Memory));
    }

    private static string Text(string name) => File.ReadAllText(Path.Combine(Folder, name + ".yml"));
}
