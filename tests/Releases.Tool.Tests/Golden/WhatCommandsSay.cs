using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>
/// Everything that a command prints, in every situation that matters to it: first the situations of which it says the same, then data
/// as it is and talk with <c>! </c> before it.
/// </summary>
public sealed partial class WhatCommandsSay : Typing
{
    /// <summary>Situations in which no promotion is running.</summary>
    private const string Quiet = "no app|empty|environment alone|never promoted|running|newer release";

    /// <summary>For a command that isn't in the table.</summary>
    private const string Usual = "no app|empty|running";

    /// <summary>What never ends, what is read as a template or needs an image, and what another command does.</summary>
    private static readonly string[] Elsewhere = ["console", "rack agent", "rack template", "releases promote", "releases rollback"];

    private const string Looking = Quiet + "|degraded|drifted|rack stopped|promoting|driver gone|last one failed|locked";

    private const string Promoting =
        "no app|empty|never promoted|running|newer release|promoting|driver gone|last one failed|locked|the next fails|the next is refused|the next sticks|the next is cancelled";

    private static readonly string[] Examples = ["HKXWQYBTRMA", "ROCHMCOUESG", "RHUWOVXKTQZ", "PQWJDKSLAUE", "BBLTITAIGHI"];

    private readonly Dictionary<string, string> _ids = [];

    /// <summary>Those of the table, and the examples of every other command.</summary>
    public static TheoryData<string, string, string> Commands => new(Listed.Concat(
        EveryCommand.Of(EveryCommand.Root()).Where(c => c is not RootCommand && c.Action is not null)
            .Select(c => (Path: CommandPath.Of(c), Command: c))
            .Where(c => !Elsewhere.Contains(c.Path) && !Lines.Any(l => $"{l} ".StartsWith($"{c.Path} ", StringComparison.Ordinal)))
            .Select(c => new TheoryDataRow<string, string, string>(
                c.Path.Replace(' ', '-'), Usual, string.Join('|', EveryCommand.Examples(c.Command).Distinct())))));

    private static IEnumerable<string> Lines => Listed.SelectMany(l => l.Data.Item3.Split('|'));

