using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class CompletionTests : Typing
{
    [Theory]
    [InlineData("dotnet-convox prom", "promote,promotions")]
    [InlineData("dotnet-convox releases di", "diff")]
    [InlineData("/usr/bin/dotnet-convox promote --det", "--detach")]
    [InlineData("dotnet-convox completion ", "bash,fish,pwsh,zsh")]
    [InlineData("dotnet convox prom", "promote,promotions")]
    [InlineData("/usr/share/dotnet/dotnet convox releases di", "diff")]
    [InlineData("dotnet-convox nonsense --x ", "")]
    public async Task Commands_options_and_choices_are_suggested(string line, string words) =>
        Assert.Equal(words, string.Join(',', (await Suggested(line)).Where(w => w is not ("-?" or "-h" or "/?" or "/h")
            && !(words == "" || line.EndsWith(' ') && w.StartsWith('-'))).Order(StringComparer.Ordinal)));

    [Fact]
    public async Task What_the_rack_has_is_suggested_with_what_it_is()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        Assert.Equal(0, await Type("env", "set", "SECRET=hunter22"));

        Assert.Contains($"{release.Id}\tv1 {release.Description}".TrimEnd(), await Lines("dotnet-convox promote R"));
        Assert.Contains(release.Id.ToString(), await Suggested("dotnet-convox releases diff v1 "));
        Assert.Contains($"v1\t{release.Id} {release.Description}".TrimEnd(), await Lines("dotnet-convox promote v"));
        Assert.Contains("active", await Suggested("dotnet-convox env set A=1 --from "));
        Assert.Equal(["hello"], await Suggested("dotnet-convox apps info h"));
        Assert.Equal(["hello"], await Suggested("dotnet-convox ps -a h"));
        Assert.Equal(["SECRET"], (await Suggested("dotnet-convox env get S")).Where(w => !w.StartsWith('-')));
        Assert.DoesNotContain("hunter22", Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rack_that_cannot_be_read_suggests_nothing_and_says_nothing()
    {
        Assert.Empty(await Suggested("dotnet-convox promote R"));
        Variables["CONVOX_APP"] = "NOT A NAME";
        Assert.Empty(await Suggested("dotnet-convox promote R"));
        Assert.Equal(0, await Type("__complete"));
        Assert.Equal(0, await Type("__complete", "x", "y"));
        Assert.Equal("", Talk);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F")]
    [InlineData("zsh", "#compdef dotnet-convox")]
    [InlineData("fish", "complete -c dotnet-convox")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public async Task Each_shell_has_its_script(string shell, string part)
    {
        Assert.Equal(0, await Type("completion", shell));
        Assert.Contains(part, Data, StringComparison.Ordinal);
        Assert.Equal("", Talk);
        Assert.Equal(2, await Type("completion", "tcsh"));
    }

    private async Task<string[]> Suggested(string line) => [.. (await Lines(line)).Select(l => l.Split('\t')[0])];

    private async Task<string[]> Lines(string line)
    {
        Assert.Equal(0, await Type("__complete", $"{line.Length}", line));
        return Data.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
