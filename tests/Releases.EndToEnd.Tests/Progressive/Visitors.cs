using System.Collections.Concurrent;
using System.Globalization;
using Releases.Testing;
using Xunit;

namespace Releases.EndToEnd.Tests.Progressive;

/// <summary>50 connections that keep asking a service. Some keep their cookies, as a browser does; the others are somebody new with each
/// request.</summary>
internal sealed class Visitors : IAsyncDisposable
{
    private const int Connections = 50;
    private const int WithCookies = 10;

    /// <summary>Between two requests of a connection, so that the machine has time for what is tested.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly List<Task> _running = [];
    private readonly Uri _address;

    private Visitors(Uri address) => _address = address;

    /// <summary>What was answered so far, in order.</summary>
    public IReadOnlyList<Answer> Answers => [.. _answers];

    public static async Task<Visitors> Of(TestRack rack, string service = "web")
    {
        var visitors = new Visitors(await rack.Address(service));
        foreach (var connection in Enumerable.Range(0, Connections)) visitors._running.Add(Task.Run(() => visitors.Loop(connection)));
        return visitors;
    }

    /// <summary>Waits for so many answers to those without cookies, or until something is no longer so. Gives the share of a release in
    /// percent among them.</summary>
    public async Task<(int Count, double Share)> Share(ReleaseId of, int count, Func<Task<bool>> whileSo)
    {
        // What is under way belongs to the moment before. A connection has one request at a time, so that is its next answer.
        var underWay = _answers.Count;
        await Patience.Until(() => Answers.Skip(underWay).Select(a => a.Connection).Distinct().Count() == Connections);
        var before = _answers.Count;
        List<Answer> seen = [];
        for (var look = 0; seen.Count < count; look++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            List<Answer> now = [.. Answers.Skip(before).Where(a => a.Connection >= WithCookies)];
            if (look % 10 == 9 && !await whileSo()) break;
            seen = now;
        }

        return (seen.Count, 100.0 * seen.Count(a => a.Release == of) / seen.Count);
    }

    /// <summary>Ends them. No connection was refused or broken, and whoever keeps cookies changed only in this order of releases.</summary>
    public async Task<IReadOnlyList<Answer>> Stop(params ReleaseId[] order)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        Assert.Empty(_failures);
        foreach (var visitor in Answers.Where(a => a.Connection < WithCookies).GroupBy(a => a.Connection))
        {
            List<ReleaseId> met = [];
            foreach (var answer in visitor)
                if (met.Count == 0 || met[^1] != answer.Release) met.Add(answer.Release);
            var (from, rest) = (0, order.ToList());
            Assert.All(met, release =>
            {
                from = rest.IndexOf(release, from);
                Assert.True(from >= 0, $"visitor {visitor.Key} met {string.Join(", ", met)}");
            });
        }

        return Answers;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    private async Task Loop(int connection)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1, UseCookies = connection < WithCookies })
        { BaseAddress = _address, Timeout = TimeSpan.FromMinutes(1) };
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var answer = await client.GetAsync(new Uri("/work", UriKind.Relative), CancellationToken.None);
                var release = (await answer.Content.ReadAsStringAsync(CancellationToken.None)).Split(' ')[0];
                _answers.Enqueue(new(connection, ReleaseId.Parse(release), (int)answer.StatusCode));
                await Task.Delay(Pace, CancellationToken.None);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException or ProblemException)
            {
                _failures.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{connection}: {failure.Message}"));
            }
        }
    }

    /// <summary>One answer.</summary>
    internal sealed record Answer(int Connection, ReleaseId Release, int Status);
}
