using System.CommandLine;
using System.Text.Json;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class UsageTests : Typing
{
    private const string NoStream =
        "this command needs a file, not standard input or output. Nothing changed. Name a file; ./- is one of that name.";

    [Theory]
    [InlineData("relases", "'relases' is not a command. Did you mean: dotnet convox releases")]
    [InlineData("frobnicate", "'frobnicate' is not a command. See: dotnet convox --help")]
    [InlineData("releases inf", "'inf' is not a command of 'releases'. Did you mean: dotnet convox releases info")]
    [InlineData("releases info v1 v2", "'v2' is one argument too many for 'releases info'. See: dotnet convox releases info --help")]
    [InlineData("releases info", "'releases info' needs <release>. See: dotnet convox releases info --help")]
    [InlineData("PS", "'PS' is not a command. Did you mean: dotnet convox ps")]
    [InlineData("rack STOP", "'STOP' is not a command of 'rack'. Did you mean: dotnet convox rack stop")]
    [InlineData("promote --TIMEOUT 5s", "'--TIMEOUT' is not an option of 'promote'. Did you mean --timeout?")]
    [InlineData("releases --limt 3", "'--limt' is not an option of 'releases'. Did you mean --limit?")]
    [InlineData("releases --limit x", "--limit takes a number, not 'x'. See: dotnet convox releases --help")]
    [InlineData("hooks add github --format xml", "--format is json, slack or github, not 'xml'. See: dotnet convox hooks add --help")]
    [InlineData("promote --app ", "--app needs a value, not an empty one. See: dotnet convox promote --help")]
    [InlineData("apps create shop --app web", "'shop' and --app 'web' are two apps. Leave one of them out. See: dotnet convox apps create --help")]
    [InlineData("-a web apps delete shop", "'shop' and --app 'web' are two apps. Leave one of them out. See: dotnet convox apps delete --help")]
    [InlineData("apps info shop -a web", "'shop' and --app 'web' are two apps. Leave one of them out. See: dotnet convox apps info --help")]
    [InlineData("promote ", "<release> is empty. See: dotnet convox promote --help")]
    [InlineData("releases --limit", "--limit needs a value. See: dotnet convox releases --help")]
    [InlineData("releases --all --limit 3", "--all and --limit can't be combined. Leave one of them out. See: dotnet convox releases --help")]
    [InlineData("logs --since 99999d",
        "'99999d' isn't a duration such as 90s, 10m, 1h30m or 7d, ten years at most. See: dotnet convox logs --help")]
    [InlineData("releases --limit 0", "--limit must be at least 1, not 0. See: dotnet convox releases --help")]
    [InlineData("releases --limit 1 --limit 2", "--limit was given more than once. See: dotnet convox releases --help")]
    [InlineData("promote --detatch", "'--detatch' is not an option of 'promote'. Did you mean --detach?")]
    [InlineData("promote --wait-lock --detach", "--wait-lock needs a value. See: dotnet convox promote --help")]
    [InlineData("promote --timeout 5", "'5' isn't a duration such as 90s, 10m, 1h30m or 7d, ten years at most. See: dotnet convox promote --help")]
    [InlineData("env set --replce A=1", "'--replce' is not an option of 'env set'. Did you mean --replace?")]
    [InlineData("releases --limit -1", "--limit must be at least 1, not -1. See: dotnet convox releases --help")]
    [InlineData("apps retention --days -1", "--days must be at least 0, not -1. See: dotnet convox apps retention --help")]
    [InlineData("apps retention --keep -1", "--keep must be at least 1, not -1. See: dotnet convox apps retention --help")]
    [InlineData("logs --tail -5", "--tail must be at least 0, not -5. See: dotnet convox logs --help")]
    [InlineData("logs --since -5m", "'-5m' isn't a duration such as 90s, 10m, 1h30m or 7d, ten years at most. See: dotnet convox logs --help")]
    [InlineData("metrics --since 0s", "--since must be at least 1s, not 0s. See: dotnet convox metrics --help")]
    [InlineData("promote --hold-for 0s", "--hold-for must be at least 1s, not 0s. See: dotnet convox promote --help")]
    [InlineData("rollback --timeout 0m", "--timeout must be at least 1s, not 0m. See: dotnet convox rollback --help")]
    [InlineData("scale web -1", "<count> must be at least 0, not -1. See: dotnet convox scale --help")]
    [InlineData("promote --detach -1", "'-1' is not an option of 'promote'. See: dotnet convox promote --help")]
    [InlineData("-a", "--app needs a value. See: dotnet convox --help")]
    [InlineData("releases -v", "'-v' is not an option of 'releases'. See: dotnet convox releases --help")]
    [InlineData("releases -A x", "'-A' is not an option of 'releases'. Did you mean -a?")]
    [InlineData("releases export v1 -o -", NoStream)]
    [InlineData("releases import -", NoStream)]
    [InlineData("rack backup -", NoStream)]
    [InlineData("rack restore -", NoStream)]
    [InlineData("env unset", "'env unset' needs <key>. See: dotnet convox env unset --help")]
    [InlineData("env unset ", "<key> is empty; nothing changed. See: dotnet convox env unset --help")]
    [InlineData("env unset A SECRET=hunter22",
        "pass SECRET without '=' and a value. Nothing changed. See: dotnet convox env unset --help")]
    [InlineData("env unset 1A", "'1A' isn't a valid variable name; nothing changed. See: dotnet convox env unset --help")]
    [InlineData("env set A=@", "A=@ names no file; nothing changed. Name the file after @. For the text @ itself: echo 'KEY=@' | dotnet convox env set -")]
    [InlineData("env set --file -", "--file takes a file, not standard input; nothing changed. Pass - without --file: dotnet convox env set -")]
    [InlineData("promote --dry-run --id", "--dry-run and --id can't be combined. Leave one of them out. See: dotnet convox promote --help")]
    [InlineData("promote -- v1 --dry-run", "'--dry-run' comes after '--', where it is only text. Put it before '--'.")]
    [InlineData("-- releases", "'releases' comes after '--', where it is only text. Put it before '--'.")]
    [InlineData("env set --from --promte A=1", "'--promte' is not an option of 'env set'. Did you mean --promote?")]
    [InlineData("deploy -d --wait-lok 10m", "'--wait-lok' is not an option of 'deploy'. Did you mean --wait-lock?")]
    public async Task A_wrong_command_line_is_one_sentence_with_the_nearest_that_is_known_and_exits_with_2(string line, string sentence)
    {
        Assert.Equal(2, await Type(line.Split(' ')));
        Assert.Equal($"error CONVOX0032: {sentence}\n", Talk);
        Assert.Equal("", Data);
        Assert.Empty(Opened);
    }

    [Theory]
    [InlineData("env set –p A=1", "'–p' begins with a typographic dash (U+2013) instead of a hyphen. Did you mean -p?")]
    [InlineData("releases —json", "'—json' begins with a typographic dash (U+2014) instead of a hyphen. Did you mean --json?")]
    [InlineData("promote -–wait-lock 90s",
        "'-–wait-lock' begins with a typographic dash (U+2013) instead of a hyphen. Did you mean --wait-lock?")]
    [InlineData("deploy −−dry-run", "'−−dry-run' begins with a typographic dash (U+2212) instead of a hyphen. Did you mean --dry-run?")]
    public async Task An_option_copied_with_a_typographic_dash_is_named_with_the_hyphen_that_is_meant(string line, string sentence)
    {
        Assert.Equal(2, await Type(line.Split(' ')));
        Assert.Equal($"error CONVOX0032: {sentence}\n", Talk);
        Assert.Empty(Opened);
    }

    [Fact]
    public void Every_option_that_takes_a_number_refuses_one_below_zero()
    {
        var root = EveryCommand.Root();
        Type[] numbers = [typeof(int), typeof(int?), typeof(TimeSpan?)];
        var options = EveryCommand.Of(root).SelectMany(c => c.Options.Select(o => (Command: c, Option: o)))
            .Where(o => numbers.Contains(o.Option.ValueType)).ToList();
        Assert.NotEmpty(options);
        Assert.All(options, o =>
        {
            string[] words = [.. CommandPath.Of(o.Command).Split(' '), o.Option.Name,
                o.Option.ValueType == typeof(TimeSpan?) ? "-1s" : "-1"];
            Assert.Contains(root.Parse(NegativeNumbers.Join(words, root)).Errors, e => e.Message.Contains("-1", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Every_option_that_takes_a_value_is_refused_without_one_and_twice()
    {
        var options = EveryCommand.Of(EveryCommand.Root())
            .SelectMany(c => CommandPath.Ancestry(c).SelectMany(a => a.Options).Select(o => (Command: c, Option: o)))
            .Where(o => o.Option.Arity.MinimumNumberOfValues > 0 && o.Option.Arity.MaximumNumberOfValues == 1).ToList();
        Assert.Contains(options, o => o.Option.Name == "--app");
        foreach (var (command, option) in options)
        {
            string[] path = [.. CommandPath.Of(command).Split(' ', StringSplitOptions.RemoveEmptyEntries)];
            foreach (var line in (string[][])[[.. path, option.Name], [.. path, option.Name, "1", option.Name, "2"]])
                foreach (var json in (string[][])[[], ["--json"]])
                {
                    Assert.Equal((string.Join(' ', line), 2), (string.Join(' ', line), await Type([.. json, .. line])));
                    Assert.Contains("CONVOX0032", Talk, StringComparison.Ordinal);
                }
        }
    }

    [Fact]
    public async Task A_current_folder_that_is_gone_is_named_by_the_commands_that_need_it()
    {
        HasFolder = false;
        Assert.Equal(0, await Type("--version"));
        Assert.Equal(0, await Type("promote", "--help"));
        Assert.Equal(2, await Type("services"));
        Assert.Equal(
            "error CONVOX0032: the current folder was deleted, or this user can't access it; nothing changed. "
                + "Change to another folder: cd ~\n", Talk);
        Assert.Empty(Opened);
    }

    [Theory]
    [InlineData("env", "set", "Y=\uFFFD\uFFFD")]
    [InlineData("run", "web", "\uFFFD")]
    [InlineData("build", "--description", "\uFFFD")]
    public async Task An_argument_that_is_not_text_is_refused_instead_of_changed(params string[] line)
    {
        Assert.Equal(2, await Type(line));
        Assert.Equal(
            "error CONVOX0032: argument 3 isn't UTF-8 text. Nothing changed. Convert it, or encode binary values, for example as base64.\n",
            Talk);
        Assert.Empty(Opened);
    }

    [Fact]
    public async Task Every_name_that_is_empty_is_refused_instead_of_ignored()
    {
        var lines = EveryCommand.Of(EveryCommand.Root()).SelectMany(command => CommandPath.Ancestry(command)
            .SelectMany(c => c.Options.Where(o => c == command || o.Recursive))
            .Where(o => (o.ValueType == typeof(string) || o.ValueType == typeof(string[])) && o.HelpName != "text")
            .Select(o => (string[])[.. Path(command), o.Name, ""])
            .Concat(command.Arguments.Where(a => a.ValueType == typeof(string)).Take(1).Select(_ => (string[])[.. Path(command), ""])))
            .ToList();
        Assert.Contains(lines, l => l is ["services", "--app", ""]);
        Assert.Contains(lines, l => l is ["promote", ""]);
        foreach (var line in lines)
        {
            Assert.Equal((string.Join(' ', line), 2), (string.Join(' ', line), await Type(line)));
            Assert.Contains("CONVOX0032", Talk, StringComparison.Ordinal);
            Assert.Empty(Opened);
        }

        static string[] Path(Command command) => CommandPath.Of(command).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [Theory]
    [InlineData("releases info -a")]
    [InlineData("-a x -a y releases info ")]
    [InlineData("--rack local --rack local releases info ")]
    public async Task A_shell_that_asks_about_a_wrong_line_gets_no_error(string line)
    {
        await Rack.Store.Release(cancel: Ending);
        Assert.Equal(0, await Type("__complete", $"{line.Length + 14}", $"dotnet-convox {line}"));
        Assert.Equal("", Talk);
    }

    [Theory]
    [InlineData("releases --app shop", "dotnet convox deploy --app shop")]
    [InlineData("apps info shop", "dotnet convox deploy --app shop")]
    [InlineData("apps delete shop", "dotnet convox deploy --app shop")]
    [InlineData("apps info shop --rack local:/srv", "dotnet convox deploy --app shop --rack local:/srv")]
    public async Task What_to_do_names_the_app_that_the_command_is_about(string line, string command)
    {
        Assert.Equal(1, await Type(line.Split(' ')));
        Assert.EndsWith($"Create it: {command}\n", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_command_at_all_is_answered_with_the_help_and_an_option_alone_is_wrong_usage()
    {
        Assert.Equal(0, await Type());
        var help = Data;
        Assert.Equal(0, await Type("--help"));
        Assert.Equal(Data, help);
        Assert.Equal(2, await Type("--json"));
        Assert.Contains("specify a command: releases, promote, ", Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("releases info x1")]
    [InlineData("promote v0")]
    [InlineData("promotions info v1")]
    [InlineData("builds info RAAAAAAAAAA")]
    [InlineData("apps create Hello")]
    [InlineData("apps create rack")]
    public async Task A_name_that_cannot_be_one_is_wrong_usage(string line)
    {
        await Rack.Store.Release(cancel: Ending);
        Assert.Equal(2, await Type(line.Split(' ')));
        Assert.StartsWith("error CONVOX0001: ", Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_data_and_lists_the_commands()
    {
        Assert.Equal(0, await Type("--help"));
        foreach (var command in (string[])["apps", "builds", "cancel", "env", "logs", "promote", "promotions", "ps", "rack", "releases",
            "rollback", "services", "watch"])
            Assert.Contains($"\n  {command}", Data, StringComparison.Ordinal);
        Assert.Equal("", Talk);
        Assert.Equal(0, await Type("releases", "info", "--help"));
        Assert.Contains("Show a release", Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_one_line_without_the_commit()
    {
        Assert.Equal(0, await Type("--version"));
        Assert.Matches(@"\A[0-9]+\.[0-9]+\.[0-9]+(-[a-z0-9.]+)?\n\z", Data);
    }

    [Fact]
    public async Task The_app_and_the_rack_are_the_ones_that_are_said_wherever_it_is_said()
    {
        Assert.Equal(1, await Type("-a", "other", "releases", "--rack", "local:/srv/convox"));
        Assert.Contains("there is no app 'other' on this rack.", Talk, StringComparison.Ordinal);
        Assert.Equal(["local:/srv/convox"], Opened);

        Variables["CONVOX_RACK"] = "nowhere:";
        Assert.Equal(2, await Type("apps"));
        Assert.Equal(
            "error CONVOX0021: 'nowhere:', from CONVOX_RACK, isn't a rack address. An address is local, local:<folder>, or aws://<region>/<cluster>.\n", Talk);
    }

    [Fact]
    public async Task What_is_about_no_app_works_in_a_folder_that_cannot_name_one()
    {
        Variables.Remove("CONVOX_APP");
        Variables["CONVOX_APP"] = "--";
        Assert.Equal(0, await Type("apps"));
        Assert.Equal(2, await Type("releases"));
    }

    [Fact]
    public async Task What_is_not_expected_is_one_sentence_too_and_debug_tells_where_it_comes_from()
    {
        await Rack.Store.Release(with: r => r with { Manifest = ManifestId.Of("never stored") }, cancel: Ending);

        Assert.Equal(1, await Type("releases", "manifest", "v1"));
        Assert.StartsWith("error CONVOX0099: ", Talk, StringComparison.Ordinal);
        Assert.Equal(1, Talk.Count(c => c == '\n'));
        Assert.Equal(1, await Type("releases", "manifest", "v1", "--debug"));
        Assert.Contains("   at Releases.Tool.ReleaseManifestCommand", Talk, StringComparison.Ordinal);
        Assert.Equal(1, await Type("releases", "manifest", "v1", "--json"));
        Assert.Equal("CONVOX0099", JsonDocument.Parse(Talk).RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Color_is_only_for_a_person_who_wants_it()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        await Rack.Store.Promoted(release, cancel: Ending);

        await Type("releases");
        Assert.DoesNotContain('\e', Data);
        await Type(at => (at.Attended, at.Color) = (true, false), "releases");
        Assert.DoesNotContain('\e', Data);
        await Type(at => (at.Attended, at.Color) = (true, true), "releases");
        Assert.Contains("\e[32mactive\e[0m", Data, StringComparison.Ordinal);
    }
}
