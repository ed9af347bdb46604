using Xunit;

namespace Releases.EndToEnd.Tests;

[Collection("racks")]
public sealed class Completion_in_a_shell : IAsyncLifetime
{
    private readonly TestRack _rack = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rack.DisposeAsync();

    [Fact]
    public async Task Completes_commands_and_what_the_rack_has_in_bash()
    {
        await _rack.Do("apps", "create", "hello");
        var release = await _rack.Set("A=1");
        await File.WriteAllTextAsync(Path.Combine(_rack.AppFolder, "try.bash"), $$"""
            dotnet-convox() { '{{TestRack.Tool}}' "$@"; }
            source completion.bash
            for COMP_LINE in 'dotnet-convox promote R' 'dotnet-convox rel' 'dotnet-convox apps info h'; do
                COMP_POINT=${#COMP_LINE}
                _dotnet_convox
                echo "${COMPREPLY[@]}"
            done

            """);
        var run = await _rack.RunInShell("completion bash > completion.bash && bash try.bash");
        Assert.Equal($"{release}\nreleases\nhello\n", run.Out);
        Assert.Equal("", run.Error);
    }
}
