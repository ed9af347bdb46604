using Xunit;

namespace Releases.Tests.Manifests;

public sealed class ManifestVariablesTests
{
    private static readonly EnvironmentSet Environment = EnvironmentSet.Of([new("HOST", "example.org"), new("PATH_X", "/up"),
        new("ODD", "a: [b"), new("EMPTY", ""), new("LITERAL", "${HOST}")]);
    private static readonly Dictionary<string, string> Given = new() { ["RELEASE"] = "RABC", ["APP"] = "hello" };

    private VariableScope _scope = new(EnvironmentSet.Empty, [], Given, new HashSet<string>());

    [Theory]
    [InlineData("https://${HOST}/x", "https://example.org/x")]
    [InlineData("${RELEASE} of ${APP}", "RABC of hello")]
    [InlineData("${HOST:-localhost}", "example.org")]
    [InlineData("${NONE:-localhost}", "localhost")]
    [InlineData("${EMPTY:-localhost}", "localhost")]
    [InlineData("${EMPTY-localhost}", "")]
    [InlineData("${NONE-}", "")]
    [InlineData("${NONE-a-b:c}", "a-b:c")]
    [InlineData("${NONE:-${HOST}:80}", "example.org:80")]
    [InlineData("${NONE:-${NOTHING:-${APP}}}", "hello")]
    [InlineData("${HOST:+on}${NONE:+on}", "on")]
    [InlineData("${EMPTY+set}${EMPTY:+set}", "set")]
    [InlineData("${HOST:?say it}", "example.org")]
    [InlineData("$${HOST} $HOST $$ pa$$word {HOST}", "${HOST} $HOST $$ pa$$word {HOST}")]
    [InlineData("$$${HOST}", "$${HOST}")]
    [InlineData("${LITERAL}", "${HOST}")]
    [InlineData("{\"a\": {\"b\": \"${HOST}\"}}", "{\"a\": {\"b\": \"example.org\"}}")]
    public void A_default_is_resolved_as_in_a_shell(string text, string value)
    {
        Assert.Null(Interpolation.FindInvalid(text));
        Assert.Equal(value, Variables($"A={text}")["A"]);
        Assert.Empty(_scope.Missing);
    }

    [Theory]
    [InlineData("${STAGE}-${A}", "dev-1", new[] { "STAGE=dev", "A=1" })]
    [InlineData("${STAGE}", "dev", new[] { "STAGE=${B:-dev}" })]
    [InlineData("${HOST}", "example.org", new[] { "HOST=localhost" })]
    public void A_declared_default_is_meant_where_the_environment_has_none(string text, string value, string[] declared)
    {
        Assert.Equal(value, Variables([.. declared, $"NODE_ENV={text}"])["NODE_ENV"]);
        Assert.Empty(_scope.Missing);
    }

    [Theory]
    [InlineData("A → B → A", new[] { "A=${B}", "B=x${A}" })]
    [InlineData("A → A", new[] { "A=${A}:/bin" })]
    [InlineData("B → C → B", new[] { "A=${B}", "B=${C:-x}", "C=${B}" })]
    public void Defaults_that_lead_back_to_themselves_are_named(string loop, string[] declared)
    {
        Variables(declared);
        Assert.Contains(loop, _scope.Loops);
        Assert.Empty(_scope.Missing);
    }

    [Fact]
    public void A_default_of_many_others_is_worked_out_once()
    {
        string[] doubling = [.. Enumerable.Range(1, 15).Select(i => $"V{i}=${{V{i - 1}}}${{V{i - 1}}}")];
        Assert.Equal(1 << 15, Variables(["V0=x", .. doubling])["V15"].Length);
    }

    [Fact]
    public void What_only_a_process_knows_is_filled_in_when_it_starts()
    {
        var value = Knowing(new HashSet<string> { "PORT", "CONVOX_DATA" }, "URL=http://localhost:${PORT}/${APP}",
            "DB=${URL}?${CONVOX_DATA:-x}")["DB"];
        Assert.Equal(["PORT", "CONVOX_DATA"], DeferredVariables.NamesIn(value));
        Assert.Equal("http://localhost:3000/hello?/data", DeferredVariables.Resolve(value, name => name == "PORT" ? "3000" : "/data"));
        Assert.Empty(_scope.SecretDefaults);
    }

    [Fact]
    public void A_default_that_holds_a_secret_is_known_as_one()
    {
        Variables("A=${B}", "B=${HOST}", "C=${RELEASE}", "D=${C}");
        Assert.Equal(["A", "B"], _scope.SecretDefaults);
    }

    [Fact]
    public void Texts_are_resolved_from_the_environment()
    {
        Assert.Equal("/up", Resolve("services: { web: { health: '${PATH_X}' } }").Health.Path);
        Assert.Equal("/up", Resolve("services: { web: { health: { host: '${PATH_X}' } } }").Health.Host);
        Assert.Empty(_scope.Missing);
    }

    [Fact]
    public void Names_without_a_value_are_told_once_each()
    {
        Resolve("services: { web: { health: '/${A}/${B}' } }");
        AddMissing(_scope, "URL=${A}", "C=${D:?set it}", "E");
        Assert.Equal(["A", "B", "D", "E"], _scope.Missing);
    }

    [Fact]
    public void The_default_of_a_variable_that_has_a_value_is_not_needed()
    {
        Variables("HOST=${NOBODY}");
        Assert.Empty(_scope.Missing);
    }

    [Fact]
    public void Commands_are_left_to_sh()
    {
        Assert.Equal("run ${HOST} ${NOBODY}", Resolve("services: { web: { command: 'run ${HOST} ${NOBODY}' } }").Command!.Shell);
        Assert.Equal(["sh", "-c", "run ${PORT}"], Resolve("services: { web: { command: [sh, -c, 'run ${PORT}'] } }").Command!.Arguments);
        Assert.Equal(["/bin/bash", "-lc", "run ${PORT}"],
            Resolve("services: { web: { release: [/bin/bash, -lc, 'run ${PORT}'] } }").Release!.Arguments);
        Assert.Empty(_scope.Missing);
    }

    [Fact]
    public void A_value_cannot_break_out_of_its_place_in_yaml() =>
        Assert.Equal("service: \"a: [b\"\n",
            YamlWriter.Write(Resolve("services: { web: { x-aws: { service: '${ODD}' } } }").Extensions["x-aws"]));

    private Service Resolve(string text)
    {
        _scope = new(Environment, [], Given, new HashSet<string>());
        return ManifestVariables.Resolve(ReadingManifest.Service(text), _scope);
    }

    private Dictionary<string, string> Variables(params string[] declared) => Knowing([], declared);

    private Dictionary<string, string> Knowing(HashSet<string> later, params string[] declared)
    {
        EnvironmentDeclaration[] declarations = [.. declared.Select(Declaration)];
        _scope = new(Environment, declarations, Given, later);
        return ProcessEnvironment.Of(declarations, Environment, _scope);
    }

    private static void AddMissing(VariableScope scope, params string[] declared)
    {
        var with = new VariableScope(Environment, declared.Select(Declaration), Given, new HashSet<string>());
        ProcessEnvironment.Of([.. declared.Select(Declaration)], Environment, with);
        scope.Missing.UnionWith(with.Missing);
    }

    private static EnvironmentDeclaration Declaration(string text) =>
        text.Split('=', 2) is [var key, var value] ? new(key, value) : new(text, null);
}
