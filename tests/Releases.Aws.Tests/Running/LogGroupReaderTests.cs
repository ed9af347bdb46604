using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Releases.Testing;
using Releases.Testing.Simulation;
using Xunit;

namespace Releases.Aws.Tests.Running;

public sealed class LogGroupReaderTests : IAsyncLifetime
{
    private readonly SimulatedLogs _logs = new();

    public async ValueTask InitializeAsync() => await _logs.Start();

    public async ValueTask DisposeAsync() => await _logs.DisposeAsync();

    [Fact]
    public async Task Without_a_start_it_reads_the_period_that_the_rack_names()
    {
        var first = A.Moment - TimeSpan.FromHours(1);
        List<(DateTimeOffset, string)> lines = [(first - TimeSpan.FromSeconds(1), "older"), (first, "first"), (A.Moment, "last")];
        _logs.Groups["hello"] = [];
        _logs.Streams[("hello", "hello/web/4f21a0b3")] = () => lines;
        var time = new FakeTimeProvider(A.Moment);
        using var clients = AwsClients.Open("eu-west-1", time, new BasicAWSCredentials("test", "test"), _ => _logs.Address);
        var told = new List<string>();
        await foreach (var line in new LogGroupReader(clients.Logs, time).Read(
            [new(A.Web, "hello", "hello/web/")], new LogQuery(A.App, []), TestContext.Current.CancellationToken))
            told.Add(line.Text);
        Assert.Equal(["first", "last"], told);
        Assert.Equal(TimeSpan.FromHours(1), new EcsRunning(null!, null!, null!, clients.Logs, time).LogPeriod);
    }

    [Fact]
    public async Task Following_from_a_time_tells_what_comes_and_nothing_older()
    {
        var from = A.Moment - TimeSpan.FromSeconds(5);
        List<(DateTimeOffset, string)> lines = [(from - TimeSpan.FromSeconds(1), "older"), (from, "first")];
        _logs.Groups["hello"] = [];
        _logs.Streams[("hello", "hello/web/4f21a0b3")] = () => lines;
        var time = new FakeTimeProvider(A.Moment);
        using var clients = AwsClients.Open("eu-west-1", time, new BasicAWSCredentials("test", "test"), _ => _logs.Address);
        var told = new List<string>();
        var query = new LogQuery(A.App, [], Since: from, Follow: true);
        await foreach (var line in new LogGroupReader(clients.Logs, new SteppingTime(time))
            .Read([new(A.Web, "hello", "hello/web/")], query, TestContext.Current.CancellationToken))
        {
            told.Add(line.Text);
            if (told.Count == 2) break;
            lines.Add((A.Moment, "later"));
        }

        Assert.Equal(["first", "later"], told);
    }

    [Fact]
    public async Task A_line_that_comes_while_a_round_of_reads_takes_long_is_told_by_the_next_one()
    {
        List<(DateTimeOffset, string)> lines = [(A.Moment, "first")];
        _logs.Groups["hello"] = [];
        _logs.PageSize = 1;
        var time = new FakeTimeProvider(A.Moment);
        var (rounds, told) = (0, new List<string>());
        _logs.Streams[("hello", "hello/web/4f21a0b3")] = () => ++rounds > 4 ? [.. lines, (time.GetUtcNow(), "last")] : [.. lines];
        _logs.Streams[("hello", "hello/api/4f21a0b3")] = () =>
        {
            // After the other service was read, and before this one's pages have come.
            if (rounds == 2 && lines.Count == 1) lines.Add((time.GetUtcNow() + TimeSpan.FromSeconds(1), "meanwhile"));
            if (rounds == 2) time.Advance(TimeSpan.FromSeconds(8));
            return [(A.Moment, "a"), (A.Moment, "b"), (A.Moment, "c")];
        };
        using var clients = AwsClients.Open("eu-west-1", time, new BasicAWSCredentials("test", "test"), _ => _logs.Address);
        var query = new LogQuery(A.App, [], Since: A.Moment, Follow: true);
        LogSource[] sources = [new(A.Web, "hello", "hello/web/"), new(ServiceName.Parse("api"), "hello", "hello/api/")];
        await foreach (var line in new LogGroupReader(clients.Logs, new SteppingTime(time))
            .Read(sources, query, TestContext.Current.CancellationToken))
        {
            if (line.Text == "last") break;
            if (line.Service == A.Web) told.Add(line.Text);
        }

        Assert.Equal(["first", "meanwhile"], told);
    }

    [Fact]
    public async Task A_line_of_the_millisecond_in_which_a_read_begins_is_told_once()
    {
        _logs.Groups["hello"] = [];
        var (time, reads, told) = (new FakeTimeProvider(A.Moment.AddMicroseconds(500)), 0, new List<string>());
        var lines = Enumerable.Range(0, 20).Select(n => (A.Moment.AddSeconds(n - 15), $"{n}")).ToList();
        _logs.Streams[("hello", "hello/web/4f21a0b3")] = () => ++reads > 5 ? [.. lines, (time.GetUtcNow(), "last")] : lines;
        using var clients = AwsClients.Open("eu-west-1", time, new BasicAWSCredentials("test", "test"), _ => _logs.Address);
        var query = new LogQuery(A.App, [], Since: A.Moment.AddMinutes(-1), Follow: true);
        await foreach (var line in new LogGroupReader(clients.Logs, new SteppingTime(time))
            .Read([new(A.Web, "hello", "hello/web/")], query, TestContext.Current.CancellationToken))
        {
            if (line.Text == "last") break;
            told.Add(line.Text);
        }

        Assert.Equal(lines.Select(l => l.Item2), told);
    }
}
