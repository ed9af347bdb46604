using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed partial class EnvTests : Typing
{
    [Fact]
    public async Task Setting_variables_makes_a_release_and_deploys_nothing()
    {
        await Rack.Store.App(cancel: Ending);

        Assert.Equal(0, await Type("env", "set", "B=2", "A=with = and spaces"));
        var release = (await Rack.Store.FindRelease(A.App, ReleaseReference.Parse("v1"), Ending))!;
        Assert.Equal($"Created {release.Label}: env add:A add:B\n", Data);
        Assert.Equal("Build and promote the app: dotnet convox deploy\n", Talk);
        Assert.Equal(A.Person, release.CreatedBy);

        Assert.Equal(0, await Type("env", "set", "--id", "B=3"));
        Assert.Matches(@"\AR[A-Z]{10}\n\z", Data);
        Assert.Equal(0, await Type("env", "unset", "A", "--json"));
        Assert.Equal("env remove:A", JsonDocument.Parse(Data).RootElement.GetProperty("description").GetString());
        Assert.Equal(0, await Type("env"));
        Assert.Equal("B=3\n", Data);
    }

    [Fact]
    public async Task Only_a_release_that_can_be_promoted_is_offered()
    {
        await Rack.Store.Release(cancel: Ending);
        Assert.Equal(0, await Type("env", "set", "A=1"));
        var release = (await Rack.Store.FindRelease(A.App, ReleaseReference.Parse("v2"), Ending))!;
        Assert.Equal($"Promote it: dotnet convox promote {release.Id}\n", Talk);

        await Rack.Store.Release(
            with: r => r with { Services = new Dictionary<ServiceName, ReleaseService> { [A.Web] = new() } }, cancel: Ending);
        Assert.Equal(0, await Type("env", "set", "A=2"));
        Assert.Equal("Build and promote the app: dotnet convox deploy\n", Talk);
    }

    [Fact]
    public async Task Before_the_first_build_no_command_offers_to_promote()
    {
        await Rack.Store.App(cancel: Ending);
        Assert.Equal(0, await Type("env", "set", "A=1"));
        foreach (var command in (string[])[
            "ps", "services", "watch", "promotions", "promotions info", "restart", "rollback", "rollback --service web", "run web ls"])
        {
            await Type(command.Split(' '));
            Assert.Contains("Build and promote the app: dotnet convox deploy", Talk, StringComparison.Ordinal);
            Assert.DoesNotContain("dotnet convox promote", Talk, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("env", "set", "A=1", "-p")]
    [InlineData("env", "set", "A=1", "-p", "--from", "latest")]
    [InlineData("env", "unset", "B", "-p")]
    public async Task A_change_that_changes_nothing_promotes_the_release_that_has_it_already(params string[] words)
    {
        await Rack.Store.App(cancel: Ending);
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Failed);
        Assert.Equal(3, await Type("env", "set", "A=1", "-p"));

        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Failed);
        Assert.Equal(3, await Type(words));
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type(words));
        var app = await Rack.Store.RequireApp(A.App, Ending);
        Assert.Contains($"Nothing changed since v1 ({app.Latest}), which isn't active yet.\n", Talk, StringComparison.Ordinal);
        Assert.Equal((1, app.Latest), (app.LastNumber, app.Active));
    }

    [Fact]
    public async Task Beside_an_active_release_the_base_of_a_change_that_changes_nothing_has_to_be_chosen()
    {
        await Rack.Store.App(cancel: Ending);
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);
        await Type("env", "set", "A=1", "-p");
        var active = (await Rack.Store.RequireApp(A.App, Ending)).Active;
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Failed);
        Assert.Equal(3, await Type("env", "set", "A=2", "-p"));

        Assert.NotEqual(0, await Type("env", "set", "A=2", "-p"));
        Assert.Contains(ProblemCode.ChooseBase, Talk, StringComparison.Ordinal);
        Assert.Equal(active, (await Rack.Store.RequireApp(A.App, Ending)).Active);
        Rack.DrivenBy = new ScriptedDriver(Rack).Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("env", "set", "A=2", "-p", "--from", "latest"));
        var app = await Rack.Store.RequireApp(A.App, Ending);
        Assert.Equal((2, app.Latest), (app.LastNumber, app.Active));
    }

    [Fact]
    public async Task A_change_that_changes_nothing_makes_no_release_and_says_so()
    {
        await Rack.Store.App(cancel: Ending);
        await Type("env", "set", "A=1");

        Assert.Equal(0, await Type("env", "set", "A=1"));
        Assert.Equal("Nothing changed: hello has this environment already, so no release was made.\n", Talk);
        Assert.Equal(0, await Type("env", "set", "A=1", "--json"));
        Assert.Equal("null\n", Data);
        Assert.Equal(1, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
    }

    [Fact]
    public async Task On_a_terminal_values_are_masked_until_they_are_to_be_revealed()
    {
        await Rack.Store.App(cancel: Ending);
        await Type("env", "set", "SECRET=hunter22", "MULTI=a\nb");

        await Type(at => at.Attended = true, "env");
        Assert.Equal("MULTI=****\nSECRET=****\n", Data);
        await Type(at => at.Attended = true, "env", "--json");
        Assert.DoesNotContain("hunter22", Data, StringComparison.Ordinal);
        await Type(at => at.Attended = true, "env", "--reveal");
        Assert.Equal("MULTI='a\nb'\nSECRET=hunter22\n", Data);
        await Type("env");
        Assert.Equal("MULTI='a\nb'\nSECRET=hunter22\n", Data);
        await Type("env", "get", "MULTI");
        Assert.Equal("a\nb\n", Data);
        Assert.Equal(1, await Type("env", "get", "NONE"));
    }

    [Fact]
    public async Task Who_reveals_values_is_recorded_before_they_are_shown()
    {
        await Rack.Store.App(cancel: Ending);
        await Type("env", "--reveal");
        Assert.Equal(EventKind.AppCreated, (await Rack.Store.ListEvents(A.App, 1, Ending))[0].Kind);
        await Type("env", "set", "SECRET=hunter22");

        await Type(at => at.Attended = true, "env");
        await Type("env", "get", "NONE");
        Assert.Equal(EventKind.ReleaseCreated, (await Rack.Store.ListEvents(A.App, 1, Ending))[0].Kind);
        Assert.Equal(0, await Type(at => at.Attended = true, "env", "--reveal"));
        await Type("env");
        await Type(at => at.Attended = true, "env", "get", "SECRET");
        var latest = (await Rack.Store.RequireApp(A.App, Ending)).Latest;
        var events = await Rack.Store.ListEvents(A.App, 4, Ending);
        Assert.Equal([EventKind.Revealed, EventKind.Revealed, EventKind.Revealed, EventKind.ReleaseCreated], events.Select(e => e.Kind));
        Assert.Equal(["SECRET", null, null], events.Take(3).Select(e => e.Detail));
        Assert.All(events.Take(3), e => Assert.Equal((A.Person, latest), (e.By, e.Release)));
    }

    [Fact]
    public async Task Standard_input_is_read_where_nothing_is_given_or_for_a_hyphen()
    {
        await Rack.Store.App(cancel: Ending);

        Assert.Equal(0, await Type(at => at.Typed = "A=1\nB=2\n", "env", "set"));
        Assert.Equal(0, await Type(at => at.Typed = "B=3\nC=4\n", "env", "set", "C=5", "-"));
        await Type("env");
        Assert.Equal("A=1\nB=3\nC=5\n", Data);
        Assert.Equal(0, await Type(at => at.Typed = "Z=not read\n", "env", "set", "--replace", "D=6"));
        await Type("env");
        Assert.Equal("D=6\n", Data);
        Assert.Equal(2, await Type("env", "set", "--replace"));
        Assert.Equal("D=6\n", await Listed());
    }

    [Fact]
    public async Task Files_are_read_and_what_is_given_beside_them_wins()
    {
        await Rack.Store.App(cancel: Ending);
        await File.WriteAllTextAsync(Path.Combine(Folder, "dev.env"), "\uFEFFA=1\r\nB='x\r\ny'\r\n", Ending);
        await File.WriteAllTextAsync(Path.Combine(Folder, "key.pem"), "BEGIN\nEND\n", Ending);

        Assert.Equal(0, await Type("env", "set", "--file", "dev.env", "A=2", "KEY=@key.pem"));
        Assert.Equal("A=2\nB='x\ny'\nKEY='BEGIN\nEND'\n", await Listed());
    }

    [Fact]
    public async Task What_cannot_be_read_is_named_and_changes_nothing()
    {
        await Rack.Store.App(cancel: Ending);
        await File.WriteAllBytesAsync(Path.Combine(Folder, "binary"), [0x41, 0x80, 0x81, 0x82], Ending);
        await File.WriteAllTextAsync(Path.Combine(Folder, "large"), new string('x', 2_000_000), Ending);
        await File.WriteAllTextAsync(Path.Combine(Folder, "mega"), new string('x', 1_000_000), Ending);

        foreach (var (word, says) in ((string, string)[])[("A=@missing", "'missing' can't be read"), ("A=@binary", "'binary' isn't UTF-8"),
            ("A=@large", "'large' is larger than"), ("A=@mega", "the value of A is larger than 49152 bytes"),
            ("A=@.", "'.' can't be read")])
        {
            Assert.Equal(2, await Type("env", "set", word));
            Assert.Contains(says, Talk, StringComparison.Ordinal);
        }

        Assert.Equal(2, await Type("env", "set", "-f", "missing"));
        Assert.Equal(0, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);
    }

    [Fact]
    public async Task A_file_with_what_the_rack_gives_itself_sets_the_rest_and_says_so()
    {
        await Rack.Store.App(cancel: Ending);
        await File.WriteAllTextAsync(Path.Combine(Folder, ".env"),
            string.Concat(Enumerable.Range(1, 89).Select(i => $"V{i}=1\n")) + "PORT=3000\n", Ending);
        Assert.Equal(0, await Type("env", "set", "--file", ".env"));
        Assert.Contains("warning: Line 90 of '.env': PORT is skipped: the rack gives it to every process itself.", Talk,
            StringComparison.Ordinal);
        Assert.Equal(0, await Type("env", "get", "V89"));
        Assert.Equal(2, await Type("env", "set", "PORT=3000"));
    }

    [Theory]
    [InlineData("ASPNETCORE_URLS", "http://localhost:5123")]
    [InlineData("urls", "http://localhost:5123")]
    [InlineData("URLS", "http://127.0.0.1:${PORT}")]
    [InlineData("Kestrel__Endpoints__Http__Url", "http://localhost:5123")]
    public async Task A_name_that_would_say_where_to_listen_gets_a_warning(string key, string value)
    {
        await Rack.Store.App(cancel: Ending);
        Assert.Equal(0, await Type("env", "set", $"{key}={value}"));
        Assert.Contains(
            $"warning: {key} conflicts with the address that the rack gives an ASP.NET Core service. Remove it, or declare it in convox.yml "
                + $"instead: {key}=http://127.0.0.1:${{PORT}} (in a container http://*:${{PORT}}).",
            Talk, StringComparison.Ordinal);
        Assert.Equal(0, await Type("env", "set", "OTHER=1"));
        Assert.DoesNotContain("warning", Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1A=x")]
    [InlineData("A B=x")]
    [InlineData("PORT=80")]
    [InlineData("novalue")]
    [InlineData("=x")]
    public async Task A_bad_name_is_refused_before_anything_is_opened(string pair)
    {
        Assert.Equal(2, await Type("env", "set", "GOOD=1", pair));
        Assert.Empty(Opened);
    }

    [Fact]
    public async Task Where_latest_and_active_differ_both_are_named_and_promoting_asks_which_is_meant()
    {
        var driver = new ScriptedDriver(Rack);
        Rack.DrivenBy = driver;
        await Rack.Store.Promoted(await Rack.Store.Release(cancel: Ending), cancel: Ending);
        Assert.Equal(0, await Type("env", "set", "A=1"));
        var app = await Rack.Store.RequireApp(A.App, Ending);

        await Type("env");
        Assert.Equal(
            $"This is the environment of v2 ({app.Latest}), the latest release; v1 ({app.Active}) is active. Show its environment: dotnet convox env --from active\n", Talk);
        Assert.Equal(1, await Type("env", "set", "-p", "B=2"));
        Assert.StartsWith("error CONVOX0029: ", Talk, StringComparison.Ordinal);
        Assert.Equal(app.LastNumber, (await Rack.Store.RequireApp(A.App, Ending)).LastNumber);

        driver.Ends(PromotionStatus.Succeeded);
        Assert.Equal(0, await Type("env", "set", "-p", "--from", "active", "B=2"));
        var after = await Rack.Store.RequireApp(A.App, Ending);
        Assert.Equal(after.Latest, after.Active);
        Assert.EndsWith($" ({after.Active}) is active\n", Data, StringComparison.Ordinal);
        Assert.Equal("B=2\n", await Listed());
    }

    private async Task<string> Listed()
    {
        await Type("env");
        return Data;
    }
}
