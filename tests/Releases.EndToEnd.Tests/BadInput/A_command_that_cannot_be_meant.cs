using Xunit;

namespace Releases.EndToEnd.Tests.BadInput;

[Collection("racks")]
public sealed class A_command_that_cannot_be_meant : IAsyncLifetime
{
    private readonly TestRack _rack = new();

    public async ValueTask InitializeAsync() => await _rack.Publish("services:\n  web:\n    port: 8080\n", "web");

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Is_answered_with_one_sentence_and_changes_nothing()
    {
        var before = (await _rack.Do("releases", "--json")) + await _rack.Do("apps", "--json");
        await Refuses(1, "CONVOX0004: hello has no release RABCDEFGHIJ. List releases: dotnet convox releases --all", "releases",
            "info", "RABCDEFGHIJ");
        await Refuses(1, "CONVOX0004: hello has no release v99. List releases: dotnet convox releases --all", "promote", "v99");
        await Refuses(2, "CONVOX0001: 'nonsense' isn't a release, which is an id such as ROCHMCOUESG or a number such as v12.",
            "promote", "nonsense");
        await Refuses(1, "CONVOX0003: there is no app 'nope' on this rack.", "promote", "-a", "nope");
        await Refuses(2, "CONVOX0001: 'Foo_Bar', from --app, isn't a valid app name. A name is 1 to 40 lower-case letters",
            "releases", "-a", "Foo_Bar");
        await Refuses(2, "CONVOX0001: 'rack' isn't a valid app name.", "apps", "create", "rack");
        await Refuses(2, "CONVOX0005: '1A' isn't a valid variable name. Nothing changed.", "env", "set", "1A=b");
        await Refuses(2, "CONVOX0005: PORT can't be set: the rack sets it for every process. Nothing changed.", "env", "set", "PORT=1");
        await Refuses(1, "CONVOX0023: hello has no service 'nope'. Its services: web.", "logs", "--service", "nope");
        await Refuses(1, "CONVOX0023: hello has no promotion PABCDEFGHIJ.", "promotions", "info", "PABCDEFGHIJ");
        await Refuses(1, "CONVOX0031: no promotion of hello is running, so there is nothing to cancel.", "cancel");
        await Refuses(2, "CONVOX0032: 'bogus' is not a command.", "bogus");
        await Refuses(2, "CONVOX0021: 'nonsense', from --rack, isn't a rack address.", "apps", "-r", "nonsense");
        Assert.Equal(before, (await _rack.Do("releases", "--json")) + await _rack.Do("apps", "--json"));
    }

    [Fact]
    public async Task Is_refused_where_the_home_is_a_file()
    {
        var file = Path.Combine(_rack.AppFolder, "file");
        await File.WriteAllTextAsync(file, "mine");
        _rack.Variables["CONVOX_RACK"] = $"local:{file}";
        await Refuses(1, $"CONVOX0009: the local rack's home {file} can't be created:", "releases");
        await Refuses(1, $"CONVOX0009: the local rack's home {file} can't be created:", "rack", "start");
        _rack.Variables.Remove("CONVOX_RACK");
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("releases >/dev/full", 1,
        "error CONVOX0034: can't write to standard output: No space left on device. The command itself has finished.")]
    [InlineData("releases >&-", 1, "error CONVOX0034: can't write to standard output: it is closed. The command itself has finished.")]
    [InlineData("bogus 2>/dev/full", 2, "")]
    [InlineData("bogus 2>&-", 2, "")]
    [InlineData("releases --json | head -c 1", 0, "")]
    public async Task Whose_output_goes_nowhere_ends_as_it_should(string command, int code, string sentence)
    {
        var run = await _rack.RunInShell(command);
        Assert.True(run.ExitCode == code, $"{run.ExitCode} {run.All}");
        Assert.StartsWith(sentence, run.Error, StringComparison.Ordinal);
        if (sentence.Length == 0) Assert.Empty(run.Error);
    }

    private async Task Refuses(int code, string sentence, params string[] command)
    {
        var run = await _rack.Run(command);
        Assert.True(run.ExitCode == code, $"{string.Join(' ', command)}: {run.ExitCode} {run.All}");
        Assert.StartsWith($"error {sentence}", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(run.Out);
    }
}
