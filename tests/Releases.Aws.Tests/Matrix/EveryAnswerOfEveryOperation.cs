using System.Text.RegularExpressions;
using Releases.Aws.Tests.Setup;
using Xunit;

namespace Releases.Aws.Tests.Matrix;

/// <summary>
/// Every operation that the program calls, with everything that may come in place of its answer: exit code, end state and text. The
/// operations are those of the source, the scenarios that reach each are found by watching them, so no row is written by hand.
/// </summary>
public sealed partial class EveryAnswerOfEveryOperation(MatrixRacks racks, ITestOutputHelper output) : IClassFixture<MatrixRacks>
{
    private const int Always = int.MaxValue;
    private const int AFewTimes = 2;

    /// <summary>A promotion lasts to its limits then, so of those that are the same to it by what was decided of the others one
    /// each.</summary>
    private static readonly Answer[] LastingInPromotions = [Answer.Throttled, Answer.Silence, Answer.Empty, Answer.Denied, Answer.Expired];

    /// <summary>A promotion has 2 minutes here, its way back 15, and the last call of each some seconds.</summary>
    private static readonly TimeSpan LongestPromotion = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan LongestCommand = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Sent once: whoever can't tell whether a key was made, or a command run, does not do so again, and a hook's test is one attempt.
    /// </summary>
    private static readonly string[] SentOnce = ["CreateKey", "ExecuteCommand", "PutEvents"];

    public static TheoryData<string> Operations => [.. CalledOperations.All];

    private static Dictionary<Scenario, HashSet<(string Service, string Operation)>>? _reached;

    [Fact]
    public async Task Each_operation_of_the_source_is_reached_by_a_scenario()
    {
        var reached = (await Reached()).Values.SelectMany(r => r).Select(r => r.Operation).ToHashSet();
        Assert.Empty(CalledOperations.All.Except(reached));
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task What_passes_by_itself_changes_no_end(string operation) => await EachScenario(
        operation, scenario => Answers.All.Where(a => !a.IsDefinite()), answer => answer == Answer.Silence ? 1 : AFewTimes);

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task What_does_not_pass_ends_in_the_truth(string operation) => await EachScenario(
        operation, scenario => scenario.Promotes ? LastingInPromotions : Answers.All, _ => Always);

    private async Task EachScenario(string operation, Func<Scenario, IEnumerable<Answer>> answers, Func<Answer, int> times)
    {
        var rows = new List<Task<IReadOnlyList<string>>>();
        foreach (var (scenario, reached) in (await Reached()).Where(r => r.Value.Any(o => o.Operation == operation))
            .GroupBy(r => r.Key.Promotes).Select(g => g.First()))
        {
            var service = reached.First(o => o.Operation == operation).Service;
            rows.AddRange(answers(scenario).Select(answer => racks.On(rack => Wrong(rack, scenario, service, operation, answer, times(answer)))));
        }

        var wrong = (await Task.WhenAll(rows)).SelectMany(w => w).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count}:\n{string.Join("\n---\n", wrong)}");
    }

    [Fact]
    public Task An_app_whose_secret_may_not_be_deleted_stays_whole_and_is_deleted_once_it_may() => racks.On(async rack =>
    {
        var scenario = Scenario.All.Single(s => s.Name == "apps delete");
        var app = await scenario.AppOn(rack);
        var secrets = rack.Services.Single(p => p.Service == "Secrets Manager");
        secrets.Break("DeleteSecret", Answer.Denied, Always);
        var denied = await scenario.Do(rack, app);
        secrets.Heal();
        Assert.True(denied.Code == 1 && denied.Text.Contains("secretsmanager:DeleteSecret", StringComparison.Ordinal), denied.Text);
        Assert.NotEmpty(await rack.Records.ListReleases(app.Name, 10, cancel: TestContext.Current.CancellationToken));

        Assert.Equal(0, (await scenario.Do(rack, app)).Code);
        Assert.True(rack.Secrets[$"convox/{rack.Cluster}/{app.Name}"].IsDeleted);
        return denied;
    });

    /// <summary>What each scenario calls, found by one run of each in which nothing goes wrong.</summary>
    private async Task<Dictionary<Scenario, HashSet<(string Service, string Operation)>>> Reached()
    {
        if (_reached is not null) return _reached;
        var found = await Task.WhenAll(Scenario.All.Select(scenario => racks.On(rack => RequestsOf(rack, scenario))));
        return _reached = Scenario.All.Zip(found).ToDictionary();
    }

