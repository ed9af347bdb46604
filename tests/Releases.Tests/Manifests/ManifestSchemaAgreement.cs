using Xunit;

namespace Releases.Tests.Manifests;

/// <summary>Thousands of manifests, right and wrong, of which schema and reader think the same.</summary>
public sealed class ManifestSchemaAgreement
{
    private const int Seed = 20261125;

    private static readonly string[] Numbers =
        ["0", "1", "5", "30", "99", "100", "101", "1000", "1001", "65535", "65536", "86400", "86401", "-1", "+7", "007", "many", "~",
            "true", "[]", "{ a: 1 }", "1.5", "''", "'${X}'"];

    private static readonly string[] QuotedToo = [.. Numbers, "'100'", "\"1\""];
    private static readonly string[] Texts = ["x", "src/Web", "5", "1.5", "true", "''", "~", "[]", "{ a: 1 }", "'${X}'", "'a ${X} b'"];
    private static readonly string[] Paths = ["/", "/up", "up", "'${P}'", "'${P}/x'", "''", "5", "~", "[]"];
    private static readonly string[] Variables = ["A", "B=1", "'*'", "C=", "'D =x y'", "PORT", "true", "A-B", "1E", "5", "''", "~",
        "{ F: 1 }", "[H]", "'=x'", "'*=1'", "'G=${X}'", "Logging__X.Y=1", "[I, J=2]", "yes"];
    private static readonly string[] Names = ["web", "worker", "a", "my-app-2", "web", "worker", "api", "My", "a--b", "rack", "9x", "a-",
        "ein-name-der-vierzig-und-ein-zeichen-hat1"];
    private static readonly string[] Arguments = ["-v", "5", "true", "''", "~", "'${X}'", "{ a: 1 }", "[b]"];

    private readonly Random _random = new(Seed);

    [Fact]
    public void Schema_and_reader_agree_on_thousands_of_manifests()
    {
        var (right, wrong) = (0, 0);
        for (var i = 0; i < 6000; i++)
        {
            var text = Manifest();
            var reading = ManifestReader.Read(text, "convox.yml");
            var accepted = ManifestSchema.Accepts(text);
            Assert.True(accepted == reading.Problems.Count is 0,
                $"The schema {(accepted ? "accepts" : "refuses")} it, the reader says: {string.Join(' ', reading.Problems)}\n{text}");
            if (accepted) right++;
            else wrong++;
        }

        Assert.True(right > 500 && wrong > 500, $"{right} right, {wrong} wrong");
    }

    private string Manifest()
    {
        var usual = $"x-usual: &usual {Map(Some(_random.Next(2), ServiceKey))}";
        var services = Enumerable.Range(0, _random.Next(1, 3)).Select(_ => One(Names)).Distinct().Select(n => $"{n}: {ServiceBody()}");
        string[] top = [.. Rarely("environment", Environment), .. Rarely("resources", () => "{ db: 1 }"), .. Rarely("x-own", () => "[1]"),
            .. _random.Next(30) == 0 ? ["kubernetes: 1"] : Array.Empty<string>()];
        var body = _random.Next(30) switch { 0 => "services: {}", 1 => "services: [web]", _ => $"services: {Map(services)}" };
        return string.Join('\n', [usual, .. top, body]) + "\n";
    }

    private string ServiceBody() => _random.Next(12) switch
    {
        0 => "~",
        1 => One("5", "[]", "x", "{}"),
        2 => "*usual",
        3 => Map(Some(2, ServiceKey).Prepend("<<: *usual")),
        4 => Map(Some(1, ServiceKey).Append("<<: [*usual, *usual]")),
        _ => Map(Some(_random.Next(1, 4), ServiceKey)),
    };

