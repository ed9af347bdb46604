using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Values of options that look like options.</summary>
public sealed class HyphenValueTests : Typing
{
    [Theory]
    [InlineData("apps", "lock", "--reason", "- a freeze")]
    [InlineData("apps", "lock", "--reason", "-x")]
    [InlineData("apps", "lock", "--reason=-x")]
    [InlineData("apps", "lock", "--reason=--json")]
    [InlineData("apps", "lock", "--reason=--aap")]
    public async Task A_text_may_begin_with_a_hyphen(params string[] words)
    {
        await Rack.Store.Release(cancel: Ending);
        Assert.Equal(0, await Type(words));
        var reason = (await Rack.Store.RequireApp(A.App, Ending)).Hold?.Reason;
        Assert.Equal(words[^1].Replace("--reason=", "", StringComparison.Ordinal), reason);
    }
}
