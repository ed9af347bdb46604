using Xunit;

namespace Releases.EndToEnd.Tests.CommandLine;

/// <summary>A caller may close streams rather than redirect them. The runtime's own files must not get their numbers.</summary>
public sealed class Standard_streams_that_are_closed : IAsyncDisposable
{
    private readonly TestRack _rack = new();

    public static TheoryData<string> Closed => ["<&-", ">&-", "2>&-", "<&- >&-", "<&- 2>&-", ">&- 2>&-", "<&- >&- 2>&-"];

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task Leave_a_command_and_the_daemon_that_it_starts_as_they_are(string closed)
    {
        var release = await _rack.Publish("services: { web: { port: 8080 } }", "web");
        var promoted = await _rack.RunInShell($"promote {release.Id} {closed}");

        // As for other programs, output that can't be written is a failure.
        var isPrinted = !closed.Split(' ').Contains(">&-");
        Assert.True(promoted.ExitCode == (isPrinted ? 0 : 1), $"{promoted.ExitCode}: {promoted.All}");
        Assert.Equal(release.Id, await _rack.Active());
        Assert.Equal($"{release.Id}", await _rack.Get("env/RELEASE"));
        Assert.Equal("running", (await _rack.Json("rack")).GetProperty("status").GetString());
    }
}
