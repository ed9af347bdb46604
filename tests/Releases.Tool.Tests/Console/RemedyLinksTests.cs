using System.Text.RegularExpressions;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>A remedy on a page is a link where the console has a page for it, else a command for any terminal.</summary>
public sealed partial class RemedyLinksTests
{
    private const string Rack = "local:/srv/convox", Release = "RABCDEFGHJK", Promotion = "PABCDEFGHJK";

    [Theory]
    [InlineData("/", "apps")]
    [InlineData("/apps/hello/releases", "releases")]
    [InlineData("/apps/hello/releases", "promote")]
    [InlineData("/apps/hello/releases", "promote", "<id>")]
    [InlineData("/apps/hello/releases", "rollback", "<id>")]
    [InlineData("/apps/hello/releases/RABCDEFGHJK/promote", "promote", Release)]
    [InlineData("/apps/hello/releases/RABCDEFGHJK/promote?empty=1", "promote", Release, "--allow-empty")]
    [InlineData("/apps/hello/releases/RABCDEFGHJK/rollback", "rollback", Release)]
    [InlineData("/apps/hello/releases", "apps unlock")]
    [InlineData("/apps/hello/rollback", "rollback")]
    [InlineData("/apps/hello/releases/v3/rollback", "rollback", "v3")]
    [InlineData("/apps/hello/releases/v3/rollback?force=1", "rollback", "v3", "--force")]
    [InlineData("/apps/hello/releases/v3/verify", "releases verify", "v3")]
    [InlineData("/apps/hello/run?service=web", "run", "web")]
    [InlineData("/apps/hello/promotions", "approve")]
    [InlineData("/apps/hello/builds/BABCDEFGHJK", "builds logs", "BABCDEFGHJK")]
    [InlineData("/apps/hello/services", "scale")]
    [InlineData("/apps/hello/promotions", "watch")]
    [InlineData("/apps/hello/promotions", "cancel")]
    [InlineData("/apps/hello/promotions/PABCDEFGHJK", "promotions info", Promotion)]
    [InlineData("/apps/hello/environment?add=A", "env set", "A=…")]
    [InlineData("/apps/hello/logs", "logs")]
    [InlineData("/apps/other/logs", "logs", "--app", "other")]
    public void Leads_to_the_page(string page, string operation, params string[] arguments) =>
        Assert.Equal($"<div class=\"remedy\"><a href=\"{page}\">Do it</a></div>", Html(Step(operation, arguments)));

    [Theory]
    [InlineData("dotnet convox rack restart --rack local:/srv/convox", "rack restart")]
    [InlineData("dotnet convox env set --replace --app hello --rack local:/srv/convox", "env set", "--replace")]
    public void Or_is_a_command_with_the_app_and_the_rack(string command, string operation, params string[] arguments) =>
        Assert.Equal($"<div class=\"remedy\">Do it: <code class=\"command\">{command}</code></div>",
            Html(Step(operation, arguments))!.Replace("<span class=\"option\">", "", StringComparison.Ordinal)
                .Replace("</span>", "", StringComparison.Ordinal));

    [Fact]
    public void Sentences_stay_between_them_and_nothing_is_taken_for_markup() => Assert.Equal(
        "<div class=\"remedy\">Wait &lt;a while&gt;. <a href=\"/apps/hello/promotions\">Follow it</a></div>",
        Html(Remedy.FromString("Wait <a while>.").Or(Remedy.Do(Operation.WatchPromotion, "Follow it"))));

    [Fact]
    public void Options_of_the_request_are_left_out() => Assert.Equal(
        "<div class=\"remedy\"><a href=\"/apps/hello/promotions\">Follow it</a></div>",
        Html(Remedy.Do(Operation.WatchPromotion, "Follow it").Or(Remedy.Pass(OperationOption.WaitLock, "Wait for it", "10m"))));

    /// <summary>A link has no command after it that would complete its words.</summary>
    [Fact]
    public void What_becomes_a_link_says_what_it_does()
    {
        string[][] arguments = [[], ["web"], ["v3"], ["v3", "--force"], ["v3", "--allow-empty"], [Promotion], ["A=…"], ["v1", "v2"]];
        var linked = typeof(Operation).GetProperties().Where(p => p.PropertyType == typeof(Operation))
            .Where(p => arguments.Any(a => Html(Remedy.Do((Operation)p.GetValue(null)!, "Do it", a))!.Contains("<a ", StringComparison.Ordinal)))
            .Select(p => p.Name).ToHashSet();
        var words = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/Releases.Tool/Commands/", StringComparison.Ordinal)
                && !f.Contains("/Releases.Tasks/", StringComparison.Ordinal))
            .SelectMany(f => Words().Matches(File.ReadAllText(f)))
            .Where(m => linked.Contains(m.Groups["operation"].Value)).Select(m => m.Groups["words"].Value).ToList();
        Assert.True(words.Count > 40, $"{words.Count} were found.");
        Assert.Empty(words.Where(w => !SaysWhatItDoes().IsMatch(w)).Distinct());
    }

    [Fact]
    public void Without_an_app_it_is_a_command() => Assert.Equal(
        "<div class=\"remedy\">List: <code class=\"command\">dotnet convox releases <span class=\"option\">--rack</span> local:/srv/convox</code></div>",
        RemedyLinks.From(Remedy.Do(Operation.ListReleases, "List"), app: null, Rack).Value);

    [Fact]
    public void No_remedy_is_nothing() => Assert.Equal("", RemedyLinks.From(null, A.App, Rack).Value);

    private static Remedy Step(string operation, string[] arguments) =>
        Remedy.Do(Operation.All.Single(o => o.Name == operation), "Do it", arguments);

    [GeneratedRegex(@"Remedy\.Do\(\s*Operation\.(?<operation>\w+),\s*(\w+\.Count == 1 \? )?\$?""(?<words>[^""]*)""")]
    private static partial Regex Words();

    [GeneratedRegex(
        "^(If [a-z' ]+, |Once [a-z ]+, )?(?i:approve|change|choose|compare|deploy|end|follow|list|promote|put|restart|restore|resume|roll|run"
            + "|see|send|set|show|stop|try|unlock)\\b((?!\\. )[^:])*$|^Details$")]
    private static partial Regex SaysWhatItDoes();

    private static string? Html(Remedy remedy) => RemedyLinks.From(remedy, A.App, Rack).Value;
}
