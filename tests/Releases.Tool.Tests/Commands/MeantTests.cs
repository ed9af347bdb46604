using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Typing something that doesn't exist suggests what was meant.</summary>
public sealed class MeantTests : Typing
{
    [Theory]
    [InlineData("config", "env")]
    [InlineData("config:set A=1", "env set")]
    [InlineData("config get A", "env get")]
    [InlineData("releases:info v1", "releases info")]
    [InlineData("releases:rollback v1", "releases rollback")]
    [InlineData("releases list", "releases")]
    [InlineData("deploys", "releases")]
    [InlineData("apps destroy shop", "apps delete")]
    [InlineData("apps:create shop", "apps create")]
    [InlineData("create shop", "apps create")]
    [InlineData("ps:scale web=2", "scale")]
    [InlineData("env rm A", "env unset")]
    [InlineData("builds show BBLTITAIGHI", "builds info")]
    [InlineData("rack info", "rack status")]
    [InlineData("version", "--version")]
    public async Task A_word_of_another_tool_is_answered_with_ours(string line, string ours)
    {
        Assert.Equal(2, await Type(line.Split(' ')));
        Assert.StartsWith("error CONVOX0032: '", Talk, StringComparison.Ordinal);
        Assert.EndsWith($". Did you mean: dotnet convox {ours}\n", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_or_an_id_that_is_not_there_is_answered_with_the_nearest()
    {
        var release = await Rack.Store.Release(with: r => r with { Id = ReleaseId.Parse("ROCHMCOUESG") }, cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);
        await Rack.Store.SaveBuild(A.Build() with { Id = BuildId.Parse("BBLTITAIGHI") }, Ending);
        var promotion = (await Rack.Store.ListPromotions(A.App, 1, cancel: Ending))[0].Id.ToString();
        await Type("env", "set", "GREETING=hello");

        await Suggests("hello", "apps", "info", "helo");
        await Suggests("ROCHMCOUESG", "promote", "ROCHMCOUEST");
        await Suggests("BBLTITAIGHI", "builds", "info", "BBLTITAIGHX");
        await Suggests(promotion, "promotions", "info", promotion[..^1] + (promotion[^1] == 'A' ? 'B' : 'A'));
        await Suggests("GREETING", "env", "get", "GRETING");
        await Suggests("web", "logs", "--service", "wbe");

        Assert.Equal(1, await Type("apps", "info", "somethingelse"));
        Assert.DoesNotContain("Did you mean", Talk, StringComparison.Ordinal);
    }

    private async Task Suggests(string near, params string[] words)
    {
        Assert.Equal(1, await Type(words));
        Assert.Contains($" Did you mean {near}? ", Talk, StringComparison.Ordinal);
    }
}
