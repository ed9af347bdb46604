using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>Texts of other people, with everything in them that a terminal obeys, in each place where the tool prints one.</summary>
public sealed partial class HostileTextTests : Typing
{
    private const string Hostile = "a\e[2Jb\e]0;title\a\r\u009b2K\u202Ec\u2066d\0\u007f\be";

    private Release _release = null!;
    private Promotion _promotion = null!;
    private Build _build = null!;

    /// <summary>What would do something to a terminal but for line feeds, tabs and the colors that the tool and programs use.</summary>
    [GeneratedRegex(@"[\p{Cc}\u2028-\u202E\u2066-\u2069-[\n\t\e]]|\e(?!\[[0-9;]*m)")]
    private static partial Regex Active();

    public static TheoryData<string> Commands =>
    [
        "apps", "apps info hello", "apps lock --reason HOSTILE", "apps unlock", "builds", "builds info BUILD", "builds logs BUILD",
        "env --reveal", "env get VALUE", "events", "logs", "promotions", "promotions info PROMOTION", "ps", "releases",
        "releases info RELEASE", "releases manifest RELEASE", "releases diff v1 v2", "services", "promote --dry-run", "watch", "rollback",
        "cancel", "env set OTHER=1 --from HOSTILE", "apps info HOSTILE", "HOSTILE", "releases info HOSTILE", "env get HOSTILE",
        "logs --service HOSTILE", "-r HOSTILE apps", "run web HOSTILE", "env set HOSTILE", "apps create HOSTILE",
    ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Do_nothing_to_a_terminal(string line)
    {
        await Prepare();
        foreach (var colored in (bool[])[false, true])
        {
            await Type(t => (t.Attended, t.Color) = (true, colored), Words(line));
            Assert.DoesNotMatch(Active(), Data + Talk);
        }
    }

    [Fact]
    public async Task Are_shown_without_what_they_command_when_a_release_is_made()
    {
        await Prepare();
        await Type(t => t.Attended = true, "env", "set", "B=2");
        Assert.DoesNotMatch(Active(), Data + Talk);
        Variables["CONVOX_ACTOR"] = Hostile;
        await Type(t => t.Attended = true, "rollback", "v1");
        Assert.DoesNotMatch(Active(), Data + Talk);
    }

    [Theory]
    [InlineData("releases --json")]
    [InlineData("events --json")]
    [InlineData("promotions info PROMOTION --json")]
    [InlineData("logs --json")]
    [InlineData("env --reveal --json")]
    [InlineData("builds logs BUILD --json")]
    [InlineData("releases info HOSTILE --json")]
    public async Task Are_escaped_in_JSON(string line)
    {
        await Prepare();
        await Type(Words(line));
        Assert.DoesNotContain(Data + Talk, c => char.IsControl(c) && c != '\n');
        Assert.Contains(@"\u001B", Data + Talk, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Reach_a_program_as_they_are()
    {
        await Prepare();
        await Type("logs");
        Assert.Contains(Hostile, Data, StringComparison.Ordinal);
        await Type("env", "get", "VALUE");
        Assert.Equal(Hostile.Replace("\0", "", StringComparison.Ordinal) + "\n", Data);
    }

    [Fact]
    public async Task Of_a_program_keep_their_colors_and_color_nothing_else()
    {
        await Prepare();
        Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-1", _release.Id, "\e[31mred"));
        await Type(t => (t.Attended, t.Color) = (true, true), "logs", "--tail", "1");
        Assert.EndsWith("\e[31mred\e[0m\n", Data, StringComparison.Ordinal);
    }

    private string[] Words(string line) =>
    [
        .. line.Split(' ').Select(w => w.Replace("BUILD", _build.Id.ToString(), StringComparison.Ordinal)
            .Replace("PROMOTION", _promotion.Id.ToString(), StringComparison.Ordinal)
            .Replace("RELEASE", _release.Id.ToString(), StringComparison.Ordinal).Replace("HOSTILE", Hostile, StringComparison.Ordinal)),
    ];

    private async Task Prepare()
    {
        var manifest = $"# {Hostile}\nservices:\n  web: {{}}\n";
        var app = await Rack.Store.App(cancel: Ending);
        var first = A.Release(description: Hostile) with { Manifest = ManifestId.Of(manifest), CreatedBy = Hostile };
        Assert.True(await Rack.Store.TryAddRelease(new(first, app.Latest,
            A.Event(EventKind.ReleaseCreated, first.Id, by: Hostile) with { Detail = Hostile }, ManifestText: manifest), Ending));
        await Type("env", "set", "VALUE=" + Hostile.Replace("\0", "", StringComparison.Ordinal));
        _release = (await Rack.Store.ListReleases(A.App, 1, cancel: Ending))[0];
        _build = A.Build(BuildStatus.Failed, Hostile) with { Reason = Hostile, StartedBy = Hostile };
        await Rack.Store.SaveBuild(_build, Ending);
        await Rack.Store.AppendBuildLog(A.App, _build.Id, 0, Hostile + "\n", Ending);
        var begun = A.Promotion(first);
        var held = await Rack.Store.BeginPromotion(begun, "a test", A.Event(EventKind.PromotionStarted, first.Id, begun.Id), Ending);
        _promotion = begun with
        {
            Status = PromotionStatus.Failed,
            EndedAt = A.Moment,
            Reason = Hostile,
            CancelledBy = Hostile,
            StartedBy = Hostile,
            Services = [.. begun.Services.Select(s => s with { Reason = Hostile, LastLines = [Hostile], Warnings = [Hostile] })],
            ReleaseCommands = [new() { Service = A.Web, StartedAt = A.Moment, EndedAt = A.Moment, ExitCode = 1, LastLines = [Hostile] }],
        };
        await Rack.Store.FinishPromotion(held, _promotion, A.Event(EventKind.PromotionEnded, first.Id, begun.Id), Ending);
        Rack.NowRunning.Lines.Add(new(A.Moment, A.Web, "web-1", first.Id, Hostile));
        Rack.NowRunning.ServiceList.Add(new(A.Web, "http://web.hello.localhost:8480", "http://127.0.0.1:20000", 1, 1, 1,
            first.Id, Hostile));
    }
}
