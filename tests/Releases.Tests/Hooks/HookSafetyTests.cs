using System.Net;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Hooks;

/// <summary>What a hook can't be used for: reaching into private networks, or reading secrets in the records.</summary>
public sealed class HookSafetyTests : IAsyncLifetime
{
    private HookScenario _here = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _here = await HookScenario.Start();

    public ValueTask DisposeAsync() => _here.DisposeAsync();

    [Theory]
    [InlineData("8.8.8.8", true, true)]
    [InlineData("2606:4700:4700::1111", true, true)]
    [InlineData("127.0.0.1", false, true)]
    [InlineData("::1", false, true)]
    [InlineData("10.1.2.3", false, true)]
    [InlineData("172.31.255.255", false, true)]
    [InlineData("172.32.0.1", true, true)]
    [InlineData("192.168.0.1", false, true)]
    [InlineData("100.64.0.1", false, true)]
    [InlineData("fd12:3456::1", false, true)]
    [InlineData("::ffff:10.0.0.1", false, true)]
    [InlineData("64:ff9b::a00:1", false, true)]
    [InlineData("2002:a00:1::", false, true)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("::ffff:169.254.169.254", false, false)]
    [InlineData("64:ff9b::a9fe:a9fe", false, false)]
    [InlineData("169.254.170.2", false, false)]
    [InlineData("fd00:ec2::254", false, false)]
    [InlineData("fe80::1", false, false)]
    [InlineData("0.0.0.0", false, false)]
    [InlineData("::", false, false)]
    [InlineData("224.0.0.1", false, false)]
    [InlineData("255.255.255.255", false, false)]
    public void Only_public_addresses_are_delivered_to_and_some_never_are(string address, bool publicly, bool privately)
    {
        Assert.Equal(publicly, NetworkAddresses.IsAllowed(IPAddress.Parse(address), allowsPrivate: false));
        Assert.Equal(privately, NetworkAddresses.IsAllowed(IPAddress.Parse(address), allowsPrivate: true));
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_when_it_is_resolved()
    {
        var added = await _here.Add(target: $"https://localhost:{new Uri(_here.Receiver.Address).Port}/", allowsPrivate: true);
        await _here.Happens("one");
        await _here.Deliverer().Run(added.Hook with { AllowsPrivate = false }, Cancel);
        Assert.Equal("localhost is on a private network, which the hook isn't allowed to reach",
            (await _here.Status(added)).Last!.Detail);
        Assert.Empty(_here.Receiver.Received);
    }

    [Theory]
    [InlineData("http://example.org/", false)]
    [InlineData("https://10.0.0.1/", false)]
    [InlineData("https://[::1]/", false)]
    [InlineData("https://localhost/x", false)]
    [InlineData("https://LOCALHOST.:8443/x", false)]
    [InlineData("https://receiver.localhost/", false)]
    [InlineData("https://2130706433/", false)]
    [InlineData("https://0x7f.1/", false)]
    [InlineData("http://169.254.169.254/latest/meta-data/", true)]
    [InlineData("https://user:password@example.org/", false)]
    [InlineData("ftp://example.org/", true)]
    [InlineData("example.org", true)]
    [InlineData("file:///etc/passwd", true)]
    [InlineData("eventbridge:", false)]
    [InlineData("eventbridge:a bus", false)]
    [InlineData("github", false)]
    [InlineData("", true)]
    public async Task A_target_that_is_none_is_refused_when_it_is_added(string target, bool allowsPrivate)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _here.Add(target: target, allowsPrivate: allowsPrivate));
        Assert.Equal((ProblemCode.Usage, ProblemKind.Usage), (refused.Problems[0].Code, refused.Problems[0].Kind));
        Assert.Empty(await _here.Store.ListHooks(cancel: Cancel));
    }

    [Fact]
    public async Task An_event_bus_is_refused_where_there_is_none_and_GitHub_without_a_token()
    {
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() => _here.Add(target: "eventbridge:default")))
            .Is(ProblemCode.NotSupported));
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() =>
            _here.Add(target: "https://github.com/a/b", format: HookFormat.GitHub))).Is(ProblemCode.Usage));
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() =>
            _here.Add("releases", "https://github.com/a/b", HookFormat.GitHub, "t"))).Is(ProblemCode.Usage));
        Assert.True((await Assert.ThrowsAsync<ProblemException>(() => _here.Add("promotoins"))).Is(ProblemCode.Usage));
    }

    [Fact]
    public async Task The_repository_is_the_one_that_the_app_is_built_from()
    {
        await _here.Store.ChangeApp(A.App, a => a.From(new AppSource { Folder = "/src", Remote = "github.com/acme/shop" }),
            A.Event(EventKind.Scaled), Cancel);
        Assert.Equal("github.com/acme/shop", (await _here.Add(target: "github", token: "t", allowsPrivate: false)).Hook.Target);
    }

    [Theory]
    [InlineData("gitlab.com/acme/shop")]
    [InlineData("gitlab.acme.example/acme/shop")]
    [InlineData("bitbucket.org/acme/shop")]
    [InlineData("ssh.dev.azure.com/v3/acme/shop")]
    [InlineData("acme.visualstudio.com/_git/shop")]
    public async Task Another_host_gets_no_token_for_GitHub(string remote)
    {
        await _here.Store.ChangeApp(
            A.App, a => a.From(new AppSource { Folder = "/src", Remote = remote }), A.Event(EventKind.Scaled), Cancel);
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _here.Add(target: "github", token: "t", allowsPrivate: false));
        Assert.StartsWith($"the app is built from {remote}, which isn't on GitHub", refused.Problems[0].Text, StringComparison.Ordinal);
        Assert.Empty(await _here.Store.ListHooks(cancel: Cancel));
    }

    [Fact]
    public async Task A_server_of_a_company_may_be_a_GitHub_Enterprise_Server()
    {
        await _here.Store.ChangeApp(A.App, a => a.From(new AppSource { Folder = "/src", Remote = "git.acme.example/acme/shop" }),
            A.Event(EventKind.Scaled), Cancel);
        Assert.Equal("git.acme.example/acme/shop", (await _here.Add(target: "github", token: "t", allowsPrivate: false)).Hook.Target);
    }

    [Fact]
    public async Task No_secret_of_a_hook_is_in_plain_text_in_what_is_stored_or_shown()
    {
        var added = await _here.Add(target: "https://example.org/T0KEN?key=s3cret", allowsPrivate: false);
        var stored = System.Text.Json.JsonSerializer.Serialize(added.Hook, StoreJson.Default.Hook)
            + string.Concat((await _here.Store.ListEvents(A.App, 10, Cancel)).Select(e => e.Detail)) + added + added.Hook;
        Assert.Equal("https://example.org/…", added.Hook.Target);
        Assert.DoesNotContain("T0KEN", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", stored, StringComparison.Ordinal);
    }
}