    private static async Task<HashSet<(string Service, string Operation)>> RequestsOf(MatrixRack rack, Scenario scenario)
    {
        var app = await scenario.AppOn(rack);
        foreach (var service in rack.Services) service.Requests.Clear();
        var run = await scenario.Do(rack, app);
        Assert.True(run.Code == scenario.Code, $"{scenario}: {run.Code}\n{run.Text}");
        return [.. rack.Services.SelectMany(p => p.Requests.Select(o => (p.Service, o)))];
    }

    private async Task<IReadOnlyList<string>> Wrong(MatrixRack rack, Scenario scenario, string service, string operation,
        Answer answer, int times)
    {
        var app = await scenario.AppOn(rack);
        var broken = rack.Services.Single(p => p.Service == service);
        broken.Break(operation, answer, times);
        var began = TimeProvider.System.GetTimestamp();
        var run = await scenario.Do(rack, app);
        broken.Heal();

        var wrong = new List<string>();
        void Check(bool holds, string what)
        {
            if (!holds) wrong.Add(
                $"{scenario}: {service} {operation} {answer} {(times == Always ? "always" : "a few times")}: {what}\nexit {run.Code} after {run.Took}\n{run.Text}");
        }

        if (TimeProvider.System.GetElapsedTime(began).TotalSeconds > 3) output.WriteLine(
            $"{scenario} {operation} {answer} {times}: {TimeProvider.System.GetElapsedTime(began).TotalSeconds:0.0} s, {run.Took}");
        Check(!run.Text.Contains(ProblemCode.Unexpected, StringComparison.Ordinal) && !Trace().IsMatch(run.Text), "a trace, or no words");
        Check(run.Took < (scenario.Promotes ? LongestPromotion : LongestCommand), "it took too long");
        Check(run.Code == 0 || run.Text.Split('\n').Length < 60, "it said too much");
        if (times != Always && !(SentOnce.Contains(operation) && (answer != Answer.Throttled || operation == "PutEvents")))
            Check(run.Code == scenario.Code, "what passes by itself changed the end");
        if (run.Code != scenario.Code)
        {
            Check(run.Code is 1 or 3 or 4, "an exit code of another kind");
            Check(run.Text.Contains(service, StringComparison.Ordinal) && run.Text.Contains(operation, StringComparison.Ordinal),
                "it does not name service and action");
            Check(run.Text.Contains("error CONVOX", StringComparison.Ordinal) || scenario.Name == "rack check", "no error");
        }

        if (scenario.Promotes) await CheckPromotion(rack, app, run, Check);
        return wrong;
    }

    private static async Task CheckPromotion(MatrixRack rack, MatrixApp app, MatrixRun run, Action<bool, string> check)
    {
        var active = (await rack.Records.FindApp(app.Name, TestContext.Current.CancellationToken))!.Active;
        var held = await rack.Records.FindLock(app.Name, TestContext.Current.CancellationToken);
        var runs = app.Bootstrap.Keys.ToDictionary(s => s, s => rack.Ecs.Runs($"{app.Name}-{s}"));
        var isOurs = runs.Values.All(arn =>
            arn is not null && TaskTags.Find(rack.Ecs.Definitions.TagsOf(arn), "convox:release") == app.Release.Id.ToString());
        var isBefore = runs.All(r => r.Value == app.Bootstrap[r.Key]);
        switch (run.Code)
        {
            case 0:
                check(active == app.Release.Id && isOurs && held is null, "a success that is none");
                break;
            case 3:
                check(active is null && isBefore && held is null, "not everything is back");
                break;
            case 1:
                check(active is null && isBefore && held is null, "something was done, and it says that nothing was");
                break;
            default:
                check(held is null || run.Text.Contains("dotnet convox watch", StringComparison.Ordinal), "it is open, and nobody says so");
                break;
        }

        foreach (var service in app.Bootstrap.Keys)
            check(rack.Ecs[$"{app.Name}-{service}"].Deployments.Count(d => d.Target != app.Bootstrap[service]) <= 1,
                $"{service} was updated twice");
    }

    [GeneratedRegex(@"^\s+at |Exception\b(?!, )|System\.|Amazon\.", RegexOptions.Multiline)]
    private static partial Regex Trace();
}
