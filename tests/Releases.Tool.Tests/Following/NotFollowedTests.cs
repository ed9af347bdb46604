using Releases.Testing;
using Xunit;

namespace Releases.Tool.Tests;

/// <summary>
/// Once a promotion was asked for, no way of leaving claims that nothing changed: every call to the rack fails from its nth on, with every
/// kind of error, in every command that promotes or follows.
/// </summary>
public sealed class NotFollowedTests : Typing
{
    public enum Failing
    {
        Expired,
        Denied,
        Unreachable,
        Busy,
        Bug,
    }

    public static TheoryData<string, Failing> Every()
    {
        var all = new TheoryData<string, Failing>();
        foreach (var line in (string[])["promote v2", "promote v2 --detach", "promote v2 --json", "promote v2 --detach --json",
            "promote v2 --id", "restart", "rollback v1", "env set A=1 --promote --from active", "cancel", "watch"])
            foreach (var failing in Enum.GetValues<Failing>()) all.Add(line, failing);
        return all;
    }

    [Theory]
    [MemberData(nameof(Every))]
    public async Task Whatever_fails_once_it_was_asked_for_it_is_said_that_it_goes_on_and_how_to_take_it_up(string line, Failing failing)
    {
        var reached = 0;
        for (var nth = 1; nth <= 40; nth++)
        {
            var (exit, promotion, failed) = await Run(line, failing, nth);
            var details = $"{line}, {failing} from call {nth}: exit {exit}: {Data}{Talk}";
            if (!failed) break;
            reached++;
            // A promotion that has ended is reported as it ended; any other has to be resumed.
            var isTooLate = line == "cancel" && exit == 1 && Talk.Contains("too late to cancel: ", StringComparison.Ordinal);
            Assert.True(exit is 0 or 3 or 4 || isTooLate, details);
            Assert.DoesNotContain("nothing was", Talk, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("nothing that runs", Talk, StringComparison.OrdinalIgnoreCase);
            if (exit != 4) continue;
            Assert.True(Talk.Contains("CONVOX0045", StringComparison.Ordinal) && Talk.Contains($"{promotion}", StringComparison.Ordinal)
                && Talk.Contains("dotnet convox watch", StringComparison.Ordinal), details);
        }

        Assert.True(reached > 0, "No call failed.");
    }

    [Fact]
    public async Task A_promotion_whose_answer_was_lost_has_begun_and_is_followed()
    {
        var driver = await Prepared();
        driver.BeforeItsResponse = () =>
        {
            driver.BeforeItsResponse = () => { };
            throw Failure(Failing.Unreachable);
        };
        Rack.DrivenBy = new AskedAgain(driver);
        Assert.Equal(0, await Type("promote", "v2"));
    }

    [Fact]
    public async Task Expired_credentials_are_told_with_what_goes_on()
    {
        var (exit, promotion, _) = await Run("promote v2", Failing.Expired, 3);
        Assert.Equal(4, exit);
        Assert.EndsWith(
            $"error CONVOX0045: the promotion ({promotion}) can no longer be followed from here: AWS does not accept the credentials: The security token included in the request is expired. "
            + "It isn't undone: it continues by itself. Log in again. Resume it: dotnet convox watch. Roll it back: dotnet convox cancel\n",
            Talk, StringComparison.Ordinal);
    }

    /// <summary>Types it on a new rack; the nth call after the promotion was asked for fails, and all after it.</summary>
    private async Task<(int Exit, PromotionId? Promotion, bool Failed)> Run(string line, Failing failing, int nth)
    {
        var driver = await Prepared();
        var begunBefore = line is "cancel" or "watch";
        PromotionId? open = null;
        if (begunBefore)
        {
            var app = await Rack.Records.RequireApp(A.App, Ending);
            await driver.Begin(new(PromotionId.New(), A.App, app.Latest!.Value, A.Person), Ending);
            open = driver.Promotion;
        }

        var (calls, failed) = (0, false);
        Rack.Interfered = InterferedStore.Of(Rack.Records, (method, arguments, go) =>
        {
            var asked = begunBefore
                ? calls > 0 || method.Name == (line == "watch" ? nameof(IReleaseStore.FindPromotion) : nameof(IReleaseStore.RequestCancel))
                : driver.Promotion is not null;
            if (!asked || ++calls < nth + (line == "cancel" ? 1 : 0)) return go();
            failed = true;
            // Refused as the interface says it: by a task that fails.
            var failure = Failure(failing);
            return method.ReturnType == typeof(Task) ? Task.FromException(failure) : FromException(method.ReturnType, failure);
        });
        var words = line.Split(' ');
        var exit = await Type([.. words]);
        Rack.Interfered = null;
        return (exit, open ?? driver.Promotion, failed);
    }

    private async Task<ScriptedDriver> Prepared()
    {
        Rack = new();
        await new Situation(Rack, Time).Make("newer release");
        var driver = new ScriptedDriver(Rack);
        Rack.DrivenBy = driver;
        // Whoever leaves reads its status.
        driver.Leaving = async (
            _, cancel) => await Rack.Store.FindPromotion(A.App, driver.Promotion!.Value, cancel) is null
                ? null : "continues in the background";
        driver.Web(ServiceStatus.Starting).Web(ServiceStatus.Starting, 1).Web(ServiceStatus.Draining, 2, 1).Web(ServiceStatus.Complete, 2)
            .Ends(PromotionStatus.Succeeded);
        return driver;
    }

    private static object FromException(Type type, Exception failure) => typeof(Task).GetMethods()
        .Single(m => m is { Name: nameof(Task.FromException), IsGenericMethod: true }).MakeGenericMethod(type.GetGenericArguments()[0])
        .Invoke(null, [failure])!;

    private static Exception Failure(Failing failing) => failing switch
    {
        Failing.Expired =>
            new Problem("CONVOX0036",
                "AWS does not accept the credentials: The security token included in the request is expired.",
                "Log in again.", Unchanged: Problem.NothingWasStored).ToException(),
        Failing.Denied => new Problem("CONVOX0036", "AWS refused access to the rack's table: no.",
            "Give the caller the action.", Unchanged: Problem.NothingWasStored).ToException(),
        Failing.Unreachable => Problem.Unavailable(
            ProblemCode.Unreachable, "AWS cannot be reached for the rack's table: reset; what runs goes on.",
            "Look at the network.").ToException(),
        Failing.Busy => Problem.Unavailable(
            ProblemCode.StoreBusy, "The rack is busy.", "Try again.", Problem.NothingWasStored).ToException(),
        _ => new InvalidOperationException("Something that nobody expected."),
    };

    /// <summary>Begins what has begun already no second time.</summary>
    private sealed class AskedAgain(ScriptedDriver driver) : IPromotionDriver
    {
        public Task<bool> Begin(PromotionRequest request, CancellationToken cancel = default) =>
            driver.Promotion == request.Id ? Task.FromResult(true) : driver.Begin(request, cancel);

        public Task EnsureDriven(AppName app, CancellationToken cancel = default) => driver.Step();

        public Task<string?> Leave(AppName app, PromotionId promotion, Action<string> waiting, CancellationToken cancel = default) =>
            driver.Leave(app, promotion, waiting, cancel);
    }
}
