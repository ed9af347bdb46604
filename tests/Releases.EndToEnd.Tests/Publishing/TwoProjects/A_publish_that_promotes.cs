using System.Text.RegularExpressions;
using Xunit;

namespace Releases.EndToEnd.Tests.Publishing.TwoProjects;

[Collection(typeof(PublishesOfTwoWebProjects))]
public sealed class A_publish_that_promotes(TwoWebProjects projects)
{
    [Fact]
    public async Task Runs_the_tool_on_the_release_that_it_made_and_shows_what_it_prints()
    {
        Tool("appStatus-in", "echo \"was told: $*\"");

        var promoted = (await projects.Publish("Front", "rolled", "-p:ConvoxPromote=true", "-p:ConvoxToolPath=../appStatus-in"))
            .Succeeded();

        var release = Assert.Single(await projects.Releases("rolled"));
        Assert.Contains($"was told: promote {release.Id} --app rolled --rack local", promoted.Lines);
        Assert.Equal($"Front -> release {release.Id} is promoted", promoted.Lines[^1]);
    }

    [Fact]
    public async Task Fails_when_the_promotion_does_and_says_that_the_release_is_there()
    {
        Tool("failing", "[ \"$1\" = apps ] && exit 0; echo 'error: web did not become healthy.' >&2; exit 3");

        var failed = (await projects.Publish("Front", "stopped", "-p:ConvoxPromote=true", "-p:ConvoxToolPath=../failing")).Failed();

        var release = Assert.Single(await projects.Releases("stopped"));
        Assert.Contains($"error CONVOX0024: release {release.Id} was made but not promoted (exit code 3): ", failed.Output,
            StringComparison.Ordinal);
        Assert.Contains(
            $"web did not become healthy. Promote it later: dotnet convox promote {release.Id} --app stopped --rack local", failed.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fails_with_every_reason_that_the_tool_gives_also_where_only_errors_are_printed()
    {
        Tool("refusing", """
            [ "$1" = apps ] && exit 0
            echo 'error CONVOX0014: missing required environment variable TOKEN (web). Set it: dotnet convox env set TOKEN=…' >&2
            echo "error CONVOX0024: v1 wasn't promoted. Details: dotnet convox promotions info PABCDEFGHIJ" >&2
            exit 3
            """);

        var refused = (await projects.Publish(
            "Front", "refused", "-p:ConvoxPromote=true", "-p:ConvoxToolPath=../refusing", "-v:quiet")).Failed();

        var release = Assert.Single(await projects.Releases("refused"));
        var project = Path.Combine(projects.Workspace.Folder, "Front/Front.csproj");
        Assert.Equal(
        [
            $"{project} : error CONVOX0014: missing required environment variable TOKEN (web). "
                + "Set it: dotnet convox env set TOKEN=…",
            $"{project} : error CONVOX0024: release {release.Id} was made but not promoted (exit code 3): v1 wasn't promoted. "
                + "Details: dotnet convox promotions info PABCDEFGHIJ. "
                + $"Promote it later: dotnet convox promote {release.Id} --app refused --rack local",
        ], refused.Lines.Where(l => l.Contains(": error ", StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public async Task Does_not_offer_to_promote_an_incomplete_release_later()
    {
        Tool("incomplete", "[ \"$1\" = apps ] && exit 0; echo 'error CONVOX0013: v1 has no artifact of api. Publish Api.' >&2; exit 1");

        var failed = (await projects.Publish("Front", "half", "-p:ConvoxPromote=true", "-p:ConvoxToolPath=../incomplete")).Failed();

        var release = Assert.Single(await projects.Releases("half"));
        Assert.Contains(
            $"release {release.Id} was made but not promoted (exit code 1): v1 has no artifact of api. Publish Api.", failed.Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain("Promote it later", failed.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "error CONVOX0032: there is no option --x.", "CONVOX0024", true)]
    [InlineData(5, "error CONVOX0012: v1 is being promoted.", "CONVOX0012", true)]
    [InlineData(4, "error CONVOX0025: v1 wasn't promoted: it is stuck.", "CONVOX0025", true)]
    [InlineData(4, "error CONVOX0045: the rack was stopped, and the promotion (P) continues when it starts.", "CONVOX0045", false)]
    [InlineData(4, "error CONVOX0036: promotion P of R is still open, but can't be driven from here.", "CONVOX0036", false)]
    [InlineData(1, "error CONVOX0034: standard output can't be written.", "CONVOX0034", false)]
    [InlineData(130, "Detached. The promotion continues.", "CONVOX0045", false)]
    [InlineData(137, "Promoting v1.", "CONVOX0045", false)]
    public async Task Says_that_nothing_was_promoted_only_if_that_is_so(int exitCode, string last, string code, bool isOver)
    {
        Tool($"ends-{exitCode}-{code}", $"[ \"$1\" = apps ] && exit 0; echo \"{last}\" >&2; exit {exitCode}");
        var app = $"e{exitCode}-{code.ToLowerInvariant()}";

        var ended = (await projects.Publish(
            "Front", app, "-p:ConvoxPromote=true", $"-p:ConvoxToolPath=../ends-{exitCode}-{code}")).Failed();

        var release = Assert.Single(await projects.Releases(app));
        var printed = Regex.Replace(last, "^error CONVOX[0-9]+: ", "");
        Assert.Contains(
            isOver
                ? $"error {code}: release {release.Id} was made but not promoted (exit code {exitCode}): {printed} "
                    + $"Promote it later: dotnet convox promote {release.Id} --app {app} --rack local"
                : $"error {code}: release {release.Id} was made, and its promotion wasn't followed until it finished "
                    + $"(exit code {exitCode}): {printed} Follow it: dotnet convox watch --app {app} --rack local",
            ended.Output, StringComparison.Ordinal);
    }

    private void Tool(string folder, string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The tool that stands in is a shell script.");
        projects.Workspace.Write($"{folder}/dotnet-convox", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(projects.Workspace.Folder, folder, "dotnet-convox"),
            UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
