using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>A remedy on a page is a link where the console has a page for it, else a command for any terminal.</summary>
public sealed class RemedyLinksTests
{
    private const string Rack = "local:/srv/convox", Release = "RABCDEFGHJK", Promotion = "PABCDEFGHJK";

    [Theory]
    [InlineData("/", "apps")]
    [InlineData("/apps/hello/releases", "releases")]
    [InlineData("/apps/hello/releases", "promote")]
    [InlineData("/apps/hello/releases", "rollback", "<id>")]
    [InlineData("/apps/hello/releases/RABCDEFGHJK", "promote", Release)]
    [InlineData("/apps/hello/releases/RABCDEFGHJK", "rollback", Release)]
    [InlineData("/apps/hello/promotions", "watch")]
    [InlineData("/apps/hello/promotions", "cancel")]
    [InlineData("/apps/hello/promotions/PABCDEFGHJK", "promotions info", Promotion)]
    [InlineData("/apps/hello/environment", "env set", "A=…")]
    [InlineData("/apps/hello/processes", "logs")]
    [InlineData("/apps/other/processes", "logs", "--app", "other")]
    public void Leads_to_the_page(string page, string operation, params string[] arguments) =>
        Assert.Equal($"<p class=\"remedy\"><a href=\"{page}\">Do it</a></p>", Html(Step(operation, arguments)));

    [Theory]
    [InlineData("dotnet convox apps unlock --app hello --rack local:/srv/convox", "apps unlock")]
    [InlineData("dotnet convox rack restart --rack local:/srv/convox", "rack restart")]
    [InlineData("dotnet convox promote RABCDEFGHJK --allow-empty --app hello --rack local:/srv/convox", "promote", Release, "--allow-empty")]
    [InlineData("dotnet convox env set --replace --app hello --rack local:/srv/convox", "env set", "--replace")]
    [InlineData("dotnet convox builds logs BABCDEFGHJK --app hello --rack local:/srv/convox", "builds logs", "BABCDEFGHJK")]
    public void Or_is_a_command_with_the_app_and_the_rack(string command, string operation, params string[] arguments) =>
        Assert.Equal($"<p class=\"remedy\">Do it: <code class=\"command\">{command}</code></p>", Html(Step(operation, arguments)));

    [Fact]
    public void Sentences_stay_between_them_and_nothing_is_taken_for_markup() => Assert.Equal(
        "<p class=\"remedy\">Wait &lt;a while&gt;. <a href=\"/apps/hello/promotions\">Follow it</a></p>",
        Html(Remedy.FromString("Wait <a while>.").Or(Remedy.Do(Operation.WatchPromotion, "Follow it"))));

    [Fact]
    public void Without_an_app_it_is_a_command() => Assert.Equal(
        "<p class=\"remedy\">List: <code class=\"command\">dotnet convox releases --rack local:/srv/convox</code></p>",
        RemedyLinks.Of(Remedy.Do(Operation.ListReleases, "List"), app: null, Rack).Value);

    [Fact]
    public void No_remedy_is_nothing() => Assert.Equal("", RemedyLinks.Of(null, A.App, Rack).Value);

    private static Remedy Step(string operation, string[] arguments) => Remedy.Do(Operation.All.Single(o => o.Name == operation), "Do it", arguments);

    private static string? Html(Remedy remedy) => RemedyLinks.Of(remedy, A.App, Rack).Value;
}
