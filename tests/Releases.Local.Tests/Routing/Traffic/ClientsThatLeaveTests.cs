using System.Net.Sockets;
using Releases.Testing;
using Xunit;

namespace Releases.Local.Tests;

/// <summary>A client may end an exchange in any way and at any moment of it; the process hasn't failed for that.</summary>
public sealed class ClientsThatLeaveTests
{
    /// <summary>The client's end may meet the process's, so one exchange of each kind wouldn't show much.</summary>
    private const int Times = 5;

    private const int NoError = 0;
    private const int InternalError = 2;
    private const int Cancel = 8;

    private enum Moment
    {
        WithHead,
        AfterHead,
        InBody,
        WithEnd,
        AfterEnd,
        InAnswer,
        InAnswerWithEnd,
    }

    private enum End
    {
        Reset,
        Cancel,
        Error,
        GoAway,
        Close,
        Abort,
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_exchange_of_http_2_that_its_client_ends_is_no_failure(bool isProcessHttp2)
    {
        await using var web = await SampleProcess.Start(isProcessHttp2 ? [("HTTP2", "1")] : []);
        await using var running = await RunningRouter.Start(web.Target);
        var traffic = web.Target.Traffic;
        var failed = new List<string>();
        // Over HTTP/1 the handler waits for the end of the request before it reads the answer.
        foreach (var moment in Enum.GetValues<Moment>().Where(m => isProcessHttp2 || m < Moment.InAnswer))
            foreach (var end in Enum.GetValues<End>())
            {
                var before = traffic.Read();
                for (var i = 0; i < Times; i++)
                {
                    using var client = await RawHttp2Client.To(running.Port);
                    await Until(client, moment, traffic);
                    await Leave(client, end);
                }

                await Patience.Until(() => web.Target.InFlight == 0);
                var counted = traffic.Read().Since(before);
                if (counted.Failed > 0) failed.Add($"{moment}, {end}: {counted.Failed} of {counted.Requests}");
            }

        await running.Router.Stop(CancellationToken.None);
        Assert.Empty(failed);
        Assert.Equal(0, traffic.Read().Failed);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public async Task An_exchange_of_http_1_that_its_client_ends_is_no_failure(int? loops)
    {
        await using var pair = await RawPair.Start(loops: loops);
        var target = pair.Server.Target;
        var failed = new List<string>();
        foreach (var request in (string[])["GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"])
            foreach (var answer in (string[])["", "HTTP/1.1 200 OK\r\nX-Half", "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nhalf"])
                foreach (var end in (string[])["close", "half-close", "abort", "malformed"])
                {
                    var before = target.Traffic.Read().Failed;
                    var answered = IsAnsweredBy(pair, answer);
                    using var client = await pair.Connect();
                    await client.Send(request + "Host: hello.localhost\r\n\r\n");
                    await answered;
                    if (answer.EndsWith("half", StringComparison.Ordinal)) await client.Head();
                    if (end == "half-close") client.Socket.Shutdown(SocketShutdown.Send);
                    else if (end == "malformed" && request.StartsWith("POST", StringComparison.Ordinal)) await client.Send("nothing\r\n");
                    else client.Close(abruptly: end == "abort");
                    await Patience.Until(() => target.InFlight == 0);
                    if (target.Traffic.Read().Failed > before) failed.Add($"{end} of {request} at {answer}");
                }

        await pair.Router.Router.Stop(CancellationToken.None);
        Assert.Empty(failed);
        Assert.Equal(0, target.Traffic.Read().Failed);
    }

    /// <summary>Has the process send this, and then wait for the connection's end. Returns a task that completes when it is sent.</summary>
    private static Task IsAnsweredBy(RawPair pair, string answer)
    {
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pair.Server.Plays(async connection =>
        {
            await connection.Head();
            await connection.Send(answer);
            sent.TrySetResult();
            await connection.ToTheEnd();
            return false;
        });
        return sent.Task;
    }

    private static async Task Until(RawHttp2Client client, Moment moment, ReleaseTraffic traffic)
    {
        var before = traffic.Read().Requests;
        client.Head("/echo");
        if (moment >= Moment.InBody) client.Body("hello");
        if (moment is Moment.WithEnd or Moment.AfterEnd) client.End();
        if (moment is Moment.WithHead or Moment.WithEnd) return;
        await client.Send();
        await Patience.Until(() => traffic.Read().Requests > before);
        if (moment >= Moment.InAnswer) await client.ReadBody();
        if (moment == Moment.InAnswerWithEnd) client.End();
    }

    private static async Task Leave(RawHttp2Client client, End end)
    {
        switch (end)
        {
            case End.Reset: client.ResetWith(NoError); break;
            case End.Cancel: client.ResetWith(Cancel); break;
            case End.Error: client.ResetWith(InternalError); break;
            case End.GoAway: client.Leave(); break;
        }

        await client.Send();
        if (end >= End.GoAway) client.Close(abruptly: end == End.Abort);
        else await client.WaitUntilRead();
    }
}
