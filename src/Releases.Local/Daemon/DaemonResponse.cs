using System.Net;
using System.Net.Http.Json;

namespace Releases.Local;

/// <summary>Turns unsuccessful responses of the daemon into problems. Every response carries the daemon's version.</summary>
internal static class DaemonResponse
{
    /// <summary>Fails with the problem that the daemon reports, or with <see cref="ProblemCode.Daemon"/>.</summary>
    public static async Task Require(HttpResponseMessage answer, LocalHome home, CancellationToken cancel)
    {
        if (answer.IsSuccessStatusCode) return;
        if (answer.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            var problems = await answer.Content.ReadFromJsonAsync(DaemonMessages.Default.IReadOnlyListDaemonProblem, cancel);
            throw new ProblemException([.. problems!.Select(p => p.ToProblem())]);
        }

        var daemon = answer.Headers.Server.FirstOrDefault()?.Product?.Version;
        throw (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest && daemon is not null && daemon != ToolVersion.Text
            ? NotKnown(daemon)
            : Unexpected(answer, home)).ToException();
    }

    /// <summary>Returns how to update the older of the tool and the daemon.</summary>
    private static Remedy Update(string daemon) => ToolVersion.IsBelow(daemon)
        ? "Update this tool: dotnet tool update dotnet-convox"
        : Remedy.Do(Operation.RestartRack, "Restart the daemon with this version");

    /// <summary>The daemon is of another version and doesn't know a request, or a part of it.</summary>
    public static Problem NotKnown(string daemon) => new(
        ProblemCode.Daemon, $"the daemon ({daemon}) doesn't know this request of the tool ({ToolVersion.Text}).",
        Update(daemon), Unchanged: Problem.NothingChanged);

    private static Problem Unexpected(HttpResponseMessage answer, LocalHome home)
    {
        var answered = $"the daemon answered {(int)answer.StatusCode} to {answer.RequestMessage?.RequestUri?.AbsolutePath}";
        var restart = Remedy.Do(Operation.RestartRack, $"The reason is in {home.DaemonLog}. Restart the daemon");
        // A request for a change may have failed after the change was stored.
        return answer.RequestMessage?.Method == HttpMethod.Get
            ? new(ProblemCode.Daemon, $"{answered}.", restart, Unchanged: Problem.NothingChanged)
            : new(
                ProblemCode.Daemon, $"{answered}. The change may or may not have been made.",
                Remedy.Do(Operation.WatchPromotion, "See the running promotion").Or(restart));
    }
}
