using System.Globalization;
using System.Text;
using Releases.Testing;
using Xunit;

namespace Releases.Tests.Hooks;

/// <summary>Signatures are those of Standard Webhooks: by its published example, and as a receiver checks them.</summary>
public sealed class StandardWebhooksTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The example that the specification's libraries test with.</summary>
    [Fact]
    public void The_published_example_has_the_published_signature()
    {
        var headers = StandardWebhooks.Headers(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", DateTimeOffset.FromUnixTimeSeconds(1614265330),
            Encoding.UTF8.GetBytes("{\"test\": 2432232314}")).ToDictionary();
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", headers["webhook-signature"]);
        Assert.Equal(("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"), (headers["webhook-id"], headers["webhook-timestamp"]));
    }

    [Fact]
    public async Task A_receiver_checks_every_message_with_the_secret_that_was_shown_and_with_no_other()
    {
        await using var here = await HookScenario.Start();
        var (added, other) = (await here.Add(), await here.Add());
        await here.Happens("ünïcode \"and\" more 🎉");
        await here.Deliverer().Run(added.Hook, Cancel);
        var got = Assert.Single(here.Receiver.Accepted);

        Assert.StartsWith("whsec_", added.Secret, StringComparison.Ordinal);
        Assert.True(got.IsSignedWith(added.Secret!, here.Time.GetUtcNow()));
        Assert.False(got.IsSignedWith(other.Secret!, here.Time.GetUtcNow()));
        Assert.False(got.IsSignedWith(added.Secret!, here.Time.GetUtcNow().AddMinutes(6)));
        Assert.False((got with { Body = got.Body.Replace("more", "less", StringComparison.Ordinal) })
            .IsSignedWith(added.Secret!, here.Time.GetUtcNow()));
        Assert.Equal("ünïcode \"and\" more 🎉", HookScenario.DescriptionOf(got));
    }

    [Fact]
    public async Task A_repetition_has_the_same_id_and_body_and_a_time_of_its_own()
    {
        await using var here = await HookScenario.Start();
        var added = await here.Add();
        await here.Happens("one");
        here.Receiver.Response = r => here.Receiver.Received.Count == 0 ? 500 : 204;
        await here.Deliverer().Run(added.Hook, Cancel);
        here.Time.Advance(TimeSpan.FromMinutes(10));
        await here.Deliverer().Run(added.Hook, Cancel);

        var (first, second) = (here.Receiver.Received[0], here.Receiver.Received[1]);
        Assert.Equal((first.Id, first.Body), (second.Id, second.Body));
        Assert.Equal(600, Seconds(second) - Seconds(first));
        Assert.True(second.IsSignedWith(added.Secret!, here.Time.GetUtcNow()));

        static long Seconds(ReceivedHook got) => long.Parse(got.Headers["webhook-timestamp"], CultureInfo.InvariantCulture);
    }
}