    private static TheoryData<string, string, string> Listed => new()
    {
        { "apps", Looking, "apps" },
        { "apps-create", "empty", "apps create shop|apps create hello|apps create Shop" },
        { "apps-info", Looking, "apps info" },
        { "apps-delete", "no app|running|promoting",
            "apps delete hello --yes|apps delete hello --yes --json|apps delete hello|apps delete helo --yes" },
        { "apps-lock", "no app|running|locked", "apps lock --reason \"database migration\"|apps lock --reason \" \"|apps lock" },
        { "apps-retention", "no app|running|pruned",
            "apps retention|apps retention --keep 5|apps retention off|apps retention --days 7 --json|apps retention on|apps retention off --keep 3|apps retention --keep 0" },
        { "apps-template", "no app", "apps template|init|apps template|apps template --rack nowhere:" },
        { "apps-unlock", "no app|running|locked", "apps unlock" },
        { "approve", "no app|never promoted|promoting|holding|in a step", "approve|approve --detach" },
        { "build", "no app|empty|running|locked|promoting", "build|build -d \"the first\" --id|build --from v9|build -- -warnaserror" },
        { "builds", "no app|empty|running", "builds" },
        { "builds-info", "no app|empty|running", "builds info {build}|builds info BAAAAAAAAAA|builds info v1" },
        { "builds-logs", "no app|empty|running",
            "builds logs {build}|builds logs {build} -f|builds logs {build} -f --json|builds logs BAAAAAAAAAA" },
        { "cancel", Promoting + "|last one cancelled", "cancel" },
        { "completion", "no app", "completion tcsh" },
        { "deploy", Promoting, "deploy|deploy --detach|deploy -- -warnaserror" },
        { "env", Quiet + "|locked", "env|env --reveal|env --from active|env --from v9" },
        { "env-edit", Promoting, "env edit|env edit --promote" },
        { "env-get", "no app|empty|running", "env get GREETING|env get GRETING|env get OTHER" },
        { "env-set", Promoting, "env set A=1|env set A=1 --promote|env set A=1 --promote --from active" },
        { "env-set-refused", "no app|running",
            "env set A|env set 1A=1|env set PORT=1|env set A=@missing|env set --file missing|env set|env set A=1 --timeout 5m|env set GREETING=hello" },
        { "env-unset", "no app|empty|running", "env unset GREETING|env unset NONE|env unset" },
        { "events", "no app|empty|running|promoting|driver gone|last one failed|locked", "events|events --limit 2" },
        { "hooks", "no app|empty|hooked|hook delivers|hook fails|hook gone",
            "hooks|hooks info {hook}|hooks info HAAAAAAAAAA|hooks test {hook}|hooks remove {hook}" },
        { "hooks-add", "no app|running",
            "hooks add https://example.org/hooks?key=1|hooks add http://example.org|hooks add https://10.0.0.1|hooks add https://hooks.slack.com/services/T0 --events promotionEnded|hooks add github|hooks add eventbridge:default|hooks add https://example.org --events promotoins|hooks add https://github.com/acme/shop --format github|hooks add https://github.com/acme/shop --format github --token-file ghp_1234" },
        { "init", "no app", "init|init" },
        { "logs", Looking, "logs|logs --service wbe|logs --release v9|logs --service a--b" },
        { "metrics", "no app|empty|running|not measured",
            "metrics|metrics --since 10m --service web|metrics --service wbe|metrics --since 25h" },
        { "promote", Promoting, "promote|promote --id" },
        { "promote-refused", "running|newer release|locked|pruned",
            "promote v9|promote v1|rollback v1|promote x9|promote --timeout 5|promote --wait-lock" },
        { "promote-dry-run", Promoting + "|environment alone|nothing in it", "promote --dry-run" },
        { "promote-detached", "newer release|promoting", "promote --detach|promote --wait-lock 10m" },
        { "promotions", Looking + "|holding", "promotions|promotions --before PAAAAAAAAAA" },
        { "promotions-info", "no app|empty|running|promoting|holding|in a step|driver gone|last one failed|last one stuck|last one cancelled",
            "promotions info|promotions info {promotion}|promotions info PAAAAAAAAAA|promotions info v1" },
        { "ps", Looking, "ps" },
        { "rack", "no app", "rack|rack start|rack stop|rack restart|rack status" },
        { "rack-backup", "no app",
            "rack backup convox.backup|rack backup damaged.backup|rack backup convox.backup --with-key|rack backup|rack backup convox.backup --rack aws://eu-west-1/prod" },
        { "rack-restore", "no app", "rack restore convox.backup|rack restore keyless.backup --replace|rack restore" },
        { "rack-on-aws", "no app", "rack init|rack check|rack stop --rack nowhere:" },
        { "releases", Looking + "|pruned", "releases|releases --before v9" },
        { "releases-pin", "no app|running|pruned",
            "releases pin v1|releases pin v2|releases pin v2|releases unpin v2|releases unpin v2|releases pin v9" },
        { "releases-prune", "no app|running|old releases|pruned|promoting",
            "releases prune --dry-run|releases prune|releases prune --json" },
        { "releases-info", "no app|environment alone|running|newer release|last one failed|pruned",
            "releases info {latest}|releases info v1|releases info v9|releases info x" },
        { "releases-evidence", "running", "releases info {latest} --evidence" },
        { "releases-diff", "no app|environment alone|never promoted|running|newer release", "releases diff v1|releases diff v1 v2" },
        { "releases-copy", "no app|environment alone|never promoted|newer release",
            "releases copy {latest} --to-app shop|releases copy v1 --to-app shop --id|releases copy v1|releases copy v1 --to-app hello|releases copy v9 --to-app shop|releases copy v1 --to nowhere:" },
        { "releases-export", "no app|environment alone|newer release", "releases export {latest} -o hello.tar|releases export v9" },
        { "releases-import", "no app|running", "releases import missing.tar|releases import missing.tar --digest abc|releases import" },
        { "releases-verify", "no app|environment alone|running", "releases verify v1" },
        { "releases-sbom", "no app|running", "releases sbom v1" },
        { "releases-manifest", "no app|environment alone|running", "releases manifest v1" },
        { "restart", Promoting + "|drifted", "restart|restart --id" },
        { "rollback", Promoting, "rollback|rollback {latest}|rollback v9|rollback --id" },
        { "exec", "no app|running", "exec web-1 ls|exec web-9999 ls|exec web-1" },
        { "rollback-refused", "no app|running|rebuilt|breaking",
            "rollback|rollback v1|rollback v1 --force|rollback --service web v1|rollback --service wbe" },
        { "run", "no app|empty|never promoted|running|promoting", "run web ls|run wbe ls|run --release v9 web ls|run web" },
        { "scale", Quiet + "|promoting|locked",
            "scale|scale web 3|scale web --reset|scale wbe 3|scale web|scale web 2000|scale web x|scale web -1" },
        { "services", Looking + "|holding", "services" },
        { "watch", Promoting + "|holding|in a step|last one stuck|last one cancelled", "watch" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Is_what_was_read(string file, string situations, string lines)
    {
        var said = new StringBuilder();
        foreach (var line in lines.Split('|'))
        {
            var answers = new List<(string Situation, string Text)>();
            foreach (var situation in situations.Split('|'))
                if (await Answer(situation, line) is { } text) answers.Add((situation, text));
            said.Append(CultureInfo.InvariantCulture, $"$ dotnet convox {line}\n\n");
            foreach (var same in answers.GroupBy(a => a.Text))
                said.Append(CultureInfo.InvariantCulture, $"[{string.Join(", ", same.Select(a => a.Situation))}]\n{same.Key}\n");
        }

        GoldenFile.Holds("says", file, said.ToString().TrimEnd('\n') + "\n");
    }

    /// <summary>What <c>run</c> prints is the program's own.</summary>
    public static TheoryData<string, string, string> CommandsWithJson => new(Commands.Where(c => c.Data.Item1 is not ("run" or "exec")));

    [Theory]
    [MemberData(nameof(CommandsWithJson))]
    public async Task Is_json_where_that_is_asked_for(string file, string situations, string lines)
    {
        var situation = situations.Split('|').Contains("newer release") ? "newer release" : situations.Split('|')[^1];
        foreach (var line in lines.Split('|').Where(l => !l.Contains("--id", StringComparison.Ordinal)))
        {
            if (await Answer(situation, $"--json {line}") is null) continue;
            if (Data.Length > 0) using (JsonDocument.Parse(Data)) { }
            if (Talk.Contains("error CONVOX", StringComparison.Ordinal)) Assert.Fail($"{file}: {line}: {Talk}");
            if (Talk.IndexOf('{', StringComparison.Ordinal) is >= 0 and var at) using (JsonDocument.Parse(Talk[at..])) { }
        }
    }

    [Fact]
    public void Each_file_is_of_a_command() => GoldenFile.AreAll("says", Commands.Select(c => c.Data.Item1));

    private async Task<string?> Answer(string situation, string line)
    {
        (Rack, Time, Dotnet) = (new(), new(A.Moment + TimeSpan.FromMinutes(15)),
            Sdk(line.Contains("-warnaserror", StringComparison.Ordinal)).Run);
        _ids.Clear();
        await new Situation(Rack, Time).Make(situation);
        if (await WithIds(line) is not { } typed) return null;
        var code = await Type([.. CommandLineParser.SplitCommandLine(typed)]);
        return Steady($"{Data}{Marked(Talk)}(exit code {code})\n".Replace(Folder, "/app", StringComparison.Ordinal));
    }

    private FakeSdk Sdk(bool takesWarningsForErrors)
    {
        var sdk = new FakeSdk(Folder);
        sdk.Project("Hello/Hello.csproj");
        sdk.Prints.Add(
            $"{Folder}/Hello/Program.cs(3,5): {(takesWarningsForErrors ? "error" : "warning")} CS0168: The variable 'x' is declared but never used [{Folder}/Hello/Hello.csproj]");
        sdk.Ends = takesWarningsForErrors ? 1 : 0;
        return sdk;
    }

    /// <summary>The line with what its braces stand for; null where the situation has no such thing.</summary>
    private async Task<string?> WithIds(string line)
    {
        var app = await Rack.Store.FindApp(A.App, Ending);
        foreach (var (word, id) in new (string, Func<Task<string?>>)[]
        {
            ("{latest}", () => Task.FromResult(app?.Latest?.ToString())),
            ("{active}", () => Task.FromResult(app?.Active?.ToString())),
            ("{build}", async () =>
                app is not null && await Rack.Store.ListBuilds(A.App, 1, Ending) is [var build, ..] ? build.Id.ToString() : null),
            ("{hook}", async () => await Rack.Hooks.ListHooks(cancel: Ending) is [var hook, ..] ? hook.Id.ToString() : null),
            ("{promotion}", async () => app is not null && await Rack.Store.ListPromotions(A.App, 1, cancel: Ending) is [var promotion, ..]
                ? promotion.Id.ToString()
                : null),
        })
        {
            if (!line.Contains(word, StringComparison.Ordinal)) continue;
            if (await id() is not { } there) return null;
            line = line.Replace(word, there, StringComparison.Ordinal);
        }

        return line;
    }

    private static string Marked(string talk) =>
        string.Concat(talk.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => $"! {l}\n"));

    /// <summary>The same ids each time, in the order in which they are met.</summary>
    private string Steady(
        string text) => Id().Replace(Secret().Replace(FileDigest().Replace(text, "(1.2 KB, sha256:…)"), "whsec_…"), met =>
    {
        if (Examples.Contains(met.Value)) return met.Value;
        if (!_ids.TryGetValue(met.Value, out var steady))
            _ids[met.Value] = steady = met.Value[0] + new string((char)('K' + _ids.Keys.Count(k => k[0] == met.Value[0])), 10);
        return steady;
    });

    /// <summary>A file has the release's random id in it.</summary>
    [GeneratedRegex(@"\([0-9.]+ [KM]?B, sha256:[0-9a-f]{64}\)")]
    private static partial Regex FileDigest();

    [GeneratedRegex("whsec_[A-Za-z0-9+/=]+")]
    private static partial Regex Secret();

    [GeneratedRegex(@"\b[RBPH][A-Z]{10}\b")]
    private static partial Regex Id();
}
