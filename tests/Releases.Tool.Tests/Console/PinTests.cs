using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class PinTests : Browsing
{
    [Fact]
    public async Task A_release_is_pinned_and_unpinned_on_its_page_and_marked_in_the_list()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        var path = $"/apps/hello/releases/{release.Id}";
        Assert.DoesNotContain("Pinned", (await Get(path)).Text, StringComparison.Ordinal);
        var pressed = await Press($"{path}/pin");
        Assert.Equal((HttpStatusCode.SeeOther, path), (pressed.Status, pressed.LeadsTo));
        Assert.Equal([release.Id], (await Rack.Store.RequireApp(A.App, Ending)).Pinned);
        Assert.Contains("pinned", (await Get("/apps/hello/releases")).Text, StringComparison.Ordinal);

        Assert.Contains("Pinned yes: it is never pruned", (await Get(path)).Text, StringComparison.Ordinal);
        await Press($"{path}/unpin");
        Assert.Empty((await Rack.Store.RequireApp(A.App, Ending)).Pinned);
        Assert.DoesNotContain("pinned", (await Get("/apps/hello/releases")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pruned_release_says_since_when_and_is_refused_a_pin()
    {
        var release = await Rack.Store.Release(with: r => r with { PrunedAt = A.Moment }, cancel: Ending);
        var page = await Get($"/apps/hello/releases/{release.Id}");
        Assert.Contains("Pruned 15 minutes ago", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("/pin\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("CONVOX0061", (await Press($"/apps/hello/releases/{release.Id}/pin")).Text, StringComparison.Ordinal);
        Assert.Empty((await Rack.Store.RequireApp(A.App, Ending)).Pinned);
    }

    [Fact]
    public async Task No_other_page_can_pin()
    {
        var release = await Rack.Store.Release(cancel: Ending);
        var sent = await Send(HttpMethod.Post, $"/apps/hello/releases/{release.Id}/pin", [("guard", "wrong")],
            r => r.Headers.Add("Origin", Address.ToString().TrimEnd('/')));
        Assert.Equal(HttpStatusCode.Forbidden, sent.Status);
        Assert.Empty((await Rack.Store.RequireApp(A.App, Ending)).Pinned);
    }
}
