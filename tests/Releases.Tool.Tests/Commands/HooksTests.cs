using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary><c>hooks</c>: what is added is delivered to a receiver over HTTP, and nothing waits for it.</summary>
public sealed class HooksTests : Typing, IAsyncLifetime
{
    private readonly HookReceiver _receiver = new();

    public async ValueTask InitializeAsync()
    {
        Rack.HooksAreDelivered = false;
        await _receiver.Start();
        await Rack.Store.App(cancel: Ending);
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return _receiver.DisposeAsync();
    }

    /// <summary>Time stands still meanwhile, as the receiver answers by its own.</summary>
    private Task<int> Run(params string[] words) => Begin(_ => { }, Ending, words).WaitAsync(Patience.Limit, Ending);

    [Fact]
    public async Task A_command_that_changes_something_delivers_what_is_due_at_its_end()
    {
        Assert.Equal(0, await Run("hooks", "add", _receiver.Address, "--allow-private", "--events", "apps"));
        Assert.Empty(_receiver.Accepted);
        Assert.Equal(0, await Run("apps", "lock", "--reason", "database migration"));
        Assert.Equal(["appLocked"], _receiver.Accepted.Select(t => t.Kind));
        Assert.Equal(0, await Run("hooks"));
        Assert.Contains("ok", Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_process_of_the_rack_delivers_a_command_does_not()
    {
        await Run("hooks", "add", _receiver.Address, "--allow-private", "--events", "apps");
        Rack.HooksAreDelivered = true;
        await Run("apps", "lock", "--reason", "database migration");
        Assert.Empty(_receiver.Received);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(null)]
    public async Task A_hook_that_fails_or_hangs_changes_neither_what_a_command_prints_nor_its_exit_code(int? answer)
    {
        _receiver.Response = _ => answer;
        await Run("hooks", "add", _receiver.Address, "--allow-private", "--events", "apps");
        var locking = Begin(_ => { }, Ending, "apps", "lock", "--reason", "database migration");
        await _receiver.Until(r => r.Count > 0);
        // The result is there before anything is delivered, and waiting ends after 5 seconds.
        Assert.Contains("is locked", Talk, StringComparison.Ordinal);
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, await locking.WaitAsync(Patience.Limit, Ending));

        _receiver.Response = _ => 204;
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await Run("apps", "unlock"));
        Assert.Equal(["appLocked", "appUnlocked"], _receiver.Accepted.Select(t => t.Kind));
    }

    [Fact]
    public async Task A_command_that_fails_says_so_and_delivers_what_happened()
    {
        await Run("hooks", "add", _receiver.Address, "--allow-private", "--events", "apps");
        await Rack.Store.ChangeApp(A.App, a => a, A.Event(EventKind.Scaled), Ending);
        Assert.Equal(1, await Run("--json", "promote", "v9"));
        Assert.StartsWith("{", Talk, StringComparison.Ordinal);
        Assert.Contains(ProblemCode.NoSuchRelease, Talk, StringComparison.Ordinal);
        Assert.Equal(["scaled"], _receiver.Accepted.Select(t => t.Kind));
    }

    [Fact]
    public async Task A_test_that_is_not_taken_fails_with_the_answer()
    {
        await Run("hooks", "add", _receiver.Address, "--allow-private");
        var id = (await Rack.Hooks.ListHooks(cancel: Ending))[0].Id.ToString();
        Assert.Equal(0, await Run("hooks", "test", id));
        _receiver.Response = _ => 500;
        Assert.Equal(1, await Run("--json", "hooks", "test", id.ToLowerInvariant()));
        Assert.Contains(ProblemCode.HookNotDelivered, Talk, StringComparison.Ordinal);
        Assert.Contains("it answered 500", Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ghp_aToken\n", "ghp_aToken")]
    [InlineData("", null)]
    public async Task A_token_comes_from_standard_input_and_is_printed_nowhere(string typed, string? token)
    {
        var code = await Type(t => t.Typed = typed, "hooks", "add", "https://github.com/acme/shop", "--format", "github",
            "--token-file", "-");
        Assert.Equal(token is null ? 2 : 0, code);
        Assert.DoesNotContain("ghp_aToken", Data + Talk, StringComparison.Ordinal);
        if (token is null) return;
        var hook = Assert.Single(await Rack.Hooks.ListHooks(cancel: Ending));
        Assert.Equal(token, (await HookSecrets.Open(Rack.Vault, hook, Ending)).Token);
    }
}
