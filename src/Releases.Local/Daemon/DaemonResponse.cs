using System.Net;
using System.Net.Http.Json;

namespace Releases.Local;

/// <summary>What an answer of the daemon means that is not the one asked for. Every answer carries the daemon's version.</summary>
internal static class DaemonResponse
{
    /// <summary>Fails with the problem that the daemon tells, or with <see cref="ProblemCode.Daemon"/>.</summary>
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

    /// <summary>How the older one of tool and daemon is brought up to date.</summary>
    private static string Update(string daemon) => ToolVersion.IsBelow(daemon)
        ? "Update this tool with: dotnet tool update dotnet-convox"
        : "Replace the daemon by one of this version with: dotnet convox rack restart";

    private static Problem NotKnown(string daemon) => new(
        ProblemCode.Daemon, $"The daemon is {daemon} and does not know what this tool, {ToolVersion.Text}, asks of it; nothing was changed, and what runs goes on.",
        Update(daemon));

    private static Problem Unexpected(HttpResponseMessage answer, LocalHome home)
    {
        var said = $"The daemon answered {(int)answer.StatusCode} to {answer.RequestMessage?.RequestUri?.AbsolutePath}";
        var why = $"see why in {home.DaemonLog}; start it afresh with: dotnet convox rack restart";
        // What asks for a change may have failed after the change was written.
        return answer.RequestMessage?.Method == HttpMethod.Get
            ? new(ProblemCode.Daemon, $"{said}; nothing that runs was changed by this request.", $"S{why[1..]}")
            : new(ProblemCode.Daemon, $"{said}; whether it did what it was asked for is not known.", $"See what is promoted with: dotnet convox watch; {why}");
    }
}
