using System.Text.Json;
using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

public sealed class The_tool_as_a_process : IDisposable
{
    private readonly ToolProcess _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task It_keeps_what_it_is_told_and_says_it_again_data_apart_from_talk()
    {
        var made = await _tool.Run("", "apps", "create", "hello");
        Assert.Equal((0, "Created hello\n"), (made.ExitCode, made.StandardOutput));

        var set = await _tool.Run("A=1\nB='two words'\n", "env", "set", "-", "--id");
        Assert.Equal(0, set.ExitCode);
        Assert.Matches(@"\AR[A-Z]{10}\n\z", set.StandardOutput);
        Assert.Equal("Build and promote the app: dotnet convox deploy\n", set.StandardError);

        var environment = await _tool.Run("", "env");
        Assert.Equal("A=1\nB='two words'\n", environment.StandardOutput);

        var releases = JsonDocument.Parse((await _tool.Run("", "releases", "--json")).StandardOutput).RootElement;
        Assert.Equal("env add:A add:B", releases[0].GetProperty("description").GetString());
        Assert.Equal("somebody@box", releases[0].GetProperty("createdBy").GetString());
    }

    [Fact]
    public async Task Looking_starts_no_daemon()
    {
        await _tool.Run("", "apps", "create", "hello");
        foreach (var command in (string[])["apps", "releases", "promotions", "builds", "services", "ps", "logs", "rack"])
            Assert.Equal(0, (await _tool.Run("", command)).ExitCode);
        Assert.False(File.Exists(Path.Combine(_tool.Home, "daemon.json")));
    }

    [Fact]
    public async Task Wrong_usage_exits_with_2_and_leaves_nothing_behind()
    {
        var wrong = await _tool.Run("", "relases");
        Assert.Equal((2, ""), (wrong.ExitCode, wrong.StandardOutput));
        Assert.Equal("error CONVOX0032: 'relases' is not a command. Did you mean: dotnet convox releases\n", wrong.StandardError);
        Assert.False(Directory.Exists(_tool.Home));
    }

    [Fact]
    public async Task A_rack_on_AWS_without_credentials_says_how_to_get_them()
    {
        var refused = await _tool.Run("", "apps", "-r", "aws://eu-west-1/production");
        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("error CONVOX0036: there are no AWS credentials on this machine. ", refused.StandardError, StringComparison.Ordinal);
    }
}
