using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

public sealed class HooksPageTests : Browsing
{
    private const string Path = "/apps/hello/hooks";

    private readonly FakeBus _bus = new();

    [Fact]
    public async Task Without_hooks_it_says_how_to_add_one()
    {
        var text = (await Get(Path)).Text;
        Assert.Contains("hello has no hooks.", text, StringComparison.Ordinal);
        Assert.Contains("dotnet convox hooks add https://example.org/hooks --app hello", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hook_has_its_target_and_its_last_deliveries()
    {
        var hook = await Add();
        Assert.Contains("eventbridge:default waiting Test Remove", (await Get(Path)).Text, StringComparison.Ordinal);
        var attempt = new HookAttempt("evt_1", "promotionEnded", A.Moment, HookOutcome.Retrying, 3, 41, 503, "the receiver answered <503>");
        Assert.True(await Rack.Hooks.TrySaveProgress(HookProgress.Of(hook).Again(Time.GetUtcNow() + TimeSpan.FromSeconds(80), attempt) with
        { Revision = 1 }, Ending));
        var text = (await Get(Path)).Text;
        Assert.Contains("eventbridge:default failing", text, StringComparison.Ordinal);
        Assert.Contains("Next attempt in 1m 20s", text, StringComparison.Ordinal);
        Assert.Contains("promotion ended retrying 15 minutes ago 3 41 ms the receiver answered <503>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_is_delivered_and_says_so_once()
    {
        var hook = await Add();
        await Get(Path);
        var pressed = await Press($"{Path}/{hook.Id}/test");
        Assert.StartsWith($"{Path}?message=", pressed.LeadsTo ?? pressed.Text, StringComparison.Ordinal);
        Assert.Contains("Delivered a test in", (await Get(pressed.LeadsTo!)).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Delivered a test in", (await Get(pressed.LeadsTo!)).Text, StringComparison.Ordinal);
        Assert.Single(_bus.Accepted);
    }

    [Fact]
    public async Task A_hook_is_removed_only_after_a_confirmation_that_names_it()
    {
        var hook = await Add();
        Assert.DoesNotContain($"action=\"{Path}/{hook.Id}/remove\"", (await Get(Path)).Html, StringComparison.Ordinal);
        var confirm = await Get($"{Path}/{hook.Id}/remove");
        Assert.Contains($"Remove the hook? Target eventbridge:default Id {hook.Id}", confirm.Text, StringComparison.Ordinal);
        Assert.Single(await Rack.Hooks.ListHooks(cancel: Ending));

        var pressed = await Press($"{Path}/{hook.Id}/remove");
        Assert.Empty(await Rack.Hooks.ListHooks(cancel: Ending));
        Assert.Contains($"Removed hook {hook.Id}: nothing more is delivered to eventbridge:default.", (await Get(pressed.LeadsTo!)).Text,
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await Get($"{Path}/{hook.Id}/remove")).Status);
        Assert.Contains($"CONVOX0023 hello has no hook {hook.Id}.", (await Press($"{Path}/{hook.Id}/remove")).Text,
            StringComparison.Ordinal);
    }

    private async Task<Hook> Add()
    {
        Rack.Bus = _bus;
        var context = new OperationContext(Rack, Time, _ => Task.FromResult(A.Person), new Progress<OperationNote>());
        return (await new AddHook(context)
            .Run(new(await Rack.Store.RequireApp(A.App, Ending), "eventbridge:default", "promotionEnded"), Ending)).Hook;
    }
}
