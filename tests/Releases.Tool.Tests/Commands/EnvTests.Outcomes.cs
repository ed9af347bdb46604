using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class EnvTests
{
    [Fact]
    public async Task A_change_that_changes_nothing_names_the_release_that_has_it_if_another_one_is_active()
    {
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        await Type("env", "set", "A=1");
        var latest = (await Rack.Store.RequireApp(A.App, Ending)).Latest;

        Assert.Equal(0, await Type("env", "set", "A=1"));
        Assert.Equal(
            $"Nothing changed: v2 ({latest}), the latest release, has this environment already, so no release was made. It isn't active. "
                + $"Promote it: dotnet convox promote {latest}\n",
            Talk);

        var release = await Rack.Store.RequireRelease(A.App, latest!.Value, Ending);
        var promotion = A.Promotion(release, previous: (await Rack.Store.RequireApp(A.App, Ending)).Active);
        await Rack.Store.BeginPromotion(promotion, "daemon 4711 on box", A.Event(EventKind.PromotionStarted), Ending);
        Assert.Equal(0, await Type("env", "set", "A=1"));
        Assert.EndsWith(
            "has this environment already, so no release was made. It is being promoted. Follow it: dotnet convox watch\n", Talk,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_is_not_there_is_named_when_it_is_unset()
    {
        await Rack.Store.App(cancel: Ending);
        await Type("env", "set", "SECRET=1", "OTHER=1");

        Assert.Equal(0, await Type("env", "unset", "secret"));
        Assert.Equal(
            "hello has no variable secret. Did you mean SECRET? List variables: dotnet convox env\n"
                + "Nothing changed: hello has this environment already, so no release was made.\n",
            Talk);
        Assert.Equal(0, await Type("env", "unset", "OTHER", "NONE"));
        Assert.StartsWith("hello has no variable NONE. List variables: dotnet convox env\n", Talk, StringComparison.Ordinal);
        Assert.Equal("SECRET=1\n", await Listed());
    }

    [Theory]
    [InlineData(PromotionStatus.Succeeded, 0, "active")]
    [InlineData(PromotionStatus.Failed, 3, "failed")]
    [InlineData(null, 0, "promoting")]
    public async Task With_promote_the_json_has_the_status_that_the_release_has_in_the_end(
        PromotionStatus? outcome, int code, string status)
    {
        await Rack.Store.App(cancel: Ending);
        var driver = new ScriptedDriver(Rack);
        Rack.DrivenBy = driver;
        if (outcome is { } ends) driver.Ends(ends);
        string[] detach = outcome is null ? ["--detach"] : [];

        Assert.Equal(code, await Type(["env", "set", "A=1", "--promote", "--json", .. detach]));
        Assert.Equal(status, JsonDocument.Parse(Data).RootElement.GetProperty("status").GetString());
        if (outcome != PromotionStatus.Failed) return;
        // The same of a release that has the environment already.
        driver.Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("env", "set", "A=1", "--promote", "--json"));
        Assert.Equal("active", JsonDocument.Parse(Data).RootElement.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("env set")]
    [InlineData("env set -")]
    [InlineData("hooks add github --token-file -")]
    public async Task Standard_input_that_cannot_be_read_is_a_wrong_usage(string line)
    {
        await Rack.Store.Release(cancel: Ending);
        using var folder = new Unreadable();
        Assert.Equal(2, await Type(at => at.Keyboard = folder, line.Split(' ')));
        Assert.Contains(
            ": standard input can't be read: Is a directory. Nothing changed. Check where the input comes from.\n", Talk,
            StringComparison.Ordinal);
    }

    /// <summary>A folder as standard input.</summary>
    private sealed class Unreadable : TextReader
    {
        public override int Peek() => throw new IOException("Is a directory");

        public override int Read() => throw new IOException("Is a directory");

        public override int Read(char[] buffer, int index, int count) => throw new IOException("Is a directory");

        public override string ReadLine() => throw new IOException("Is a directory");

        public override string ReadToEnd() => throw new IOException("Is a directory");
    }
}