    private string ServiceKey() => _random.Next(22) switch
    {
        0 => $"build: {Nested(Texts, () => $"path: {One(Texts)}", () => "target: x")}",
        1 => $"image: {One(Texts)}",
        2 => $"command: {Command()}",
        3 => $"release: {Command()}",
        4 =>
            $"port: {One([.. QuotedToo, "http:8080", "'http:8080'", "https:8080", "grpc:50051", "tcp:1", "'http:'", "{ port: 443, scheme: https }", "{ port: '80' }", "{ scheme: grpc }", "{ port: 5, scheme: udp }", "{ port: ~ }"])}",
        5 or 6 =>
            $"health: {Nested(Paths, () => $"path: {One(Paths)}", () => $"{One("grace", "interval", "timeout")}: {One(QuotedToo)}", () => $"host: {One("localhost", "a.b:80", "'[::1]:80'", "a/b", "'http://a'", "'${HOST_X}'")}", () => "disable: true")}",
        7 or 8 =>
            $"scale: {Nested(QuotedToo, () => $"{One("count", "cpu", "memory")}: {One(QuotedToo)}", () => "gpu: 1", () => $"targets: {One("~", "5", "{}", "{ custom: 1 }", "{ gpu: 1 }", $"{{ {One("cpu", "memory", "requests")}: {One(Numbers)} }}")}", () => $"count: {One("1-30", "'2 - 4'", "{ min: 1, max: 3 }", "{ min: 2 }", "{ least: 1 }", "1-", "5-x")}")}",
        9 or 10 =>
            $"deployment: {Nested(["~", "5"], () => $"minimum: {One(Numbers)}", () => $"maximum: {One(Numbers)}", () => $"timeout: {One(Numbers)}", Strategy, Strategy, () => $"{One("percent", "interval", "bake")}: {One(Numbers)}", () => $"judge: {One("off", "true", "~", "5", "[]", "{}", "{ errors: 2 }", "{ errors: 0.5, latency: 3 }", "{ latency: 0.5 }", "{ errors: 101 }", "{ latency: x }", "{ error: 1 }")}")}",
        11 => $"singleton: {One("true", "true", "True", "false", "'true'", "yes", "on", "'off'", "maybe", "1", "~", "[]")}",
        12 => $"drain: {One([.. QuotedToo, "30s", "'2m'", "1h", "5 s", "30x"])}",
        13 => $"termination: {Nested(["~", "5"], () => $"grace: {One(QuotedToo)}")}",
        14 => $"environment: {Environment()}",
        15 => $"x-aws: {One("{}", "{ service: x }", "{ base: family, container: app }", "5", "[]", "~")}",
        16 => $"{One("certificate", "volumes", "timeout", "labels")}: {One("x", "[1]", "~", "{ a: 1 }")}",
        17 => $"verify: {Command()}",
        18 =>
            $"deployment: {Map(Some(2, () => One("percent: 5", "interval: 30s", "bake: 1m", "bake: 0", "judge: off", "judge: { errors: 1 }", "maximum: 150", "maximum: '150'", "maximum: 200", "minimum: 100", "timeout: 5")).Append(Strategy()))}",
        19 => $"domain: {One([.. Texts, "[a.example.org, '*.b.org']", "'a.org,b.org'", "['${H}']", "[5, ~]", "[[a]]", "['']"])}",
        20 => $"internal: {One("true", "no", "'on'", "maybe", "5", "~")}",
        _ => _random.Next(3) == 0
            ? $"{One("prot", "x-own", "Health")}: {One("1", "1", "{ a: 1 }")}"
            : $"sticky: {One("true", "no", "'on'", "maybe", "5", "~")}",
    };

    private string Strategy() =>
        $"strategy: {One("rolling", "blue-green", "linear", "canary", "canary", "Canary", "'linear'", "~", "5", "[]")}";

    private string Environment() => _random.Next(8) == 0
        ? One("~", "5", "{ A: 1 }", "{ A: ~, B: yes, PORT: 1 }", "{ A: [] }", "{ 5: x }", "{ '*': ~ }", "{ '*': 1 }", "[]")
        : $"[{string.Join(", ", Enumerable.Range(0, 3).Select(_ => One(Variables)).Distinct())}]";

    private string Command() =>
        _random.Next(2) == 0
            ? One(Texts)
            : $"[{string.Join(", ", Some(_random.Next(3), () => One(Arguments)).Prepend(One("run", "5", "'a b'", "''", "'${X}'", "[]", "sh", "/bin/bash")))}]";

    private string Nested(string[] scalars, params Func<string>[] entries) =>
        _random.Next(2) == 0
            ? One(scalars)
            : Map(Some(_random.Next(3), () => _random.Next(20) == 0 ? "nonsense: 1" : entries[_random.Next(entries.Length)]()));

    private IEnumerable<string> Rarely(string key, Func<string> value) => _random.Next(6) == 0 ? [$"{key}: {value()}"] : [];

    private static IEnumerable<string> Some(int count, Func<string> make) => Enumerable.Range(0, count).Select(_ => make());

    /// <summary>A key once: that one stands there twice no schema can tell.</summary>
    private static string Map(IEnumerable<string> entries) => $"{{ {string.Join(", ", entries.DistinctBy(e => e.Split(':')[0]))} }}";

    private string One(params string[] of) => of[_random.Next(of.Length)];
}
